/* Which pages came is in the layer that knows since when each page is as it is (model/space.h): 0 is "as at
 * the first look". What brought them in is in the stories, one for each page (model/stories.h): a page
 * without one came in without a fault (MAP_POPULATE, mlock), or its fault was not seen. */
#include "verdict/arrivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/path.h"
#include "model/own_code.h"
#include "verdict/words.h"

#define KERNEL_OBJECT "[kernel]"

const char *arrival_who_name(enum arrival_who who)
{
	static const char *const names[ARRIVAL_WHOS] = {
		[ARRIVAL_KNOWN] = "function",
		[ARRIVAL_NO_STACK] = "no-stack",
		[ARRIVAL_NOT_SAMPLED] = "not-sampled",
	};

	return (unsigned)who < ARRIVAL_WHOS ? names[who] : "unknown";
}

void arrival_function(struct strbuf *out, const struct arrival_row *row)
{
	if (*row->name)
		strbuf_puts(out, row->name);
	else if (!strcmp(row->object, KERNEL_OBJECT))
		strbuf_puts(out, _("the kernel, in a system call"));
	else if (*row->object)
		strbuf_printf(out, _("code without a name in %s"), row->object);
	else
		strbuf_puts(out, _("code without a name, in no file"));
}

/* Sums by name, object and start; also by source, if lines are kept apart. */
struct arrivals_tally {
	bool lines;
	struct arrival_row *rows;
	size_t count, cap;
	struct hash hash;
};

static struct arrival_row *tally_row(struct arrivals_tally *t, enum arrival_who who, const char *name,
				     const char *object, const char *source, uint64_t start)
{
	uint32_t key = hash_two(hash_two(hash_text(name), hash_text(object)) + who,
				t->lines ? hash_text(source) : start);
	struct hash_iter iter = hash_iter(&t->hash, key);
	uint32_t number;

	while ((number = hash_next(&iter))) {
		struct arrival_row *row = &t->rows[number - 1];

		if (row->who == who && row->start == start && !strcmp(row->name, name) &&
		    !strcmp(row->object, object) && (!t->lines || !strcmp(row->source, source)))
			return row;
	}
	mem_grow(t->rows, t->cap, t->count + 1);
	t->rows[t->count++] = (struct arrival_row){ .who = who,
						    .name = mem_strdup(name),
						    .object = mem_strdup(object),
						    .source = mem_strdup(source),
						    .start = start };
	hash_add(&t->hash, key, (uint32_t)t->count);
	return &t->rows[t->count - 1];
}

static void row_fini(struct arrival_row *row)
{
	free(row->name);
	free(row->object);
	free(row->source);
}

static int compare_rows(const void *a, const void *b)
{
	const struct arrival_row *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	if (strcmp(x->name, y->name) != 0)
		return strcmp(x->name, y->name);
	return (x->start > y->start) - (x->start < y->start);
}

/* The largest become the rows; ends the tally. */
static void tally_finish(struct arrivals_tally *t, struct arrival_rows *rows)
{
	if (t->count > 1)
		qsort(t->rows, t->count, sizeof *t->rows, compare_rows);
	for (size_t i = 0; i < t->count; i++) {
		if (rows->count < ARRIVAL_ROWS) {
			rows->list[rows->count++] = t->rows[i];
			continue;
		}
		rows->others += t->rows[i].bytes;
		row_fini(&t->rows[i]);
	}
	free(t->rows);
	hash_fini(&t->hash);
}

/* Bytes of the region's pages that are resident, and were not, or in another state, at the first look. */
static uint64_t came_of(const struct process *p, const struct region *region)
{
	struct runs_iter iter =
	    runs_iter(p->space->since, region_first(p->space, region), region_end(p->space, region));
	uint64_t pages = 0;
	struct run run;

	while (runs_next(&iter, &run)) {
		uint64_t counts[RUNS_VALUES] = { 0 };

		if (!run.value)
			continue;
		runs_count(p->space->pages, run.first, run.end, counts);
		pages += page_resident(counts);
	}
	return pages << p->space->page_shift;
}

