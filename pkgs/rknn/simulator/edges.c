/* One tensor at a model's edge, from the texts in the file that speak of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

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
	double min, max;

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
	/* rounded so that -1 to 1 gives 0: "type=INT8, qnt_type=AFFINE, zp=0, scale=0.007843" */
	tensor->zp = (int32_t)(lowest + (int32_t)(-min * steps / (max - min) + 0.5));
}

bool tensor_read(struct tensor *tensor, const struct value *norm, const struct value *edge,
                 const struct value *quantisation, const struct model *model)
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
	if (model->dynamic && !(rows = value_get(dynamic, name->text, KIND_LIST))) {
		log_line(LOG_ERROR, "parseRKNN: no dynamic shapes of tensor '%s'", tensor->name);
		return false;
	}
	if (!read_shapes(tensor, size, rows, model->n_shapes)) {
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
