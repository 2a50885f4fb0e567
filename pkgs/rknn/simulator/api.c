/* The functions of rknn_api.h: take the lock, check the handle, leave the work to the other files. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "simulator.h"

/* `what` with the lock held and `context` found, or RKNN_ERR_CTX_INVALID. */
#define WITH_CONTEXT(handle, what) do { \
		struct context *context; \
		int status = RKNN_ERR_CTX_INVALID; \
		lock(); \
		context = context_of_kind(handle, CONTEXT_MODEL, __func__); \
		if (context) \
			status = (what); \
		unlock(); \
		return status; \
	} while (0)

/* Whole file, or the part of it that extend names. The caller frees it; NULL after a message. */
static void *read_file(const char *path, const rknn_init_extend *extend, size_t *length)
{
	off_t from = extend && extend->real_model_offset > 0 ? extend->real_model_offset : 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	char *bytes = NULL;
	size_t done = 0;
	ssize_t got = 1;

	if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= from) {
		*length = (size_t)(about.st_size - from);
		if (extend && extend->real_model_size && extend->real_model_size < *length)
			*length = extend->real_model_size;
		bytes = malloc(*length + 1);
		while (bytes && done < *length && got > 0) {
			got = pread(fd, bytes + done, *length - done, from + (off_t)done);
			done += got > 0 ? (size_t)got : 0;
		}
	}
	if (fd >= 0)
		close(fd);
	if (bytes && done == *length)
		return bytes;
	free(bytes);
	log_line(LOG_ERROR, "rknn_init, failed to read the model from path '%s'", path);
	return NULL;
}

static int load(struct model **model, void *bytes, uint32_t size, const rknn_init_extend *extend)
{
	size_t length = size;
	void *file = size == 0 ? read_file(bytes, extend, &length) : NULL;
	int status = RKNN_ERR_MODEL_INVALID;

	if (file || size > 0)
		status = model_load(model, file ? file : bytes, length);
	free(file);
	return status;
}

static int settle_platform(struct context *context)
{
	const char *platform = context->model->platform, *soc = context->device.soc;

	snprintf(context->soc, sizeof context->soc, "%s", soc[0] ? soc : platform);
	if (strcmp(soc_family(context->soc), soc_family(platform)) == 0)
		return RKNN_SUCC;
	log_line(LOG_ERROR, "This rknn model is for %s, but current platform is %s", platform, context->soc);
	return RKNN_ERR_TARGET_PLATFORM_UNMATCH;
}

static int make_bindings(struct context *context)
{
	context->inputs = calloc(context->model->n_inputs, sizeof *context->inputs);
	context->outputs = calloc(context->model->n_outputs, sizeof *context->outputs);
	return context->inputs && context->outputs ? RKNN_SUCC : RKNN_ERR_MALLOC_FAIL;
}

static int finish(struct context *context, int status, rknn_context *handle)
{
	if (status == RKNN_SUCC)
		*handle = context->handle;
	else
		context_free(context);
	return status;
}

static int init(rknn_context *handle, void *bytes, uint32_t size, uint32_t flags,
                const rknn_init_extend *extend)
{
	struct context *context = context_new(CONTEXT_MODEL);
	int status;

	if (!context)
		return RKNN_ERR_MALLOC_FAIL;
	context->flags = flags;
	log_line(LOG_INFO, "RKNN Runtime Information, librknnrt version: " RUNTIME_VERSION);
	log_line(LOG_WARN, "simulator: nothing is computed, all outputs are zero");
	status = device_open(&context->device);
	if (status == RKNN_SUCC) {
		status = load(&context->model, bytes, size, extend);
		if (status == RKNN_SUCC)
			status = settle_platform(context);
		if (status != RKNN_SUCC)
			log_line(LOG_ERROR, "rknn_init, load model failed!");
	}
	if (status == RKNN_SUCC)
		status = make_bindings(context);
	return finish(context, status, handle);
}

EXPORT int rknn_init(rknn_context *handle, void *model, uint32_t size, uint32_t flags,
                     rknn_init_extend *extend)
{
	int status;

	if (!handle || !model) {
		log_line(LOG_ERROR, "rknn_init, the context or the model is NULL");
		return RKNN_ERR_PARAM_INVALID;
	}
	lock();
	status = init(handle, model, size, flags, extend);
	unlock();
	return status;
}

static int dup_context(const struct context *from, rknn_context *handle)
{
	struct context *context = context_new(CONTEXT_MODEL);
	int status;

	if (!context)
		return RKNN_ERR_MALLOC_FAIL;
	context->flags = from->flags;
	context->model = from->model;
	context->model->users++;
	memcpy(context->soc, from->soc, sizeof context->soc);
	status = device_dup(&context->device, &from->device);
	if (status == RKNN_SUCC)
		status = make_bindings(context);
	return finish(context, status, handle);
}

