/* The processes of a family that are watched, each with its live source, and who could not be. */
#ifndef LIVE_MEMBERS_H
#define LIVE_MEMBERS_H

#include "live/live.h"
#include "live/unwatched.h"

#define MEMBERS_MAX 64

struct tracer;

struct members {
	struct world *world;         /* the caller's */
	struct live_options options; /* of each */
	/* In the order in which they came: children follow their elder (see struct live_facts). The first stays to
	 * the end. */
	struct live *list[MEMBERS_MAX];
	size_t count;
	struct unwatched refused;
};
/* Without any yet. The world stays the caller's, and lives longer. The options are those of each. */
void members_init(struct members *, struct world *, const struct live_options *);
/* Closes all of them. */
void members_fini(struct members *);
const struct live_options *members_options(const struct members *);
/* Those that are opened from now on are looked at so often. */
void members_set_interval(struct members *, uint64_t interval_ns);

/* How many there are. */
size_t members_count(const struct members *);
/* Each by its number, from 0; the first stays to the end, others move up when one before them is closed. */
struct live *members_at(const struct members *, size_t i);

/* NULL: that process is not watched. */
struct live *members_find(const struct members *, int32_t pid);
/* The member that forked a process; NULL: none of them did. */
struct live *members_parent(const struct members *, int32_t pid);
bool members_full(const struct members *);
/* Is it watched, or is it not to be tried again? */
bool members_know(const struct members *, int32_t pid);

/* Adds one that is open. */
void members_add(struct members *, struct live *);
/* Starts to watch a process. -1 with the errors of live_attach. There must be room. */
int members_open(struct members *, int32_t pid, struct err *);
/* Starts to watch a process that has come since. `parent` forked it (NULL: no member did); `tracer` (NULL: none)
 * holds it at its birth, and is taken over. If there is no room, or it may not be read, that is remembered and sent
 * as EVENT_LOST; if it has ended already, nothing is sent. */
void members_take_in(struct members *, int32_t pid, struct live *parent, struct tracer *tracer,
		     struct sink *);
/* Does opening fail because the process has ended? */
bool members_has_ended(const struct err *);
/* A process is not watched: for good, or until there is room. */
void members_refuse(struct members *, int32_t pid, bool for_good);
bool members_has_refused(const struct members *, int32_t pid);
/* Forgets those that were refused and are not `there` any more (ascending): their numbers are given to others. */
void members_forget_refused(struct members *, const struct task_list *there);
/* Those that were refused for lack of room may be tried again, if there is some now. */
void members_reconsider(struct members *);

/* Closes those that have ended and are not needed any more. `i` is the index of one that is not the first. False: it
 * stays. */
bool members_close_ended(struct members *, size_t i);
/* Closes all but the first, children before their elders. */
void members_close_others(struct members *);

#endif
