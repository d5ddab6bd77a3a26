/* One place in two processes that are compared: its state in each, what caused it, what differs.
 *
 *   PAGE  [heap]+0x3000  rw-p
 *   A     · reserved   0x55d2c1f0d000
 *   B     ■ anon       0x56aa01f0d000  minor write 00:01.500  thread 4242  fill+0x2c demo.c:14
 *   SO    B touched it, A did not.
 *   CELL  3 of its 64 pages differ, 2 more by chance */
#include "ui/view/tab_page_compared.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "render/code.h"
#include "render/glyph.h"
#include "render/page_facts.h"
#include "ui/view/scene.h"

#define STATE_COLUMNS 10

/* The slot in each of the two. */
struct both {
	const struct aligned *al;
	uint64_t slot;
	bool there[ALIGNED_SIDES];
	uint64_t page[ALIGNED_SIDES];
	enum page_state state[ALIGNED_SIDES]; /* PAGE_NONE where it is not there */
	uint32_t differs;                     /* as in aligned.differs */
};

static struct both find(const struct scene *scene)
{
	struct both b = { .al = scene_aligned(scene), .slot = scene->view->grid.cursor };

	for (int side = 0; side < ALIGNED_SIDES; side++) {
		b.there[side] = aligned_page(b.al, (enum aligned_side)side, b.slot, &b.page[side]);
		if (b.there[side])
			b.state[side] = page_state(
			    runs_at(b.al->pictures[side].process->space->pages, b.page[side]).value);
	}
	b.differs = runs_at(b.al->differs, b.slot).value;
	return b;
}

static int draw_label(struct area a, int row, const char *label)
{
	area_text(a, row, 1, (struct pen){ INK_ACCENT, PAPER_PLAIN, STYLE_BOLD }, label);
	return page_label(area_part(a, 0, 0, 0, 0), 0, "");
}

static void add_place(struct strbuf *out, const struct both *b)
{
	enum aligned_side side = b->there[ALIGNED_B] ? ALIGNED_B : ALIGNED_A;
	const struct space *space = b->al->pictures[side].process->space;
	const struct region *r =
	    b->there[side] ? space_find(space, space_address(space, b->page[side])) : NULL;
	char perms[5];

	if (!r) {
		strbuf_puts(out, _("no region here"));
		return;
	}
	const char *name = *region_name(&r->attr) ? region_name(&r->attr) : region_kind_name(r->attr.kind);

	text_shown(out, name);
	strbuf_printf(out, "+0x%" PRIx64 "  %s", space_address(space, b->page[side]) - r->attr.start,
		      region_perms_text(perms, r->attr.perms));
}

static bool is_touched(enum page_state s)
{
	return page_state_mapped(s) || page_state_swapped(s);
}

static void add_source(struct strbuf *out, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);

	if (!symbol || !symbol->count || !*symbol->frames[0].source)
		return;
	strbuf_puts(out, " ");
	code_add_source(out, &symbol->frames[0]);
}

/* Who brought the page into this state, as far as that side knows. */
static void add_who(struct strbuf *out, const struct both *b, enum aligned_side side)
{
	const struct process *p = b->al->pictures[side].process;
	const struct story *story = stories_find(&p->faults.stories, b->page[side]);
	uint32_t since_ms = runs_at(p->space->since, b->page[side]).value;
	const struct source_status *faults = &p->sources[SOURCE_FAULTS];
	char clock[24];

	if (story) {
		const struct event_fault *fault = &story->fault;

		if (space_page(p->space, fault->address) != b->page[side])
			strbuf_puts(out, _("came along with a neighbour: "));
		code_add_fault(out, fault, fault->access);
		strbuf_puts(out, " ");
		code_add_time(out, story->time_ns);
		strbuf_puts(out, "  ");
		code_add_toucher(out, p, fault, story->stack);
		add_source(out, p, fault->ip);
	} else if (is_touched(b->state[side])) {
		if (since_ms)
			strbuf_printf(out, _("found by a scan at %s"),
				      text_clock(clock, (uint64_t)since_ms * 1000000));
		strbuf_puts(out,
			    since_ms ? _("; who touched it is not known") : _("who touched it is not known"));
		if (faults->known && !faults->ok)
			strbuf_printf(out, " (%s)", faults->why);
	}
}

static void draw_side(struct area a, int row, const struct both *b, enum aligned_side side)
{
	const struct process *p = b->al->pictures[side].process;
	int column = draw_label(a, row, side == ALIGNED_A ? "A" : "B");
	enum page_state state = b->state[side];
	struct strbuf who = { 0 };

	if (!b->there[side]) {
		area_text(a, row, column, PEN(INK_DIM), _("this memory is not there"));
		return;
	}
	area_put(a, row, column, glyph_page(state, a.canvas->ascii), PEN(INK_STATE + state));
	area_text(a, row, column + 2, PEN(INK_STATE + state), page_state_name(state));
	column = area_printf(a, row, column + 2 + STATE_COLUMNS, PEN(INK_TEXT), "0x%0*" PRIx64,
			     p->identity.bits == 32 ? 8 : 12, space_address(p->space, b->page[side]));
	strbuf_puts(&who, "");
	add_who(&who, b, side);
	area_fit(a, row, column + 2, a.columns - column - 3, PEN(INK_TEXT), who.text, TEXT_CUT_RIGHT);
	strbuf_fini(&who);
}

