/*
 * A reader for the two notations inside a .rknn file: JSON, and what Python's repr() prints for
 * dictionaries ('single quotes', True, None, nan). One grammar accepts both.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

/* Real files stay below 100 values a tensor and 6 levels; the limits are against hostile files. */
enum { MAX_VALUES = 1 << 18, MAX_DEPTH = 32, BLOCK = 256 };

struct block {
	struct block *next;
	struct value values[BLOCK];
};
struct text {
	struct cursor cursor;
	char *strings;                  /* decoded text is never longer than its source */
	struct block *blocks;
	unsigned n_values;
	struct value *root;
};

static struct value *parse_value(struct text *text, unsigned depth);

static struct value *new_value(struct text *text, enum kind kind)
{
	unsigned slot = text->n_values % BLOCK;

	if (text->n_values == MAX_VALUES)
		return NULL;
	if (slot == 0) {
		struct block *block = calloc(1, sizeof *block);

		if (!block)
			return NULL;
		block->next = text->blocks;
		text->blocks = block;
	}
	text->n_values++;
	text->blocks->values[slot].kind = kind;
	return &text->blocks->values[slot];
}

static struct value *parse_members(struct text *text, unsigned depth, bool map)
{
	struct value *whole = new_value(text, map ? KIND_MAP : KIND_LIST), **last;
	char close = map ? '}' : ']';

	if (!whole)
		return NULL;
	for (last = &whole->first; !accept_char(&text->cursor, close); last = &(*last)->next) {
		char *key = NULL;

		if (last != &whole->first && !accept_char(&text->cursor, ','))
			return NULL;
		if (map && (!(key = read_string(&text->cursor)) || !accept_char(&text->cursor, ':')))
			return NULL;
		*last = parse_value(text, depth + 1);
		if (!*last)
			return NULL;
		(*last)->key = key;
	}
	return whole;
}

static struct value *parse_value(struct text *text, unsigned depth)
{
	static const struct {
		const char *word;
		enum kind kind;
		double number;
	} words[] = {
		{ "null", KIND_NULL, 0 },  { "None", KIND_NULL, 0 },  { "true", KIND_BOOL, 1 },
		{ "True", KIND_BOOL, 1 },  { "false", KIND_BOOL, 0 }, { "False", KIND_BOOL, 0 },
		{ "nan", KIND_NUMBER, NAN }, { "NaN", KIND_NUMBER, NAN },
	};
	struct value *value;

	if (depth > MAX_DEPTH)
		return NULL;
	if (accept_char(&text->cursor, '{'))
		return parse_members(text, depth, true);
	if (accept_char(&text->cursor, '['))
		return parse_members(text, depth, false);
	if (at_quote(&text->cursor)) {
		value = new_value(text, KIND_STRING);
		return value && (value->text = read_string(&text->cursor)) ? value : NULL;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (accept_word(&text->cursor, words[i].word)) {
			value = new_value(text, words[i].kind);
			if (value)
				value->number = words[i].number;
			return value;
		}
	}
	value = new_value(text, KIND_NUMBER);
	return value && read_number(&text->cursor, &value->number) ? value : NULL;
}

struct text *text_parse(const char *bytes, size_t length)
{
	struct text *text = calloc(1, sizeof *text);

	if (!text)
		return NULL;
	text->strings = malloc(length + 1);
	text->cursor = (struct cursor){ bytes, bytes + length, text->strings };
	if (text->strings)
		text->root = parse_value(text, 0);
	if (text->root)
		skip_space(&text->cursor);
	if (!text->root || text->cursor.at != text->cursor.end) {
		text_free(text);
		return NULL;
	}
	return text;
}

void text_free(struct text *text)
{
	while (text && text->blocks) {
		struct block *next = text->blocks->next;

		free(text->blocks);
		text->blocks = next;
	}
	if (text)
		free(text->strings);
	free(text);
}

const struct value *text_root(const struct text *text)
{
	return text ? text->root : NULL;
}

/* The member `key` of `map`, or NULL when there is none, it is of another kind, or map is no map. */
const struct value *value_get(const struct value *map, const char *key, enum kind kind)
{
	if (!map || map->kind != KIND_MAP)
		return NULL;
	for (const struct value *member = map->first; member; member = member->next)
		if (strcmp(member->key, key) == 0)
			return member->kind == kind ? member : NULL;
	return NULL;
}

bool value_uint(const struct value *value, uint32_t *out)
{
	if (!value || value->kind != KIND_NUMBER || !(value->number >= 0 && value->number <= UINT32_MAX))
		return false;
	*out = (uint32_t)value->number;
	return *out == value->number;
}
