/* Who touched the page under the cursor last, from where, and what the kernel did. */
#ifndef UI_VIEW_WHO_H
#define UI_VIEW_WHO_H

#include "ui/view/subject.h"

/* Draws from a row on, at most `rows` rows: WHO, and CAUSE where there is room. Returns the rows
 * used, 0 where nothing is known. */
/* Is the page as its last fault left it, so that the cause says why it is so? */
bool who_says_why(const struct scene *, const struct subject *);
int who_draw(struct area, int row, int rows, const struct scene *, const struct subject *);

#endif
