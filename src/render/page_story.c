/* The page's story in words:
 *
 *   WHO    minor write fault (inferred) 00:11.913  thread 4242  fill+0x2c demo.c:14, inlined into main
 *   CAUSE  Written for the first time: the kernel gave it a frame of its own, filled with zeroes.
 *
 *   WHO    came along with the fault at 0x7f1200003010, 16 pages: minor read fault 00:11.913 ...
 *
 *   WHO    found by a scan at 00:04.0: no fault was seen
 *
 *   WENT   00:12.345 anon -> swap: swapped out by the kernel */
#include "render/page_story.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/code.h"
#include "render/explain_cause.h"

#define WHO_ROWS 3      /* at most, with room for all */
#define NAME_COLUMNS 60 /* of a function's name */
#define NAME_LEAST 16

/* ", inlined into fill demo.c:14, inlined into work+0x2c demo.c:31" */
static void add_inlined(struct strbuf *out, const struct event_symbol *symbol)
{
	struct strbuf name = { 0 };

	for (size_t i = 1; symbol && i < symbol->count; i++) {
		const char *function = *symbol->frames[i].function ? symbol->frames[i].function : "?";

		strbuf_puts(out, _(", inlined into "));
		text_printable(&name, function, strlen(function));
		code_add_short(out, name.text, NAME_COLUMNS, 0);
		strbuf_clear(&name);
		if (i + 1 == symbol->count)
			strbuf_printf(out, "+0x%" PRIx64, symbol->offset);
		if (*symbol->frames[i].source) {
			strbuf_puts(out, " ");
			code_add_source(out, &symbol->frames[i]);
		}
	}
	strbuf_fini(&name);
}

/* "fill+0x2c demo.c:14" in at most so many columns: a long name gets shorter before its place is left out. */
static void add_code(struct strbuf *out, const struct process *p, uint64_t ip, int columns)
{
	const struct event_symbol *symbol = names_find(p->names, ip);
	struct strbuf name = { 0 }, source = { 0 };
	int room;

	code_add_function(&name, p, ip);
	strbuf_add(&source, "", 0);
	if (symbol && symbol->count && *symbol->frames[0].source) {
		strbuf_puts(&source, " ");
		code_add_source(&source, &symbol->frames[0]);
	}
	room = columns - text_columns(source.text);
	if (room < NAME_LEAST && room < text_columns(name.text)) {
		room = columns;
		strbuf_clear(&source);
	}
	code_add_short(out, name.text, room, 0);
	strbuf_puts(out, source.text);
	strbuf_fini(&name);
	strbuf_fini(&source);
}

/* The first address that is not the kernel's own; 0: there is none. */
static uint64_t caller(const struct process *p, const struct story *story)
{
	struct event_stack stack = stacks_get(&p->stacks, story->stack);

	for (size_t i = 0; i < stack.count; i++)
		if (!code_in_kernel(stack.ips[i]))
			return stack.ips[i];
	return 0;
}

static void add_function(struct strbuf *out, const struct process *p, const struct story *story, int columns)
{
	uint64_t ip = story->fault.ip;
	bool brief = columns > 0;

	if (code_in_kernel(ip)) {
		strbuf_puts(out, brief ? _("the kernel") : _("the kernel, within a system call"));
		ip = caller(p, story);
		if (!ip)
			return;
		strbuf_puts(out, _(" for "));
	}
	if (brief) {
		int room = columns - text_columns(out->text);

		add_code(out, p, ip, max(room, NAME_LEAST));
		return;
	}
	add_code(out, p, ip, NAME_COLUMNS + 20);
	add_inlined(out, names_find(p->names, ip));
}

/* Fits in one line of so many columns; columns 0: it may be long. */
static void add_fault(struct strbuf *out, const struct process *p, const struct story *story,
		      const struct page_facts *s, int columns)
{
	const struct event_fault *fault = &story->fault;
	unsigned pages = 1u + fault->before + fault->after;
	char address[24];

	if (space_page(p->space, fault->address) != s->page)
		strbuf_printf(out,
			      columns ? _("came along with %s, %u pages: ")
				      : _("came along with the fault at %s, %u pages: "),
			      page_address_text(address, p->identity.bits, fault->address), pages);
	code_add_fault(out, fault, columns > 0);
	strbuf_puts(out, " ");
	code_add_time(out, story->time_ns);
	strbuf_printf(out, _("  thread %" PRId32 "  "), fault->tid);
	add_function(out, p, story, columns);
}

static void add_cause(struct strbuf *out, const struct process *p, const struct story *story,
		      const struct page_facts *s)
{
	const struct event_fault *fault = &story->fault;
	unsigned others = (unsigned)fault->before + fault->after;

	strbuf_puts(out, explain_cause(fault));
	if (others && space_page(p->space, fault->address) == s->page)
		strbuf_printf(out, ngettext(" %u page came along.", " %u pages came along.", others), others);
}

/* Did it appear while we watched, without a fault that reported it? */
static bool seen_by_scan(const struct page_facts *s)
{
	enum page_state state = page_state(s->word);

	return s->since_ms && s->region && page_state_mapped(state);
}

