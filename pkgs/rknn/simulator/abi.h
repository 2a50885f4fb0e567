/*
 * The binary interface of librknnrt, as far as a caller can see it: enum values, structures and
 * return codes. The names are upstream's; text and grouping are ours. The sizes are asserted,
 * because callers (rknnlite among them) declare the same structures on their side.
 */
#ifndef SIMULATOR_ABI_H
#define SIMULATOR_ABI_H

#include <stdint.h>

#ifdef __arm__
typedef uint32_t rknn_context;
#else
typedef uint64_t rknn_context;
#endif

enum { MAX_DIMS = 16, MAX_NAME = 256, MAX_SHAPES = 512 };

enum {
	RKNN_SUCC = 0,
	RKNN_ERR_FAIL = -1,
	RKNN_ERR_MALLOC_FAIL = -4,
	RKNN_ERR_PARAM_INVALID = -5,
	RKNN_ERR_MODEL_INVALID = -6,
	RKNN_ERR_CTX_INVALID = -7,
	RKNN_ERR_INPUT_INVALID = -8,
	RKNN_ERR_OUTPUT_INVALID = -9,
	RKNN_ERR_TARGET_PLATFORM_UNMATCH = -13,
};

enum {
	RKNN_FLAG_COLLECT_PERF_MASK = 0x8,
	RKNN_FLAG_COLLECT_MODEL_INFO_ONLY = 0x100,
	RKNN_MEM_FLAG_ALLOC_NO_CONTEXT = 0x20000,
};

enum query {
	QUERY_IN_OUT_NUM,
	QUERY_INPUT_ATTR,
	QUERY_OUTPUT_ATTR,
	QUERY_PERF_DETAIL,
	QUERY_PERF_RUN,
	QUERY_SDK_VERSION,
	QUERY_MEM_SIZE,
	QUERY_CUSTOM_STRING,
	QUERY_NATIVE_INPUT_ATTR,
	QUERY_NATIVE_OUTPUT_ATTR,
	QUERY_NATIVE_NHWC_INPUT_ATTR,
	QUERY_NATIVE_NHWC_OUTPUT_ATTR,
	QUERY_DEVICE_MEM_INFO,
	QUERY_INPUT_DYNAMIC_RANGE,
	QUERY_CURRENT_INPUT_ATTR,
	QUERY_CURRENT_OUTPUT_ATTR,
	QUERY_CURRENT_NATIVE_INPUT_ATTR,
	QUERY_CURRENT_NATIVE_OUTPUT_ATTR,
	QUERY_MAX,
};

enum tensor_type {
	TYPE_FLOAT32, TYPE_FLOAT16, TYPE_INT8, TYPE_UINT8, TYPE_INT16, TYPE_UINT16,
	TYPE_INT32, TYPE_UINT32, TYPE_INT64, TYPE_BOOL, TYPE_INT4, TYPE_BFLOAT16, TYPE_MAX,
};

enum tensor_format { FORMAT_NCHW, FORMAT_NHWC, FORMAT_NC1HWC2, FORMAT_UNDEFINED, FORMAT_MAX };

enum { QNT_AFFINE_ASYMMETRIC = 2 };

enum { MEM_ALLOC_INSIDE = 1, MEM_FROM_FD = 2, MEM_FROM_PHYS = 3 };

typedef struct {
	uint32_t n_input, n_output;
} rknn_input_output_num;

typedef struct {
	uint32_t index, n_dims, dims[MAX_DIMS];
	char name[MAX_NAME];
	uint32_t n_elems, size;
	int32_t fmt, type, qnt_type;
	int8_t fl;
	int32_t zp;
	float scale;
	uint32_t w_stride, size_with_stride;
	uint8_t pass_through;
	uint32_t h_stride;
} rknn_tensor_attr;

typedef struct {
	uint32_t index, shape_number;
	int32_t fmt;
	char name[MAX_NAME];
	uint32_t dyn_range[MAX_SHAPES][MAX_DIMS];
	uint32_t n_dims;
} rknn_input_range;

typedef struct {
	char *perf_data;
	uint64_t data_len;
} rknn_perf_detail;

typedef struct {
	int64_t run_duration; /* microseconds */
} rknn_perf_run;

typedef struct {
	char api_version[256], drv_version[256];
} rknn_sdk_version;

typedef struct {
	uint32_t total_weight_size, total_internal_size;
	uint64_t total_dma_allocated_size;
	uint32_t total_sram_size, free_sram_size, reserved[10];
} rknn_mem_size;

typedef struct {
	char string[1024];
} rknn_custom_string;

typedef struct {
	void *virt_addr;
	uint64_t phys_addr;
	int32_t fd, offset;
	uint32_t size, flags;
	void *priv_data;
} rknn_tensor_mem;

typedef struct {
	uint32_t index;
	void *buf;
	uint32_t size;
	uint8_t pass_through;
	int32_t type, fmt;
} rknn_input;

typedef struct {
	uint8_t want_float, is_prealloc;
	uint32_t index;
	void *buf;
	uint32_t size;
} rknn_output;

typedef struct {
	rknn_context ctx;
	int32_t real_model_offset;
	uint32_t real_model_size;
	int32_t model_buffer_fd;
	uint32_t model_buffer_flags;
	uint8_t reserved[112];
} rknn_init_extend;

typedef struct {
	uint64_t frame_id;
	int32_t non_block, timeout_ms, fence_fd;
} rknn_run_extend;

typedef struct {
	uint64_t frame_id;
} rknn_output_extend;

typedef struct {
	char name[MAX_NAME];
	float *scale;
	int32_t scale_len;
	int32_t *zp;
	int32_t zp_len;
} rknn_quant_params;

typedef struct {
	char name[MAX_NAME];
	uint32_t n_dims, dims[MAX_DIMS], size;
	int32_t type;
} rknn_matmul_tensor_attr;

typedef struct {
	rknn_matmul_tensor_attr A, B, C;
} rknn_matmul_io_attr;

typedef struct {
	int32_t M, K, N;
} rknn_matmul_shape;

typedef struct {
	int32_t M, K, N, type;
	int16_t B_layout, B_quant_type, AC_layout, AC_quant_type;
	int32_t iommu_domain_id;
	int16_t group_size;
	int8_t reserved[34];
} rknn_matmul_info;

typedef struct {
	char name[MAX_NAME];
	int32_t dtype;
	uint32_t n_elems;
	void *data;
} rknn_custom_op_attr;

_Static_assert(sizeof(rknn_tensor_attr) == 376, "rknn_tensor_attr");
_Static_assert(sizeof(rknn_input_range) == 33040, "rknn_input_range");
_Static_assert(sizeof(rknn_sdk_version) == 512, "rknn_sdk_version");
_Static_assert(sizeof(rknn_mem_size) == 64, "rknn_mem_size");
_Static_assert(sizeof(rknn_matmul_info) == 64, "rknn_matmul_info");
_Static_assert(sizeof(rknn_matmul_tensor_attr) == 332, "rknn_matmul_tensor_attr");
#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(rknn_input) == 32 && sizeof(rknn_output) == 24, "rknn_input, rknn_output");
_Static_assert(sizeof(rknn_tensor_mem) == 40, "rknn_tensor_mem");
_Static_assert(sizeof(rknn_init_extend) == 136, "rknn_init_extend");
_Static_assert(sizeof(rknn_run_extend) == 24, "rknn_run_extend");
_Static_assert(sizeof(rknn_quant_params) == 288, "rknn_quant_params");
#endif

#endif
