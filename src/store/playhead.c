/* A keyframe has everything except the faults before it. Those of the last blocks before it are read again,
 * so that the log does not begin with the keyframe. */
#include "store/playhead.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"

/* How far back faults are read again: blocks, and events in them. */
#define RECALL_BLOCKS 64
#define RECALL_EVENTS 8192

void playhead_init(struct playhead *h, struct session *session, struct track *track, struct world *world,
		   struct gaps *gaps)
{
	*h = (struct playhead){ .track = track, .world = world, .gaps = gaps };
	track_iter_init(&h->iter, session, track, world);
}

/* After the iterator has failed: it stands after the gap. False: nothing after it can be shown (yet). */
static bool pass_gap(struct playhead *h, const struct err *err, struct gap *gap)
{
	if (gaps_pass(h->gaps, &h->iter, gap))
		return true;
	if (track_iter_at_end(&h->iter)) /* from now on */
		h->broken = *err;
	return false;
}

const struct event *playhead_peek(struct playhead *h)
{
	struct err err = { 0 };
	struct gap gap;
	int got = 1;

	if (h->has_next)
		return &h->next;
	while ((got = track_iter_next(&h->iter, &h->next, &h->next_number, &err)) < 0 &&
	       pass_gap(h, &err, &gap)) {
		if (!h->leaps)
			h->gap = gap;
		h->gap.end = gap.end;
		h->leaps = true;
	}
	h->has_next = got > 0;
	h->leaps &= h->has_next;
	return h->has_next ? &h->next : NULL;
}

/* Sends an event. A process that the recorder launched is sent as not launched: it cannot be ended or written
 * to here. */
static void send(struct playhead *h, struct sink *sink, struct event *e)
{
	if (e->type == EVENT_TICK) {
		h->look = h->number;
		h->look_ns = e->time_ns;
	}
	if (e->type == EVENT_PROCESS) {
		e->process.recorded_launch = e->process.launched;
		e->process.launched = false;
	}
	sink_send(sink, e);
}

/* Returns to the position: the iterator was used elsewhere. */
static void come_back(struct playhead *h)
{
	h->has_next = h->leaps = false;
	track_iter_stand(&h->iter, h->number);
}

struct track_iter *playhead_lend(struct playhead *h)
{
	come_back(h);
	return &h->iter;
}

/* Going */

/* A fault from before a keyframe, sent again before its figures. */
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
	size_t block = track_block_of(t, number - 1), first = block;

	while (first > 0 && block - first < RECALL_BLOCKS &&
	       number - track_block_begin(t, first) < RECALL_EVENTS)
		first--;
	return track_block_begin(t, first);
}

/* The log has no gap: what comes before a block that cannot be read is not recalled. */
static void recall_faults(struct playhead *h, struct recall *recall, uint64_t number)
{
	struct event e = { 0 };
	struct gap gap;
	uint64_t at = 0;

	if (!number)
		return;
	track_iter_stand(&h->iter, recall_from(h->track, number));
	while (track_iter_number(&h->iter) < number) {
		int got = track_iter_next(&h->iter, &e, &at, NULL);

		if (got < 0) {
			recall->count = 0;
			gaps_find(h->gaps, &h->iter, &gap);
			track_iter_skip(&h->iter);
			continue;
		}
		if (got == 0 || at >= number)
			break;
		if (e.type != EVENT_FAULT || number - at > RECALL_EVENTS)
			continue;
		mem_grow(recall->faults, recall->cap, recall->count + 1);
		recall->faults[recall->count++] =
		    (struct recalled){ e.pid, e.time_ns, e.fault, stacks_add(&recall->stacks, &e.stack) };
	}
}

static void send_recalled(const struct recall *recall, int32_t pid, struct sink *sink)
{
	for (size_t i = 0; i < recall->count; i++) {
		const struct recalled *f = &recall->faults[i];
		struct event e = { .type = EVENT_FAULT, .pid = pid, .time_ns = f->time_ns };

		if (f->pid != pid)
			continue;
		e.fault = f->fault;
		e.stack = stacks_get(&recall->stacks, f->stack);
		sink_send(sink, &e);
	}
}

