// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls on buffers. Faults of the driver answered here:
 *
 *   MEM_CREATE   a size that wraps to 0 when it is rounded makes a buffer without memory; one
 *                beyond all memory takes gigabytes for its list of pages; a buffer that another
 *                thread closes meanwhile is read after it is freed, and that goes to user space;
 *                more than there is in one piece prints a warning, or is freed wrongly
 *   MEM_DESTROY  reads a buffer after it let go of it
 *   MEM_SYNC     takes a kernel address from user space; throws away what the caches hold of any
 *                memory, because offset and size may lie outside the buffer; leaves out the end of
 *                a buffer whose pieces the IOMMU joined
 *   import       BUG() at a size that is no multiple of a page; of a buffer in several pieces the
 *                NPU is given the address of the first, and writes past its end
 */
#include <linux/idr.h>
#include <linux/mm.h>

#include <drm/drm_prime.h>

#include "inside.h"

struct rknpu_gem_object *rknpu_owned(struct drm_file *file, u64 address)
{
	struct drm_gem_object *object;
	int handle;

	spin_lock(&file->table_lock);
	idr_for_each_entry(&file->object_idr, object, handle) {
		if ((uintptr_t)to_rknpu_obj(object) == address) {
			drm_gem_object_get(object);
			break;
		}
	}
	spin_unlock(&file->table_lock);
	return object ? to_rknpu_obj(object) : NULL;
}

int rknpu_guarded_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_device *npu = rknpu_ready(drm);
	struct rknpu_mem_create *args = data;
	struct rknpu_gem_object *made;
	struct drm_gem_object *object;
	int err;

	if (IS_ERR(npu))
		return PTR_ERR(npu);
	if (args->size > (u64)totalram_pages() << PAGE_SHIFT)
		return -ENOMEM;
	err = rknpu_pass(RKNPU_MEM_CREATE, drm, data, file);
	if (err)
		return err;
	/* Once more, from a buffer that stays while it is read. */
	object = drm_gem_object_lookup(file, args->handle);
	if (!object) {
		memset(args, 0, sizeof(*args));
		return -ENOENT;
	}
	made = to_rknpu_obj(object);
	/* The IOMMU joined some; MEM_SYNC goes through as many pieces of the memory itself. */
	if (made->num_pages)
		made->sgt->nents = made->sgt->orig_nents;
	args->size = made->size;
	args->sram_size = made->sram_size;
	args->obj_addr = (uintptr_t)made;
	args->dma_addr = made->dma_addr;
	drm_gem_object_put(object);
	return 0;
}

int rknpu_guarded_map(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_device *npu = rknpu_ready(drm);

	return IS_ERR(npu) ? PTR_ERR(npu) : rknpu_pass(RKNPU_MEM_MAP, drm, data, file);
}

int rknpu_guarded_destroy(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_device *npu = rknpu_ready(drm);
	const struct rknpu_mem_destroy *args = data;
	struct drm_gem_object *object;
	int err;

	if (IS_ERR(npu))
		return PTR_ERR(npu);
	object = drm_gem_object_lookup(file, args->handle);
	if (!object)
		return -EINVAL;
	err = rknpu_pass(RKNPU_MEM_DESTROY, drm, data, file);
	drm_gem_object_put(object);
	return err;
}

int rknpu_guarded_sync(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_device *npu = rknpu_ready(drm);
	const struct rknpu_mem_sync *args = data;
	struct rknpu_gem_object *buffer;
	int err = -EINVAL;

	if (IS_ERR(npu))
		return PTR_ERR(npu);
	buffer = rknpu_owned(file, args->obj_addr);
	if (!buffer)
		return -EINVAL;
	/* Of no bytes the cache line at the offset is thrown away: the next page's, at the end. */
	if (!args->size)
		err = 0;
	else if (args->offset <= buffer->size && args->size <= buffer->size - args->offset)
		err = rknpu_pass(RKNPU_MEM_SYNC, drm, data, file);
	drm_gem_object_put(&buffer->base);
	return err;
}

int rknpu_check_import(struct drm_device *drm, size_t size, struct sg_table *sgt)
{
	struct rknpu_device *npu = rknpu_ready(drm);

	if (IS_ERR(npu))
		return PTR_ERR(npu);
	if (!size || !PAGE_ALIGNED(size) || drm_prime_get_contiguous_size(sgt) < size) {
		dev_warn_once(drm->dev,
			      "refused to import %zu bytes: not whole pages in one piece\n", size);
		return -EINVAL;
	}
	return 0;
}
