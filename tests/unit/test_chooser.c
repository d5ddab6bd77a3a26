/* The list of processes to choose from. */
#include "check.h"

#include <string.h>

#include "screens/scene_builder.h"
#include "ui/chooser.h"

#define MIB (UINT64_C(1) << 20)

static struct process_info list[] = {
	{ 1, 0, (char *)"root", (char *)"/sbin/init splash", 12 * MIB, 160 * MIB, false },
	{ 4242, 1000, (char *)"ann", (char *)"./demo 64", 3 * MIB, 132 * MIB, true },
	{ 5100, 1000, (char *)"ann",
	  (char *)"python3 -c 'import time; time.sleep(1000)' and a very long line", 9 * MIB, 30 * MIB,
	  true },
	{ 99, 101, (char *)"systemd-network", (char *)"/lib/systemd/systemd-networkd", 8 * MIB, 90 * MIB,
	  false },
	{ 6000, 1000, (char *)"ann", (char *)"\u65e5\u672c\u8a9e", MIB / 2, 16 * MIB *MIB, true },
};
#define COUNT (sizeof list / sizeof *list)

static void type(struct chooser *c, const char *text)
{
	for (; *text; text++)
		assert_int_equal(chooser_key(c, (unsigned char)*text), CHOOSER_STAY);
}

static void draw(struct chooser *c, int rows, int columns, const char *name)
{
	struct canvas canvas;

	canvas_init(&canvas, rows, columns, 0);
	chooser_draw(&canvas, c);
	if (name)
		canvas_check(&canvas, name);
	canvas_fini(&canvas);
}

static void pictures(void **state)
{
	struct chooser c;

	chooser_init(&c);
	chooser_update(&c, list, COUNT);
	draw(&c, 12, 80, "choose");
	type(&c, "/ann");
	draw(&c, 12, 80, "choose-search");
	chooser_key(&c, KEY_ESCAPE);
	chooser_key(&c, KEY_CODE_DOWN);
	assert_int_equal(chooser_key(&c, '\n'), CHOOSER_STAY); /* init is not to be watched */
	draw(&c, 12, 80, "choose-denied");
	for (int rows = 1; rows < 10; rows++)
		for (int columns = 1; columns < 90; columns++)
			draw(&c, rows, columns, NULL);
	chooser_fini(&c);
}

static void chooses(void **state)
{
	struct chooser c;

	chooser_init(&c);
	chooser_update(&c, list, COUNT);
	draw(&c, 24, 80, NULL);
	assert_int_equal(c.selected, CHOOSER_DEMO);
	assert_int_equal(chooser_key(&c, '\n'), CHOOSER_CHOSEN);
	type(&c, "/demo");
	assert_int_equal(c.selected, 4242);
	assert_int_equal(chooser_key(&c, '\n'), CHOOSER_CHOSEN);
	chooser_key(&c, KEY_ESCAPE);
	type(&c, "/51");
	assert_int_equal(c.selected, 5100);
	type(&c, "q"); /* a letter of the search like any other */
	assert_int_equal(c.shown, 1);
	chooser_key(&c, KEY_ESCAPE);
	assert_int_equal(chooser_key(&c, 'q'), CHOOSER_QUIT);
	assert_int_equal(chooser_key(&c, KEY_CTRL('C')), CHOOSER_QUIT);
	chooser_fini(&c);
}

static void helps(void **state)
{
	struct chooser c;

	chooser_init(&c);
	chooser_update(&c, list, COUNT);
	assert_int_equal(chooser_key(&c, KEY_CODE_F1), CHOOSER_STAY);
	assert_true(c.help);
	draw(&c, 14, 80, "choose-help");
	assert_int_equal(chooser_key(&c, KEY_ESCAPE), CHOOSER_STAY); /* closes it */
	assert_false(c.help);
	type(&c, "?");
	assert_true(c.help);
	type(&c, "?"); /* closes it, too */
	assert_false(c.help);
	type(&c, "/");
	assert_true(c.typing);
	type(&c, "?"); /* a character of the search */
	assert_false(c.help);
	chooser_key(&c, KEY_CODE_F1);
	assert_true(c.help && c.typing);
	chooser_key(&c, KEY_ESCAPE);
	assert_int_equal(chooser_key(&c, KEY_ESCAPE), CHOOSER_STAY); /* ends the search */
	assert_int_equal(chooser_key(&c, KEY_ESCAPE), CHOOSER_QUIT);
	chooser_fini(&c);
}

