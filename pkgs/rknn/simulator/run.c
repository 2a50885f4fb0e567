/* Inputs, runs and outputs. A run computes nothing: outputs are zeros of the right size. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "simulator.h"

static bool type_known(int type)
{
	return type >= 0 && type < TYPE_MAX;
}

static uint64_t bytes_now(const struct context *context, const struct tensor *tensor, int type)
{
	return type_bytes(type, tensor_elems(tensor, context->shape));
}

static int check_input(const struct context *context, const rknn_input *input)
{
	const struct tensor *tensor;
	uint64_t needed;

	if (input->index >= context->model->n_inputs) {
		log_line(LOG_ERROR, "rknn_inputs_set, param input index(%" PRIu32 ") is out of range(%" PRIu32 ")",
		         input->index, context->model->n_inputs);
		return RKNN_ERR_PARAM_INVALID;
	}
	if (!input->buf) {
		log_line(LOG_ERROR, "rknn_inputs_set, input[%" PRIu32 "].buf is NULL", input->index);
		return RKNN_ERR_PARAM_INVALID;
	}
	if (!input->pass_through && (!type_known(input->type) || input->fmt < 0 || input->fmt >= FORMAT_MAX)) {
		log_line(LOG_ERROR, "rknn_inputs_set, input[%" PRIu32 "] has type %d and fmt %d, which do not "
		         "exist", input->index, input->type, input->fmt);
		return RKNN_ERR_PARAM_INVALID;
	}
	tensor = &context->model->inputs[input->index];
	needed = bytes_now(context, tensor, input->pass_through ? tensor->type : input->type);
	if (input->size < needed) {
		log_line(LOG_ERROR, "rknn_inputs_set, param input size(%" PRIu32 ") < model input size(%" PRIu64 ")",
		         input->size, needed);
		return RKNN_ERR_PARAM_INVALID;
	}
	return RKNN_SUCC;
}

int inputs_set(struct context *context, uint32_t count, const rknn_input *inputs)
{
	if (!inputs || count == 0)
		return RKNN_ERR_PARAM_INVALID;
	if (count > context->model->n_inputs) {
		log_line(LOG_ERROR, "rknn_inputs_set, param input num(%" PRIu32 ") > model input num(%" PRIu32 ")",
		         count, context->model->n_inputs);
		return RKNN_ERR_PARAM_INVALID;
	}
	for (uint32_t i = 0; i < count; i++) {
		int status = check_input(context, &inputs[i]);

		if (status != RKNN_SUCC)
			return status;
	}
	for (uint32_t i = 0; i < count; i++)
		context->inputs[inputs[i].index] = (struct binding){ .set = true, .type = inputs[i].type };
	return RKNN_SUCC;
}

static uint64_t bound_bytes(const struct context *context, const struct tensor *tensor,
                            const struct binding *binding)
{
	rknn_tensor_attr native = { 0 };

	if (!binding->native)
		return bytes_now(context, tensor, binding->pass_through ? tensor->type : binding->type);
	tensor_attr(tensor, context->shape, ATTR_NATIVE, context->soc, &native);
	return native.size;
}

static bool still_fits(const struct context *context, const struct tensor *tensor,
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

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int run(struct context *context, rknn_run_extend *extend)
{
	const struct model *model = context->model;
	int64_t start = now_us();

	if (context->flags & RKNN_FLAG_COLLECT_MODEL_INFO_ONLY) {
		log_line(LOG_ERROR, "rknn_run is denied if set RKNN_FLAG_COLLECT_MODEL_INFO_ONLY flag!");
		return RKNN_ERR_FAIL;
	}
	for (uint32_t i = 0; i < model->n_inputs; i++) {
		if (!context->inputs[i].set) {
			log_line(LOG_ERROR, "rknn_run, input %" PRIu32 " ('%s') has not been set", i,
			         model->inputs[i].name);
			return RKNN_ERR_INPUT_INVALID;
		}
		if (!still_fits(context, &model->inputs[i], &context->inputs[i]))
			return RKNN_ERR_INPUT_INVALID;
	}
	for (uint32_t i = 0; i < model->n_outputs; i++)
		if (!still_fits(context, &model->outputs[i], &context->outputs[i]))
			return RKNN_ERR_OUTPUT_INVALID;
	for (uint32_t i = 0; i < model->n_outputs; i++)
		if (context->outputs[i].memory)
			memory_zero(context->outputs[i].memory,
			            bound_bytes(context, &model->outputs[i], &context->outputs[i]));
	context->has_run = true;
	context->frame++;
	context->run_us = now_us() - start + 1;
	if (extend)
		extend->frame_id = context->frame;
	return RKNN_SUCC;
}

static uint64_t output_bytes(const struct context *context, const rknn_output *output)
{
	const struct tensor *tensor = &context->model->outputs[output->index];

	return bytes_now(context, tensor, output->want_float ? TYPE_FLOAT32 : tensor->type);
}

static int check_output(const struct context *context, const rknn_output *output)
{
	uint64_t needed;

	if (output->index >= context->model->n_outputs) {
		log_line(LOG_ERROR, "rknn_outputs_get, param output index(%" PRIu32 ") is out of range(%" PRIu32 ")",
		         output->index, context->model->n_outputs);
		return RKNN_ERR_PARAM_INVALID;
	}
	needed = output_bytes(context, output);
	if (output->is_prealloc && (!output->buf || output->size < needed)) {
		log_line(LOG_ERROR, "rknn_outputs_get, param output size(%" PRIu32 ") < model output size(%" PRIu64
		         "), or no buffer", output->size, needed);
		return RKNN_ERR_PARAM_INVALID;
	}
	return RKNN_SUCC;
}

static bool hand_out(struct context *context, rknn_output *output)
{
	struct buffer *buffer = malloc(sizeof *buffer);
	uint64_t bytes = output_bytes(context, output);

	if (buffer && (buffer->bytes = calloc(1, bytes))) {
		buffer->next = context->handed_out;
		context->handed_out = buffer;
		output->buf = buffer->bytes;
		output->size = (uint32_t)bytes;
		return true;
	}
	free(buffer);
	return false;
}

int outputs_get(struct context *context, uint32_t count, rknn_output *outputs,
                rknn_output_extend *extend)
{
	if (!outputs || count == 0)
		return RKNN_ERR_PARAM_INVALID;
	if (count > context->model->n_outputs) {
		log_line(LOG_ERROR, "rknn_outputs_get, param output num(%" PRIu32 ") > model output num(%" PRIu32 ")",
		         count, context->model->n_outputs);
		return RKNN_ERR_PARAM_INVALID;
	}
	if (!context->has_run) {
		log_line(LOG_ERROR, "rknn_outputs_get, there are no outputs before rknn_run");
		return RKNN_ERR_FAIL;
	}
	for (uint32_t i = 0; i < count; i++) {
		int status = check_output(context, &outputs[i]);

		if (status != RKNN_SUCC)
			return status;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (outputs[i].is_prealloc) {
			memset(outputs[i].buf, 0, output_bytes(context, &outputs[i]));
		} else if (!hand_out(context, &outputs[i])) {
			outputs_release(context, i, outputs);
			return RKNN_ERR_MALLOC_FAIL;
		}
	}
	if (extend)
		extend->frame_id = context->frame;
	return RKNN_SUCC;
}

/* Frees what outputs_get handed out; a pointer that did not come from there is left alone. */
int outputs_release(struct context *context, uint32_t count, rknn_output *outputs)
{
	if (!outputs)
		return RKNN_ERR_PARAM_INVALID;
	for (uint32_t i = 0; i < count; i++) {
		struct buffer **place = &context->handed_out, *found;

		if (outputs[i].is_prealloc || !outputs[i].buf)
			continue;
		while (*place && (*place)->bytes != outputs[i].buf)
			place = &(*place)->next;
		found = *place;
		if (!found) {
			log_line(LOG_ERROR, "rknn_outputs_release, output[%" PRIu32 "].buf was not handed out by "
			         "rknn_outputs_get", i);
			return RKNN_ERR_PARAM_INVALID;
		}
		*place = found->next;
		free(found->bytes);
		free(found);
		outputs[i].buf = NULL;
	}
	return RKNN_SUCC;
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
