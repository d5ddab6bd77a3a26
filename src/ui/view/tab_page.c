/* The page in plain words.
 *
 *   PAGE   0x55d2c1f0b000  [heap]+0x1000  rw-p   ■ anon, exclusive      since 00:11.9
 *   PLACE  page 2 of 33 of the region · frame 0x115034
 *   WHO    minor write fault at 00:11.9 by thread 4242, in main+0x2c demo.c:14
 *   CAUSE  Written for the first time: the kernel gave it a frame ...
 *   WHY    It has a frame of its own. The kernel gives it one, zeroed, ...
 *   NEXT   read     no fault               the entry allows it
 *          write    at most minor          goes to its own frame, nothing is copied
 *          exec     segmentation fault     the region is not executable
 *
 * Where there are few rows, NEXT is one line, and PLACE is left out where the line of tabs has room for
 * address and frame; scrolling shows all. */
#include "ui/view/tabs.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "model/mapping.h"
#include "render/explain.h"
#include "render/glyph.h"
#include "render/page_facts.h"
#include "render/page_story.h"
#include "render/sheet.h"
#include "ui/view/scene.h"
#include "ui/view/tab_page_compared.h"
#include "ui/view/tabs_line.h"

#define PLACE_LEAST                                                                                          \
	16 /* columns for the place's name before "since" is left out; twice, where it says little */
#define ROOM_FOR_PLACE 6  /* rows from which on PLACE is worth one of them */
#define ROOM_FOR_ALL 7    /* rows from which on everything has its line */
#define ROOM_FOR_STORY 10 /* the same, for a page whose fault was seen */

static void add_printable(struct strbuf *out, const char *raw)
{
	text_shown(out, raw);
}

/* "[heap]+0x1000 rw-p", "libc.so.6 offset 0x28000 r-xp", "no region" */
static void name_place(struct strbuf *out, const struct page_facts *s)
{
	const struct region *region = s->region;
	char perms[5];
	if (!region) {
		strbuf_puts(out, _("no region here"));
		return;
	}
	const char *name = region_name(&region->attr);
	uint64_t inside = s->address - region->attr.start;
	if (*name)
		add_printable(out, name);
	else
		strbuf_puts(out, region_kind_name((enum region_kind)region->attr.kind));
	if (region->attr.path[0] == '/')
		strbuf_printf(out, _(" offset 0x%" PRIx64), region->attr.offset + inside);
	else
		strbuf_printf(out, "+0x%" PRIx64, inside);
	strbuf_printf(out, "  %s", region_perms_text(perms, region->attr.perms));
	if (s->relro)
		strbuf_puts(out, _("  read-only after start (RELRO)"));
	if (region->attr.joined)
		strbuf_puts(out, _("  one mapping with the region before"));
}

static void name_symbol(struct strbuf *out, const struct page_facts *s)
{
	const struct location *at = s->detail ? &s->detail->location : NULL;
	if (at && at->section && *at->section) {
		strbuf_puts(out, "  ");
		add_printable(out, at->section);
	}
	if (at && at->symbol && *at->symbol) {
		strbuf_puts(out, "  ");
		add_printable(out, at->symbol);
		if (at->offset)
			strbuf_printf(out, "+0x%" PRIx64, at->offset);
	}
}

static void name_since(struct strbuf *out, const struct page_facts *s)
{
	char clock[24];
	/* whether the page cache holds it changes often, and is not recorded */
	if (page_state_untouched(page_state(s->word)))
		strbuf_puts(out, _("absent "));
	if (!s->since_ms)
		strbuf_puts(out, _("since watching began"));
	else
		strbuf_printf(out, _("since %s"), text_clock(clock, (uint64_t)s->since_ms * 1000000));
}

