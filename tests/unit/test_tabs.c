/* Tabs behind `struct view_ops`: a table of made-up ones is shown, left and scrolled as the real ones
 * are, so nothing but the table says which tabs there are. */
#include "unit/check.h"

#include <string.h>

#include "ui/view/scene.h"
#include "ui/view/view.h"
#include "ui/view/views.h"

struct list {
	int selected;
};

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	(void)a;
	(void)scene;
	return tab->scroll;
}

static void scroll(struct tab *tab, int lines)
{
	((struct list *)tab->state)->selected += lines;
}

static bool take_event(struct tab *tab, struct view *v, const struct scene *scene, struct view_event *event)
{
	(void)v;
	(void)scene;
	*event =
	    (struct view_event){ .known = true, .number = (uint64_t)((struct list *)tab->state)->selected };
	return true;
}

static struct view_event taken;

static void open(struct tab *tab, struct view *v, const struct scene *scene)
{
	struct tab *from = view_tab_with_keys(v);

	(void)tab;
	if (from && from->ops->take_event)
		from->ops->take_event(from, v, scene, &taken);
}

static const struct view_ops list_ops;

static const struct view_ops *back(struct tab *tab)
{
	(void)tab;
	return taken.known ? &list_ops : NULL;
}

static const struct view_ops first_ops = { .name = "first", .key = '1', .draw = draw };
static const struct view_ops end_ops = {
	.name = "end", .key = '2', .flags = TAB_STAYS | TAB_FROM_END, .draw = draw
};
static const struct view_ops list_ops = { .name = "list",
					  .key = 'l',
					  .flags = TAB_LIST,
					  .state_size = sizeof(struct list),
					  .draw = draw,
					  .scroll = scroll,
					  .take_event = take_event };
static const struct view_ops of_ops = {
	.name = "of", .key = 'o', .flags = TAB_LIST, .draw = draw, .open = open, .back = back
};
static const struct view_ops *const table[] = { &first_ops, &end_ops, &list_ops, &of_ops, NULL };

static struct view view;

static int set_up(void **state)
{
	(void)state;
	view_init(&view, table, 1);
	taken = (struct view_event){ .known = false };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	view_fini(&view);
	return 0;
}

static void press(uint32_t key)
{
	struct tab *tab = tabs_by_key(&view.tabs, key);
	struct scene scene = { .view = &view };

	assert_non_null(tab);
	view_press_tab(&view, &scene, tab);
}

static const char *shown(void)
{
	return view.tabs.shown->ops->name;
}

static void are_found(void **state)
{
	(void)state;
	assert_int_equal(view.tabs.count, 4);
	assert_string_equal(shown(), "first");
	assert_ptr_equal(tabs_named(&view.tabs, "list")->ops, &list_ops);
	assert_null(tabs_named(&view.tabs, "no such"));
	assert_null(tabs_by_key(&view.tabs, 'x'));
	tabs_step(&view.tabs, -1);
	assert_string_equal(shown(), "of");
	tabs_step(&view.tabs, 1);
	assert_string_equal(shown(), "first");
}

/* The key of a list gives it the keyboard, and takes it away again. */
static void lists_take_the_keyboard(void **state)
{
	(void)state;
	press('2');
	assert_int_equal(view.focus, VIEW_FOCUS_GRID);
	press('l');
	assert_int_equal(view.focus, VIEW_FOCUS_DETAIL);
	assert_ptr_equal(view_tab_with_keys(&view)->ops, &list_ops);
	press('l');
	assert_string_equal(shown(), "first");
	assert_int_equal(view.focus, VIEW_FOCUS_GRID);
}

static void scroll_in_their_own_way(void **state)
{
	(void)state;
	tab_scroll(view.tabs.shown, 5);
	tab_scroll(view.tabs.shown, -2);
	assert_int_equal(view.tabs.shown->scroll, 3);
	tab_scroll(view.tabs.shown, -7);
	assert_int_equal(view.tabs.shown->scroll, 0);
	tab_scroll(view.tabs.shown, 4);
	press('2');
	tab_scroll(view.tabs.shown, -6); /* from its end */
	press('1');
	assert_int_equal(view.tabs.shown->scroll, 0); /* from its beginning again */
	press('2');
	assert_int_equal(view.tabs.shown->scroll, 6); /* it stays */
	press('l');
	tab_scroll(view.tabs.shown, 2);
	assert_int_equal(((struct list *)view.tabs.shown->state)->selected, 2);
}

static void hand_events_over(void **state)
{
	(void)state;
	press('o');
	assert_false(taken.known);
	press('o');
	assert_string_equal(shown(), "first");
	press('l');
	tab_scroll(view.tabs.shown, 7);
	press('o');
	assert_true(taken.known);
	assert_int_equal(taken.number, 7);
	press('o'); /* back to the tab before */
	assert_string_equal(shown(), "list");
	assert_int_equal(view.focus, VIEW_FOCUS_DETAIL);
}

/* Each row of the real table is complete, and names and keys are unique. */
static void real_ones_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; views[i]; i++) {
		assert_non_null(views[i]->draw);
		assert_true(views[i]->key > ' ' && views[i]->name[0]);
		for (size_t j = 0; j < i; j++)
			if (views[i]->key == views[j]->key || !strcmp(views[i]->name, views[j]->name))
				fail_msg("the tabs %s and %s have one key or one name: %c", views[j]->name,
					 views[i]->name, views[i]->key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(are_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lists_take_the_keyboard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(scroll_in_their_own_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hand_events_over, set_up, tear_down),
		cmocka_unit_test(real_ones_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
