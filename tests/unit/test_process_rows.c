/* The tree of processes: render/process_rows.h. */
#include "unit/check.h"

#include "render/process_rows.h"

static void add(struct world *w, int32_t pid, int32_t parent)
{
	struct process *p = process_create(pid, 12, 0);

	p->parent = parent;
	world_add(w, p);
}

static void check_row(const struct process_rows *list, size_t i, int32_t pid, int depth)
{
	assert_int_equal(list->rows[i].process->pid, pid);
	assert_int_equal(list->rows[i].depth, depth);
}

static void test_tree(void **state)
{
	static const int32_t expected[][2] = { { 10, 0 }, { 30, 1 }, { 20, 2 }, { 60, 2 },
					       { 25, 1 }, { 40, 0 }, { 50, 0 } };
	struct world *w = world_create();
	struct process_rows list = { 0 };

	process_rows_update(&list, w, 0);
	assert_int_equal(list.count, 0);
	add(w, 10, 0);
	add(w, 30, 10);
	add(w, 20, 30);
	add(w, 25, 10);
	add(w, 40, 50); /* came before its parent */
	add(w, 50, 99); /* whose parent is not watched */
	add(w, 60, 30);
	process_rows_update(&list, w, 0);
	assert_int_equal(list.count, 7);
	for (size_t i = 0; i < list.count; i++)
		check_row(&list, i, expected[i][0], expected[i][1]);
	process_rows_fini(&list);
	world_destroy(w);
}

/* Each the child of the one before: as deep as it is long, and fast all the same. */
static void test_chain(void **state)
{
	struct world *w = world_create();
	struct process_rows list = { 0 };

	for (int32_t i = 0; i < 20000; i++)
		add(w, i + 1, i);
	process_rows_update(&list, w, 0);
	assert_int_equal(list.count, 20000);
	for (int32_t i = 0; i < 20000; i++)
		check_row(&list, (size_t)i, i + 1, i);
	process_rows_fini(&list);
	world_destroy(w);
}

static void send_process(struct world *w, int32_t pid, int32_t parent)
{
	static const char *const none[] = { NULL };
	struct event e = { .type = EVENT_PROCESS,
			   .pid = pid,
			   .process = { none, "", "", .bits = 64, .parent = parent, .page_shift = 12 } };

	world_apply(w, &e);
}

static void check_order(struct process_order *order, const struct world *w, int32_t pid, size_t at, size_t of)
{
	process_order_update(order, w, pid);
	assert_int_equal(order->rows.count, of);
	assert_int_equal(order->at, at);
}

/* What is kept is made anew when processes come, get another parent, or go; and not before. */
static void test_order(void **state)
{
	struct world *w = world_create();
	struct process_order order = { 0 };
	uint64_t generation;

	check_order(&order, w, 10, 0, 0);
	send_process(w, 10, 0);
	send_process(w, 20, 0);
	send_process(w, 30, 10);
	check_order(&order, w, 20, 2, 3);
	check_order(&order, w, 30, 1, 3);
	check_order(&order, w, 99, 3, 3);
	generation = w->family_generation;
	send_process(w, 20, 0);
	assert_int_equal(w->family_generation, generation);
	send_process(w, 20, 10);
	send_process(w, 40, 20);
	check_order(&order, w, 30, 3, 4);
	world_clear(w);
	check_order(&order, w, 30, 0, 0);
	send_process(w, 30, 0);
	check_order(&order, w, 30, 0, 1);
	process_order_fini(&order);
	world_destroy(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_tree), cmocka_unit_test(test_chain),
					    cmocka_unit_test(test_order) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
