/* What a session may claim, in proportion to the bytes that it really has, so that a small file
 * costs little whatever it says. The recorder keeps to three quarters of all this; if what it
 * records is so regular that it packs into less, it makes the file larger.
 *
 * pagescape-session(5), "Bounds", has the figures. */
#ifndef STORE_BOUNDS_H
#define STORE_BOUNDS_H

#include "model/world_size.h"

/* Starts from zeroes. */
struct bounds {
	uint64_t raw;              /* bytes of payloads, unpacked */
	uint64_t events;           /* records that are events */
	uint64_t work;             /* pages, runs and moves of regions that the events are about */
	uint64_t grown;            /* bytes by which the world may have grown since it was measured at */
	uint64_t stack[STACK_MAX]; /* the last one that was counted */
	size_t stack_count;
	const struct world *world;  /* that the events go to; NULL: not measured at */
	struct world_size measured; /* as it was then */
};

/* The world that the events go to, for as long as counting goes on; NULL: it is not measured. */
void bounds_watch(struct bounds *, const struct world *);
/* Counts what the head of a frame speaks of; `events`: 0 where they are counted one by one. */
void bounds_count_frame(struct bounds *, uint32_t raw, uint32_t events);
/* Counts an event before it is applied; `again`: one that was counted before, and only makes a world
 * grow that was cleared. */
void bounds_count(struct bounds *, const struct event *, bool again);
/* Counting starts again, with the same world. */
void bounds_restart(struct bounds *);
/* Is all of it within what so many bytes of a file may claim? Looks at the world now and then. */
bool bounds_hold(struct bounds *, uint64_t size);
/* How many bytes a file needs for the recorder's share of it. */
uint64_t bounds_need(struct bounds *);

#endif
