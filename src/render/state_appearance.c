/* Shapes distinguish the states without any colour.
 *
 *   ·  reserved    ◦ cached  -> ● file  -> ◆ copy     hollow: not in this process's memory,
 *                  □ zero    -> ■ anon                 solid: resident. A touch fills
 *   ▲  shm         ▽ swap       ✕ guard    ? unknown   the hollow shape.
 *
 * All are one column wide and in the common terminal fonts; none has an emoji
 * form. Like box drawing and block elements, some are "ambiguous" in Unicode's
 * East Asian Width: a terminal set to draw such characters wide needs ASCII.
 *
 * Colours are those of the themes (render/theme.c): reserved is the quietest, what is resident the loudest.
 * Columns: dark, light, contrast; of each 256 colours, 16, 8, attributes with colours, attributes without. */
#include "render/state_appearance.h"

#include "render/canvas.h"

/* clang-format off */
static const struct state_appearance appearances[] = {
	[PAGE_NONE] = { ' ', ' ', ' ', ' ', false,
		{ { 252, 7, 7, 0, 0 }, { 235, 0, 0, 0, 0 }, { 231, 15, 7, 0, 0 } } },
	[PAGE_RESERVED] = { 0x00b7, 0x00b7, '.', '.', false,
		{ { 248, 8, 7, 0, 0 }, { 241, 0, 0, 0, 0 }, { 252, 7, 7, 0, 0 } } },
	[PAGE_CACHED] = { 0x25e6, 0x25e6, ':', ':', false,
		{ { 110, 6, 6, 0, 0 }, { 24, 4, 4, 0, 0 }, { 153, 14, 6, 0, 0 } } },
	[PAGE_ZERO] = { 0x25a1, 0x25ab, '0', 'o', false,
		{ { 252, 7, 7, STYLE_BOLD, 0 }, { 238, 0, 0, STYLE_BOLD, 0 }, { 231, 15, 7, STYLE_BOLD, 0 } } },
	[PAGE_FILE] = { 0x25cf, 0x2022, 'F', 'f', false,
		{ { 74, 14, 6, 0, 0 }, { 25, 4, 4, 0, 0 }, { 45, 14, 6, STYLE_BOLD, 0 } } },
	[PAGE_COPY] = { 0x25c6, 0x25c8, 'C', 'c', true,
		{ { 176, 13, 5, 0, 0 }, { 127, 5, 5, 0, 0 }, { 213, 13, 5, STYLE_BOLD, 0 } } },
	[PAGE_ANON] = { 0x25a0, 0x25aa, 'A', 'a', false,
		{ { 214, 11, 3, 0, 0 }, { 94, 1, 1, 0, 0 }, { 214, 11, 3, STYLE_BOLD, 0 } } },
	[PAGE_SHM] = { 0x25b2, 0x25b4, 'S', 's', false,
		{ { 43, 10, 2, 0, 0 }, { 23, 0, 0, 0, 0 }, { 48, 10, 2, STYLE_BOLD, 0 } } },
	[PAGE_SWAP] = { 0x25bd, 0x25bf, 'W', 'w', true,
		{ { 228, 15, 7, STYLE_BOLD, 0 }, { 58, 0, 0, STYLE_BOLD, 0 }, { 229, 15, 7, STYLE_BOLD, 0 } } },
	[PAGE_GUARD] = { 0x2715, 0x2715, 'X', 'x', true,
		{ { 210, 9, 1, STYLE_BOLD, 0 }, { 124, 1, 1, STYLE_BOLD, 0 }, { 210, 9, 1, STYLE_BOLD, 0 } } },
	[PAGE_UNKNOWN] = { '?', '?', '?', '?', true,
		{ { 250, 7, 7, 0, 0 }, { 240, 0, 0, 0, 0 }, { 254, 7, 7, STYLE_BOLD, 0 } } },
};
_Static_assert(sizeof appearances / sizeof appearances[0] == PAGE_STATES, "each state has its row");
/* clang-format on */

const struct state_appearance *state_appearance(enum page_state state)
{
	return &appearances[state];
}
