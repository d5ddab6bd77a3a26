/* The cursor jumps to the next place that is wanted, or says that there is none. */
#ifndef UI_JUMP_H
#define UI_JUMP_H

#include "ui/state.h"

/* To the next region in the grid; `step` -1: to the one before. */
void jump_region(struct ui *, int step);
/* To the next page, or the one before, whose value in `runs` is wanted; `none` is the message where
 * there is none. */
void jump_page(struct ui *, const struct runs *, int step, bool (*wanted)(uint32_t), const char *none);
/* Of two that are compared: to the beginning of the next stretch of pages that really differ. */
void jump_difference(struct ui *, int step);

#endif
