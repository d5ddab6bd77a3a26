/* Runs of equal values in chunks, and how a stretch of them is replaced.
 *
 * Replacing [first, end) by tiles touches the runs at its two ends and whatever lay between:
 *
 *     before   |a a a|b b b b|c c|d d d|
 *     tiles          [x x x x x]              first in b, end in c
 *     after    |a a a|b|x x x x x|c|d d d|
 *
 * If all of that lies in one chunk that has room, the chunk is edited in place. Otherwise the chunks that it
 * touches are replaced by new ones, evenly filled to three quarters, so that the next edits find room. Runs
 * of equal value are joined across chunks too: any two neighbours differ, always. Small neighbouring chunks
 * are joined, so that memory follows the number of runs down as well. */
#include "event/runs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"

#define FILL (RUNS_CHUNK / 4 * 3)

/* A chunk begins at start[0] and ends where the next one begins; its i-th run ends where run i+1 begins. The
 * two arrays lie side by side, twelve bytes a run; they grow with use, up to RUNS_CHUNK. */
struct chunk {
	uint64_t *start;
	uint32_t *value;
	uint32_t len, cap;
	uint32_t max;                 /* greatest value */
	uint64_t counts[RUNS_VALUES]; /* pages by the low four bits */
};

struct runs {
	struct chunk *chunks; /* in order; there is always one */
	size_t count, cap;
};

/* Which runs a range touches. */
struct cut {
	size_t chunk, index;           /* the run that holds `first`, or the one whose end it joins */
	size_t last_chunk, last_index; /* the run that holds end - 1, or the one that joins */
	uint64_t first, end;
};

/* --- one chunk --- */

/* Makes room for exactly `cap` runs or more. */
static void chunk_reserve(struct chunk *c, size_t cap)
{
	if (cap <= c->cap)
		return;
	assert(cap <= RUNS_CHUNK);
	c->start = mem_realloc(c->start, cap * sizeof *c->start);
	c->value = mem_realloc(c->value, cap * sizeof *c->value);
	c->cap = (uint32_t)cap;
}

static void chunk_fini(struct chunk *c)
{
	free(c->start);
	free(c->value);
	*c = (struct chunk){ 0 };
}

/* Appends a run; if it equals the last one's value, that one gets longer. */
static void chunk_push(struct chunk *c, uint64_t start, uint32_t value)
{
	if (c->len && c->value[c->len - 1] == value)
		return;
	assert(c->len < c->cap);
	c->start[c->len] = start;
	c->value[c->len++] = value;
}

/* Counts a part of a chunk, runs [from, to), whose end is `end`. Returns their greatest value. */
static uint32_t part_count(const struct chunk *c, size_t from, size_t to, uint64_t end, uint64_t *counts)
{
	uint32_t max = 0;
	for (size_t i = to; i-- > from;) {
		counts[c->value[i] % RUNS_VALUES] += end - c->start[i];
		end = c->start[i];
		max = max(c->value[i], max);
	}
	return max;
}

/* Counts again what lies in it; `end` is where the chunk ends. */
static void chunk_sum(struct chunk *c, uint64_t end)
{
	memset(c->counts, 0, sizeof c->counts);
	c->max = part_count(c, 0, c->len, end, c->counts);
}

/* The index of the run that holds page; start[0] <= page. */
static size_t chunk_find(const struct chunk *c, uint64_t page)
{
	size_t at;

	bisect(at, 1, c->len, c->start[at] <= page);
	return at - 1;
}

/* Doubles, so that setting pages one by one does not allocate one by one. */
static void make_room(struct chunk *c, size_t need)
{
	size_t cap = c->cap ? c->cap : 4;
	while (cap < need)
		cap *= 2;
	chunk_reserve(c, min(cap, RUNS_CHUNK));
}

/* Replaces runs [from, to) by n others. Does not join equal neighbours, does not sum. */
static void chunk_replace(struct chunk *c, size_t from, size_t to, const uint64_t *start,
			  const uint32_t *value, size_t n)
{
	size_t behind = c->len - to;
	make_room(c, from + n + behind);
	memmove(c->start + from + n, c->start + to, behind * sizeof *c->start);
	memmove(c->value + from + n, c->value + to, behind * sizeof *c->value);
	memcpy(c->start + from, start, n * sizeof *c->start);
	memcpy(c->value + from, value, n * sizeof *c->value);
	c->len = (uint32_t)(from + n + behind);
}

/* --- all of them --- */

