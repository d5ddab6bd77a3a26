/* The list of processes to choose from. */
#include "check.h"

#include <string.h>

#include "screens/scene_builder.h"
#include "ui/chooser.h"
#include "ui/commands.h"

#define MIB (UINT64_C(1) << 20)

static struct process_info list[] = {
	{ 1, 0, (char *)"root", (char *)"/sbin/init splash", 12 * MIB, 160 * MIB, 10,
	  PROCESS_REFUSED_MORE_RIGHTS },
	{ 4242, 1000, (char *)"ann", (char *)"./demo 64", 3 * MIB, 132 * MIB, 20, PROCESS_REFUSED_NOT },
	{ 5100, 1000, (char *)"ann",
	  (char *)"python3 -c 'import time; time.sleep(1000)' and a very long line", 9 * MIB, 30 * MIB, 30,
	  PROCESS_REFUSED_NOT },
	{ 99, 101, (char *)"systemd-network", (char *)"/lib/systemd/systemd-networkd", 8 * MIB, 90 * MIB, 40,
	  PROCESS_REFUSED_OTHER_USER },
	{ 6000, 1000, (char *)"ann", (char *)"\u65e5\u672c\u8a9e", MIB / 2, 16 * MIB *MIB, 50,
	  PROCESS_REFUSED_NOT },
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

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
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

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
	draw(&c, 24, 80, NULL);
	assert_int_equal(c.lines.selected, CHOICE_DEMO);
	assert_int_equal(chooser_key(&c, '\n'), CHOOSER_CHOSEN);
	type(&c, "/demo"); /* also the end of a process's name: the demo stays selected */
	assert_int_equal(c.lines.selected, CHOICE_DEMO);
	assert_int_equal(c.lines.shown, 2);
	chooser_key(&c, KEY_CODE_DOWN);
	assert_int_equal(c.lines.selected, 4242);
	assert_int_equal(chooser_key(&c, '\n'), CHOOSER_CHOSEN);
	chooser_key(&c, KEY_ESCAPE);
	type(&c, "/51");
	assert_int_equal(c.lines.selected, 5100);
	type(&c, "q"); /* a letter of the search like any other */
	assert_int_equal(c.lines.shown, 0);
	assert_int_equal(chooser_key(&c, '\n'), CHOOSER_STAY);
	draw(&c, 12, 80, "choose-nothing");
	chooser_key(&c, KEY_ESCAPE);
	assert_int_equal(chooser_key(&c, 'q'), CHOOSER_QUIT);
	assert_int_equal(chooser_key(&c, KEY_CTRL('C')), CHOOSER_QUIT);
	chooser_fini(&c);
}

static void helps(void **state)
{
	struct chooser c;

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
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

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
	draw(&c, 5, 80, NULL); /* two lines */
	type(&c, "oo");        /* by virtual size: 6000, 1, 4242, 99, 5100 */
	for (int i = 0; i < 3; i++)
		chooser_key(&c, KEY_CODE_DOWN);
	assert_int_equal(c.lines.selected, 4242);
	again[n++] = (struct process_info){ 7,          0,  (char *)"root",     (char *)"new", MIB,
					    1000 * MIB, 60, PROCESS_REFUSED_NOT };
	for (size_t i = 0; i < COUNT; i++)
		again[n++] = list[i];
	assert_int_equal(c.lines.at - c.lines.top, 1);
	choice_update(&c.lines, again, n);
	assert_int_equal(c.lines.selected, 4242);
	assert_int_equal(c.lines.at, 4);
	assert_int_equal(c.lines.at - c.lines.top, 1);
	again[2] = again[n - 1]; /* 4242 ends */
	choice_update(&c.lines, again, n - 1);
	assert_int_not_equal(c.lines.selected, 4242);
	assert_true(c.lines.at >= c.lines.top && c.lines.at < c.lines.top + c.lines.rows);
	choice_update(&c.lines, NULL, 0);
	assert_int_equal(c.lines.selected, CHOICE_DEMO);
	chooser_fini(&c);
}

