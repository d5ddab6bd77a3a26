/* A step of a lesson as it was when the program was stopped there: everything that is said and drawn about
 * it, so that nothing has to be looked up again. What the audience has seen is shown from slides, so going
 * back needs no program, and never pretends to be live.
 *
 * A slide is taken from the facts of the stop (slide_take), and drawn by lecture/draw.h. */
#ifndef LECTURE_SLIDE_H
#define LECTURE_SLIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "event/page.h"
#include "expect/evaluate.h"
#include "lesson/lesson.h"
#include "lesson/lesson_marks.h"

#define SLIDE_PAGES 4096 /* of a place, at most; how many more there are is said */
#define SLIDE_FRAMES 64  /* pages of a place whose frames are asked for */
#define SLIDE_FAULTS 512 /* of a step */
#define SLIDE_CHILDREN 4 /* whose memory is shown beside the program's */
#define SLIDE_OUTPUT 8   /* lines of the program's output */

struct slide_page {
	uint64_t number; /* address / page size */
	uint32_t word;   /* as in the model */
	uint64_t frame;  /* 0: not known */
};

/* A place in one process. */
struct slide_place {
	char *name;       /* its name in the lesson; owned, like all texts here */
	unsigned child;   /* 0: in the program itself; else in the child with this number */
	const char *kind; /* of its region; "" where there is none */
	char rights[5];
	bool found; /* its address is known, and mapped */
	char *why;  /* the reason if it is not found; else NULL */
	uint64_t address;
	struct slide_page *pages;
	size_t count;
	uint64_t more;         /* pages that are left out */
	bool frames;           /* frames are known here */
	struct err frames_err; /* of the first frame that could not be read; ERR_NONE: none was refused */
	bool in_one;           /* its pages are contiguous, including those left out */
	bool closed;           /* its region allows no access */
};

/* A page fault on the way to the step. */
struct slide_fault {
	struct event_fault fault;
	uint64_t page, time_ns;
	unsigned child;
	char *function; /* "" not known */
};

/* The faults since the previous step in the places that are shown. */
struct slide_faults {
	struct slide_fault *list;
	size_t count;
	uint64_t left_out;
};

/* Of the whole process. */
struct slide_counters {
	bool known;            /* minor and major are known */
	uint64_t minor, major; /* since the step before; counted by the kernel */
	uint64_t resident;     /* pages */
};

/* The right answer, by what the kernel shows. */
struct slide_right {
	enum lesson_ask kind;
	bool known;
	size_t doubts;             /* how many answers may be right without that being known */
	char *why;                 /* the reason if the right answer is not known */
	int64_t numbers[8];        /* LESSON_ASK_NUMBER: one of them */
	size_t choice;             /* LESSON_ASK_CHOICE */
	struct page_span pages[8]; /* LESSON_ASK_PAGE: in the program itself */
	size_t count;              /* of numbers, or of pages */
};

/* A question as it is asked, before the program continues. */
struct slide_question {
	enum lesson_ask kind;
	char *text;
	char **choices;
	size_t choice_count;
	char *why; /* the second question; NULL: none */
};

/* An expectation that fails. */
struct slide_untrue {
	bool is;
	char *what; /* where, and what is there instead */
};

struct slide {
	size_t number;                        /* in the plan of the whole lecture; its owner sets it */
	size_t step, steps;                   /* counted from 0; of how many */
	unsigned line;                        /* of the source, where the program is stopped; 0: at none */
	unsigned near;                        /* the last line where it was stopped; 0: none yet */
	char *title, *text, *notes, *explain; /* NULL where there is none */
	struct slide_question question;       /* kind LESSON_ASK_NOTHING: none */
	struct slide_right right;
	struct slide_place *places;
	size_t place_count;
	struct slide_faults faults;
	struct slide_counters counters;
	uint64_t page_size;
	int address_bits; /* width of the program's addresses; 0: not known */
	bool ended;
	struct slide_untrue untrue;
	char *output[SLIDE_OUTPUT]; /* the last lines, the oldest first; NULL after the last */
};

/* The counters at the previous step. Starts from zeroes. */
struct slide_before {
	uint64_t minor, major, logged;
	uint64_t child_logged[SLIDE_CHILDREN];
};

/* Takes the step as it is now: a new slide, for the caller to end with slide_destroy; it borrows from the
 * lesson, which must live longer. Never NULL: what is not known is marked as such in the slide. Updates
 * `before` to this step. */
struct slide *slide_take(const struct lesson *, const struct lesson_marks *, size_t step,
			 const struct expect_facts *, struct slide_before *);
/* Updates its pages to how they are now; words and figures stay as they were. */
void slide_take_pages(struct slide *, const struct lesson *, const struct expect_facts *);
void slide_destroy(struct slide *); /* NULL is fine */

/* Which of the place's pages has this number; SIZE_MAX: none. */
size_t slide_place_find(const struct slide_place *, uint64_t number);

/* The question of a step, with the figures as they are now. */
void slide_question_take(struct slide_question *, const struct lesson_step *, const struct expect_facts *);
void slide_question_fini(struct slide_question *);

#endif
