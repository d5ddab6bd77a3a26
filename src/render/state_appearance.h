/* How each state of a page looks, wherever it is drawn: one row for each state. */
#ifndef RENDER_STATE_APPEARANCE_H
#define RENDER_STATE_APPEARANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "event/page.h"
#include "render/colour.h"

enum palette { PALETTE_DARK, PALETTE_LIGHT, PALETTE_CONTRAST, PALETTES };

struct state_appearance {
	uint16_t glyph, small;   /* of one page, and of many pages some of which are in this state */
	char ascii, ascii_small; /* the same in ASCII */
	bool rare;               /* it matters even if another state is shown: that one is then marked */
	struct colour ink[PALETTES];
};

/* The appearance of a state below PAGE_STATES. */
const struct state_appearance *state_appearance(enum page_state);

#endif
