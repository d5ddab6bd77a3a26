/* A parsed lesson: a head, and steps.
 *
 *     title: What was promised, and what is there
 *     show: area[64 pages]
 *
 *     == touched
 *     title: One byte is written
 *     ask number: How many of the 64 pages are in memory now?
 *     right: resident of area
 *     explain: Only the page that was touched.
 *
 *     The kernel had promised {pages of area} pages, and has given {resident of area}.
 *
 *     > Wait for the answers before you go on.
 *     expect: resident of area = 1 page
 *
 * The format is in pagescape-lesson(5). One text of a lesson has the facts; texts in other languages have the
 * words only. */
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "expect/expect.h"
#include "expect/moments.h"
#include "lesson/lesson_words.h"

enum lesson_ask { LESSON_ASK_NOTHING, LESSON_ASK_NUMBER, LESSON_ASK_CHOICE, LESSON_ASK_PAGE };

/* A part of the text with the number of its first line. Zeroes: there is none. */
struct lesson_text {
	char *text; /* owned */
	unsigned line;
};

struct lesson_choice {
	struct lesson_text text;
	struct lesson_text condition; /* as written */
	struct expect *when;          /* it is the right one */
};

struct lesson_right {
	struct lesson_text text;
	struct expect_term *term;   /* of LESSON_ASK_NUMBER */
	struct expect_place *place; /* of LESSON_ASK_PAGE: the pages that are right */
};

/* What is asked before the program goes on to the step. */
struct lesson_question {
	enum lesson_ask kind;
	struct lesson_text text;
	struct lesson_right *rights; /* one of them */
	size_t right_count, right_cap;
	struct lesson_choice *choices;
	size_t choice_count, choice_cap;
	struct lesson_text why;     /* a second question, whose answer is not graded */
	struct lesson_text explain; /* said after the answer */
};

struct lesson_expect {
	struct lesson_text text;
	struct expect *expect;
};

/* A place to be drawn. */
struct lesson_show {
	struct lesson_text text; /* as written; the name is before the brackets */
	char *name;
	struct expect_place *place;
};

struct lesson_shows {
	struct lesson_show *list;
	size_t count, cap;
};

struct lesson_step {
	char *mark;    /* where the program is stopped: a mark of the source, "start" or "end" */
	unsigned pass; /* at which arrival there, from 1 */
	bool in_child; /* in a child of the program */
	unsigned line;
	struct lesson_text title;
	/* narration: paragraphs, each on a line of its own; indented lines as they are */
	struct lesson_text text;
	struct lesson_text notes;  /* the speaker's, a line each */
	struct lesson_shows shows; /* none: the head's */
	struct lesson_question question;
	struct lesson_figures figures; /* of title, narration and question */
	struct lesson_expect *expects;
	size_t expect_count, expect_cap;
};

struct lesson {
	char *file;     /* name of the text with the facts, for messages */
	char *language; /* of the words: "en"; "" not known */
	struct lesson_text title, about;
	struct lesson_text translates; /* of a text with words only: the name of the other */
	struct lesson_text program;    /* the C file; none: the only one there is */
	struct lesson_text needs, compile, args;
	struct lesson_shows shows;
	struct lesson_step *steps;
	size_t step_count, step_cap;
};

void lesson_destroy(struct lesson *); /* NULL is fine */

/* Checks that a text in another language has the same steps and questions. 0, or -1 with ERR_INPUT. */
int lesson_match(const struct lesson *, const struct lesson *words, struct err *);
/* Gives the lesson the words of a text that matches, which is taken over. */
void lesson_translate(struct lesson *, struct lesson *words);

/* What a step shows: its own places, else the head's. */
const struct lesson_shows *lesson_step_shows(const struct lesson *, const struct lesson_step *);
/* For the words after `needs:` (any of root, frames, faults, swap, huge, 32-bit, zero-page): is `what` among
 * them, and are all of them known? `needs` may be NULL: nothing. */
bool lesson_needs_has(const char *needs, const char *what);
bool lesson_needs_known(const char *needs);

/* Calls `visit` with each term of the step's facts and figures, and the number of its line, until it returns
 * a value other than 0, which is returned. */
typedef int lesson_visitor(void *context, struct expect_term *, unsigned line);
int lesson_visit_step(const struct lesson_step *, lesson_visitor *visit, void *context);

#endif
