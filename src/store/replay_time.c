/* Moving in time: to a keyframe, and from there on to the moment that was asked for.
 *
 *     time      ... |key| e e e e e |key| e e e [e] e e e ...
 *                                    ^ apply      ^ wanted: the picture before this event
 *
 * A keyframe has everything but the faults before it. Those of the last frames before it are
 * read again, so that the log does not begin with the keyframe. */
#include "store/replay_state.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/notes.h"
#include "store/session_state.h"

/* How far back faults are read again: frames, and events in them. */
#define RECALL_FRAMES 64
#define RECALL_EVENTS 8192

static const struct {
	unsigned speed, of;
} speeds[] = { { 1, 100 }, { 1, 50 }, { 1, 20 }, { 1, 10 }, { 1, 5 },  { 1, 2 },  { 1, 1 },
	       { 2, 1 },   { 5, 1 },  { 10, 1 }, { 20, 1 }, { 50, 1 }, { 100, 1 } };
#define SPEEDS (sizeof speeds / sizeof *speeds)
_Static_assert(REPLAY_SPEED_ONE < SPEEDS, "as fast as it was is one of the speeds");

/* The clock */

void replay_rebase(struct replay *r)
{
	r->base_ns = r->now_ns;
	r->base_clock_ns = clock_now_ns();
}

uint64_t replay_position(const struct replay *r, uint64_t clock_ns)
{
	uint64_t passed = clock_ns > r->base_clock_ns ? clock_ns - r->base_clock_ns : 0;

	if (!r->playing)
		return r->now_ns;
	return r->base_ns + passed / speeds[r->speed].of * speeds[r->speed].speed;
}

uint64_t replay_duration(const struct replay *r, uint64_t ns)
{
	uint64_t speed = speeds[r->speed].speed, of = speeds[r->speed].of;

	return ns > UINT64_MAX / of ? UINT64_MAX : ns * of / speed;
}

/* Going */

/* A fault that is told again before a keyframe's figures. */
struct recalled {
	int32_t pid;
	uint64_t time_ns;
	struct event_fault fault;
	uint32_t stack;
};

struct recall {
	struct recalled *faults;
	size_t count, cap;
	struct stacks stacks;
};

static uint64_t recall_from(const struct track *t, uint64_t number)
{
	size_t frame = track_frame_of(t, number - 1), first = frame;

	while (first > 0 && frame - first < RECALL_FRAMES && number - t->frames[first].number < RECALL_EVENTS)
		first--;
	return t->frames[first].number;
}

static void recall_faults(struct replay *r, struct recall *recall, uint64_t number)
{
	struct event e;
	uint64_t at = 0;

	if (!number || track_iter_go(&r->iter, recall_from(&r->track, number), NULL) < 0)
		return;
	while (r->iter.number < number && track_iter_next(&r->iter, &e, &at, NULL) > 0 && at < number) {
		if (e.type != EVENT_FAULT || number - at > RECALL_EVENTS)
			continue;
		mem_grow(recall->faults, recall->cap, recall->count + 1);
		recall->faults[recall->count++] =
		    (struct recalled){ e.pid, e.time_ns, e.fault, stacks_add(&recall->stacks, &e.stack) };
	}
}

static void tell_recalled(const struct recall *recall, int32_t pid, struct sink *sink)
{
	for (size_t i = 0; i < recall->count; i++) {
		const struct recalled *f = &recall->faults[i];
		struct event e = { .type = EVENT_FAULT, .pid = pid, .time_ns = f->time_ns };

		if (f->pid != pid)
			continue;
		e.fault = f->fault;
		e.stack = stacks_get(&recall->stacks, f->stack);
		sink->take(sink, &e);
	}
}

/* -1 where one of its frames makes no sense. */
static int tell_key(struct replay *r, const struct track_key *key, const struct recall *recall,
		    struct sink *sink)
{
	uint64_t offset = key->offset;
	struct event e;
	int got;

