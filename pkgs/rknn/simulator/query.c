#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "simulator.h"

static const char *const query_names[QUERY_MAX] = {
	"IN_OUT_NUM", "INPUT_ATTR", "OUTPUT_ATTR", "PERF_DETAIL", "PERF_RUN", "SDK_VERSION",
	"MEM_SIZE", "CUSTOM_STRING", "NATIVE_INPUT_ATTR", "NATIVE_OUTPUT_ATTR",
	"NATIVE_NHWC_INPUT_ATTR", "NATIVE_NHWC_OUTPUT_ATTR", "DEVICE_MEM_INFO", "INPUT_DYNAMIC_RANGE",
	"CURRENT_INPUT_ATTR", "CURRENT_OUTPUT_ATTR", "CURRENT_NATIVE_INPUT_ATTR",
	"CURRENT_NATIVE_OUTPUT_ATTR",
};

static bool has_room(uint32_t size, size_t needed, const char *structure)
{
	if (size >= needed)
		return true;
	log_line(LOG_ERROR, "rknn_query, info_len(%" PRIu32 ") < sizeof(%s)(%zu)!", size, structure,
	         needed);
	return false;
}

static const struct tensor *tensor_at(const struct model *model, bool input, int cmd, uint32_t index)
{
	uint32_t count = input ? model->n_inputs : model->n_outputs;

	if (index < count)
		return &(input ? model->inputs : model->outputs)[index];
	log_line(LOG_ERROR, "rknn_query, RKNN_QUERY_%s, p_attr->index(%" PRIu32 ") >= %s_num(%" PRIu32 ")!",
	         query_names[cmd], index, input ? "input" : "output", count);
	return NULL;
}

static int refuse_static(int cmd)
{
	log_line(LOG_WARN, "query RKNN_QUERY_%s error, rknn model is static shape type, please export rknn "
	         "with dynamic_shapes", query_names[cmd]);
	return RKNN_ERR_MODEL_INVALID;
}

static int query_attr(const struct context *context, int cmd, rknn_tensor_attr *attr, uint32_t size)
{
	static const struct {
		bool input, current;
		enum attr_form form;
	} forms[QUERY_MAX] = {
		[QUERY_INPUT_ATTR] = { true, false, ATTR_NORMAL },
		[QUERY_OUTPUT_ATTR] = { false, false, ATTR_NORMAL },
		[QUERY_NATIVE_INPUT_ATTR] = { true, false, ATTR_NATIVE },
		[QUERY_NATIVE_OUTPUT_ATTR] = { false, false, ATTR_NATIVE },
		[QUERY_NATIVE_NHWC_INPUT_ATTR] = { true, false, ATTR_NATIVE_NHWC },
		[QUERY_NATIVE_NHWC_OUTPUT_ATTR] = { false, false, ATTR_NATIVE_NHWC },
		[QUERY_CURRENT_INPUT_ATTR] = { true, true, ATTR_NORMAL },
		[QUERY_CURRENT_OUTPUT_ATTR] = { false, true, ATTR_NORMAL },
		[QUERY_CURRENT_NATIVE_INPUT_ATTR] = { true, true, ATTR_NATIVE },
		[QUERY_CURRENT_NATIVE_OUTPUT_ATTR] = { false, true, ATTR_NATIVE },
	};
	const struct tensor *tensor;

	if (!has_room(size, sizeof *attr, "rknn_tensor_attr"))
		return RKNN_ERR_PARAM_INVALID;
	tensor = tensor_at(context->model, forms[cmd].input, cmd, attr->index);
	if (!tensor)
		return RKNN_ERR_PARAM_INVALID;
	if (forms[cmd].current && !context->model->dynamic)
		return refuse_static(cmd);
	if (forms[cmd].current && !context->shape_chosen) {
		log_line(LOG_ERROR, "query RKNN_QUERY_%s error, please call rknn_set_input_shape first",
		         query_names[cmd]);
		return RKNN_ERR_FAIL;
	}
	tensor_attr(tensor, forms[cmd].current ? context->shape : 0, forms[cmd].form, context->soc, attr);
	return RKNN_SUCC;
}

static int query_range(const struct model *model, rknn_input_range *range, uint32_t size)
{
	const struct tensor *tensor;
	uint32_t index;

	if (!has_room(size, sizeof *range, "rknn_input_range"))
		return RKNN_ERR_PARAM_INVALID;
	if (!model->dynamic)
		return refuse_static(QUERY_INPUT_DYNAMIC_RANGE);
	index = range->index;
	tensor = tensor_at(model, true, QUERY_INPUT_DYNAMIC_RANGE, index);
	if (!tensor)
		return RKNN_ERR_PARAM_INVALID;
	memset(range, 0, sizeof *range);
	range->index = index;
	range->shape_number = model->n_shapes;
	memcpy(range->name, tensor->name, sizeof range->name);
	for (uint32_t row = 0; row < model->n_shapes; row++) {
		rknn_tensor_attr attr = { .index = index };

		tensor_attr(tensor, row, ATTR_NORMAL, model->platform, &attr);
		range->fmt = attr.fmt;
		range->n_dims = attr.n_dims;
		memcpy(range->dyn_range[row], attr.dims, sizeof range->dyn_range[row]);
	}
	return RKNN_SUCC;
}

