/* The palettes. Hues follow Okabe and Ito (Color Universal Design): sky blue, orange,
 * bluish green, reddish purple, vermillion and yellow stay apart for colour-blind
 * eyes. The inks of page states are in render/state_appearance.c. The background is always set, so that a
 * theme looks the same whatever the terminal's own background is.
 *
 * Columns: 256 colours, 16, 8, attributes with colours, attributes without. */
#include "render/theme.h"

#include <stddef.h>
#include <string.h>

#include "base/i18n.h"

#define KEEP THEME_KEEP, THEME_KEEP, THEME_KEEP, 0, 0

static const struct theme dark = {
	.name = "dark",
	.palette = PALETTE_DARK,
	.description = N_("for a dark background"),
	.ink = {
		[INK_TEXT] = { 252, 7, 7, 0, 0 },
		[INK_DIM] = { 249, 8, 7, 0, 0 },
		[INK_LINE] = { 248, 8, 7, 0, 0 },
		[INK_TITLE] = { 231, 15, 7, STYLE_BOLD, STYLE_BOLD },
		[INK_STRONG] = { 231, 15, 7, STYLE_BOLD, STYLE_BOLD },
		[INK_ACCENT] = { 117, 14, 6, 0, STYLE_BOLD },
		[INK_GOOD] = { 114, 10, 2, 0, 0 },
		[INK_WARN] = { 221, 11, 3, 0, 0 },
		[INK_BAD] = { 210, 9, 1, STYLE_BOLD, STYLE_BOLD },
		[INK_GHOST] = { 248, 8, 7, 0, 0 },
		[INK_FAULT] = { 180, 3, 3, 0, 0 },
	},
	.paper = {
		[PAPER_PLAIN] = { 233, 0, 0, 0, 0 },
		[PAPER_BAR] = { 236, 4, 4, 0, STYLE_REVERSE },
		[PAPER_SELECTED] = { 24, 6, 6, 0, STYLE_REVERSE },
		[PAPER_CURSOR] = { 231, 15, 7, 0, STYLE_REVERSE },
		[PAPER_FRESH1] = { 130, 1, 1, 0, STYLE_BOLD | STYLE_UNDERLINE },
		[PAPER_FRESH2] = { 94, 1, 1, 0, STYLE_BOLD },
		[PAPER_FRESH3] = { 237, 0, 0, STYLE_BOLD, 0 },
		[PAPER_REGION] = { 235, 0, 0, 0, 0 },
		[PAPER_CHANGED] = { 54, 5, 6, 0, STYLE_REVERSE | STYLE_UNDERLINE },
		[PAPER_POPUP] = { 236, 0, 0, 0, 0 },
	},
	.on_paper = {
		[PAPER_PLAIN] = { KEEP },
		[PAPER_BAR] = { THEME_KEEP, 15, 7, 0, 0 },
		[PAPER_SELECTED] = { 231, 0, 0, 0, 0 },
		[PAPER_CURSOR] = { 16, 0, 0, 0, 0 },
		[PAPER_FRESH1] = { 231, 15, 7, 0, 0 },
		[PAPER_FRESH2] = { 230, 11, 3, 0, 0 },
		[PAPER_FRESH3] = { KEEP },
		[PAPER_REGION] = { KEEP },
		[PAPER_CHANGED] = { THEME_KEEP, 15, 0, 0, 0 },
		[PAPER_POPUP] = { KEEP },
	},
};

