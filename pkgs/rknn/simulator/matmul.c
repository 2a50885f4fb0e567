/* The functions of rknn_matmul_api.h: shapes are worked out, C is zeros. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

enum { LAYOUT_NORMAL, LAYOUT_NATIVE, LAYOUT_TRANSPOSED };

/* Indexed by rknn_matmul_type; 13 and 14 do not exist. */
static const struct types {
	bool known;
	int8_t a, b, c;
} types[16] = {
	[1] = { true, TYPE_FLOAT16, TYPE_FLOAT16, TYPE_FLOAT32 },
	[2] = { true, TYPE_INT8, TYPE_INT8, TYPE_INT32 },
	[3] = { true, TYPE_INT8, TYPE_INT8, TYPE_INT8 },
	[4] = { true, TYPE_FLOAT16, TYPE_FLOAT16, TYPE_FLOAT16 },
	[5] = { true, TYPE_FLOAT16, TYPE_INT8, TYPE_FLOAT32 },
	[6] = { true, TYPE_FLOAT16, TYPE_INT8, TYPE_FLOAT16 },
	[7] = { true, TYPE_FLOAT16, TYPE_INT4, TYPE_FLOAT32 },
	[8] = { true, TYPE_FLOAT16, TYPE_INT4, TYPE_FLOAT16 },
	[9] = { true, TYPE_INT8, TYPE_INT8, TYPE_FLOAT32 },
	[10] = { true, TYPE_INT4, TYPE_INT4, TYPE_INT16 },
	[11] = { true, TYPE_INT8, TYPE_INT4, TYPE_INT32 },
	[12] = { true, TYPE_FLOAT16, TYPE_INT4, TYPE_BFLOAT16 },
	[15] = { true, TYPE_INT8, TYPE_INT4, TYPE_FLOAT16 },
};

static void put(rknn_matmul_tensor_attr *attr, const char *name, int type, uint32_t n_dims,
                const uint32_t *dims)
{
	uint64_t elems = 1;

	memset(attr, 0, sizeof *attr);
	snprintf(attr->name, sizeof attr->name, "%s", name);
	attr->n_dims = n_dims;
	attr->type = type;
	for (uint32_t i = 0; i < n_dims; i++)
		elems *= attr->dims[i] = dims[i];
	attr->size = (uint32_t)type_bytes(type, elems);
}

/* Columns of B that an RK3588 keeps together; rows are always 32. */
static uint32_t b_columns(int type)
{
	return type == TYPE_FLOAT16 ? 16 : type == TYPE_INT4 ? 64 : 32;
}

static int describe(const rknn_matmul_info *info, rknn_matmul_shape shape, rknn_matmul_io_attr *io)
{
	uint32_t m = (uint32_t)shape.M, k = (uint32_t)shape.K, n = (uint32_t)shape.N;
	struct types type;
	uint32_t a_block, columns, c_block;

	if (info->type < 1 || info->type > 15 || !types[info->type].known) {
		log_line(LOG_ERROR, "rknn_matmul_create, there is no matmul type %" PRId32, info->type);
		return RKNN_ERR_PARAM_INVALID;
	}
	type = types[info->type];
	columns = b_columns(type.b);
	if (shape.M < 1 || shape.K < 1 || shape.N < 1 || k % 32 || n % columns ||
	    (uint64_t)m * k > UINT32_MAX / 8 || (uint64_t)k * n > UINT32_MAX / 8 ||
	    (uint64_t)m * n > UINT32_MAX / 8) {
		log_line(LOG_ERROR, "rknn_matmul_create, M=%" PRId32 " K=%" PRId32 " N=%" PRId32 " is invalid: K "
		         "must be a multiple of 32 and N of %" PRIu32, shape.M, shape.K, shape.N, columns);
		return RKNN_ERR_PARAM_INVALID;
	}
	a_block = type.a == TYPE_FLOAT16 ? 8 : type.a == TYPE_INT4 ? 32 : 16;
	c_block = type.a == TYPE_INT4 ? 8 : 4;
	if (info->AC_layout == LAYOUT_NATIVE) {
		put(&io->A, "A", type.a, 3, (uint32_t[]){ k / a_block, m, a_block });
		put(&io->C, "C", type.c, 3, (uint32_t[]){ n / c_block, m, c_block });
	} else {
		put(&io->A, "A", type.a, 2, (uint32_t[]){ m, k });
		put(&io->C, "C", type.c, 2, (uint32_t[]){ m, n });
	}
	if (info->B_layout == LAYOUT_NATIVE)
		put(&io->B, "B", type.b, 4, (uint32_t[]){ n / columns, k / 32, columns, 32 });
	else if (info->B_layout == LAYOUT_TRANSPOSED)
		put(&io->B, "B", type.b, 2, (uint32_t[]){ n, k });
	else
		put(&io->B, "B", type.b, 2, (uint32_t[]){ k, n });
	return RKNN_SUCC;
}

static int create(rknn_context *handle, const rknn_matmul_info *info, uint32_t count,
                  const rknn_matmul_shape *shapes, rknn_matmul_io_attr *io)
{
	struct context *context = context_new(CONTEXT_MATMUL);
	int status = RKNN_ERR_MALLOC_FAIL;

	if (!context)
		return status;
	context->matmul = *info;
	context->matmul_shapes = calloc(count, sizeof *shapes);
	if (context->matmul_shapes) {
		memcpy(context->matmul_shapes, shapes, count * sizeof *shapes);
		context->n_matmul_shapes = count;
		status = device_open(&context->device);
	}
	snprintf(context->soc, sizeof context->soc, "%s",
	         context->device.soc[0] ? context->device.soc : "rk3588");
	for (uint32_t i = 0; status == RKNN_SUCC && i < count; i++)
		status = describe(info, shapes[i], &io[i]);
	if (status == RKNN_SUCC)
		*handle = context->handle;
	else
		context_free(context);
	return status;
}

