/* Drawing on cells; what states and themes look like. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/canvas.h"
#include "render/glyph.h"
#include "render/theme.h"

/* The canvas as text must be this. */
static void assert_picture(const struct canvas *c, const char *expect)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	canvas_print(c, out, 0);
	fclose(out);
	assert_string_equal(text, expect);
	free(text);
}

static void clips(void **state)
{
	struct canvas c;
	struct area part;

	canvas_init(&c, 3, 10, 0);
	part = area_part(area_all(&c), 1, 2, 1, 5);
	area_text(part, 0, -2, PEN(INK_TEXT), "0123456789");
	area_text(part, 1, 0, PEN(INK_TEXT), "below");
	area_text(part, -1, 0, PEN(INK_TEXT), "above");
	assert_picture(&c, "\n  23456\n\n");
	part = area_part(area_all(&c), 2, 8, 100, 100);
	assert_int_equal(part.rows, 1);
	assert_int_equal(part.columns, 2);
	part = area_part(area_all(&c), 5, -3, -1, 4);
	assert_int_equal(part.rows, 0);
	canvas_fini(&c);
}

static void texts(void **state)
{
	struct canvas c;
	struct area a;

	canvas_init(&c, 3, 12, 0);
	a = area_all(&c);
	assert_int_equal(area_text(a, 0, 1, PEN(INK_TEXT), "漢字x"), 6);
	assert_int_equal(c.cells[1].ch, 0x6f22);
	assert_int_equal(c.cells[2].ch, 0);
	area_text(a, 1, 11, PEN(INK_TEXT), "漢"); /* no half of it */
	assert_int_equal(c.cells[12 + 11].ch, ' ');
	area_text_right(a, 2, 12, PEN(INK_TEXT), "right");
	assert_picture(&c, " 漢字x\n\n       right\n");
	canvas_clear(&c);
	assert_int_equal(area_fit(a, 0, 0, 8, PEN(INK_TEXT), "0123456789", TEXT_CUT_MIDDLE), 8);
	assert_int_equal(area_wrap(a, 1, 1, 9, 2, PEN(INK_TEXT), "one two three four five"), 2);
	assert_picture(&c, "012…6789\n one two\n three fo…\n");
	canvas_fini(&c);
}

static void ascii_only(void **state)
{
	struct canvas c;

	canvas_init(&c, 1, 12, 1);
	area_rule(area_all(&c), 0, PEN(INK_LINE), "é漢…");
	for (int i = 0; i < 12; i++)
		assert_in_range(c.cells[i].ch, 0x20, 0x7e);
	assert_picture(&c, "- ?? ~ -----\n");
	canvas_fini(&c);
}

/* Every state has a glyph of its own, one column wide, in both sets. */
static void glyphs_differ(void **state)
{
	for (int ascii = 0; ascii < 2; ascii++)
		for (int a = PAGE_RESERVED; a < PAGE_STATES; a++) {
			uint32_t glyph = glyph_page((enum page_state)a, ascii);

			assert_int_equal(text_char_columns(glyph), 1);
			assert_true(!ascii || glyph < 0x7f);
			for (int b = PAGE_RESERVED; b < a; b++)
				assert_true(glyph != glyph_page((enum page_state)b, ascii));
		}
}

static struct glyph cell(uint64_t reserved, enum page_state state, uint64_t pages, int ascii, int mono)
{
	uint64_t counts[PAGE_STATES] = { 0 };

	counts[PAGE_RESERVED] = reserved;
	counts[state] += pages;
	return glyph_cell(counts, ascii, mono);
}

