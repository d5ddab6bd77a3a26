/* Whoever gives a lecture keeps its place, at each slide and at the end: for --notes and --resume. */
#ifndef CMD_LESSON_LECTURE_KEEPER_H
#define CMD_LESSON_LECTURE_KEEPER_H

#include "cmd/lesson/lecture_position.h"
#include "lecture/slide.h"

struct lecture_keeper {
	char *path; /* of the place's file; NULL: it is not kept */
	struct lecture_position position;
	struct lecture_position other; /* of a lecture that runs beside this one; no lessons: none does */
	struct err err;                /* why it cannot be kept; ERR_NONE: it can */
};

/* `names` (NULL-terminated) are lessons, folders, or recordings, as they were given; `language` may be NULL.
 * `left` is where an earlier lecture was left, which goes on with its clock; NULL: a new one. */
void lecture_keeper_init(struct lecture_keeper *, char *const *names, const char *language,
			 const struct lecture_position *left);
/* The slide is shown now. `next` is the title of the step after it, "" where there is none, `score` as in
 * lecture/score.h. Where the file cannot be written the lecture goes on. */
void lecture_keeper_show(struct lecture_keeper *, const struct lesson *, const struct slide *,
			 const char *next, const char *score);
/* The question of a step that is still to come is put: the speaker needs its notes now. Figures in them are
 * not known yet. --resume goes to the slide before. */
void lecture_keeper_ask(struct lecture_keeper *, const struct lesson *, size_t step, const char *next);
/* The lecture is over, or was left. Where another one still runs, the file is that one's again. */
void lecture_keeper_end(struct lecture_keeper *);

#endif
