/* Keeps the position of a lecture in a file, at each slide and at the end, for --notes and --resume. */
#ifndef CMD_LESSON_LECTURE_KEEPER_H
#define CMD_LESSON_LECTURE_KEEPER_H

#include "cmd/lesson/lecture_position.h"
#include "lecture/slide.h"

struct lecture_keeper {
	char *path; /* path of the file; NULL: the position is not kept */
	struct lecture_position position;
	struct lecture_position other; /* of a lecture that also runs; without lessons: none */
	struct err err;                /* why it cannot be kept; ERR_NONE: it can */
};

/* `names` (NULL-terminated) are lessons, folders, or recordings, as they were given; `language` may be NULL.
 * `left` is the position of an earlier lecture to resume, including its clock; NULL: a new one. */
void lecture_keeper_init(struct lecture_keeper *, char *const *names, const char *language,
			 const struct lecture_position *left);
/* The slide is shown now. `next` is the title of the step after it, "" if there is none, `score` as in
 * lecture/score.h. If the file cannot be written the lecture goes on. */
void lecture_keeper_show(struct lecture_keeper *, const struct lesson *, const struct slide *,
			 const char *next, const char *score);
/* The question of the next step is asked: the speaker needs that step's notes now, though their figures are
 * not known yet. --resume goes to the slide before. */
void lecture_keeper_ask(struct lecture_keeper *, const struct lesson *, size_t step, const char *next);
/* The lecture is over, or was quit. If another one still runs, the file is returned to it. */
void lecture_keeper_end(struct lecture_keeper *);

#endif
