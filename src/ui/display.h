/* The picture on the terminal: draws it from the screen's state, and decides when the next one is due. */
#ifndef UI_DISPLAY_H
#define UI_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/attention.h"
#include "ui/screenful.h"
#include "ui/state.h"
#include "ui/terminal.h"

struct display {
	struct terminal *terminal; /* the caller's */
	struct attention attention;
	struct screenful screen;
	const struct theme *theme; /* the terminal's */
	uint64_t interval_ns;      /* least time between pictures */
	bool wanted;               /* draw at once, because of a key for example */
	bool course_news;          /* the source has more to show than the world */
	/* of the latest picture */
	uint64_t drawn_ns;  /* 0: there was none */
	uint64_t settle_ns; /* when it would change by itself */
	uint64_t generation;
};

/* Terminal and screen stay the caller's; `interval_ns` is the least time between two pictures. */
void display_init(struct display *, struct terminal *, const struct ui *, uint64_t interval_ns);
void display_fini(struct display *);
/* Updates the state, and draws it. */
void display_draw(struct display *, struct ui *, uint64_t now);
/* When the next one is due; UINT64_MAX while there is nothing to draw. */
uint64_t display_due_ns(const struct display *, const struct ui *);

#endif
