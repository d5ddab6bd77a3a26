#include "live/silent_copies.h"

#include "base/minmax.h"

#define AT_ONCE 512

static void send_stretch(struct sink *sink, const struct process *child, uint64_t now_ns, uint64_t first,
			 uint64_t end)
{
	struct runs_iter iter = runs_iter(child->space->pages, first, end);
	struct run tile;

	while (runs_next(&iter, &tile)) {
		struct event e = { .type = EVENT_PAGES, .pid = child->pid, .time_ns = now_ns };

		if (!page_state_own(page_state(tile.value)) || tile.value & PAGE_EXCLUSIVE)
			continue;
		tile.value = (tile.value & ~(uint32_t)PAGE_SHARED) | PAGE_EXCLUSIVE;
		e.pages.tiles = &tile;
		e.pages.n = 1;
		sink_send(sink, &e);
		iter = runs_iter(child->space->pages, tile.end, end); /* the model has changed */
	}
}

/* The first stretch of pages from `page` on that the child has alone; false: none before `end`. */
static bool find_alone(struct reader *reader, uint64_t page, uint64_t end, struct run *stretch)
{
	bool alone[AT_ONCE];

	*stretch = (struct run){ page, page, 0 };
	while (page < end) {
		size_t n = (size_t)min(end - page, (uint64_t)AT_ONCE),
		       got = reader_alone(reader, page, n, alone);

		for (size_t i = 0; i < got; i++, page++) {
			if (alone[i] && stretch->end != page)
				stretch->first = page;
			if (alone[i])
				stretch->end = page + 1;
			else if (stretch->end > stretch->first)
				return true;
		}
		if (got < n)
			break;
	}
	return stretch->end > stretch->first;
}

void silent_copies_send(struct reader *reader, struct sink *sink, const struct process *child,
			uint64_t now_ns)
{
	struct run common, alone;

	if (child->forked.stage != FORKED_COUNTED || child->forked.vfork)
		return;
	for (uint64_t page = 0; page < RUNS_END; page = common.end) {
		common = runs_at(child->forked.pages, page);
		if (common.value == FORKED_COMMON && find_alone(reader, page, common.end, &alone)) {
			send_stretch(sink, child, now_ns, alone.first, alone.end);
			common.end = alone.end;
		}
	}
}
