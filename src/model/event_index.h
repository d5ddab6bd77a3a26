/* Which of a process's faults, calls, execs and departures of pages match a filter, in order: the list of
 * events is drawn from this.
 *
 * An update looks at what is new since the last one, and at a bounded number of events, the newest first.
 * While older ones remain it is `pending`. Positions stay the same when events come and go at the ends. They
 * begin again only when everything is looked at again (another filter, another process, names that came
 * late). */
#ifndef MODEL_EVENT_INDEX_H
#define MODEL_EVENT_INDEX_H

#include "model/event_filter.h"

/* Kinds of entries in the list. Calls, departures and execs lie between faults: each records how many faults
 * came before it. */
enum event_kind {
	EVENT_KIND_CALL,
	EVENT_KIND_LEFT,
	EVENT_KIND_EXEC,
	EVENT_KINDS_OTHER,
	EVENT_KIND_FAULT = EVENT_KINDS_OTHER,
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
	char *text; /* what it was made from, owned */
	const struct process *process;
	struct event_items older; /* the last one is the oldest */
	struct event_items newer; /* the last one is the newest */
	int64_t first, end;       /* positions [first, end); `newer` begins at position 0 */
	uint64_t low, high;       /* faults [low, high) were looked at */
	struct event_span {
		uint64_t low, high;
	} others[EVENT_KINDS_OTHER]; /* the same for the other kinds */
	uint64_t high_ns;            /* time of fault high - 1: identifies the log */
	bool pending;
	bool unnamed;        /* a result depended on a name that is not there yet */
	uint64_t seen_names; /* their generation */
	unsigned restarts;   /* goes up by one when positions begin again */
};

/* Brings the index up to date, examining at most `most` events. Starts from zeroes. event_filter_parse must
 * accept the text. */
void event_index_update(struct event_index *, const struct process *, const char *text, size_t most);
void event_index_fini(struct event_index *);
/* The item at a position in [first, end). */
struct event_item event_index_at(const struct event_index *, int64_t position);
/* The position of the first item with at least this order; end if there is none. */
int64_t event_index_find(const struct event_index *, uint64_t order);

#endif
