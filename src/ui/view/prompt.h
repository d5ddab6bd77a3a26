/* The line at the bottom that asks for a text. Each kind of question has its own `struct prompt_ops`. */
#ifndef UI_VIEW_PROMPT_H
#define UI_VIEW_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

#define PROMPT_TEXT 256

/* Functions that are NULL do what is in brackets. */
struct prompt_ops {
	const char *label; /* before the text, translatable */
	/* Enter, with what was typed; it may ask for more [the text is commands, which are run]. */
	void (*done)(struct ui *, const char *text);
	bool empty; /* ... also called if nothing was typed: "" */
	/* The text has changed after a key [nothing]. */
	void (*typed)(struct ui *, const char *text);
	/* It was given up [nothing]. */
	void (*cancel)(struct ui *);
};

struct prompt {
	const struct prompt_ops *ops; /* NULL: nothing is asked for */
	char text[PROMPT_TEXT];
	size_t len;
};

#endif
