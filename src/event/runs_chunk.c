/* One chunk: two arrays side by side, twelve bytes a run. */
#include "event/runs_chunk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void chunk_reserve(struct chunk *c, size_t cap)
{
	if (cap <= c->cap)
		return;
	assert(cap <= RUNS_CHUNK);
	c->start = mem_realloc(c->start, cap * sizeof *c->start);
	c->value = mem_realloc(c->value, cap * sizeof *c->value);
	c->cap = (uint32_t)cap;
}

void chunk_fini(struct chunk *c)
{
	free(c->start);
	free(c->value);
	*c = (struct chunk){ 0 };
}

void chunk_push(struct chunk *c, uint64_t start, uint32_t value)
{
	if (c->len && c->value[c->len - 1] == value)
		return;
	assert(c->len < c->cap);
	c->start[c->len] = start;
	c->value[c->len++] = value;
}

void chunk_sum(struct chunk *c, uint64_t end)
{
	uint32_t max = 0;
	memset(c->counts, 0, sizeof c->counts);
	for (size_t i = c->len; i-- > 0;) {
		uint32_t value = c->value[i];
		c->counts[value % RUNS_VALUES] += end - c->start[i];
		end = c->start[i];
		max = value > max ? value : max;
	}
	c->max = max;
}

size_t chunk_find(const struct chunk *c, uint64_t page)
{
	size_t low = 0, high = c->len; /* start[low] <= page < start[high] */
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (c->start[middle] <= page)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Doubles, so that pages set one by one do not allocate one by one. */
static void make_room(struct chunk *c, size_t need)
{
	size_t cap = c->cap ? c->cap : 4;
	while (cap < need)
		cap *= 2;
	chunk_reserve(c, cap < RUNS_CHUNK ? cap : RUNS_CHUNK);
}

void chunk_replace(struct chunk *c, size_t from, size_t to, const uint64_t *start, const uint32_t *value,
		   size_t n)
{
	size_t behind = c->len - to;
	make_room(c, from + n + behind);
	memmove(c->start + from + n, c->start + to, behind * sizeof *c->start);
	memmove(c->value + from + n, c->value + to, behind * sizeof *c->value);
	memcpy(c->start + from, start, n * sizeof *c->start);
	memcpy(c->value + from, value, n * sizeof *c->value);
	c->len = (uint32_t)(from + n + behind);
}
