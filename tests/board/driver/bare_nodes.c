// SPDX-License-Identifier: GPL-2.0
/* Nodes with nothing behind them: what udev and the eye see of a DMA heap, and of rocket. */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "bare_nodes.h"

struct bare_node {
	const char *subsystem, *name;
	/* Name of a platform device to hang below, which no driver is bound to; may be NULL. */
	const char *parent;
	struct platform_device *pdev;
	struct class *class;
	dev_t number;
	bool made;
};

static struct bare_node heap_node = { .subsystem = "dma_heap", .name = "system" };
static struct bare_node accel_node = { .subsystem = "accel", .name = "accel0", .parent = "rknn" };

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define DEVNODE_CONST
#else
#define DEVNODE_CONST const
#endif

static char *in_subsystems_folder(DEVNODE_CONST struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "%s/%s", dev->class->name, dev_name(dev));
}

static void bare_node_remove(struct bare_node *node)
{
	if (node->made)
		device_destroy(node->class, node->number);
	if (node->class)
		class_destroy(node->class);
	if (node->pdev)
		platform_device_unregister(node->pdev);
	if (node->number)
		unregister_chrdev_region(node->number, 1);
	node->made = false;
	node->class = NULL;
	node->pdev = NULL;
	node->number = 0;
}

static int bare_node_add(struct bare_node *node)
{
	struct platform_device *pdev;
	struct class *class;
	struct device *dev;
	int err = alloc_chrdev_region(&node->number, 0, 1, node->subsystem);

	if (err)
		return err;
	if (node->parent) {
		pdev = platform_device_register_simple(node->parent, PLATFORM_DEVID_NONE, NULL, 0);
		if (IS_ERR(pdev))
			return PTR_ERR(pdev);
		node->pdev = pdev;
	}
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	class = class_create(THIS_MODULE, node->subsystem);
#else
	class = class_create(node->subsystem);
#endif
	if (IS_ERR(class))
		return PTR_ERR(class);
	node->class = class;
	class->devnode = in_subsystems_folder;
	dev = device_create(class, node->pdev ? &node->pdev->dev : NULL, node->number, NULL, "%s",
			    node->name);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	node->made = true;
	return 0;
}

void bare_nodes_remove(void)
{
	bare_node_remove(&heap_node);
	bare_node_remove(&accel_node);
}

int bare_nodes_add(bool heap, bool accel)
{
	int err = heap ? bare_node_add(&heap_node) : 0;

	if (!err && accel)
		err = bare_node_add(&accel_node);
	if (err)
		bare_nodes_remove();
	return err;
}
