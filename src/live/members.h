/* The watched processes of a family, each with its live source, and those that could not be watched. */
#ifndef LIVE_MEMBERS_H
#define LIVE_MEMBERS_H

#include "live/live.h"
#include "live/unwatched.h"

#define MEMBERS_MAX 64

struct tracer;

struct members {
	struct world *world;         /* the caller's */
	struct live_options options; /* for each of them */
	/* In the order in which they came: children follow their elder (see struct live_facts). The first stays to
	 * the end. */
	struct live *list[MEMBERS_MAX];
	size_t count;
	struct unwatched refused;
};
/* Starts without members. The world stays the caller's, and must live longer. The options are used for each
 * member. */
void members_init(struct members *, struct world *, const struct live_options *);
/* Closes all of them. */
void members_fini(struct members *);
const struct live_options *members_options(const struct members *);
/* Sets the interval between looks for members that are opened from now on. */
void members_set_interval(struct members *, uint64_t interval_ns);

/* How many there are. */
size_t members_count(const struct members *);
/* The member with a number, from 0. The first stays to the end; others move up when one before them is
 * closed. */
struct live *members_at(const struct members *, size_t i);

/* The member with a pid; NULL: that process is not watched. */
struct live *members_find(const struct members *, int32_t pid);
/* The member that forked a process; NULL: none of them did. */
struct live *members_parent(const struct members *, int32_t pid);
bool members_full(const struct members *);
/* Is it watched, or refused so that it is not tried again? */
bool members_know(const struct members *, int32_t pid);

/* Adds one that is open. */
void members_add(struct members *, struct live *);
/* Starts to watch a process. -1 with the errors of live_attach. There must be room. */
int members_open(struct members *, int32_t pid, struct err *);
/* Starts to watch a process that came after the watch began. `parent` forked it (NULL: no member did);
 * `tracer` (NULL: none) holds it at its birth, and is taken over. If there is no room, or it may not be read,
 * that is remembered and sent as EVENT_LOST; if it has ended already, nothing is sent. */
void members_take_in(struct members *, int32_t pid, struct live *parent, struct tracer *tracer,
		     struct sink *);
/* Does this error of opening mean that the process has ended? */
bool members_has_ended(const struct err *);
/* Notes that a process is not watched: for good, or until there is room. */
void members_refuse(struct members *, int32_t pid, bool for_good);
bool members_has_refused(const struct members *, int32_t pid);
/* Forgets refused processes that are not `there` (ascending) any more, because their pids may be reused. */
void members_forget_refused(struct members *, const struct task_list *there);
/* Lets those that were refused for lack of room be tried again, if there is room now. */
void members_reconsider(struct members *);

/* Closes member number `i`, not the first, if it has ended and is not needed any more. False: it stays. */
bool members_close_ended(struct members *, size_t i);
/* Closes all but the first, children before their elders. */
void members_close_others(struct members *);

#endif
