/* From the model back to events. */
#include "store/keyframe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"

#define TILES_AT_ONCE 4096
#define OUTPUT_AT_ONCE 65536

static void send_identity(const struct process *p, struct sink *sink)
{
	struct event e = { .type = EVENT_PROCESS, .pid = p->pid, .time_ns = p->course.born_ns };

	e.process = (struct event_process){ .argv = (const char *const *)p->identity.argv,
					    .comm = p->identity.comm,
					    .exe = p->identity.exe,
					    .bits = p->identity.bits,
					    .page_shift = p->space->page_shift,
					    .address_bits = p->identity.address_bits,
					    .uid = p->identity.uid,
					    .launched = p->identity.launched,
					    .recorded_launch = p->identity.recorded_launch,
					    .parent = p->parent };
	sink_send(sink, &e);
}

static void send_status(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = { .type = EVENT_STATUS,
			   .pid = p->pid,
			   .time_ns = now_ns,
			   .status = { p->status, p->status_code } };
	sink_send(sink, &e);
	e = (struct event){ .type = EVENT_STOP,
			    .pid = p->pid,
			    .time_ns = now_ns,
			    .stop = { .why = p->stop.why, .tid = p->stop.tid } };
	if (p->stop.known)
		sink_send(sink, &e);
}

static void send_figures(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = { .type = EVENT_COUNTERS, .pid = p->pid, .time_ns = now_ns };

	if (p->counters.known) { /* the first ones are those that the watch began with */
		e.counters = p->counters.first;
		sink_send(sink, &e);
		e.counters = p->counters.now;
		sink_send(sink, &e);
	}
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		const struct source_status *s = &p->sources[kind];

		e = (struct event){ .type = EVENT_SOURCE,
				    .pid = p->pid,
				    .time_ns = now_ns,
				    .source = { (enum source_kind)kind, s->ok, s->partial, s->why } };
		if (s->known)
			sink_send(sink, &e);
	}
	for (int what = 0; what < LOST_WHATS; what++) {
		const uint64_t counts[LOST_WHATS] = { p->course.lost, p->course.unseen,
						      p->course.unseen_faults };

		e = (struct event){ .type = EVENT_LOST,
				    .pid = p->pid,
				    .time_ns = now_ns,
				    .lost = { counts[what], (enum lost_what)what } };
		if (counts[what])
			sink_send(sink, &e);
	}
}

/* Ghosts are sent as what they were: regions that came and went. */
static void send_ghosts(const struct process *p, struct sink *sink)
{
	for (size_t i = 0; i < p->space->ghost_count; i++) {
		const struct region *r = p->space->ghosts[i];
		struct event e = { .type = EVENT_MAP, .pid = p->pid, .time_ns = r->born_ns };

		e.region.id = r->id;
		e.region.attr = r->attr;
		sink_send(sink, &e);
		e.type = EVENT_UNMAP;
		e.time_ns = r->died_ns;
		sink_send(sink, &e);
	}
}

static void send_threads(const struct process *p, struct sink *sink)
{
	for (size_t i = 0; i < p->threads.count; i++) {
		const struct thread *thread = &p->threads.list[i];
		struct event e = { .type = EVENT_THREAD, .pid = p->pid, .time_ns = thread->begun_ns };

		e.thread = (struct event_thread){ .tid = thread->tid,
						  .name = thread->name,
						  .minor = thread->minor,
						  .major = thread->major };
		sink_send(sink, &e);
		e.time_ns = thread->ended_ns;
		e.thread.ended = true;
		if (thread->ended)
			sink_send(sink, &e);
	}
}

static void send_regions(const struct process *p, struct sink *sink)
{
	for (size_t i = 0; i < p->space->count; i++) {
		const struct region *r = p->space->regions[i];
		struct event e = { .type = EVENT_MAP, .pid = p->pid, .time_ns = r->born_ns };

		e.region.id = r->id;
		e.region.attr = r->attr;
		sink_send(sink, &e);
	}
}

/* Sends pages that have the same time of change, from one gap to the next. */
static void send_stretch(const struct process *p, struct sink *sink, const struct run *since,
			 struct run *tiles)
{
	struct runs_iter iter = runs_iter(p->space->pages, since->first, since->end);
	struct event e = { .type = EVENT_PAGES, .pid = p->pid, .time_ns = since->value * UINT64_C(1000000) };
	struct run run;
	size_t n = 0;

	e.pages.tiles = tiles;
	while (runs_next(&iter, &run)) {
		bool gap = run.value == PAGE_NONE;

		if (!gap)
			tiles[n++] = run;
		if (n < TILES_AT_ONCE && !gap)
			continue;
		e.pages.n = n;
		if (n)
			sink_send(sink, &e);
		n = 0;
	}
	e.pages.n = n;
	if (n)
		sink_send(sink, &e);
}