struct key_sending {
	struct playhead *head;
	const struct recall *recall;
	struct sink *sink;
};

static void send_of_key(void *arg, struct event *e)
{
	const struct key_sending *to = arg;

	if (e->type == EVENT_PAST)
		send_recalled(to->recall, e->pid, to->sink);
	send(to->head, to->sink, e);
}

/* -1: it is malformed. */
static int begin_at_key(struct playhead *h, struct sink *sink, const struct track_key *key)
{
	struct recall recall = { 0 };
	struct key_sending to = { h, &recall, sink };
	int result;

	recall_faults(h, &recall, key->number);
	result = track_iter_key(&h->iter, key, send_of_key, &to);
	if (result == 0 && !h->world->count)
		result = -1;
	free(recall.faults);
	stacks_fini(&recall.stacks);
	return result;
}

/* Starts again with an empty world at the keyframe, or at the beginning. */
static void begin_anew(struct playhead *h, struct sink *sink, uint64_t number)
{
	struct track_key *key;

	world_clear(h->world);
	h->look_ns = 0;
	while ((key = track_key_before(h->track, number)) && begin_at_key(h, sink, key) < 0) {
		key->damaged = true;
		world_clear(h->world);
	}
	h->number = h->look = key ? key->number : 0;
	come_back(h);
}

void playhead_send(struct playhead *h, struct sink *sink)
{
	if (h->leaps) {
		begin_anew(h, sink, h->gap.end);
		if (!playhead_peek(h))
			return;
	}
	h->has_next = h->leaps = false;
	h->number = h->next_number + 1;
	send(h, sink, &h->next);
}

/* How far one can go before the next event: up to it, or up to the gap before it. Where playhead_peek found none, up to
 * the end, or to what cannot be read. */
static uint64_t next_stop(const struct playhead *h)
{
	if (!h->has_next)
		return track_iter_number(&h->iter);
	return h->leaps ? h->gap.first : h->next_number;
}

void playhead_go(struct playhead *h, struct sink *sink, uint64_t number)
{
	const struct track_key *key = track_key_before(h->track, number);

	if (number < h->number || (key && key->number > h->number))
		begin_anew(h, sink, number);
	while (h->number < number && playhead_peek(h) && h->next_number < number)
		playhead_send(h, sink);
	if (h->number < number && number <= track_events(h->track))
		h->number = min(number, next_stop(h)); /* records of types that are not known */
}

/* The number of the first event that is later than the time, or cannot be read. */
static uint64_t find_time(struct playhead *h, uint64_t time_ns)
{
	const struct track *t = h->track;
	size_t block = track_block_later(t, 0, time_ns);
	uint64_t number = track_events(t);
	struct event e = { 0 };
	int got;

	if (block == SIZE_MAX)
		return number;
	track_iter_stand(&h->iter, track_block_begin(t, block));
	while ((got = track_iter_next(&h->iter, &e, &number, NULL)) > 0 && e.time_ns <= time_ns)
		;
	if (got <= 0)
		number = track_iter_number(&h->iter);
	come_back(h);
	return number;
}

/* Is it quickest to go on from here, event by event? Not where time goes back, or past a keyframe. */
static bool goes_on(const struct playhead *h, uint64_t time_ns)
{
	const struct track *t = h->track;
	const struct track_key *key;
	size_t block;

	if (time_ns < h->world->now_ns || h->number < h->first)
		return false;
	if (h->number >= track_events(t))
		return true;
	block = track_block_later(t, track_block_of(t, h->number), time_ns);
	key = track_key_before(t, block < SIZE_MAX ? track_block_begin(t, block) : track_events(t));
	return !key || key->number <= h->number;
}

/* A region that came within a look and went within it: memory that was already gone, there only while the faults in it
 * are sent. */
struct passing {
	int32_t pid;
	uint64_t id, came; /* the number of the event */
	bool gone;
};

