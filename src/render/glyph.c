/* Shapes of more than one page.
 *
 *   ═  one frame in two processes, side by side; ≈ shared with another process, not known which
 *
 *   ≠  what differs between two that were compared; ≈ by chance
 *
 * As those of states (render/state_appearance.c) they are one column wide and in the common terminal
 * fonts. */
#include "render/glyph.h"

#include "base/minmax.h"
#include "render/canvas.h"
#include "render/state_appearance.h"

uint32_t glyph_page(enum page_state state, int ascii)
{
	const struct state_appearance *appearance = state_appearance(state);

	return ascii ? (unsigned char)appearance->ascii : appearance->glyph;
}

/* The state to show: the most frequent of the touched ones; of the others where none is. */
static enum page_state dominant(const uint64_t counts[static PAGE_STATES])
{
	enum page_state best = PAGE_NONE;

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++) {
		enum page_state state = (enum page_state)s;

		if (counts[s] == 0)
			continue;
		if (page_state_touched(state) != page_state_touched(best) ? page_state_touched(state)
									  : counts[s] > counts[best])
			best = state;
	}
	return best;
}

/* Eighths of `part` in `whole`: at least 1 of anything, 8 only when full. */
static int eighths(uint64_t part, uint64_t whole)
{
	int level;

	if (part == 0 || whole == 0)
		return 0;
	if (part >= whole)
		return 8;
	level = (int)((double)part * 8 / (double)whole + 0.5);
	return clamp(level, 1, 7);
}

struct glyph glyph_cell(const uint64_t counts[static PAGE_STATES], bool zoomed, int ascii, int mono)
{
	enum page_state state = dominant(counts);
	const struct state_appearance *appearance = state_appearance(state);
	struct glyph glyph = { glyph_page(state, ascii), (uint8_t)(INK_STATE + state), 0 };
	uint64_t pages = 0, resident = page_resident(counts);

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++) {
		pages += counts[s];
		if (counts[s] && s != (int)state && state_appearance((enum page_state)s)->rare)
			glyph.style = STYLE_UNDERLINE;
	}
	if (!zoomed || pages == 1 || !page_state_touched(state))
		return glyph;
	if (ascii) {
		bool full = page_state_resident(state) ? resident == pages : counts[state] == pages;
		glyph.ch = (unsigned char)(full ? appearance->ascii : appearance->ascii_small);
	} else if (mono) {
		bool most = (page_state_resident(state) ? resident : counts[state]) * 2 >= pages;
		glyph.ch = most ? appearance->glyph : appearance->small;
	} else if (page_state_resident(state)) {
		glyph.ch = GLYPH_FULL - 8 + (uint32_t)eighths(resident, pages);
	}
	return glyph;
}

uint32_t glyph_common(enum page_common common, int ascii)
{
	if (common == PAGE_COMMON_MAYBE)
		return ascii ? '~' : 0x2248;
	return ascii ? '=' : 0x2550;
}

uint32_t glyph_differs(int real, int ascii)
{
	if (real)
		return ascii ? '#' : 0x2260;
	return glyph_common(PAGE_COMMON_MAYBE, ascii);
}

uint32_t glyph_bar(uint64_t part, uint64_t whole, int columns, int i, int ascii)
{
	int halves = whole ? (int)((double)part / (double)whole * columns * 2 + 0.5) : 0;
	int here;

	if (part && halves < 1)
		halves = 1;
	if (part < whole && halves >= columns * 2)
		halves = columns * 2 - 1;
	here = halves - 2 * i;
	if (here >= 2)
		return ascii ? '=' : 0x2501;
	if (here == 1)
		return ascii ? '-' : 0x257e;
	return ascii ? '.' : 0x2500;
}

uint32_t glyph_spark(uint64_t value, uint64_t max, int ascii)
{
	static const char steps[] = " .:;oO8@#"; /* none that a rule or a bar is made of */
	int level = eighths(value, max);

	if (ascii)
		return (unsigned char)steps[level];
	return level ? 0x2580 + (uint32_t)level : ' ';
}
