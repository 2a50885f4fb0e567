/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver expects of a kernel, for those that are older: 6.12 has the oldest of these. */
#ifndef RKNPU_COMPAT_H
#define RKNPU_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void rknpu_hrtimer_setup(struct hrtimer *timer,
				       enum hrtimer_restart (*function)(struct hrtimer *),
				       clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#define hrtimer_setup rknpu_hrtimer_setup

/* It took a bare word, and made a namespace with quotation marks in its name of a string. */
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(name) MODULE_INFO(import_ns, name)
#endif

/* Gone since 6.17, and a plain number takes its place. */
#if __has_include(<linux/pfn_t.h>)
#include <linux/pfn_t.h>
static inline vm_fault_t rknpu_insert_mixed(struct vm_area_struct *vma, unsigned long address,
					    unsigned long pfn)
{
	return vmf_insert_mixed(vma, address, __pfn_to_pfn_t(pfn, 0));
}
#define vmf_insert_mixed rknpu_insert_mixed
#endif

#endif
