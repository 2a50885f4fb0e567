// SPDX-License-Identifier: GPL-2.0
/*
 * A pretend NPU driver for the emulated board: it has the names, nodes, version answers and debugfs
 * files of Rockchip's rknpu driver and no hardware behind them. Linux 6.1 and later.
 *
 * mode=drm   /dev/dri/cardN and renderDN, as CONFIG_ROCKCHIP_RKNPU_DRM_GEM makes them
 * mode=misc  /dev/rknpu, as CONFIG_ROCKCHIP_RKNPU_DMA_HEAP makes it
 * heap=1     /dev/dma_heap/system as well, as CONFIG_DMABUF_HEAPS_SYSTEM makes it
 * accel=1    /dev/accel/accel0 as well, as mainline's rocket makes it
 * device=1   the NPU itself, for machines whose device tree has none
 */
#include <linux/debugfs.h>
#include <linux/miscdevice.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "bare_nodes.h"

#define CORES 3

static char *driver_version = "0.9.8";
module_param(driver_version, charp, 0444);
MODULE_PARM_DESC(driver_version, "version to report, as major.minor.patch");

static uint hw_version = 0x46495245;
module_param(hw_version, uint, 0444);
MODULE_PARM_DESC(hw_version, "what the NPU's version register reads; the default is RK3588's");

static char *mode = "drm";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "drm or misc: which nodes to make");

static bool heap;
module_param(heap, bool, 0444);
MODULE_PARM_DESC(heap, "whether to make a node of a DMA heap");

static bool accel;
module_param(accel, bool, 0444);
MODULE_PARM_DESC(accel, "whether to make a node like rocket's");

static bool device;
module_param(device, bool, 0444);
MODULE_PARM_DESC(device, "whether to bring the NPU that no device tree describes");

static uint load[CORES];
module_param_array(load, uint, NULL, 0644);
MODULE_PARM_DESC(load, "per cent that debugfs reports for each core");

static bool power;
module_param(power, bool, 0644);
MODULE_PARM_DESC(power, "whether debugfs reports the NPU as powered");

static ulong freq = 1000000000;
module_param(freq, ulong, 0644);
MODULE_PARM_DESC(freq, "clock in Hz that debugfs reports");

static uint major, minor, patch;

/* The one request answered: what the hardware and the driver are. */
struct npu_action {
	__u32 flags;
	__u32 value;
};

enum { GET_HW_VERSION = 0, GET_DRV_VERSION = 1 };

#define NR_ACTION 0x00

static int npu_action(struct npu_action *action)
{
	switch (action->flags) {
	case GET_HW_VERSION:
		action->value = hw_version;
		return 0;
	case GET_DRV_VERSION:
		action->value = major * 10000 + minor * 100 + patch;
		return 0;
	default:
		return -EINVAL;
	}
}

/* DRM nodes */

static int npu_drm_action(struct drm_device *drm, void *data, struct drm_file *file)
{
	return npu_action(data);
}

#define DRM_IOCTL_NPU_ACTION DRM_IOWR(DRM_COMMAND_BASE + NR_ACTION, struct npu_action)

static const struct drm_ioctl_desc npu_drm_ioctls[] = {
	[NR_ACTION] = {
		.cmd = DRM_IOCTL_NPU_ACTION,
		.func = npu_drm_action,
		.flags = DRM_RENDER_ALLOW,
		.name = "NPU_ACTION",
	},
};

DEFINE_DRM_GEM_FOPS(npu_drm_fops);

static struct drm_driver npu_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &npu_drm_fops,
	.ioctls = npu_drm_ioctls,
	.num_ioctls = ARRAY_SIZE(npu_drm_ioctls),
	.name = "rknpu",
	.desc = "pretend NPU driver",
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	.date = "20240828",
#endif
};

static int npu_drm_add(struct platform_device *pdev)
{
	struct drm_device *drm;
	int err;

	npu_drm_driver.major = major;
	npu_drm_driver.minor = minor;
	npu_drm_driver.patchlevel = patch;
	drm = drm_dev_alloc(&npu_drm_driver, &pdev->dev);
	if (IS_ERR(drm))
		return PTR_ERR(drm);
	err = drm_dev_register(drm, 0);
	if (err) {
		drm_dev_put(drm);
		return err;
	}
	platform_set_drvdata(pdev, drm);
	return 0;
}

/* Misc node */

