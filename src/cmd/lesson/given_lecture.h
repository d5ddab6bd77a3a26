/* A lecture that is being given, wherever its slides come from: what is planned, which lesson of it has begun, and where
 * its place is kept. Both players have one as their first member, so that its address is theirs: it is the context of
 * their struct lecture_driver. */
#ifndef CMD_LESSON_GIVEN_LECTURE_H
#define CMD_LESSON_GIVEN_LECTURE_H

#include "cmd/lesson/lecture_keeper.h"
#include "cmd/lesson/lecture_plan.h"
#include "cmd/options.h"

/* Zeroes are one without a lesson. */
struct given_lecture {
	struct lecture_plan plan;
	struct lecture_keeper keeper;
	bool begun;                 /* a lesson has begun, and not ended */
	size_t current;             /* the index of that lesson */
	struct slide_before before; /* for its slides */
};

void given_lecture_fini(struct given_lecture *);

/* The next step, or the one under way; NULL: there is none left. */
const struct planned_step *given_lecture_next(const struct given_lecture *);
/* Is it of the lesson that has begun? */
bool given_lecture_is_within(const struct given_lecture *);
/* The lesson of the next step, which must exist. */
const struct planned_lesson *given_lecture_next_lesson(const struct given_lecture *);
/* Note that this lesson has begun, and that the current one has ended. */
void given_lecture_begin(struct given_lecture *);
void given_lecture_end(struct given_lecture *);
/* Takes the question before the next step, and passes that step's notes to the speaker; the caller frees it.
 * `facts`: of the lesson so far; NULL: there are none yet. */
void given_lecture_ask(struct given_lecture *, const struct expect_facts *, struct slide_question *);
/* Takes the slide of the next step from its facts, and moves on to the step after it. The caller frees the
 * slide. */
struct slide *given_lecture_take(struct given_lecture *, const struct expect_facts *);

/* Gives it on the terminal. The driver, which stays the caller's, has go, ask, poll_fds, due_ns and step, and act or recorded;
 * what it has in every lecture is added here, and this is its context. `left` is where the lecture was left, NULL: from its
 * beginning. 0, or -1 with err; *ended_by: the signal that ended it, for loop_die_of. */
int given_lecture_run(struct given_lecture *, const struct lecture_driver *,
		      const struct lecture_position *left, const struct options *, int *ended_by,
		      struct err *);

#endif
