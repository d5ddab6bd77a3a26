/* The screen in Russian against golden pictures; and in every tab and overlay at every size no character that was cut
 * in its middle, and no line drawn beyond its columns. */
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "ui/chooser.h"
#include "ui/commands.h"
#include "ui/view/overlays.h"
#include "ui/view/panel.h"
#include "screens/panels_scene.h"
#include "screens/scene_builder.h"

#define BAD_CHARACTER 0xfffd

static struct panels_scene panels; /* too large for the stack */

static void begin(struct stage *s, const char *const *argv, struct strbuf *footer)
{
	struct keymap keys = { 0 };

	stage_init(s, argv);
	stage_build_demo(s);
	stage_at(s, 30000);
	commands_footer(footer, COMMANDS_FOOTER_RUNNING, true, &keys);
	s->scene.keys = footer->text;
}

static void whole(void **state)
{
	static const char *const argv[] = { "./демо", "64", NULL };
	struct strbuf footer = { 0 };
	struct stage s;

	begin(&s, argv, &footer);
	stage_check(&s, 24, 80, "ru-demo-80x24");
	stage_check(&s, 36, 120, "ru-demo-120x36");
	s.view.regions.sort = REGION_SORT_GROWTH;
	stage_check(&s, 12, 40, "ru-demo-40x12");
	stage_tab(&s, "why");
	stage_check(&s, 36, 120, "ru-why-120x36");
	stage_fini(&s);
	strbuf_fini(&footer);
}

static void draw_tabs(struct canvas *canvas, int rows)
{
	for (size_t i = 0; i < panels.view.tabs.count; i++) {
		panels.view.tabs.shown = &panels.view.tabs.items[i];
		panel_detail(area_part(area_all(canvas), (int)i * rows, 0, rows, canvas->columns),
			     &panels.scene);
	}
}

static void check_tabs(int rows, int columns, bool root, const char *name)
{
	struct canvas canvas;

	panels_scene_init(&panels, columns);
	panels_scene_go(&panels, SPOT_HEAP, root);
	panels_scene_bytes(&panels);
	panels_scene_compare(&panels);
	output_add(&panels.process.output, "привет\n", 13);
	canvas_init(&canvas, rows * (int)panels.view.tabs.count, columns, 0);
	draw_tabs(&canvas, rows);
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&panels);
}

static void tabs(void **state)
{
	check_tabs(5, 80, false, "ru-tabs-80");
	check_tabs(11, 120, true, "ru-tabs-120");
}

/* The page tab of each kind of page. */
static void pages(void **state)
{
	struct canvas canvas;

	panels_scene_init(&panels, 120);
	canvas_init(&canvas, 9 * SPOTS, 120, 0);
	for (int i = 0; i < SPOTS; i++) {
		panels_scene_go(&panels, (enum spot)i, true);
		panel_detail(area_part(area_all(&canvas), i * 9, 0, 9, 120), &panels.scene);
	}
	canvas_check(&canvas, "ru-pages-120");
	canvas_fini(&canvas);
	panels_scene_fini(&panels);
}

static const struct overlay_ops *const overlays[] = { &overlay_help, &overlay_legend, &overlay_quit,
						      &overlay_reclaim, &overlay_frames };

static void check_overlay(size_t which, int rows, int columns, char **help, const char *name)
{
	struct canvas canvas;

	panels_scene_init(&panels, columns);
	panels.scene.help = (const char *const *)help;
	canvas_init(&canvas, rows, columns, 0);
	overlays[which]->draw(area_all(&canvas), &panels.scene, &panels.view.overlay);
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&panels);
}

static void drawn_over(void **state)
{
	struct keymap keys = { 0 };
	char **help = commands_help(false, &keys);

	check_overlay(0, 24, 80, help, "ru-help-80x24");
	check_overlay(1, 24, 80, help, "ru-legend-80x24");
	check_overlay(1, 60, 120, help, "ru-legend-all");
	check_overlay(2, 24, 80, help, "ru-quit-80x24");
	check_overlay(3, 24, 80, help, "ru-evict-80x24");
	commands_help_free(help);
}

