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
	const char *at, *end;
	char *strings, *strings_free;   /* decoded text is never longer than its source */
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

static void skip_space(struct text *text)
{
	while (text->at < text->end && strchr(" \t\r\n", *text->at) && *text->at)
		text->at++;
}

static bool accept(struct text *text, char wanted)
{
	skip_space(text);
	if (text->at == text->end || *text->at != wanted)
		return false;
	text->at++;
	return true;
}

static bool accept_word(struct text *text, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
		return false;
	text->at += length;
	return true;
}

static bool read_hex(struct text *text, unsigned digits, uint32_t *code)
{
	*code = 0;
	while (digits--) {
		char c = text->at < text->end ? *text->at++ : 0;
		uint32_t digit;

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a') + 10;
		else
			return false;
		*code = *code << 4 | digit;
	}
	return true;
}

static void put_utf8(char **out, uint32_t code)
{
	char *p = *out;

	if (code < 0x80) {
		*p++ = (char)code;
	} else if (code < 0x800) {
		*p++ = (char)(0xc0 | code >> 6);
		*p++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*p++ = (char)(0xe0 | code >> 12);
		*p++ = (char)(0x80 | (code >> 6 & 0x3f));
		*p++ = (char)(0x80 | (code & 0x3f));
	} else {
		*p++ = (char)(0xf0 | code >> 18);
		*p++ = (char)(0x80 | (code >> 12 & 0x3f));
		*p++ = (char)(0x80 | (code >> 6 & 0x3f));
		*p++ = (char)(0x80 | (code & 0x3f));
	}
	*out = p;
}

static bool read_escape(struct text *text, char **out)
{
	static const char plain[] = "\"'\\/bfnrt", means[] = "\"'\\/\b\f\n\r\t";
	char c = text->at < text->end ? *text->at++ : 0;
	const char *found = c ? strchr(plain, c) : NULL;
	uint32_t code, low;

	if (found) {
		*(*out)++ = means[found - plain];
		return true;
	}
	if ((c != 'x' && c != 'u' && c != 'U') || !read_hex(text, c == 'x' ? 2 : c == 'u' ? 4 : 8, &code))
		return false;
	if (code >= 0xd800 && code < 0xdc00 && accept_word(text, "\\u")) {
		if (!read_hex(text, 4, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	if (code > 0x10ffff || code == 0)
		return false;
	put_utf8(out, code);
	return true;
}

static char *read_string(struct text *text)
{
	char quote, *start = text->strings_free, *out = start;

	skip_space(text);
	if (text->at == text->end || (*text->at != '"' && *text->at != '\''))
		return NULL;
	quote = *text->at++;
	while (text->at < text->end && *text->at != quote) {
		char c = *text->at++;

		if (c == '\\' ? !read_escape(text, &out) : c == 0)
			return NULL;
		if (c != '\\')
			*out++ = c;
	}
	if (text->at == text->end)
		return NULL;
	text->at++;
	*out++ = 0;
	text->strings_free = out;
	return start;
}

/* number * 10^exponent; powers up to 10^22 are exact, so common numbers are rounded once. */
static double scaled(double number, int exponent)
{
	while (exponent != 0 && number != 0 && number <= 1e308) {
		int step = exponent > 22 ? 22 : exponent < -22 ? -22 : exponent;
		double power = 1;

		for (int i = step < 0 ? -step : step; i > 0; i--)
			power *= 10;
		number = step < 0 ? number / power : number * power;
		exponent -= step;
	}
	return number;
}

/* Not strtod: that one follows the caller's locale, where the decimal sign may be a comma. */
static bool read_number(struct text *text, double *number)
{
	bool negative = accept_word(text, "-"), any = false, point = false, small;
	double sum = 0; /* exact up to 15 digits; Python prints 17, the last two cost one rounding */
	int shift = 0, exponent = 0;

	if (accept_word(text, "inf") || accept_word(text, "Infinity")) {
		*number = negative ? -INFINITY : INFINITY;
		return true;
	}
	for (; text->at < text->end; text->at++) {
		if (*text->at >= '0' && *text->at <= '9') {
			sum = sum * 10 + (*text->at - '0');
			shift -= point;
			any = true;
		} else if (*text->at == '.' && !point) {
			point = true;
		} else {
			break;
		}
	}
	if (!any)
		return false;
	if (accept_word(text, "e") || accept_word(text, "E")) {
		small = accept_word(text, "-");
		if (!small)
			accept_word(text, "+");
		while (text->at < text->end && *text->at >= '0' && *text->at <= '9')
			exponent = exponent < 1000 ? exponent * 10 + (*text->at++ - '0') : (text->at++, 1000);
		shift += small ? -exponent : exponent;
	}
	sum = scaled(sum, shift);
	*number = negative ? -sum : sum;
	return true;
}

static struct value *parse_members(struct text *text, unsigned depth, bool map)
{
	struct value *whole = new_value(text, map ? KIND_MAP : KIND_LIST), **last;
	char close = map ? '}' : ']';

	if (!whole)
		return NULL;
	for (last = &whole->first; !accept(text, close); last = &(*last)->next) {
		char *key = NULL;

		if (last != &whole->first && !accept(text, ','))
			return NULL;
		if (map && (!(key = read_string(text)) || !accept(text, ':')))
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
	if (accept(text, '{'))
		return parse_members(text, depth, true);
	if (accept(text, '['))
		return parse_members(text, depth, false);
	if (text->at < text->end && (*text->at == '"' || *text->at == '\'')) {
		value = new_value(text, KIND_STRING);
		return value && (value->text = read_string(text)) ? value : NULL;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (accept_word(text, words[i].word)) {
			value = new_value(text, words[i].kind);
			if (value)
				value->number = words[i].number;
			return value;
		}
	}
	value = new_value(text, KIND_NUMBER);
	return value && read_number(text, &value->number) ? value : NULL;
}

struct text *text_parse(const char *bytes, size_t length)
{
	struct text *text = calloc(1, sizeof *text);

	if (!text)
		return NULL;
	text->strings = text->strings_free = malloc(length + 1);
	text->at = bytes;
	text->end = bytes + length;
	if (text->strings)
		text->root = parse_value(text, 0);
	if (text->root)
		skip_space(text);
	if (!text->root || text->at != text->end) {
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
