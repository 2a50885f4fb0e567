/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef STANDIN_GEM_H
#define STANDIN_GEM_H

#include <drm/drm_gem.h>
#include <linux/scatterlist.h>

struct rknpu_gem_object {
	struct drm_gem_object base;
	unsigned long size, sram_size;
	dma_addr_t dma_addr;
	void *kv_addr, *memory;
	unsigned long num_pages;
	struct sg_table *sgt;
};

#define to_rknpu_obj(object) container_of(object, struct rknpu_gem_object, base)

#endif
