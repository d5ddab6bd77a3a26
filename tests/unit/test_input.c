/* Panels, prompts, the mouse: who gets a key. */
#include "desk.h"

#include "ui/line_edit.h"

static void panels_take_the_keys(void **state)
{
	struct desk *d = *state;
	int at;

	desk_press(d, '\t');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_REGIONS);
	at = d->ui.view.regions.at;
	desk_press(d, KEY_CODE_DOWN);
	assert_int_equal(d->ui.view.regions.at, at + 1);
	assert_int_equal(d->ui.view.grid.cursor, d->ui.viewport.list.rows[at + 1].first);
	desk_press(d, '\t');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	desk_press(d, '4');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "bytes");
	desk_press(d, KEY_CODE_DOWN);
	desk_press(d, KEY_CODE_DOWN);
	assert_int_equal(d->ui.view.tabs.shown->scroll, 2);
	desk_press(d, KEY_CODE_HOME);
	assert_int_equal(d->ui.view.tabs.shown->scroll, 0);
	desk_press(d, KEY_CODE_RIGHT);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "output");
	desk_press(d, KEY_CODE_TAB_BACK);
	desk_press(d, '\n');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
}

static void edits_lines(void **state)
{
	char text[8] = "";
	size_t len = 0;

	assert_true(line_edit(text, sizeof text, &len, 'a'));
	assert_true(line_edit(text, sizeof text, &len, 0xe9));
	assert_true(line_edit(text, sizeof text, &len, 0x65e5));
	assert_string_equal(text, "a\u00e9\u65e5");
	assert_false(line_edit(text, sizeof text, &len, 0x65e5)); /* no room for all of it: none of it */
	assert_true(line_edit(text, sizeof text, &len, 'b'));
	assert_false(line_edit(text, sizeof text, &len, 'c'));
	assert_true(line_edit(text, sizeof text, &len, KEY_CODE_BACKSPACE));
	assert_true(line_edit(text, sizeof text, &len, KEY_CODE_BACKSPACE));
	assert_string_equal(text, "a\u00e9");
	assert_false(line_edit(text, sizeof text, &len, KEY_CODE_UP));
	assert_false(line_edit(text, sizeof text, &len, KEY_CTRL('A')));
	assert_true(line_edit(text, sizeof text, &len, KEY_CTRL('U')));
	assert_false(line_edit(text, sizeof text, &len, KEY_CODE_BACKSPACE));
	line_edit(text, sizeof text, &len, 'x');
	line_edit(text, sizeof text, &len, ' ');
	line_edit(text, sizeof text, &len, 'y');
	line_edit(text, sizeof text, &len, KEY_CTRL('W'));
	assert_string_equal(text, "x ");
}

static void runs_commands_by_name(void **state)
{
	struct desk *d = *state;

	desk_type(d, ":goto stack\n");
	assert_int_equal(d->ui.view.grid.cursor, STACK);
	assert_null(d->ui.view.prompt.ops);
	desk_type(d, ":search\n"); /* asks what to search for */
	assert_string_equal(d->ui.view.prompt.ops->label, "search:");
	desk_type(d, "heap\n");
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
	desk_type(d, ":nonsense\n");
	assert_true(d->ui.view.message.bad);
	desk_type(d, ":tab bytes; theme light\n");
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "bytes");
	assert_string_equal(d->ui.theme->name, "light");
}

static void click(struct desk *d, int row, int column, int what)
{
	struct mouse mouse = { row, column, what };

	input_mouse(&d->ui, &mouse);
	desk_update(d);
}

static void takes_the_mouse(void **state)
{
	struct desk *d = *state;
	const struct screen_parts *p = &d->ui.viewport.parts;
	int64_t row, top;
	int column;

	desk_run(d, "goto heap");
	assert_true(layout_find(&d->ui.viewport.layout, HEAP + 7, &row, &column));
	click(d, p->grid.row + (int)(row - d->ui.view.grid.top), p->grid.column + column, KEY_MOUSE_PRESS);
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 7);
	desk_run(d, "zoom-out; zoom-out");
	assert_true(layout_find(&d->ui.viewport.layout, HEAP + 7, &row, &column));
	click(d, p->grid.row + (int)(row - d->ui.view.grid.top), p->grid.column + column, KEY_MOUSE_DOUBLE);
	assert_int_equal(d->ui.view.grid.zoom, 1);
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 7);
	click(d, p->regions.row + 1, p->regions.column + 4, KEY_MOUSE_PRESS);
	assert_int_equal(d->ui.view.grid.cursor, d->ui.viewport.list.rows[0].first);
	click(d, p->detail.row, 14, KEY_MOUSE_PRESS); /* "2 address" */
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "address");
	desk_run(d, "zoom-in");
	top = d->ui.view.grid.top;
	click(d, p->grid.row + 1, p->grid.column + 1, KEY_MOUSE_WHEEL_DOWN);
	assert_int_equal(d->ui.view.grid.top, top + 3);
	click(d, 0, 0, KEY_MOUSE_PRESS); /* where nothing is */
	click(d, 9999, -1, KEY_MOUSE_PRESS);
}

/* No keys, in any order, do harm; every picture can be drawn. */
static void any_keys(void **state)
{
	struct desk *d = *state;
	uint64_t random = 7;
	struct canvas canvas;
	struct scene scene;

	canvas_init(&canvas, 36, 120, 0);
	d->stage.process->identity.launched = true;
	for (int i = 0; i < 5000; i++) {
		uint32_t key = check_random(&random) % 160;

		input_key(&d->ui, key < 128 ? key : KEY_CODE_UP + key - 128);
		if (i % 50 == 0)
			input_key(&d->ui, KEY_ESCAPE);
		desk_update(d);
		if (i % 10 == 0) {
			scene = ui_scene(&d->ui);
			screen_draw(&canvas, &scene);
		}
	}
	canvas_fini(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(panels_take_the_keys),
		cmocka_unit_test(edits_lines),
		DESK_TEST(runs_commands_by_name),
		DESK_TEST(takes_the_mouse),
		DESK_TEST(any_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