/* What the two states of a page say about the two processes. `more` is the side that did more. */
static const struct {
	enum page_state less, more;
	const char *text; /* %s: who did more, and who less */
} tales[] = {
	{ PAGE_ZERO, PAGE_ANON, N_("%s wrote to it, %s has only read it") },
	{ PAGE_FILE, PAGE_COPY, N_("%s wrote to it and has a copy of its own, %s has only the file's page") },
};

static bool is_promise(enum page_state s)
{
	return page_state_untouched(s);
}

/* One has the page, the other has nothing there. Only a page with its own story is known to have been
 * touched: others may have come along with a neighbour, or before the watch. */
static const char *tale_of_one(const struct both *b, enum aligned_side side)
{
	const struct process *p = b->al->pictures[side].process;
	const struct story *story = stories_find(&p->faults.stories, b->page[side]);

	if (!story)
		return _("%s has it, %s does not");
	if (space_page(p->space, story->fault.address) == b->page[side])
		return _("%s touched it, %s did not");
	return _("in %s it came along with a neighbour, in %s it did not come");
}

static void add_tale(struct strbuf *out, const struct both *b)
{
	static const char *const names[] = { "A", "B" };

	for (int more = 0; more < ALIGNED_SIDES; more++) {
		enum page_state s = b->state[more], other = b->state[!more];

		if (b->there[more] && !b->there[!more]) {
			strbuf_printf(out, _("only %s has this memory"), names[more]);
			return;
		}
		if (is_touched(s) && is_promise(other)) {
			strbuf_printf(out, tale_of_one(b, (enum aligned_side)more), names[more],
				      names[!more]);
			return;
		}
		for (size_t i = 0; i < sizeof tales / sizeof *tales; i++)
			if (tales[i].less == other && tales[i].more == s) {
				strbuf_printf(out, _(tales[i].text), names[more], names[!more]);
				return;
			}
		if (page_state_swapped(s) && page_state_resident(other)) {
			strbuf_printf(out, _("%s has it swapped out, %s has it in memory"), names[more],
				      names[!more]);
			return;
		}
	}
	strbuf_printf(out, _("%s in A, %s in B"), page_state_name(b->state[0]), page_state_name(b->state[1]));
}

static void draw_so(struct area a, int row, const struct both *b)
{
	int column = draw_label(a, row, _("SO"));
	struct strbuf text = { 0 };

	if (b->differs == 0) {
		area_text(a, row, column, PEN(INK_GOOD), _("no difference"));
		return;
	}
	if (b->differs == ALIGNED_REAL)
		add_tale(&text, b);
	else
		strbuf_printf(&text, _("left out, one of those %s"),
			      compare_chance_meaning((enum compare_chance)b->differs));
	area_fit(a, row, column, a.columns - column - 1, PEN(b->differs == ALIGNED_REAL ? INK_WARN : INK_DIM),
		 text.text, TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

static void draw_cell(struct area a, int row, const struct scene *scene)
{
	uint64_t first, end, differ, by_chance;
	struct strbuf text = { 0 };
	int64_t at;
	int column;

	if (scene->layout->zoom == 0 || !layout_find(scene->layout, scene->view->grid.cursor, &at, &column) ||
	    !layout_cell(scene->layout, at, column, &first, &end))
		return;
	differ = aligned_count(scene_aligned(scene), first, end, &by_chance);
	strbuf_printf(&text,
		      ngettext("%" PRIu64 " of its %" PRIu64 " pages differs",
			       "%" PRIu64 " of its %" PRIu64 " pages differ", (unsigned long)differ),
		      differ, end - first);
	if (by_chance)
		strbuf_printf(&text, _(", %" PRIu64 " more by chance"), by_chance);
	area_text(a, row, draw_label(a, row, _("CELL")), PEN(INK_TEXT), text.text);
	strbuf_fini(&text);
}

int tab_page_draw_compared(struct area a, const struct scene *scene, const struct tab *tab)
{
	struct both b = find(scene);
	struct strbuf place = { 0 };
	int column = draw_label(a, 0, _("PAGE"));

	add_place(&place, &b);
	area_fit(a, 0, column, a.columns - column - 1, PEN(INK_STRONG), place.text, TEXT_CUT_MIDDLE);
	strbuf_fini(&place);
	draw_side(a, 1, &b, ALIGNED_A);
	draw_side(a, 2, &b, ALIGNED_B);
	draw_so(a, 3, &b);
	draw_cell(a, 4, scene);
	(void)tab;
	return 0;
}
