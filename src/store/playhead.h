/* Stands between two events of a track, with a world that has all events before it. It sends
 * the next one, or goes to any other place: by a keyframe, and from there on event by event.
 *
 *     track     ... |key| e e e e e |key| e e e [e] e e e ...
 *                                    ^ apply      ^ wanted: the picture before this event
 *
 * Knows nothing about clocks and speeds (store/pace.h), nor about who asks (store/replay.h). */
#ifndef STORE_PLAYHEAD_H
#define STORE_PLAYHEAD_H

#include "event/source.h"
#include "model/world.h"
#include "store/track.h"

struct playhead {
	struct track *track; /* the caller's, as all that follows but for the iterator */
	struct world *world; /* where the events go: cleared when time goes back */
	uint64_t number;     /* all events before it were applied */
	uint64_t first;      /* nothing before this one can be reached: it is after the first whole picture */
	struct track_iter iter; /* is at `number`, or after `next` */
	struct event next;      /* read, and not sent yet */
	uint64_t next_number;
	bool has_next;
	struct err broken;
};

/* Stands before the first event; all that is handed in stays the caller's, and lives longer. */
void playhead_init(struct playhead *, struct session *, struct track *, struct world *);
/* The next event, which stays the next; NULL: there is none (yet). */
const struct event *playhead_peek(struct playhead *);
/* Sends it. It must have been peeked at. */
void playhead_send(struct playhead *, struct sink *);
/* To the picture before the event of the number. */
void playhead_go(struct playhead *, struct sink *, uint64_t number);
/* To the picture before the first event that is later than the time. Going on by a little costs what
 * happens meanwhile. */
void playhead_go_time(struct playhead *, struct sink *, uint64_t time_ns);
/* Moves by one of what is asked for; false: there is none, and it stays where it was. */
bool playhead_move(struct playhead *, struct sink *, const struct time_move *);
/* The number of the event that it stands before. */
uint64_t playhead_number(const struct playhead *);
/* Nothing before this can be reached from now on. */
void playhead_begin_here(struct playhead *);
/* There is no next event: it stands behind all. */
void playhead_reach_end(struct playhead *);
/* Why the track cannot be read on; ERR_NONE: it can. */
const struct err *playhead_broken(const struct playhead *);
/* The iterator, lent to read other frames with: the playhead comes back to where it is. */
struct track_iter *playhead_lend(struct playhead *);

#endif
