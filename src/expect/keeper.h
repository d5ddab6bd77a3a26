/* Keeps the values of terms with a mark when that mark comes, as EVENT_MARK, live or from a recording. */
#ifndef EXPECT_KEEPER_H
#define EXPECT_KEEPER_H

#include "event/sink.h"
#include "expect/evaluate.h"

struct expect_keeper {
	struct sink sink; /* first */
	struct expect *const *expects;
	size_t count;
	const struct expect_facts *facts;
	struct moments *moments; /* the facts' */
};

/* Everything stays the caller's. The world must have each event before the keeper. */
void expect_keeper_init(struct expect_keeper *, struct expect *const *expects, size_t count,
			const struct expect_facts *, struct moments *);
/* The process is about to end: see expect_keep_last. */
void expect_keeper_end(struct expect_keeper *);

#endif
