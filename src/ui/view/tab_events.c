/* What happened, one line an event, the newest at the bottom:
 *
 *   TIME          THREAD KIND  ACCESS CAUSE          PAGE             REGION      FUNCTION     12 of 812
 *   00:11.913042    4242 minor write  zero-fill      0x7f1200003000   anon        fill+0x2c
 *   00:11.913377    4242 call         munmap(0x7f1200003000, 8192) = 0
 *   00:11.951002    4242 left         munmap    2 0x7f1200003000   anon        anon -> none
 *   00:12.003141    4242 exec         became make -j2
 *
 * A narrow screen leaves out the page and the microseconds. Only visible events are read: the index knows
 * which event is in which line.
 *
 * The selected line is an event, not a position in the list: when the list is rebuilt (another filter, names
 * that came late) it is found again by its order. */
#include "ui/view/tab_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "model/event_filter.h"
#include "render/code.h"
#include "render/page_facts.h"
#include "ui/view/scene.h"

#define LEFT 1

struct events_columns {
	int time, thread, kind, access, cause, pages, page, region, function, source; /* 0: left out */
	int region_columns, function_columns;
};

static struct events_columns lay_out(int columns)
{
	struct events_columns c = { .time = LEFT };
	int at = LEFT + (columns >= 100 ? 13 : 10);

	c.thread = at + 7; /* where it ends */
	c.kind = at + 8;
	c.access = c.kind + 6;
	c.cause = c.access + 6;
	at = c.cause + 14;
	if (columns >= 110) {
		c.pages = at + 4;
		at += 6;
	}
	if (columns >= 96) {
		c.page = at;
		at += 15;
	}
	c.region = at;
	c.region_columns = columns >= 150 ? 20 : columns >= 90 ? 14 : 10;
	c.function = at + c.region_columns + 1;
	c.function_columns = columns - c.function - 1;
	if (columns >= 140) {
		c.function_columns -= 28;
		c.source = c.function + c.function_columns + 1;
	}
	return c;
}

static void draw_count(struct area a, const struct scene *scene, const struct events_tab *e,
		       const struct events_columns *c)
{
	const struct process *p = scene->process;
	uint64_t shown = (uint64_t)(e->index.end - e->index.first);
	uint64_t all = p->faults.log.end - p->faults.log.begin + p->calls.end - p->calls.begin +
		       p->departures.end - p->departures.begin + p->execs.end - p->execs.begin;
	struct strbuf text = { 0 }, filter = { 0 };
	char count[16];

	if (e->biography)
		strbuf_printf(&filter, _("page 0x%" PRIx64), space_address(p->space, scene->page));
	else
		text_shown(&filter, e->filter);
	strbuf_puts(&text, text_count(count, shown));
	if (shown != all || filter.len)
		strbuf_printf(&text, _(" of %s"), text_count(count, all));
	if (e->index.pending)
		strbuf_puts(&text, " ...");
	if (filter.len)
		strbuf_printf(&text, "  %s", filter.text);
	/* where there is little room it covers headings */
	int least = c->cause + 6, at = a.columns - text_columns(text.text) - 1;
	at = max(at, least);
	int from = at > c->function + 8 ? at : at > c->region + 7 ? c->function : c->region;
	area_fill(area_part(a, 0, from, 1, a.columns - from), PEN(INK_TEXT));
	area_fit(a, 0, at, a.columns - at - 1, PEN(INK_STRONG), text.text, TEXT_CUT_RIGHT);
	strbuf_fini(&text);
	strbuf_fini(&filter);
}

static void draw_heading(struct area a, const struct scene *scene, const struct events_tab *e,
			 const struct events_columns *c)
{
	struct pen pen = PEN(INK_ACCENT);

	area_text(a, 0, c->time, pen, _("TIME"));
	area_text_right(a, 0, c->thread, pen, _("THREAD"));
	area_text(a, 0, c->kind, pen, _("KIND"));
	area_text(a, 0, c->access, pen, _("BY"));
	area_text(a, 0, c->cause, pen, _("CAUSE"));
	if (c->pages)
		area_text_right(a, 0, c->pages, pen, _("PAGES"));
	if (c->page)
		area_text(a, 0, c->page, pen, _("PAGE"));
	area_text(a, 0, c->region, pen, _("REGION"));
	area_text(a, 0, c->function, pen, _("FUNCTION"));
	draw_count(a, scene, e, c);
}

