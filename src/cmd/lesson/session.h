/* A lesson in progress: from opening its folder, step by step, to its end. */
#ifndef CMD_LESSON_SESSION_H
#define CMD_LESSON_SESSION_H

#include "cmd/options.h"
#include "event/sink.h"
#include "lesson/lesson_folder.h"
#include "lesson/run.h"
#include "model/world.h"
#include "store/writer.h"

/* Opens a lesson by name, in the language of the options. The caller closes it. NULL with err. */
struct lesson_folder *lesson_open(const char *name, const struct options *, struct err *);

/* A lesson in progress: at first its program is stopped before its first instruction. */
struct lesson_session {
	struct lesson_folder *folder;
	struct world *world;
	struct source *source;
	struct lesson_run *run;
	struct session_writer *writer; /* NULL: it is not recorded */
	struct fanout fanout;          /* world, run, and what is added */
	int32_t pid;
	bool single_steps; /* it single-steps, so it takes longer to reach its stops */
	int signal;        /* the signal that ended it, for loop_die_of; 0: none */
};

/* Builds and starts its program, and its recording: `number` is the lesson's among those that are given, from
 * 0. The folder stays the caller's. 0, or -1 with err, and then there is nothing to end; ERR_UNSUPPORTED:
 * this machine lacks something that the lesson needs; the text says what. */
int lesson_begin(struct lesson_session *, struct lesson_folder *, size_t number, const struct options *,
		 struct err *);
/* Ends the program and closes the recording. 0, or -1 with err (may be NULL): the recording could not be
 * written. */
int lesson_end(struct lesson_session *, struct err *);

/* As lesson_run_tick; when a step is reached, it is then in the recording's file. */
enum lesson_run_state lesson_tick(struct lesson_session *, struct err *);
/* Goes to the next step, waiting for at most patience_ns. 1: it is there; 0: there is no other, or a signal
 * came; -1 with err: it will not get there. */
int lesson_next(struct lesson_session *, uint64_t patience_ns, struct err *);

#endif