static struct passing *find_passing(struct passing *list, size_t count, const struct event *e)
{
	while (count-- > 0)
		if (list[count].id == e->region.id && list[count].pid == e->pid && !list[count].gone)
			return &list[count];
	return NULL;
}

/* Where no such region is there: here, or right after the last of them has gone. */
static uint64_t find_passed(struct playhead *h)
{
	struct passing *list = NULL, *one;
	size_t count = 0, cap = 0;
	uint64_t at = h->number, number;
	struct event e;

	track_iter_stand(&h->iter, h->look);
	while (track_iter_next(&h->iter, &e, &number, NULL) > 0 && (e.type != EVENT_TICK || number < at)) {
		if (e.type == EVENT_MAP) {
			mem_grow(list, cap, count + 1);
			list[count++] = (struct passing){ e.pid, e.region.id, number, false };
		} else if (e.type == EVENT_UNMAP && (one = find_passing(list, count, &e))) {
			one->gone = true;
			if (one->came < at && number >= at)
				at = number + 1;
		}
	}
	free(list);
	come_back(h);
	return at;
}

/* Has any region come since the last look was complete? */
static bool has_fresh(const struct playhead *h)
{
	for (size_t i = 0; h->look_ns && i < h->world->count; i++) {
		const struct space *space = h->world->processes[i]->space;

		for (size_t k = 0; k < space->count; k++)
			if (space->regions[k]->born_ns > h->look_ns)
				return true;
	}
	return false;
}

static void go_time(struct playhead *h, struct sink *sink, uint64_t time_ns)
{
	uint64_t number;

	if (!goes_on(h, time_ns)) {
		number = find_time(h, time_ns);
		playhead_go(h, sink, max(number, h->first));
		return;
	}
	while (playhead_peek(h) && h->next.time_ns <= time_ns)
		playhead_send(h, sink);
	h->number = next_stop(h); /* records of types that are not known */
}

void playhead_go_time(struct playhead *h, struct sink *sink, uint64_t time_ns)
{
	go_time(h, sink, time_ns);
	if (has_fresh(h))
		playhead_go(h, sink, find_passed(h));
}

uint64_t playhead_number(const struct playhead *h)
{
	return h->number;
}

void playhead_begin_here(struct playhead *h)
{
	h->first = h->number;
}

void playhead_reach_end(struct playhead *h)
{
	h->number = track_iter_number(&h->iter); /* the last records may be of types that are not known */
}

