/* A keyframe ends a gap only if all of it can be read, and so can the event after it. */
#include "store/gaps.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"

void gaps_fini(struct gaps *g)
{
	free(g->items);
	*g = (struct gaps){ 0 };
}

static void note_process(void *arg, struct event *e)
{
	*(bool *)arg |= e->type == EVENT_PROCESS;
}

static bool ends_gap(struct track_iter *iter, struct track_key *key)
{
	struct event e = { 0 };
	uint64_t number;
	bool any = false;

	if (track_iter_key(iter, key, note_process, &any) < 0 || !any) {
		key->damaged = true;
		return false;
	}
	track_iter_stand(iter, key->number);
	return track_iter_next(iter, &e, &number, NULL) > 0;
}

/* The latest time of all that can be read before the event. */
static uint64_t time_before(struct track_iter *iter, uint64_t number)
{
	const struct track *t = track_iter_track(iter);
	uint64_t begin = track_block_begin(t, track_block_of(t, number)), at;
	uint64_t time_ns = track_time_before(t, begin);
	struct event e = { 0 };

	track_iter_stand(iter, begin);
	while (track_iter_number(iter) < number && track_iter_next(iter, &e, &at, NULL) > 0)
		time_ns = max(time_ns, e.time_ns);
	return time_ns;
}

/* Where the first gap is, or would be, that begins at this event or later. */
static size_t position_of(const struct gaps *g, uint64_t first)
{
	size_t at;

	bisect(at, 0, g->count, g->items[at].first < first);
	return at;
}

static void add(struct gaps *g, const struct gap *gap)
{
	size_t at = position_of(g, gap->first);

	mem_grow(g->items, g->cap, g->count + 1);
	memmove(&g->items[at + 1], &g->items[at], (g->count - at) * sizeof *g->items);
	g->items[at] = *gap;
	g->count++;
	gaps_meet(g, gap);
}

static bool find_known(const struct gaps *g, uint64_t first, struct gap *gap)
{
	size_t at = position_of(g, first);

	if (at == g->count || g->items[at].first != first)
		return false;
	*gap = g->items[at];
	return true;
}

bool gaps_find(struct gaps *g, struct track_iter *iter, struct gap *gap)
{
	struct track *t = track_iter_track(iter);
	uint64_t number = track_iter_number(iter), at = number;
	struct track_key *key;

	if (find_known(g, number, gap))
		return !gap->last;
	while ((key = track_key_after(t, at)) && !ends_gap(iter, key))
		if (!key->damaged)
			at = key->number;
	if (key) {
		*gap = (struct gap){ .first = number, .end = key->number };
		gap->begin_ns = time_before(iter, number);
		gap->end_ns = max(track_time_before(t, key->number), gap->begin_ns);
		add(g, gap);
	}
	track_iter_stand(iter, number);
	return key;
}

bool gaps_pass(struct gaps *g, struct track_iter *iter, struct gap *gap)
{
	struct track *t = track_iter_track(iter);
	uint64_t number = track_iter_number(iter);
	bool grows = track_grows(t); /* asked first: what was written until then is read below */

	if (gaps_find(g, iter, gap) || (track_refresh(t) && gaps_find(g, iter, gap))) {
		track_iter_stand(iter, gap->end);
		return true;
	}
	if (grows) {
		track_iter_stand(iter, number);
		return false;
	}
	if (number < track_events(t) && !find_known(g, number, gap)) {
		*gap = (struct gap){ .first = number, .end = track_events(t), .last = true };
		gap->begin_ns = time_before(iter, number);
		gap->end_ns = max(track_end_ns(t), gap->begin_ns);
		add(g, gap);
	}
	track_iter_stand(iter, number);
	track_iter_cut(iter);
	return false;
}

bool gaps_at(const struct gaps *g, uint64_t number, struct gap *gap)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->items[i].first <= number && number < g->items[i].end) {
			*gap = g->items[i];
			return true;
		}
	return false;
}

bool gaps_between(const struct gaps *g, uint64_t from, uint64_t to, struct gap *gap)
{
	for (size_t i = position_of(g, from); i < g->count && g->items[i].first < to; i++)
		if (g->items[i].end <= to) {
			*gap = g->items[i];
			return true;
		}
	return false;
}

void gaps_meet(struct gaps *g, const struct gap *gap)
{
	g->met = *gap;
	g->meetings++;
}

unsigned gaps_met(const struct gaps *g, struct gap *gap)
{
	*gap = g->met;
	return g->meetings;
}
