/* How a thread came to where it faulted, the innermost function first, and the source around it.
 *
 *   minor write fault 00:11.913  thread 4242  on 0x7f1200003010  zero-fill
 *   #0  fill+0x2c                demo.c:14  │   13        for (i = 0; i < n; i++)
 *   #1  touch      inlined       demo.c:31  │ ▸ 14                p[i * 4096] = 1;
 *       main+0x52                demo.c:40  │   15        return n;
 *   #2  __libc_start_main+0x85   libc.so.6  │
 *       cut here: there was more than could be followed
 *
 * A narrow screen has the source below the function that it is of. */
#include "render/panel.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "render/code.h"
#include "render/sheet.h"
#include "render/subject.h"

#define LEFT 1
#define NAMES (LEFT + 5)   /* where the functions begin */
#define SIDE_BY_SIDE 110   /* columns */
#define SOURCE_AROUND 6    /* lines on either side */
#define SOURCE_BETWEEN 2   /* the same, between the functions */
#define TAB_STOP 8

/* What is shown: a fault or a call, and the stack. */
struct told {
	uint64_t time_ns;
	const struct event_fault *fault; /* or NULL */
	const struct event_call *call;   /* or NULL */
	uint32_t number;                 /* of the stack */
	bool of_image;
	uint64_t ip;                     /* the only one, where the stack was not taken */
	struct event_stack stack;
};

static bool find_fault(struct told *t, const struct process *p, uint64_t number)
{
	const struct fault_entry *e = fault_log_at(&p->faults, number);

	if (e)
		*t = (struct told){.time_ns = e->time_ns, .fault = &e->fault, .number = e->stack,
				   .of_image = number >= p->image_faults};
	return e;
}

static bool find_call(struct told *t, const struct process *p, uint64_t number)
{
	const struct call_entry *e = calls_at(&p->calls, number);

	if (e)
		*t = (struct told){.time_ns = e->time_ns, .call = &e->call, .number = e->stack,
				   .of_image = number >= p->image_calls};
	return e;
}

static bool find_story(struct told *t, const struct scene *scene)
{
	const struct story *story = stories_find(&scene->process->stories, scene->view->cursor);

	if (!story || story->time_ns > scene->now_ns)
		return false;
	*t = (struct told){.time_ns = story->time_ns, .fault = &story->fault, .number = story->stack, .of_image = true};
	return true;
}

static bool find_told(struct told *t, const struct scene *scene)
{
	const struct view_event *chosen = &scene->view->stack_of;
	const struct process *p = scene->process;
	bool found = false;

	if (chosen->known)
		found = chosen->call ? find_call(t, p, chosen->number) : find_fault(t, p, chosen->number);
	if (!found && !find_story(t, scene))
		return false;
	t->stack = stacks_get(&p->stacks, t->number);
	if (!t->stack.count && t->fault) {
		t->ip = t->fault->ip;
		t->stack = (struct event_stack){.ips = &t->ip, .count = 1};
	}
	return true;
}

