/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's requests, as far as the guards look into them; sizes and places are real. */
#ifndef STANDIN_IOCTL_H
#define STANDIN_IOCTL_H

#include <drm/drm.h>
#include <linux/types.h>

enum {
	RKNPU_ACTION,
	RKNPU_SUBMIT,
	RKNPU_MEM_CREATE,
	RKNPU_MEM_MAP,
	RKNPU_MEM_DESTROY,
	RKNPU_MEM_SYNC,
};

enum {
	RKNPU_GET_HW_VERSION = 0,
	RKNPU_GET_DRV_VERSION = 1,
	RKNPU_SET_FREQ = 3,
	RKNPU_GET_VOLT = 4,
	RKNPU_SET_VOLT = 5,
	RKNPU_ACT_RESET = 6,
	RKNPU_SET_PROC_NICE = 19,
};

enum { RKNPU_JOB_PC = 1, RKNPU_JOB_NONBLOCK = 2, RKNPU_JOB_FENCE_OUT = 16 };
enum { RKNPU_MEM_KERNEL_MAPPING = 8 };

struct rknpu_action {
	__u32 flags, value;
};

struct rknpu_subcore_task {
	__u32 task_start, task_number;
};

struct rknpu_submit {
	__u32 flags, timeout, task_start, task_number, counted, priority;
	__u64 task_obj_addr, not_looked_at[2];
	__s64 elapsed;
	__u32 core_mask;
	__s32 fence_fd;
	struct rknpu_subcore_task subcore_task[5];
};
static_assert(sizeof(struct rknpu_submit) == 104);

struct rknpu_task {
	__u8 not_looked_at[40];
};

struct rknpu_mem_create {
	__u32 handle, flags;
	__u64 size, obj_addr, dma_addr, sram_size, not_looked_at;
};

struct rknpu_mem_map {
	__u32 handle, not_looked_at;
	__u64 offset;
};

struct rknpu_mem_destroy {
	__u32 handle, not_looked_at;
	__u64 obj_addr;
};

struct rknpu_mem_sync {
	__u32 flags, not_looked_at;
	__u64 obj_addr, offset, size;
};

#define STANDIN_REQUEST(nr, type) DRM_IOWR(DRM_COMMAND_BASE + (nr), type)
#define DRM_IOCTL_RKNPU_ACTION STANDIN_REQUEST(RKNPU_ACTION, struct rknpu_action)
#define DRM_IOCTL_RKNPU_SUBMIT STANDIN_REQUEST(RKNPU_SUBMIT, struct rknpu_submit)
#define DRM_IOCTL_RKNPU_MEM_CREATE STANDIN_REQUEST(RKNPU_MEM_CREATE, struct rknpu_mem_create)
#define DRM_IOCTL_RKNPU_MEM_MAP STANDIN_REQUEST(RKNPU_MEM_MAP, struct rknpu_mem_map)
#define DRM_IOCTL_RKNPU_MEM_DESTROY STANDIN_REQUEST(RKNPU_MEM_DESTROY, struct rknpu_mem_destroy)
#define DRM_IOCTL_RKNPU_MEM_SYNC STANDIN_REQUEST(RKNPU_MEM_SYNC, struct rknpu_mem_sync)

#endif
