/* A made-up watch in which everything occurs: recorded, with the picture at each time, and replayed. */
#ifndef TESTS_REPLAY_CHECK_H
#define TESTS_REPLAY_CHECK_H

#include "session_check.h"

#include "store/replay.h"

/* How the world looked up to a time. */
struct live_picture {
	uint64_t time_ns;
	char *dump;
};

/* Between world and recorder: before time goes on, the picture is kept. */
struct live {
	struct sink sink; /* first */
	struct world *world;
	struct sink *recorder;
	struct live_picture *pictures;
	size_t count, cap, events;
};

struct replaying {
	struct session *session;
	struct world *world;
	struct source *source;
	const struct time_ops *time;
};

/* Sends a watch with so many looks. */
void live_send_all(struct watch *, unsigned looks);
/* A fault of a process of the watch, at a place that chance picks. */
void live_send_fault(struct watch *, int process);
/* The sink's function. */
void live_take(struct sink *, const struct event *);
/* Records such a watch into a file, with a keyframe at least every `key_every` bytes (0: as usual). */
void live_record(struct live *, const char *path, unsigned looks, uint64_t seed, uint64_t key_every);
/* The last picture that is not after the time. */
const struct live_picture *live_at(const struct live *, uint64_t time_ns);
void live_fini(struct live *);

/* Opens a file, or what comes through a pipe (`spool`), and shows its first picture. */
void replay_open(struct replaying *, const char *path, struct spool *spool);
void replay_close(struct replaying *);
struct time_status replay_status(struct replaying *);
/* Asserts that what is shown is that picture; goes to a time first. */
void replay_check_now(struct replaying *, const struct live_picture *);
void replay_check_at(struct replaying *, const struct live *, uint64_t time_ns);

#endif
