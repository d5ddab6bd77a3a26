/* The screen's state on a canvas, with the words that come from the table of commands: what every
 * way of showing the screen shares, on a terminal or not. */
#ifndef UI_SCREENFUL_H
#define UI_SCREENFUL_H

#include "base/strbuf.h"
#include "ui/state.h"

struct screenful {
	struct canvas canvas; /* its owner sets its size, and what it can show */
	char **help;
	struct strbuf keys;
};

/* The screen stays the caller's. */
void screenful_init(struct screenful *, const struct ui *);
void screenful_fini(struct screenful *);
/* Draws the state, which must be up to date (ui/update.h), and corrects scrolling beyond the end. Returns the
 * scene that was drawn. */
struct scene screenful_draw(struct screenful *, struct ui *);

#endif
