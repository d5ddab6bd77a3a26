/* A lecture on paper: one section for each step, with what is said, its question, its pages and its source;
 * the answers at the end. A worksheet has room to write instead of answers, and leaves out what would give
 * them away: titles, narration and pages of steps that ask.
 *
 * handout_write decides the contents; a format (struct handout_format) decides how it looks: html and pdf.
 * Texts come from lessons, which anyone may have written, so a format must show them as plain text. */
#ifndef HANDOUT_HANDOUT_H
#define HANDOUT_HANDOUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "lecture/slide.h"
#include "render/canvas.h"
#include "render/theme.h"

struct handout_lesson {
	const char *title, *about;        /* about: may be NULL */
	const char *source_name, *source; /* of the C file */
	bool missing;                     /* there are no slides */
	const char *missing_why;          /* for this reason */
	struct slide *const *slides;
	size_t count;
};

struct handout {
	const char *language; /* of the texts, "en"; "" not known */
	bool worksheet;
	const struct theme *theme; /* of the pages' pictures */
	const struct handout_lesson *lessons;
	size_t count;
};

enum handout_heading {
	HANDOUT_LESSON,
	HANDOUT_STEP,
	HANDOUT_ANSWERS,        /* the chapter at the end */
	HANDOUT_LESSON_ANSWERS, /* of one lesson */
};

enum handout_text {
	HANDOUT_ABOUT,
	HANDOUT_NARRATION,
	HANDOUT_AS_IS, /* a line whose blanks are kept */
	HANDOUT_QUESTION,
	HANDOUT_CHOICE,
	HANDOUT_RIGHT, /* the right answer */
	HANDOUT_CAPTION,
};

/* A line of the source, and how many from there on. */
struct handout_lines {
	const char *name, *text; /* of the whole file */
	unsigned first, count;
	unsigned current; /* 0: none */
};

/* How it looks. Texts are printable (base/text.h). Lessons and steps are counted from 1. */
struct handout_format {
	const char *suffix; /* ".html" */
	/* Returns the context; NULL with err: it cannot be written. Errors after that are reported by
	 * finish. */
	void *(*begin)(FILE *, const struct handout *, const char *title, struct err *);
	/* A line of the list of lessons in front. */
	void (*entry)(void *, size_t lesson, const char *title);
	void (*heading)(void *, enum handout_heading, size_t lesson, size_t step, const char *text);
	void (*text)(void *, enum handout_text, const char *text);
	/* Blank lines to write on. */
	void (*room)(void *, unsigned lines);
	/* A picture of cells, and the same in words. */
	void (*picture)(void *, const struct canvas *, const char *words);
	void (*source)(void *, const struct handout_lines *);
	/* Frees the context in any case. Returns 0, or -1 with err. */
	int (*finish)(void *, struct err *);
};

extern const struct handout_format handout_html, handout_pdf;

/* The format by a file's extension; NULL: none. */
const struct handout_format *handout_format_of_file(const char *path);
/* Writes the handout. Returns 0, or -1 with err. The caller checks the stream for errors. */
int handout_write(FILE *, const struct handout_format *, const struct handout *, struct err *);

#endif
