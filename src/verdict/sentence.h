/* A sentence about the facts. */
#ifndef VERDICT_SENTENCE_H
#define VERDICT_SENTENCE_H

#include "base/strbuf.h"
#include "verdict/facts.h"

enum sentence_kind {
	SENTENCE_GROWTH,
	SENTENCE_UNSEEN,
	SENTENCE_GROWING,
	SENTENCE_PRIVATE,
	SENTENCE_FILES,
	SENTENCE_FREED,
	SENTENCE_FORK,
	SENTENCE_COPIED,
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
	unsigned advice; /* enum advice: shared with other sentences, and added to the remedy of the first */
	uint64_t weight; /* sentences with a greater one come first */
};

/* Helpers for all sentences. */

/* Bytes times how much they matter, in hundredths. */
uint64_t sentence_weigh(uint64_t bytes, unsigned hundredths);
/* Are the bytes known, worth a sentence at all, and at least `percent` of RSS? */
bool sentence_matters(const struct facts *, uint64_t bytes, unsigned percent);
/* A figure of the kernel's; unknown if it is from another time. */
uint64_t sentence_figure(const struct facts *, enum kernel_figure);
/* Fills in the texts, and frees both buffers. `remedy`: translated; "": there is none. */
void sentence_keep(struct sentence *, struct strbuf *says, struct strbuf *evidence, const char *remedy);

#endif
