/* The table of contexts. A handle is a slot and a count of creations, so a stale one is noticed. */
#include <pthread.h>
#include <stdlib.h>

#include "simulator.h"

enum { SLOT_BITS = 10, SLOTS = 1 << SLOT_BITS };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct context *table[SLOTS];
static uint32_t created;

void lock(void)
{
	pthread_mutex_lock(&mutex);
}

void unlock(void)
{
	pthread_mutex_unlock(&mutex);
}

struct context *context_new(enum context_kind kind)
{
	uint32_t slot = 0;
	struct context *context;

	while (slot < SLOTS && table[slot])
		slot++;
	if (slot == SLOTS) {
		log_line(LOG_ERROR, "simulator: %d contexts are open, no room for another", SLOTS);
		return NULL;
	}
	context = calloc(1, sizeof *context);
	if (!context)
		return NULL;
	created = (created + 1) & (UINT32_MAX >> SLOT_BITS);
	created += created == 0;
	context->kind = kind;
	context->device.fd = -1;
	context->handle = created << SLOT_BITS | slot;
	table[slot] = context;
	return context;
}

struct context *context_find(rknn_context handle)
{
	struct context *context = table[handle % SLOTS];

	return context && context->handle == handle ? context : NULL;
}

struct context *context_of_kind(rknn_context handle, enum context_kind kind, const char *caller)
{
	struct context *context = context_find(handle);

	if (context && context->kind == kind)
		return context;
	log_line(LOG_ERROR, "%s: the context is invalid, or was destroyed", caller);
	return NULL;
}

int check_core_mask(const struct context *context, int mask, const char *caller)
{
	int all = (int)soc_core_mask(context->soc);
	/* cores are joined from the first on: 0, 0 and 1, all three; never 1 and 2 */
	bool single = mask == 1 || mask == 2 || mask == 4, joined = mask == 3 || mask == 7;

	if (mask == 0)
		return RKNN_SUCC;
	if (all == 0) {
		log_line(LOG_ERROR, "%s: No implementation found for current platform!", caller);
		return RKNN_ERR_FAIL;
	}
	if (mask == 0xffff || ((single || joined) && mask <= all)) {
		log_line(LOG_INFO, "%s: core mask %d", caller, mask);
		return RKNN_SUCC;
	}
	log_line(LOG_ERROR, "%s: unavailable core mask found for current platform! max core mask = %d",
	         caller, all);
	return RKNN_ERR_PARAM_INVALID;
}

void context_free(struct context *context)
{
	table[context->handle % SLOTS] = NULL;
	memories_drop(context->handle);
	while (context->handed_out) {
		struct buffer *next = context->handed_out->next;

		free(context->handed_out->bytes);
		free(context->handed_out);
		context->handed_out = next;
	}
	model_release(context->model);
	device_close(&context->device);
	free(context->inputs);
	free(context->outputs);
	free(context->matmul_shapes);
	free(context);
}

static void forget(struct binding *bindings, uint32_t count, const struct memory *memory)
{
	for (uint32_t i = 0; bindings && i < count; i++)
		if (bindings[i].memory == memory)
			bindings[i] = (struct binding){ 0 };
}

/* Memory that goes away must not stay bound anywhere. */
void contexts_forget_memory(const struct memory *memory)
{
	for (uint32_t slot = 0; slot < SLOTS; slot++) {
		struct context *context = table[slot];

		if (!context)
			continue;
		forget(context->inputs, context->model ? context->model->n_inputs : 0, memory);
		forget(context->outputs, context->model ? context->model->n_outputs : 0, memory);
		forget(&context->a, 1, memory);
		forget(&context->b, 1, memory);
		forget(&context->c, 1, memory);
	}
}
