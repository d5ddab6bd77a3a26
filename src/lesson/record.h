/* A lesson in a recording: its texts, its source, and at each step the facts that its words, questions and
 * expectations need, so that it can be given again without running anything.
 *
 * They go into the session as lines of files (EVENT_LINES), which a session keeps from the moment on in which
 * they came:
 *
 *     lesson:index          promise, promise.c, en.lesson, ru.lesson: a line each
 *     lesson:en.lesson      the texts and the source, as they were
 *     lesson:step/3         the facts of the third step, see lesson/facts_log.h
 *
 * and the moment of each stop is a mark (EVENT_MARK) with the name of the lesson's mark. */
#ifndef LESSON_RECORD_H
#define LESSON_RECORD_H

#include "lesson/facts_log.h"
#include "lesson/lesson_folder.h"

/* Sends the texts, as events of the process, at the world's time. */
void lesson_record_texts(const struct lesson_folder *, const struct world *, int32_t pid, struct sink *);
/* Sends the facts of a step at which the program is stopped; for the first step of a stop the mark as
 * well. */
void lesson_record_step(const struct lesson *, size_t step, const struct expect_facts *, struct sink *);

/* The functions below are for a recorded lesson in a world. */

/* Its folder, without a program; NULL with err if there is no lesson. `language` as in lesson_folder_open. */
struct lesson_folder *lesson_recorded_folder(const struct world *, const char *language, struct err *);
/* The name of the file of a step's facts, "lesson:step/3" for step 2; the caller frees it. */
char *lesson_recorded_path(size_t step);
/* Was the step recorded by the time that the world shows? */
bool lesson_recorded_has(const struct world *, size_t step);

/* The facts of a step, for a world that shows its moment. All of it stays as it is until _fini. */
struct recorded_facts {
	const struct names *names;
	char *path; /* "lesson:step/3" */
	struct facts_lines lines;
	struct moments moments;
	struct expect_named *named;
	size_t named_count, named_cap;
	struct expect_facts facts;
};
/* Reads the facts; also sets the kept values of the step's terms. */
void recorded_facts_init(struct recorded_facts *, const struct world *, struct lesson *, size_t step);
void recorded_facts_fini(struct recorded_facts *);

#endif
