/* The verdict: what a process's memory consists of, who owns it, what made it grow, and up to five sentences
 * about it. It is derived from the model of a process, live or recorded. Nothing is guessed: what is not
 * known is shown as unknown, and what is recognised comes with its certainty and evidence. */
#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include "verdict/facts.h"
#include "verdict/sentences.h"

struct verdict {
	struct facts facts;
	struct sentence sentences[SENTENCES_MAX]; /* the weightiest first */
	size_t sentences_count;
};

/* `world`: the processes that are watched, may be NULL. `now_ns`: the time of the picture; `at_end`: as in struct facts. The caller ends it with verdict_fini. */
void verdict_init(struct verdict *, const struct world *, const struct process *, uint64_t now_ns,
		  uint64_t at_end);
void verdict_fini(struct verdict *);

#endif
