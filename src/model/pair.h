/* Two processes side by side: the regions that either has, in one order of address, and of
 * each page that was compared whether both map the same frame. */
#ifndef MODEL_PAIR_H
#define MODEL_PAIR_H

#include "event/source.h"
#include "model/world.h"

struct pair {
	int32_t left, right;      /* pids; 0: there is no pair */
	struct world *world;      /* of one made-up process, that has the regions of both */
	struct space *both;       /* its memory; the pages of it mean nothing */
	struct runs *common;      /* enum page_common of each page; COMMON_UNKNOWN: not compared */
	struct runs *parted;      /* milliseconds of the watch when a common page was no more; 0: never seen */
	uint64_t parted_ns;       /* the last time */
	uint64_t left_generation, right_generation; /* of their regions, as last taken */
	const struct space *left_space, *right_space;
};

void pair_init(struct pair *, const struct process *left, const struct process *right);
void pair_fini(struct pair *); /* of one that is all zeroes, too */
/* Takes what has changed of their regions. */
void pair_update(struct pair *, const struct process *left, const struct process *right, uint64_t now_ns);
/* Takes what a comparison of pages [first, first + n) gave. Returns whether anything differs. */
bool pair_take(struct pair *, uint64_t first, const uint8_t *common, size_t n, uint64_t now_ns);
/* How many pages of [first, end) are so: added to counts. */
void pair_count(const struct pair *, uint64_t first, uint64_t end, uint64_t counts[static RUNS_VALUES]);

#endif
