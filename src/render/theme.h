/* Themes: which colours and attributes the inks and papers have.
 *
 * Colours are given for 256, 16 and 8 colours, and attributes for none at all
 * (mono, NO_COLOR). The palettes keep to hues that colour-blind people tell
 * apart (Okabe and Ito), and every state has its own glyph besides. */
#ifndef RENDER_THEME_H
#define RENDER_THEME_H

#include "render/canvas.h"

struct theme_colour {
	short c256, c16, c8; /* -1: the terminal's default */
	uint8_t style;       /* STYLE_*: added with colours */
	uint8_t mono;        /* STYLE_*: used where there are no colours */
};

struct theme {
	const char *name;        /* "dark", "light", "contrast", "mono" */
	const char *description; /* translatable */
	struct theme_colour ink[INK_COUNT];
	struct theme_colour paper[PAPER_COUNT];
};

/* NULL-terminated table of all themes, and one by name (NULL: none such). */
const struct theme *const *theme_list(void);
const struct theme *theme_find(const char *name);

#endif