/* On a small screen: the address, the frame and the state come before all else. */
static void draw_small_head(struct area a, const struct scene *scene, const struct page_facts *s)
{
	struct pen ink = PEN(INK_STATE + page_state(s->word));
	ink.style = STYLE_BOLD;
	int column = tabs_line_draw_address(area_part(a, 0, 0, 1, a.columns), scene, s) + 1;
	if (!s->region)
		return;
	area_put(a, 0, column, glyph_page(page_state(s->word), a.canvas->ascii), ink);
	struct strbuf state = { 0 };
	explain_state(&state, s->word);
	if (column + text_columns(state.text) + 3 > a.columns) { /* its flags can be left out */
		state.len = 0;
		strbuf_puts(&state, page_state_name(page_state(s->word)));
	}
	column = area_fit(a, 0, column + 2, a.columns - column - 3, ink, state.text, TEXT_CUT_RIGHT) + 2;
	strbuf_fini(&state);
	struct strbuf place = { 0 };
	name_place(&place, s);
	area_fit(a, 0, column, a.columns - column - 1, PEN(INK_TEXT), place.text, TEXT_CUT_RIGHT);
	strbuf_fini(&place);
}

/* PAGE: the address, the place cut to what remains, the state, and since when. */
static void draw_head(struct area a, const struct scene *scene, const struct page_facts *s, bool symbol)
{
	char address[24];
	struct strbuf place = { 0 }, state = { 0 }, since = { 0 };
	struct pen pen = PEN(INK_STRONG), ink = PEN(INK_STATE + page_state(s->word));
	name_place(&place, s);
	if (symbol)
		name_symbol(&place, s);
	explain_state(&state, s->word);
	name_since(&since, s);
	pen.style = ink.style = STYLE_BOLD;
	int column = page_label(a, 0, _("PAGE"));
	column = area_text(a, 0, column, pen,
			   page_address_text(address, scene->process->identity.bits, s->address)) +
		 2;
	int state_columns = s->region ? text_columns(state.text) + 4 : 0;
	int room = a.columns - column - state_columns - 1, since_columns = text_columns(since.text) + 2;
	bool has_since = s->region && room - since_columns >= (s->since_ms ? PLACE_LEAST : 2 * PLACE_LEAST);
	if (has_since)
		room -= since_columns;
	column = area_fit(a, 0, column, room, PEN(INK_TEXT), place.text, TEXT_CUT_RIGHT) + 2;
	if (s->region) {
		area_put(a, 0, column, glyph_page(page_state(s->word), a.canvas->ascii), ink);
		area_text(a, 0, column + 2, ink, state.text);
	}
	if (has_since)
		area_text_right(a, 0, a.columns - 1, PEN(INK_DIM), since.text);
	strbuf_fini(&place);
	strbuf_fini(&state);
	strbuf_fini(&since);
}

static void describe_gap(struct strbuf *out, const struct page_facts *s)
{
	char size[16];
	const struct region *edges[] = { s->below, s->above };
	if (s->below && s->above)
		strbuf_printf(out, _("a gap of %s"),
			      text_size(size, s->above->attr.start - s->below->attr.end));
	else
		strbuf_puts(out, s->below ? _("above the last region") : _("below the first region"));
	for (int i = 0; i < 2; i++) {
		if (!edges[i])
			continue;
		const char *name = region_name(&edges[i]->attr);
		strbuf_puts(out, i == 0 ? _(", after ") : _(", before "));
		add_printable(out, *name ? name : region_kind_name((enum region_kind)edges[i]->attr.kind));
	}
}

/* ", also at 0x7f1200003000", ", page 3 of 16 of mmap at 00:01.2" */
static void name_links(struct strbuf *out, const struct scene *scene, const struct page_facts *s)
{
	const struct process *p = scene->process;
	const struct call_entry *entry = mapping_call(&p->calls, s->address);
	unsigned shift = p->space->page_shift;
	uint64_t twin;
	char text[24], key[PRESS_TEXT];

	if (mapping_twin(p->space, s->page, &twin))
		strbuf_printf(out, _(", also at %s (%s)"),
			      page_address_text(text, p->identity.bits, space_address(p->space, twin)),
			      press_key(&scene->view->press, key, "other-mapping"));
	if (entry)
		strbuf_printf(out, _(", page %" PRIu64 " of %" PRIu64 " of %s at %s"),
			      s->page - (entry->call.start >> shift) + 1,
			      (entry->call.end - entry->call.start + (1u << shift) - 1) >> shift,
			      call_name(entry->call.kind), text_clock(text, entry->time_ns));
}

