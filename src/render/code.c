/* Names of functions can be longer than a screen is wide:
 *
 *     std::vector<std::pair<int, long>, std::allocator<std::pair<int, long> > >::push_back(std::pair<int, long> const&)
 *     std::vector<std::pair<int, long>, std::allocator<std::pair<int, long> > >::push_back
 *     std::vector<>::push_back
 *
 * What distinguishes them is mostly their end. */
#include "render/code.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/path.h"
#include "base/text.h"

static void add_printable(struct strbuf *out, const char *raw)
{
	text_printable(out, raw, strlen(raw));
}

static void add_place(struct strbuf *out, const struct process *p, uint64_t ip)
{
	const struct region *region = space_find(p->space, ip);
	const struct region_attr *attr = region ? &region->attr : NULL;

	if (!attr) {
		strbuf_printf(out, "0x%" PRIx64, ip);
		return;
	}
	add_printable(out, *region_name(attr) ? region_name(attr)
					      : region_kind_name((enum region_kind)attr->kind));
	strbuf_printf(out, "+0x%" PRIx64, ip - attr->start + (attr->inode ? attr->offset : 0));
}

void code_add_function(struct strbuf *out, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);
	struct strbuf raw = { 0 };

	if (symbol && (symbol->count || *symbol->object)) {
		names_text(&raw, symbol, ip);
		add_printable(out, raw.text);
		strbuf_fini(&raw);
	} else if (code_in_kernel(ip)) {
		strbuf_puts(out, "[kernel]");
	} else {
		add_place(out, p, ip);
	}
}

void code_add_source(struct strbuf *out, const struct code_frame *frame)
{
	if (!*frame->source)
		return;
	add_printable(out, path_name(frame->source));
	if (frame->line)
		strbuf_printf(out, ":%" PRIu32, frame->line);
}

static const char *fault_kind(const struct event_fault *fault)
{
	if (fault_is_fatal(fault->cause))
		return _("fatal");
	return fault->major ? _("major") : _("minor");
}

void code_add_fault(struct strbuf *out, const struct event_fault *fault, bool brief)
{
	const char *kind = fault_kind(fault), *access = fault_access_name(fault->access);

	if (!fault->access && brief)
		strbuf_puts(out, kind);
	else if (!fault->access)
		strbuf_printf(out, _("%s fault"), kind);
	else if (fault->inferred)
		strbuf_printf(out, brief ? _("%s %s (inferred)") : _("%s %s fault (inferred)"), kind, access);
	else
		strbuf_printf(out, brief ? "%s %s" : _("%s %s fault"), kind, access);
}

void code_add_time(struct strbuf *out, uint64_t ns)
{
	uint64_t ms = ns / 1000000;

	strbuf_printf(out, "%02" PRIu64 ":%02" PRIu64 ".%03" PRIu64, ms / 60000, ms / 1000 % 60, ms % 1000);
}

void code_add_toucher(struct strbuf *out, const struct process *p, const struct event_fault *fault,
		      uint32_t stack)
{
	struct event_stack frames = stacks_get(&p->stacks, stack);
	size_t i = 0;

	code_add_function(out, p, fault->ip);
	if (!code_in_kernel(fault->ip))
		return;
	while (i < frames.count && code_in_kernel(frames.ips[i]))
		i++;
	if (i == frames.count)
		return;
	strbuf_puts(out, " < ");
	code_add_function(out, p, frames.ips[i]);
}

/* Is the bracket part of a name, as in "operator<" and "operator->"? */
static bool of_operator(const char *name, size_t at)
{
	static const char word[] = "operator";
	size_t len = sizeof word - 1;

	for (size_t back = 0; back < 3 && back <= at; back++) {
		size_t end = at - back;

		if (end >= len && !strncmp(name + end - len, word, len))
			return true;
		if (end == 0 || !strchr("<>=-", name[end - 1]))
			return false;
	}
	return false;
}

/* Where the list of arguments begins: the round bracket that the last one closes. */
static size_t arguments(const char *name)
{
	size_t len = strlen(name), at = len, depth = 0;
	const char *last = strrchr(name, ')');

	if (!last)
		return len;
	for (at = (size_t)(last - name) + 1; at-- > 0;) {
		depth += name[at] == ')';
		if (name[at] == '(' && --depth == 0)
			break;
	}
	return at < len && at > 0 ? at : len;
}

