/* The words, strings and numbers of the notations that text.c reads. */
#include <math.h>
#include <string.h>

#include "simulator.h"

void skip_space(struct cursor *cursor)
{
	while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) && *cursor->at)
		cursor->at++;
}

bool accept_char(struct cursor *cursor, char wanted)
{
	skip_space(cursor);
	if (cursor->at == cursor->end || *cursor->at != wanted)
		return false;
	cursor->at++;
	return true;
}

bool accept_word(struct cursor *cursor, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, word, length) != 0)
		return false;
	cursor->at += length;
	return true;
}

static bool read_hex(struct cursor *cursor, unsigned digits, uint32_t *code)
{
	*code = 0;
	while (digits--) {
		char c = cursor->at < cursor->end ? *cursor->at++ : 0;
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

static bool read_escape(struct cursor *cursor, char **out)
{
	static const char plain[] = "\"'\\/bfnrt", means[] = "\"'\\/\b\f\n\r\t";
	char c = cursor->at < cursor->end ? *cursor->at++ : 0;
	const char *found = c ? strchr(plain, c) : NULL;
	uint32_t code, low;

	if (found) {
		*(*out)++ = means[found - plain];
		return true;
	}
	if ((c != 'x' && c != 'u' && c != 'U') || !read_hex(cursor, c == 'x' ? 2 : c == 'u' ? 4 : 8, &code))
		return false;
	if (code >= 0xd800 && code < 0xdc00 && accept_word(cursor, "\\u")) {
		if (!read_hex(cursor, 4, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	if (code > 0x10ffff || code == 0)
		return false;
	put_utf8(out, code);
	return true;
}

bool at_quote(const struct cursor *cursor)
{
	return cursor->at < cursor->end && (*cursor->at == '"' || *cursor->at == '\'');
}

/* The decoded string, NUL-terminated, in the cursor's room; NULL when there is none. */
char *read_string(struct cursor *cursor)
{
	char quote, *start = cursor->out, *out = start;

	skip_space(cursor);
	if (!at_quote(cursor))
		return NULL;
	quote = *cursor->at++;
	while (cursor->at < cursor->end && *cursor->at != quote) {
		char c = *cursor->at++;

		if (c == '\\' ? !read_escape(cursor, &out) : c == 0)
			return NULL;
		if (c != '\\')
			*out++ = c;
	}
	if (cursor->at == cursor->end)
		return NULL;
	cursor->at++;
	*out++ = 0;
	cursor->out = out;
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
bool read_number(struct cursor *cursor, double *number)
{
	bool negative = accept_word(cursor, "-"), any = false, point = false, small;
	double sum = 0; /* exact up to 15 digits; Python prints 17, the last two cost one rounding */
	int shift = 0, exponent = 0;

	if (accept_word(cursor, "inf") || accept_word(cursor, "Infinity")) {
		*number = negative ? -INFINITY : INFINITY;
		return true;
	}
	for (; cursor->at < cursor->end; cursor->at++) {
		if (*cursor->at >= '0' && *cursor->at <= '9') {
			sum = sum * 10 + (*cursor->at - '0');
			shift -= point;
			any = true;
		} else if (*cursor->at == '.' && !point) {
			point = true;
		} else {
			break;
		}
	}
	if (!any)
		return false;
	if (accept_word(cursor, "e") || accept_word(cursor, "E")) {
		small = accept_word(cursor, "-");
		if (!small)
			accept_word(cursor, "+");
		while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9')
			exponent = exponent < 1000 ? exponent * 10 + (*cursor->at++ - '0') : (cursor->at++, 1000);
		shift += small ? -exponent : exponent;
	}
	sum = scaled(sum, shift);
	*number = negative ? -sum : sum;
	return true;
}
