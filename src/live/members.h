/* The processes of a family that are watched, each with its live source, and who could not be. */
#ifndef LIVE_MEMBERS_H
#define LIVE_MEMBERS_H

#include "live/live.h"
#include "live/unwatched.h"

#define MEMBERS_MAX 64

struct tracer;

/* Starts from zeroes, except for `world` and `options`. */
struct members {
	struct world *world;         /* the caller's */
	struct live_options options; /* of each */
	/* In the order in which they came: children follow their elder (see struct live_facts). The first stays to
	 * the end. */
	struct live *list[MEMBERS_MAX];
	size_t count;
	struct unwatched refused;
};
/* Closes all of them. */
void members_fini(struct members *);

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
/* Those that were refused for lack of room may be tried again, if there is some now. */
void members_reconsider(struct members *);

/* Closes those that have ended and are not needed any more. `i` is the index of one that is not the first. False: it
 * stays. */
bool members_close_ended(struct members *, size_t i);
/* Closes all but the first, children before their elders. */
void members_close_others(struct members *);

#endif