static void send_pages(const struct process *p, struct sink *sink)
{
	struct runs_iter iter = runs_iter(p->space->since, 0, RUNS_END);
	struct run *tiles = mem_alloc(TILES_AT_ONCE * sizeof *tiles);
	struct run since;

	while (runs_next(&iter, &since))
		send_stretch(p, sink, &since, tiles);
	free(tiles);
}

static void send_names(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = { .type = EVENT_SYMBOL, .pid = p->pid, .time_ns = now_ns };
	const char *path, *text;
	uint32_t line;

	for (size_t i = 0; i < names_count(p->names); i++) {
		e.symbol = *names_at(p->names, i);
		sink_send(sink, &e);
	}
	e.type = EVENT_LINES;
	for (size_t i = 0; i < names_line_count(p->names); i++) {
		names_line_at(p->names, i, &path, &line, &text);
		e.lines.path = path;
		e.lines.first = line;
		e.lines.text = text;
		sink_send(sink, &e);
	}
}

static void send_output(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = { .type = EVENT_OUTPUT, .pid = p->pid, .time_ns = now_ns };
	struct strbuf bytes = { 0 };

	output_write(&p->output, &bytes);
	for (size_t at = 0; at < bytes.len; at += e.output.len) {
		e.output.bytes = bytes.text + at;
		e.output.len = min(bytes.len - at, OUTPUT_AT_ONCE);
		sink_send(sink, &e);
	}
	strbuf_fini(&bytes);
}

static void send_calls(const struct process *p, struct sink *sink)
{
	for (uint64_t i = p->calls.begin; i < p->calls.end; i++) {
		const struct call_entry *entry = calls_at(&p->calls, i);
		struct event e = { .type = EVENT_CALL, .pid = p->pid, .time_ns = entry->time_ns };

		e.call = entry->call;
		e.stack = stacks_get(&p->stacks, entry->stack);
		sink_send(sink, &e);
	}
}

static void send_departures(const struct process *p, struct sink *sink)
{
	for (uint64_t i = p->departures.begin; i < p->departures.end; i++) {
		const struct departure *d = departures_at(&p->departures, i);
		struct event e = { .type = EVENT_LEFT, .pid = p->pid, .time_ns = d->time_ns };

		e.left = d->left;
		sink_send(sink, &e);
	}
}

static void send_past(const struct world *world, const struct process *p, struct sink *sink)
{
	struct event e = { .type = EVENT_PAST, .pid = p->pid, .time_ns = world->now_ns };

	e.past = (struct event_past){ .execs = p->course.execs,
				      .changed_ns = p->course.changed_ns,
				      .changed_page = p->space->changed_page,
				      .page_changed_ns = p->space->changed_ns,
				      .faults = p->faults.log.end,
				      .calls = p->calls.end,
				      .output = p->output.bytes,
				      .image_faults = p->faults.image,
				      .image_calls = p->calls.image,
				      .stops = p->stop.count,
				      .resident = p->history.resident,
				      .minor = p->history.minor,
				      .major = p->history.major,
				      .dropped = world->dropped,
				      .threads_dropped = p->threads.dropped,
				      .departures = p->departures.end };
	sink_send(sink, &e);
}

/* Stories are sorted, so that each differs little from the one before; by a radix sort with digits of eleven
 * bits, because there may be a quarter of a million and the recorder waits. */
#define DIGIT_BITS 11
#define DIGITS 6 /* 64 bits */

struct pick {
	uint64_t key;
	size_t slot;
};

static void sort_by_digit(struct pick *to, const struct pick *from, size_t n, unsigned shift)
{
	size_t starts[1 << DIGIT_BITS] = { 0 }, at = 0;

	for (size_t i = 0; i < n; i++)
		starts[from[i].key >> shift & ((1 << DIGIT_BITS) - 1)]++;
	for (size_t i = 0; i < 1 << DIGIT_BITS; i++) {
		size_t count = starts[i];

		starts[i] = at;
		at += count;
	}
	for (size_t i = 0; i < n; i++)
		to[starts[from[i].key >> shift & ((1 << DIGIT_BITS) - 1)]++] = from[i];
}

/* Returns whichever of the two lists, of the same length, has the result. */
static struct pick *sort_picks(struct pick *list, struct pick *other, size_t n)
{
	uint64_t any = 0, all = UINT64_MAX;

	for (size_t i = 0; i < n; i++) {
		any |= list[i].key;
		all &= list[i].key;
	}
	for (unsigned shift = 0; shift < DIGITS * DIGIT_BITS; shift += DIGIT_BITS) {
		struct pick *swap = list;

		if (!((any ^ all) >> shift & ((1 << DIGIT_BITS) - 1)))
			continue; /* this digit is the same in all */
		sort_by_digit(other, list, n, shift);
		list = other;
		other = swap;
	}
	return list;
}

