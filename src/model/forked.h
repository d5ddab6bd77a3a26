/* What a process shared with its parent when it was forked, and how much of that has been copied since: by
 * which of the two, and by which code.
 *
 * Only private memory that was there at the fork counts. The pages are those that the first whole look at the
 * child finds. If the child had not run by then, these are all; otherwise pages that were copied earlier are
 * known only from the parent's faults after the fork. */
#ifndef MODEL_FORKED_H
#define MODEL_FORKED_H

#include "event/event.h"
#include "model/fault_log.h"
#include "model/names.h"
#include "model/space.h"

/* The state of a page since the fork. */
enum forked_page {
	FORKED_NOT,            /* it was not shared, or one of the two gave it up */
	FORKED_COMMON,         /* it is still shared */
	FORKED_PARENT_COPIED,  /* the parent wrote it first and got a copy */
	FORKED_COPIED,         /* the child wrote it and got a copy */
	FORKED_DOUBTED,        /* it may have been copied: a fault of unknown cause, or it is no longer
				 shared, and no fault says why */
	FORKED_PARENT_GAVE_UP, /* the parent no longer has it, though an earlier copy may be reported late */
	FORKED_GAVE_UP,        /* the child no longer has it */
};

enum forked_stage {
	FORKED_NO,      /* no watched process forked it, or nothing of this is known */
	FORKED_AWAITED, /* one did, but no whole look at it has been taken yet */
	FORKED_COUNTED,
	FORKED_EXEC, /* an exec ended the account */
	FORKED_END,  /* it has ended */
	FORKED_PARENT_EXEC,
	FORKED_PARENT_END,
	FORKED_STAGES,
};
_Static_assert(FORKED_STAGES == FORKED_STAGES_MAX && FORKED_GAVE_UP == FORKED_PAGES_MAX,
	       "as events have them");

/* Copies that one place in the code caused: attributed to the program's own code if the stack has some, else
 * to the innermost function. */
struct forked_copier {
	uint64_t ip, pages;
	bool parent;             /* the parent's code, else the child's */
	char *function, *object; /* owned, raw; NULL: still to be looked up in its process's names */
};
#define FORKED_COPIERS_MAX 256

struct forked_figures {
	uint64_t shared;    /* shared pages at the fork */
	uint64_t copied;    /* of these, no longer shared because one of the two, or both, got a copy */
	uint64_t by_child;  /* copies that the child got; the two together can exceed `copied` */
	uint64_t by_parent; /* copies that the parent got */
	uint64_t unknown;   /* pages that may have been copied: FORKED_DOUBTED */
	uint64_t given_up;  /* pages that one of the two discarded, or unmapped, while they were shared */
};

struct forked {
	enum forked_stage stage;
	bool whole;           /* the child had not run when it was first looked at */
	bool vfork;           /* it runs in its parent's memory until its exec: nothing is copied */
	bool known;           /* the figures are known: a look was taken */
	uint64_t forked_ns;   /* since the watch began; 0: not known */
	uint64_t looked_ns;   /* when it was looked at first */
	uint64_t lost_before; /* faults of the parent that were lost by then, */
	uint64_t lost_early;  /* and of the child */
	struct forked_figures figures;
	struct runs *pages; /* enum forked_page; NULL: the account does not go on */
	struct forked_copier *copiers;
	size_t copier_count, copier_cap;
	uint64_t rest;  /* copies by code that there was no room for */
	bool own_known; /* once the account does not go on: */
	uint64_t own;   /* resident private pages that were not shared, at the end */
};

/* Begins the account: the process was forked. */
void forked_begin(struct forked *, const struct event_process *);
/* The first whole look at the child was taken. Counts what the logs contain since the fork. `parent` may be
 * NULL. */
void forked_look(struct forked *, const struct space *child, const struct fault_log *child_log,
		 const struct space *parent, const struct fault_log *parent_log, uint64_t now_ns);
/* Takes a fault of one of the two, before or after the event is applied. */
void forked_fault(struct forked *, const struct event_fault *, uint64_t page, bool of_parent);
/* Pages [first, end) of one of the two may be gone: gives up those that its space no longer has as its
 * own. */
void forked_check(struct forked *, const struct space *, uint64_t first, uint64_t end, bool of_parent);
/* The child was looked at again: marks as doubted (FORKED_DOUBTED) pages that it now has alone though no
 * fault explains that. The kernel also copies without a fault. */
void forked_doubt(struct forked *, const struct run *tile);
/* Can a shared page that now has this word still be shared? */
bool forked_may_stay(uint32_t word);
/* Ends the account. The stage says why. */
void forked_end(struct forked *, enum forked_stage);
/* Copies the names of the code of one of the two before its names are forgotten; for code without a name, the
 * file or kind of memory that it is in. */
void forked_keep_names(struct forked *, bool parent, const struct names *, const struct space *);

/* Sets *pages to the child's resident private pages that do not stem from the fork: copies, and what came
 * since. False: not known. */
bool forked_own(const struct forked *, const struct space *child, uint64_t *pages);
/* The child's memory is about to go: keeps that number. */
void forked_keep_own(struct forked *, const struct space *child);

/* How well it is known what was copied, given how many faults of the two were `lost` since the first look. */
enum forked_bound {
	FORKED_EXACT, /* the figures are exact */
	FORKED_AT_LEAST, /* `copied`, and what either copied, may be more; `shared` may be less if it is not whole */
	FORKED_UNKNOWN, /* as AT_LEAST, but no copy was seen at all, which does not mean zero */
};
enum forked_bound forked_bound(const struct forked *, uint64_t lost);
/* How much of what was shared has been copied, in percent: "24.3"; where it is not quite none or all "<0.1", or
 * ">0.0" if it is not exact, and ">99.9". */
#define FORKED_PERCENT_SIZE 32
const char *forked_percent(char buf[static FORKED_PERCENT_SIZE], const struct forked_figures *, bool exact);
/* "counted until it ended"; "" while it goes on. Translated, like the next. */
const char *forked_until_text(enum forked_stage);
/* Why there are no figures; "": there are. */
const char *forked_why_unknown(const struct forked *);

/* Restore the account from a keyframe. */
void forked_put(struct forked *, const struct event_forked *);
void forked_put_copier(struct forked *, const struct event_copier *);

struct forked forked_copy(const struct forked *); /* a deep copy */
void forked_fini(struct forked *);                /* it can be used again */

#endif
