/* The question on the screen, and its answer while it is typed, chosen or pointed at. */
#ifndef UI_LECTURE_ANSWERING_H
#define UI_LECTURE_ANSWERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lecture/slide.h"
#include "lecture/slide_words.h"
#include "ui/lecture/pointer.h"

#define ANSWERING_TYPED 200 /* bytes of an answer */

struct answering {
	struct slide_question question; /* owned; kind LESSON_ASK_NOTHING: none */
	struct lecture_answer answer;
	bool second; /* the second question is asked: its answer is typed, and not kept */
	char typed[ANSWERING_TYPED];
	size_t typed_len;
	size_t choice; /* that is pointed at */
};

void answering_fini(struct answering *);
/* The question is asked, with no answer yet. */
void answering_begin(struct answering *);
/* Asks a copy of an earlier question again, without the second one. */
void answering_repeat(struct answering *, const struct slide_question *);
/* Takes the answer as entered; a page is one of the slide's. False: there is none. */
bool answering_take(struct answering *, const struct pointer *, const struct slide *);
/* Puts the second question. False: there is none. */
bool answering_ask_why(struct answering *);
/* Handles a key that types, chooses, or points at a page of the slide. False: it is not such a key; q is one
 * only while a reason is typed. */
bool answering_key(struct answering *, struct pointer *, const struct slide *, uint32_t key);

#endif
