// SPDX-License-Identifier: GPL-2.0-only
/*
 * SUBMIT, and the end of a job. Faults of the driver answered here:
 *
 *   task_obj_addr      a kernel address from user space, read, written and counted down
 *   kv_addr            NULL unless the buffer was made with RKNPU_MEM_KERNEL_MAPPING
 *   task_start/number  index the kernel's mapping of that buffer without a limit; number 0 gives -1
 *   core_mask          5 and 6 are queued on cores that nobody starts
 *   flags              a job without RKNPU_JOB_PC is freed while it is queued; one that is
 *                      RKNPU_JOB_NONBLOCK ends another that runs for more microseconds than its
 *                      timeout has milliseconds, through a list and a work item that were never set
 *                      up; the fence of RKNPU_JOB_FENCE_OUT is never signalled after a time-out
 *   timeout            up to 49 days, in which nothing ends the job or who waits for it
 *   end of a job       it is freed while the interrupt handler still works on it; one that timed
 *                      out also while it is queued on core 1 or 2, or the current one of a core
 *                      that had an interrupt, and then the timer of each second writes to it
 */
#include <linux/bitops.h>
#include <linux/moduleparam.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>

#include "inside.h"

static bool unsafe_nonblock;
module_param(unsafe_nonblock, bool, 0644);
MODULE_PARM_DESC(unsafe_nonblock, "take jobs that nobody waits for; they can crash the kernel");

static bool cores_exist(const struct rknpu_device *npu, u32 mask)
{
	switch (mask) {
	case RKNPU_CORE_AUTO_MASK:
	case RKNPU_CORE0_MASK:
	case RKNPU_CORE1_MASK:
	case RKNPU_CORE2_MASK:
	case RKNPU_CORE0_MASK | RKNPU_CORE1_MASK:
	case RKNPU_CORE0_MASK | RKNPU_CORE1_MASK | RKNPU_CORE2_MASK:
		return !(mask & ~npu->config->core_mask);
	}
	return false;
}

/* The first and the last task are looked at; the last is start - 1 where the number is 0. */
static bool within(u64 start, u64 number, u64 tasks)
{
	return start < tasks && start + number <= tasks && start + number > 0;
}

/* The cores that have tasks, all of them in the buffer; `empty`: or a place for some. */
static u32 cores_with_tasks(const struct rknpu_device *npu, const struct rknpu_submit *args,
			    const struct rknpu_gem_object *buffer, bool empty)
{
	/* A job on all three cores has its parts in the last three entries. */
	int core, first = hweight32(args->core_mask) == 3 ? 2 : 0;
	u64 tasks = buffer->size / sizeof(struct rknpu_task);
	const struct rknpu_subcore_task *part;
	u32 found = 0;

	if (!buffer->kv_addr)
		return 0;
	if (npu->config->num_irqs == 1)
		return within(args->task_start, args->task_number, tasks) ? BIT(0) : 0;
	for (core = 0; core < npu->config->num_irqs; core++) {
		part = &args->subcore_task[first + core];
		if ((empty || part->task_number) &&
		    within(part->task_start, part->task_number, tasks))
			found |= BIT(core);
	}
	return found;
}

/* Without a mask the driver chooses a core itself, which may be one without tasks. */
static int check_tasks(const struct rknpu_device *npu, struct rknpu_submit *args,
		       const struct rknpu_gem_object *buffer)
{
	u32 found = cores_with_tasks(npu, args, buffer, args->core_mask);

	if (!found || args->core_mask & ~found)
		return -EINVAL;
	if (!args->core_mask && found != GENMASK(npu->config->num_irqs - 1, 0))
		args->core_mask = BIT(__ffs(found));
	return 0;
}

int rknpu_guarded_submit(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rknpu_device *npu = rknpu_ready(drm);
	struct rknpu_submit *args = data;
	struct rknpu_gem_object *buffer;
	int err;

	if (IS_ERR(npu))
		return PTR_ERR(npu);
	/* Of a job that times out the fence is never signalled, and it outlives the module. */
	if (args->flags & RKNPU_JOB_FENCE_OUT)
		return -EOPNOTSUPP;
	if ((args->flags & RKNPU_JOB_NONBLOCK) && !unsafe_nonblock) {
		dev_warn_once(drm->dev,
			      "refused a job that nobody waits for: see rknpu.unsafe_nonblock\n");
		return -EOPNOTSUPP;
	}
	if (!(args->flags & RKNPU_JOB_PC) || !cores_exist(npu, args->core_mask))
		return -EINVAL;
	args->timeout = min(args->timeout, 60000u);
	buffer = rknpu_owned(file, args->task_obj_addr);
	if (!buffer)
		return -EINVAL;
	err = check_tasks(npu, args, buffer);
	if (!err)
		err = rknpu_pass(RKNPU_SUBMIT, drm, data, file);
	drm_gem_object_put(&buffer->base);
	return err;
}

void rknpu_guarded_job_free(struct rknpu_job *job)
{
	struct rknpu_device *npu = job->rknpu_dev;
	struct rknpu_job *queued;
	bool aborted = job->ret;
	unsigned long flags;
	int core;

	spin_lock_irqsave(&npu->irq_lock, flags);
	for (core = 0; core < npu->config->num_irqs; core++) {
		struct rknpu_subcore_data *state = &npu->subcore_datas[core];

		if (state->job == job) {
			state->job = NULL;
			aborted = true;
		}
		list_for_each_entry(queued, &state->todo_list, head[core]) {
			if (queued == job) {
				list_del(&job->head[core]);
				break;
			}
		}
		/* The driver does not count down for jobs that never ran. */
		if (!state->job && list_empty(&state->todo_list))
			state->task_num = 0;
	}
	spin_unlock_irqrestore(&npu->irq_lock, flags);
	/* Who took the job to start it may be preempted, and its arguments are on the caller's stack. */
	if (aborted) {
		synchronize_rcu();
		synchronize_rcu_tasks();
	}
	/* The interrupt handler says that the job is done, and goes on with it. */
	kfree_rcu_mightsleep(job);
}