const struct err *playhead_broken(const struct playhead *h)
{
	return &h->broken;
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
static bool matches(const struct playhead *h, const struct event *e, const struct time_move *m)
{
	if (m->unit == TIME_TICK)
		return e->type == EVENT_TICK;
	if (e->pid != m->pid)
		return false;
	switch (m->unit) {
	case TIME_FAULT:
		return e->type == EVENT_FAULT;
	case TIME_CHANGE:
		return overlaps(e, m, session_info(track_iter_session(&h->iter))->page_shift);
	default:
		return e->type != EVENT_TICK && e->type != EVENT_COUNTERS && e->type != EVENT_SYMBOL &&
		       e->type != EVENT_LINES && e->type != EVENT_SOURCE;
	}
}

/* The last of [from, limit) within one block; false: none. */
static bool find_in_block(struct playhead *h, const struct time_move *m, uint64_t from, uint64_t limit,
			  uint64_t *found)
{
	uint64_t number = 0;
	struct event e;
	bool any = false;

	if (track_iter_go(&h->iter, from, NULL) < 0)
		return false;
	while (track_iter_number(&h->iter) < limit && track_iter_next(&h->iter, &e, &number, NULL) > 0 &&
	       number < limit)
		if (matches(h, &e, m)) {
			*found = number;
			any = true;
		}
	return any;
}

/* The last before the limit; false: none. */
static bool find_before(struct playhead *h, const struct time_move *m, uint64_t limit, uint64_t *found)
{
	while (limit > h->first) {
		size_t block = track_block_of(h->track, limit - 1);
		struct gap gap;
		uint64_t from;

		if (gaps_at(h->gaps, limit - 1, &gap)) {
			limit = gap.first;
			continue;
		}
		if (block == SIZE_MAX)
			return false;
		from = track_block_begin(h->track, block);
		if (from < h->first)
			from = h->first;
		if (find_in_block(h, m, from, limit, found))
			return true;
		limit = from;
	}
	return false;
}

/* The first from a number on that can be shown; false: none. */
static bool find_from(struct playhead *h, const struct time_move *m, uint64_t from, uint64_t *found)
{
	struct err err = { 0 };
	struct event e;
	struct gap gap;
	int got;

	track_iter_stand(&h->iter, from);
	for (;;) {
		got = track_iter_next(&h->iter, &e, found, &err);
		if (got > 0 && matches(h, &e, m))
			return true;
		if (got == 0 || (got < 0 && !pass_gap(h, &err, &gap)))
			return false;
	}
}

/* Does an event change the state of any of the pages in question? */
static bool changes_pages(const struct process *p, const struct event *e, const struct time_move *m)
{
	for (size_t i = 0; i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		uint64_t first = max(tile->first, m->first);
		uint64_t end = min(tile->end, m->end);
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

/* Goes to the picture after event `number`, if there is one and it changes something. */
static bool arrive(struct playhead *h, struct sink *sink, const struct time_move *m, uint64_t number)
{
	const struct process *p;

	come_back(h);
	playhead_go(h, sink, number);
	if (!playhead_peek(h) || h->next_number != number)
		return false;
	p = world_find(h->world, m->pid);
	if (m->unit == TIME_CHANGE && h->next.type == EVENT_PAGES && p && !changes_pages(p, &h->next, m))
		return false;
	playhead_send(h, sink);
	return true;
}

static bool move_on(struct playhead *h, struct sink *sink, const struct time_move *m)
{
	uint64_t from = h->number, found;

	while (find_from(h, m, from, &found)) {
		if (arrive(h, sink, m, found))
			return true;
		from = found + 1;
	}
	return false;
}

static void stop_at(struct playhead *h, struct sink *sink, uint64_t number)
{
	come_back(h);
	playhead_go(h, sink, number);
}

/* Undoes the last event, or a gap, as far as gaps are known. */
static bool undo(struct playhead *h, struct sink *sink, const struct time_move *m)
{
	uint64_t number = h->number, last, found = h->first;
	struct gap gap;
	bool any;

	if (!find_before(h, m, number, &last))
		return false;
	if (gaps_between(h->gaps, last + 1, number, &gap)) {
		stop_at(h, sink, gap.first);
		return true;
	}
	any = find_before(h, m, last, &found);
	if (any && !gaps_between(h->gaps, found, last, &gap))
		return arrive(h, sink, m, found);
	stop_at(h, sink, gaps_between(h->gaps, found, last, &gap) ? gap.end : h->first);
	return true;
}

/* On the way it may come upon a gap that was not known: then once more. */
static bool undo_event(struct playhead *h, struct sink *sink, const struct time_move *m)
{
	uint64_t number = h->number;
	unsigned known;
	struct gap gap;

	do {
		known = gaps_met(h->gaps, &gap);
		stop_at(h, sink, number);
		if (undo(h, sink, m))
			return true;
	} while (gaps_met(h->gaps, &gap) != known);
	return false;
}

/* Moves back: by event to before the last one, by other units to right after the one before. */
static bool move_back(struct playhead *h, struct sink *sink, const struct time_move *m)
{
	uint64_t limit = h->number, found;

	if (m->unit == TIME_EVENT)
		return undo_event(h, sink, m);
	if (limit)
		limit--;
	while (find_before(h, m, limit, &found)) {
		if (arrive(h, sink, m, found))
			return true;
		limit = found;
	}
	return false;
}

bool playhead_move(struct playhead *h, struct sink *sink, const struct time_move *m)
{
	uint64_t number = h->number;

	if (m->step > 0 ? move_on(h, sink, m) : move_back(h, sink, m))
		return true;
	stop_at(h, sink, number);
	return false;
}
