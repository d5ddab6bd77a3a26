/* Cells and shapes as pictures: every character has its place, no text does harm, failures are reported. */
#include "check.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/cells.h"
#include "draw/shape.h"
#include "render/glyph.h"

static char *draw(enum draw_format format, const char *text, size_t *len, struct err *err)
{
	struct canvas canvas;
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, len);
	int result;

	canvas_init(&canvas, 2, 20, 0);
	area_text(area_all(&canvas), 0, 0, PEN(INK_TEXT), text);
	result = cells_write(out, format, &canvas, theme_find("dark"), "a <title> & more", err);
	fclose(out);
	canvas_fini(&canvas);
	if (result == 0)
		return bytes;
	free(bytes);
	return NULL;
}

static void formats(void **state)
{
	static const char *const begin[] = {
		[DRAW_SVG] = "<?xml", [DRAW_PNG] = "\x89PNG\r\n", [DRAW_PDF] = "%PDF-1"
	};

	for (int i = 0; i < DRAW_FORMATS; i++) {
		size_t len, blank_len;
		char *bytes = draw((enum draw_format)i, "text", &len, NULL);
		char *blank = draw((enum draw_format)i, "", &blank_len, NULL);

		assert_non_null(bytes);
		assert_non_null(blank);
		assert_memory_equal(bytes, begin[i], strlen(begin[i]));
		assert_true(len > blank_len); /* the text is there */
		free(bytes);
		free(blank);
	}
	assert_int_equal(draw_format_of_file("a/b.svg"), DRAW_SVG);
	assert_int_equal(draw_format_of_file("x.y.pdf"), DRAW_PDF);
	assert_int_equal(draw_format_of_file("png"), -1);
	assert_int_equal(draw_format_of_file("a.png/b"), -1);
	assert_int_equal(draw_format_of_file("b.gif"), -1);
}

static void any_character(void **state)
{
	static const char *const texts[] = {
		"</svg><script>x</script>", "漢字かな wide", "\xf0\x9f\x98\x80 emoji",
		"e\xcc\x81 combining",      "\xef\xbf\xbd",  "عربي"
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (int format = 0; format < DRAW_FORMATS; format++) {
			size_t len;
			struct err err = { 0 };
			char *bytes = draw((enum draw_format)format, texts[i], &len, &err);

			if (!bytes)
				fail_msg("%s: %s", texts[i], err.text);
			assert_null(format == DRAW_SVG ? strstr(bytes, "<script") : NULL);
			free(bytes);
		}
}

/* No glyph of a state, of a bar or of a level depends on a font. */
static void states_are_shapes(void **state)
{
	FILE *out = fopen("/dev/null", "w");
	struct drawing *d = drawing_create(DRAW_SVG, out, 100, 100, NULL, NULL);

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++)
		if (s != PAGE_UNKNOWN && !shape_draw(d, glyph_page((enum page_state)s, 0), 0, 0, 10, 20, 0))
			fail_msg("draw/shape.c has no outline for %s", page_state_name((enum page_state)s));
	for (int i = 1; i <= 8; i++)
		assert_true(shape_draw(d, glyph_spark((uint64_t)i, 8, 0), 0, 0, 10, 20, 0));
	for (int i = 0; i <= 8; i++)
		assert_true(shape_draw(d, glyph_bar((uint64_t)i, 8, 4, 1, 0), 0, 0, 10, 20, 0));
	assert_false(shape_draw(d, 'A', 0, 0, 10, 20, 0));
	assert_int_equal(drawing_finish(d, NULL), 0);
	fclose(out);
}

static void fails(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct canvas canvas;
	struct err err = { 0 };

	assert_null(drawing_create(DRAW_PNG, stdout, DRAWING_MAX + 1, 10, NULL, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	if (!full)
		skip();
	setvbuf(full, NULL, _IONBF, 0);
	canvas_init(&canvas, 24, 80, 0);
	for (int format = 0; format < DRAW_FORMATS; format++) {
		err = (struct err){ 0 };
		assert_int_equal(
		    cells_write(full, (enum draw_format)format, &canvas, theme_find("light"), NULL, &err),
		    -1);
		assert_int_equal(err.code, ERR_SYSTEM);
	}
	canvas_fini(&canvas);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(any_character),
		cmocka_unit_test(states_are_shapes),
		cmocka_unit_test(fails),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	/* what the libraries keep of fonts is no leak of ours */
	cairo_debug_reset_static_data();
	FcFini();
	return failed;
}
