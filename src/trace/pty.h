/* The launched program's terminal: we hold the master side, the program the slave.
 *
 *     pagescape --- master ===(line discipline)=== slave --- the program's 0, 1, 2
 *
 * Closing the master hangs the program up (SIGHUP), as closing a terminal's window
 * does; pty_leave hands the master to a small process of its own instead. */
#ifndef TRACE_PTY_H
#define TRACE_PTY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/strbuf.h"

struct pty {
	int master, slave;    /* -1: closed */
	bool own_input;       /* the program keeps our standard input; only its 1 and 2 are the terminal */
	bool hung;            /* nobody holds the slave side at the moment */
	struct strbuf unsent; /* input that the program's terminal has not accepted yet */
};

/* Makes one that is not open: nothing to read, to poll for, or to close. */
void pty_init(struct pty *);
/* Opens one of rows x columns. `own_input`: the program keeps our standard input. 0, or -1 with err. */
int pty_open(struct pty *, int rows, int columns, bool own_input, struct err *);
void pty_close(struct pty *);

/* In the child, after fork: a session of its own with the slave as its terminal and as 0 (but see own_input),
 * 1 and 2. Returns 0, or -1 with errno: between fork and exec only async-signal-safe calls are allowed, and
 * filling a struct err is not one of them. */
int pty_enter(const struct pty *);
/* In the parent, once the child has the slave open: closes our copy. */
void pty_close_slave(struct pty *);

/* Gives it another size, if there is a terminal. */
void pty_resize(const struct pty *, int rows, int columns);
/* Reads what the program wrote, without waiting. Returns how many bytes, 0 if there is nothing now. */
size_t pty_read(struct pty *, char *buffer, size_t size);
/* Sends bytes to the program, keeping for later what is not accepted at once. 0, or -1 with err: ERR_GONE if
 * there is no terminal any more; ERR_SYSTEM if the program does not read and 64 KiB are waiting. */
int pty_send(struct pty *, const char *bytes, size_t len, struct err *);
/* Sends on what was kept. */
void pty_flush(struct pty *);
/* What to poll the master for; fd -1: nothing. */
struct pollfd pty_poll(const struct pty *);

/* Hands the master to a process of its own, which keeps the terminal alive and throws its output away until
 * the program with this pid has ended and nobody else has the terminal open. The pty is closed here. 0, or -1
 * with err. */
int pty_leave(struct pty *, pid_t program, struct err *);

#endif