static void draw_time(struct area a, int row, const struct events_columns *c, uint64_t ns, uint8_t paper)
{
	uint64_t us = ns / 1000, minutes = us / 60000000;

	if (a.columns >= 100)
		area_printf(a, row, c->time, PEN_ON(INK_DIM, paper), "%02" PRIu64 ":%02" PRIu64 ".%06" PRIu64,
			    minutes, us / 1000000 % 60, us % 1000000);
	else
		area_printf(a, row, c->time, PEN_ON(INK_DIM, paper), "%02" PRIu64 ":%02" PRIu64 ".%03" PRIu64,
			    minutes, us / 1000000 % 60, us / 1000 % 1000);
}

static void draw_thread(struct area a, int row, const struct events_columns *c, int32_t tid, uint8_t paper)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%" PRId32, tid);
	area_text_right(a, row, c->thread, PEN_ON(INK_TEXT, paper), text.text);
	strbuf_fini(&text);
}

static void draw_code(struct area a, int row, const struct events_columns *c, const struct scene *scene,
		      const struct fault_entry *e, bool of_image, uint8_t paper)
{
	const struct process *p = scene->process;
	const struct event_symbol *symbol = names_find(p->names, e->fault.ip);
	struct strbuf name = { 0 }, brief = { 0 }, source = { 0 };

	if (!of_image) {
		area_fit(a, row, c->function, c->function_columns, PEN_ON(INK_DIM, paper), _("(before exec)"),
			 TEXT_CUT_RIGHT);
		return;
	}
	code_add_toucher(&name, p, &e->fault, e->stack);
	code_add_short(&brief, name.text, c->function_columns, a.canvas->ascii);
	area_text(a, row, c->function, PEN_ON(INK_STRONG, paper), brief.text);
	if (c->source && symbol && symbol->count) {
		code_add_source(&source, &symbol->frames[0]);
		area_fit(a, row, c->source, a.columns - c->source - 1, PEN_ON(INK_DIM, paper),
			 source.text ? source.text : "", TEXT_CUT_LEFT);
	}
	strbuf_fini(&name);
	strbuf_fini(&brief);
	strbuf_fini(&source);
}

static uint8_t cause_ink(const struct event_fault *fault)
{
	enum page_state now = page_state(fault->now);

	return now == PAGE_NONE ? INK_TEXT : (uint8_t)(INK_STATE + now);
}

static void draw_fault(struct area a, int row, const struct events_columns *c, const struct scene *scene,
		       uint64_t number, uint8_t paper)
{
	const struct process *p = scene->process;
	const struct fault_entry *e = fault_log_at(&p->faults.log, number);
	const struct event_fault *f = e ? &e->fault : NULL;
	struct strbuf region = { 0 };
	char address[24];

	if (!e)
		return;
	draw_time(a, row, c, e->time_ns, paper);
	draw_thread(a, row, c, f->tid, paper);
	area_text(a, row, c->kind, PEN_ON(f->major || fault_is_fatal(f->cause) ? INK_BAD : INK_TEXT, paper),
		  fault_kind_name(f));
	area_text(a, row, c->access, PEN_ON(f->inferred ? INK_DIM : INK_TEXT, paper),
		  f->access ? fault_access_name(f->access) : "-");
	area_text(a, row, c->cause, PEN_ON(cause_ink(f), paper), fault_cause_name(f->cause));
	if (c->pages && f->before + f->after)
		area_printf(a, row, c->pages - 3, PEN_ON(INK_TEXT, paper), "%4d", 1 + f->before + f->after);
	if (c->page)
		area_text(a, row, c->page, PEN_ON(INK_DIM, paper),
			  page_address_text(address, scene->process->identity.bits,
					    space_address(p->space, space_page(p->space, f->address))));
	const char *name = fault_region_name(fault_regions_at(&p->faults.regions, e->region));
	text_shown(&region, name);
	area_fit(a, row, c->region, c->region_columns, PEN_ON(INK_TEXT, paper),
		 region.text ? region.text : "-", TEXT_CUT_LEFT);
	draw_code(a, row, c, scene, e, number >= p->faults.image, paper);
	strbuf_fini(&region);
}

