/*
 * The frame of a .rknn file, all numbers little-endian:
 *     0  "RKNN" 0 0 0 0
 *     8  u64 version of the format
 *    16  u64 length of the body
 *    64  (24 in a file of toolkit 1.1.2) body: a flatbuffer with the identifier "RKNN"; the network
 *   ...  u64 length of the JSON text, then the text: the tensors at the model's edges
 */
#include <inttypes.h>
#include <string.h>

#include "simulator.h"

enum { HEADER = 64, OLD_HEADER = 24, LENGTH = 8 };
/* librknnrt 2.3.x loads what toolkits 1.x (version 1) to 2.3 (version 6) wrote. */
enum { NEWEST_VERSION = 6 };

uint64_t read_le(const char *at, unsigned bytes)
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
	size_t header = HEADER;

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
	if (container->version == 1 && memcmp(file + OLD_HEADER + 4, "RKNN", 4) == 0)
		header = OLD_HEADER;
	body = read_le(file + 16, 8);
	if (body > length - header - LENGTH) {
		log_line(LOG_ERROR, "parseRKNN: exportDataSize large then model size: %" PRIu64 " vs %zu!",
		         body, length);
		return false;
	}
	json = read_le(file + header + body, LENGTH);
	if (json > length - header - LENGTH - body) {
		log_line(LOG_ERROR, "parseRKNN: configSize large then model size: %" PRIu64 " vs %zu!",
		         json, length);
		return false;
	}
	container->body = (struct span){ file + header, (size_t)body };
	container->json = (struct span){ file + header + body + LENGTH, (size_t)json };
	if (body < 8 || memcmp(container->body.at + 4, "RKNN", 4) != 0) {
		log_line(LOG_ERROR, "parseRKNN: the body is not a flatbuffer with the identifier RKNN");
		return false;
	}
	return true;
}
