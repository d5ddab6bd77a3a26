/* Makes text from outside harmless, cuts it to columns; figures in few characters.
 *
 * These can do harm on a terminal: control characters, C0 (ESC among them), DEL, and C1 (0x80-0x9f, which
 * begin sequences just as ESC does); broken byte sequences, which programs decode differently; and characters
 * that change the direction of writing, which make a name look like another. */
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "base/text_width.h"

#define REPLACEMENT 0xfffd
#define REPLACEMENT_UTF8 "\xef\xbf\xbd"

bool text_begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool text_ends(const char *text, const char *with)
{
	size_t length = strlen(text), tail = strlen(with);

	return length > tail && strcmp(text + length - tail, with) == 0;
}

/* How many bytes follow a first byte, and the smallest character that they may encode: a longer form than
 * needed ("overlong") is not UTF-8. -1: not a first byte. */
static int more_bytes(unsigned char first, uint32_t *bits, uint32_t *least)
{
	if (first >= 0xc2 && first <= 0xdf) {
		*bits = first & 0x1f;
		*least = 0x80;
		return 1;
	}
	if (first >= 0xe0 && first <= 0xef) {
		*bits = first & 0x0f;
		*least = 0x800;
		return 2;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		*bits = first & 0x07;
		*least = 0x10000;
		return 3;
	}
	return -1;
}

size_t text_decode(const char *text, size_t len, uint32_t *codepoint)
{
	const unsigned char *s = (const unsigned char *)text;
	if (s[0] < 0x80) {
		*codepoint = s[0];
		return 1;
	}
	uint32_t c = 0, least = 0;
	int more = more_bytes(s[0], &c, &least);
	*codepoint = REPLACEMENT;
	if (more < 0 || (size_t)more >= len)
		return 1;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 1;
	*codepoint = c;
	return (size_t)more + 1;
}

size_t text_encode(char out[static 5], uint32_t c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	out[0] = (char)(lead[more] | c >> 6 * more);
	for (int i = 1; i <= more; i++)
		out[i] = (char)(0x80 | (c >> 6 * (more - i) & 63));
	out[more + 1] = '\0';
	return (size_t)more + 1;
}

bool text_char_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void add_escape(struct strbuf *out, uint32_t c)
{
	if (c == '\n')
		strbuf_add(out, "\\n", 2);
	else if (c == '\t')
		strbuf_add(out, "\\t", 2);
	else
		strbuf_printf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
}

/* Was it a broken byte? Only those decode to U+FFFD from a single byte. */
static bool broken(uint32_t c, size_t used)
{
	return c == REPLACEMENT && used == 1;
}

void text_printable(struct strbuf *out, const char *bytes, size_t len)
{
	strbuf_add(out, "", 0);
	if (!len)
		return;   /* bytes may be NULL then */
	size_t plain = 0; /* from here on, nothing needed a change */
	for (size_t i = 0, used; i < len; i += used) {
		uint32_t c;
		used = 1;
		if (bytes[i] >= ' ' && bytes[i] <= '~')
			continue;
		used = text_decode(bytes + i, len - i, &c);
		bool control = text_char_is_control(c);
		if (!control && !broken(c, used))
			continue;
		strbuf_add(out, bytes + plain, i - plain);
		plain = i + used;
		if (control)
			add_escape(out, c);
		else
			strbuf_puts(out, REPLACEMENT_UTF8);
	}
	strbuf_add(out, bytes + plain, len - plain);
}

void text_shown(struct strbuf *out, const char *text)
{
	size_t len = strlen(text);

	if (len <= 2 * TEXT_SHOWN_END) {
		text_printable(out, text, len);
		return;
	}
	text_printable(out, text, TEXT_SHOWN_END);
	strbuf_puts(out, "…");
	text_printable(out, text + len - TEXT_SHOWN_END, TEXT_SHOWN_END);
}

char *text_shown_dup(const char *text)
{
	struct strbuf out = { 0 };
	text_shown(&out, text);
	return out.text;
}

char *text_printable_dup(const char *bytes, size_t len)
{
	struct strbuf out = { 0 };
	text_printable(&out, bytes, len);
	return out.text;
}

char *text_utf8_dup(const char *bytes, size_t len)
{
	struct strbuf out = { 0 };
	strbuf_add(&out, "", 0);
	for (size_t i = 0, used; i < len; i += used) {
		uint32_t c;
		used = text_decode(bytes + i, len - i, &c);
		if (broken(c, used))
			strbuf_puts(&out, REPLACEMENT_UTF8);
		else
			strbuf_add(&out, bytes + i, used);
	}
	return out.text;
}

int text_columns(const char *text)
{
	int columns = 0;
	size_t len = strlen(text);
	for (size_t i = 0; i < len;) {
		uint32_t c;
		i += text_decode(text + i, len - i, &c);
		columns += text_char_columns(c);
	}
	return columns;
}

int text_widest(int count, const char *(*text)(int i))
{
	int widest = 0;
	for (int i = 0; i < count; i++) {
		int columns = text_columns(text(i));
		widest = max(columns, widest);
	}
	return widest;
}

/* How many bytes of text fit in `columns`, with the combining marks of the last character. *used: the columns
 * that they take. */
static size_t prefix_bytes(const char *text, size_t len, int columns, int *used)
{
	size_t i = 0;
	*used = 0;
	while (i < len) {
		uint32_t c;
		size_t bytes = text_decode(text + i, len - i, &c);
		int wide = text_char_columns(c);
		if (*used + wide > columns)
			break;
		*used += wide;
		i += bytes;
	}
	return i;
}

