/* The plan of a lecture: all steps of all its lessons, in order. */
#ifndef CMD_LESSON_LECTURE_PLAN_H
#define CMD_LESSON_LECTURE_PLAN_H

#include "lesson/lesson_folder.h"
#include "ui/lecture/lecture.h"

/* A lesson of it. */
struct planned_lesson {
	struct lesson_folder *folder; /* owned */
	char *name;                   /* as given: a lesson's name, or the path of its recording; not owned */
	size_t number;                /* among those that were named, counted from 0 */
};

struct planned_step {
	size_t lesson, step;
};

struct lecture_plan {
	struct planned_lesson *lessons;
	size_t lesson_count, lesson_cap;
	struct planned_step *steps;
	struct lecture_entry *entries; /* one for each step: the contents */
	size_t count, cap, entry_cap;
	size_t next;     /* the next step, or the one under way */
	struct err lost; /* why the last lesson did not reach its end; ERR_NONE: it did */
};

/* Adds a lesson with all its steps. Zeroes are an empty plan. */
void lecture_plan_add(struct lecture_plan *, struct lesson_folder *, char *name, size_t number);
void lecture_plan_fini(struct lecture_plan *);

/* The lesson that a step belongs to. */
struct planned_lesson *lecture_plan_lesson(const struct lecture_plan *, size_t number);
/* The title of the step after this one; "": there is none. */
const char *lecture_plan_title_after(const struct lecture_plan *, size_t number);
/* The names as given, NULL-terminated; the caller frees the list. */
char **lecture_plan_names(const struct lecture_plan *);
/* The lesson will not reach its next step: drops its remaining steps. Returns -1 with err, which is kept in
 * `lost`, too. */
int lecture_plan_lose(struct lecture_plan *, const struct err *failure, struct err *);

#endif