struct runs *runs_create(uint32_t fill)
{
	struct runs *r = mem_zalloc(sizeof *r);
	mem_grow(r->chunks, r->cap, 1);
	r->chunks[0] = (struct chunk){ 0 };
	r->count = 1;
	chunk_reserve(&r->chunks[0], 1);
	chunk_push(&r->chunks[0], 0, fill);
	chunk_sum(&r->chunks[0], RUNS_END);
	return r;
}

struct runs *runs_copy(const struct runs *from)
{
	struct runs *r = mem_zalloc(sizeof *r);
	mem_grow(r->chunks, r->cap, from->count);
	r->count = from->count;
	for (size_t i = 0; i < r->count; i++) {
		const struct chunk *c = &from->chunks[i];
		r->chunks[i] = *c;
		r->chunks[i].cap = c->len;
		r->chunks[i].start = mem_copy(c->start, c->len * sizeof *c->start);
		r->chunks[i].value = mem_copy(c->value, c->len * sizeof *c->value);
	}
	return r;
}

void runs_destroy(struct runs *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		chunk_fini(&r->chunks[i]);
	free(r->chunks);
	free(r);
}

static uint64_t chunk_end(const struct runs *r, size_t chunk)
{
	return chunk + 1 < r->count ? r->chunks[chunk + 1].start[0] : RUNS_END;
}

static uint64_t run_end(const struct runs *r, size_t chunk, size_t index)
{
	const struct chunk *c = &r->chunks[chunk];
	return index + 1 < c->len ? c->start[index + 1] : chunk_end(r, chunk);
}

static size_t find_chunk(const struct runs *r, uint64_t page)
{
	size_t at;

	bisect(at, 1, r->count, r->chunks[at].start[0] <= page);
	return at - 1;
}

/* Replaces chunks [from, to) by n others. */
static void replace_chunks(struct runs *r, size_t from, size_t to, const struct chunk *fresh, size_t n)
{
	for (size_t i = from; i < to; i++)
		chunk_fini(&r->chunks[i]);
	mem_grow(r->chunks, r->cap, r->count - (to - from) + n);
	memmove(r->chunks + from + n, r->chunks + to, (r->count - to) * sizeof *r->chunks);
	if (n)
		memcpy(r->chunks + from, fresh, n * sizeof *fresh);
	r->count = r->count - (to - from) + n;
}

/* Joins a chunk with the next if both together are small. */
static void join_small(struct runs *r, size_t chunk)
{
	if (chunk + 1 >= r->count)
		return;
	struct chunk *a = &r->chunks[chunk], *b = a + 1;
	if (a->len + b->len > RUNS_CHUNK / 2)
		return;
	chunk_replace(a, a->len, a->len, b->start, b->value, b->len);
	for (int i = 0; i < RUNS_VALUES; i++)
		a->counts[i] += b->counts[i];
	a->max = max(b->max, a->max);
	replace_chunks(r, chunk + 1, chunk + 2, NULL, 0);
}

/* The runs that [first, end) touches, and a neighbour if the new values join it. */
static struct cut find_cut(const struct runs *r, const struct run *tiles, size_t n)
{
	struct cut cut = { .first = tiles[0].first, .end = tiles[n - 1].end };
	cut.chunk = find_chunk(r, cut.first);
	cut.index = chunk_find(&r->chunks[cut.chunk], cut.first);
	cut.last_chunk = cut.end <= chunk_end(r, cut.chunk) ? cut.chunk : find_chunk(r, cut.end - 1);
	cut.last_index = chunk_find(&r->chunks[cut.last_chunk], cut.end - 1);

	if (cut.first == r->chunks[cut.chunk].start[0] && cut.chunk > 0) {
		const struct chunk *before = &r->chunks[cut.chunk - 1];
		if (before->value[before->len - 1] == tiles[0].value) {
			cut.chunk--;
			cut.index = before->len - 1;
		}
	}
	if (cut.end == chunk_end(r, cut.last_chunk) && cut.last_chunk + 1 < r->count &&
	    r->chunks[cut.last_chunk + 1].value[0] == tiles[n - 1].value) {
		cut.last_chunk++;
		cut.last_index = 0;
	}
	/* within a chunk, always look at the neighbours: it costs nothing */
	if (cut.index > 0 && cut.first == r->chunks[cut.chunk].start[cut.index])
		cut.index--;
	if (cut.end == run_end(r, cut.last_chunk, cut.last_index) &&
	    cut.last_index + 1 < r->chunks[cut.last_chunk].len)
		cut.last_index++;
	return cut;
}

