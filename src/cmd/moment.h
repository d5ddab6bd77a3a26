/* One moment of a process, wherever it comes from: a running one, a session, a snapshot. */
#ifndef CMD_MOMENT_H
#define CMD_MOMENT_H

#include "cmd/options.h"
#include "model/world.h"
#include "store/session.h"

struct moment {
	struct world *world;           /* with at least one process */
	const struct process *process; /* the one that is meant: else the first */
	char *shown;                   /* the operand, printable */
	char time[32];                 /* wall clock, ISO 8601; raw */
};

/* The operand is pid:NUMBER, the file of a session (its end), FILE@SECONDS (that moment of it), FILE#PID or
 * FILE#PID@SECONDS (one of its processes), or the file of a snapshot. A session that is damaged is told on standard error, and what is sound of it taken. */
int moment_open(struct moment *, const char *operand, const struct options *, struct err *);
void moment_fini(struct moment *);

/* Is it a snapshot (JSON) and no session? A pipe is taken for one. -1 where it cannot be read. */
int moment_is_snapshot(const char *path, struct err *);

/* The session's picture at a time; a world without processes, and err, where there is none. What
 * is damaged is told on standard error, and the last that is sound shown. */
struct world *moment_of_session(struct session *, uint64_t at_ns, struct err *);

#endif
