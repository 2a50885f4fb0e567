/* Tensor memory. What is allocated here is a memfd, so that its descriptor is real and mappable. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "simulator.h"

struct memory {
	rknn_tensor_mem seen;           /* what the caller holds, and may write to */
	rknn_tensor_mem kept;           /* the same as we made it */
	rknn_context owner;             /* 0: made without a context */
	void *map;                      /* of a descriptor that came without an address */
	size_t map_length, map_offset;
	struct memory *next;
};

static struct memory *memories;

static struct memory *add(rknn_context owner, const rknn_tensor_mem *mem)
{
	struct memory *memory = calloc(1, sizeof *memory);

	if (!memory)
		return NULL;
	memory->seen = memory->kept = *mem;
	memory->owner = owner;
	memory->next = memories;
	memories = memory;
	return memory;
}

static rknn_tensor_mem *allocate(rknn_context owner, uint64_t size)
{
	rknn_tensor_mem mem = { .fd = -1, .size = (uint32_t)size, .flags = MEM_ALLOC_INSIDE };
	struct memory *memory = NULL;

	if (size == 0 || size > UINT32_MAX) {
		log_line(LOG_ERROR, "rknn_create_mem, invalid size: %" PRIu64, size);
		return NULL;
	}
	mem.fd = memfd_create("rknn-simulator", MFD_CLOEXEC);
	if (mem.fd >= 0 && ftruncate(mem.fd, (off_t)size) == 0) {
		mem.virt_addr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, mem.fd, 0);
		if (mem.virt_addr != MAP_FAILED)
			memory = add(owner, &mem);
		if (!memory && mem.virt_addr != MAP_FAILED)
			munmap(mem.virt_addr, size);
	}
	if (memory)
		return &memory->seen;
	if (mem.fd >= 0)
		close(mem.fd);
	log_line(LOG_ERROR, "failed to malloc npu memory, size: %" PRIu64, size);
	return NULL;
}

/* NULL for memory that is not ours, or was destroyed. */
struct memory *memory_find(const rknn_tensor_mem *mem)
{
	for (struct memory *memory = memories; memory; memory = memory->next)
		if (&memory->seen == mem)
			return memory;
	return NULL;
}

uint64_t memory_size(const struct memory *memory)
{
	return memory->kept.size;
}

void memory_zero(const struct memory *memory, uint64_t bytes)
{
	if (memory->kept.virt_addr)
		memset((char *)memory->kept.virt_addr + memory->kept.offset, 0, bytes);
	else if (memory->map)
		memset((char *)memory->map + memory->map_offset, 0, bytes);
}

uint64_t memory_total(rknn_context owner)
{
	uint64_t total = 0;

	for (const struct memory *memory = memories; memory; memory = memory->next)
		if (memory->owner == owner && memory->kept.flags == MEM_ALLOC_INSIDE)
			total += memory->kept.size;
	return total;
}

static void drop(struct memory **place)
{
	struct memory *memory = *place;

	contexts_forget_memory(memory);
	if (memory->kept.flags == MEM_ALLOC_INSIDE) {
		munmap(memory->kept.virt_addr, memory->kept.size);
		close(memory->kept.fd);
	}
	if (memory->map)
		munmap(memory->map, memory->map_length);
	*place = memory->next;
	free(memory);
}

void memories_drop(rknn_context owner)
{
	struct memory **place = &memories;

	while (*place) {
		if ((*place)->owner == owner)
			drop(place);
		else
			place = &(*place)->next;
	}
}

EXPORT rknn_tensor_mem *rknn_create_mem2(rknn_context handle, uint64_t size, uint64_t flags)
{
	bool alone = flags & RKNN_MEM_FLAG_ALLOC_NO_CONTEXT;
	rknn_tensor_mem *mem = NULL;

	lock();
	if (alone || context_find(handle))
		mem = allocate(alone ? 0 : handle, size);
	else
		log_line(LOG_ERROR, "rknn_create_mem: the context is invalid, or was destroyed");
	unlock();
	return mem;
}

EXPORT rknn_tensor_mem *rknn_create_mem(rknn_context handle, uint32_t size)
{
	return rknn_create_mem2(handle, size, 0);
}

