/* What the parts of the subcommand lesson share. */
#ifndef CMD_LESSON_H
#define CMD_LESSON_H

#include "cmd/options.h"
#include "lesson/lesson_folder.h"
#include "lesson/lesson_words.h"
#include "lesson/run.h"
#include "model/world.h"

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

/* Builds and starts its program. ERR_UNSUPPORTED where the lesson needs what is not here: the text
 * says what. The folder stays the caller's. -1 with err: nothing to end. */
int lesson_begin(struct lesson_session *, struct lesson_folder *, const struct options *, struct err *);
/* Ends the program and closes the recording. -1 with err (may be NULL): that could not be written. */
int lesson_end(struct lesson_session *, struct err *);

/* To the next step, waiting for it at most so long. 1: there; 0: there is no more, or a signal came;
 * -1: it will not come there. */
int lesson_next(struct lesson_session *, uint64_t patience_ns, struct err *);

/* "needs root", say, where the machine lacks what a lesson, or an exercise, needs (see lesson_needs_has);
 * NULL: nothing is missing. Translated. */
const char *lesson_missing(const char *needs);

struct lesson_folder *lesson_open(const char *name, const struct options *, struct err *);

/* lesson --check, --new; lesson NAME where there is no screen. The exit status, or -1 with err. *ended_by:
 * the signal that ended it, for loop_die_of. */
int lesson_check_folder(struct lesson_folder *, const struct options *, int *ended_by, struct err *);
int lesson_write_new(const char *path, struct err *);
/* On the terminal: lessons by name (NULL-terminated), from a step of all of them on; and the notes beside. */
int lesson_play(char *const *names, size_t begin, const struct options *, int *ended_by, struct err *);
int lesson_notes(const struct options *, int *ended_by, struct err *);
int lesson_print(struct lesson_folder *, const struct options *, int *ended_by, struct err *);

/* One step, as text and as a part of a report. */
struct check_report;
void lesson_print_step(const struct lesson_folder *, size_t step, const struct expect_facts *);
void lesson_check_step(const struct lesson *, size_t step, const struct expect_facts *,
		       struct check_report *);
int lesson_check_finish(const struct check_report *, const struct options *, struct err *);

/* lesson --handout: of lessons by name (NULL-terminated), or of a recording. */
int lesson_write_handout(char *const *names, const struct options *, int *ended_by, struct err *err);

/* Is it a session file? */
bool lesson_is_recording(const char *path);
/* Each step of a recording, with the facts of its moment; then its folder, which is the caller's. NULL with err. */
typedef void lesson_step_visitor(void *context, const struct lesson_folder *, size_t step,
				 const struct expect_facts *);
struct lesson_folder *lesson_visit_recording(const char *path, const char *language, lesson_step_visitor *,
					     void *context, struct err *);
/* A lesson from a recording: given, or with --check checked. The exit status, or -1 with err. */
int lesson_from_recording(const char *path, const struct options *, struct err *);
/* The same on the screen, from a step on. */
int lesson_play_recorded(const char *path, size_t begin, const struct options *, int *ended_by, struct err *);

#endif
