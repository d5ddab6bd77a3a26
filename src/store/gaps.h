/* Where a recording cannot be shown: from an event that cannot be read to the next keyframe that can. What can be read
 * between the two has no picture that it belongs to.
 *
 *     |key| e e e e |damaged| e e e |key| e e e
 *                   ^ first          ^ end: the picture is known again
 *
 * They are found as they are come upon, by whoever reads. */
#ifndef STORE_GAPS_H
#define STORE_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/track.h"

struct gap {
	uint64_t first, end; /* numbers of events: the one that cannot be read, the one after the keyframe */
	uint64_t begin_ns, end_ns; /* the last time that can be shown, and the next one */
	bool last;                 /* nothing can be shown after it */
};

struct gaps {
	struct gap *items; /* by where they begin */
	size_t count, cap;
	struct gap met;
	unsigned meetings; /* how often one was found, or come upon again */
};

void gaps_fini(struct gaps *);
/* After track_iter_next or track_iter_go has returned -1: which gap begins there. False: nothing after it can be shown
 * (yet). The iterator stands where it stood. */
bool gaps_find(struct gaps *, struct track_iter *, struct gap *);
/* The same, and the iterator stands at the end of the gap; what was written since counts, too. False: nothing after it
 * can be shown yet, where the file is still being recorded: a keyframe may come, so ask again. Of any other file, the track
 * ends there from now on. */
bool gaps_pass(struct gaps *, struct track_iter *, struct gap *);
/* The gap that has the event of this number; one that begins at or after `from` and ends at or before `to`. False: none
 * is known. */
bool gaps_at(const struct gaps *, uint64_t number, struct gap *);
bool gaps_between(const struct gaps *, uint64_t from, uint64_t to, struct gap *);
/* Notes that one was come upon; the one that was so last, and how often there was any. */
void gaps_meet(struct gaps *, const struct gap *);
unsigned gaps_met(const struct gaps *, struct gap *);

#endif
