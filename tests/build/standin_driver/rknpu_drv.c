// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for Rockchip's driver where its source can't be had: binds to the node, reads the
 * version from its registers, and keeps buffers. A job ends as on an NPU that does not answer. The
 * guards around it are those of the real one.
 */
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sched.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "rknpu_drv.h"
#include "rknpu_gem.h"
#include "rknpu_ioctl.h"

static const struct rknpu_config rk3588 = { .core_mask = 7, .num_irqs = CORES };

static int standin_action(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_device *npu = dev_get_drvdata(drm->dev);
	struct rknpu_action *args = data;

	switch (args->flags) {
	case RKNPU_GET_HW_VERSION:
		args->value = readl(npu->base) + (readl(npu->base + 4) & 0xffff);
		return 0;
	case RKNPU_GET_DRV_VERSION:
		args->value = 908;
		return 0;
	case RKNPU_GET_VOLT:
		args->value = regulator_get_voltage(npu->vdd);
		return 0;
	case RKNPU_SET_PROC_NICE:
		set_user_nice(current, (int)args->value);
		return 0;
	}
	return -EINVAL;
}

static int standin_submit(struct drm_device *drm, void *data, struct drm_file *file)
{
	return -ETIMEDOUT;
}

static int standin_sync(struct drm_device *drm, void *data, struct drm_file *file)
{
	return 0;
}

static int buffer_mmap(struct drm_gem_object *object, struct vm_area_struct *vma)
{
	struct rknpu_gem_object *buffer = to_rknpu_obj(object);
	unsigned long pfn = virt_to_phys(buffer->memory) >> PAGE_SHIFT;

	return remap_pfn_range(vma, vma->vm_start, pfn, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static void buffer_free(struct drm_gem_object *object)
{
	struct rknpu_gem_object *buffer = to_rknpu_obj(object);

	drm_gem_object_release(object);
	free_pages_exact(buffer->memory, buffer->size);
	kfree(buffer);
}

static const struct vm_operations_struct buffer_vm_ops = {
	.open = drm_gem_vm_open,
	.close = (drm_gem_vm_close),
};

static const struct drm_gem_object_funcs buffer_funcs = {
	.free = buffer_free,
	.mmap = buffer_mmap,
	.vm_ops = &buffer_vm_ops,
};

static int standin_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_mem_create *args = data;
	struct rknpu_gem_object *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	int err;

	if (!buffer)
		return -ENOMEM;
	buffer->size = PAGE_ALIGN(args->size);
	buffer->memory = alloc_pages_exact(buffer->size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	if (!buffer->memory) {
		kfree(buffer);
		return -ENOMEM;
	}
	if (args->flags & RKNPU_MEM_KERNEL_MAPPING)
		buffer->kv_addr = buffer->memory;
	buffer->dma_addr = virt_to_phys(buffer->memory);
	buffer->base.funcs = &buffer_funcs;
	drm_gem_private_object_init(drm, &buffer->base, buffer->size);
	err = drm_gem_handle_create(file, &buffer->base, &args->handle);
	drm_gem_object_put(&buffer->base);
	return err;
}

static int standin_map(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_mem_map *args = data;

	return drm_gem_dumb_map_offset(file, drm, args->handle, &args->offset);
}

static int standin_destroy(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_mem_destroy *args = data;

	return drm_gem_handle_delete(file, args->handle);
}

#define REQUEST(number, function) [number] = { \
	.cmd = DRM_IOCTL_##number, .func = function, .flags = DRM_RENDER_ALLOW, .name = #number }

static const struct drm_ioctl_desc standin_ioctls[] = {
	REQUEST(RKNPU_ACTION, standin_action),
	REQUEST(RKNPU_SUBMIT, standin_submit),
	REQUEST(RKNPU_MEM_CREATE, standin_create),
	REQUEST(RKNPU_MEM_MAP, standin_map),
	REQUEST(RKNPU_MEM_DESTROY, standin_destroy),
	REQUEST(RKNPU_MEM_SYNC, standin_sync),
};

DEFINE_DRM_GEM_FOPS(standin_fops);

static struct drm_driver standin_drm = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &standin_fops,
	.ioctls = standin_ioctls,
	.num_ioctls = ARRAY_SIZE(standin_ioctls),
	.name = "rknpu",
	.desc = "stand-in for the NPU's driver",
	.major = 0,
	.minor = 9,
	.patchlevel = 8,
};

static int standin_probe(struct platform_device *pdev)
{
	struct rknpu_device *npu = devm_kzalloc(&pdev->dev, sizeof(*npu), GFP_KERNEL);
	int core, err;

	if (!npu)
		return -ENOMEM;
	npu->config = &rk3588;
	npu->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(npu->base))
		return PTR_ERR(npu->base);
	npu->vdd = devm_regulator_get_optional(&pdev->dev, "rknpu");
	if (IS_ERR(npu->vdd))
		npu->vdd = NULL;
	spin_lock_init(&npu->irq_lock);
	for (core = 0; core < CORES; core++)
		INIT_LIST_HEAD(&npu->subcore_datas[core].todo_list);
	platform_set_drvdata(pdev, npu);
	npu->drm = drm_dev_alloc(&standin_drm, &pdev->dev);
	if (IS_ERR(npu->drm))
		return PTR_ERR(npu->drm);
	err = drm_dev_register(npu->drm, 0);
	if (err)
		drm_dev_put(npu->drm);
	else
		npu->kt = ms_to_ktime(1000);
	return err;
}

static void standin_remove(struct platform_device *pdev)
{
	struct rknpu_device *npu = platform_get_drvdata(pdev);

	drm_dev_unregister(npu->drm);
	drm_dev_put(npu->drm);
}

static const struct of_device_id standin_match[] = {
	{ .compatible = "rockchip,rk3588-rknpu" },
	{ }
};
MODULE_DEVICE_TABLE(of, standin_match);

static struct platform_driver standin_driver = {
	.probe = standin_probe,
	.remove = standin_remove,
	.driver = {
		.name = "RKNPU",
		.of_match_table = standin_match,
	},
};

static int __init standin_init(void)
{
	return platform_driver_register(&standin_driver);
}
module_init(standin_init);

static void __exit standin_exit(void)
{
	platform_driver_unregister(&standin_driver);
}
module_exit(standin_exit);

MODULE_DESCRIPTION("Stand-in for the NPU's driver");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.9.8");