/* Takes runs in order, joins equal neighbours, fills chunks to `fill` each. */
struct builder {
	struct chunk *chunks;
	size_t count;
	size_t fill;
	size_t left; /* runs still to come at most: no chunk gets more room than that */
};

static void build(struct builder *b, uint64_t start, uint32_t value)
{
	struct chunk *c = &b->chunks[b->count - 1];
	if (c->len == b->fill && c->value[c->len - 1] != value) {
		c++;
		b->count++;
		chunk_reserve(c, min(b->left, b->fill));
	}
	b->left--;
	chunk_push(c, start, value);
}

/* The new sequence from the touched run at the left end to the one at the right. */
static void build_middle(struct builder *b, const struct runs *r, const struct cut *cut,
			 const struct run *tiles, size_t n)
{
	const struct chunk *left = &r->chunks[cut->chunk], *right = &r->chunks[cut->last_chunk];
	if (left->start[cut->index] < cut->first)
		build(b, left->start[cut->index], left->value[cut->index]);
	for (size_t i = 0; i < n; i++) {
		assert(tiles[i].first < tiles[i].end && (i == 0 || tiles[i].first == tiles[i - 1].end));
		build(b, tiles[i].first, tiles[i].value);
	}
	if (run_end(r, cut->last_chunk, cut->last_index) > cut->end)
		build(b, cut->end, right->value[cut->last_index]);
}

/* What a chunk's census becomes when a part of it is replaced: only the part is counted, and the greatest value searched
 * for only if it may have been in the part. */
static void recount(struct chunk *c, const uint64_t *gone, uint32_t max_gone, const uint64_t *come,
		    uint32_t max_come)
{
	for (int i = 0; i < RUNS_VALUES; i++)
		c->counts[i] += come[i] - gone[i];
	if (max_come < c->max && max_gone == c->max) {
		c->max = 0;
		for (size_t i = 0; i < c->len; i++)
			c->max = max(c->value[i], c->max);
	} else if (max_come > c->max) {
		c->max = max_come;
	}
}

static void edit_in_place(struct runs *r, const struct cut *cut, const struct run *tiles, size_t n)
{
	uint64_t start[RUNS_CHUNK];
	uint32_t value[RUNS_CHUNK];
	struct chunk scratch = { .start = start, .value = value, .cap = RUNS_CHUNK };
	struct builder b = { .chunks = &scratch, .count = 1, .fill = RUNS_CHUNK, .left = RUNS_CHUNK };
	struct chunk *c = &r->chunks[cut->chunk];
	uint64_t gone[RUNS_VALUES] = { 0 }, come[RUNS_VALUES] = { 0 };
	uint64_t end = run_end(r, cut->chunk, cut->last_index);

	build_middle(&b, r, cut, tiles, n);
	uint32_t max_gone = part_count(c, cut->index, cut->last_index + 1, end, gone);
	uint32_t max_come = part_count(&scratch, 0, scratch.len, end, come);
	chunk_replace(c, cut->index, cut->last_index + 1, start, value, scratch.len);
	recount(c, gone, max_gone, come, max_come);
	join_small(r, cut->chunk);
	if (cut->chunk > 0)
		join_small(r, cut->chunk - 1);
}

static void replace_touched_chunks(struct runs *r, const struct cut *cut, const struct run *tiles, size_t n)
{
	const struct chunk *left = &r->chunks[cut->chunk], *right = &r->chunks[cut->last_chunk];
	size_t behind = right->len - cut->last_index - 1;
	size_t total = cut->index + n + 2 + behind;
	size_t chunks = (total + FILL - 1) / FILL;
	struct builder b = { .chunks = mem_zalloc(chunks * sizeof *b.chunks),
			     .count = 1,
			     .fill = (total + chunks - 1) / chunks,
			     .left = total };

	chunk_reserve(&b.chunks[0], b.fill);
	for (size_t i = 0; i < cut->index; i++)
		build(&b, left->start[i], left->value[i]);
	build_middle(&b, r, cut, tiles, n);
	for (size_t i = cut->last_index + 1; i < right->len; i++)
		build(&b, right->start[i], right->value[i]);

	uint64_t end = chunk_end(r, cut->last_chunk);
	for (size_t i = 0; i < b.count; i++)
		chunk_sum(&b.chunks[i], i + 1 < b.count ? b.chunks[i + 1].start[0] : end);
	replace_chunks(r, cut->chunk, cut->last_chunk + 1, b.chunks, b.count);
	free(b.chunks);
	join_small(r, cut->chunk + b.count - 1);
	if (cut->chunk > 0)
		join_small(r, cut->chunk - 1);
}

