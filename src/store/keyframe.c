/* From the model back to events. */
#include "store/keyframe.h"

#include <stdlib.h>

#include "base/mem.h"

#define TILES_AT_ONCE 4096

static void send_identity(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = {.type = EVENT_PROCESS, .pid = p->pid, .time_ns = now_ns};

	e.process = (struct event_process){.argv = (const char *const *)p->argv,
					   .comm = p->comm,
					   .exe = p->exe,
					   .bits = p->bits,
					   .page_shift = p->space->page_shift,
					   .address_bits = p->address_bits,
					   .uid = p->uid,
					   .launched = p->launched,
					   .parent = p->parent};
	sink->take(sink, &e);
	e = (struct event){
	    .type = EVENT_STATUS, .pid = p->pid, .time_ns = now_ns, .status = {p->status, p->status_code}};
	sink->take(sink, &e);
}

static void send_figures(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = {.type = EVENT_COUNTERS, .pid = p->pid, .time_ns = now_ns, .counters = p->counters};

	if (p->has_counters) { /* the first ones are those that the watch began with */
		e.counters.minor = p->minor_base;
		e.counters.major = p->major_base;
		sink->take(sink, &e);
		e.counters = p->counters;
		sink->take(sink, &e);
	}
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		const struct source_status *s = &p->sources[kind];

		e = (struct event){.type = EVENT_SOURCE,
				   .pid = p->pid,
				   .time_ns = now_ns,
				   .source = {(enum source_kind)kind, s->ok, s->why}};
		if (s->known)
			sink->take(sink, &e);
	}
	e = (struct event){.type = EVENT_LOST, .pid = p->pid, .time_ns = now_ns, .lost = {p->lost, ""}};
	if (p->lost)
		sink->take(sink, &e);
}

static void send_threads(const struct process *p, struct sink *sink)
{
	for (size_t i = 0; i < p->threads.count; i++) {
		const struct thread *thread = &p->threads.list[i];
		struct event e = {.type = EVENT_THREAD, .pid = p->pid, .time_ns = thread->begun_ns};

		e.thread = (struct event_thread){.tid = thread->tid, .name = thread->name};
		sink->take(sink, &e);
		e.time_ns = thread->ended_ns;
		e.thread.ended = true;
		if (thread->ended)
			sink->take(sink, &e);
	}
}

static void send_regions(const struct process *p, struct sink *sink)
{
	for (size_t i = 0; i < p->space->count; i++) {
		const struct region *r = p->space->regions[i];
		struct event e = {.type = EVENT_MAP, .pid = p->pid, .time_ns = r->born_ns};

		e.region.id = r->id;
		e.region.attr = r->attr;
		sink->take(sink, &e);
	}
}

/* The pages that are so since one time, from one gap to the next. */
static void send_stretch(const struct process *p, struct sink *sink, const struct run *since,
			 struct run *tiles)
{
	struct runs_walk walk = runs_walk(p->space->pages, since->first, since->end);
	struct event e = {.type = EVENT_PAGES, .pid = p->pid, .time_ns = since->value * UINT64_C(1000000)};
	struct run run;
	size_t n = 0;

	e.pages.tiles = tiles;
	while (runs_next(&walk, &run)) {
		bool gap = run.value == PAGE_NONE;

		if (!gap)
			tiles[n++] = run;
		if (n < TILES_AT_ONCE && !gap)
			continue;
		e.pages.n = n;
		if (n)
			sink->take(sink, &e);
		n = 0;
	}
	e.pages.n = n;
	if (n)
		sink->take(sink, &e);
}

static void send_pages(const struct process *p, struct sink *sink)
{
	struct runs_walk walk = runs_walk(p->space->since, 0, RUNS_END);
	struct run *tiles = mem_alloc(TILES_AT_ONCE * sizeof *tiles);
	struct run since;

	while (runs_next(&walk, &since))
		send_stretch(p, sink, &since, tiles);
	free(tiles);
}

void keyframe_send(const struct world *world, struct sink *sink)
{
	for (size_t i = 0; i < world->count; i++) {
		const struct process *p = world->processes[i];
		struct event tick = {.type = EVENT_TICK, .pid = p->pid, .time_ns = world->now_ns};

		send_identity(p, sink, world->now_ns);
		send_figures(p, sink, world->now_ns);
		send_threads(p, sink);
		send_regions(p, sink);
		send_pages(p, sink);
		sink->take(sink, &tick);
	}
}