/* Where the character before `end` begins; an invalid byte counts as one. */
static size_t start_before(const char *text, size_t end, uint32_t *c)
{
	size_t i = end - 1;
	while (i > 0 && end - i < 4 && (text[i] & 0xc0) == 0x80)
		i--;
	if (i + text_decode(text + i, end - i, c) == end)
		return i;
	*c = REPLACEMENT;
	return end - 1;
}

/* Where the longest tail of the text that fits in `columns` begins; never at a combining mark of a character
 * that is cut off. */
static size_t suffix_start(const char *text, size_t len, int columns, int *used)
{
	size_t i = len;
	uint32_t c;
	*used = 0;
	while (i > 0) {
		size_t before = start_before(text, i, &c);
		int wide = text_char_columns(c);
		if (*used + wide > columns)
			break;
		*used += wide;
		i = before;
	}
	while (i < len) {
		size_t bytes = text_decode(text + i, len - i, &c);
		if (text_char_columns(c) > 0)
			break;
		i += bytes;
	}
	return i;
}

int text_fit(struct strbuf *out, const char *text, int columns, enum text_cut cut, int ascii)
{
	size_t len = strlen(text);
	int total;

	strbuf_add(out, "", 0);
	if (columns <= 0)
		return 0;
	if (prefix_bytes(text, len, columns, &total) == len) {
		strbuf_add(out, text, len);
		return total;
	}
	int room = columns - 1; /* without the ellipsis */
	int left = cut == TEXT_CUT_RIGHT ? room : cut == TEXT_CUT_LEFT ? 0 : room / 2;
	int left_used = 0, right_used = 0;
	size_t head = left ? prefix_bytes(text, len, left, &left_used) : 0;
	size_t tail = suffix_start(text, len, cut == TEXT_CUT_RIGHT ? 0 : room - left_used, &right_used);

	strbuf_add(out, text, head);
	strbuf_puts(out, ascii ? "~" : "…");
	strbuf_add(out, text + tail, len - tail);
	return left_used + 1 + right_used;
}

/* --- sizes, counts and times in few characters --- */

/* "9.9M", "13.2T", "132M": a value in 1/base of the unit shown, in at most four characters and the unit's
 * letter. */
static const char *scaled(char buf[static 16], uint64_t value, uint64_t base, const char *units)
{
	uint64_t whole = value, rest = 0;
	/* what would round to 1000 goes to the next unit, so that there are at most three digits */
	while (units[1] && (whole >= 1000 || (whole == 999 && rest * 2 >= base))) {
		units++;
		rest = whole % base;
		whole /= base;
	}
	uint64_t tenths = whole * 10 + (rest * 20 + base) / (2 * base);
	if (tenths >= 1000)
		snprintf(buf, 16, "%llu%c", (unsigned long long)(whole + (rest * 2 >= base)), *units);
	else
		snprintf(buf, 16, "%llu.%llu%c", (unsigned long long)tenths / 10,
			 (unsigned long long)tenths % 10, *units);
	return buf;
}

void text_wrap(struct strbuf *out, const char *words, int indent, int column, int columns)
{
	for (bool first = true; *words; first = false) {
		size_t len = strcspn(words, " ");
		char *word = mem_strndup(words, len);
		int width = text_columns(word);

		if (!first && column + 1 + width > columns) {
			strbuf_printf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			strbuf_puts(out, " ");
			column++;
		}
		strbuf_puts(out, word);
		column += width;
		free(word);
		words += len;
		words += strspn(words, " ");
	}
}

const char *text_size(char buf[static 16], uint64_t bytes)
{
	if (bytes < 1000)
		snprintf(buf, 16, "%u", (unsigned)bytes);
	else if (bytes % 1024 == 0 && bytes / 1024 < 1000) /* pages are whole kilobytes */
		snprintf(buf, 16, "%uK", (unsigned)(bytes / 1024));
	else
		scaled(buf, bytes, 1024, " KMGTPE");
	return buf;
}

const char *text_count(char buf[static 16], uint64_t count)
{
	if (count < 10000)
		snprintf(buf, 16, "%u", (unsigned)count);
	else
		scaled(buf, count, 1000, " kMGTPE");
	return buf;
}

const char *text_clock(char buf[static 24], uint64_t ns)
{
	uint64_t tenths = ns / 100000000;
	unsigned second = (unsigned)(tenths / 10 % 60), minute = (unsigned)(tenths / 600 % 60);
	unsigned long long hours = tenths / 36000;

	if (hours)
		snprintf(buf, 24, "%llu:%02u:%02u.%u", hours, minute, second, (unsigned)(tenths % 10));
	else
		snprintf(buf, 24, "%02u:%02u.%u", minute, second, (unsigned)(tenths % 10));
	return buf;
}

const char *text_clock_ms(char buf[static 24], uint64_t ns)
{
	size_t len = strlen(text_clock(buf, ns)) - 1; /* without the tenths */

	snprintf(buf + len, 24 - len, "%03u", (unsigned)(ns / 1000000 % 1000));
	return buf;
}

static void add_blanks(struct strbuf *out, int count)
{
	if (count > 0)
		strbuf_printf(out, "%*s", count, "");
}

void text_left(struct strbuf *out, const char *text, int columns)
{
	strbuf_puts(out, text);
	add_blanks(out, columns - text_columns(text));
}

void text_right(struct strbuf *out, const char *text, int columns)
{
	add_blanks(out, columns - text_columns(text));
	strbuf_puts(out, text);
}