static void empty_brackets(struct strbuf *out, const char *name, size_t len)
{
	size_t depth = 0;

	for (size_t i = 0; i < len; i++) {
		bool plain = of_operator(name, i);

		if (!plain && name[i] == '>' && depth > 0)
			depth--;
		if (depth == 0)
			strbuf_add(out, name + i, 1);
		if (!plain && name[i] == '<')
			depth++;
	}
}

void code_add_short(struct strbuf *out, const char *name, int columns, int ascii)
{
	struct strbuf less = { 0 };

	if (text_columns(name) <= columns) {
		strbuf_puts(out, name);
		return;
	}
	/* an offset follows the arguments: "f(int)+0x12" */
	const char *offset = strrchr(name, '+');
	size_t end = arguments(name);

	if (!offset || !text_begins(offset, "+0x"))
		offset = "";
	strbuf_add(&less, name, end);
	if (name[end])
		strbuf_puts(&less, offset);
	if (text_columns(less.text) > columns) {
		strbuf_clear(&less);
		empty_brackets(&less, name, end);
		if (name[end])
			strbuf_puts(&less, offset);
	}
	text_fit(out, less.text ? less.text : "", columns, TEXT_CUT_LEFT, ascii);
	strbuf_fini(&less);
}

/* Source text around a place in it. */

#define TAB_STOP 8

/* A source line made printable, its tabs become blanks. */
static void add_source_text(struct strbuf *out, const char *raw)
{
	struct strbuf line = { 0 };
	int column = 0;

	strbuf_add(&line, "", 0);
	for (; *raw; raw++) {
		if (*raw != '\t') {
			strbuf_add(&line, raw, 1);
			column++;
			continue;
		}
		do
			strbuf_puts(&line, " ");
		while (++column % TAB_STOP);
	}
	text_printable(out, line.text, line.len);
	strbuf_fini(&line);
}

/* The columns that a line leaves empty; INT_MAX where nothing follows them. */
static int indent_of(const char *raw)
{
	int column = 0;

	for (; *raw == ' ' || *raw == '\t'; raw++)
		column += *raw == '\t' ? TAB_STOP - column % TAB_STOP : 1;
	return *raw ? column : INT_MAX;
}

/* What is drawn of a file: the lines, and where their text begins. */
struct excerpt {
	const struct names *names;
	const struct code_frame *at;
	uint32_t first, last;
	int digits, indent; /* of the longest number; what all lines leave empty */
};

static const char *line_of(const struct excerpt *x, uint32_t line)
{
	return names_line(x->names, x->at->source, line);
}

static struct excerpt take_excerpt(const struct names *names, const struct code_frame *at, uint32_t around)
{
	struct excerpt x = { names, at,     at->line > around ? at->line - around : 1, at->line + around,
			     1,     INT_MAX };
	char number[16];

	for (uint32_t line = x.first; line <= x.last; line++) {
		const char *raw = line_of(&x, line);
		int indent = raw ? indent_of(raw) : INT_MAX;

		x.indent = min(indent, x.indent);
		if (raw)
			x.digits = snprintf(number, sizeof number, "%" PRIu32, line);
	}
	return x;
}

static void draw_line(struct area a, int row, int column, const struct excerpt *x, uint32_t number)
{
	bool current = number == x->at->line;
	uint8_t paper = current ? PAPER_SELECTED : PAPER_PLAIN;
	struct strbuf text = { 0 };
	size_t skipped;

	add_source_text(&text, line_of(x, number));
	skipped = text.text ? strspn(text.text, " ") : 0;
	skipped = min(skipped, (size_t)x->indent);
	if (current) {
		area_fill(area_part(a, row, column, 1, a.columns - column), PEN_ON(INK_STRONG, paper));
		area_put(a, row, column, 0x25b8, PEN_ON(INK_ACCENT, paper));
	}
	column = area_printf(a, row, column + 2, PEN_ON(INK_DIM, paper), "%*" PRIu32 "  ", x->digits, number);
	area_fit(a, row, column, a.columns - column - 1, PEN_ON(current ? INK_STRONG : INK_TEXT, paper),
		 text.text ? text.text + skipped : "", TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

int code_draw_source(struct area a, int row, int column, const struct names *names,
		     const struct code_frame *at, uint32_t around)
{
	struct excerpt x = take_excerpt(names, at, around);

	for (uint32_t line = x.first; line <= x.last && row < a.rows; line++)
		if (line_of(&x, line))
			draw_line(a, row++, column, &x, line);
	return row;
}