/* The list is read again: the selected process stays selected, and stays where it is. */
static void holds_the_selection(void **state)
{
	struct process_info again[COUNT + 2];
	struct chooser c;
	size_t n = 0;

	chooser_init(&c);
	chooser_update(&c, list, COUNT);
	draw(&c, 5, 80, NULL); /* two lines */
	type(&c, "o");         /* by reserved: 6000, 1, 4242, 99, 5100 */
	for (int i = 0; i < 3; i++)
		chooser_key(&c, KEY_CODE_DOWN);
	assert_int_equal(c.selected, 4242);
	again[n++] = (struct process_info){ 7, 0, (char *)"root", (char *)"new", MIB, 1000 * MIB, true };
	for (size_t i = 0; i < COUNT; i++)
		again[n++] = list[i];
	assert_int_equal(c.at - c.top, 1);
	chooser_update(&c, again, n);
	assert_int_equal(c.selected, 4242);
	assert_int_equal(c.at, 4);
	assert_int_equal(c.at - c.top, 1);
	again[2] = again[n - 1]; /* 4242 ends */
	chooser_update(&c, again, n - 1);
	assert_int_not_equal(c.selected, 4242);
	assert_true(c.at >= c.top && c.at < c.top + c.rows);
	chooser_update(&c, NULL, 0);
	assert_int_equal(c.selected, CHOOSER_DEMO);
	chooser_fini(&c);
}

static void sorts(void **state)
{
	static const struct {
		enum chooser_sort sort;
		int32_t first;
	} cases[] = { { CHOOSE_BY_PID, 1 },
		      { CHOOSE_BY_USER, 4242 },
		      { CHOOSE_BY_RESIDENT, 1 },
		      { CHOOSE_BY_RESERVED, 6000 },
		      { CHOOSE_BY_COMMAND, 4242 } };
	struct chooser c;

	chooser_init(&c);
	chooser_update(&c, list, COUNT);
	for (int i = 0; i < CHOOSE_SORTS; i++) {
		for (int key = 0; c.sort != cases[i].sort; key++)
			assert_true(chooser_key(&c, 'o') == CHOOSER_STAY && key < CHOOSE_SORTS);
		assert_int_equal(c.lines[1]->pid, cases[i].first);
	}
	chooser_fini(&c);
}

static void takes_the_mouse(void **state)
{
	struct chooser c;
	struct mouse mouse = { CHOOSER_FIRST_ROW - 1, 3, MOUSE_PRESS };

	chooser_init(&c);
	chooser_update(&c, list, COUNT);
	draw(&c, 24, 80, NULL);
	chooser_mouse(&c, &mouse);
	assert_int_equal(c.sort, CHOOSE_BY_PID);
	mouse.row = CHOOSER_FIRST_ROW + 3;
	assert_int_equal(chooser_mouse(&c, &mouse), CHOOSER_STAY);
	assert_int_equal(c.selected, 4242);
	mouse.what = MOUSE_DOUBLE;
	assert_int_equal(chooser_mouse(&c, &mouse), CHOOSER_CHOSEN);
	mouse.row = CHOOSER_FIRST_ROW + 30; /* below the last */
	assert_int_equal(chooser_mouse(&c, &mouse), CHOOSER_STAY);
	chooser_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures), cmocka_unit_test(chooses),
		cmocka_unit_test(helps),    cmocka_unit_test(holds_the_selection),
		cmocka_unit_test(sorts),    cmocka_unit_test(takes_the_mouse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
