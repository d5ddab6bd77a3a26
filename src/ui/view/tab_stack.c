/* How a thread got to where it faulted, the innermost function first, and the source around it.
 *
 *   minor write fault 00:11.913  thread 4242  on 0x7f1200003010  zero-fill
 *   #0  fill+0x2c                demo.c:14  │ /home/ann/src/demo.c
 *   #1  touch      inlined       demo.c:31  │   13  for (i = 0; i < n; i++)
 *       main+0x52                demo.c:40  │ ▸ 14          p[i * 4096] = 1;
 *   #2  __libc_start_main+0x85   libc.so.6  │   15  return n;
 *   ~3  _start                              │
 *       ~ is likely: ...
 *
 * A narrow screen has the source below the function that it belongs to. Keys select a function; the source is
 * that function's, or that of the next one outwards that has lines. */
#include "ui/view/tab_stack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/code.h"
#include "render/page_facts.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define LEFT 1
#define NAMES (LEFT + 5)            /* where the functions begin */
#define SIDE_BY_SIDE 110            /* columns */
#define SOURCE_AROUND 6             /* lines on either side */
#define SOURCE_BETWEEN 2            /* the same, between the functions */
#define LINES_MAX (SHEET_ROWS - 16) /* leaves room for source lines and the reason why the list ends */

/* What is shown: a fault or a call, and the stack. */
struct shown_stack {
	uint64_t time_ns;
	const struct event_fault *fault; /* or NULL */
	const struct event_call *call;   /* or NULL */
	uint32_t number;                 /* of the stack */
	bool of_image;
	uint64_t ip; /* the only one, where the stack was not taken */
	struct event_stack stack;
};

static bool find_fault(struct shown_stack *t, const struct process *p, uint64_t number)
{
	const struct fault_entry *e = fault_log_at(&p->faults.log, number);

	if (e)
		*t = (struct shown_stack){ .time_ns = e->time_ns,
					   .fault = &e->fault,
					   .number = e->stack,
					   .of_image = number >= p->faults.image };
	return e;
}

static bool find_call(struct shown_stack *t, const struct process *p, uint64_t number)
{
	const struct call_entry *e = calls_at(&p->calls, number);

	if (e)
		*t = (struct shown_stack){ .time_ns = e->time_ns,
					   .call = &e->call,
					   .number = e->stack,
					   .of_image = number >= p->calls.image };
	return e;
}

static bool find_story(struct shown_stack *t, const struct scene *scene)
{
	const struct story *story = stories_find(&scene->process->faults.stories, scene->page);

	if (!story || story->time_ns > scene->now_ns)
		return false;
	*t = (struct shown_stack){
		.time_ns = story->time_ns, .fault = &story->fault, .number = story->stack, .of_image = true
	};
	return true;
}

/* The call at which the program is stopped, as long as the cursor is where the stop put it: at the call's
 * memory, if it has any. */
static bool find_stop(struct shown_stack *t, const struct scene *scene)
{
	const struct process *p = scene->process;
	uint64_t last = p->calls.end - 1;
	const struct call_entry *entry =
	    p->stop.known && p->stop.why == STOP_CALL && p->calls.end ? calls_at(&p->calls, last) : NULL;
	uint64_t slot;

	if (!entry)
		return false;
	if (scene_find_address(scene, call_address(&entry->call), &slot) && slot != scene->view->grid.cursor)
		return false;
	return find_call(t, p, last);
}

static bool find_shown(struct shown_stack *t, const struct scene *scene, const struct view_event *chosen)
{
	const struct process *p = scene->process;
	bool found = false;

	if (chosen->known && chosen->kind == EVENT_KIND_CALL)
		found = find_call(t, p, chosen->number);
	else if (chosen->known && chosen->kind == EVENT_KIND_FAULT)
		found = find_fault(t, p, chosen->number);
	if (!found && !find_stop(t, scene) && !find_story(t, scene))
		return false;
	t->stack = stacks_get(&p->stacks, t->number);
	if (!t->stack.count && t->fault) {
		t->ip = t->fault->ip;
		t->stack = (struct event_stack){ .ips = &t->ip, .count = 1 };
	}
	return true;
}

