/* Starting a program: finding it, and becoming it. */
#ifndef TRACE_LAUNCH_H
#define TRACE_LAUNCH_H

#include <sys/types.h>

#include "base/err.h"
#include "trace/pty.h"

/* Everything that the child needs, made before fork: between fork and exec the child of a
 * program with threads may neither allocate nor lock. */
struct launch {
	char *const *argv; /* the caller's */
	char **paths;      /* what to try, in the order of PATH */
	char **environment;
	const struct pty *pty;
	int go[2];      /* a pipe: the child waits for a byte, or exits at end of file */
	int failure[2]; /* a pipe: closed by a successful exec; else carries the errno of exec */
};

/* Finds the program, and prepares to start it. argv and pty stay the caller's and must live longer. 0, or -1
 * with ERR_USAGE, ERR_SYSTEM. */
int launch_init(struct launch *, char *const argv[], const struct pty *, struct err *);
void launch_fini(struct launch *);

/* Forks. The child waits for launch_go. Returns its pid, or -1 with err. */
pid_t launch_fork(struct launch *, struct err *);
void launch_go(struct launch *);
/* Why exec failed, once the child has ended: fills err (ERR_NOT_FOUND, ERR_DENIED, ERR_SYSTEM) and returns
 * -1. */
int launch_failure(struct launch *, struct err *);

#endif