/* "munmap(0x7f1200003000, 8192) = 0", across the columns that a call has no use for. */
static void draw_call(struct area a, int row, const struct events_columns *c, const struct process *p,
		      uint64_t number, uint8_t paper)
{
	const struct call_entry *e = calls_at(&p->calls, number);
	struct strbuf text = { 0 };

	if (!e) {
		area_fit(a, row, c->kind, a.columns - c->kind - 1, PEN_ON(INK_DIM, paper),
			 _("a call that is no longer kept"), TEXT_CUT_RIGHT);
		return;
	}
	draw_time(a, row, c, e->time_ns, paper);
	draw_thread(a, row, c, e->call.tid, paper);
	area_text(a, row, c->kind, PEN_ON(INK_ACCENT, paper), "call");
	call_print(&text, &e->call, CALL_ARGS);
	if (e->call.error)
		strbuf_printf(&text, " = -1: %s", strerror(e->call.error));
	else
		strbuf_printf(&text, e->call.result < 4096 ? " = %" PRIu64 : " = 0x%" PRIx64, e->call.result);
	area_fit(a, row, c->access, a.columns - c->access - 1,
		 PEN_ON(e->call.error ? INK_BAD : INK_ACCENT, paper), text.text, TEXT_CUT_MIDDLE);
	strbuf_fini(&text);
}

