/* Which pages came is in the layer that knows since when each page is as it is (model/space.h): 0 is "as at
 * the first look". What brought them in is in the stories, one for each page (model/stories.h): a page
 * without one came in without a fault (MAP_POPULATE, mlock), or its fault was not seen. */
#include "verdict/arrivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "model/own_code.h"
#include "verdict/words.h"

/* Sums by name, object and start; also by source, if lines are kept apart. */
struct tally {
	bool lines;
	struct arrival_row *rows;
	size_t count, cap;
	struct hash hash;
};

static struct arrival_row *tally_row(struct tally *t, const char *name, const char *object,
				     const char *source, uint64_t start)
{
	uint32_t key =
	    hash_two(hash_two(hash_text(name), hash_text(object)), t->lines ? hash_text(source) : start);
	struct hash_iter iter = hash_iter(&t->hash, key);
	uint32_t number;

	while ((number = hash_next(&iter))) {
		struct arrival_row *row = &t->rows[number - 1];

		if (row->start == start && !strcmp(row->name, name) && !strcmp(row->object, object) &&
		    (!t->lines || !strcmp(row->source, source)))
			return row;
	}
	mem_grow(t->rows, t->cap, t->count + 1);
	t->rows[t->count++] = (struct arrival_row){ .name = mem_strdup(name),
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
static void tally_finish(struct tally *t, struct arrival_rows *rows)
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

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
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

static void add_region(struct tally *regions, struct tally *files, const struct process *p,
		       const struct region *region)
{
	uint64_t bytes = came_of(p, region);
	const char *kind = region_kind_name((enum region_kind)region->attr.kind);

	if (!bytes)
		return;
	tally_row(regions, base_name(region->attr.path), kind, "", region->attr.start)->bytes += bytes;
	tally_row(files, region->attr.path, *region->attr.path ? "" : kind, "", 0)->bytes += bytes;
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
static void add_origin(struct tally *lines, const struct process *p, const struct origin *origin)
{
	struct event_stack stack = stacks_get(&p->stacks, origin->stack);
	struct own_place place = own_code_find(NULL, p, origin->ip, &stack, NULL, NULL);
	uint64_t ip = stack.count && place.own ? stack.ips[place.at] : origin->ip;
	const struct event_symbol *symbol = names_find(p->names, ip);
	const struct code_frame *frame =
	    symbol && symbol->count ? &symbol->frames[place.own ? place.frame : 0] : NULL;
	char source[512] = "";

	if (frame && *frame->source && frame->line)
		snprintf(source, sizeof source, "%s:%u", base_name(frame->source), frame->line);
	tally_row(lines, frame ? frame->function : "", symbol ? base_name(symbol->object) : "", source, 0)
	    ->bytes += origin->pages << p->space->page_shift;
}

/* Each function keeps the line where most was touched. */
static void join_lines(struct tally *functions, struct tally *lines)
{
	if (lines->count > 1)
		qsort(lines->rows, lines->count, sizeof *lines->rows, compare_rows);
	for (size_t i = 0; i < lines->count; i++) {
		struct arrival_row *line = &lines->rows[i];

		tally_row(functions, line->name, line->object, line->source, 0)->bytes += line->bytes;
		row_fini(line);
	}
	free(lines->rows);
	hash_fini(&lines->hash);
}

/* Returns the bytes of pages whose fault was seen. */
static uint64_t add_stories(struct tally *functions, const struct process *p)
{
	const struct stories *s = &p->faults.stories;
	struct tally lines = { .lines = true };
	struct origins origins = { 0 };
	uint64_t pages = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (!stories_has(s, i) || !is_there(p, s->keys[i] - 1))
			continue;
		count_origin(&origins, s->slots[i].fault.ip, s->slots[i].stack);
		pages++;
	}
	for (size_t i = 0; i < origins.count; i++)
		add_origin(&lines, p, &origins.list[i]);
	join_lines(functions, &lines);
	free(origins.list);
	hash_fini(&origins.hash);
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

static void take_course(struct arrivals *g, const struct process *p, uint64_t now_ns)
{
	const struct history *h = &p->history;
	unsigned shift = p->space->page_shift;
	uint64_t from = now_ns - g->span_ns / 4;
	const struct sample *at = NULL;

	for (size_t back = h->count; back > 0; back--) {
		const struct sample *s = history_at(h, back - 1);

		g->peak = max_u64(g->peak, s->resident << shift);
		if (!at || s->time_ns <= from)
			at = s;
	}
	g->before = at ? at->resident << shift : 0;
	g->lately_ns = at && at->time_ns > from ? now_ns - at->time_ns : now_ns - from;
}

void arrivals_take(struct arrivals *g, const struct process *p, uint64_t now_ns)
{
	struct tally regions = { 0 }, files = { 0 }, functions = { 0 };
	uint64_t seen, counts[PAGE_STATES] = { 0 };

	*g = (struct arrivals){ .span_ns = now_ns - p->course.born_ns, .known = p->course.ticks > 1 };
	for (size_t i = 0; i < p->space->count; i++)
		add_region(&regions, &files, p, p->space->regions[i]);
	for (size_t i = 0; i < regions.count; i++)
		g->came += regions.rows[i].bytes;
	space_count(p->space, counts);
	g->stayed = (page_resident(counts) << p->space->page_shift) - g->came;
	g->net_known = process_growth(p, &g->net);
	g->net *= (int64_t)1 << p->space->page_shift;
	seen = add_stories(&functions, p);
	g->unseen = g->came - min_u64(seen, g->came);
	g->lost = p->course.lost > 0;
	g->faults = p->sources[SOURCE_FAULTS].known && p->sources[SOURCE_FAULTS].ok;
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
