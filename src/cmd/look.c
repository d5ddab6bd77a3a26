/* One look: each source is read once and told to the world as events, as the live source
 * does it again and again. */
#include "cmd/look.h"

#include "model/observe.h"

static void tell(struct world *world, int32_t pid, struct event event)
{
	event.pid = pid;
	world_apply(world, &event);
}

static void tell_counters(struct reader *reader, int32_t pid, struct world *world)
{
	struct reader_stat stat;

	if (reader_stat(reader, &stat, NULL) < 0)
		return;
	tell(world, pid, (struct event){.type = EVENT_COUNTERS, .counters = stat.counters});
	if (stat.counters.state == 'T' || stat.counters.state == 't')
		tell(world, pid, (struct event){.type = EVENT_STATUS, .status = {PROCESS_STOPPED, 0}});
}

static int tell_pages(struct reader *reader, const struct process *process, struct world *world,
		      const struct region_list *regions, struct err *err)
{
	unsigned shift = process->space->page_shift;
	struct tiles tiles = {0};
	uint64_t done;
	int result = 0;

	for (size_t i = 0; i < regions->count && result == 0; i++) {
		const struct region_attr *attr = &regions->attrs[i];

		tiles.count = 0;
		result = reader_pages(reader, attr, attr->start >> shift, attr->end >> shift, true, 0, &tiles,
				      &done, err);
		if (result == 0)
			observe_pages(process, &world->sink, 0, tiles.run, tiles.count);
	}
	tiles_fini(&tiles);
	return result;
}

/* Last, as sources are found by trying them. */
static void tell_sources(struct reader *reader, int32_t pid, struct world *world)
{
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		struct event event = {.type = EVENT_SOURCE, .source = {.kind = (enum source_kind)kind}};

		event.source.ok = reader_source(reader, event.source.kind, &event.source.why);
		tell(world, pid, event);
	}
}

int look_at(struct reader *reader, int32_t pid, struct world *world, struct err *err)
{
	struct event event = {.type = EVENT_PROCESS};
	struct region_list regions = {0};
	int result = -1;

	if (reader_identity(reader, &event.process, err) == 0) {
		tell(world, pid, event);
		tell_counters(reader, pid, world);
		result = reader_regions(reader, &regions, err);
	}
	if (result == 0) {
		const struct process *process = world_find(world, pid);

		observe_regions(process, &world->sink, 0, regions.attrs, regions.count);
		result = tell_pages(reader, process, world, &regions, err);
		tell_sources(reader, pid, world);
		tell(world, pid, (struct event){.type = EVENT_TICK});
	}
	region_list_fini(&regions);
	return result;
}
