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

/* What is to be given, one after the other: with --all every lesson by name, else the recordings of a folder by path,
 * or what the command line names. NULL-terminated; free with own_files_free. */
char **lesson_parts(const struct options *);
/* Is it a session file? */
bool lesson_is_recording(const char *path);
/* -o with --all: makes the folder. Refused where it has recordings, unless forced. */
int lesson_record_folder(const struct options *, struct err *);
/* The file for lesson `number` (from 0) of those; NULL: it is not recorded. The caller frees it. */
char *lesson_record_path(const struct options *, size_t number, const char *lesson);

/* Builds and starts its program, and its recording: `number` is the lesson's among those that are given, from 0. ERR_UNSUPPORTED where the lesson needs what is not here: the text
 * says what. The folder stays the caller's. -1 with err: nothing to end. */
int lesson_begin(struct lesson_session *, struct lesson_folder *, size_t number, const struct options *,
		 struct err *);
/* Ends the program and closes the recording. -1 with err (may be NULL): that could not be written. */
int lesson_end(struct lesson_session *, struct err *);

/* lesson_run_tick; a step that it comes to is in the recording's file then. */
enum lesson_run_state lesson_tick(struct lesson_session *, struct err *);
/* To the next step, waiting for it at most so long. 1: there; 0: there is no more, or a signal came;
 * -1: it will not come there. */
int lesson_next(struct lesson_session *, uint64_t patience_ns, struct err *);

/* "needs root", say, where the machine lacks what a lesson, or an exercise, needs (see lesson_needs_has);
 * NULL: nothing is missing. Translated. */
const char *lesson_missing(const char *needs);

struct lesson_folder *lesson_open(const char *name, const struct options *, struct err *);

/* All of these take lessons by name, or recordings by path, one or several (NULL-terminated), and give the exit
 * status, or -1 with err. *ended_by: the signal that ended it, for loop_die_of. */

/* lesson --check */
int lesson_check(char *const *parts, const struct options *, int *ended_by, struct err *);
/* Without a screen. */
int lesson_print(char *const *parts, const struct options *, int *ended_by, struct err *);
/* On the terminal; `left` is where it was left, NULL: from its beginning. */
struct lecture_position;
int lesson_play(char *const *names, const struct lecture_position *left, const struct options *,
		int *ended_by, struct err *);
int lesson_play_recorded(char *const *paths, const struct lecture_position *left, const struct options *,
			 int *ended_by, struct err *);
/* What these two have in common. */
struct lecture_driver;
struct lecture_keeper;
struct lecture_plan;
int lesson_on_screen(const struct lecture_driver *, const struct lecture_plan *, struct lecture_keeper *,
		     const struct lecture_position *left, const struct options *, int *ended_by,
		     struct err *);
/* lesson --handout */
int lesson_write_handout(char *const *parts, const struct options *, int *ended_by, struct err *);

/* lesson --notes, beside a lecture; --new */
int lesson_notes(const struct options *, int *ended_by, struct err *);
int lesson_write_new(const char *path, struct err *);

/* One step, as text and as a part of a report. */
struct check_report;
void lesson_print_step(const struct lesson_folder *, size_t step, const struct expect_facts *);
void lesson_check_step(const struct lesson *, size_t step, const struct expect_facts *,
		       struct check_report *);
/* Each step of a recording, with the facts of its moment; then its folder, which is the caller's. NULL with err. */
typedef void lesson_step_visitor(void *context, const struct lesson_folder *, size_t step,
				 const struct expect_facts *);
struct lesson_folder *lesson_visit_recording(const char *path, const char *language, lesson_step_visitor *,
					     void *context, struct err *);
/* Adds a recording's expectations to an empty report, with its name (owned by the caller). -1 with err. */
int lesson_check_recording(const char *path, const struct options *, struct check_report *, struct err *);
int lesson_print_recording(const char *path, const struct options *, struct err *);

#endif
