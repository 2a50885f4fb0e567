/* Inputs and runs. A run computes nothing: what it would write is zeroed. */
#include <inttypes.h>
#include <time.h>

#include "simulator.h"

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
