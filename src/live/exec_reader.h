/* Sends which program the process runs, at first and after each exec, with a new picture. */
#ifndef LIVE_EXEC_READER_H
#define LIVE_EXEC_READER_H

#include "live/descent.h"
#include "live/execs.h"
#include "live/live_picture.h"

/* What it works with. All stays the caller's and must live longer. */
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

struct exec_reader {
	struct exec_parts parts;
	struct execs execs;
	bool begun; /* the first picture was sent */
};

/* Nothing has been sent yet. Needs no fini. */
void exec_reader_init(struct exec_reader *, const struct exec_parts *);
/* Was an exec that the tracer stopped at sent, with its picture? */
bool exec_reader_has_executed(const struct exec_reader *);
/* Sends who the process is. `became`: by an exec, and what it was before has been sent. 0, or -1 with the
 * errors of reader_identity. */
int exec_reader_identify(struct exec_reader *, struct sink *, bool became, struct err *);
/* Takes the first picture; if the process calls exec meanwhile, that of the new program. `became`: as above.
 * 0, or -1 with ERR_GONE if its memory is gone, or the errors of live_picture_take. */
int exec_reader_take_first(struct exec_reader *, struct sink *, bool became, struct err *);
/* The first picture has been sent: further execs are news. */
void exec_reader_begin(struct exec_reader *);

/* The tracer holds the process: if at an exec, sends that unless it was sent before. False: it is held for
 * another reason. */
bool exec_reader_take_held(struct exec_reader *, struct sink *);
/* The process continues. */
void exec_reader_go_on(struct exec_reader *);
/* A look has found another program (live_picture_update), perhaps a moment before the tracer stops at its
 * exec: sends it. */
void exec_reader_take_seen(struct exec_reader *, struct sink *);
/* Sends execs that were reported with the faults of a process that no tracer holds. False: there are none. */
bool exec_reader_take_reported(struct exec_reader *, struct sink *);
/* The same when the process has ended: only the names of the programs can still be sent. */
void exec_reader_take_last(struct exec_reader *, struct sink *);

#endif
