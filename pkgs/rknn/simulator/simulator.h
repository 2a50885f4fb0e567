/* What the files of the simulator share. Nothing here is exported. */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "abi.h"

#ifndef VERSION
#error "VERSION is the SDK release this build stands in for: make VERSION=2.3.2"
#endif
#define RUNTIME_VERSION VERSION " (simulator@rknn-flake)"

/* log.c: one line on stderr in the vendor's form, "E RKNN: [hh:mm:ss.mmm] text" */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* text.c: JSON, and Python literals, which the converter writes into the same file */
enum kind { KIND_NULL, KIND_BOOL, KIND_NUMBER, KIND_STRING, KIND_LIST, KIND_MAP };
struct value {
	enum kind kind;
	double number;
	char *text;             /* KIND_STRING: NUL-terminated UTF-8 */
	char *key;              /* set when the parent is a map */
	struct value *first, *next;
};
struct text;                    /* owns every value of one parse */
struct text *text_parse(const char *bytes, size_t length);
void text_free(struct text *text);
const struct value *text_root(const struct text *text);
const struct value *value_get(const struct value *map, const char *key, enum kind kind);
bool value_uint(const struct value *value, uint32_t *out);

/* literal.c: what text.c is made of; each moves the cursor past what it accepts */
struct cursor {
	const char *at, *end;
	char *out;              /* room for decoded strings */
};
void skip_space(struct cursor *cursor);
bool accept_char(struct cursor *cursor, char wanted);
bool accept_word(struct cursor *cursor, const char *word);
bool at_quote(const struct cursor *cursor);
char *read_string(struct cursor *cursor);
bool read_number(struct cursor *cursor, double *number);

/* container.c: the outer frame of a .rknn file */
struct span {
	const char *at;
	size_t length;
};
struct container {
	uint64_t version;
	struct span body, json;
};
bool container_open(struct container *container, const void *bytes, size_t length);
uint64_t read_le(const char *at, unsigned bytes);

/* slots.c: the table that the body begins with; the numbers are the same in versions 1, 2 and 6.
 * An absent text is empty, or NULL; each returns false, after a message, for a damaged one. */
enum slot {
	SLOT_HARDWARE = 1, SLOT_QUANTISATION = 3, SLOT_TOOLKIT = 7, SLOT_PLATFORM = 8,
	SLOT_FRAMEWORK = 9, SLOT_CUSTOM_STRING = 11, SLOT_INPUTS = 12, SLOT_OUTPUTS = 13,
	SLOT_SHAPE_KIND = 16,
};
bool slot_string(const struct container *container, enum slot slot, struct span *string);
bool slot_copy(char *to, size_t room, const struct container *container, enum slot slot);
bool slot_parse(const struct container *container, enum slot slot, struct text **text);

/* model.c: what a model says of itself; shared by contexts, never changed after loading */
struct tensor {
	char name[MAX_NAME];
	bool is_input;
	uint32_t n_dims;
	uint32_t (*shapes)[MAX_DIMS];   /* one row for each shape of the model, in the model's order */
	int type;
	bool nhwc;                      /* the runtime hands out NHWC where the file says NCHW */
	int32_t zp;
	float scale;
};
struct model {
	unsigned users;
	uint32_t n_inputs, n_outputs, n_shapes;
	struct tensor *inputs, *outputs;
	bool dynamic;
	char platform[32], custom_string[1024];
	uint32_t body_size;
};
int model_load(struct model **out, const void *bytes, size_t length);
void model_release(struct model *model);

/* edges.c */
bool tensor_read(struct tensor *tensor, const struct value *norm, const struct value *edge,
                 const struct value *quantisation, const struct model *model);

/* tensor.c */
bool type_known(int type);
bool type_from_text(const char *text, int *type);
uint64_t type_bytes(int type, uint64_t n_elems);
bool tensor_fits(const struct tensor *tensor, uint32_t n_shapes);
enum attr_form { ATTR_NORMAL, ATTR_NATIVE, ATTR_NATIVE_NHWC };
void tensor_attr(const struct tensor *tensor, uint32_t row, enum attr_form form,
                 const char *platform, rknn_tensor_attr *attr);
uint32_t tensor_elems(const struct tensor *tensor, uint32_t row);

/* device.c */
struct device {
	int fd;                         /* -1 when told to run without one */
	char soc[32];                   /* empty: take the model's word for it */
	char version[32];
};
int device_open(struct device *device);
int device_dup(struct device *to, const struct device *from);
void device_close(struct device *device);
const char *soc_family(const char *soc);
uint32_t soc_core_mask(const char *soc);

/* context.c */
enum context_kind { CONTEXT_MODEL, CONTEXT_MATMUL };
struct memory;
struct binding {
	bool set;
	struct memory *memory;          /* NULL: set through rknn_inputs_set */
	int type;
	bool pass_through, native;
};
struct buffer {
	struct buffer *next;
	void *bytes;
};
struct context {
	enum context_kind kind;
	rknn_context handle;
	struct device device;
	char soc[32];
	uint32_t flags;
	/* CONTEXT_MODEL */
	struct model *model;
	struct binding *inputs, *outputs;
	struct buffer *handed_out;      /* output buffers that the caller has not released */
	uint32_t shape;                 /* row of the model's shapes in use */
	bool shape_chosen, has_run;
	uint64_t frame;
	int64_t run_us;
	char perf_text[192];
	/* CONTEXT_MATMUL */
	rknn_matmul_info matmul;
	rknn_matmul_shape *matmul_shapes;
	uint32_t n_matmul_shapes;
	struct binding a, b, c;
};
/* Every exported function holds this lock for as long as it works: nothing is computed, so there
 * is nothing to gain from finer locks. */
void lock(void);
void unlock(void);
struct context *context_new(enum context_kind kind);
struct context *context_find(rknn_context handle);
struct context *context_of_kind(rknn_context handle, enum context_kind kind, const char *caller);
void context_free(struct context *context);
int check_core_mask(const struct context *context, int mask, const char *caller);
void contexts_forget_memory(const struct memory *memory);

/* init.c to binding.c: each is called with the lock held */
int init(rknn_context *handle, void *bytes, uint32_t size, uint32_t flags,
         const rknn_init_extend *extend);
int dup_context(const struct context *from, rknn_context *handle);
int query(struct context *context, int cmd, void *info, uint32_t size);
int inputs_set(struct context *context, uint32_t count, const rknn_input *inputs);
int run(struct context *context, rknn_run_extend *extend);
int outputs_get(struct context *context, uint32_t count, rknn_output *outputs,
                rknn_output_extend *extend);
int outputs_release(struct context *context, uint32_t count, rknn_output *outputs);
int choose_shapes(struct context *context, uint32_t count, const rknn_tensor_attr *attrs);
int bind_memory(struct context *context, const rknn_tensor_mem *mem, const rknn_tensor_attr *attr);

/* bytes of a tensor in its present shape: as `type`, and as it is bound */
uint64_t bytes_now(const struct context *context, const struct tensor *tensor, int type);
uint64_t bound_bytes(const struct context *context, const struct tensor *tensor,
                     const struct binding *binding);
bool still_fits(const struct context *context, const struct tensor *tensor,
                const struct binding *binding);

struct memory *memory_find(const rknn_tensor_mem *mem);
uint64_t memory_size(const struct memory *memory);
void memory_zero(const struct memory *memory, uint64_t bytes);
void memories_drop(rknn_context owner);
uint64_t memory_total(rknn_context owner);

#define EXPORT __attribute__((visibility("default")))

#endif
