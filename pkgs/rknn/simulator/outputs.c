/* Outputs: zeros of the right size, in memory of ours or of the caller's. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

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