	while (offset < key->end) {
		if (track_iter_visit(&r->iter, offset, NULL) < 0)
			return -1;
		offset = r->session->offset;
		while ((got = track_iter_visited(&r->iter, &e, NULL)) > 0) {
			if (e.type == EVENT_PROCESS)
				e.process.launched = false;
			if (e.type == EVENT_PAST)
				tell_recalled(recall, e.pid, sink);
			sink->take(sink, &e);
		}
		if (got < 0)
			return -1;
	}
	return 0;
}

static int begin_at_key(struct replay *r, struct sink *sink, const struct track_key *key)
{
	struct recall recall = { 0 };
	int result;

	recall_faults(r, &recall, key->number);
	result = tell_key(r, key, &recall, sink);
	free(recall.faults);
	stacks_fini(&recall.stacks);
	return result;
}

/* From nothing to the keyframe, or to the very beginning. */
static void begin_anew(struct replay *r, struct sink *sink, uint64_t number)
{
	struct track_key *key;

	world_clear(r->world);
	while ((key = track_key_before(&r->track, number)) && begin_at_key(r, sink, key) < 0) {
		key->damaged = true;
		world_clear(r->world);
	}
	r->number = key ? key->number : 0;
	r->iter.open = false;
	r->iter.number = r->number;
	r->has_next = false;
}

/* The iterator was somewhere else. */
static void come_back(struct replay *r)
{
	r->has_next = false;
	r->iter.open = false;
	r->iter.number = r->number;
}

void replay_go(struct replay *r, struct sink *sink, uint64_t number)
{
	const struct track_key *key = track_key_before(&r->track, number);

	if (number < r->number || (key && key->number > r->number))
		begin_anew(r, sink, number);
	while (r->number < number && replay_peek(r) && r->next_number < number)
		replay_send(r, sink);
	if (r->number < number && number <= r->track.events)
		r->number = number; /* records of types that are not known */
}

uint64_t replay_number_at(struct replay *r, uint64_t time_ns)
{
	const struct track *t = &r->track;
	uint64_t number = t->events;
	struct event e;
	size_t frame = 0;

	while (frame < t->count && t->frames[frame].last_ns <= time_ns)
		frame++;
	if (frame == t->count || track_iter_go(&r->iter, t->frames[frame].number, &r->broken) < 0)
		return t->events;
	while (track_iter_next(&r->iter, &e, &number, &r->broken) > 0)
		if (e.time_ns > time_ns) {
			come_back(r);
			return number;
		}
	come_back(r);
	return t->events;
}

