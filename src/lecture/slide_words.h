/* What a slide says in words besides its narration: the right answer, the given one, the costs. */
#ifndef LECTURE_SLIDE_WORDS_H
#define LECTURE_SLIDE_WORDS_H

#include "base/strbuf.h"
#include "lecture/slide.h"

/* What the audience answered. */
struct lecture_answer {
	bool given;
	int64_t number; /* LESSON_ASK_NUMBER */
	size_t choice;  /* LESSON_ASK_CHOICE */
	uint64_t page;  /* LESSON_ASK_PAGE */
};

/* Is the answer right? Only for a slide whose right answer is known. */
bool lecture_is_right(const struct slide *, const struct lecture_answer *);
/* All of these append. "page 5 of area" */
void lecture_page_words(struct strbuf *, const struct slide *, uint64_t page);
/* "64", "page 5 of area", the choice's text: what is right. */
void lecture_right_words(struct strbuf *, const struct slide *);
void lecture_answer_words(struct strbuf *, const struct slide *, const struct lecture_answer *);
/* "faults here 3: zero-fill ×2, file-read": in the places that are shown, since the previous step */
void lecture_faults_words(struct strbuf *, const struct slide *);
/* "whole process: minor +3, major +0, 105 pages resident", without the pages if `brief`; nothing if it is not
 * known */
void lecture_counters_words(struct strbuf *, const struct slide *, bool brief);

#endif
