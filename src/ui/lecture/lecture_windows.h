/* The windows over a slide: help, the list of contents, the program's output,
 * an address taken apart. */
#ifndef UI_LECTURE_LECTURE_WINDOWS_H
#define UI_LECTURE_LECTURE_WINDOWS_H

#include "lecture/slide.h"
#include "render/canvas.h"

enum lecture_window {
	LECTURE_WINDOW_NONE,
	LECTURE_WINDOW_HELP,
	LECTURE_WINDOW_CONTENTS,
	LECTURE_WINDOW_OUTPUT,
	LECTURE_WINDOW_ADDRESS
};

/* A step of the lecture's plan. */
struct lecture_entry {
	const char *lesson, *title;
	bool first; /* of its lesson */
};

/* What a window shows; all is the caller's. */
struct lecture_window_view {
	enum lecture_window window;
	int at; /* scrolled to, or the entry that is chosen */
	const struct lecture_entry *entries;
	size_t entry_count;
	struct slide *const *slides; /* that were seen */
	size_t slide_count;
	const struct slide *shown; /* NULL: none */
	size_t place, page;        /* of it, whose address is taken apart */
};

/* The last line, or entry, that it can stand at. */
int lecture_window_last(const struct lecture_window_view *);
void lecture_window_draw(const struct lecture_window_view *, struct area);

#endif