/* With the whole path of the source, where there is room. */
static void draw_title(struct area a, const struct scene *scene, const struct told *t, const struct code_frame *source)
{
	struct strbuf text = {0};
	char address[24];

	if (t->fault) {
		strbuf_puts(&text, t->fault->major ? _("major") : _("minor"));
		if (t->fault->access)
			strbuf_printf(&text, " %s", fault_access_name(t->fault->access));
		strbuf_puts(&text, _(" fault "));
		code_add_time(&text, t->time_ns);
		strbuf_printf(&text, _("  thread %" PRId32 "  on %s"), t->fault->tid,
			      subject_address(address, scene, t->fault->address));
		if (t->fault->cause)
			strbuf_printf(&text, "  %s", fault_cause_name(t->fault->cause));
	} else {
		text_printable(&text, t->call->name, strlen(t->call->name));
		strbuf_puts(&text, "(");
		text_printable(&text, t->call->args, strlen(t->call->args));
		strbuf_puts(&text, ") ");
		code_add_time(&text, t->time_ns);
		strbuf_printf(&text, _("  thread %" PRId32), t->call->tid);
	}
	int column = area_fit(a, 0, LEFT, a.columns - LEFT - 1, PEN(INK_FAULT), text.text, TEXT_CUT_MIDDLE) + 2;
	strbuf_clear(&text);
	if (source)
		text_printable(&text, source->source, strlen(source->source));
	if (source && column + text_columns(text.text) < a.columns)
		area_text_right(a, 0, a.columns - 1, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

/* A function in its row: its name, and where in the source at the right. */
static void draw_function(struct area a, int row, const char *name, const char *source, const char *note, bool first)
{
	struct pen pen = PEN(first ? INK_STRONG : INK_TEXT);
	int room = a.columns - NAMES - 1, right = text_columns(source), least = room / 2;
	struct strbuf brief = {0};
	int column;

	if (right > room - least)
		right = room - least;
	if (first)
		pen.style = STYLE_BOLD;
	room -= (right ? right + 2 : 0) + (*note ? text_columns(note) + 1 : 0);
	code_add_short(&brief, name, room, a.canvas->ascii);
	column = area_text(a, row, NAMES, pen, brief.text);
	if (*note)
		area_text(a, row, column + 1, PEN(INK_DIM), note);
	area_fit(a, row, a.columns - 1 - right, right, PEN(INK_ACCENT), source, TEXT_CUT_LEFT);
	strbuf_fini(&brief);
}

/* One of several functions at an address: all but the last were inlined. */
static void draw_inlined(struct area a, int row, const struct event_symbol *symbol, size_t i, bool first)
{
	const struct code_frame *frame = &symbol->frames[i];
	bool inlined = i + 1 < symbol->count;
	struct strbuf name = {0}, source = {0};

	text_printable(&name, frame->function, strlen(frame->function));
	if (!name.len)
		strbuf_puts(&name, "?");
	if (!inlined)
		strbuf_printf(&name, "+0x%" PRIx64, symbol->offset);
	code_add_source(&source, frame);
	draw_function(a, row, name.text, source.text ? source.text : "", inlined ? _("inlined") : "", first);
	strbuf_fini(&name);
	strbuf_fini(&source);
}

static void draw_unnamed(struct area a, int row, const struct process *p, uint64_t ip, const struct told *t, bool first)
{
	const struct event_symbol *symbol = t->of_image ? names_find(p->names, ip) : NULL;
	struct strbuf name = {0};

	if (t->of_image)
		code_add_function(&name, p, ip);
	else
		strbuf_printf(&name, "0x%" PRIx64, ip);
	draw_function(a, row, name.text, !t->of_image ? _("before exec") : symbol ? symbol->why : "", "", first);
	strbuf_fini(&name);
}

/* The innermost place of which there is source text. */
static const struct code_frame *find_source(const struct process *p, const struct told *t)
{
	for (size_t i = 0; t->of_image && i < t->stack.count; i++) {
		const struct event_symbol *symbol = names_find(p->names, t->stack.ips[i]);

		for (size_t at = 0; symbol && at < symbol->count; at++)
			if (names_line(p->names, symbol->frames[at].source, symbol->frames[at].line))
				return &symbol->frames[at];
	}
	return NULL;
}

/* A source line made printable, its tabs become blanks. */
static void add_source_text(struct strbuf *out, const char *raw)
{
	struct strbuf line = {0};
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

static void draw_line(struct area a, int row, int column, uint32_t number, const char *raw, bool current)
{
	uint8_t paper = current ? PAPER_SELECTED : PAPER_PLAIN;
	struct strbuf text = {0};

	add_source_text(&text, raw);
	if (current) {
		area_fill(area_part(a, row, column, 1, a.columns - column), PEN_ON(INK_STRONG, paper));
		area_put(a, row, column, 0x25b8, PEN_ON(INK_ACCENT, paper));
	}
	column = area_printf(a, row, column + 2, PEN_ON(INK_DIM, paper), "%4" PRIu32 "  ", number);
	area_fit(a, row, column, a.columns - column - 1, PEN_ON(current ? INK_STRONG : INK_TEXT, paper),
		 text.text ? text.text : "", TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

/* The source around a place, as far as it is known. Returns the row behind. */
static int draw_source(struct area a, int row, int column, const struct process *p, const struct code_frame *at,
		       uint32_t around)
{
	uint32_t first = at->line > around ? at->line - around : 1;

	for (uint32_t line = first; line <= at->line + around && row < a.rows; line++) {
		const char *raw = names_line(p->names, at->source, line);

		if (raw)
			draw_line(a, row++, column, line, raw, line == at->line);
	}
	return row;
}

/* A frame of the stack, a row for each function in it. Returns the row behind. */
static int draw_frame(struct area a, int row, const struct process *p, const struct told *t, size_t i,
		      const struct code_frame *source, uint32_t around)
{
	const struct event_symbol *symbol = t->of_image ? names_find(p->names, t->stack.ips[i]) : NULL;

	area_printf(a, row, LEFT, PEN(INK_DIM), "#%zu", i);
	if (!symbol || !symbol->count) {
		draw_unnamed(a, row, p, t->stack.ips[i], t, i == 0);
		return row + 1;
	}
	for (size_t at = 0; at < symbol->count; at++) {
		draw_inlined(a, row++, symbol, at, i == 0 && at == 0);
		if (&symbol->frames[at] == source)
			row = draw_source(a, row, LEFT, p, source, around);
	}
	return row;
}

/* The frames, with source lines below the function that they are of. Returns the rows used. */
static int draw_frames(struct area a, const struct scene *scene, const struct told *t, const struct code_frame *between,
		       uint32_t around)
{
	const struct process *p = scene->process;
	int row = 0;

	for (size_t i = 0; i < t->stack.count && row < a.rows; i++)
		row = draw_frame(a, row, p, t, i, between, around);
	if (!t->number)
		area_text(a, row++, NAMES, PEN(INK_DIM),
			  t->stack.count ? _("its callers were not recorded") : _("its stack was not recorded"));
	else if (t->stack.cut)
		area_text(a, row++, NAMES, PEN(INK_WARN), _("cut here: there was more than could be followed"));
	return row;
}

static void draw_side_by_side(struct area a, const struct scene *scene, const struct told *t,
			      const struct code_frame *source)
{
	int left = a.columns / 2, around = a.rows / 2 < SOURCE_AROUND ? a.rows / 2 : SOURCE_AROUND;
	struct area right = area_part(a, 0, left + 1, a.rows, a.columns - left - 1);
	struct sheet sheet;

	sheet_open(&sheet, area_part(a, 0, 0, a.rows, left), SHEET_ROWS, PEN(INK_TEXT));
	subject_ends(scene, sheet_show(&sheet, draw_frames(sheet.area, scene, t, NULL, 0), scene->view->detail_scroll));
	for (int row = 0; row < a.rows; row++)
		area_put(a, row, left, 0x2502, PEN(INK_LINE));
	draw_source(right, 0, 0, scene->process, source, (uint32_t)around);
}

static void draw_no_stack(struct area a, const struct scene *scene)
{
	const struct source_status *faults = &scene->process->sources[SOURCE_FAULTS];
	struct strbuf text = {0};

	strbuf_puts(&text, _("No fault of the page under the cursor was told of: choose another page, or an event (key e) "
			     "and then x."));
	if (faults->known && !faults->ok)
		strbuf_printf(&text, " %s", faults->why);
	area_wrap(a, 0, LEFT, a.columns - LEFT - 1, a.rows, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

void tab_stack(struct area a, const struct scene *scene)
{
	const struct code_frame *source;
	struct sheet sheet;
	struct told t;

	if (!scene->process)
		return;
	if (!find_told(&t, scene)) {
		draw_no_stack(a, scene);
		return;
	}
	source = find_source(scene->process, &t);
	draw_title(a, scene, &t, source);
	if (a.rows < 2)
		return;
	a = area_part(a, 1, 0, a.rows - 1, a.columns);
	if (source && a.columns >= SIDE_BY_SIDE) {
		draw_side_by_side(a, scene, &t, source);
		return;
	}
	sheet_open(&sheet, a, SHEET_ROWS, PEN(INK_TEXT));
	subject_ends(scene, sheet_show(&sheet, draw_frames(sheet.area, scene, &t, source, a.rows < 8 ? 1 : SOURCE_BETWEEN),
				       scene->view->detail_scroll));
}
