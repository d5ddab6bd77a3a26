/* What the detail panel speaks of: the page under the cursor, as far as it is known. */
#ifndef UI_VIEW_SUBJECT_H
#define UI_VIEW_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/view/screen.h"

struct subject {
	uint64_t page, address;
	uint32_t word;                      /* read afresh where it was, else the model's */
	uint32_t since_ms;                  /* 0: since the watch began */
	const struct region *region;        /* NULL: a gap */
	const struct region *below, *above; /* of a gap: its neighbours, NULL for none */
	const struct page_detail *detail;   /* of this very page, or NULL */
};

/* False where there is no process to speak of. */
bool subject_find(struct subject *, const struct scene *);

/* Notes how far a tab can be scrolled; of two side by side the one that goes farther counts. */
void subject_ends(const struct scene *, int end);

/* "0x55d2c1f0b000", with as many digits as the process's addresses have. */
const char *subject_address(char buf[static 24], const struct scene *, uint64_t address);

/* A label at the left edge, its text behind it: returns the text's column, the same for
 * all labels of the panel. */
int subject_label(struct area, int row, const char *label);

#endif
