/* The bytes of a terminal, reduced to lines.
 *
 *     "\033[1mbold\033[0m\r\n50%\r100%\n"   becomes   "bold", "100%"
 *
 * One byte at a time through a small state machine, because the program's writes may cut a sequence or a
 * character in two anywhere. Sequences are those of ECMA-48: ESC [ ... final; ESC ] (and P, X, ^, _) ... BEL
 * or ESC \; ESC with intermediate bytes and a final one. */
#include "model/output.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/text_width.h"

enum parse {
	PARSE_TEXT,
	PARSE_ESCAPE,        /* after ESC */
	PARSE_INTERMEDIATE,  /* after ESC and bytes 0x20-0x2f */
	PARSE_CSI,           /* after ESC [ */
	PARSE_STRING,        /* in an OSC, DCS, SOS, PM or APC string */
	PARSE_STRING_ESCAPE, /* after an ESC in such a string: usually its end */
};

static void end_line(struct output *o)
{
	if (!o->lines)
		o->lines = mem_zalloc(OUTPUT_LINES * sizeof *o->lines);
	free(o->lines[o->next]);
	o->lines[o->next] = mem_strndup(o->line ? o->line : "", o->line_len);
	o->next = (o->next + 1) % OUTPUT_LINES;
	if (o->count < OUTPUT_LINES)
		o->count++;
	o->line_len = o->column = 0;
	o->returned = false;
}

static void clear_line(struct output *o)
{
	o->line_len = o->column = 0;
	o->returned = false;
}

static void add_to_line(struct output *o, const char *bytes, size_t len)
{
	if (o->returned)
		clear_line(o);
	if (o->line_len + len > OUTPUT_LINE_MAX)
		end_line(o);
	mem_grow(o->line, o->line_cap, o->line_len + len + 1);
	memcpy(o->line + o->line_len, bytes, len);
	o->line_len += len;
	o->line[o->line_len] = '\0';
	uint32_t c;
	for (size_t i = 0; i < len;) {
		i += text_decode(bytes + i, len - i, &c);
		o->column += (size_t)text_char_columns(c);
	}
}

static void go_back(struct output *o)
{
	if (o->returned || o->line_len == 0)
		return;
	size_t at = o->line_len - 1;
	while (at > 0 && ((unsigned char)o->line[at] & 0xc0) == 0x80)
		at--;
	uint32_t c;
	text_decode(o->line + at, o->line_len - at, &c);
	o->column -= (size_t)text_char_columns(c);
	o->line_len = at;
	o->line[at] = '\0';
}

static void add_tab(struct output *o)
{
	if (o->returned)
		clear_line(o);
	add_to_line(o, "        ", 8 - o->column % 8);
}

/* A whole character, or a byte that is not one. C1 controls are left out like the others. */
static void add_character(struct output *o, const char *bytes, size_t len)
{
	uint32_t c;
	text_decode(bytes, len, &c);
	if (c >= 0x80 && c < 0xa0)
		return;
	struct strbuf printable = { 0 };
	text_printable(&printable, bytes, len);
	add_to_line(o, printable.text, printable.len);
	strbuf_fini(&printable);
}

static size_t utf8_length(unsigned char first)
{
	return first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
}

/* The beginning of a character that was not one: each of its bytes counts alone. */
static void give_up_character(struct output *o)
{
	size_t len = o->partial_len;
	o->partial_len = 0;
	for (size_t i = 0; i < len; i++)
		add_character(o, o->partial + i, 1);
}

static void take_high_byte(struct output *o, char byte)
{
	if (((unsigned char)byte & 0xc0) != 0x80)
		give_up_character(o);
	o->partial[o->partial_len++] = byte;
	size_t need = utf8_length((unsigned char)o->partial[0]);
	if (o->partial_len < need)
		return;
	uint32_t c;
	if (text_decode(o->partial, o->partial_len, &c) == o->partial_len) {
		add_character(o, o->partial, o->partial_len);
		o->partial_len = 0;
	} else {
		give_up_character(o);
	}
}

