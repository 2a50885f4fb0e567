/* Loading a model: which tensors are at its edges, in what order, and for which platform. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

enum { MAX_TENSORS = 512 };

static void copy_span(char *to, size_t room, struct span from)
{
	size_t length = from.length < room - 1 ? from.length : room - 1;

	memcpy(to, from.at, length);
	to[length] = 0;
}

static struct text *parse_slot(const struct container *container, enum slot slot)
{
	struct span span = container_string(container, slot);

	return span.length ? text_parse(span.at, span.length) : NULL;
}

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
                      const struct value *quantisation, uint32_t n_shapes)
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
		if (!tensor_read(&tensors[place], norm_tensor(json, id), edges, quantisation, n_shapes))
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

static bool read_tensors(struct model *model, const struct container *container,
                         const struct value *json)
{
	struct text *quantisation = parse_slot(container, SLOT_QUANTISATION);
	struct text *inputs = parse_slot(container, SLOT_INPUTS);
	struct text *outputs = parse_slot(container, SLOT_OUTPUTS);
	const struct value *tables = text_root(quantisation);
	bool good = false;

	model->n_shapes = count_shapes(model->dynamic, tables);
	if (model->n_shapes == 0)
		log_line(LOG_ERROR, "parseRKNN: a dynamic model without a list of shapes");
	else if (!value_uint(value_get(json, "input_num", KIND_NUMBER), &model->n_inputs) ||
	         !value_uint(value_get(json, "output_num", KIND_NUMBER), &model->n_outputs) ||
	         model->n_inputs == 0 || model->n_inputs > MAX_TENSORS ||
	         model->n_outputs == 0 || model->n_outputs > MAX_TENSORS)
		log_line(LOG_ERROR, "parseRKNN: input_num and output_num must be 1 to %d", MAX_TENSORS);
	else if ((model->inputs = calloc(model->n_inputs, sizeof *model->inputs)) &&
	         (model->outputs = calloc(model->n_outputs, sizeof *model->outputs)))
		good = read_side(model->inputs, model->n_inputs, "input", json, text_root(inputs),
		                 tables, model->n_shapes) &&
		       read_side(model->outputs, model->n_outputs, "output", json, text_root(outputs),
		                 tables, model->n_shapes);
	text_free(quantisation);
	text_free(inputs);
	text_free(outputs);
	return good;
}

static void log_model(const struct model *model, const struct container *container)
{
	char toolkit[160], hardware[32], framework[32];

	copy_span(toolkit, sizeof toolkit, container_string(container, SLOT_TOOLKIT));
	copy_span(hardware, sizeof hardware, container_string(container, SLOT_HARDWARE));
	copy_span(framework, sizeof framework, container_string(container, SLOT_FRAMEWORK));
	log_line(LOG_INFO, "RKNN Model Information, version: %" PRIu64 ", toolkit version: %s, target: %s, "
	         "target platform: %s, framework name: %s, framework layout: NCHW, model inference type: %s",
	         container->version, toolkit, hardware, model->platform, framework,
	         model->dynamic ? "dynamic_shape" : "static_shape");
}

int model_load(struct model **out, const void *bytes, size_t length)
{
	struct container container;
	struct text *text;
	struct model *model;
	struct span kind;
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
	kind = container_string(&container, SLOT_SHAPE_KIND);
	model->dynamic = kind.length == 13 && memcmp(kind.at, "dynamic_shape", 13) == 0;
	copy_span(model->platform, sizeof model->platform, container_string(&container, SLOT_PLATFORM));
	copy_span(model->custom_string, sizeof model->custom_string,
	          container_string(&container, SLOT_CUSTOM_STRING));
	good = read_tensors(model, &container, text_root(text));
	if (good && !model->platform[0]) {
		log_line(LOG_ERROR, "parseRKNN: the model names no target platform");
		good = false;
	}
	text_free(text);
	if (!good) {
		model_release(model);
		return RKNN_ERR_MODEL_INVALID;
	}
	log_model(model, &container);
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
