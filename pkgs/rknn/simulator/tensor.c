/* Types, sizes and layouts of one tensor, and the attributes that callers see. */
#include <string.h>

#include "simulator.h"

static const char *const type_names[TYPE_MAX] = {
	"float32", "float16", "int8", "uint8", "int16", "uint16",
	"int32", "uint32", "int64", "bool", "int4", "bfloat16",
};

bool type_from_text(const char *text, int *type)
{
	for (int i = 0; i < TYPE_MAX; i++) {
		if (strcmp(text, type_names[i]) == 0) {
			*type = i;
			return true;
		}
	}
	return false;
}

bool type_known(int type)
{
	return type >= 0 && type < TYPE_MAX;
}

/* Bytes of `n_elems` elements; 0 for a type that does not exist. */
uint64_t type_bytes(int type, uint64_t n_elems)
{
	switch (type) {
	case TYPE_INT64:
		return n_elems * 8;
	case TYPE_FLOAT32: case TYPE_INT32: case TYPE_UINT32:
		return n_elems * 4;
	case TYPE_FLOAT16: case TYPE_BFLOAT16: case TYPE_INT16: case TYPE_UINT16:
		return n_elems * 2;
	case TYPE_INT8: case TYPE_UINT8: case TYPE_BOOL:
		return n_elems;
	case TYPE_INT4:
		return (n_elems + 1) / 2;
	default:
		return 0;
	}
}

static uint64_t product(const uint32_t *dims, uint32_t n)
{
	uint64_t elems = 1;

	for (uint32_t i = 0; i < n; i++) {
		if (dims[i] == 0 || elems > UINT32_MAX / dims[i])
			return 0;
		elems *= dims[i];
	}
	return elems;
}

/* Whether every shape of the tensor, in its widest form, can be told in the ABI's 32-bit sizes:
 * 8 bytes an element and, in the NPU's own layout, up to 16 bytes of filling behind the channels. */
bool tensor_fits(const struct tensor *tensor, uint32_t n_shapes)
{
	for (uint32_t row = 0; row < n_shapes; row++) {
		const uint32_t *dims = tensor->shapes[row];
		uint64_t elems = product(dims, tensor->n_dims);

		if (elems == 0 || elems > UINT32_MAX / 8)
			return false;
		if (tensor->n_dims == 4 && elems / dims[1] * ((uint64_t)dims[1] * 8 + 16) > UINT32_MAX)
			return false;
	}
	return true;
}

uint32_t tensor_elems(const struct tensor *tensor, uint32_t row)
{
	return (uint32_t)product(tensor->shapes[row], tensor->n_dims);
}

/* Channels that the NPU keeps together in its own layout: 16 bytes, on RK3566/RK3568 8. */
static uint32_t channel_block(int type, const char *platform)
{
	uint32_t bytes = strcmp(soc_family(platform), "rk3566") == 0 ? 8 : 16;
	uint64_t element = type_bytes(type, 1);

	return element > bytes / 2 ? 2 : bytes / (uint32_t)element;
}

static void put_dims(rknn_tensor_attr *attr, int format, uint32_t n_dims, const uint32_t *dims)
{
	attr->fmt = format;
	attr->n_dims = n_dims;
	memcpy(attr->dims, dims, n_dims * sizeof *dims);
}

void tensor_attr(const struct tensor *tensor, uint32_t row, enum attr_form form,
                 const char *platform, rknn_tensor_attr *attr)
{
	const uint32_t *dims = tensor->shapes[row];
	uint32_t index = attr->index;

	memset(attr, 0, sizeof *attr);
	attr->index = index;
	memcpy(attr->name, tensor->name, sizeof attr->name);
	attr->type = tensor->type;
	/* so also for tensors that are not quantised: "type=FP16, qnt_type=AFFINE, zp=0, scale=1.000000" */
	attr->qnt_type = QNT_AFFINE_ASYMMETRIC;
	attr->zp = tensor->zp;
	attr->scale = tensor->scale;
	if (tensor->n_dims != 4) {
		put_dims(attr, FORMAT_UNDEFINED, tensor->n_dims, dims);
	} else {
		uint32_t n = dims[0], c = dims[1], h = dims[2], w = dims[3];
		/* an input of up to 4 channels stays NHWC, it is an image: "[NATIVE]: dims=[1,224,224,3,]" */
		bool image = tensor->is_input && tensor->nhwc && c <= 4;
		uint32_t block = channel_block(tensor->type, platform);

		if (form == ATTR_NATIVE && !image)
			put_dims(attr, FORMAT_NC1HWC2, 5,
			         (uint32_t[]){ n, (c + block - 1) / block, h, w, block });
		else if (form != ATTR_NORMAL || tensor->nhwc)
			put_dims(attr, FORMAT_NHWC, 4, (uint32_t[]){ n, h, w, c });
		else
			put_dims(attr, FORMAT_NCHW, 4, dims);
		attr->w_stride = tensor->is_input ? w : 0;
	}
	attr->n_elems = (uint32_t)product(attr->dims, attr->n_dims);
	attr->size = (uint32_t)type_bytes(attr->type, attr->n_elems);
	attr->size_with_stride = attr->size;
}