/* With the whole path of the source, where it is below the functions and there is room. */
static void draw_title(struct area a, const struct scene *scene, const struct shown_stack *t,
		       const struct code_frame *source)
{
	struct strbuf text = { 0 };
	char address[24];

	if (t->fault) {
		code_add_fault(&text, t->fault, false);
		strbuf_puts(&text, " ");
		code_add_time(&text, t->time_ns);
		strbuf_printf(&text, _("  thread %" PRId32 "  on %s"), t->fault->tid,
			      page_address_text(address, scene->process->identity.bits, t->fault->address));
		if (t->fault->cause)
			strbuf_printf(&text, "  %s", fault_cause_name(t->fault->cause));
	} else {
		call_print(&text, t->call, CALL_ARGS);
		strbuf_puts(&text, " ");
		code_add_time(&text, t->time_ns);
		strbuf_printf(&text, _("  thread %" PRId32), t->call->tid);
	}
	int column =
	    area_fit(a, 0, LEFT, a.columns - LEFT - 1, PEN(INK_FAULT), text.text, TEXT_CUT_MIDDLE) + 2;
	strbuf_clear(&text);
	if (source)
		text_shown(&text, source->source);
	if (source && column + text_columns(text.text) < a.columns)
		area_text_right(a, 0, a.columns - 1, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

/* A row of the list: one function at an address of the stack, several where some were inlined. */
struct stack_line {
	size_t frame;
	const struct event_symbol *symbol; /* NULL: nothing is known of the address */
	size_t at;                         /* of its functions; 0 where it has none */
};

struct listing {
	struct stack_line lines[LINES_MAX];
	int count, selected;
	int source; /* whose source is shown: the first line from the selected one on that has some; -1: none */
};

static const struct code_frame *frame_of(const struct stack_line *line)
{
	return line->symbol && line->at < line->symbol->count ? &line->symbol->frames[line->at] : NULL;
}

static void add_frame(struct listing *l, const struct process *p, const struct shown_stack *t, size_t i)
{
	const struct event_symbol *symbol = t->of_image ? names_find(p->names, t->stack.ips[i]) : NULL;
	size_t at = 0;

	do {
		if (l->count < LINES_MAX)
			l->lines[l->count++] = (struct stack_line){ i, symbol, at };
	} while (symbol && ++at < symbol->count);
}

static bool has_source(const struct process *p, const struct stack_line *line)
{
	const struct code_frame *frame = frame_of(line);

	return frame && names_line(p->names, frame->source, frame->line);
}

static void list(struct listing *l, const struct process *p, const struct shown_stack *t, int selected)
{
	l->count = 0;
	for (size_t i = 0; i < t->stack.count; i++)
		add_frame(l, p, t, i);
	l->selected = selected < l->count ? selected : l->count - 1;
	l->source = max(l->selected, 0);
	while (l->source < l->count && !has_source(p, &l->lines[l->source]))
		l->source++;
	if (l->source == l->count)
		l->source = -1;
}

/* A function in its row: its name, and where in the source at the right. */
static void draw_function(struct area a, int row, const char *name, const char *source, const char *note,
			  struct pen pen)
{
	int edge = a.columns - 2; /* an arrow may follow it */
	int room = edge - NAMES, right = text_columns(source), least = room / 2;
	struct strbuf brief = { 0 };
	int column;

	if (right > room - least)
		right = room - least;
	room -= (right ? right + 2 : 0) + (*note ? text_columns(note) + 1 : 0);
	code_add_short(&brief, name, room, a.canvas->ascii);
	column = area_text(a, row, NAMES, pen, brief.text);
	if (*note)
		area_text(a, row, column + 1, PEN_ON(INK_DIM, pen.paper), note);
	area_fit(a, row, edge - right, right, PEN_ON(INK_ACCENT, pen.paper), source, TEXT_CUT_LEFT);
	strbuf_fini(&brief);
}

static void draw_named(struct area a, int row, const struct stack_line *line, struct pen pen)
{
	const struct code_frame *frame = frame_of(line);
	bool inlined = line->at + 1 < line->symbol->count;
	struct strbuf name = { 0 }, source = { 0 };

	text_shown(&name, frame->function);
	if (!name.len)
		strbuf_puts(&name, "?");
	if (!inlined)
		strbuf_printf(&name, "+0x%" PRIx64, line->symbol->offset);
	code_add_source(&source, frame);
	draw_function(a, row, name.text, source.text ? source.text : "", inlined ? _("inlined") : "", pen);
	strbuf_fini(&name);
	strbuf_fini(&source);
}

/* With the reason at the right, where one is known. */
static void draw_unnamed(struct area a, int row, const struct process *p, const struct shown_stack *t,
			 const struct stack_line *line, struct pen pen)
{
	uint64_t ip = t->stack.ips[line->frame];
	const char *why = !t->of_image ? _("before exec") : line->symbol ? line->symbol->why : "";
	struct strbuf name = { 0 };

	if (t->of_image)
		code_add_function(&name, p, ip);
	else
		strbuf_printf(&name, "0x%" PRIx64, ip);
	draw_function(a, row, name.text, why, "", pen);
	strbuf_fini(&name);
}

static void draw_line(struct area a, int row, const struct scene *scene, const struct shown_stack *t,
		      const struct listing *l, int i)
{
	const struct stack_line *line = &l->lines[i];
	bool selected = i == l->selected && scene->view->focus == VIEW_FOCUS_DETAIL && l->count > 1;
	struct pen pen = PEN_ON(i == 0 ? INK_STRONG : INK_TEXT, selected ? PAPER_SELECTED : PAPER_PLAIN);

	if (i == 0)
		pen.style = STYLE_BOLD;
	if (selected)
		area_fill(area_part(a, row, 0, 1, a.columns), pen);
	if (line->at == 0)
		area_printf(a, row, LEFT, PEN_ON(INK_DIM, pen.paper),
			    line->frame + t->stack.deduced < t->stack.count ? "#%zu" : "~%zu", line->frame);
	if (frame_of(line))
		draw_named(a, row, line, pen);
	else
		draw_unnamed(a, row, scene->process, t, line, pen);
}

/* Why the list ends. */
static int draw_end(struct area a, int row, const struct shown_stack *t)
{
	if (!t->number)
		area_text(a, row++, NAMES, PEN(INK_DIM),
			  t->stack.count ? _("its callers were not recorded")
					 : _("its stack was not recorded"));
	else if (t->stack.end != STACK_WHOLE)
		area_text(a, row++, NAMES, PEN(INK_WARN), stack_end_text(t->stack.end));
	if (t->stack.deduced)
		area_fit(a, row++, NAMES, a.columns - NAMES - 1, PEN(INK_DIM),
			 _("~ is likely: taken from an earlier stack of the thread, or from a frame pointer"),
			 TEXT_CUT_RIGHT);
	return row;
}

/* The functions; where `around` is not 0, with that many source lines on either side, below the function
 * that they belong to. The selected one is scrolled to. */
static void draw_list(struct area a, const struct scene *scene, const struct shown_stack *t,
		      const struct listing *l, uint32_t around)
{
	struct sheet sheet;
	int row = 0, top = 0, bottom = 0;

	sheet_open(&sheet, a, SHEET_ROWS, PEN(INK_TEXT));
	for (int i = 0; i < l->count; i++) {
		if (i == l->selected)
			top = row;
		draw_line(sheet.area, row++, scene, t, l, i);
		if (i == l->source && around)
			row = code_draw_source(sheet.area, row, LEFT, scene->process->names,
					       frame_of(&l->lines[i]), around);
		if (i == l->selected)
			bottom = row;
	}
	row = draw_end(sheet.area, row, t);
	if (l->selected + 1 == l->count)
		bottom = row;
	bottom -= a.rows;
	sheet_show(&sheet, row, clamp(bottom, 0, top));
}

static void draw_side_by_side(struct area a, const struct scene *scene, const struct shown_stack *t,
			      const struct listing *l)
{
	const struct code_frame *frame = frame_of(&l->lines[l->source]);
	int left = a.columns / 2, half = (a.rows - 1) / 2, around = min(half, SOURCE_AROUND);
	struct area right = area_part(a, 0, left + 2, a.rows, a.columns - left - 2);
	const char *source = frame ? frame->source : "";
	char *path = text_shown_dup(source);

	draw_list(area_part(a, 0, 0, a.rows, left), scene, t, l, 0);
	for (int row = 0; row < a.rows; row++)
		area_put(a, row, left, 0x2502, PEN(INK_LINE));
	area_fit(right, 0, 0, right.columns - 1, PEN(INK_ACCENT), path, TEXT_CUT_LEFT);
	code_draw_source(right, 1, 0, scene->process->names, frame, (uint32_t)around);
	free(path);
}

static void draw_no_stack(struct area a, const struct scene *scene)
{
	const struct source_status *faults = &scene->process->sources[SOURCE_FAULTS];
	struct strbuf text = { 0 };
	char events[PRESS_TEXT], stack[PRESS_TEXT];

	strbuf_printf(&text,
		      _("No fault of the page under the cursor has been seen: choose another page, or "
			"an event (key %s) and then %s."),
		      press_key(&scene->view->press, events, "events"),
		      press_key(&scene->view->press, stack, "stack"));
	if (faults->known && !faults->ok)
		strbuf_printf(&text, " %s", faults->why);
	area_wrap(a, 0, LEFT, a.columns - LEFT - 1, a.rows, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	const struct stack_tab *state = tab->state;
	struct listing l;
	struct shown_stack t;
	bool beside;

	if (!scene->process)
		return 0;
	if (!find_shown(&t, scene, &state->of)) {
		draw_no_stack(a, scene);
		return 0;
	}
	list(&l, scene->process, &t, tab->scroll);
	beside = l.source >= 0 && a.columns >= SIDE_BY_SIDE && a.rows > 3;
	draw_title(a, scene, &t, l.source < 0 || beside ? NULL : frame_of(&l.lines[l.source]));
	if (a.rows < 2)
		return 0;
	a = area_part(a, 1, 0, a.rows - 1, a.columns);
	if (beside)
		draw_side_by_side(a, scene, &t, &l);
	else
		draw_list(a, scene, &t, &l, a.rows < 8 ? 1 : SOURCE_BETWEEN);
	return l.count - 1;
}

/* Shows the event that is selected in the tab that has the keyboard, if one has it. */
static void open(struct tab *tab, struct view *v, const struct scene *scene)
{
	struct stack_tab *state = tab->state;
	struct tab *from = view_tab_with_keys(v);

	*state = (struct stack_tab){ 0 };
	if (from && from->ops->take_event && from->ops->take_event(from, v, scene, &state->of))
		state->from = from->ops;
}

static const struct view_ops *back(struct tab *tab)
{
	const struct stack_tab *state = tab->state;

	return state->of.known ? state->from : NULL;
}

/* An event's stack is shown until the cursor goes elsewhere; each stack begins at its innermost
 * function. */
static void cursor_moved(struct tab *tab, const struct scene *scene)
{
	struct stack_tab *state = tab->state;
	uint64_t slot;

	if (!scene_find_event(scene, &state->of, &slot) || slot != scene->view->grid.cursor)
		state->of.known = false;
	tab->scroll = 0;
}

const struct view_ops tab_stack = {
	.name = N_("stack"),
	.key = 'x',
	.flags = TAB_LIST | TAB_OF_PAGE,
	.state_size = sizeof(struct stack_tab),
	.draw = draw,
	.open = open,
	.back = back,
	.cursor_moved = cursor_moved,
};

struct stack_tab *tab_stack_state(const struct view *v)
{
	return tabs_find(&v->tabs, &tab_stack)->state;
}

struct tab *tab_stack_in(const struct tabs *tabs)
{
	return tabs_find(tabs, &tab_stack);
}
