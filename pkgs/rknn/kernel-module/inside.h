/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guards share. */
#ifndef RKNPU_INSIDE_H
#define RKNPU_INSIDE_H

#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "rknpu_drv.h"
#include "rknpu_gem.h"
#include "rknpu_ioctl.h"

/* The driver's state, or -EAGAIN while its probe runs: nodes appear in the midst of that. */
struct rknpu_device *rknpu_ready(struct drm_device *drm);

/* Call what the driver has for the ioctl of this number. */
int rknpu_pass(unsigned int number, struct drm_device *drm, void *data, struct drm_file *file);

/* The buffer at an address that user space gave, with a reference; NULL if it is not the file's. */
struct rknpu_gem_object *rknpu_owned(struct drm_file *file, u64 address);

int rknpu_guarded_submit(struct drm_device *drm, void *data, struct drm_file *file);
int rknpu_guarded_create(struct drm_device *drm, void *data, struct drm_file *file);
int rknpu_guarded_map(struct drm_device *drm, void *data, struct drm_file *file);
int rknpu_guarded_destroy(struct drm_device *drm, void *data, struct drm_file *file);
int rknpu_guarded_sync(struct drm_device *drm, void *data, struct drm_file *file);
int rknpu_check_import(struct drm_device *drm, size_t size, struct sg_table *sgt);

#endif