static void add_region(struct arrivals_tally *regions, struct arrivals_tally *files, const struct process *p,
		       const struct region *region)
{
	uint64_t bytes = came_of(p, region);
	const char *kind = region_kind_name((enum region_kind)region->attr.kind);

	if (!bytes)
		return;
	tally_row(regions, ARRIVAL_KNOWN, path_name(region->attr.path), kind, "", region->attr.start)
	    ->bytes += bytes;
	tally_row(files, ARRIVAL_KNOWN, region->attr.path, *region->attr.path ? "" : kind, "", 0)->bytes +=
	    bytes;
}

static bool is_there(const struct process *p, uint64_t page)
{
	return page_state_resident(page_state(runs_at(p->space->pages, page).value)) &&
	       runs_at(p->space->since, page).value != 0;
}

/* Pages by the code that first touched them. */
struct origin {
	uint64_t ip;
	uint32_t stack;
	uint64_t pages;
};

struct origins {
	struct origin *list;
	size_t count, cap;
	struct hash hash;
};

static void count_origin(struct origins *o, uint64_t ip, uint32_t stack)
{
	uint32_t key = hash_two(ip, stack), number;
	struct hash_iter iter = hash_iter(&o->hash, key);

	while ((number = hash_next(&iter)))
		if (o->list[number - 1].ip == ip && o->list[number - 1].stack == stack) {
			o->list[number - 1].pages++;
			return;
		}
	mem_grow(o->list, o->cap, o->count + 1);
	o->list[o->count++] = (struct origin){ ip, stack, 1 };
	hash_add(&o->hash, key, (uint32_t)o->count);
}

/* The function behind it: the program's own, else the innermost. */
static void add_origin(struct arrivals_tally *lines, const struct process *p, const struct origin *origin)
{
	struct event_stack stack = stacks_get(&p->stacks, origin->stack);
	struct own_frame own = own_code_find(NULL, p, origin->ip, &stack, NULL, NULL);
	uint64_t ip = !stack.count ? origin->ip : stack.ips[own.own ? own.at : 0];
	enum arrival_who who = own.own                                                  ? ARRIVAL_KNOWN
			       : stack.end == STACK_NOT_SAMPLED                         ? ARRIVAL_NOT_SAMPLED
			       : !stack.count || (ip >> 63 && stack.end != STACK_WHOLE) ? ARRIVAL_NO_STACK
											: ARRIVAL_KNOWN;
	const struct event_symbol *symbol = names_find(p->names, ip);
	const struct code_frame *frame =
	    symbol && symbol->count ? &symbol->frames[own.own ? own.frame : 0] : NULL;
	char source[512] = "";

	if (frame && *frame->source && frame->line)
		snprintf(source, sizeof source, "%s:%u", path_name(frame->source), frame->line);
	tally_row(lines, who, frame ? frame->function : "",
		  symbol     ? path_name(symbol->object)
		  : ip >> 63 ? KERNEL_OBJECT
			     : "",
		  source, 0)
	    ->bytes += origin->pages << p->space->page_shift;
}

/* Each function keeps the line where most was touched. */
static void join_lines(struct arrivals_tally *functions, struct arrivals_tally *lines)
{
	if (lines->count > 1)
		qsort(lines->rows, lines->count, sizeof *lines->rows, compare_rows);
	for (size_t i = 0; i < lines->count; i++) {
		struct arrival_row *line = &lines->rows[i];

		tally_row(functions, line->who, line->name, line->object, line->source, 0)->bytes +=
		    line->bytes;
		row_fini(line);
	}
	free(lines->rows);
	hash_fini(&lines->hash);
}

/* Returns the bytes of pages that were seen being brought by a fault, and in *lately of those brought since `from`. */
static uint64_t add_stories(struct arrivals_tally *functions, const struct process *p, uint64_t from,
			    uint64_t *lately)
{
	const struct stories *s = &p->faults.stories;
	struct arrivals_tally lines = { .lines = true };
	struct origins origins = { 0 };
	uint64_t pages = 0, late = 0;

	for (size_t i = 0; i < s->count; i++) {
		uint64_t page = s->keys[i] - 1;
		const struct story *story =
		    stories_has(s, i) && is_there(p, page) ? fault_history_bringer(&p->faults, page) : NULL;

		if (!story)
			continue;
		count_origin(&origins, story->fault.ip, story->stack);
		pages++;
		late += story->time_ns >= from;
	}
	for (size_t i = 0; i < origins.count; i++)
		add_origin(&lines, p, &origins.list[i]);
	join_lines(functions, &lines);
	free(origins.list);
	hash_fini(&origins.hash);
	*lately = late << p->space->page_shift;
	return pages << p->space->page_shift;
}

