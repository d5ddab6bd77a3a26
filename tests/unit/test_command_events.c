/* Events, biographies, stacks, functions: lists that follow the process and the cursor. */
#include "desk.h"

#include "ui/view/tab_events.h"
#include "ui/view/tab_functions.h"
#include "ui/view/tab_stack.h"

static void send_name(struct desk *d, uint64_t ip, const char *function)
{
	struct code_frame frame = { function, "demo.c", 3 };
	struct event e = { .type = EVENT_SYMBOL, .pid = STAGE_PID };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = "/demo", .section = "", .why = "", .frames = &frame, .count = 1
	};
	world_apply(d->stage.world, &e);
}

static void add_faults(struct desk *d)
{
	for (uint64_t i = 0; i < 30; i++)
		desk_fault(d, HEAP + i, FAULT_ZERO_FILL, 0x55d2c0a51000);
	for (uint64_t i = 0; i < 3; i++)
		desk_fault(d, ANON + i, FAULT_COW_FORK, 0x55d2c0a51100);
	send_name(d, 0x55d2c0a51000, "fill(int, \"x\")");
	send_name(d, 0x55d2c0a51100, "copy");
	desk_update(d);
}

static int64_t listed(struct desk *d)
{
	return tab_events_state(&d->ui.view)->index.end - tab_events_state(&d->ui.view)->index.first;
}

static void events_are_listed(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	desk_press(d, 'e');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	assert_int_equal(listed(d), 33);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.end - 1);
	desk_fault(d, ANON + 9, FAULT_ZERO_FILL, 1); /* it follows ... */
	desk_update(d);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.end - 1);
	desk_press(d, KEY_CODE_UP);
	desk_press(d, KEY_CODE_UP);
	desk_fault(d, ANON + 10, FAULT_ZERO_FILL, 1); /* ... unless a line is selected */
	desk_update(d);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.end - 4);
	desk_press(d, '\n');
	assert_int_equal(d->ui.view.grid.cursor, ANON + 1);
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	desk_press(d, 'e');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	desk_press(d, KEY_CODE_HOME);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.first);
	desk_press(d, KEY_CODE_END);
	assert_false(tab_events_state(&d->ui.view)->held);
	desk_press(d, 'e');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "page");
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
}

static void events_are_filtered(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	desk_press(d, 'E');
	assert_string_equal(d->ui.view.prompt.ops->label, "events:");
	desk_type(d, "cause:cow region:anon\n");
	assert_null(d->ui.view.prompt.ops);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	assert_int_equal(listed(d), 3);
	desk_run(d, "events-filter nonsense:3");
	assert_true(d->ui.view.message.bad);
	assert_int_equal(listed(d), 3); /* as it was */
	desk_press(d, KEY_ESCAPE);
	assert_int_equal(listed(d), 33);
	desk_run(d, "events thread:1");
	assert_int_equal(listed(d), 0);
	desk_press(d, '\n'); /* nothing is selected */
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	desk_run(d, "events-filter -");
	assert_int_equal(listed(d), 33);
}

static void a_page_has_a_biography(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	desk_fault(d, HEAP + 2, FAULT_COW_FORK, 0x55d2c0a51100);
	ui_move(&d->ui, HEAP + 2);
	desk_press(d, 'b');
	assert_true(tab_events_state(&d->ui.view)->biography);
	assert_int_equal(listed(d), 2);
	ui_move(&d->ui, HEAP + 3);
	desk_update(d);
	assert_int_equal(listed(d), 1);
	desk_press(d, 'b');
	assert_int_equal(listed(d), 34);
}

static void a_stack_is_of_an_event_or_a_page(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	ui_move(&d->ui, HEAP);
	desk_press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "stack");
	assert_false(tab_stack_state(&d->ui.view)->of.known);
	desk_press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "page");
	desk_press(d, 'e');
	desk_press(d, KEY_CODE_UP);
	desk_press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "stack");
	assert_true(tab_stack_state(&d->ui.view)->of.known &&
		    tab_stack_state(&d->ui.view)->of.kind == EVENT_KIND_FAULT);
	assert_int_equal(tab_stack_state(&d->ui.view)->of.number, 31);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 1);
	desk_press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	desk_press(d, 'x');
	ui_move(&d->ui, HEAP);
	desk_update(d);
	assert_false(tab_stack_state(&d->ui.view)->of.known); /* the cursor went elsewhere */
}

static void functions_are_listed(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	desk_press(d, 'h');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "functions");
	assert_int_equal(tab_functions_state(&d->ui.view)->rows.count, 2);
	assert_string_equal(profile_rows_at(&tab_functions_state(&d->ui.view)->rows, 0)->name,
			    "fill(int, \"x\")");
	desk_press(d, '\n');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	assert_int_equal(listed(d), 30);
	desk_press(d, 'h');
	desk_press(d, KEY_CODE_DOWN);
	desk_press(d, '\n');
	assert_int_equal(listed(d), 3);
	send_name(d, 0x55d2c0a51200, "main");
	desk_press(d, 'X');
	assert_int_equal(tab_functions_state(&d->ui.view)->by, PROFILE_OWN);
	desk_press(d, 'X');
	assert_int_equal(tab_functions_state(&d->ui.view)->rows.count, 3);
	assert_string_equal(profile_rows_at(&tab_functions_state(&d->ui.view)->rows, 0)->name, "main");
	desk_press(d, '\n');
	assert_int_equal(listed(d), 33);
}

static void the_panel_grows(void **state)
{
	struct desk *d = *state;
	int rows = d->ui.viewport.parts.detail.rows;

	desk_press(d, 'v');
	assert_true(d->ui.viewport.parts.detail.rows >= 2 * rows);
	assert_true(d->ui.viewport.parts.grid.rows > 3);
	desk_press(d, 'v');
	assert_int_equal(d->ui.viewport.parts.detail.rows, rows);
}

static void a_click_selects_an_event(void **state)
{
	struct desk *d = *state;
	struct mouse mouse = { .what = KEY_MOUSE_DOUBLE, .column = 20 };

	add_faults(d);
	desk_press(d, 'e');
	mouse.row = d->ui.viewport.parts.detail.row + 4; /* tabs, page, heading, first line, second */
	input_mouse(&d->ui, &mouse);
	desk_update(d);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->top + 1);
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
	assert_int_equal(
	    d->ui.view.grid.cursor,
	    fault_log_at(&d->stage.process->faults.log, event_index_at(&tab_events_state(&d->ui.view)->index,
								       tab_events_state(&d->ui.view)->at)
							    .number)
		    ->fault.address >>
		12);
}

/* A frozen picture lists what there was. */
static void events_of_a_held_picture(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	desk_press(d, 'e');
	desk_press(d, 'p');
	desk_fault(d, ANON + 20, FAULT_ZERO_FILL, 1);
	desk_update(d);
	assert_int_equal(listed(d), 33);
	desk_press(d, 'p');
	assert_int_equal(listed(d), 34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(events_are_listed),        DESK_TEST(events_are_filtered),
		DESK_TEST(a_page_has_a_biography),   DESK_TEST(a_stack_is_of_an_event_or_a_page),
		DESK_TEST(functions_are_listed),     DESK_TEST(the_panel_grows),
		DESK_TEST(a_click_selects_an_event), DESK_TEST(events_of_a_held_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
