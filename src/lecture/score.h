/* What became of the questions of a lecture: a letter for each of its steps, so that a lecture that is resumed
 * goes on with its score, and a question that is put again counts once.
 *
 *     ..r.w..     the third step's was answered right, the fifth's wrong; the others were not, or ask nothing */
#ifndef LECTURE_SCORE_H
#define LECTURE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

struct score {
	char *letters; /* NUL-terminated, owned */
	size_t count;  /* of steps */
};

/* Of so many steps; `before` (may be NULL) are the letters of a score that goes on. */
void score_init(struct score *, size_t count, const char *before);
void score_fini(struct score *);
void score_set(struct score *, size_t step, bool right);
/* How many letters say right, and how many right or wrong; NULL: none do. */
void score_count(const char *letters, unsigned *right, unsigned *asked);

#endif