static long npu_misc_ioctl(struct file *file, unsigned int request, unsigned long arg)
{
	struct npu_action action;
	int err;

	if (request != _IOWR('r', NR_ACTION, struct npu_action))
		return -EINVAL;
	if (copy_from_user(&action, (void __user *)arg, sizeof(action)))
		return -EFAULT;
	err = npu_action(&action);
	if (err)
		return err;
	return copy_to_user((void __user *)arg, &action, sizeof(action)) ? -EFAULT : 0;
}

static const struct file_operations npu_misc_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = npu_misc_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/* Without a parent, as in the vendor's driver. */
static struct miscdevice npu_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "rknpu",
	.fops = &npu_misc_fops,
};

/* debugfs */

static int version_show(struct seq_file *file, void *unused)
{
	seq_printf(file, "RKNPU driver: v%u.%u.%u\n", major, minor, patch);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(version);

static int load_show(struct seq_file *file, void *unused)
{
	int core;

	seq_puts(file, "NPU load: ");
	for (core = 0; core < CORES; core++)
		seq_printf(file, " Core%d: %2u%%,", core, load[core]);
	seq_puts(file, "\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(load);

static int power_show(struct seq_file *file, void *unused)
{
	seq_puts(file, power ? "on\n" : "off\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(power);

static int freq_show(struct seq_file *file, void *unused)
{
	seq_printf(file, "%lu\n", freq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(freq);

static struct dentry *npu_debugfs;

static void npu_debugfs_add(void)
{
	npu_debugfs = debugfs_create_dir("rknpu", NULL);
	debugfs_create_file("version", 0444, npu_debugfs, NULL, &version_fops);
	debugfs_create_file("load", 0444, npu_debugfs, NULL, &load_fops);
	debugfs_create_file("power", 0444, npu_debugfs, NULL, &power_fops);
	debugfs_create_file("freq", 0444, npu_debugfs, NULL, &freq_fops);
}

/* Platform driver */

static bool is_misc(void)
{
	return !strcmp(mode, "misc");
}

static int npu_probe(struct platform_device *pdev)
{
	int err = is_misc() ? misc_register(&npu_misc) : npu_drm_add(pdev);

	if (!err)
		npu_debugfs_add();
	return err;
}

static void npu_forget(struct platform_device *pdev)
{
	struct drm_device *drm = platform_get_drvdata(pdev);

	debugfs_remove_recursive(npu_debugfs);
	if (is_misc()) {
		misc_deregister(&npu_misc);
	} else {
		drm_dev_unregister(drm);
		drm_dev_put(drm);
	}
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int npu_remove(struct platform_device *pdev)
{
	npu_forget(pdev);
	return 0;
}
#else
#define npu_remove npu_forget
#endif

static const struct of_device_id npu_of_match[] = {
	{ .compatible = "rockchip,rk3588-rknpu" },
	{ }
};
MODULE_DEVICE_TABLE(of, npu_of_match);

static struct platform_driver npu_driver = {
	.probe = npu_probe,
	.remove = npu_remove,
	.driver = {
		.name = "RKNPU",
		.of_match_table = npu_of_match,
	},
};

static struct platform_device *npu_device;

static int npu_driver_add(void)
{
	int err = platform_driver_register(&npu_driver);

	if (err || !device)
		return err;
	npu_device = platform_device_register_simple(npu_driver.driver.name, PLATFORM_DEVID_NONE,
						     NULL, 0);
	err = PTR_ERR_OR_ZERO(npu_device);
	if (err)
		platform_driver_unregister(&npu_driver);
	return err;
}

static int __init npu_init(void)
{
	char *version;
	int err;

	if (!is_misc() && strcmp(mode, "drm")) {
		pr_err("rknpu: mode=%s: must be drm or misc\n", mode);
		return -EINVAL;
	}
	if (sscanf(driver_version, "%u.%u.%u", &major, &minor, &patch) != 3) {
		pr_err("rknpu: driver_version=%s: must be major.minor.patch\n", driver_version);
		return -EINVAL;
	}
	/* /sys/module/rknpu/version shows this string; the module loader frees it. */
	version = kstrdup(driver_version, GFP_KERNEL);
	if (!version)
		return -ENOMEM;
	kfree(THIS_MODULE->version);
	THIS_MODULE->version = version;
	err = bare_nodes_add(heap, accel);
	if (err)
		return err;
	err = npu_driver_add();
	if (err)
		bare_nodes_remove();
	return err;
}
module_init(npu_init);

static void __exit npu_exit(void)
{
	if (device)
		platform_device_unregister(npu_device);
	platform_driver_unregister(&npu_driver);
	bare_nodes_remove();
}
module_exit(npu_exit);

MODULE_DESCRIPTION("Pretend NPU driver for an emulated RK3588 board");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.9.8");