/* Names of two bytes and of two columns a letter. */
static void list(void **state)
{
	static struct process_info processes[] = {
		{ 1, 0, (char *)"root", (char *)"/sbin/init", UINT64_C(12) << 20, UINT64_C(160) << 20, 10,
		  PROCESS_REFUSED_MORE_RIGHTS },
		{ 4242, 1000, (char *)"анна", (char *)"./демо 64", UINT64_C(3) << 20, UINT64_C(132) << 20, 20,
		  PROCESS_REFUSED_NOT },
		{ 6000, 1000, (char *)"体系", (char *)"日本語 --долго", UINT64_C(1) << 19, UINT64_C(16) << 40,
		  50, PROCESS_REFUSED_NOT },
	};
	struct canvas canvas;
	struct chooser c;

	chooser_init(&c, NULL);
	choice_update(&c.lines, processes, sizeof processes / sizeof *processes);
	canvas_init(&canvas, 24, 80, 0);
	chooser_draw(&canvas, &c);
	canvas_check(&canvas, "ru-choose-80x24");
	chooser_key(&c, KEY_CODE_F1);
	chooser_draw(&canvas, &c);
	canvas_check(&canvas, "ru-choose-help");
	canvas_fini(&canvas);
	chooser_fini(&c);
}

/* Parent and child side by side. */
static void pair(void **state)
{
	static const char *const argv[] = { "./демо", NULL };
	struct strbuf footer = { 0 };
	struct stage s;

	begin(&s, argv, &footer);
	stage_fork(&s, 4250);
	stage_tick(&s);
	stage_pair(&s, 4250);
	stage_check(&s, 36, 120, "ru-pair-120x36");
	stage_check(&s, 24, 80, "ru-pair-80x24");
	stage_fini(&s);
	strbuf_fini(&footer);
}

/* The frames of neighbours, as far as they were counted. */
static struct physical frames_seen(void)
{
	struct physical p = { .count = 30, .at = 9, .page_shift = 12, .first = 0x55d2c, .end = 0x55e2c };

	for (uint64_t i = 0; i < p.count; i++)
		p.rows[i] = (struct physical_row){ .page = p.first + i,
						   .word = page_word(i == 4 ? PAGE_SWAP : PAGE_ANON, 0),
						   .frame = i == 4 ? 0 : 0x12ab34 + i,
						   .step = 1,
						   .has_step = i > 0 && i != 4 && i != 5,
						   .flags = 0x5868,
						   .count = 1 + i % 3,
						   .has_flags = true,
						   .has_count = true };
	p.totals = (struct physical_totals){ 200, 198, 7, 128, 120, 60, 16, 1, 0, 0, 0 };
	p.counted_until = p.first + 220;
	return p;
}

static void frames(void **state)
{
	static const char *const argv[] = { "./демо", NULL };
	struct physical p = frames_seen();
	struct strbuf footer = { 0 };
	struct stage s;

	begin(&s, argv, &footer);
	s.scene.frames = &p;
	s.scene.frames_ns = 30000 * UINT64_C(1000000);
	s.view.overlay = (struct overlay){ &overlay_frames, 9 };
	stage_check(&s, 24, 80, "ru-frames-80x24");
	stage_check(&s, 36, 120, "ru-frames-120x36");
	stage_fini(&s);
	strbuf_fini(&footer);
}

/* Text that was cut by bytes would leave half a character. */
static void no_half_characters(void **state)
{
	panels_scene_init(&panels, 80);
	panels_scene_compare(&panels);
	for (int rows = 2; rows < 14; rows += 3)
		for (int columns = 20; columns < 220; columns += 6 + columns / 6) {
			struct canvas canvas;

			canvas_init(&canvas, rows * (int)panels.view.tabs.count, columns, 0);
			for (int spot = 0; spot < SPOTS; spot++) {
				panels_scene_go(&panels, (enum spot)spot, spot & 1);
				panels_scene_bytes(&panels);
				draw_tabs(&canvas, rows);
				for (int i = 0; i < canvas.rows * columns; i++)
					assert_true(canvas.cells[i].ch != BAD_CHARACTER);
			}
			for (size_t which = 1; which < sizeof overlays / sizeof *overlays; which++) {
				overlays[which]->draw(area_all(&canvas), &panels.scene, &panels.view.overlay);
				for (int i = 0; i < canvas.rows * columns; i++)
					assert_true(canvas.cells[i].ch != BAD_CHARACTER);
			}
			canvas_fini(&canvas);
		}
	panels_scene_fini(&panels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(tabs),
		cmocka_unit_test(pages),
		cmocka_unit_test(drawn_over),
		cmocka_unit_test(no_half_characters),
		cmocka_unit_test(list),
		cmocka_unit_test(pair),
		cmocka_unit_test(frames),
	};
	const char *build = getenv("BUILDDIR");
	char catalogues[4096];
	struct err err = { 0 };

	if (!build) {
		puts("BUILDDIR is not set: make check does");
		return 99;
	}
	snprintf(catalogues, sizeof catalogues, "%s/../po/locale", build);
	language_begin(catalogues);
	if (language_choose("ru", &err) < 0) {
		printf("skipped: %s\n", err.text);
		return 77;
	}
	if (!language_is_there("ru")) {
		printf("no Russian messages in %s\n", catalogues);
		return 99;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
