/* Making contexts: the device, then the model, then whether the two fit. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "simulator.h"

/* Whole file, or the part of it that extend names. The caller frees it; NULL after a message. */
static void *read_file(const char *path, const rknn_init_extend *extend, size_t *length)
{
	off_t from = extend && extend->real_model_offset > 0 ? extend->real_model_offset : 0;
	/* without O_NONBLOCK a FIFO would hold up every thread, for as long as nobody writes to it */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
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

int init(rknn_context *handle, void *bytes, uint32_t size, uint32_t flags,
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

int dup_context(const struct context *from, rknn_context *handle)
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
