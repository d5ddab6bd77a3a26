/* Themes: which colours and attributes the inks and papers have.
 *
 * Colours are given for 256, 16 and 8 colours, and attributes for none at all
 * (mono, NO_COLOR). The palettes keep to hues that colour-blind people can distinguish (Okabe and Ito),
 * and every state has its own glyph as well. */
#ifndef RENDER_THEME_H
#define RENDER_THEME_H

#include "render/canvas.h"
#include "render/colour.h"
#include "render/state_appearance.h"

#define THEME_DEFAULT (-1) /* the terminal's own */
#define THEME_KEEP (-2)    /* on_paper: the ink's own */

struct theme {
	const char *name;             /* "dark", "light", "contrast", "mono" */
	const char *description;      /* translatable */
	int mono;                     /* uses no colours, whatever the terminal has */
	enum palette palette;         /* the inks of page states, see render/state_appearance.h */
	struct colour ink[INK_STATE]; /* the others */
	struct colour paper[PAPER_COUNT];
	struct colour on_paper[PAPER_COUNT]; /* the ink of everything on this paper */
};

/* The attributes of a cell on a terminal of 256, 16, 8 or 0 colours. */
struct theme_attributes {
	short ink, paper; /* colour numbers, or THEME_DEFAULT */
	uint8_t style;    /* STYLE_* */
};
struct theme_attributes theme_attributes(const struct theme *, int colours, uint8_t ink, uint8_t paper,
					 uint8_t style);

/* A colour number of 256 as 0xRRGGBB; the first 16, which differ between terminals, as xterm has them. */
uint32_t theme_rgb(short c256);

/* NULL-terminated table of all themes, and one by name (NULL: none such). */
const struct theme *const *theme_list(void);
const struct theme *theme_find(const char *name);

#endif
