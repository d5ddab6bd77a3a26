/* A slide as a picture: narration above, the source with the line where the program stands, the pages
 * of its places in cells as large as fit, and the figures that matter.
 *
 *      promise  3/6                                     One byte is written
 *      The processor found no page table entry, and stopped the instruction: a page
 *      fault. The kernel found the promise in its books, took a frame ...
 *     -----------------------------------------------------------------------------
 *         22  area[0] = 'a';                 area  anon rw-p  1/64 resident
 *       > 23  area[1] = 'b';                 ## ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
 *         24                                 ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
 *      faults of this step 1: zero-fill      resident 103 pages     minor 1  major 0
 *
 * Pure: draws into a canvas, for the screen and for a page that is printed. */
#ifndef LECTURE_DRAW_H
#define LECTURE_DRAW_H

#include "lecture/slide_words.h"
#include "render/canvas.h"

enum lecture_phase {
	LECTURE_SHOWS, /* the slide as it is */
	LECTURE_ASKS,  /* what comes next is asked, above the slide before */
	LECTURE_WHY,   /* the second question */
	LECTURE_ON_ITS_WAY,
	LECTURE_BLANK,
};

struct lecture_source {
	const char *name, *text; /* of the C file */
};

/* One picture. */
struct lecture_picture {
	const char *lesson; /* its title */
	struct lecture_source source;
	const struct slide *slide; /* NULL before the first */
	enum lecture_phase phase;
	bool recorded; /* a past slide, not where the program is stopped now */
	/* while a question is asked: */
	const struct slide_question *question; /* that is asked */
	const char *typed;                     /* a number, or a reason, so far */
	size_t choice;                         /* the choice that is pointed at */
	const struct lecture_answer *answer;   /* to the slide's own question; NULL: none given */
	/* a page that is pointed at, of place `place` */
	bool pointing;
	size_t place, page;
	size_t faults_shown;   /* how many faults are shown so far, one by one; SIZE_MAX: all at once */
	unsigned right, asked; /* the score */
	const char *message;   /* in the last line instead of the keys; NULL: none */
};

/* Draws the picture. False: some words did not fit. */
bool lecture_draw(struct area, const struct lecture_picture *);

#endif
