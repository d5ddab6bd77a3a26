/* Turns a session that comes through a pipe into a file that grows: what has come is kept in an unnamed file,
 * so that the user can go back in it, and the recorder never waits for the viewer. */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct spool;

/* Reads from its own duplicate of fd, and waits for the head of a session, or the end. NULL with err: it
 * cannot be read, or kept. The caller ends it with spool_destroy. */
struct spool *spool_create(int fd, struct err *err);
void spool_destroy(struct spool *);
/* The path of the file, for session_open. */
const char *spool_path(const struct spool *);
int spool_fd(const struct spool *); /* the pipe, to wait for; -1 when it has ended */
/* Reads what the pipe has. 0, or -1 with err if it cannot be kept. */
int spool_step(struct spool *, struct err *err);

#endif