static void take_control(struct output *o, char byte)
{
	switch (byte) {
	case '\n':
		end_line(o);
		break;
	case '\r':
		o->returned = true;
		break;
	case '\b':
		go_back(o);
		break;
	case '\t':
		add_tab(o);
		break;
	case '\033':
		o->parse = PARSE_ESCAPE;
		break;
	default: /* the bell and its like */
		break;
	}
}

static void take_text(struct output *o, char byte)
{
	unsigned char u = (unsigned char)byte;
	if (u >= 0x80) {
		take_high_byte(o, byte);
		return;
	}
	give_up_character(o);
	if (u < 0x20)
		take_control(o, byte);
	else if (u != 0x7f)
		add_to_line(o, &byte, 1);
}

static int behind_escape(char byte)
{
	switch (byte) {
	case '[':
		return PARSE_CSI;
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		return PARSE_STRING;
	case '\033':
		return PARSE_ESCAPE;
	default:
		return byte >= 0x20 && byte <= 0x2f ? PARSE_INTERMEDIATE : PARSE_TEXT;
	}
}

/* In the middle of a sequence. The end of a line ends a broken sequence, so that a program's mistake does not
 * swallow all that follows; a string may be long, but has no control characters. */
static void take_sequence(struct output *o, char byte)
{
	if (byte == '\033' && o->parse != PARSE_STRING) {
		o->parse = PARSE_ESCAPE;
		return;
	}
	if (byte == '\n' || byte == '\r' || byte == 0x18 || byte == 0x1a) {
		o->parse = PARSE_TEXT;
		take_text(o, byte);
		return;
	}
	switch (o->parse) {
	case PARSE_ESCAPE:
		o->parse = behind_escape(byte);
		break;
	case PARSE_INTERMEDIATE:
		if (byte < 0x20 || byte > 0x2f)
			o->parse = PARSE_TEXT;
		break;
	case PARSE_CSI:
		if (byte >= 0x40 && byte <= 0x7e)
			o->parse = PARSE_TEXT;
		break;
	case PARSE_STRING:
		if (byte == '\033')
			o->parse = PARSE_STRING_ESCAPE;
		else if (byte == '\a')
			o->parse = PARSE_TEXT;
		break;
	case PARSE_STRING_ESCAPE:
		o->parse = byte == '\\' ? PARSE_TEXT : behind_escape(byte);
		break;
	}
}

void output_add(struct output *o, const char *bytes, size_t len)
{
	o->bytes += len;
	for (size_t i = 0; i < len; i++) {
		if (o->parse == PARSE_TEXT)
			take_text(o, bytes[i]);
		else
			take_sequence(o, bytes[i]);
	}
}

/* The machine's state as bytes that lead to it. */
static const char *const state_bytes[] = {
	[PARSE_TEXT] = "",     [PARSE_ESCAPE] = "\033",  [PARSE_INTERMEDIATE] = "\033(",
	[PARSE_CSI] = "\033[", [PARSE_STRING] = "\033]", [PARSE_STRING_ESCAPE] = "\033]\033",
};

void output_write(const struct output *o, struct strbuf *out)
{
	for (size_t back = o->count; back > 0; back--)
		strbuf_printf(out, "%s\n", output_line(o, back));
	strbuf_puts(out, output_line(o, 0));
	if (o->returned)
		strbuf_puts(out, "\r");
	strbuf_add(out, o->partial, o->partial_len);
	strbuf_puts(out, state_bytes[o->parse]);
}

const char *output_line(const struct output *o, size_t back)
{
	if (back == 0)
		return o->line_len ? o->line : "";
	if (back > o->count)
		return NULL;
	return o->lines[(o->next + OUTPUT_LINES - back) % OUTPUT_LINES];
}

struct output output_copy(const struct output *o)
{
	struct output copy = *o;
	if (o->lines)
		copy.lines = mem_zalloc(OUTPUT_LINES * sizeof *copy.lines);
	for (size_t i = 0; i < o->count; i++)
		copy.lines[i] = mem_strdup(o->lines[i]);
	copy.line = mem_copy(o->line, o->line_cap);
	return copy;
}

void output_fini(struct output *o)
{
	for (size_t i = 0; i < o->count; i++)
		free(o->lines[i]);
	free(o->lines);
	free(o->line);
	*o = (struct output){ 0 };
}
