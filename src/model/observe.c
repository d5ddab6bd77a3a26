/* A reading of pages against the model: only what differs becomes an event.
 *
 * The tiles of the reading and the runs of the model are gone through side by side. Equal
 * pieces cost a comparison and nothing else. Pieces that differ are gathered:
 *
 *     model    |r r r r r r r|a a|r r r r r|
 *     reading  |r r|a|r|a|r r|a a|r r r r r|
 *     event        [a r a]                       one event, the equal page in between
 *                                                included, for a change of the model
 *                                                has a price of its own
 *
 * Each event is applied before the loop goes on behind it. What the model calls
 * PAGE_NONE lies in no region and is left out, whatever was read there. */
#include "model/observe.h"

#include <stdlib.h>

#include "base/mem.h"

#define NEAR 32           /* so many equal pieces between two changes do not part them */
#define EVENT_TILES 16384 /* the most tiles of one event */

struct gather {
	const struct process *process;
	struct sink *sink;
	uint64_t now_ns;
	struct run *tiles;
	size_t count, cap;
	size_t keep_count; /* as of the last piece that differs: what follows is cut off */
	uint64_t keep_end;
	unsigned equal;  /* equal pieces since */
	uint64_t differ; /* pages */
};

/* Sends what was gathered; returns whether the model changed. */
static bool flush(struct gather *g)
{
	if (g->count == 0)
		return false;
	g->tiles[g->keep_count - 1].end = g->keep_end;
	struct event e = { .type = EVENT_PAGES, .time_ns = g->now_ns, .pid = g->process->pid };
	e.pages.tiles = g->tiles;
	e.pages.n = g->keep_count;
	sink_send(g->sink, &e);
	g->count = g->keep_count = 0;
	g->equal = 0;
	return true;
}

static void add_piece(struct gather *g, uint64_t first, uint64_t end, uint32_t word)
{
	if (g->count && g->tiles[g->count - 1].value == word) {
		g->tiles[g->count - 1].end = end;
		return;
	}
	mem_grow(g->tiles, g->cap, g->count + 1);
	g->tiles[g->count++] = (struct run){ first, end, word };
}

/* One piece: pages [first, end) that are `now` in the reading and `was` in the model. */
static bool take_piece(struct gather *g, uint64_t first, uint64_t end, uint32_t was, uint32_t now)
{
	if (was == PAGE_NONE)
		return flush(g);
	if (was == now) {
		if (g->count == 0)
			return false;
		if (++g->equal > NEAR)
			return flush(g);
		add_piece(g, first, end, now);
		return false;
	}
	g->differ += end - first;
	g->equal = 0;
	add_piece(g, first, end, now);
	g->keep_count = g->count;
	g->keep_end = end;
	return g->count >= EVENT_TILES && flush(g);
}

uint64_t observe_pages(const struct process *process, struct sink *sink, uint64_t now_ns,
		       const struct run *tiles, size_t n)
{
	struct gather g = { .process = process, .sink = sink, .now_ns = now_ns };
	struct runs_iter iter = { 0 };
	struct run run = { 0 };

	bool stale = false; /* the model changed: what was read of it is so no more */
	for (size_t i = 0; i < n; i++) {
		uint64_t at = tiles[i].first;
		if (i > 0 && at != tiles[i - 1].end && flush(&g))
			stale = true;
		while (at < tiles[i].end) {
			if (stale || at >= run.end) {
				if (stale || !iter.runs || at != iter.at)
					iter = runs_iter(process->space->pages, at, tiles[n - 1].end);
				runs_next(&iter, &run);
			}
			uint64_t end = run.end < tiles[i].end ? run.end : tiles[i].end;
			stale = take_piece(&g, at, end, run.value, tiles[i].value);
			at = end;
		}
	}
	flush(&g);
	free(g.tiles);
	return g.differ;
}
