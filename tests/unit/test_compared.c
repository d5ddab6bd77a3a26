/* A comparison on the screen's state: where it begins, how it jumps, what it refuses. */
#include "model_check.h"

#include <string.h>

#include "cmd/still.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/show_process.h"
#include "ui/update.h"

#define MOVED 0x2000u /* how much higher B's memory is */

struct two {
	struct world *world[ALIGNED_SIDES];
	struct aligned *aligned;
	struct ui ui;
};

static void map(struct process *p, uint64_t id, struct region_attr attr)
{
	struct run tile = { attr.start / PAGE, attr.end / PAGE, PAGE_RESERVED };

	space_map(p->space, id, &attr, 0);
	space_set_pages(p->space, &tile, 1, 0);
}

static void set(struct process *p, uint64_t first, uint64_t pages)
{
	struct run tile = { first, first + pages, PAGE_ANON };

	space_set_pages(p->space, &tile, 1, 0);
}

static int set_up(void **state)
{
	static struct two two;
	struct process *p[ALIGNED_SIDES];

	memset(&two, 0, sizeof two);
	for (int side = 0; side < ALIGNED_SIDES; side++) {
		uint64_t moved = side == ALIGNED_B ? MOVED : 0;
		struct region_attr stack = check_anon(0x7ff00 + moved, 0x7ff20 + moved);

		stack.kind = REGION_STACK;
		stack.path = "[stack]";
		two.world[side] = world_create();
		p[side] = check_process(two.world[side], 42);
		map(p[side], 1, check_anon(0x10000 + moved, 0x10400 + moved));
		map(p[side], 2, stack);
	}
	set(p[ALIGNED_B], 0x10010 + MOVED, 100);
	set(p[ALIGNED_B], 0x10200 + MOVED, 1);
	set(p[ALIGNED_A], 0x10300, 3);
	const struct aligned_picture pictures[] = { { p[0], "a", "", 0 }, { p[1], "b", "", 0 } };

	two.aligned = aligned_create(pictures, false);
	ui_init(&two.ui, two.aligned->stage, still_source(), two.aligned->sides[ALIGNED_B].pid,
		theme_list()[0]);
	two.ui.view.press.key = commands_key;
	ui_compare(&two.ui, two.aligned);
	two.ui.view.grid.zoom_auto = false;
	ui_update(&two.ui, 24, 80);
	*state = &two;
	return 0;
}

static int tear_down(void **state)
{
	struct two *t = *state;

	ui_fini(&t->ui);
	aligned_destroy(t->aligned);
	world_destroy(t->world[0]);
	world_destroy(t->world[1]);
	return 0;
}

static void press(struct two *t, uint32_t key, uint64_t at)
{
	input_key(&t->ui, key);
	ui_update(&t->ui, 24, 80);
	assert_int_equal(t->ui.view.grid.cursor, at + MOVED);
}

/* By runs of differences, not page by page; at each zoom; and back. */
static void jumps_by_differences(void **state)
{
	struct two *t = *state;

	assert_int_equal(t->ui.view.grid.cursor, 0x10010 + MOVED);
	press(t, '>', 0x10200);
	press(t, '>', 0x10300);
	press(t, '>', 0x10300);
	assert_non_null(strstr(t->ui.view.message.text, "no difference"));
	press(t, '<', 0x10200);
	press(t, '<', 0x10010);
	press(t, '<', 0x10010);
	press(t, KEY_CODE_RIGHT, 0x10011);
	press(t, '>', 0x10200);
	t->ui.view.grid.zoom = 4;
	ui_update(&t->ui, 24, 80);
	press(t, '>', 0x10300);
	press(t, '<', 0x10200);
	press(t, '<', 0x10010);
}

/* An address is one of the chosen side. */
static void goes_to_addresses(void **state)
{
	struct two *t = *state;
	struct err err = { 0 };

	assert_int_equal(commands_run_text(&t->ui, "goto 0x12200000", &err), 0);
	assert_int_equal(t->ui.view.grid.cursor, 0x12200);
	press(t, '(', 0x12200 - MOVED); /* the other side, the same place */
	assert_int_equal(aligned_side_of(t->aligned, t->ui.shown.process), ALIGNED_A);
	assert_int_equal(commands_run_text(&t->ui, "goto 0x10300000", &err), 0);
	assert_int_equal(t->ui.view.grid.cursor, 0x12300);
	assert_int_equal(commands_run_text(&t->ui, "goto 0x12200000", &err), 0);
	assert_int_equal(t->ui.view.grid.cursor, 0x12300);
	assert_true(t->ui.view.message.bad);
	assert_int_equal(commands_run_text(&t->ui, "goto stack+0x1000", &err), 0);
	assert_int_equal(t->ui.view.grid.cursor, 0x7ff01 + MOVED);
}

static void lists_differences(void **state)
{
	struct two *t = *state;

	assert_int_equal(t->ui.viewport.list.count, 2);
	assert_int_equal(t->ui.viewport.list.rows[0].differ, 104);
	assert_int_equal(t->ui.viewport.list.rows[1].differ, 0);
	t->ui.view.regions.sort = REGION_SORT_NAME;
	ui_update(&t->ui, 24, 80);
	assert_int_equal(t->ui.viewport.list.rows[0].differ, 0);
}

static void refuses_what_moves(void **state)
{
	static const char keys[] = " sBPmcpfditS";
	struct two *t = *state;

	for (const char *key = keys; *key; key++) {
		input_key(&t->ui, (uint32_t)*key);
		assert_true(t->ui.view.message.bad);
		assert_null(t->ui.view.prompt.ops);
		assert_true(t->ui.view.pair);
	}
	input_key(&t->ui, 'q');
	assert_true(t->ui.quit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(jumps_by_differences),
		TEST(goes_to_addresses),
		TEST(lists_differences),
		TEST(refuses_what_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