/* Is it the story of the touched page itself? */
static bool of_own_page(const struct process *p, const struct stories *s, size_t slot)
{
	return space_page(p->space, s->slots[slot].fault.address) == s->keys[slot] - 1;
}

/* Those of touched pages, by time, go to the front of the list; those of neighbours, by page, to its end. */
struct picks {
	struct pick *list;
	size_t touched, neighbours;
};

static struct picks pick_stories(const struct process *p, const struct stories *s, size_t room)
{
	struct picks picks = { .list = mem_alloc_large(room * sizeof *picks.list) };

	for (size_t i = 0; i < s->count; i++) {
		if (!stories_has(s, i))
			continue;
		if (of_own_page(p, s, i))
			picks.list[picks.touched++] = (struct pick){ s->slots[i].time_ns, i };
		else
			picks.list[room - ++picks.neighbours] = (struct pick){ s->keys[i], i };
	}
	return picks;
}

static bool same_fault(const struct story *a, const struct story *b)
{
	const struct event_fault *f = &a->fault, *g = &b->fault;

	return a->time_ns == b->time_ns && a->stack == b->stack && f->address == g->address &&
	       f->ip == g->ip && f->tid == g->tid && f->major == g->major && f->inferred == g->inferred &&
	       f->deduced == g->deduced && f->access == g->access && f->cause == g->cause &&
	       f->why == g->why && f->was == g->was && f->now == g->now && f->before == g->before &&
	       f->after == g->after;
}

static void send_story(const struct process *p, const struct stories *all, struct sink *sink, size_t slot,
		       uint64_t pages)
{
	const struct story *s = &all->slots[slot];
	struct event e = { .type = EVENT_STORY, .pid = p->pid, .time_ns = s->time_ns };

	e.story = (struct event_story){ all->keys[slot] - 1, pages, s->fault };
	e.stack = stacks_get(&p->stacks, s->stack);
	sink_send(sink, &e);
}

/* Neighbours that one fault brought in are sent together. */
static void send_neighbours(const struct process *p, const struct stories *all, struct sink *sink,
			    const struct pick *list, size_t n)
{
	size_t next;

	for (size_t i = 0; i < n; i = next) {
		for (next = i + 1; next < n && next - i < STORY_PAGES_MAX; next++)
			if (list[next].key != list[i].key + (next - i) ||
			    !same_fault(&all->slots[list[next].slot], &all->slots[list[i].slot]))
				break;
		send_story(p, all, sink, list[i].slot, next - i);
	}
}

static void send_stories(const struct process *p, const struct stories *all, struct sink *sink)
{
	size_t room = all->count + 1;
	struct picks picks = pick_stories(p, all, room);
	struct pick *other = mem_alloc_large(room * sizeof *other);
	const struct pick *sorted = sort_picks(picks.list, other, picks.touched);

	for (size_t i = 0; i < picks.touched; i++)
		send_story(p, all, sink, sorted[i].slot, 1);
	sorted = sort_picks(picks.list + room - picks.neighbours, other, picks.neighbours);
	send_neighbours(p, all, sink, sorted, picks.neighbours);
	free(picks.list);
	free(other);
}

static void send_profile(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	const struct profile *h = &p->faults.profile;
	struct event e = { .type = EVENT_PROFILE, .pid = p->pid, .time_ns = now_ns };

	for (size_t i = 0; i < h->count; i++) {
		const struct profile_entry *sum = &h->entries[i];

		e.profile = (struct event_profile){ sum->ip, sum->minor, sum->major, sum->pages, false };
		e.stack = stacks_get(&p->stacks, sum->stack);
		sink_send(sink, &e);
	}
	e.profile = (struct event_profile){ 0, h->rest.minor, h->rest.major, h->rest.pages, true };
	e.stack = (struct event_stack){ 0 };
	if (h->rest.minor || h->rest.major)
		sink_send(sink, &e);
}

static void send_kernel_figures(const struct process *p, struct sink *sink)
{
	struct event e = { .type = EVENT_FIGURES,
			   .pid = p->pid,
			   .time_ns = p->figures.time_ns,
			   .figures = &p->figures.read };

	if (p->figures.known)
		sink_send(sink, &e);
}

static void send_history(const struct process *p, struct sink *sink)
{
	struct event e = { .type = EVENT_SAMPLE, .pid = p->pid };

	for (size_t back = p->history.count; back > 0; back--) {
		const struct sample *s = history_at(&p->history, back - 1);

		e.time_ns = s->time_ns;
		e.sample = (struct event_sample){ s->resident, s->minor, s->major, s->quiet_ns };
		sink_send(sink, &e);
	}
}