static const struct theme light = {
	.name = "light",
	.palette = PALETTE_LIGHT,
	.description = N_("for a light background, and for print"),
	.ink = {
		[INK_TEXT] = { 235, 0, 0, 0, 0 },
		[INK_DIM] = { 240, 0, 0, 0, 0 },
		[INK_LINE] = { 241, 0, 0, 0, 0 },
		[INK_TITLE] = { 232, 0, 0, STYLE_BOLD, STYLE_BOLD },
		[INK_STRONG] = { 232, 0, 0, STYLE_BOLD, STYLE_BOLD },
		[INK_ACCENT] = { 25, 4, 4, 0, STYLE_BOLD },
		[INK_GOOD] = { 22, 4, 4, 0, 0 },
		[INK_WARN] = { 94, 1, 1, 0, 0 },
		[INK_BAD] = { 124, 1, 1, STYLE_BOLD, STYLE_BOLD },
		[INK_GHOST] = { 241, 0, 0, 0, 0 },
		[INK_FAULT] = { 94, 1, 1, 0, 0 },
	},
	.paper = {
		[PAPER_PLAIN] = { 231, 15, 7, 0, 0 },
		[PAPER_BAR] = { 255, 7, 6, 0, STYLE_REVERSE },
		[PAPER_SELECTED] = { 153, 14, 6, 0, STYLE_REVERSE },
		[PAPER_CURSOR] = { 16, 0, 0, 0, STYLE_REVERSE },
		[PAPER_FRESH1] = { 220, 11, 3, 0, STYLE_BOLD | STYLE_UNDERLINE },
		[PAPER_FRESH2] = { 222, 11, 3, 0, STYLE_BOLD },
		[PAPER_FRESH3] = { 230, 15, 7, STYLE_BOLD, 0 },
		[PAPER_REGION] = { 255, 15, 7, 0, 0 },
		[PAPER_CHANGED] = { 195, 14, 6, 0, STYLE_REVERSE | STYLE_UNDERLINE },
		[PAPER_POPUP] = { 255, 15, 7, 0, 0 },
	},
	.on_paper = {
		[PAPER_PLAIN] = { KEEP },
		[PAPER_BAR] = { THEME_KEEP, 0, 0, 0, 0 },
		[PAPER_SELECTED] = { 16, 0, 0, 0, 0 },
		[PAPER_CURSOR] = { 231, 15, 7, 0, 0 },
		[PAPER_FRESH1] = { 88, 1, 0, 0, 0 },
		[PAPER_FRESH2] = { 17, 0, 0, 0, 0 },
		[PAPER_FRESH3] = { KEEP },
		[PAPER_REGION] = { KEEP },
		[PAPER_CHANGED] = { THEME_KEEP, 0, 0, 0, 0 },
		[PAPER_POPUP] = { KEEP },
	},
};

static const struct theme contrast = {
	.name = "contrast",
	.palette = PALETTE_CONTRAST,
	.description = N_("strong colours on black, for projectors"),
	.ink = {
		[INK_TEXT] = { 255, 15, 7, 0, 0 },
		[INK_DIM] = { 252, 7, 7, 0, 0 },
		[INK_LINE] = { 250, 7, 7, 0, 0 },
		[INK_TITLE] = { 231, 15, 7, STYLE_BOLD, STYLE_BOLD },
		[INK_STRONG] = { 226, 11, 3, STYLE_BOLD, STYLE_BOLD },
		[INK_ACCENT] = { 51, 14, 6, STYLE_BOLD, STYLE_BOLD },
		[INK_GOOD] = { 83, 10, 2, STYLE_BOLD, 0 },
		[INK_WARN] = { 226, 11, 3, STYLE_BOLD, 0 },
		[INK_BAD] = { 210, 9, 1, STYLE_BOLD, STYLE_BOLD },
		[INK_GHOST] = { 250, 7, 7, 0, 0 },
		[INK_FAULT] = { 215, 11, 3, STYLE_BOLD, 0 },
	},
	.paper = {
		[PAPER_PLAIN] = { 16, 0, 0, 0, 0 },
		[PAPER_BAR] = { 19, 4, 4, 0, STYLE_REVERSE },
		[PAPER_SELECTED] = { 226, 11, 3, 0, STYLE_REVERSE },
		[PAPER_CURSOR] = { 231, 15, 7, 0, STYLE_REVERSE },
		[PAPER_FRESH1] = { 130, 1, 1, 0, STYLE_BOLD | STYLE_UNDERLINE },
		[PAPER_FRESH2] = { 94, 1, 1, 0, STYLE_BOLD },
		[PAPER_FRESH3] = { 237, 0, 0, STYLE_BOLD, 0 },
		[PAPER_REGION] = { 235, 0, 0, 0, 0 },
		[PAPER_CHANGED] = { 90, 5, 6, 0, STYLE_REVERSE | STYLE_UNDERLINE },
		[PAPER_POPUP] = { 17, 0, 0, 0, 0 },
	},
	.on_paper = {
		[PAPER_PLAIN] = { KEEP },
		[PAPER_BAR] = { THEME_KEEP, 15, 7, 0, 0 },
		[PAPER_SELECTED] = { 16, 0, 0, 0, 0 },
		[PAPER_CURSOR] = { 16, 0, 0, 0, 0 },
		[PAPER_FRESH1] = { 231, 15, 7, 0, 0 },
		[PAPER_FRESH2] = { 230, 11, 3, 0, 0 },
		[PAPER_FRESH3] = { KEEP },
		[PAPER_REGION] = { KEEP },
		[PAPER_CHANGED] = { 231, 15, 0, 0, 0 },
		[PAPER_POPUP] = { KEEP },
	},
};