/* Estimates: the body holds the weights and more; a real runtime shares memory between layers. */
static int query_memory(const struct context *context, void *info, uint32_t size)
{
	const struct model *model = context->model;
	rknn_mem_size answer = { .total_weight_size = model->body_size };
	uint64_t internal = 0;

	if (!has_room(size, 8, "two numbers of rknn_mem_size"))
		return RKNN_ERR_PARAM_INVALID;
	for (uint32_t i = 0; i < model->n_inputs; i++)
		internal += type_bytes(model->inputs[i].type, tensor_elems(&model->inputs[i], 0));
	for (uint32_t i = 0; i < model->n_outputs; i++)
		internal += type_bytes(model->outputs[i].type, tensor_elems(&model->outputs[i], 0));
	answer.total_internal_size = internal < UINT32_MAX ? (uint32_t)internal : UINT32_MAX;
	answer.total_dma_allocated_size = answer.total_weight_size + internal +
	                                  memory_total(context->handle);
	memcpy(info, &answer, size < sizeof answer ? size : sizeof answer);
	return RKNN_SUCC;
}

static int query_performance(struct context *context, int cmd, void *info, uint32_t size)
{
	if (cmd == QUERY_PERF_RUN) {
		if (!has_room(size, sizeof(rknn_perf_run), "rknn_perf_run"))
			return RKNN_ERR_PARAM_INVALID;
		memcpy(info, &(rknn_perf_run){ context->run_us }, sizeof(rknn_perf_run));
		return RKNN_SUCC;
	}
	if (!has_room(size, sizeof(rknn_perf_detail), "rknn_perf_detail"))
		return RKNN_ERR_PARAM_INVALID;
	if (!(context->flags & RKNN_FLAG_COLLECT_PERF_MASK)) {
		log_line(LOG_ERROR, "rknn_query, RKNN_QUERY_PERF_DETAIL needs RKNN_FLAG_COLLECT_PERF_MASK in "
		         "rknn_init");
		return RKNN_ERR_FAIL;
	}
	snprintf(context->perf_text, sizeof context->perf_text, "simulator: no layer was computed. "
	         "Runs: %" PRIu64 ", the last took %" PRId64 " us\n", context->frame, context->run_us);
	memcpy(info, &(rknn_perf_detail){ context->perf_text, strlen(context->perf_text) },
	       sizeof(rknn_perf_detail));
	return RKNN_SUCC;
}

int query(struct context *context, int cmd, void *info, uint32_t size)
{
	const struct model *model = context->model;
	rknn_sdk_version version = { .api_version = RUNTIME_VERSION };

	if (!info) {
		log_line(LOG_ERROR, "rknn_query, info == nullptr!");
		return RKNN_ERR_PARAM_INVALID;
	}
	switch (cmd) {
	case QUERY_IN_OUT_NUM:
		if (!has_room(size, sizeof(rknn_input_output_num), "rknn_input_output_num"))
			return RKNN_ERR_PARAM_INVALID;
		memcpy(info, &(rknn_input_output_num){ model->n_inputs, model->n_outputs },
		       sizeof(rknn_input_output_num));
		return RKNN_SUCC;
	case QUERY_SDK_VERSION:
		if (!has_room(size, sizeof version, "rknn_sdk_version"))
			return RKNN_ERR_PARAM_INVALID;
		memcpy(version.drv_version, context->device.version, sizeof context->device.version);
		memcpy(info, &version, sizeof version);
		return RKNN_SUCC;
	case QUERY_CUSTOM_STRING:
		if (!has_room(size, sizeof(rknn_custom_string), "rknn_custom_string"))
			return RKNN_ERR_PARAM_INVALID;
		memcpy(info, model->custom_string, sizeof model->custom_string);
		return RKNN_SUCC;
	case QUERY_DEVICE_MEM_INFO:
		if (!has_room(size, sizeof(rknn_tensor_mem), "rknn_tensor_mem"))
			return RKNN_ERR_PARAM_INVALID;
		memcpy(info, &(rknn_tensor_mem){ .fd = -1 }, sizeof(rknn_tensor_mem));
		return RKNN_SUCC;
	case QUERY_MEM_SIZE:
		return query_memory(context, info, size);
	case QUERY_PERF_DETAIL:
	case QUERY_PERF_RUN:
		return query_performance(context, cmd, info, size);
	case QUERY_INPUT_DYNAMIC_RANGE:
		return query_range(model, info, size);
	default:
		if (cmd >= 0 && cmd < QUERY_MAX)
			return query_attr(context, cmd, info, size);
		log_line(LOG_ERROR, "rknn_query, cmd = %d is not in [0, %d]!", cmd, QUERY_MAX - 1);
		return RKNN_ERR_PARAM_INVALID;
	}
}