/* Map what is known by its descriptor alone, so that a run can write to it. */
static bool map_descriptor(struct memory *memory)
{
	const rknn_tensor_mem *mem = &memory->kept;
	off_t page = (off_t)sysconf(_SC_PAGESIZE), from = mem->offset / page * page;
	struct stat about;

	memory->map_offset = (size_t)(mem->offset - from);
	memory->map_length = memory->map_offset + mem->size;
	/* past the end of a file there is nothing behind a mapping but SIGBUS */
	if (fstat(mem->fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    (int64_t)about.st_size - mem->offset < (int64_t)mem->size) {
		log_line(LOG_ERROR, "rknn_create_mem_from_fd, size %" PRIu32 " at offset %" PRId32 " does not "
		         "lie in fd %" PRId32 " (%jd bytes)", mem->size, mem->offset, mem->fd,
		         (intmax_t)about.st_size);
		return false;
	}
	memory->map = mmap(NULL, memory->map_length, PROT_READ | PROT_WRITE, MAP_SHARED, mem->fd, from);
	if (memory->map != MAP_FAILED)
		return true;
	memory->map = NULL;
	log_line(LOG_ERROR, "rknn_create_mem_from_fd, there is no address, and fd %" PRId32 " cannot be "
	         "mapped: %s", mem->fd, strerror(errno));
	return false;
}

/* Memory of the caller's, which frees it: remembered and, when it has no address, mapped. */
static rknn_tensor_mem *adopt(rknn_context handle, const rknn_tensor_mem *mem)
{
	struct memory *memory = NULL;

	lock();
	if (!context_find(handle))
		log_line(LOG_ERROR, "rknn_create_mem: the context is invalid, or was destroyed");
	else if (mem->size == 0 || mem->offset < 0)
		log_line(LOG_ERROR, "rknn_create_mem, invalid size: %" PRIu32 ", offset: %" PRId32,
		         mem->size, mem->offset);
	else
		memory = add(handle, mem);
	if (memory && mem->flags == MEM_FROM_FD && !mem->virt_addr && !map_descriptor(memory)) {
		drop(&memories);
		memory = NULL;
	}
	unlock();
	return memory ? &memory->seen : NULL;
}

EXPORT rknn_tensor_mem *rknn_create_mem_from_fd(rknn_context handle, int32_t fd, void *virt_addr,
                                                uint32_t size, int32_t offset)
{
	return adopt(handle, &(rknn_tensor_mem){ .virt_addr = virt_addr, .fd = fd, .offset = offset,
	                                         .size = size, .flags = MEM_FROM_FD });
}

EXPORT rknn_tensor_mem *rknn_create_mem_from_phys(rknn_context handle, uint64_t phys_addr,
                                                  void *virt_addr, uint32_t size)
{
	return adopt(handle, &(rknn_tensor_mem){ .virt_addr = virt_addr, .phys_addr = phys_addr,
	                                         .fd = -1, .size = size, .flags = MEM_FROM_PHYS });
}

EXPORT rknn_tensor_mem *rknn_create_mem_from_mb_blk(rknn_context handle, void *block, int32_t offset)
{
	(void)handle, (void)block, (void)offset;
	log_line(LOG_ERROR, "simulator: rknn_create_mem_from_mb_blk is not simulated");
	return NULL;
}

EXPORT int rknn_destroy_mem(rknn_context handle, rknn_tensor_mem *mem)
{
	struct memory **place = &memories;
	int status = RKNN_ERR_PARAM_INVALID;

	lock();
	while (*place && &(*place)->seen != mem)
		place = &(*place)->next;
	if (*place && (*place)->owner != 0 && !context_find(handle))
		status = RKNN_ERR_CTX_INVALID;
	else if (*place) {
		drop(place);
		status = RKNN_SUCC;
	}
	unlock();
	return status;
}

EXPORT int rknn_mem_sync(rknn_context handle, rknn_tensor_mem *mem, int mode)
{
	int status = RKNN_SUCC;

	lock();
	if (!context_find(handle))
		status = RKNN_ERR_CTX_INVALID;
	else if (!memory_find(mem) || mode < 1 || mode > 3)
		status = RKNN_ERR_PARAM_INVALID;
	unlock();
	return status;
}
