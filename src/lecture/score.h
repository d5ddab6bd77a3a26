/* The results of a lecture's questions: a letter for each of its steps, so that a resumed lecture keeps its
 * score, and a question that is asked again counts once.
 *
 *     ..r.w..     the third was answered right, the fifth wrong; the others were not answered, or have none */
#ifndef LECTURE_SCORE_H
#define LECTURE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

struct score {
	char *letters; /* NUL-terminated, owned */
	size_t count;  /* of steps */
};

/* Makes a score of `count` steps; `before` (may be NULL) are the letters of a score to continue. */
void score_init(struct score *, size_t count, const char *before);
void score_fini(struct score *);
void score_set(struct score *, size_t step, bool right);
/* How many letters mean right, and how many right or wrong; NULL: there are no letters. */
void score_count(const char *letters, unsigned *right, unsigned *asked);

#endif