/* PLACE: where in its region, in its file, in memory. */
static void draw_place(struct area a, int row, const struct scene *scene, const struct page_facts *s)
{
	unsigned page_shift = scene->process->space->page_shift;
	struct strbuf text = { 0 };
	const struct region *region = s->region;
	if (!region) {
		describe_gap(&text, s);
	} else {
		page_frame_print(&text, s);
		strbuf_printf(&text, _(", page %" PRIu64 " of %" PRIu64 " of the region"),
			      s->page - (region->attr.start >> page_shift) + 1,
			      (region->attr.end - region->attr.start) >> page_shift);
		if (region->attr.path[0] == '/')
			strbuf_printf(
			    &text, _(", page %" PRIu64 " of the file"),
			    ((region->attr.offset + s->address - region->attr.start) >> page_shift) + 1);
		name_links(&text, scene, s);
		name_symbol(&text, s);
	}
	int column = page_label(a, row, _("PLACE"));
	area_fit(a, row, column, a.columns - column - 1, PEN(INK_TEXT), text.text, TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

/* How far below the stack a touch may make it grow, with the usual limit of its size. */
#define STACK_USUAL_LIMIT (UINT64_C(8) << 20)

static bool is_below_stack(const struct page_facts *s)
{
	return !s->region && s->above && s->above->attr.kind == REGION_STACK &&
	       s->above->attr.end - s->address <= STACK_USUAL_LIMIT;
}

static int draw_why(struct area a, int row, int rows, const struct scene *scene, const struct page_facts *s)
{
	struct strbuf text = { 0 };
	explain_why(&text, s->word, s->region, s->detail, page_story_why(scene->process, s, scene->now_ns));
	if (is_below_stack(s))
		strbuf_puts(&text, _(" The stack lies above and grows down as it is touched."));
	int column = page_label(a, row, _("WHY"));
	int used = area_wrap(a, row, column, a.columns - column - 1, rows, PEN(INK_TEXT), text.text);
	strbuf_fini(&text);
	return used;
}

static struct forecast foresee(enum explain_touch touch, const struct page_facts *s)
{
	if (is_below_stack(s) && touch != EXPLAIN_TOUCH_EXEC)
		return explain_stack_growth();
	return explain_touch(touch, s->word, s->region);
}

static struct pen outcome_pen(enum explain_outcome outcome)
{
	switch (outcome) {
	case EXPLAIN_PASS:
		return PEN(INK_GOOD);
	case EXPLAIN_SIGNAL:
		return PEN(INK_BAD);
	case EXPLAIN_UNKNOWN:
		return PEN(INK_WARN);
	default:
		return PEN(INK_FAULT);
	}
}

/* NEXT in one line, touches of one outcome together:
 * read, exec: no fault · write: segmentation fault */
static void draw_next_short(struct area a, int row, const struct page_facts *s)
{
	int column = page_label(a, row, _("NEXT"));
	enum explain_outcome outcomes[EXPLAIN_TOUCH_KINDS];
	for (int i = 0; i < EXPLAIN_TOUCH_KINDS; i++)
		outcomes[i] = foresee((enum explain_touch)i, s).outcome;
	for (int i = 0; i < EXPLAIN_TOUCH_KINDS; i++) {
		bool named = false;
		for (int before = 0; before < i; before++)
			named |= outcomes[before] == outcomes[i];
		if (named)
			continue;
		column = area_printf(a, row, column, PEN(INK_DIM), "%s%s", i ? " · " : "",
				     explain_touch_name((enum explain_touch)i));
		for (int other = i + 1; other < EXPLAIN_TOUCH_KINDS; other++)
			if (outcomes[other] == outcomes[i])
				column = area_printf(a, row, column, PEN(INK_DIM), ", %s",
						     explain_touch_name((enum explain_touch)other));
		column = area_text(a, row, column, PEN(INK_DIM), ": ");
		column = area_fit(a, row, column, a.columns - column - 2, outcome_pen(outcomes[i]),
				  explain_outcome_name(outcomes[i]), TEXT_CUT_RIGHT);
	}
}

static const char *touch_name(int i)
{
	return explain_touch_name((enum explain_touch)i);
}

static int draw_next(struct area a, int row, const struct page_facts *s)
{
	int column = page_label(a, row, _("NEXT"));
	int word = column + text_widest(EXPLAIN_TOUCH_KINDS, touch_name) + 2, text = word;
	for (int i = 0; i < EXPLAIN_TOUCH_KINDS; i++) {
		int end =
		    word + text_columns(explain_outcome_name(foresee((enum explain_touch)i, s).outcome)) + 2;
		text = max(end, text);
	}
	for (int i = 0; i < EXPLAIN_TOUCH_KINDS; i++) {
		struct forecast next = foresee((enum explain_touch)i, s);
		area_text(a, row + i, column, PEN(INK_DIM), explain_touch_name((enum explain_touch)i));
		area_text(a, row + i, word, outcome_pen(next.outcome), explain_outcome_name(next.outcome));
		area_fit(a, row + i, text, a.columns - text - 1, PEN(INK_TEXT), next.text, TEXT_CUT_RIGHT);
	}
	return EXPLAIN_TOUCH_KINDS;
}

static void draw_ended(struct area a, int row)
{
	int column = page_label(a, row, _("NEXT"));
	area_fit(a, row, column, a.columns - column - 1, PEN(INK_DIM),
		 _("the process has ended: this is its final state"), TEXT_CUT_RIGHT);
}

static void draw_short(struct area a, const struct scene *scene, const struct page_facts *s, bool alive)
{
	bool place = tabs_line(&scene->view->tabs, a.columns).address_below; /* else it stands above */
	bool has_row = place && a.rows >= ROOM_FOR_PLACE;
	int row = 1;
	if (place && !has_row)
		draw_small_head(a, scene, s);
	else
		draw_head(a, scene, s, !has_row); /* the symbol stands in one of the two */
	if (has_row)
		draw_place(a, row++, scene, s);
	bool needs_why = !page_story_why(scene->process, s, scene->now_ns) || a.rows < 4;
	row += page_story_draw(a, row, a.rows - 1 - row - needs_why, scene->process, s, scene->now_ns);
	if (a.rows - 1 > row)
		draw_why(a, row, a.rows - 1 - row, scene, s);
	if (a.rows > 1 && alive)
		draw_next_short(a, a.rows - 1, s);
	else if (a.rows > 1)
		draw_ended(a, a.rows - 1);
	area_put(a, a.rows - 1, a.columns - 1, 0x2193, PEN(INK_ACCENT));
}

static int draw_whole(struct area a, const struct scene *scene, const struct page_facts *s, bool alive)
{
	draw_head(a, scene, s, false);
	draw_place(a, 1, scene, s);
	int row = 2 + page_story_draw(a, 2, a.rows - 2, scene->process, s, scene->now_ns);
	row += draw_why(a, row, a.rows - row, scene, s);
	if (alive)
		return row + draw_next(a, row, s);
	draw_ended(a, row);
	return row + 1;
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	struct page_facts s;
	if (!scene->process) {
		area_text(a, 0, 1, PEN(INK_DIM), _("no process is watched"));
		return 0;
	}
	s = page_facts(scene->process->space, scene->page, scene->detail);
	bool alive = process_alive(scene->process);
	int room_for_all = page_story_why(scene->process, &s, scene->now_ns) ? ROOM_FOR_STORY : ROOM_FOR_ALL;
	if (a.rows < room_for_all && tab->scroll == 0) {
		draw_short(a, scene, &s, alive);
		return ROOM_FOR_STORY + 2; /* more than there is: limited once it is scrolled */
	}
	struct sheet sheet;
	sheet_open(&sheet, a, SHEET_TAB_ROWS, PEN(INK_TEXT));
	int used = draw_whole(sheet.area, scene, &s, alive);
	return sheet_show(&sheet, used, tab->scroll);
}

const struct view_ops tab_page = {
	.name = N_("page"),
	.key = '1',
	.flags = TAB_OF_PAGE | TAB_HAS_ADDRESS | TAB_WIDE_LEFT,
	.draw = draw,
	.draw_compared = tab_page_draw_compared,
};