static void sorts(void **state)
{
	static const struct {
		enum choice_sort sort;
		int32_t first;
	} cases[] = { { CHOICE_BY_PID, 1 },       { CHOICE_BY_USER, 4242 },    { CHOICE_BY_RESIDENT, 1 },
		      { CHOICE_BY_GROWTH, 1 },    { CHOICE_BY_VIRTUAL, 6000 }, { CHOICE_BY_WATCH, 4242 },
		      { CHOICE_BY_COMMAND, 4242 } };
	struct chooser c;

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
	for (int i = 0; i < CHOICE_SORTS; i++) {
		for (int key = 0; c.lines.sort != cases[i].sort; key++)
			assert_true(chooser_key(&c, 'o') == CHOOSER_STAY && key < CHOICE_SORTS);
		assert_int_equal(c.lines.lines[1].info->pid, cases[i].first);
	}
	chooser_fini(&c);
}

/* How much each has grown since it came on the list; a reused pid is another process. */
static void shows_growth(void **state)
{
	struct process_info later[COUNT];
	struct chooser c;

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
	memcpy(later, list, sizeof list);
	later[1].resident += 2 * MIB;
	later[2].resident -= MIB;
	later[4].resident += 7 * MIB;
	later[4].started++;
	choice_update(&c.lines, later, COUNT);
	choice_sort(&c.lines, CHOICE_BY_GROWTH);
	assert_int_equal(c.lines.lines[1].info->pid, 4242);
	assert_int_equal(c.lines.lines[1].growth, 2 * MIB);
	assert_int_equal(c.lines.lines[COUNT].info->pid, 5100);
	assert_int_equal(c.lines.lines[COUNT].growth, -(int64_t)MIB);
	assert_int_equal(c.lines.lines[COUNT - 1].growth, 0);
	draw(&c, 12, 80, "choose-growth");
	chooser_fini(&c);
}

/* Keys that a user has bound work here like their commands, and are shown. */
static void takes_bound_keys(void **state)
{
	struct keymap keys = { 0 };
	struct chooser c;
	struct err err = { 0 };

	assert_int_equal(commands_bind(&keys, "n", "search", &err), 0);
	assert_int_equal(commands_bind(&keys, "Q", "quit", &err), 0);
	assert_int_equal(commands_bind(&keys, "q", "nothing", &err), 0);
	chooser_init(&c, &keys);
	choice_update(&c.lines, list, COUNT);
	draw(&c, 12, 80, NULL);
	assert_int_equal(chooser_key(&c, 'q'), CHOOSER_STAY);
	type(&c, "nn"); /* the second one is typed */
	assert_true(c.typing);
	assert_string_equal(c.lines.search, "n");
	chooser_key(&c, KEY_ESCAPE);
	assert_int_equal(chooser_key(&c, 'Q'), CHOOSER_QUIT);
	chooser_fini(&c);
	keymap_fini(&keys);
}

static void takes_the_mouse(void **state)
{
	struct chooser c;
	struct mouse mouse = { CHOOSER_FIRST_ROW - 1, 3, KEY_MOUSE_PRESS };

	chooser_init(&c, NULL);
	choice_update(&c.lines, list, COUNT);
	draw(&c, 24, 80, NULL);
	chooser_mouse(&c, &mouse);
	assert_int_equal(c.lines.sort, CHOICE_BY_PID);
	mouse.row = CHOOSER_FIRST_ROW + 3;
	assert_int_equal(chooser_mouse(&c, &mouse), CHOOSER_STAY);
	assert_int_equal(c.lines.selected, 4242);
	mouse.what = KEY_MOUSE_DOUBLE;
	assert_int_equal(chooser_mouse(&c, &mouse), CHOOSER_CHOSEN);
	mouse.row = CHOOSER_FIRST_ROW + 30; /* below the last */
	assert_int_equal(chooser_mouse(&c, &mouse), CHOOSER_STAY);
	chooser_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures),     cmocka_unit_test(chooses),
		cmocka_unit_test(helps),        cmocka_unit_test(holds_the_selection),
		cmocka_unit_test(sorts),        cmocka_unit_test(takes_the_mouse),
		cmocka_unit_test(shows_growth), cmocka_unit_test(takes_bound_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
