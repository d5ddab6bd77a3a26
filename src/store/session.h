/* Reads a session file: events in the order in which they were written.
 *
 * Accepts any bytes. Stops at the first malformed part; everything before it is valid. Memory is bounded by
 * the block limits, whatever the file claims. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include <stdbool.h>

#include "base/err.h"
#include "event/event.h"
#include "model/world.h"

struct session;

/* Opens a file or a pipe; "-" is standard input. The caller ends it with session_close. NULL with err:
 * ERR_INPUT if it is not a session, ERR_UNSUPPORTED if it is of a newer version. */
struct session *session_open(const char *path, struct err *);
void session_close(struct session *);

enum session_result {
	SESSION_BROKEN = -1, /* damaged, or it breaks off; err says where. Nothing follows. */
	SESSION_WAIT,        /* nothing yet: for a pipe poll session_fd, for a file try again later */
	SESSION_EVENT,
	SESSION_END, /* the end that the writer wrote */
};
/* Reads the next event. Its pointers are valid until the next call. */
enum session_result session_next(struct session *, struct event *, struct err *);
int session_fd(const struct session *);
/* The size of its file at present; 0: it is a pipe. */
uint64_t session_bytes(const struct session *);
/* The world that the events go to, for as long as the session is open: if they make it larger than
 * the file can justify, reading stops (store/bounds.h). */
void session_watch_world(struct session *, const struct world *);
/* From now on the end of a file that is still being recorded is not final: session_next returns SESSION_WAIT
 * there. Returns whether this is a file, whose descriptor cannot be polled. */
bool session_wait_for_more(struct session *);

/* Continues reading at the last keyframe that is not after the time, or at the beginning if there is none:
 * begin with an empty world. 0, or -1 with err if this is a pipe, or the file cannot be read. */
int session_seek(struct session *, uint64_t time_ns, struct err *);

/* What the head says. Text is raw bytes. */
struct session_info {
	uint64_t wall_ns; /* time 0 on the wall clock, ns since 1970 UTC */
	unsigned page_shift;
	const char *machine, *host, *kernel, *program;
};
/* Owned by the session, valid as long as it is open. */
const struct session_info *session_info(const struct session *);
const char *session_shown(const struct session *); /* its path, printable */

/* The functions below read block by block, for code that knows where the blocks of a file are
 * (store/track.h). */

uint64_t session_blocks_at(const struct session *); /* offset of the first */
/* Opens the block at the offset, of any type; if `end` is not NULL, sets *end to where the next one begins.
 * 0, or -1 with err: it cannot be read. */
int session_open_block(struct session *, uint64_t offset, uint64_t *end, struct err *);
/* Reads the next event of the open block: 1; 0 at its end; -1 with err if it is malformed. */
int session_next_of_block(struct session *, struct event *, struct err *);

/* Fills err: at the open block the file claims more than it may. Returns -1. */
int session_too_much(const struct session *, struct err *);

#endif
