/* What the screen asks the source for: the pages in sight, details of the page under the cursor, how two
 * processes compare. */
#ifndef UI_ATTENTION_H
#define UI_ATTENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/state.h"

/* All zero to begin with. */
struct attention {
	uint64_t focus_first, focus_end; /* pages in sight, as the source knows them */
	int output_rows, output_columns; /* of the program's terminal */
	uint64_t figures_ns;             /* when the kernel's figures were last requested */
	/* what ui.detail was read for */
	uint64_t read_ns; /* 0: read it, even if nothing has changed */
	uint64_t page, story_ns;
	uint32_t word, since;
	const struct tab *tab;
};

/* Another process is shown: forgets what was read. */
void attention_forget(struct attention *);
/* When to read the page under the cursor again though nothing has changed, in CLOCK_MONOTONIC;
 * UINT64_MAX: never. */
uint64_t attention_due_ns(const struct attention *, const struct ui *);
/* Reads the page under the cursor into ui.detail if that is due, if it is another page, or if its
 * picture changed. Returns whether it did. */
bool attention_read(struct attention *, struct ui *, uint64_t now);
/* Side by side: compares the pages in sight. */
void attention_compare(struct ui *);
/* Lets the source know which pages, and whether the kernel's figures, are in sight, and sets the size of the
 * program's terminal. */
void attention_point(struct attention *, const struct ui *);

#endif
