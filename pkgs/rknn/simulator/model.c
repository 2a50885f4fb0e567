/* From the texts inside a .rknn file to the tensors at the model's edges. */
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

static bool read_dims(const struct value *list, uint32_t *n_dims, uint32_t dims[MAX_DIMS])
{
	*n_dims = 0;
	for (const struct value *dim = list->first; dim; dim = dim->next)
		if (*n_dims == MAX_DIMS || !value_uint(dim, &dims[(*n_dims)++]))
			return false;
	if (*n_dims == 0)       /* a scalar: the runtime calls it one element in one dimension */
		dims[(*n_dims)++] = 1;
	return true;
}

/* The one row of a static model, or a row for each shape that the converter was told of. */
static bool read_shapes(struct tensor *tensor, const struct value *size,
                        const struct value *rows, uint32_t n_shapes)
{
	const struct value *row = rows ? rows->first : size;

	tensor->shapes = calloc(n_shapes, sizeof *tensor->shapes);
	if (!tensor->shapes)
		return false;
	for (uint32_t i = 0; i < n_shapes; i++, row = row->next) {
		uint32_t n_dims;

		if (!row || row->kind != KIND_LIST || !read_dims(row, &n_dims, tensor->shapes[i]))
			return false;
		if (i > 0 && n_dims != tensor->n_dims)
			return false;
		tensor->n_dims = n_dims;
	}
	return tensor_fits(tensor, n_shapes);
}

/* The first number of a list member, e.g. 'min': [-1.0] */
static bool first_number(const struct value *table, const char *key, double *number)
{
	const struct value *list = value_get(table, key, KIND_LIST);

	if (!list || !list->first || list->first->kind != KIND_NUMBER)
		return false;
	*number = list->first->number;
	return true;
}

/*
 * Scale and zero point of an affine integer tensor. The file names the range of values; the
 * converter widens it to hold 0 and spreads it over the type. (Compared with the scales that its
 * compiler wrote into the network, for int8 and int16.)
 */
static void read_quantisation(struct tensor *tensor, const struct value *table)
{
	bool wide = tensor->type == TYPE_INT16 || tensor->type == TYPE_UINT16;
	bool is_signed = tensor->type == TYPE_INT8 || tensor->type == TYPE_INT16;
	double steps = wide ? 65535 : 255, lowest = is_signed ? -(steps + 1) / 2 : 0;
	double min, max, zp;

	tensor->scale = 1;
	if (!is_signed && !wide && tensor->type != TYPE_UINT8)
		return;
	if (!first_number(table, "min", &min) || !first_number(table, "max", &max))
		return;
	min = min < 0 ? min : 0;
	max = max > 0 ? max : 0;
	if (!(max - min > 0 && max - min < 1e30))
		return;
	tensor->scale = (float)((max - min) / steps);
	zp = lowest - min * steps / (max - min);
	tensor->zp = (int32_t)(zp < 0 ? zp - 0.5 : zp + 0.5);
}

static bool read_tensor(struct tensor *tensor, const struct value *norm, const struct value *edge,
                        const struct value *quantisation, uint32_t n_shapes)
{
	const struct value *name = value_get(norm, "url", KIND_STRING);
	const struct value *size = value_get(norm, "size", KIND_LIST);
	const struct value *dtype = value_get(norm, "dtype", KIND_MAP);
	const struct value *ranges = value_get(quantisation, "quant_tab", KIND_MAP);
	const struct value *dynamic = value_get(quantisation, "dynamic_shapes", KIND_MAP);
	const struct value *type, *layout, *rows = NULL;

	if (!name || !size) {
		log_line(LOG_ERROR, "parseRKNN: a tensor without a name or a size");
		return false;
	}
	snprintf(tensor->name, sizeof tensor->name, "%s", name->text);
	edge = value_get(edge, name->text, KIND_MAP);
	if (n_shapes > 1 && !(rows = value_get(dynamic, name->text, KIND_LIST))) {
		log_line(LOG_ERROR, "parseRKNN: no dynamic shapes of tensor '%s'", tensor->name);
		return false;
	}
	if (!read_shapes(tensor, size, rows, n_shapes)) {
		log_line(LOG_ERROR, "parseRKNN: tensor '%s' has an invalid shape", tensor->name);
		return false;
	}
	/* without a word on the type, a tensor that is not quantised is float16 on this hardware */
	tensor->type = TYPE_FLOAT16;
	type = value_get(edge, "dtype", KIND_STRING);
	if (!type)
		type = value_get(dtype, "vx_type", KIND_STRING);
	if (type && type->text[0] && !type_from_text(type->text, &tensor->type)) {
		log_line(LOG_ERROR, "parseRKNN: tensor '%s' has the unknown type '%s'", tensor->name,
		         type->text);
		return false;
	}
	layout = value_get(edge, "layout", KIND_STRING);
	tensor->nhwc = layout ? strcmp(layout->text, "NHWC") == 0 : tensor->is_input;
	read_quantisation(tensor, value_get(ranges, name->text, KIND_MAP));
	return true;
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
		if (!read_tensor(&tensors[place], norm_tensor(json, id), edges, quantisation, n_shapes))
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
