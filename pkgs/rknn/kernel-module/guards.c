// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rockchip's rknpu driver believes what user space tells it. Here is what stands between them: each
 * ioctl, and each import of a foreign buffer, is checked on the kernel's copy of its arguments
 * before the driver sees it. Faults answered here (others in the files that check):
 *
 *   ACTION GET_VOLT       NULL dereference where the node has no rknpu-supply
 *   ACTION SET_PROC_NICE  raises the caller's priority without asking whether it may
 *   ACTION ACT_RESET      stops the jobs of everybody else, as a job that times out still does
 *   ACTION SET_FREQ/VOLT  unused in this version, without limits wherever it was used
 *   any ioctl             the nodes are there before the state that they work on
 *   DUMB_CREATE           allocates past these checks; there is no display
 *
 * It cannot guard against the NPU itself: without an IOMMU a job reads and writes all of memory.
 */
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/sched/signal.h>

#include <drm/drm_prime.h>

#include "inside.h"

static const struct drm_ioctl_desc *driver_ioctls;
static typeof_member(struct drm_driver, gem_prime_import_sg_table) driver_import;

struct rknpu_device *rknpu_ready(struct drm_device *drm)
{
	struct rknpu_device *npu = dev_get_drvdata(drm->dev);

	if (!npu)
		return ERR_PTR(-ENODEV);
	/* The last step of the driver's probe sets the timer's period. */
	return READ_ONCE(npu->kt) ? npu : ERR_PTR(-EAGAIN);
}

int rknpu_pass(unsigned int number, struct drm_device *drm, void *data, struct drm_file *file)
{
	return driver_ioctls[number].func(drm, data, file);
}

static bool may_be_as_nice(s32 nice)
{
	if (nice >= task_nice(current) || nice < MIN_NICE)
		return true;
	return nice_to_rlimit(nice) <= rlimit(RLIMIT_NICE) || capable(CAP_SYS_NICE);
}

static int guarded_action(struct drm_device *drm, void *data, struct drm_file *file)
{
	const struct rknpu_device *npu = rknpu_ready(drm);
	const struct rknpu_action *args = data;

	if (IS_ERR(npu))
		return PTR_ERR(npu);
	switch (args->flags) {
	case RKNPU_GET_VOLT:
		if (!npu->vdd)
			return -ENODEV;
		break;
	case RKNPU_SET_FREQ:
	case RKNPU_SET_VOLT:
		return -EINVAL;
	case RKNPU_SET_PROC_NICE:
		/* librknnrt asks for -19 at each start, and does not need it. */
		if (!may_be_as_nice((s32)args->value))
			return 0;
		break;
	case RKNPU_ACT_RESET:
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		break;
	}
	return rknpu_pass(RKNPU_ACTION, drm, data, file);
}

static const struct {
	unsigned int cmd;
	drm_ioctl_t *func;
} guards[] = {
	[RKNPU_ACTION] = { DRM_IOCTL_RKNPU_ACTION, guarded_action },
	[RKNPU_SUBMIT] = { DRM_IOCTL_RKNPU_SUBMIT, rknpu_guarded_submit },
	[RKNPU_MEM_CREATE] = { DRM_IOCTL_RKNPU_MEM_CREATE, rknpu_guarded_create },
	[RKNPU_MEM_MAP] = { DRM_IOCTL_RKNPU_MEM_MAP, rknpu_guarded_map },
	[RKNPU_MEM_DESTROY] = { DRM_IOCTL_RKNPU_MEM_DESTROY, rknpu_guarded_destroy },
	[RKNPU_MEM_SYNC] = { DRM_IOCTL_RKNPU_MEM_SYNC, rknpu_guarded_sync },
};

static struct drm_ioctl_desc guarded_ioctls[ARRAY_SIZE(guards)];

static struct drm_gem_object *guarded_import(struct drm_device *drm,
					     struct dma_buf_attachment *attachment,
					     struct sg_table *sgt)
{
	int err = rknpu_check_import(drm, attachment->dmabuf->size, sgt);

	return err ? ERR_PTR(err) : driver_import(drm, attachment, sgt);
}

static int guard_driver(struct drm_driver *driver, struct device *parent)
{
	int i;

	if (driver->ioctls == guarded_ioctls)
		return 0;
	if (driver->num_ioctls != ARRAY_SIZE(guards)) {
		dev_err(parent, "%d ioctls, of which %zu are guarded\n", driver->num_ioctls,
			ARRAY_SIZE(guards));
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(guards); i++) {
		guarded_ioctls[i] = driver->ioctls[i];
		if (guarded_ioctls[i].cmd != guards[i].cmd) {
			dev_err(parent, "ioctl %d is %#x instead of %#x\n", i,
				guarded_ioctls[i].cmd, guards[i].cmd);
			return -EINVAL;
		}
		guarded_ioctls[i].func = guards[i].func;
	}
	driver_ioctls = driver->ioctls;
	driver->ioctls = guarded_ioctls;
	driver_import = driver->gem_prime_import_sg_table;
	driver->gem_prime_import_sg_table = guarded_import;
	driver->dumb_create = NULL;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	/* "BUG: the value to copy was not set!", at the first DRM_IOCTL_VERSION. */
	driver->date = DRIVER_DATE;
#endif
	return 0;
}

struct drm_device *rknpu_guarded_alloc(struct drm_driver *driver, struct device *parent)
{
	struct rknpu_device *npu = dev_get_drvdata(parent);
	int err = guard_driver(driver, parent);
	struct drm_device *drm;

	if (err)
		return ERR_PTR(err);
	if (!npu->iommu_en)
		dev_warn(parent, "no IOMMU: whoever may use the NPU reaches all of memory\n");
	drm = (drm_dev_alloc)(driver, parent);
	/* The driver sets it only after the nodes are there. */
	if (!IS_ERR(drm))
		drm->dev_private = npu;
	return drm;
}
