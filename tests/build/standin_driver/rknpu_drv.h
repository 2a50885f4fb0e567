/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's state, as far as the guards look at it. */
#ifndef STANDIN_DRV_H
#define STANDIN_DRV_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#define DRIVER_DATE "20240828"
#define CORES 3

enum {
	RKNPU_CORE_AUTO_MASK = 0,
	RKNPU_CORE0_MASK = 1,
	RKNPU_CORE1_MASK = 2,
	RKNPU_CORE2_MASK = 4,
};

struct rknpu_job {
	struct rknpu_device *rknpu_dev;
	struct list_head head[CORES];
	int ret;
};

struct rknpu_device {
	const struct rknpu_config {
		__u32 core_mask;
		int num_irqs;
	} *config;
	void __iomem *base;
	struct regulator *vdd;
	struct drm_device *drm;
	bool iommu_en;
	spinlock_t irq_lock;
	struct rknpu_subcore_data {
		struct rknpu_job *job;
		struct list_head todo_list;
		__s64 task_num;
	} subcore_datas[CORES];
	ktime_t kt;
};

#endif
