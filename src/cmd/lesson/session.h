/* A lesson under way: from opening its folder, from step to step, to its end. */
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

/* A lesson under way: its program stands before its first instruction. */
struct lesson_session {
	struct lesson_folder *folder;
	struct world *world;
	struct source *source;
	struct lesson_run *run;
	struct session_writer *writer; /* NULL: it is not recorded */
	struct fanout fanout;          /* world, run, and what is added */
	int32_t pid;
	bool single_steps; /* it takes longer to its stops */
	int signal;        /* that ended it: for loop_die_of; 0: none */
};

/* Builds and starts its program, and its recording: `number` is the lesson's among those that are given, from 0.
 * ERR_UNSUPPORTED where the lesson needs what is not here: the text says what. The folder stays the caller's. -1
 * with err: nothing to end. */
int lesson_begin(struct lesson_session *, struct lesson_folder *, size_t number, const struct options *,
		 struct err *);
/* Ends the program and closes the recording. -1 with err (may be NULL): that could not be written. */
int lesson_end(struct lesson_session *, struct err *);

/* lesson_run_tick; a step that it comes to is in the recording's file then. */
enum lesson_run_state lesson_tick(struct lesson_session *, struct err *);
/* To the next step, waiting for it at most so long. 1: there; 0: there is no more, or a signal came;
 * -1: it will not come there. */
int lesson_next(struct lesson_session *, uint64_t patience_ns, struct err *);

#endif
