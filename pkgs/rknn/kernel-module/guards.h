/* SPDX-License-Identifier: GPL-2.0-only */
/* Included before each of the driver's files: where it leaves its own code, it meets ours. */
#ifndef RKNPU_GUARDS_H
#define RKNPU_GUARDS_H

#include <linux/dma-mapping.h>
#include <linux/platform_device.h>
#include <linux/regulator/consumer.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem.h>

struct rknpu_job;

struct drm_device *rknpu_guarded_alloc(struct drm_driver *driver, struct device *parent);
void rknpu_guarded_job_free(struct rknpu_job *job);

/* GET_VOLT and debugfs' volt ask it of a regulator that the device tree need not name. */
static inline int rknpu_guarded_voltage(struct regulator *regulator)
{
	return regulator ? regulator_get_voltage(regulator) : -ENODEV;
}

/* Unbound through sysfs, the driver frees what open nodes still use; a supplier's end remains. */
static inline int rknpu_guarded_register(struct platform_driver *driver)
{
	driver->driver.suppress_bind_attrs = true;
	return platform_driver_register(driver);
}

/*
 * Any user can ask for more than there is in one piece: "WARNING: mm/page_alloc.c". Where there is
 * an IOMMU the driver then takes pieces, which it frees as if they were shmem's.
 */
static inline void *rknpu_guarded_dma_alloc(struct device *dev, size_t size, dma_addr_t *address,
					    gfp_t gfp, unsigned long attrs)
{
	if (!(attrs & DMA_ATTR_FORCE_CONTIGUOUS))
		return NULL;
	return dma_alloc_attrs(dev, size, address, gfp | __GFP_NOWARN, attrs);
}

/* Our own files write (kfree)(memory) where they mean the kernel's. */
#define drm_dev_alloc(driver, parent) rknpu_guarded_alloc(driver, parent)
#define regulator_get_voltage(regulator) rknpu_guarded_voltage(regulator)
#undef platform_driver_register
#define platform_driver_register(driver) rknpu_guarded_register(driver)

/* With it the kernel hands out memory as it is, with what others left there. */
#undef DMA_ATTR_NO_KERNEL_MAPPING
#define DMA_ATTR_NO_KERNEL_MAPPING 0

#define dma_alloc_attrs(dev, size, address, gfp, attrs) \
	rknpu_guarded_dma_alloc(dev, size, address, gfp, attrs)

/* Called where mmap fails, it drops a reference that the kernel drops as well. */
#define drm_gem_vm_close(vma) do { } while (0)

/* A job may be freed while it is queued, or while an interrupt handler works on it. */
#define kfree(memory) _Generic((memory), \
	struct rknpu_job *: rknpu_guarded_job_free, default: kfree)(memory)

#endif
