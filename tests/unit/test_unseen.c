/* Children that came and went: each is counted once, with its own faults, whatever others do meanwhile. */
#include "kern/perf/unseen.h"

#include <stdio.h>

#include "unit/check.h"

static void fork_one(struct unseen *u, int32_t pid, int32_t child, uint64_t time_ns)
{
	unseen_fork(u, &(struct fault_task){
			   .kind = FAULT_TASK_FORK, .pid = pid, .child = child, .time_ns = time_ns });
}

static void exit_one(struct unseen *u, int32_t pid, uint64_t time_ns)
{
	unseen_exit(u, &(struct fault_task){ .kind = FAULT_TASK_EXIT, .pid = pid, .time_ns = time_ns });
}

static void exec_one(struct unseen *u, int32_t pid, const char *name, uint64_t time_ns)
{
	struct fault_task task = { .kind = FAULT_TASK_EXEC, .pid = pid, .time_ns = time_ns };
	snprintf(task.name, sizeof task.name, "%s", name);
	unseen_exec(u, &task);
}

static void check_next(struct unseen *u, int32_t pid, uint64_t faults)
{
	struct unseen_process p;

	assert_true(unseen_take(u, &p));
	assert_int_equal(p.pid, pid);
	assert_int_equal(p.faults, faults);
	assert_true(unseen_was_reported(u, pid));
	unseen_process_fini(&p);
}

static void check_none(struct unseen *u)
{
	struct unseen_process p;

	assert_false(unseen_take(u, &p));
}

static void test_found_or_not(void **state)
{
	struct unseen u = { 0 };

	(void)state;
	unseen_fault(&u, 10); /* the parent: it was not forked */
	fork_one(&u, 10, 11, 0);
	fork_one(&u, 10, 12, 0);
	fork_one(&u, 10, 13, 0);
	unseen_fault(&u, 11);
	unseen_fault(&u, 12);
	unseen_fault(&u, 11);
	check_none(&u);
	unseen_found(&u, 12);
	unseen_settle(&u, 12, true, false);
	unseen_fault(&u, 12);
	exit_one(&u, 12, 0);
	check_none(&u);
	exit_one(&u, 13, 0);
	exit_one(&u, 11, 0);
	unseen_fault(&u, 11); /* no process has that pid now */
	check_next(&u, 11, 2);
	check_next(&u, 13, 0);
	check_none(&u);
	unseen_fini(&u);
}

/* Found as it ended: it counts once, whenever the first look finds that. */
static void test_found_too_late(void **state)
{
	struct unseen u = { 0 };

	(void)state;
	fork_one(&u, 10, 11, 0);
	fork_one(&u, 10, 12, 0);
	unseen_fault(&u, 11);
	unseen_found(&u, 11);
	unseen_found(&u, 12);
	exit_one(&u, 11, 0);
	exit_one(&u, 12, 0);
	check_none(&u);
	unseen_settle(&u, 12, true, false);
	check_none(&u);
	unseen_settle(&u, 11, false, false);
	check_next(&u, 11, 1);
	check_none(&u);
	unseen_found(&u, 13); /* before its fork was passed on */
	unseen_settle(&u, 13, true, false);
	fork_one(&u, 10, 13, 0);
	exit_one(&u, 13, 0);
	check_none(&u);
	unseen_found(&u, 14); /* it was there before */
	unseen_settle(&u, 14, true, false);
	exit_one(&u, 14, 0);
	assert_int_equal(u.count, 0);
	unseen_fini(&u);
}

static void test_threads_and_exec(void **state)
{
	struct unseen u = { 0 };

	(void)state;
	fork_one(&u, 10, 11, 0);
	unseen_thread(&u, 11);
	unseen_thread(&u, 11);
	exit_one(&u, 11, 0);
	check_none(&u);
	unseen_fault(&u, 11);
	exec_one(&u, 11, "sh", 0);
	unseen_fault(&u, 11);
	exit_one(&u, 11, 0);
	check_next(&u, 11, 2);
	unseen_fini(&u);
}

static void test_number_given_again(void **state)
{
	struct unseen u = { 0 };

	(void)state;
	fork_one(&u, 10, 11, 0);
	unseen_fault(&u, 11);
	exit_one(&u, 11, 0);
	fork_one(&u, 10, 11, 0);
	unseen_fault(&u, 11);
	unseen_fault(&u, 11);
	check_next(&u, 11, 1);
	check_none(&u);
	exit_one(&u, 11, 0);
	check_next(&u, 11, 2);
	unseen_fini(&u);
}

/* Which programs a grandchild became, and what it was called before that. */
static void test_programs(void **state)
{
	struct unseen u = { 0 };
	struct unseen_process p;
	char name[FAULT_TASK_NAME_MAX];

	(void)state;
	fork_one(&u, 10, 11, 5);
	exec_one(&u, 11, "sh", 6);
	fork_one(&u, 11, 12, 7);
	exec_one(&u, 11, "true", 8);
	exec_one(&u, 12, "env", 9);
	exec_one(&u, 12, "cat", 10);
	exec_one(&u, 99, "cat", 10); /* not of the family */
	exit_one(&u, 12, 20);
	assert_true(unseen_take(&u, &p));
	assert_int_equal(p.pid, 12);
	assert_int_equal(p.parent, 11);
	assert_int_equal(p.ancestor, 10);
	assert_string_equal(p.name, "sh");
	assert_int_equal(p.forked_ns, 7);
	assert_int_equal(p.ended_ns, 20);
	assert_int_equal(p.exec_count, 2);
	assert_string_equal(p.execs[0].name, "env");
	assert_string_equal(p.execs[1].name, "cat");
	assert_int_equal(p.execs[1].time_ns, 10);
	unseen_process_fini(&p);
	for (int i = 0; i < 2 * UNSEEN_EXECS_MAX; i++) { /* bounded: the last one stays */
		snprintf(name, sizeof name, "%d", i);
		exec_one(&u, 11, name, 30);
	}
	assert_null(unseen_of_found(&u, 11));
	unseen_found(&u, 11);
	assert_int_equal(unseen_of_found(&u, 11)->exec_count, UNSEEN_EXECS_MAX);
	assert_string_equal(unseen_of_found(&u, 11)->execs[UNSEEN_EXECS_MAX - 1].name, name);
	unseen_fini(&u);
}

/* A zombie can be found after it was taken: it was counted already. */
static void test_found_after_it_was_reported(void **state)
{
	struct unseen u = { 0 };

	(void)state;
	fork_one(&u, 10, 11, 0);
	assert_false(unseen_was_reported(&u, 11));
	exit_one(&u, 11, 0);
	check_next(&u, 11, 0);
	fork_one(&u, 10, 11, 0); /* another one of that number */
	assert_false(unseen_was_reported(&u, 11));
	unseen_found(&u, 11);
	unseen_settle(&u, 11, true, true); /* seen, and already over */
	assert_true(unseen_was_reported(&u, 11));
	exit_one(&u, 11, 0);
	check_none(&u);
	unseen_fini(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_or_not),     cmocka_unit_test(test_found_too_late),
		cmocka_unit_test(test_threads_and_exec), cmocka_unit_test(test_number_given_again),
		cmocka_unit_test(test_programs),         cmocka_unit_test(test_found_after_it_was_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