/* "anon -> reserved", and why where there is room to say it: a word for it stands among the causes. */
static void draw_left_words(struct area a, int row, const struct events_columns *c,
			    const struct event_left *l, uint8_t paper)
{
	struct strbuf text = { 0 };
	int room = a.columns - c->function - 1;
	const char *why = left_reason_text(l->reason);

	strbuf_printf(&text, "%s %s %s", page_state_name(page_state(l->was)), a.canvas->ascii ? "->" : "→",
		      page_state(l->now) == PAGE_NONE ? _("unmapped") : page_state_name(page_state(l->now)));
	if (l->reason != LEFT_CALL && l->reason != LEFT_UNMAP &&
	    text_columns(text.text) + 2 + text_columns(why) <= room)
		strbuf_printf(&text, ": %s", why);
	area_fit(a, row, c->function, room, PEN_ON(INK_TEXT, paper), text.text, TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

static void draw_left(struct area a, int row, const struct events_columns *c, const struct process *p,
		      uint64_t number, uint8_t paper)
{
	const struct departure *d = departures_at(&p->departures, number);
	const struct event_left *l = d ? &d->left : NULL;
	char address[24], count[16];

	if (!d) {
		area_fit(a, row, c->kind, a.columns - c->kind - 1, PEN_ON(INK_DIM, paper),
			 _("pages that went, no longer kept"), TEXT_CUT_RIGHT);
		return;
	}
	draw_time(a, row, c, d->time_ns, paper);
	if (l->tid)
		draw_thread(a, row, c, l->tid, paper);
	area_text(a, row, c->kind, PEN_ON(INK_ACCENT, paper), "left");
	text_count(count, l->end - l->first);
	if (!c->pages)
		area_text(a, row, c->access, PEN_ON(INK_TEXT, paper), count);
	area_text(a, row, c->cause, PEN_ON((uint8_t)(INK_STATE + page_state(l->was)), paper),
		  l->reason == LEFT_CALL ? call_name(l->call) : left_reason_name(l->reason));
	if (c->pages)
		area_text_right(a, row, c->pages + 1, PEN_ON(INK_TEXT, paper), count);
	if (c->page)
		area_text(a, row, c->page, PEN_ON(INK_DIM, paper),
			  page_address_text(address, p->identity.bits, space_address(p->space, l->first)));
	area_fit(a, row, c->region, c->region_columns, PEN_ON(INK_TEXT, paper),
		 region_kind_name((enum region_kind)l->kind), TEXT_CUT_RIGHT);
	draw_left_words(a, row, c, l, paper);
}

static void draw_exec(struct area a, int row, const struct events_columns *c, const struct process *p,
		      uint64_t number, uint8_t paper)
{
	const struct exec_entry *e = exec_log_at(&p->execs, number);
	struct strbuf command = { 0 }, text = { 0 };

	if (!e) {
		area_fit(a, row, c->kind, a.columns - c->kind - 1, PEN_ON(INK_DIM, paper),
			 _("an exec that is no longer kept"), TEXT_CUT_RIGHT);
		return;
	}
	text_shown(&command, e->command);
	strbuf_printf(&text, _("became %s"), command.text ? command.text : "?");
	draw_time(a, row, c, e->time_ns, paper);
	draw_thread(a, row, c, p->pid, paper);
	area_text(a, row, c->kind, PEN_ON(INK_ACCENT, paper), "exec");
	area_fit(a, row, c->access, a.columns - c->access - 1, PEN_ON(INK_STRONG, paper), text.text,
		 TEXT_CUT_RIGHT);
	strbuf_fini(&command);
	strbuf_fini(&text);
}

static void draw_row(struct area a, int row, const struct events_columns *c, const struct scene *scene,
		     const struct events_tab *e, int64_t position)
{
	struct event_item item = event_index_at(&e->index, position);
	uint8_t paper = position == e->at ? PAPER_SELECTED : PAPER_PLAIN;

	if (paper)
		area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	if (item.kind == EVENT_KIND_LEFT)
		draw_left(a, row, c, scene->process, item.number, paper);
	else if (item.kind == EVENT_KIND_EXEC)
		draw_exec(a, row, c, scene->process, item.number, paper);
	else if (item.kind == EVENT_KIND_CALL)
		draw_call(a, row, c, scene->process, item.number, paper);
	else
		draw_fault(a, row, c, scene, item.number, paper);
}

static void draw_nothing(struct area a, const struct scene *scene, const struct events_tab *e)
{
	const struct source_status *faults = &scene->process->sources[SOURCE_FAULTS];
	bool filtered = e->biography || e->filter[0];
	struct strbuf text = { 0 };
	char key[PRESS_TEXT];

	if (e->index.pending)
		strbuf_puts(&text, _("Looking ..."));
	else if (e->biography)
		strbuf_printf(&text, _("No event of this page has been seen. %s: the events of all pages"),
			      press_key(&scene->view->press, key, "biography"));
	else if (filtered)
		strbuf_printf(&text, _("No event matches the filter. %s: another filter"),
			      press_key(&scene->view->press, key, "events-filter"));
	else
		strbuf_puts(&text, _("No page fault has been seen yet."));
	if (faults->known && !faults->ok)
		strbuf_printf(&text, " %s", faults->why);
	area_wrap(a, 1, LEFT, a.columns - LEFT - 1, a.rows - 1, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	const struct events_tab *e = tab->state;
	struct events_columns c = lay_out(a.columns);

	if (!scene->process)
		return 0;
	draw_heading(a, scene, e, &c);
	if (e->index.first == e->index.end)
		draw_nothing(a, scene, e);
	for (int row = 1; row < a.rows && e->top + row - 1 < e->index.end; row++)
		draw_row(a, row, &c, scene, e, e->top + row - 1);
	if (e->top > e->index.first)
		area_put(a, 1, a.columns - 1, 0x2191, PEN(INK_ACCENT));
	if (e->top + a.rows - 1 < e->index.end)
		area_put(a, a.rows - 1, a.columns - 1, 0x2193, PEN(INK_ACCENT));
	return 0;
}

/* What is selected, and which part of the list is in sight. */

/* Rows below the heading. */
static int64_t room(const struct tab *tab)
{
	return tab->rows > 2 ? tab->rows - 1 : 1;
}

static void keep_in_list(const struct tab *tab)
{
	struct events_tab *e = tab->state;

	e->at = clamp(e->at, e->index.first, e->index.end - 1);
	e->top = clamp(e->top, e->at - room(tab) + 1, e->at);
	e->top = clamp(e->top, e->index.first, e->index.end - room(tab));
}

static void hold(struct events_tab *e)
{
	e->held = true;
	e->order = event_index_at(&e->index, e->at).order;
}

#define EVENTS_AT_ONCE ((size_t)1 << 16) /* looked at for one picture: a few milliseconds at most */
#define AGAIN_NS UINT64_C(1000000)

static void update(struct tab *tab, const struct scene *scene)
{
	struct events_tab *e = tab->state;
	unsigned restarts = e->index.restarts;
	char page[40];

	snprintf(page, sizeof page, "page:0x%" PRIx64, space_address(scene->process->space, scene->page));
	event_index_update(&e->index, scene->process, e->biography ? page : e->filter, EVENTS_AT_ONCE);
	if (!e->held)
		e->at = e->index.end - 1;
	else if (restarts != e->index.restarts || e->index.pending)
		e->at = event_index_find(&e->index, e->order);
	keep_in_list(tab);
}

static uint64_t due_ns(const struct tab *tab, uint64_t now_ns)
{
	const struct events_tab *e = tab->state;

	(void)now_ns;
	return e->index.pending ? AGAIN_NS : UINT64_MAX;
}

/* At the last line it follows the newest event again. */
static void scroll(struct tab *tab, int lines)
{
	struct events_tab *e = tab->state;

	if (e->index.first == e->index.end)
		return;
	e->at += lines;
	keep_in_list(tab);
	hold(e);
	e->held = e->at < e->index.end - 1;
}

static bool click(struct tab *tab, int line)
{
	struct events_tab *e = tab->state;

	if (e->top + line >= e->index.end)
		return false;
	scroll(tab, (int)(e->top + line - e->at));
	return true;
}

static bool selected(const struct events_tab *e, struct view_event *event)
{
	struct event_item item;

	if (e->at < e->index.first || e->at >= e->index.end)
		return false;
	item = event_index_at(&e->index, e->at);
	*event = (struct view_event){ .known = true, .kind = item.kind, .number = item.number };
	return true;
}

static bool enter(struct tab *tab, struct view *v, const struct scene *scene)
{
	struct events_tab *e = tab->state;
	struct view_event event;
	uint64_t slot;

	if (!selected(e, &event))
		return true;
	if (!e->held) /* what the user looks at stays */
		hold(e);
	if (scene_find_event(scene, &event, &slot)) {
		view_move(v, slot);
		v->focus = VIEW_FOCUS_GRID;
	} else {
		message_complain(&v->message, "%s",
				 event.kind == EVENT_KIND_CALL ? _("there is no region where this call ended")
				 : event.kind == EVENT_KIND_LEFT ? _("the region of these pages is gone")
				 : event.kind == EVENT_KIND_EXEC
				     ? _("an exec replaces all memory: it has no page")
				     : _("the region of this fault is gone"));
	}
	return true;
}

static bool take_event(struct tab *tab, struct view *v, const struct scene *scene, struct view_event *event)
{
	struct events_tab *e = tab->state;
	uint64_t slot;

	if (!selected(e, event))
		return false;
	if (!e->biography && scene_find_event(scene, event, &slot))
		view_move(v, slot);
	hold(e);
	return true;
}

static bool escape(struct tab *tab)
{
	struct events_tab *e = tab->state;

	if (!e->biography && !e->filter[0])
		return false;
	if (!e->biography)
		e->filter[0] = '\0';
	e->biography = false;
	return true;
}

static void fini(struct tab *tab)
{
	event_index_fini(&((struct events_tab *)tab->state)->index);
}

const struct view_ops tab_events = {
	.name = N_("events"),
	.key = 'e',
	.flags = TAB_LIST,
	.state_size = sizeof(struct events_tab),
	.draw = draw,
	.fini = fini,
	.update = update,
	.due_ns = due_ns,
	.scroll = scroll,
	.click = click,
	.enter = enter,
	.escape = escape,
	.take_event = take_event,
};

struct events_tab *tab_events_state(const struct view *v)
{
	return tabs_find(&v->tabs, &tab_events)->state;
}

void tab_events_show(struct view *v, const char *text)
{
	struct events_tab *e = tab_events_state(v);
	struct event_filter filter;
	struct err err = { 0 };

	if (strlen(text) >= sizeof e->filter) {
		message_complain(&v->message, "%s", _("the filter is too long"));
		return;
	}
	if (event_filter_parse(&filter, text, &err) < 0) {
		message_complain(&v->message, "%s", err.text);
		return;
	}
	event_filter_fini(&filter);
	memmove(e->filter, text, strlen(text) + 1);
	e->biography = e->held = false;
	view_show(v, &tab_events);
}

void tab_events_toggle_biography(struct view *v)
{
	struct events_tab *e = tab_events_state(v);
	bool over = e->biography && v->tabs.shown->ops == &tab_events;

	e->biography = !over;
	e->held = false;
	if (!over)
		view_show(v, &tab_events);
}

struct tab *tab_events_in(const struct tabs *tabs)
{
	return tabs_find(tabs, &tab_events);
}