EXPORT int rknn_matmul_create_dynamic_shape(rknn_context *handle, rknn_matmul_info *info, int count,
                                            rknn_matmul_shape *shapes, rknn_matmul_io_attr *io)
{
	int status;

	if (!handle || !info || !shapes || !io || count < 1 || count > MAX_SHAPES)
		return RKNN_ERR_PARAM_INVALID;
	lock();
	status = create(handle, info, (uint32_t)count, shapes, io);
	unlock();
	return status;
}

EXPORT int rknn_matmul_create(rknn_context *handle, rknn_matmul_info *info, rknn_matmul_io_attr *io)
{
	if (!info)
		return RKNN_ERR_PARAM_INVALID;
	return rknn_matmul_create_dynamic_shape(
		handle, info, 1, &(rknn_matmul_shape){ info->M, info->K, info->N }, io);
}

static int bind(struct context *context, const rknn_tensor_mem *mem,
                const rknn_matmul_tensor_attr *attr)
{
	struct memory *memory = memory_find(mem);
	struct binding *bindings[] = { &context->a, &context->b, &context->c };
	rknn_matmul_io_attr io;
	const rknn_matmul_tensor_attr *known[] = { &io.A, &io.B, &io.C };

	if (!memory || !attr || describe(&context->matmul, context->matmul_shapes[context->shape], &io))
		return RKNN_ERR_PARAM_INVALID;
	for (size_t i = 0; i < 3; i++) {
		if (strncmp(attr->name, known[i]->name, MAX_NAME) != 0)
			continue;
		if (memory_size(memory) < known[i]->size) {
			log_line(LOG_ERROR, "rknn_matmul_set_io_mem, memory size(%" PRIu64 ") < size(%" PRIu32
			         ") of %s", memory_size(memory), known[i]->size, attr->name);
			return RKNN_ERR_PARAM_INVALID;
		}
		*bindings[i] = (struct binding){ .set = true, .memory = memory };
		return RKNN_SUCC;
	}
	log_line(LOG_ERROR, "rknn_matmul_set_io_mem, '%.*s' is not A, B or C", MAX_NAME, attr->name);
	return RKNN_ERR_PARAM_INVALID;
}

static int run_matmul(struct context *context)
{
	rknn_matmul_io_attr io;

	if (!context->a.set || !context->b.set || !context->c.set) {
		log_line(LOG_ERROR, "rknn_matmul_run, the memory of A, B or C has not been set");
		return RKNN_ERR_INPUT_INVALID;
	}
	if (describe(&context->matmul, context->matmul_shapes[context->shape], &io) ||
	    memory_size(context->a.memory) < io.A.size || memory_size(context->b.memory) < io.B.size ||
	    memory_size(context->c.memory) < io.C.size)
		return RKNN_ERR_PARAM_INVALID;
	memory_zero(context->c.memory, io.C.size);
	return RKNN_SUCC;
}

static int choose(struct context *context, const rknn_matmul_shape *shape)
{
	for (uint32_t i = 0; shape && i < context->n_matmul_shapes; i++) {
		if (memcmp(&context->matmul_shapes[i], shape, sizeof *shape) == 0) {
			context->shape = i;
			return RKNN_SUCC;
		}
	}
	return RKNN_ERR_PARAM_INVALID;
}

static int destroy(struct context *context)
{
	context_free(context);
	return RKNN_SUCC;
}

#define WITH_MATMUL(handle, what) do { \
		struct context *context; \
		int status = RKNN_ERR_CTX_INVALID; \
		lock(); \
		context = context_of_kind(handle, CONTEXT_MATMUL, __func__); \
		if (context) \
			status = (what); \
		unlock(); \
		return status; \
	} while (0)

EXPORT int rknn_matmul_set_io_mem(rknn_context handle, rknn_tensor_mem *mem,
                                  rknn_matmul_tensor_attr *attr)
{
	WITH_MATMUL(handle, bind(context, mem, attr));
}

EXPORT int rknn_matmul_set_core_mask(rknn_context handle, int mask)
{
	WITH_MATMUL(handle, check_core_mask(context, mask, __func__));
}

EXPORT int rknn_matmul_set_quant_params(rknn_context handle, rknn_quant_params *params)
{
	WITH_MATMUL(handle, params ? RKNN_SUCC : RKNN_ERR_PARAM_INVALID);
}

EXPORT int rknn_matmul_get_quant_params(rknn_context handle, rknn_quant_params *params, float *scale)
{
	(void)handle, (void)params, (void)scale;
	log_line(LOG_ERROR, "simulator: rknn_matmul_get_quant_params is not simulated");
	return RKNN_ERR_FAIL;
}

EXPORT int rknn_matmul_set_dynamic_shape(rknn_context handle, rknn_matmul_shape *shape)
{
	WITH_MATMUL(handle, choose(context, shape));
}

EXPORT int rknn_matmul_run(rknn_context handle)
{
	WITH_MATMUL(handle, run_matmul(context));
}

EXPORT int rknn_matmul_destroy(rknn_context handle)
{
	WITH_MATMUL(handle, destroy(context));
}

EXPORT int rknn_B_normal_layout_to_native_layout(void *from, void *to, int k, int n,
                                                 rknn_matmul_info *info)
{
	(void)from, (void)to, (void)k, (void)n, (void)info;
	log_line(LOG_ERROR, "simulator: rknn_B_normal_layout_to_native_layout is not simulated");
	return RKNN_ERR_FAIL;
}