EXPORT int rknn_dup_context(rknn_context *handle, rknn_context *copy)
{
	if (!handle || !copy)
		return RKNN_ERR_PARAM_INVALID;
	WITH_CONTEXT(*handle, dup_context(context, copy));
}

static int destroy(struct context *context)
{
	context_free(context);
	return RKNN_SUCC;
}

EXPORT int rknn_destroy(rknn_context handle)
{
	WITH_CONTEXT(handle, destroy(context));
}

EXPORT int rknn_query(rknn_context handle, int cmd, void *info, uint32_t size)
{
	WITH_CONTEXT(handle, query(context, cmd, info, size));
}

EXPORT int rknn_inputs_set(rknn_context handle, uint32_t count, rknn_input *inputs)
{
	WITH_CONTEXT(handle, inputs_set(context, count, inputs));
}

EXPORT int rknn_run(rknn_context handle, rknn_run_extend *extend)
{
	WITH_CONTEXT(handle, run(context, extend));
}

EXPORT int rknn_wait(rknn_context handle, rknn_run_extend *extend)
{
	(void)extend;
	WITH_CONTEXT(handle, context->has_run ? RKNN_SUCC : RKNN_ERR_FAIL);
}

EXPORT int rknn_outputs_get(rknn_context handle, uint32_t count, rknn_output *outputs,
                            rknn_output_extend *extend)
{
	WITH_CONTEXT(handle, outputs_get(context, count, outputs, extend));
}

EXPORT int rknn_outputs_release(rknn_context handle, uint32_t count, rknn_output *outputs)
{
	WITH_CONTEXT(handle, outputs_release(context, count, outputs));
}

EXPORT int rknn_set_io_mem(rknn_context handle, rknn_tensor_mem *mem, rknn_tensor_attr *attr)
{
	WITH_CONTEXT(handle, bind_memory(context, mem, attr));
}

EXPORT int rknn_set_input_shapes(rknn_context handle, uint32_t count, rknn_tensor_attr *attrs)
{
	WITH_CONTEXT(handle, choose_shapes(context, count, attrs));
}

static int choose_shape(struct context *context, const rknn_tensor_attr *attr)
{
	if (context->model->n_inputs == 1)
		return choose_shapes(context, 1, attr);
	log_line(LOG_ERROR, "simulator: rknn_set_input_shape of a model with %" PRIu32 " inputs is not "
	         "simulated; call rknn_set_input_shapes", context->model->n_inputs);
	return RKNN_ERR_FAIL;
}

EXPORT int rknn_set_input_shape(rknn_context handle, rknn_tensor_attr *attr)
{
	WITH_CONTEXT(handle, choose_shape(context, attr));
}

static int check_core_mask(const struct context *context, int mask)
{
	int all = (int)soc_core_mask(context->soc);
	/* cores are joined from the first on: 0, 0 and 1, all three; never 1 and 2 */
	bool single = mask == 1 || mask == 2 || mask == 4, joined = mask == 3 || mask == 7;

	if (mask == 0)
		return RKNN_SUCC;
	if (all == 0) {
		log_line(LOG_ERROR, "rknn_set_core_mask: No implementation found for current platform!");
		return RKNN_ERR_FAIL;
	}
	if (mask == 0xffff || ((single || joined) && mask <= all))
		return RKNN_SUCC;
	log_line(LOG_ERROR, "rknn_set_core_mask: unavailable core mask found for current platform! "
	         "max core mask = %d", all);
	return RKNN_ERR_PARAM_INVALID;
}

EXPORT int rknn_set_core_mask(rknn_context handle, int mask)
{
	WITH_CONTEXT(handle, check_core_mask(context, mask));
}

EXPORT int rknn_set_batch_core_num(rknn_context handle, int cores)
{
	WITH_CONTEXT(handle, cores >= 1 && (1u << cores) - 1 <= (soc_core_mask(context->soc) | 1u)
	                     ? RKNN_SUCC : RKNN_ERR_PARAM_INVALID);
}

/* Memory that the caller provides for the weights or between the layers: looked at, never used. */
static int check_outside_memory(struct context *context, const rknn_tensor_mem *mem, bool weights)
{
	const struct memory *memory = memory_find(mem);
	rknn_mem_size sizes;
	int status = query(context, QUERY_MEM_SIZE, &sizes, sizeof sizes);

	if (status != RKNN_SUCC || !memory)
		return RKNN_ERR_PARAM_INVALID;
	return memory_size(memory) >= (weights ? sizes.total_weight_size : sizes.total_internal_size)
	       ? RKNN_SUCC : RKNN_ERR_PARAM_INVALID;
}

EXPORT int rknn_set_weight_mem(rknn_context handle, rknn_tensor_mem *mem)
{
	WITH_CONTEXT(handle, check_outside_memory(context, mem, true));
}

EXPORT int rknn_set_internal_mem(rknn_context handle, rknn_tensor_mem *mem)
{
	WITH_CONTEXT(handle, check_outside_memory(context, mem, false));
}
