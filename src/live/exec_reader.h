/* Which program the process runs: sends who it is and, after each exec, who it has become, with a new
 * picture. */
#ifndef LIVE_EXEC_READER_H
#define LIVE_EXEC_READER_H

#include "live/descent.h"
#include "live/execs.h"
#include "live/live_picture.h"

/* What it works with: all the caller's, and longer-lived. */
struct exec_parts {
	struct watch *watch;
	struct reader *reader;
	struct live_program *program;
	struct live_status *status;
	struct live_picture *picture;
	struct fault_reader *faults;
	struct code_names *names;
	const struct descent *descent;
};

/* Starts from zeroes, except for `parts`. */
struct exec_reader {
	struct exec_parts parts;
	struct execs execs;
	bool begun; /* the first picture was sent */
};

/* Sends who the process is. -1 with ERR_GONE and such. */
int exec_reader_identify(struct exec_reader *, struct sink *, struct err *);
/* Takes the first picture; if the process becomes another program meanwhile, that one's. -1 with ERR_GONE and
 * such. */
int exec_reader_take_first(struct exec_reader *, struct sink *, struct err *);
/* All of it has been sent: further execs are news. */
void exec_reader_begin(struct exec_reader *);

/* The tracer holds the process. If that is at an exec, sends it, unless it was sent before. False: it is held for
 * another reason. */
bool exec_reader_take_held(struct exec_reader *, struct sink *);
/* The process goes on. */
void exec_reader_go_on(struct exec_reader *);
/* A look has found another program (live_picture_update), maybe a moment before the tracer stops at its exec. */
void exec_reader_take_seen(struct exec_reader *, struct sink *);
/* Sends execs that were reported with the faults of a process that no tracer holds. False: there are none. */
bool exec_reader_take_reported(struct exec_reader *, struct sink *);
/* The same when it has ended: only their names are left. */
void exec_reader_take_last(struct exec_reader *, struct sink *);

#endif
