/* The page panel with its tabs, and the overlays, against golden pictures. */
#include "unit/check.h"

#include <stdio.h>
#include <string.h>

#include "render/address_picture.h"
#include "ui/view/overlays.h"
#include "ui/view/panel.h"
#include "screens/panels_scene.h"
#include "screens/scene_builder.h"

static struct panels_scene s; /* too large for the stack */

static int draw_panel(struct canvas *canvas, int row, int rows)
{
	return panel_detail(area_part(area_all(canvas), row, 0, rows, canvas->columns), &s.scene);
}

/* Every spot's page tab, one below the other. */
static void check_spots(int rows, int columns, bool root, int ascii, const char *name)
{
	struct canvas canvas;
	panels_scene_init(&s, columns);
	canvas_init(&canvas, rows * SPOTS, columns, ascii);
	for (int i = 0; i < SPOTS; i++) {
		panels_scene_go(&s, (enum spot)i, root);
		draw_panel(&canvas, i * rows, rows);
	}
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

static void test_pages(void **unused)
{
	check_spots(5, 80, false, 0, "panels-page-80");
	check_spots(8, 120, true, 0, "panels-page-120-root");
	check_spots(11, 200, true, 0, "panels-page-200-root");
	check_spots(5, 40, false, 1, "panels-page-40-ascii");
}

static void check_addresses(int rows, int columns, const char *name)
{
	static const struct {
		enum spot spot;
		int bits;
	} cases[] = { { SPOT_HEAP, 48 }, { SPOT_HUGE, 48 }, { SPOT_SWAP, 48 }, { SPOT_HEAP_END, 48 },
		      { SPOT_ZERO, 57 }, { SPOT_TEXT, 32 }, { SPOT_VVAR, 0 } };
	enum { CASES = sizeof cases / sizeof *cases };
	struct canvas canvas;
	panels_scene_init(&s, columns);
	panels_scene_tab(&s, "address");
	canvas_init(&canvas, rows * CASES, columns, 0);
	for (int i = 0; i < CASES; i++) {
		s.process.identity.address_bits = cases[i].bits;
		panels_scene_go(&s, cases[i].spot, i == 0);
		draw_panel(&canvas, i * rows, rows);
	}
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

/* With larger pages there are other levels, the topmost of which may be of one bit. */
static void check_page_sizes(int rows, const char *name)
{
	static const struct address_picture pictures[] = {
		{ .address = 0xaaaae1f0c000, .address_bits = 48, .page_shift = 12, .word = PAGE_ANON },
		{ .address = 0xaaaae1f0c000, .address_bits = 48, .page_shift = 14, .word = PAGE_ANON },
		{ .address = 0xaaaae1f10000, .address_bits = 52, .page_shift = 16, .word = PAGE_ANON },
		{ .address = 0x2aae1f10000, .address_bits = 42, .page_shift = 16, .word = PAGE_RESERVED },
	};
	enum { PICTURES = sizeof pictures / sizeof *pictures };
	struct canvas canvas;

	canvas_init(&canvas, rows * PICTURES, 80, 0);
	for (int i = 0; i < PICTURES; i++)
		address_picture_draw(area_part(area_all(&canvas), i * rows, 0, rows, 80), rows, &pictures[i]);
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
}

static void test_addresses(void **unused)
{
	check_page_sizes(12, "address-page-sizes");
	check_addresses(5, 80, "panels-address-80");
	check_addresses(8, 120, "panels-address-120");
	check_addresses(11, 120, "panels-address-tall");
	check_addresses(8, 40, "panels-address-40");
}

static void check_tabs(int rows, int columns, bool root, int scroll, const char *name)
{
	struct canvas canvas;
	panels_scene_init(&s, columns);
	panels_scene_go(&s, SPOT_HEAP, root);
	panels_scene_bytes(&s);
	panels_scene_compare(&s);
	output_add(&s.process.output, "hello\nworld\ntouching page 3\none\ntwo\nthree\n> ", 45);
	s.view.focus = VIEW_FOCUS_DETAIL;
	canvas_init(&canvas, rows * (int)s.view.tabs.count, columns, 0);
	for (size_t i = 0; i < s.view.tabs.count; i++) {
		s.view.tabs.shown = &s.view.tabs.items[i];
		s.view.tabs.shown->scroll = scroll;
		draw_panel(&canvas, (int)i * rows, rows);
	}
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

static void test_tabs(void **unused)
{
	check_tabs(5, 80, false, 0, "panels-tabs-80");
	check_tabs(5, 80, false, 2, "panels-tabs-80-scrolled");
	check_tabs(8, 120, true, 0, "panels-tabs-120-root");
	check_tabs(8, 120, true, 1000, "panels-tabs-120-end");
	check_tabs(12, 200, true, 0, "panels-tabs-200-root");
}

/* What the tabs say where they have nothing to show. */
static void test_nothing_to_show(void **unused)
{
	struct canvas canvas;
	panels_scene_init(&s, 80);
	canvas_init(&canvas, 9 * 5, 80, 0);
	panels_scene_go(&s, SPOT_HEAP_END, false);
	s.process.identity.launched = false;
	s.process.status = PROCESS_GONE;
	for (size_t i = 0; i < s.view.tabs.count; i++) {
		s.view.tabs.shown = &s.view.tabs.items[i];
		draw_panel(&canvas, (int)i * 5, 5);
	}
	panels_scene_go(&s, SPOT_GAP, false);
	s.scene.detail = NULL;
	for (int i = 0; i < 2; i++) {
		panels_scene_tab(&s, i ? "bytes" : "entry");
		draw_panel(&canvas, ((int)s.view.tabs.count + i) * 5, 5);
	}
	canvas_check(&canvas, "panels-nothing");
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

static const char *const help[] = {
	"Moving",
	"  up, k       one row up",
	"  pgup        a screenful up",
	"",
	"Looking",
	"  +           closer: half the pages a cell",
	"  tab         the next panel",
	"",
	"Leaving",
	"  F1, ?       this help",
	"  q, ^C       quit",
	"  esc         close",
	NULL,
};

#define NO_SWAP 4 /* the same as the one before, where that is known */

static void draw_overlay(struct canvas *canvas, int which)
{
	struct area all = area_all(canvas);
	static const struct overlay_ops *const overlays[] = { &overlay_help, &overlay_legend, &overlay_quit,
							      &overlay_reclaim, &overlay_reclaim };
	area_fill(all, PEN(INK_TEXT));
	draw_panel(canvas, 0, canvas->rows);
	overlays[which]->draw(all, &s.scene, &s.view.overlay);
}

static void check_overlay(int which, int rows, int columns, int ascii, int scroll, const char *name)
{
	struct canvas canvas;
	panels_scene_init(&s, columns);
	s.scene.help = help;
	s.view.overlay.scroll = scroll;
	if (which == NO_SWAP) {
		s.process.figures.known = true;
		s.process.figures.read.values[KERNEL_MACHINE_SWAP] = 0;
	}
	canvas_init(&canvas, rows, columns, ascii);
	draw_overlay(&canvas, which);
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

static void test_overlays(void **unused)
{
	check_overlay(0, 24, 80, 0, 0, "panels-help");
	check_overlay(0, 12, 120, 0, 0, "panels-help-two");
	check_overlay(0, 12, 40, 1, 3, "panels-help-scrolled");
	check_overlay(1, 24, 80, 0, 0, "panels-legend");
	check_overlay(1, 12, 40, 1, 1000, "panels-legend-ascii-end");
	check_overlay(1, 30, 200, 0, 0, "panels-legend-two");
	check_overlay(2, 24, 80, 0, 0, "panels-quit");
	check_overlay(3, 24, 80, 0, 0, "panels-reclaim");
	check_overlay(NO_SWAP, 24, 80, 0, 0, "panels-reclaim-no-swap");
}

/* No size may crash, and an ASCII canvas has ASCII only. */
static void test_all_sizes(void **unused)
{
	panels_scene_init(&s, 80);
	panels_scene_compare(&s);
	s.scene.help = help;
	output_add(&s.process.output, "\xe4\xbd\x93\n", 4);
	for (int rows = 1; rows < 20; rows++)
		for (int columns = 1; columns < 220; columns += 1 + columns / 9) {
			struct canvas canvas;
			canvas_init(&canvas, rows, columns, 1);
			for (int spot = 0; spot < SPOTS; spot++) {
				panels_scene_go(&s, (enum spot)spot, spot & 1);
				panels_scene_bytes(&s);
				s.view.tabs.shown = &s.view.tabs.items[(size_t)spot % s.view.tabs.count];
				s.view.tabs.shown->scroll = spot;
				draw_panel(&canvas, 0, rows);
			}
			for (int which = 0; which < 3; which++)
				draw_overlay(&canvas, which);
			for (int i = 0; i < rows * columns; i++)
				assert_in_range(canvas.cells[i].ch, 0x20, 0x7e);
			canvas_fini(&canvas);
		}
	panels_scene_fini(&s);
}

/* Scrolling ends at the last row. */
static void test_scroll_ends(void **unused)
{
	struct canvas canvas;
	panels_scene_init(&s, 80);
	canvas_init(&canvas, 6, 80, 0);
	s.scene.help = help;
	panels_scene_tab(&s, "bytes");
	panels_scene_bytes(&s);
	assert_int_equal(draw_panel(&canvas, 0, 6), 3); /* seven lines in four rows, below tabs and place */
	panels_scene_tab(&s, "output");
	assert_int_equal(draw_panel(&canvas, 0, 5), 0);
	assert_int_equal(overlay_help.draw(area_all(&canvas), &s.scene, &s.view.overlay), 12 - 4);
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),       cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_tabs),        cmocka_unit_test(test_nothing_to_show),
		cmocka_unit_test(test_overlays),    cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_scroll_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
