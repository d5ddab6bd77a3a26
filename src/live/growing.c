#include "live/growing.h"

#include <stdlib.h>

#include "base/clock.h"

#define COST_PART 10 /* of the time */

void growing_note(struct growing *g, const struct event *e, const struct space *space)
{
	if (e->type == EVENT_PROCESS && e->process.exec)
		*g = (struct growing){ 0 };
	const struct region *r = e->type == EVENT_UNMAP ? space_find_id(space, e->region.id) : NULL;
	for (size_t i = 0; r && i < GROWING_KEPT; i++)
		if (g->ends[i].end == r->attr.end)
			g->ends[i].end = 0;
}

static const struct growing_end *find(const struct growing *g, uint64_t end)
{
	for (size_t i = 0; i < GROWING_KEPT; i++)
		if (g->ends[i].end == end)
			return &g->ends[i];
	return NULL;
}

static void read_flags(struct growing *g, struct reader *reader, uint64_t end)
{
	uint64_t began = clock_now_ns();
	struct region_sums *sums;
	size_t count;

	if (reader_smaps(reader, &sums, &count, NULL) == 0) {
		for (size_t i = 0; i < count; i++)
			if (sums[i].end == end) {
				g->ends[g->next] = (struct growing_end){ end, sums[i].grows_down };
				g->next = (g->next + 1) % GROWING_KEPT;
			}
		free(sums);
	}
	g->again_ns = clock_now_ns() + (clock_now_ns() - began) * COST_PART;
}

bool growing_ask(struct growing *g, struct reader *reader, uint64_t end, bool *unsure)
{
	if (!find(g, end) && clock_now_ns() >= g->again_ns)
		read_flags(g, reader, end);
	const struct growing_end *known = find(g, end);

	*unsure = !known;
	return known && known->grows;
}
