/* Moves the cursor to the next place of some kind, or shows a message that there is none. */
#ifndef UI_JUMP_H
#define UI_JUMP_H

#include "ui/state.h"

/* To the next region in the grid, or, with `step` -1, the previous one. */
void jump_region(struct ui *, int step);
/* To the next page, or the previous one, whose value in `runs` is `wanted`; `none` is the message if there is
 * none. */
void jump_page(struct ui *, const struct runs *, int step, bool (*wanted)(uint32_t), const char *none);
/* When two are compared: to the beginning of the next stretch of pages that really differ. */
void jump_difference(struct ui *, int step);

#endif