/* When what the program began with was first seen: the kernel maps the stack at each exec. */
static uint64_t program_seen_ns(const struct process *p)
{
	for (size_t i = p->space->count; i-- > 0;)
		if (p->space->regions[i]->attr.kind == REGION_STACK)
			return max(p->space->regions[i]->born_ns, p->course.born_ns);
	return p->course.born_ns;
}

/* May the page have been moved by mremap, which is not reported? Then what it was before is not known. */
static bool may_have_been_moved(const struct process *p, const struct page_facts *s)
{
	enum page_state state = page_state(s->word);
	enum region_kind kind = s->region->attr.kind;

	return s->region->born_ns > program_seen_ns(p) && kind != REGION_HEAP && kind != REGION_STACK &&
	       (page_state_private(state) || page_state_zeroes(state));
}

static void add_scan(struct strbuf *out, const struct process *p, const struct page_facts *s)
{
	const struct source_status *faults = &p->sources[SOURCE_FAULTS];
	char clock[24];

	strbuf_printf(out, _("found by a scan at %s: no fault was seen"),
		      text_clock(clock, (uint64_t)s->since_ms * 1000000));
	if (faults->known && (!faults->ok || faults->partial))
		strbuf_printf(out, " (%s)", faults->why);
	if (may_have_been_moved(p, s))
		strbuf_puts(out, _("; mremap may have moved it here, or a call brought it in ahead of use"));
}

/* Columns that a text has after its label. */
static int room_of(struct area a)
{
	return a.columns - page_label(area_part(a, 0, 0, 0, 0), 0, "") - 1;
}

static int draw(struct area a, int row, int rows, const char *label, uint8_t ink, struct strbuf *text)
{
	int column = page_label(a, row, label), used = 1;

	if (rows > 1)
		used = area_wrap(a, row, column, a.columns - column - 1, rows, PEN(ink), text->text);
	else
		area_fit(a, row, column, a.columns - column - 1, PEN(ink), text->text, TEXT_CUT_RIGHT);
	strbuf_fini(text);
	return used;
}

static const struct story *story_of(const struct process *p, const struct page_facts *s, uint64_t now_ns)
{
	const struct story *story = stories_find(&p->faults.stories, s->page);

	return story && s->region && story->time_ns <= now_ns ? story : NULL;
}

const struct event_fault *page_story_why(const struct process *p, const struct page_facts *s, uint64_t now_ns)
{
	const struct story *story = story_of(p, s, now_ns);

	return story && story->fault.cause && page_state(story->fault.now) == page_state(s->word)
		   ? &story->fault
		   : NULL;
}

/* How the page went, if it is still so: no fault came since. */
static const struct departure *find_departure(const struct process *p, const struct page_facts *s,
					      uint64_t now_ns)
{
	const struct departure *d = departures_find(&p->departures, s->page, now_ns);
	const struct story *story = story_of(p, s, now_ns);
	enum page_state now = page_state(s->word), then;

	if (!d || (story && story->time_ns > d->time_ns))
		return NULL;
	then = page_state(d->left.now);
	return now == then || (page_state_untouched(now) && page_state_untouched(then)) ? d : NULL;
}

static void add_departure(struct strbuf *out, const struct departure *d, bool ascii)
{
	const struct event_left *l = &d->left;

	code_add_time(out, d->time_ns);
	strbuf_printf(out, " %s %s %s: ", page_state_name(page_state(l->was)), ascii ? "->" : "→",
		      page_state(l->now) == PAGE_NONE ? _("unmapped") : page_state_name(page_state(l->now)));
	if (l->reason == LEFT_CALL)
		strbuf_printf(out, _("by %s of thread %" PRId32), call_name(l->call), l->tid);
	else
		strbuf_puts(out, left_reason_text(l->reason));
}

static int draw_last_fault(struct area a, int row, int rows, const struct process *p,
			   const struct page_facts *s, uint64_t now_ns)
{
	const struct story *story = story_of(p, s, now_ns);
	struct strbuf text = { 0 };
	int used;

	if (!story) {
		if (!seen_by_scan(s))
			return 0;
		add_scan(&text, p, s);
		return draw(a, row, rows > 2 ? 2 : 1, _("WHO"), INK_DIM, &text);
	}
	add_fault(&text, p, story, s, rows > WHO_ROWS ? 0 : room_of(a));
	used = draw(a, row, rows > WHO_ROWS ? WHO_ROWS : 1, _("WHO"),
		    fault_is_fatal(story->fault.cause) ? INK_BAD : INK_FAULT, &text);
	if (used >= rows)
		return used;
	add_cause(&text, p, story, s);
	return used + draw(a, row + used, min(rows - used, 2), _("CAUSE"), INK_TEXT, &text);
}

int page_story_draw(struct area a, int row, int rows, const struct process *p, const struct page_facts *s,
		    uint64_t now_ns)
{
	const struct departure *gone = find_departure(p, s, now_ns);
	struct strbuf text = { 0 };
	int used = 0;

	if (rows < 1)
		return 0;
	if (gone) {
		add_departure(&text, gone, a.canvas->ascii);
		used = draw(a, row, rows > WHO_ROWS ? 2 : 1, _("WENT"), INK_TEXT, &text);
	}
	if (used < rows && s->region)
		used += draw_last_fault(a, row + used, rows - used, p, s, now_ns);
	return used;
}
