/* Loading a model: which tensors are at its edges, in what order, and for which platform. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

enum { MAX_TENSORS = 512 };

static const struct value *norm_tensor(const struct value *json, uint32_t id)
{
	const struct value *list = value_get(json, "norm_tensor", KIND_LIST);

	for (const struct value *norm = list ? list->first : NULL; norm; norm = norm->next) {
		uint32_t this_id;

		if (value_uint(value_get(norm, "tensor_id", KIND_NUMBER), &this_id) && this_id == id)
			return norm;
	}
	return NULL;
}

/* Fill `tensors` from the graph's links of one side; every place must be filled exactly once. */
static bool read_side(struct tensor *tensors, uint32_t count, const char *side,
                      const struct value *json, const struct value *edges,
                      const struct value *quantisation, const struct model *model)
{
	const struct value *graph = value_get(json, "graph", KIND_LIST);
	uint32_t filled = 0;

	for (const struct value *link = graph ? graph->first : NULL; link; link = link->next) {
		const struct value *left = value_get(link, "left", KIND_STRING);
		uint32_t place, id;

		if (!left || strcmp(left->text, side) != 0)
			continue;
		if (!value_uint(value_get(link, "left_tensor_id", KIND_NUMBER), &place) ||
		    !value_uint(value_get(link, "right_tensor_id", KIND_NUMBER), &id) ||
		    place >= count || tensors[place].shapes)
			break;
		tensors[place].is_input = strcmp(side, "input") == 0;
		if (!tensor_read(&tensors[place], norm_tensor(json, id), edges, quantisation, model))
			return false;
		filled++;
	}
	if (filled != count)
		log_line(LOG_ERROR, "parseRKNN: %" PRIu32 " of %" PRIu32 " %ss are described", filled,
		         count, side);
	return filled == count;
}

/* 1 for a static model; 0 when the file calls itself dynamic and lists no shapes. */
static uint32_t count_shapes(bool dynamic, const struct value *quantisation)
{
	const struct value *tensors = value_get(quantisation, "dynamic_shapes", KIND_MAP);
	uint32_t count = 0;

	if (!dynamic)
		return 1;
	if (tensors && tensors->first && tensors->first->kind == KIND_LIST)
		for (const struct value *row = tensors->first->first; row; row = row->next)
			count++;
	return count <= MAX_SHAPES ? count : 0;
}

/* The texts in the body's slots, NULL for those that are empty. */
struct texts {
	struct text *quantisation, *inputs, *outputs;
};

static bool fill_tensors(struct model *model, const struct value *json, const struct texts *texts)
{
	const struct value *tables = text_root(texts->quantisation);

	model->n_shapes = count_shapes(model->dynamic, tables);
	if (model->n_shapes == 0) {
		log_line(LOG_ERROR, "parseRKNN: a dynamic model without a list of shapes");
		return false;
	}
	if (!value_uint(value_get(json, "input_num", KIND_NUMBER), &model->n_inputs) ||
	    !value_uint(value_get(json, "output_num", KIND_NUMBER), &model->n_outputs) ||
	    model->n_inputs == 0 || model->n_inputs > MAX_TENSORS ||
	    model->n_outputs == 0 || model->n_outputs > MAX_TENSORS) {
		log_line(LOG_ERROR, "parseRKNN: input_num and output_num must be 1 to %d", MAX_TENSORS);
		return false;
	}
	model->inputs = calloc(model->n_inputs, sizeof *model->inputs);
	model->outputs = calloc(model->n_outputs, sizeof *model->outputs);
	return model->inputs && model->outputs &&
	       read_side(model->inputs, model->n_inputs, "input", json, text_root(texts->inputs),
	                 tables, model) &&
	       read_side(model->outputs, model->n_outputs, "output", json, text_root(texts->outputs),
	                 tables, model);
}

static bool read_tensors(struct model *model, const struct container *container,
                         const struct value *json)
{
	struct texts texts = { 0 };
	bool good = slot_parse(container, SLOT_QUANTISATION, &texts.quantisation) &&
	            slot_parse(container, SLOT_INPUTS, &texts.inputs) &&
	            slot_parse(container, SLOT_OUTPUTS, &texts.outputs) &&
	            fill_tensors(model, json, &texts);

	text_free(texts.quantisation);
	text_free(texts.inputs);
	text_free(texts.outputs);
	return good;
}

/* What the body says of the whole model; the platform is the one thing that must be there. */
static bool read_header(struct model *model, const struct container *container)
{
	struct span kind;

	if (!slot_string(container, SLOT_SHAPE_KIND, &kind) ||
	    !slot_copy(model->platform, sizeof model->platform, container, SLOT_PLATFORM) ||
	    !slot_copy(model->custom_string, sizeof model->custom_string, container, SLOT_CUSTOM_STRING))
		return false;
	model->dynamic = kind.length == 13 && memcmp(kind.at, "dynamic_shape", 13) == 0;
	if (!model->platform[0])
		log_line(LOG_ERROR, "parseRKNN: the model names no target platform");
	return model->platform[0];
}

static bool log_model(const struct model *model, const struct container *container)
{
	char toolkit[160], hardware[32], framework[32];

	if (!slot_copy(toolkit, sizeof toolkit, container, SLOT_TOOLKIT) ||
	    !slot_copy(hardware, sizeof hardware, container, SLOT_HARDWARE) ||
	    !slot_copy(framework, sizeof framework, container, SLOT_FRAMEWORK))
		return false;
	log_line(LOG_INFO, "RKNN Model Information, version: %" PRIu64 ", toolkit version: %s, target: %s, "
	         "target platform: %s, framework name: %s, framework layout: NCHW, model inference type: %s",
	         container->version, toolkit, hardware, model->platform, framework,
	         model->dynamic ? "dynamic_shape" : "static_shape");
	return true;
}

int model_load(struct model **out, const void *bytes, size_t length)
{
	struct container container;
	struct text *text;
	struct model *model;
	bool good;

	if (!container_open(&container, bytes, length))
		return RKNN_ERR_MODEL_INVALID;
	text = text_parse(container.json.at, container.json.length);
	if (!text) {
		log_line(LOG_ERROR, "parseRKNN: the JSON text after the body is damaged");
		return RKNN_ERR_MODEL_INVALID;
	}
	model = calloc(1, sizeof *model);
	if (!model) {
		text_free(text);
		return RKNN_ERR_MALLOC_FAIL;
	}
	model->users = 1;
	model->body_size = container.body.length < UINT32_MAX ? (uint32_t)container.body.length : UINT32_MAX;
	good = read_header(model, &container) && read_tensors(model, &container, text_root(text)) &&
	       log_model(model, &container);
	text_free(text);
	if (!good) {
		model_release(model);
		return RKNN_ERR_MODEL_INVALID;
	}
	*out = model;
	return RKNN_SUCC;
}

void model_release(struct model *model)
{
	if (!model || --model->users > 0)
		return;
	for (uint32_t i = 0; model->inputs && i < model->n_inputs; i++)
		free(model->inputs[i].shapes);
	for (uint32_t i = 0; model->outputs && i < model->n_outputs; i++)
		free(model->outputs[i].shapes);
	free(model->inputs);
	free(model->outputs);
	free(model);
}
