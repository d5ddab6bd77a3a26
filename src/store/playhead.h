/* A position between two events of a track, with a world that has all events before it. It sends the next
 * one, or goes to any other position: by a keyframe, and from there event by event.
 *
 *     track     ... |key| e e e e e |key| e e e [e] e e e ...
 *                                    ^ apply      ^ wanted: the picture before this event
 *
 * Knows nothing about clocks and speeds (store/pace.h), nor about the source (store/replay.h). */
#ifndef STORE_PLAYHEAD_H
#define STORE_PLAYHEAD_H

#include "event/source.h"
#include "model/world.h"
#include "store/gaps.h"
#include "store/track.h"

struct playhead {
	struct track *track; /* the caller's, like the world */
	struct world *world; /* where the events go: cleared when time goes back */
	uint64_t number;     /* all events before it were applied */
	uint64_t first;      /* nothing before this one can be reached: it follows the first whole picture */
	uint64_t look,
	    look_ns; /* the first event after the last EVENT_TICK, or the keyframe; its time; 0: none yet */
	struct track_iter iter; /* is at `number`, or after `next` */
	struct event next;      /* read, and not sent yet */
	uint64_t next_number;
	bool has_next;
	struct gaps *gaps; /* the caller's */
	struct gap gap; /* where leaps: `next` is the first event after it, and its keyframe is sent before */
	bool leaps;
	struct err broken;
};

/* Starts before the first event; all arguments stay the caller's, and must live longer. */
void playhead_init(struct playhead *, struct session *, struct track *, struct world *, struct gaps *);
/* The next event that can be shown, without consuming it; NULL: there is none (yet). Where events cannot be read it is
 * the first one after the gap (store/gaps.h). */
const struct event *playhead_peek(struct playhead *);
/* Sends the next event; after a gap, a keyframe first. playhead_peek must have returned it. */
void playhead_send(struct playhead *, struct sink *);
/* Goes to the picture before the event with this number; of one in a gap, to the picture before the gap. */
void playhead_go(struct playhead *, struct sink *, uint64_t number);
/* Goes to the picture before the first event that is later than the time, and past regions that are shown only for a
 * moment (live/remap.h). A small step forward costs only the events in between. */
void playhead_go_time(struct playhead *, struct sink *, uint64_t time_ns);
/* Moves by one of the requested units; false: there is none, and it stays where it was. */
bool playhead_move(struct playhead *, struct sink *, const struct time_move *);
/* The number of the next event. */
uint64_t playhead_number(const struct playhead *);
/* From now on nothing before this position can be reached. */
void playhead_begin_here(struct playhead *);
/* Notes that playhead_peek found no next event: it is behind all, or before what cannot be read (yet). */
void playhead_reach_end(struct playhead *);
/* Why the track cannot be read any further; ERR_NONE: it can. */
const struct err *playhead_broken(const struct playhead *);
/* The iterator, lent for reading other blocks: the playhead returns to its position by itself. */
struct track_iter *playhead_lend(struct playhead *);

#endif