static uint64_t within(uint64_t value, uint64_t low, uint64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Arrived, by the user's hand. */
static void stand(struct replay *r, uint64_t now_ns)
{
	r->now_ns = now_ns;
	r->at_edge = r->number >= r->track.events && replay_grows(r);
	r->playing = r->playing && (r->at_edge || r->number < r->track.events);
	replay_rebase(r);
}

static int seek(struct source *source, struct sink *sink, uint64_t time_ns, struct err *err)
{
	struct replay *r = (struct replay *)source;
	uint64_t at = within(time_ns, r->begin_ns, r->track.end_ns), number = replay_number_at(r, at);

	replay_go(r, sink, number > r->first ? number : r->first);
	stand(r, at);
	if (r->world->count)
		return 0;
	return err_set(err, ERR_INPUT, "%s", r->broken.code ? r->broken.text : _("nothing was recorded"));
}

/* Moving */

static bool overlaps(const struct event *e, const struct time_move *m, unsigned shift)
{
	if (e->type == EVENT_PAGES)
		return e->pages.n && e->pages.tiles[0].first < m->end &&
		       e->pages.tiles[e->pages.n - 1].end > m->first;
	if (e->type != EVENT_MAP && e->type != EVENT_CHANGE && e->type != EVENT_UNMAP)
		return false;
	return e->region.attr.start >> shift < m->end && e->region.attr.end >> shift > m->first;
}

/* Is it, by itself, what is looked for? */
static bool matches(const struct replay *r, const struct event *e, const struct time_move *m)
{
	if (m->unit == TIME_TICK)
		return e->type == EVENT_TICK;
	if (e->pid != m->pid)
		return false;
	switch (m->unit) {
	case TIME_FAULT:
		return e->type == EVENT_FAULT;
	case TIME_CHANGE:
		return overlaps(e, m, r->session->info.page_shift);
	default:
		return e->type != EVENT_TICK && e->type != EVENT_COUNTERS && e->type != EVENT_SYMBOL &&
		       e->type != EVENT_LINES && e->type != EVENT_SOURCE;
	}
}

/* The last of [from, limit) within one frame; false: none. */
static bool find_in_frame(struct replay *r, const struct time_move *m, uint64_t from, uint64_t limit,
			  uint64_t *found)
{
	uint64_t number = 0;
	struct event e;
	bool any = false;

	if (track_iter_go(&r->iter, from, NULL) < 0)
		return false;
	while (r->iter.number < limit && track_iter_next(&r->iter, &e, &number, NULL) > 0 && number < limit)
		if (matches(r, &e, m)) {
			*found = number;
			any = true;
		}
	return any;
}

/* The last before the limit; false: none. */
static bool find_before(struct replay *r, const struct time_move *m, uint64_t limit, uint64_t *found)
{
	while (limit > r->first) {
		size_t frame = track_frame_of(&r->track, limit - 1);
		uint64_t from;

		if (frame == r->track.count)
			return false;
		from = r->track.frames[frame].number;
		if (from < r->first)
			from = r->first;
		if (find_in_frame(r, m, from, limit, found))
			return true;
		limit = from;
	}
	return false;
}

/* The first from a number on; false: none. */
static bool find_from(struct replay *r, const struct time_move *m, uint64_t from, uint64_t *found)
{
	uint64_t number = 0;
	struct event e;

	if (track_iter_go(&r->iter, from, NULL) < 0)
		return false;
	while (track_iter_next(&r->iter, &e, &number, NULL) > 0)
		if (matches(r, &e, m)) {
			*found = number;
			return true;
		}
	return false;
}

/* Does a stretch of pages say anything new of those that are looked at? */
static bool changes_pages(const struct process *p, const struct event *e, const struct time_move *m)
{
	for (size_t i = 0; i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		uint64_t first = tile->first > m->first ? tile->first : m->first;
		uint64_t end = tile->end < m->end ? tile->end : m->end;
		struct runs_iter iter;
		struct run run;

		if (first >= end)
			continue;
		iter = runs_iter(p->space->pages, first, end);
		while (runs_next(&iter, &run))
			if (run.value != tile->value)
				return true;
	}
	return false;
}

/* Goes to the picture behind event `number`, where it is one that changes something. */
static bool arrive(struct replay *r, struct sink *sink, const struct time_move *m, uint64_t number)
{
	const struct process *p;

	come_back(r);
	replay_go(r, sink, number);
	if (!replay_peek(r))
		return false;
	p = world_find(r->world, m->pid);
	if (m->unit == TIME_CHANGE && r->next.type == EVENT_PAGES && p && !changes_pages(p, &r->next, m))
		return false;
	replay_send(r, sink);
	return true;
}

static bool move_on(struct replay *r, struct sink *sink, const struct time_move *m)
{
	uint64_t from = r->number, found;

	while (find_from(r, m, from, &found)) {
		if (arrive(r, sink, m, found))
			return true;
		from = found + 1;
	}
	return false;
}

/* One event back takes the one away that came last. Others go to where the one before had
 * just come. */
static bool move_back(struct replay *r, struct sink *sink, const struct time_move *m)
{
	uint64_t limit = r->number, found;

	if (m->unit == TIME_EVENT) {
		if (!find_before(r, m, limit, &limit))
			return false;
		if (!find_before(r, m, limit, &found)) {
			come_back(r);
			replay_go(r, sink, r->first);
			return true;
		}
		return arrive(r, sink, m, found);
	}
	if (limit)
		limit--;
	while (find_before(r, m, limit, &found)) {
		if (arrive(r, sink, m, found))
			return true;
		limit = found;
	}
	return false;
}

static int move(struct source *source, struct sink *sink, const struct time_move *m, struct err *err)
{
	struct replay *r = (struct replay *)source;
	uint64_t number = r->number, now_ns = replay_position(r, clock_now_ns());
	bool moved;

	r->playing = false;
	r->now_ns = now_ns;
	moved = m->step > 0 ? move_on(r, sink, m) : move_back(r, sink, m);
	if (!moved) {
		come_back(r);
		replay_go(r, sink, number);
	}
	stand(r, moved ? within(r->world->now_ns, r->begin_ns, UINT64_MAX) : now_ns);
	return moved;
}

static void play(struct source *source, bool on)
{
	struct replay *r = (struct replay *)source;

	r->now_ns = replay_position(r, clock_now_ns());
	r->at_edge = r->number >= r->track.events && replay_grows(r);
	r->playing = on && (r->at_edge || r->number < r->track.events);
	replay_rebase(r);
}

static bool faster(struct source *source, int by)
{
	struct replay *r = (struct replay *)source;

	if ((by < 0 && r->speed == 0) || (by > 0 && r->speed + 1 == SPEEDS))
		return false;
	r->now_ns = replay_position(r, clock_now_ns());
	r->speed = by > 0 ? r->speed + 1 : r->speed - 1;
	replay_rebase(r);
	return true;
}

/* What is said of it */

static bool all_ended(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return false;
	return world->count > 0;
}

static const char *why_ends(struct replay *r)
{
	if (r->track.closed) /* that the processes ended is said without */
		return all_ended(r->world) ? "" : _("the recording ends here");
	if (!r->broken.code)
		err_set(&r->broken, ERR_INPUT,
			r->track.broken ? _("%s is damaged or cut at byte %llu: what comes before is sound")
					: _("%s breaks off at byte %llu: it was not closed"),
			r->session->shown, (unsigned long long)r->track.offset);
	return r->broken.text;
}

static void status(struct source *source, struct time_status *s)
{
	struct replay *r = (struct replay *)source;
	bool grows = replay_grows(r), behind = r->number < r->track.events;
	uint64_t position = replay_position(r, clock_now_ns());

	*s = (struct time_status){
		.begin_ns = r->begin_ns,
		.end_ns = r->track.end_ns > r->begin_ns ? r->track.end_ns : r->begin_ns,
		.events = r->track.events,
		.at_event = r->number,
		.speed = speeds[r->speed].speed,
		.speed_of = speeds[r->speed].of,
		.playing = r->playing,
		.at_end = !behind && !r->playing,
		.grows = grows,
		.why_ends = "",
	};
	s->now_ns = within(r->at_edge ? r->now_ns : position, s->begin_ns, s->end_ns);
	if (s->at_end && !grows)
		s->why_ends = why_ends(r);
}

static const struct marks *marks(struct source *source)
{
	return &((struct replay *)source)->marks;
}

static int note(struct source *source, int32_t pid, const char *text, struct err *err)
{
	struct replay *r = (struct replay *)source;
	struct event e = { .type = EVENT_MARK, .pid = pid };
	int result;

	if (!r->path)
		return err_set(err, ERR_UNSUPPORTED,
			       _("what comes through a pipe has no place for notes: record it to a file"));
	e.time_ns = within(replay_position(r, clock_now_ns()), r->begin_ns, UINT64_MAX);
	e.mark.text = text;
	result = notes_keep(r->path, r->session, &r->track, &e, err);
	if (result < 0)
		return -1;
	marks_add(&r->marks, e.time_ns, pid, text);
	if (result == 0 && track_refresh(&r->track))
		r->notes_read = r->track.note_count;
	return 0;
}

static size_t course(struct source *source, int32_t pid, const struct time_point **points)
{
	return overview_points(((struct replay *)source)->overview, pid, points);
}

const struct time_ops replay_time_ops = {
	.status = status,
	.seek = seek,
	.move = move,
	.play = play,
	.faster = faster,
	.marks = marks,
	.note = note,
	.course = course,
};
