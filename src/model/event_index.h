/* Which of a process's faults, calls and departures of pages fit a filter, in the order in which they came:
 * what the list of events draws from.
 *
 * Kept up to date by the numbers of what was looked at: an update looks at what is new, and at
 * a bounded number of events, the newest first. While older ones are still to be looked at it
 * is `pending`. Positions stay what they are when events come and go at the ends; only when all
 * is looked at again (another filter, another process, names that came late) they begin again. */
#ifndef MODEL_EVENT_INDEX_H
#define MODEL_EVENT_INDEX_H

#include "model/event_filter.h"

/* What stands in the list. All but faults are beside them: each knows how many faults came before. */
enum event_kind {
	EVENT_KIND_CALL,
	EVENT_KIND_LEFT,
	EVENT_KINDS_BESIDE,
	EVENT_KIND_FAULT = EVENT_KINDS_BESIDE,
};

struct event_item {
	uint64_t order;  /* twice the faults before it, plus one for a fault */
	uint64_t number; /* of its kind */
	enum event_kind kind;
};

struct event_items {
	struct event_item *items;
	size_t begin, end, cap; /* [begin, end) are kept */
};

struct event_index {
	struct event_filter filter;
	char *text; /* that it was made from, owned */
	const struct process *process;
	struct event_items older; /* the last is the oldest */
	struct event_items newer; /* the last is the newest */
	int64_t first, end;       /* positions [first, end); those of `newer` begin at 0 once it is made */
	uint64_t low, high;       /* faults [low, high) were looked at */
	struct event_span {
		uint64_t low, high;
	} beside[EVENT_KINDS_BESIDE]; /* the same of what is beside the faults */
	uint64_t high_ns;             /* time of fault high - 1: to know the log by */
	bool pending;
	bool unnamed;        /* a name that is not there decided something */
	uint64_t seen_names; /* their generation */
	unsigned restarts;   /* one more when positions began again */
};

/* Starts from zeroes. The text must be one that event_filter_parse takes. Looks at no more than
 * `most` events. */
void event_index_update(struct event_index *, const struct process *, const char *text, size_t most);
void event_index_fini(struct event_index *);
/* The item at a position in [first, end). */
struct event_item event_index_at(const struct event_index *, int64_t position);
/* The position of the first item whose order is not below; end where there is none. */
int64_t event_index_find(const struct event_index *, uint64_t order);

#endif
