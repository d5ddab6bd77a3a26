/* Two processes side by side: the regions of both in one order. Either by address, with which frames they
 * share, or matched by what the regions are, with what differs (compare/aligned.h). */
#ifndef COMPARE_PAIR_H
#define COMPARE_PAIR_H

#include "event/source.h"
#include "compare/aligned.h"
#include "model/world.h"

struct pair {
	int32_t left, right; /* pids; 0: there is no pair */
	struct world *world; /* of one made-up process that has the regions of both */
	struct space *both;  /* its memory; its pages mean nothing */
	struct runs *common; /* enum page_common of each page; PAGE_COMMON_UNKNOWN: not compared */
	struct runs *parted; /* when each shared page was last seen to part, in ms of the watch; 0: never */
	uint64_t parted_ns;  /* the last time */
	uint64_t left_generation, right_generation; /* of their regions, as last taken */
	const struct space *left_space, *right_space;
	const struct aligned *aligned; /* the two were compared, and are frozen; NULL: by address */
};

/* Both stay the caller's, and must live longer. The caller ends it with pair_fini. */
void pair_init(struct pair *, const struct process *left, const struct process *right);
/* The sides of a comparison, which stays the caller's. */
void pair_init_aligned(struct pair *, const struct aligned *);
void pair_fini(struct pair *); /* all zeroes are fine */
/* Updates the pair to changes in the regions of the two. */
void pair_update(struct pair *, const struct process *left, const struct process *right, uint64_t now_ns);
/* Takes the result of comparing pages [first, first + n). Returns whether anything differs. */
bool pair_take(struct pair *, uint64_t first, const uint8_t *common, size_t n, uint64_t now_ns);
/* How many pages of [first, end) have each enum page_common: added to counts. */
void pair_count(const struct pair *, uint64_t first, uint64_t end, uint64_t counts[static RUNS_VALUES]);

#endif
