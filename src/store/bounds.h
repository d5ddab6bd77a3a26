/* What a session may claim, in proportion to the bytes that it really has, so that a small file costs little
 * whatever it claims. The recorder stays within three quarters of these bounds; if what it records packs so
 * well that it would exceed them, it pads the file.
 *
 * pagescape-session(5), "Bounds", has the figures. */
#ifndef STORE_BOUNDS_H
#define STORE_BOUNDS_H

#include "model/world_size.h"

/* Starts from zeroes. */
struct bounds {
	uint64_t raw;              /* bytes of payloads, unpacked */
	uint64_t events;           /* records that are events */
	uint64_t work;             /* a measure of the work: pages, runs and moves of regions in the events */
	uint64_t grown;            /* bytes by which the world may have grown since it was measured */
	uint64_t stack[STACK_MAX]; /* the last one that was counted */
	size_t stack_count;
	const struct world *world;  /* the world that the events go to; NULL: it is not measured */
	struct world_size measured; /* its size when last measured */
};

/* The world that the events go to, for as long as counting goes on; NULL: it is not measured. */
void bounds_watch(struct bounds *, const struct world *);
/* Counts what the head of a block claims; `events`: 0 if they are counted one by one. */
void bounds_count_block(struct bounds *, uint32_t raw, uint32_t events);
/* Counts an event before it is applied. `again`: it was counted before, and now only makes a cleared world
 * grow. */
void bounds_count(struct bounds *, const struct event *, bool again);
/* Counting starts again, with the same world. */
void bounds_restart(struct bounds *);
/* Is the count within what a file of `size` bytes may claim? Measures the world now and then. */
bool bounds_hold(struct bounds *, uint64_t size);
/* How many bytes a file needs for the recorder to stay within its share. */
uint64_t bounds_need(struct bounds *);

#endif
