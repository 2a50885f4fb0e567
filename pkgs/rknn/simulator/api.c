/* The functions of rknn_api.h: take the lock, check the handle, leave the work to the other files. */
#include <inttypes.h>

#include "simulator.h"

/* `what` with the lock held and `context` found, or RKNN_ERR_CTX_INVALID. */
#define WITH_CONTEXT(handle, what) do { \
		struct context *context; \
		int status = RKNN_ERR_CTX_INVALID; \
		lock(); \
		context = context_of_kind(handle, CONTEXT_MODEL, __func__); \
		if (context) \
			status = (what); \
		unlock(); \
		return status; \
	} while (0)

EXPORT int rknn_init(rknn_context *handle, void *model, uint32_t size, uint32_t flags,
                     rknn_init_extend *extend)
{
	int status;

	if (!handle || !model) {
		log_line(LOG_ERROR, "rknn_init, the context or the model is NULL");
		return RKNN_ERR_PARAM_INVALID;
	}
	lock();
	status = init(handle, model, size, flags, extend);
	unlock();
	return status;
}

EXPORT int rknn_dup_context(rknn_context *handle, rknn_context *copy)
{
	if (!handle || !copy)
		return RKNN_ERR_PARAM_INVALID;
	WITH_CONTEXT(*handle, dup_context(context, copy));
}

static int destroy(struct context *context)
{
	context_free(context);
	return RKNN_SUCC;
}

EXPORT int rknn_destroy(rknn_context handle)
{
	WITH_CONTEXT(handle, destroy(context));
}

EXPORT int rknn_query(rknn_context handle, int cmd, void *info, uint32_t size)
{
	WITH_CONTEXT(handle, query(context, cmd, info, size));
}

EXPORT int rknn_inputs_set(rknn_context handle, uint32_t count, rknn_input *inputs)
{
	WITH_CONTEXT(handle, inputs_set(context, count, inputs));
}

EXPORT int rknn_run(rknn_context handle, rknn_run_extend *extend)
{
	WITH_CONTEXT(handle, run(context, extend));
}

EXPORT int rknn_wait(rknn_context handle, rknn_run_extend *extend)
{
	(void)extend;
	WITH_CONTEXT(handle, context->has_run ? RKNN_SUCC : RKNN_ERR_FAIL);
}

EXPORT int rknn_outputs_get(rknn_context handle, uint32_t count, rknn_output *outputs,
                            rknn_output_extend *extend)
{
	WITH_CONTEXT(handle, outputs_get(context, count, outputs, extend));
}

EXPORT int rknn_outputs_release(rknn_context handle, uint32_t count, rknn_output *outputs)
{
	WITH_CONTEXT(handle, outputs_release(context, count, outputs));
}

EXPORT int rknn_set_io_mem(rknn_context handle, rknn_tensor_mem *mem, rknn_tensor_attr *attr)
{
	WITH_CONTEXT(handle, bind_memory(context, mem, attr));
}

EXPORT int rknn_set_input_shapes(rknn_context handle, uint32_t count, rknn_tensor_attr *attrs)
{
	WITH_CONTEXT(handle, choose_shapes(context, count, attrs));
}

static int choose_shape(struct context *context, const rknn_tensor_attr *attr)
{
	if (context->model->n_inputs == 1)
		return choose_shapes(context, 1, attr);
	log_line(LOG_ERROR, "simulator: rknn_set_input_shape of a model with %" PRIu32 " inputs is not "
	         "simulated; call rknn_set_input_shapes", context->model->n_inputs);
	return RKNN_ERR_FAIL;
}

EXPORT int rknn_set_input_shape(rknn_context handle, rknn_tensor_attr *attr)
{
	WITH_CONTEXT(handle, choose_shape(context, attr));
}

EXPORT int rknn_set_core_mask(rknn_context handle, int mask)
{
	WITH_CONTEXT(handle, check_core_mask(context, mask, __func__));
}

EXPORT int rknn_set_batch_core_num(rknn_context handle, int cores)
{
	WITH_CONTEXT(handle, cores >= 1 && cores <= 3 &&
	                     (1u << cores) - 1 <= (soc_core_mask(context->soc) | 1u)
	                     ? RKNN_SUCC : RKNN_ERR_PARAM_INVALID);
}

/* Memory that the caller provides for the weights or between the layers: looked at, never used. */
static int check_outside_memory(struct context *context, const rknn_tensor_mem *mem, bool weights)
{
	const struct memory *memory = memory_find(mem);
	rknn_mem_size sizes;
	int status = query(context, QUERY_MEM_SIZE, &sizes, sizeof sizes);

	if (status != RKNN_SUCC || !memory)
		return RKNN_ERR_PARAM_INVALID;
	return memory_size(memory) >= (weights ? sizes.total_weight_size : sizes.total_internal_size)
	       ? RKNN_SUCC : RKNN_ERR_PARAM_INVALID;
}

EXPORT int rknn_set_weight_mem(rknn_context handle, rknn_tensor_mem *mem)
{
	WITH_CONTEXT(handle, check_outside_memory(context, mem, true));
}

EXPORT int rknn_set_internal_mem(rknn_context handle, rknn_tensor_mem *mem)
{
	WITH_CONTEXT(handle, check_outside_memory(context, mem, false));
}