static void cells(void **state)
{
	uint64_t mixed[PAGE_STATES] = { [PAGE_ANON] = 60, [PAGE_SWAP] = 1, [PAGE_RESERVED] = 3 };
	uint64_t zeroes[PAGE_STATES] = { [PAGE_ZERO] = 60, [PAGE_RESERVED] = 3 };

	assert_int_equal(cell(8, PAGE_RESERVED, 0, 0, 0).ch, glyph_page(PAGE_RESERVED, 0));
	assert_int_equal(cell(0, PAGE_ANON, 8, 0, 0).ch, glyph_page(PAGE_ANON, 0));
	assert_int_equal(cell(UINT64_C(1) << 32, PAGE_ANON, 1, 0, 0).ch, 0x2581);
	assert_int_equal(cell(4, PAGE_ANON, 4, 0, 0).ch, 0x2584);
	assert_int_equal(cell(1, PAGE_ANON, UINT64_C(1) << 32, 0, 0).ch, 0x2587);
	assert_int_equal(cell(4, PAGE_ANON, 4, 0, 0).ink, INK_STATE + PAGE_ANON);
	/* rare but important states are marked */
	assert_int_equal(glyph_cell(mixed, 0, 0).ink, INK_STATE + PAGE_ANON);
	assert_int_equal(glyph_cell(mixed, 0, 0).style, STYLE_UNDERLINE);
	assert_int_equal(cell(4, PAGE_ANON, 4, 0, 0).style, 0);
	/* the level counts resident pages only */
	assert_int_equal(glyph_cell(zeroes, 0, 0).ch, glyph_page(PAGE_ZERO, 0));
	/* without colour the glyph alone shows the state */
	for (int a = PAGE_CACHED; a < PAGE_STATES; a++)
		for (int b = PAGE_CACHED; b < a; b++)
			for (int ascii = 0; ascii < 2; ascii++) {
				enum page_state sa = (enum page_state)a, sb = (enum page_state)b;

				assert_true(cell(7, sa, 1, ascii, 1).ch != cell(7, sb, 1, ascii, 1).ch);
				assert_true(cell(1, sa, 7, ascii, 1).ch != cell(1, sb, 7, ascii, 1).ch);
			}
	assert_int_equal(cell(7, PAGE_FILE, 1, 1, 1).ch, 'f');
	assert_int_equal(cell(0, PAGE_FILE, 8, 1, 1).ch, 'F');
}

static void bars(void **state)
{
	assert_int_equal(glyph_bar(0, 10, 5, 0, 1), '.');
	assert_int_equal(glyph_bar(1, 1000000, 5, 0, 1), '-');
	assert_int_equal(glyph_bar(999999, 1000000, 5, 4, 1), '-');
	assert_int_equal(glyph_bar(10, 10, 5, 4, 1), '=');
	assert_int_equal(glyph_bar(0, 0, 5, 0, 1), '.');
	assert_int_equal(glyph_spark(0, 10, 0), ' ');
	assert_int_equal(glyph_spark(1, 1000, 0), 0x2581);
	assert_int_equal(glyph_spark(10, 10, 0), 0x2588);
}

/* In no theme, at no number of colours, does an ink vanish on a paper. */
static void themes_are_readable(void **state)
{
	static const int colours[] = { 256, 16, 8, 0 };
	const struct theme *const *themes = theme_list();

	for (; *themes; themes++) {
		assert_ptr_equal(theme_find((*themes)->name), *themes);
		for (size_t i = 0; i < 4; i++)
			for (uint8_t ink = 0; ink < INK_COUNT; ink++)
				for (uint8_t paper = 0; paper < PAPER_COUNT; paper++) {
					struct theme_attributes look =
					    theme_attributes(*themes, colours[i], ink, paper, 0);

					assert_true(look.ink < 0 || look.ink != look.paper);
					assert_true(look.ink < (colours[i] ? colours[i] : 1));
					assert_true(look.paper < (colours[i] ? colours[i] : 1));
				}
	}
	assert_null(theme_find("no such"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clips),
		cmocka_unit_test(texts),
		cmocka_unit_test(ascii_only),
		cmocka_unit_test(glyphs_differ),
		cmocka_unit_test(cells),
		cmocka_unit_test(bars),
		cmocka_unit_test(themes_are_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