static struct event_forked figures_of(const struct forked *f)
{
	const struct forked_figures *n = &f->figures;

	return (struct event_forked){ .whole = f->whole,
				      .vfork = f->vfork,
				      .known = f->known,
				      .stage = f->stage,
				      .forked_ns = f->forked_ns,
				      .looked_ns = f->looked_ns,
				      .shared = n->shared,
				      .copied = n->copied,
				      .by_child = n->by_child,
				      .by_parent = n->by_parent,
				      .unknown = n->unknown,
				      .given_up = n->given_up,
				      .rest = f->rest,
				      .lost_before = f->lost_before,
				      .lost_early = f->lost_early };
}

static void send_copiers(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = { .type = EVENT_COPIER, .pid = p->pid, .time_ns = now_ns };

	for (size_t i = 0; i < p->forked.copier_count; i++) {
		const struct forked_copier *c = &p->forked.copiers[i];

		e.copier = (struct event_copier){ .ip = c->ip,
						  .pages = c->pages,
						  .parent = c->parent,
						  .named = c->function,
						  .function = c->function,
						  .object = c->object };
		sink_send(sink, &e);
	}
}

static void send_forked(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct event e = { .type = EVENT_FORKED, .pid = p->pid, .time_ns = now_ns };
	struct runs_iter iter;
	struct run *tiles, run;

	if (p->forked.stage == FORKED_NO)
		return;
	tiles = mem_alloc(TILES_AT_ONCE * sizeof *tiles);
	e.forked = figures_of(&p->forked);
	e.forked.tiles = tiles;
	if (p->forked.pages) {
		iter = runs_iter(p->forked.pages, 0, RUNS_END);
		while (runs_next(&iter, &run)) {
			if (run.value == FORKED_NOT)
				continue;
			tiles[e.forked.n++] = run;
			if (e.forked.n < TILES_AT_ONCE)
				continue;
			sink_send(sink, &e);
			e.forked.n = 0;
			e.forked.more = true;
		}
	}
	if (e.forked.n || !e.forked.more)
		sink_send(sink, &e);
	free(tiles);
	send_copiers(p, sink, now_ns);
}

static void send_marks(const struct world *world, struct sink *sink)
{
	for (size_t i = 0; i < world->marks.count; i++) {
		const struct mark *mark = &world->marks.items[i];
		struct event e = { .type = EVENT_MARK, .pid = mark->pid, .time_ns = mark->time_ns };

		e.mark.text = mark->text;
		sink_send(sink, &e);
	}
}

static void send_began(const struct process *p, struct sink *sink, uint64_t now_ns)
{
	struct runs_iter iter = runs_iter(p->space->began, 0, RUNS_END);
	struct run *tiles = mem_alloc(TILES_AT_ONCE * sizeof *tiles), run;
	struct event e = { .type = EVENT_BEGAN, .pid = p->pid, .time_ns = now_ns };
	bool next;

	e.began = (struct event_began){ .began = p->course.began,
					.resident = p->course.began_resident,
					.tiles = tiles };
	do {
		next = runs_next(&iter, &run);
		if (next && run.value != PAGE_NONE)
			tiles[e.began.n++] = run;
		if (next && e.began.n < TILES_AT_ONCE)
			continue;
		sink_send(sink, &e);
		e.began.more = true;
		e.began.n = 0;
	} while (next);
	free(tiles);
}

static void send_process(const struct world *world, const struct process *p, struct sink *sink)
{
	uint64_t now_ns = world->now_ns;
	struct event tick = { .type = EVENT_TICK, .pid = p->pid, .time_ns = now_ns };

	send_status(p, sink, now_ns);
	send_figures(p, sink, now_ns);
	send_kernel_figures(p, sink);
	send_ghosts(p, sink);
	send_regions(p, sink);
	send_pages(p, sink);
	sink_send(sink, &tick);
	send_began(p, sink, now_ns); /* the real one, not what the tick has set */
	send_names(p, sink, now_ns);
	send_output(p, sink, now_ns);
	send_calls(p, sink);
	send_departures(p, sink);
	send_past(world, p, sink);
	send_forked(p, sink, now_ns);
	send_threads(p, sink);
	send_stories(p, &p->faults.brought, sink); /* before the later ones, which do not bring the page */
	send_stories(p, &p->faults.stories, sink);
	send_profile(p, sink, now_ns);
	send_history(p, sink);
}

void keyframe_send(const struct world *world, struct sink *sink)
{
	send_marks(world, sink);
	for (size_t i = 0; i < world->count; i++)
		send_identity(world->processes[i], sink);
	for (size_t i = 0; i < world->count; i++)
		send_process(world, world->processes[i], sink);
}