void runs_splice(struct runs *r, const struct run *tiles, size_t n)
{
	if (n == 0)
		return;
	assert(tiles[n - 1].end <= RUNS_END);
	struct cut cut = find_cut(r, tiles, n);
	if (cut.chunk == cut.last_chunk &&
	    r->chunks[cut.chunk].len - (cut.last_index - cut.index + 1) + n + 2 <= RUNS_CHUNK)
		edit_in_place(r, &cut, tiles, n);
	else
		replace_touched_chunks(r, &cut, tiles, n);
}

void runs_set(struct runs *r, uint64_t first, uint64_t end, uint32_t value)
{
	struct run tile = { first, end, value };
	runs_splice(r, &tile, 1);
}

struct run runs_at(const struct runs *r, uint64_t page)
{
	size_t chunk = find_chunk(r, page);
	const struct chunk *c = &r->chunks[chunk];
	size_t index = chunk_find(c, page);
	return (struct run){ c->start[index], run_end(r, chunk, index), c->value[index] };
}

struct runs_iter runs_iter(const struct runs *r, uint64_t first, uint64_t end)
{
	struct runs_iter iter = { .runs = r, .at = first, .end = end };
	if (first < end) {
		iter.chunk = find_chunk(r, first);
		iter.index = chunk_find(&r->chunks[iter.chunk], first);
	}
	return iter;
}

int runs_next(struct runs_iter *iter, struct run *out)
{
	if (iter->at >= iter->end)
		return 0;
	const struct chunk *c = &iter->runs->chunks[iter->chunk];
	uint64_t end = run_end(iter->runs, iter->chunk, iter->index);
	*out = (struct run){ iter->at, min(end, iter->end), c->value[iter->index] };
	iter->at = out->end;
	if (++iter->index == c->len) {
		iter->chunk++;
		iter->index = 0;
	}
	return 1;
}

/* Counts [first, end) as far as it lies in this chunk, by the chunk's own census if it spans all of it;
 * returns where it got to. */
static uint64_t count_in_chunk(const struct runs *r, size_t chunk, uint64_t first, uint64_t end,
			       uint64_t *counts)
{
	const struct chunk *c = &r->chunks[chunk];
	uint64_t stop = chunk_end(r, chunk);
	if (first == c->start[0] && end >= stop) {
		for (int i = 0; i < RUNS_VALUES; i++)
			counts[i] += c->counts[i];
		return stop;
	}
	for (size_t i = chunk_find(c, first); i < c->len && first < end; i++) {
		uint64_t run_stop = i + 1 < c->len ? c->start[i + 1] : stop;
		if (run_stop > end)
			run_stop = end;
		counts[c->value[i] % RUNS_VALUES] += run_stop - first;
		first = run_stop;
	}
	return first;
}

void runs_count(const struct runs *r, uint64_t first, uint64_t end, uint64_t counts[static RUNS_VALUES])
{
	if (first < end)
		for (size_t chunk = find_chunk(r, first); first < end; chunk++)
			first = count_in_chunk(r, chunk, first, end, counts);
}

/* The greatest value of the chunk's runs that lie in [first, end). */
static uint32_t max_in_chunk(const struct runs *r, size_t chunk, uint64_t first, uint64_t end)
{
	const struct chunk *c = &r->chunks[chunk];
	uint32_t max = 0;
	if (first <= c->start[0] && end >= chunk_end(r, chunk))
		return c->max;
	size_t last = chunk_find(c, end - 1);
	for (size_t i = chunk_find(c, first); i <= last; i++)
		max = max(c->value[i], max);
	return max;
}

uint32_t runs_max(const struct runs *r, uint64_t first, uint64_t end)
{
	uint32_t max = 0;
	if (first >= end)
		return 0;
	for (size_t i = find_chunk(r, first); i < r->count && r->chunks[i].start[0] < end; i++) {
		if (r->chunks[i].max <= max)
			continue;
		uint32_t here = max_in_chunk(r, i, first, end);
		max = max(here, max);
	}
	return max;
}

size_t runs_length(const struct runs *r)
{
	size_t length = 0;
	for (size_t i = 0; i < r->count; i++)
		length += r->chunks[i].len;
	return length;
}

size_t runs_memory(const struct runs *r)
{
	size_t bytes = sizeof *r + r->cap * sizeof *r->chunks;
	for (size_t i = 0; i < r->count; i++)
		bytes += r->chunks[i].cap * (sizeof(uint64_t) + sizeof(uint32_t));
	return bytes;
}
