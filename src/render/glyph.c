/* Shapes that distinguish the states without any colour.
 *
 *   ·  reserved    ◦ cached  -> ● file  -> ◆ copy     hollow: not in this process's memory,
 *                  □ zero    -> ■ anon                 solid: resident. A touch fills
 *   ▲  shm         ▽ swap       ✕ guard    ? unknown   the hollow shape.
 *
 *   ═  one frame in two processes, side by side; ≈ shared with another process, not known which
 *
 *   ≠  what differs in two that were compared; ≈ by chance
 *
 * All are one column wide and in the common terminal fonts; none has an emoji
 * form. Like box drawing and block elements, some are "ambiguous" in Unicode's
 * East Asian Width: a terminal set to draw such characters wide needs ASCII. */
#include "render/glyph.h"

#include "render/canvas.h"

/* One page; many with part of them resident; ASCII of both. */
static const struct {
	uint16_t page, part;
	char ascii, ascii_part;
} shapes[PAGE_STATES] = {
	[PAGE_NONE] = { ' ', ' ', ' ', ' ' },         [PAGE_RESERVED] = { 0x00b7, 0x00b7, '.', '.' },
	[PAGE_CACHED] = { 0x25e6, 0x25e6, ':', ':' }, [PAGE_ZERO] = { 0x25a1, 0x25ab, '0', 'o' },
	[PAGE_FILE] = { 0x25cf, 0x2022, 'F', 'f' },   [PAGE_COPY] = { 0x25c6, 0x25c8, 'C', 'c' },
	[PAGE_ANON] = { 0x25a0, 0x25aa, 'A', 'a' },   [PAGE_SHM] = { 0x25b2, 0x25b4, 'S', 's' },
	[PAGE_SWAP] = { 0x25bd, 0x25bf, 'W', 'w' },   [PAGE_GUARD] = { 0x2715, 0x2715, 'X', 'x' },
	[PAGE_UNKNOWN] = { '?', '?', '?', '?' },
};

uint32_t glyph_page(enum page_state state, int ascii)
{
	return ascii ? (unsigned char)shapes[state].ascii : shapes[state].page;
}

/* A page of the state was touched: it is more than a promise. */
static bool is_touched(enum page_state state)
{
	return state != PAGE_NONE && state != PAGE_RESERVED && state != PAGE_CACHED;
}

static bool is_remarkable(enum page_state state)
{
	return state == PAGE_COPY || state == PAGE_SWAP || state == PAGE_GUARD || state == PAGE_UNKNOWN;
}

/* The state to show: the most frequent of the touched ones; of the others where none is. */
static enum page_state dominant(const uint64_t counts[static PAGE_STATES])
{
	enum page_state best = PAGE_NONE;

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++) {
		enum page_state state = (enum page_state)s;

		if (counts[s] == 0)
			continue;
		if (is_touched(state) != is_touched(best) ? is_touched(state) : counts[s] > counts[best])
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
	return level < 1 ? 1 : level > 7 ? 7 : level;
}

struct glyph glyph_cell(const uint64_t counts[static PAGE_STATES], bool zoomed, int ascii, int mono)
{
	enum page_state state = dominant(counts);
	struct glyph glyph = { glyph_page(state, ascii), (uint8_t)(INK_STATE + state), 0 };
	uint64_t pages = 0, resident = page_resident(counts);

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++) {
		pages += counts[s];
		if (counts[s] && s != (int)state && is_remarkable((enum page_state)s))
			glyph.style = STYLE_UNDERLINE;
	}
	if (!zoomed || pages == 1 || !is_touched(state))
		return glyph;
	if (ascii) {
		bool full = page_state_resident(state) ? resident == pages : counts[state] == pages;
		glyph.ch = (unsigned char)(full ? shapes[state].ascii : shapes[state].ascii_part);
	} else if (mono) {
		bool most = (page_state_resident(state) ? resident : counts[state]) * 2 >= pages;
		glyph.ch = most ? shapes[state].page : shapes[state].part;
	} else if (page_state_resident(state)) {
		glyph.ch = GLYPH_FULL - 8 + (uint32_t)eighths(resident, pages);
	}
	return glyph;
}

uint32_t glyph_common(enum page_common common, int ascii)
{
	if (common == COMMON_MAYBE)
		return ascii ? '~' : 0x2248;
	return ascii ? '=' : 0x2550;
}

uint32_t glyph_differs(int real, int ascii)
{
	if (real)
		return ascii ? '#' : 0x2260;
	return glyph_common(COMMON_MAYBE, ascii);
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