/* `unseen`: what is in no row and no rest; *unseen_share: NULL if nothing is unseen. */
static void take_shares(struct arrival_rows *rows, uint64_t came, uint64_t unseen, unsigned *unseen_share)
{
	uint64_t parts[ARRIVAL_ROWS + 2];
	unsigned shares[ARRIVAL_ROWS + 2];
	size_t n = rows->count;

	for (size_t i = 0; i < n; i++)
		parts[i] = rows->list[i].bytes;
	parts[n] = rows->others;
	parts[n + 1] = unseen;
	words_split(parts, n + 2, came, shares);
	for (size_t i = 0; i < n; i++)
		rows->list[i].share = shares[i];
	rows->others_share = shares[n];
	if (unseen_share)
		*unseen_share = shares[n + 1];
}

/* When the last quarter of the watch began. */
static uint64_t begin_of_late(const struct arrivals *g, uint64_t now_ns)
{
	return now_ns - g->span_ns / 4;
}

static void take_course(struct arrivals *g, const struct process *p, uint64_t now_ns)
{
	const struct history *h = &p->history;
	unsigned shift = p->space->page_shift;
	uint64_t from = begin_of_late(g, now_ns);
	const struct sample *at = NULL;

	for (size_t back = h->count; back > 0; back--) {
		const struct sample *s = history_at(h, back - 1);

		g->peak = max(g->peak, s->resident << shift);
		if (s->time_ns > from)
			g->lately_peak = max(g->lately_peak, s->resident << shift);
		if (!at || s->time_ns <= from)
			at = s;
	}
	g->before = at ? at->resident << shift : 0;
	/* between two samples the time of a change is not known */
	g->lately_ns = at ? now_ns - at->time_ns : now_ns - from;
}

void arrivals_take(struct arrivals *g, const struct process *p, uint64_t now_ns)
{
	struct arrivals_tally regions = { 0 }, files = { 0 }, functions = { 0 };
	uint64_t seen, counts[PAGE_STATES] = { 0 };

	if (!process_alive(p)) /* nothing has come since it ended */
		now_ns = min(now_ns, max(p->course.changed_ns, p->course.born_ns));
	*g = (struct arrivals){ .span_ns = now_ns - p->course.born_ns, .known = p->course.ticks > 1 };
	for (size_t i = 0; i < p->space->count; i++)
		add_region(&regions, &files, p, p->space->regions[i]);
	for (size_t i = 0; i < regions.count; i++)
		g->came += regions.rows[i].bytes;
	space_add_counts(p->space, counts);
	g->stayed = (page_resident(counts) << p->space->page_shift) - g->came;
	g->net_known = process_growth(p, &g->net);
	g->net *= (int64_t)1 << p->space->page_shift;
	seen = add_stories(&functions, p, begin_of_late(g, now_ns), &g->lately_seen);
	g->unseen = g->came - min(seen, g->came);
	g->lost = p->course.lost > 0;
	g->faults = p->sources[SOURCE_FAULTS].known && p->sources[SOURCE_FAULTS].ok;
	g->user_only = g->faults && p->sources[SOURCE_FAULTS].partial;
	tally_finish(&regions, &g->regions);
	tally_finish(&files, &g->files);
	tally_finish(&functions, &g->functions);
	take_shares(&g->regions, g->came, 0, NULL);
	take_shares(&g->files, g->came, 0, NULL);
	take_shares(&g->functions, g->came, g->unseen, &g->unseen_share);
	take_course(g, p, now_ns);
}

static void rows_fini(struct arrival_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		row_fini(&rows->list[i]);
}

void arrivals_fini(struct arrivals *g)
{
	rows_fini(&g->functions);
	rows_fini(&g->files);
	rows_fini(&g->regions);
	*g = (struct arrivals){ 0 };
}