static const struct theme mono = {
	.name = "mono",
	.description = N_("no colours: bold, underlined and reversed only"),
	.mono = 1,
	.ink = {
		[INK_TEXT] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[INK_DIM] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[INK_LINE] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[INK_TITLE] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_BOLD },
		[INK_STRONG] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_BOLD },
		[INK_ACCENT] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_BOLD },
		[INK_GOOD] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[INK_WARN] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[INK_BAD] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_BOLD },
		[INK_GHOST] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[INK_FAULT] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
	},
	.paper = {
		[PAPER_PLAIN] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[PAPER_BAR] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_REVERSE },
		[PAPER_SELECTED] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_REVERSE },
		[PAPER_CURSOR] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_REVERSE },
		[PAPER_FRESH1] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_BOLD | STYLE_UNDERLINE },
		[PAPER_FRESH2] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_BOLD },
		[PAPER_FRESH3] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[PAPER_REGION] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
		[PAPER_CHANGED] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, STYLE_REVERSE | STYLE_UNDERLINE },
		[PAPER_POPUP] = { THEME_DEFAULT, THEME_DEFAULT, THEME_DEFAULT, 0, 0 },
	},
	.on_paper = {
		[PAPER_PLAIN] = { KEEP },
		[PAPER_BAR] = { KEEP },
		[PAPER_SELECTED] = { KEEP },
		[PAPER_CURSOR] = { KEEP },
		[PAPER_FRESH1] = { KEEP },
		[PAPER_FRESH2] = { KEEP },
		[PAPER_FRESH3] = { KEEP },
		[PAPER_REGION] = { KEEP },
		[PAPER_CHANGED] = { KEEP },
		[PAPER_POPUP] = { KEEP },
	},
};
static const struct theme *const themes[] = { &dark, &light, &contrast, &mono, NULL };

const struct theme *const *theme_list(void)
{
	return themes;
}

const struct theme *theme_find(const char *name)
{
	for (size_t i = 0; themes[i]; i++)
		if (strcmp(themes[i]->name, name) == 0)
			return themes[i];
	return NULL;
}

uint32_t theme_rgb(short c256)
{
	static const uint32_t named[] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
					  0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
					  0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };
	static const uint32_t steps[] = { 0, 0x5f, 0x87, 0xaf, 0xd7, 0xff };
	int i = c256 - 16;

	/* 16 names, a cube, then greys */
	if (i < 0)
		return named[c256 & 15];
	if (c256 >= 232)
		return UINT32_C(0x010101) * (uint32_t)(8 + (c256 - 232) * 10);
	return steps[i / 36] << 16 | steps[i / 6 % 6] << 8 | steps[i % 6];
}

static short colour_of(const struct colour *c, int colours)
{
	return colours >= 256 ? c->c256 : colours >= 16 ? c->c16 : c->c8;
}

static const struct colour *front_of(const struct theme *theme, uint8_t ink)
{
	if (ink < INK_STATE)
		return &theme->ink[ink];
	return &state_appearance((enum page_state)(ink - INK_STATE))->ink[theme->palette];
}

struct theme_attributes theme_attributes(const struct theme *theme, int colours, uint8_t ink, uint8_t paper,
					 uint8_t style)
{
	const struct colour *front = front_of(theme, ink), *back = &theme->paper[paper];
	const struct colour *over = &theme->on_paper[paper];
	struct theme_attributes out = { THEME_DEFAULT, THEME_DEFAULT, style };

	if (colours < 8 || theme->mono) {
		out.style |= front->mono | back->mono;
		return out;
	}
	out.ink = colour_of(over, colours);
	if (out.ink == THEME_KEEP)
		out.ink = colour_of(front, colours);
	out.paper = colour_of(back, colours);
	out.style |= front->style | back->style;
	/* two colours that are the same on this terminal would hide what is there */
	if (out.ink == out.paper && out.ink != THEME_DEFAULT)
		out.ink = out.ink == 0 ? 7 : 0;
	/* where there are few colours, bold black is drawn grey */
	if (colours <= 16 && out.ink == 0)
		out.style &= (uint8_t)~STYLE_BOLD;
	return out;
}
