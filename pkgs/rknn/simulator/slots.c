/* The texts that the root table of a model's body leads to. */
#include <string.h>

#include "simulator.h"

static void log_damaged(enum slot slot)
{
	log_line(LOG_ERROR, "parseRKNN: the text in slot %d of the body is damaged", slot);
}

/* Read `bytes` at offset `at` of `body`, or return false when they are not inside. */
static bool body_number(struct span body, uint64_t at, unsigned bytes, uint64_t *number)
{
	if (at > body.length || body.length - at < bytes)
		return false;
	*number = read_le(body.at + at, bytes);
	return true;
}

/* Follow the root table to a string: length 0 when it has none, false when the way leads outside. */
static bool find_string(struct span body, enum slot slot, struct span *string)
{
	uint64_t table, back, vtable, vtable_size, field, offset, length;

	*string = (struct span){ "", 0 };
	if (!body_number(body, 0, 4, &table) || !body_number(body, table, 4, &back))
		return false;
	/* the table starts with a signed distance to its vtable, in either direction */
	vtable = (uint64_t)((int64_t)table - (int32_t)(uint32_t)back);
	if (!body_number(body, vtable, 2, &vtable_size) || vtable_size < 4)
		return false;
	if (vtable_size < 4 + 2 * (uint64_t)slot + 2)
		return true;
	if (!body_number(body, vtable + 4 + 2 * (uint64_t)slot, 2, &field))
		return false;
	if (field == 0)
		return true;
	if (!body_number(body, table + field, 4, &offset))
		return false;
	offset += table + field;
	if (!body_number(body, offset, 4, &length) || length > body.length - offset - 4)
		return false;
	*string = (struct span){ body.at + offset + 4, (size_t)length };
	return true;
}

bool slot_string(const struct container *container, enum slot slot, struct span *string)
{
	if (find_string(container->body, slot, string))
		return true;
	log_damaged(slot);
	return false;
}

/* Cut to `room`, NUL included. */
bool slot_copy(char *to, size_t room, const struct container *container, enum slot slot)
{
	struct span from;
	size_t length;

	if (!slot_string(container, slot, &from))
		return false;
	length = from.length < room - 1 ? from.length : room - 1;
	memcpy(to, from.at, length);
	to[length] = 0;
	return true;
}

/* Toolkit 1.1.2 wrote "Generated from com…" where later ones write the table of ranges. */
static bool is_remark(struct span span)
{
	static const char remark[] = "Generated from ";

	return span.length >= sizeof remark - 1 && memcmp(span.at, remark, sizeof remark - 1) == 0;
}

/* The map in a slot; true with NULL when the slot is empty, false after a message otherwise. */
bool slot_parse(const struct container *container, enum slot slot, struct text **text)
{
	struct span span;

	*text = NULL;
	if (!slot_string(container, slot, &span))
		return false;
	if (span.length == 0 || (slot == SLOT_QUANTISATION && is_remark(span)))
		return true;
	*text = text_parse(span.at, span.length);
	if (*text && text_root(*text)->kind == KIND_MAP)
		return true;
	log_damaged(slot);
	return false;
}
