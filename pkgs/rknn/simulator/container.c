/*
 * The frame of a .rknn file, all numbers little-endian:
 *     0  "RKNN" 0 0 0 0
 *     8  u64 version of the format
 *    16  u64 length of the body
 *    64  body: a flatbuffer with the identifier "RKNN"; the compiled network
 *   ...  u64 length of the JSON text, then the text: the tensors at the model's edges
 */
#include <inttypes.h>
#include <string.h>

#include "simulator.h"

enum { HEADER = 64, LENGTH = 8 };
/* librknnrt 2.3.x loads what toolkits 1.2 (version 1) to 2.3 (version 6) wrote. */
enum { NEWEST_VERSION = 6 };

static uint64_t read_le(const char *at, unsigned bytes)
{
	uint64_t number = 0;

	while (bytes--)
		number = number << 8 | (unsigned char)at[bytes];
	return number;
}

/* Messages are the vendor's where it has one, so that a search for them finds its users' reports. */
bool container_open(struct container *container, const void *bytes, size_t length)
{
	const char *file = bytes;
	uint64_t body, json;

	if (length < HEADER + LENGTH) {
		log_line(LOG_ERROR, "parseRKNN: rknn model is too small! (%zu bytes)", length);
		return false;
	}
	if (memcmp(file, "RKNN\0\0\0", 8) != 0) {
		log_line(LOG_ERROR, "parseRKNN: invalid RKNN_MAGIC!");
		if (memcmp(file, "RKCE", 4) == 0)
			log_line(LOG_ERROR, "simulator: encrypted models (RKCE) are not simulated");
		return false;
	}
	container->version = read_le(file + 8, 8);
	if (container->version < 1 || container->version > NEWEST_VERSION) {
		log_line(LOG_ERROR, "%" PRIu64 ", %d", container->version, NEWEST_VERSION);
		log_line(LOG_ERROR, "Invalid RKNN model version %" PRIu64, container->version);
		return false;
	}
	body = read_le(file + 16, 8);
	if (body > length - HEADER - LENGTH) {
		log_line(LOG_ERROR, "parseRKNN: exportDataSize large then model size: %" PRIu64 " vs %zu!",
		         body, length);
		return false;
	}
	json = read_le(file + HEADER + body, LENGTH);
	if (json > length - HEADER - LENGTH - body) {
		log_line(LOG_ERROR, "parseRKNN: configSize large then model size: %" PRIu64 " vs %zu!",
		         json, length);
		return false;
	}
	container->body = (struct span){ file + HEADER, (size_t)body };
	container->json = (struct span){ file + HEADER + body + LENGTH, (size_t)json };
	if (body < 8 || memcmp(container->body.at + 4, "RKNN", 4) != 0) {
		log_line(LOG_ERROR, "parseRKNN: the body is not a flatbuffer with the identifier RKNN");
		return false;
	}
	return true;
}

/* Read `bytes` at offset `at` of `body`, or return false when they are not inside. */
static bool body_number(struct span body, uint64_t at, unsigned bytes, uint64_t *number)
{
	if (at > body.length || body.length - at < bytes)
		return false;
	*number = read_le(body.at + at, bytes);
	return true;
}

/* A string of the body's root table; length 0 when the slot is empty or leads outside. */
struct span container_string(const struct container *container, enum slot slot)
{
	struct span body = container->body, none = { "", 0 };
	uint64_t table, back, vtable, vtable_size, field, offset, length;

	if (!body_number(body, 0, 4, &table) || !body_number(body, table, 4, &back))
		return none;
	/* the table starts with a signed distance to its vtable, in either direction */
	vtable = (uint64_t)((int64_t)table - (int32_t)(uint32_t)back);
	if (!body_number(body, vtable, 2, &vtable_size) || vtable_size < 4 + 2 * (uint64_t)slot + 2)
		return none;
	if (!body_number(body, vtable + 4 + 2 * (uint64_t)slot, 2, &field) || field == 0)
		return none;
	if (!body_number(body, table + field, 4, &offset))
		return none;
	offset += table + field;
	if (!body_number(body, offset, 4, &length) || length > body.length - offset - 4)
		return none;
	return (struct span){ body.at + offset + 4, (size_t)length };
}
