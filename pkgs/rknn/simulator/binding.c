/* What a context uses for each tensor: the shape of now, and memory of the caller's. */
#include <inttypes.h>
#include <string.h>

#include "simulator.h"

uint64_t bytes_now(const struct context *context, const struct tensor *tensor, int type)
{
	return type_bytes(type, tensor_elems(tensor, context->shape));
}

uint64_t bound_bytes(const struct context *context, const struct tensor *tensor,
                     const struct binding *binding)
{
	rknn_tensor_attr native = { 0 };

	if (!binding->native)
		return bytes_now(context, tensor, binding->pass_through ? tensor->type : binding->type);
	tensor_attr(tensor, context->shape, ATTR_NATIVE, context->soc, &native);
	return native.size;
}

bool still_fits(const struct context *context, const struct tensor *tensor,
                const struct binding *binding)
{
	uint64_t needed;

	if (!binding->memory)
		return true;
	needed = bound_bytes(context, tensor, binding);
	if (memory_size(binding->memory) >= needed)
		return true;
	log_line(LOG_ERROR, "rknn_run, the memory of '%s' (%" PRIu64 ") is smaller than its present shape (%"
	         PRIu64 ")", tensor->name, memory_size(binding->memory), needed);
	return false;
}

static bool same_shape(const struct context *context, uint32_t row, uint32_t i,
                       const rknn_tensor_attr *wanted)
{
	rknn_tensor_attr attr = { .index = i };
	const struct tensor *tensor = &context->model->inputs[i];

	tensor_attr(tensor, row, ATTR_NORMAL, context->soc, &attr);
	if (wanted->fmt == FORMAT_NCHW && tensor->n_dims == 4)
		memcpy(attr.dims, tensor->shapes[row], 4 * sizeof *attr.dims);
	return wanted->n_dims == attr.n_dims &&
	       memcmp(wanted->dims, attr.dims, attr.n_dims * sizeof *attr.dims) == 0;
}

/* All inputs at once: the n-th shape of one goes with the n-th of the others, and no other. */
int choose_shapes(struct context *context, uint32_t count, const rknn_tensor_attr *attrs)
{
	const struct model *model = context->model;

	if (!attrs || count != model->n_inputs)
		return RKNN_ERR_PARAM_INVALID;
	if (!model->dynamic) {
		log_line(LOG_ERROR, "rknn_set_input_shapes error, rknn model is static shape type, please "
		         "export rknn with dynamic_shapes");
		return RKNN_ERR_MODEL_INVALID;
	}
	for (uint32_t row = 0; row < model->n_shapes; row++) {
		uint32_t same = 0;

		while (same < count && same_shape(context, row, same, &attrs[same]))
			same++;
		if (same < count)
			continue;
		context->shape = row;
		context->shape_chosen = true;
		context->has_run = false;
		for (uint32_t i = 0; i < model->n_inputs; i++)
			if (!context->inputs[i].memory)
				context->inputs[i].set = false;
		return RKNN_SUCC;
	}
	log_line(LOG_ERROR, "rknn_set_input_shapes error, the model has no such set of shapes; "
	         "RKNN_QUERY_INPUT_DYNAMIC_RANGE lists them");
	return RKNN_ERR_FAIL;
}

static struct binding *find_binding(const struct context *context, const rknn_tensor_attr *attr,
                                    const struct tensor **tensor)
{
	const struct model *model = context->model;

	for (uint32_t i = 0; i < model->n_inputs; i++) {
		*tensor = &model->inputs[i];
		if (i == attr->index && strncmp((*tensor)->name, attr->name, MAX_NAME) == 0)
			return &context->inputs[i];
	}
	for (uint32_t i = 0; i < model->n_outputs; i++) {
		*tensor = &model->outputs[i];
		if (i == attr->index && strncmp((*tensor)->name, attr->name, MAX_NAME) == 0)
			return &context->outputs[i];
	}
	return NULL;
}

int bind_memory(struct context *context, const rknn_tensor_mem *mem, const rknn_tensor_attr *attr)
{
	struct memory *memory = memory_find(mem);
	const struct tensor *tensor;
	struct binding *binding, wanted;
	uint64_t needed;

	if (!memory || !attr || !type_known(attr->type)) {
		log_line(LOG_ERROR, "rknn_set_io_mem, the memory is not from rknn_create_mem, or the attribute is "
		         "invalid");
		return RKNN_ERR_PARAM_INVALID;
	}
	binding = find_binding(context, attr, &tensor);
	if (!binding) {
		log_line(LOG_ERROR, "rknn_set_io_mem, the model has no tensor %" PRIu32 " named '%.*s'",
		         attr->index, MAX_NAME, attr->name);
		return RKNN_ERR_PARAM_INVALID;
	}
	wanted = (struct binding){ .set = true, .memory = memory, .type = attr->type,
	                           .pass_through = attr->pass_through,
	                           .native = attr->fmt == FORMAT_NC1HWC2 };
	needed = bound_bytes(context, tensor, &wanted);
	if (memory_size(memory) < needed) {
		log_line(LOG_ERROR, "rknn_set_io_mem, %s memory size(%" PRIu64 ") < model %s size(%" PRIu64 ")",
		         tensor->is_input ? "input" : "output", memory_size(memory),
		         tensor->is_input ? "input" : "output", needed);
		return RKNN_ERR_PARAM_INVALID;
	}
	*binding = wanted;
	return RKNN_SUCC;
}
