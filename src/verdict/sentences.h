/* Sentences about the facts: each with its evidence, and what people could do. */
#ifndef VERDICT_SENTENCES_H
#define VERDICT_SENTENCES_H

#include "verdict/facts.h"

enum sentence_kind {
	SENTENCE_GROWTH,
	SENTENCE_GROWING,
	SENTENCE_PRIVATE,
	SENTENCE_FILES,
	SENTENCE_FREED,
	SENTENCE_FORK,
	SENTENCE_LOCKED,
	SENTENCE_OWNER,
	SENTENCE_ARENAS,
	SENTENCE_STACKS,
	SENTENCE_MALLOC_FREE,
	SENTENCE_HUGE_ZERO,
	SENTENCE_HUGE,
	SENTENCE_SWAP,
	SENTENCE_REGIONS,
	SENTENCE_PAGE_TABLES,
	SENTENCE_DIRTY,
	SENTENCE_CGROUP,
	SENTENCE_PEAK,
	SENTENCE_NODES,
	SENTENCE_KINDS,
};
const char *sentence_kind_name(enum sentence_kind); /* "growth": as in JSON, never translated */

/* Translated, raw (names in it are the program's), owned. */
struct sentence {
	enum sentence_kind kind;
	char *says, *evidence;
	char *remedy;    /* "": there is nothing to be done */
	uint64_t weight; /* the greater comes first */
};
#define SENTENCES_MAX 5

/* Writes those that hold, at most SENTENCES_MAX, the weightiest first; the caller frees their texts with
 * sentences_fini. Returns how many. */
size_t sentences_write(const struct facts *, struct sentence list[static SENTENCES_MAX]);
void sentences_fini(struct sentence *list, size_t count);

#endif
