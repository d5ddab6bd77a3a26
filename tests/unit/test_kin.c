/* Who of a family may still have a page, by its forks, faults and ends. */
#include "kern/perf/kin.h"

#include "unit/check.h"

#define LOST 77 /* no process is sure to have this page still */

static bool has_page(void *context, int32_t pid, uint64_t page)
{
	return page != LOST;
}

static const struct kin_check check = { has_page, NULL };

static void fork_watched(struct kin *kin, int32_t pid, int32_t child, uint64_t time_ns)
{
	kin_fork(kin, pid, child, time_ns);
	kin_watch(kin, child);
}

/* The family of kern/perf/kin.c. */
static void test_kin(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	assert_int_equal(kin_held(kin, 4242, 7, 5, &check), KIN_NOBODY_SEEN);
	fork_watched(kin, 4242, 4250, 10);
	fork_watched(kin, 4250, 4251, 20);
	assert_int_equal(kin_held(kin, 4242, 7, 30, &check), KIN_HELD);
	kin_fault(kin, 4242, 7, 30, true);
	fork_watched(kin, 4242, 4260, 40);
	kin_fork(kin, 9999, 4261, 45); /* not of the family */
	assert_int_equal(kin_born(kin, 4260), 40);
	assert_int_equal(kin_born(kin, 4242), 0);
	assert_int_equal(kin_forked(kin, 4242, 40), 10);
	assert_int_equal(kin_forked(kin, 4242, 60), 40);
	assert_int_equal(kin_held(kin, 4250, 7, 50, &check), KIN_HELD); /* by its child */
	kin_fault(kin, 4250, 7, 50, true);
	assert_int_equal(kin_held(kin, 4251, 7, 60, &check), KIN_NOBODY_SEEN);
	assert_int_equal(kin_held(kin, 4242, 7, 60, &check), KIN_HELD); /* by the later child */
	kin_thread(kin, 4260, 61);
	kin_exit(kin, 4260, 62);
	assert_int_equal(kin_held(kin, 4242, 7, 63, &check), KIN_HELD); /* it has a thread left */
	kin_exit(kin, 4260, 64);
	assert_int_equal(kin_held(kin, 4242, 7, 65, &check), KIN_NOBODY);
	assert_int_equal(kin_held(kin, 4242, 8, 65, &check), KIN_HELD); /* as none of them wrote it */
	kin_exec(kin, 4250, 70);
	fork_watched(kin, 4250, 4252, 75); /* of the new program */
	assert_int_equal(kin_held(kin, 4250, 8, 80, &check), KIN_HELD);
	kin_exit(kin, 4252, 85);
	assert_int_equal(kin_held(kin, 4250, 8, 90, &check), KIN_NOBODY);
	kin_trim(kin, 100);
	assert_int_equal(kin_held(kin, 4242, 8, 101, &check), KIN_HELD); /* by the grandchild */
	kin_blind(kin, 102);
	assert_int_equal(kin_held(kin, 4242, 8, 103, &check), KIN_UNKNOWN);
	fork_watched(kin, 4242, 4270, 104);
	kin_fault(kin, 4242, 9, 103, true);
	assert_int_equal(kin_held(kin, 4242, 9, 105, &check), KIN_HELD); /* what was not seen was before */
	kin_exit(kin, 4270, 106);
	kin_exit(kin, 4251, 110);
	kin_trim(kin, 120);
	assert_int_equal(kin_forked(kin, 4242, 130), 104);
	kin_exec(kin, 4242, 200);
	assert_int_equal(kin_forked(kin, 4242, 210), 0);
	assert_int_equal(kin_held(kin, 4242, 8, 210, &check), KIN_NOBODY);
	kin_destroy(kin);
}

/* A child that is not watched yet, but whose faults are reported. */
static void test_kin_of_heir(void **state)
{
	struct kin *kin = kin_create(4242);
	int32_t parent;

	(void)state;
	kin_report_heirs(kin);
	kin_fork(kin, 4242, 4250, 10);
	kin_forker(kin, 4250, 4243);
	assert_int_equal(kin_count_forks(kin), 1);
	assert_int_equal(kin_last_child(kin, 4242), 4250);
	assert_true(kin_is_heir(kin, 4250, 11));
	assert_false(kin_is_heir(kin, 4242, 11));
	assert_int_equal(kin_held(kin, 4242, 7, 11, &check),
			 KIN_UNKNOWN); /* it may have its parent's memory */
	assert_int_equal(kin_find_unsure(kin, &parent), 4250);
	assert_int_equal(parent, 4242);
	kin_runs(kin, 4244, 12); /* not the thread that forked it */
	assert_int_equal(kin_find_unsure(kin, &parent), 4250);
	kin_runs(kin, 4243, 12);
	assert_int_equal(kin_find_unsure(kin, &parent), 0);
	assert_int_equal(kin_held(kin, 4242, 7, 13, &check), KIN_HELD);
	kin_fault(kin, 4250, 7, 14, true);
	assert_int_equal(kin_held(kin, 4242, 7, 15, &check), KIN_NOBODY_SEEN);
	assert_true(kin_may_have_faulted(kin, 4250, 7, 13));
	assert_false(kin_may_have_faulted(kin, 4250, 7, 14));
	kin_has_rings(kin, 4250, 20);
	assert_true(kin_is_heir(kin, 4250, 19));
	assert_false(kin_is_heir(kin, 4250, 20));
	assert_true(kin_is_reported(kin, 4250));
	kin_fork(kin, 4242, 4260, 30);
	kin_apart(kin, 4260);
	kin_blind_heirs(kin, 40); /* of the one that has no rings of its own */
	assert_true(kin_is_reported(kin, 4250));
	assert_false(kin_is_reported(kin, 4260));
	kin_exit(kin, 4250, 50);
	assert_int_equal(kin_held(kin, 4242, 8, 51, &check), KIN_UNKNOWN);
	kin_exit(kin, 4260, 60);
	assert_int_equal(kin_last_child(kin, 4242), 0);
	kin_trim(kin, 70);
	assert_true(kin_may_have_faulted(kin, 4242, 7, 65)); /* they are no longer noted */
	kin_destroy(kin);
}

/* A child that runs in its parent's memory: what it touches both have touched. */
static void test_kin_of_guest(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	fork_watched(kin, 4242, 4250, 10);
	assert_false(kin_has_mates(kin, 4242, 11));
	kin_fork(kin, 4242, 4260, 20);
	assert_true(kin_has_mates(kin, 4242, 21)); /* perhaps */
	kin_fault(kin, 4260, 7, 22, true);
	assert_int_equal(kin_touched_by_other(kin, 4242, 7, 23), 22);
	assert_int_equal(kin_forked(kin, 4242, 30), 20);
	kin_vfork(kin, 4260);
	assert_int_equal(kin_forked(kin, 4242, 30), 10);
	kin_fault(kin, 4242, 8, 24, true);
	assert_true(kin_has_mates(kin, 4260, 25));
	assert_int_equal(kin_touched_by_other(kin, 4242, 7, 25), 22);
	assert_int_equal(kin_touched_by_other(kin, 4242, 7, 22), 0);
	assert_int_equal(kin_touched_by_other(kin, 4260, 7, 25), 0);
	assert_int_equal(kin_touched_by_other(kin, 4260, 8, 25), 24);
	assert_int_equal(kin_held(kin, 4250, 7, 26, &check), KIN_NOBODY_SEEN); /* both have given it up */
	assert_int_equal(kin_held(kin, 4250, 9, 26, &check), KIN_HELD);
	kin_exit(kin, 4242, 30); /* of which not all threads are known */
	fork_watched(kin, 4260, 4270, 40);
	assert_int_equal(kin_forked(kin, 4242, 41), 40);
	kin_exec(kin, 4242, 50);
	assert_int_equal(kin_held(kin, 4270, 9, 55, &check), KIN_HELD); /* the guest stays in that memory */
	kin_exit(kin, 4260, 60);
	kin_exit(kin, 4250, 61);
	assert_int_equal(kin_held(kin, 4270, 9, 65, &check), KIN_NOBODY_SEEN);
	kin_destroy(kin);
}

/* A process whose faults are sent late is asked about at a time that is partly forgotten. */
static void test_kin_asked_late(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	fork_watched(kin, 4242, 4250, 10);
	fork_watched(kin, 4242, 4260, 20);
	kin_exit(kin, 4250, 30);
	kin_fault(kin, 4260, 7, 35, true);
	assert_int_equal(kin_held(kin, 4242, 7, 25, &check), KIN_HELD);
	assert_int_equal(kin_held(kin, 4242, 7, 40, &check), KIN_NOBODY_SEEN);
	kin_trim(kin, 25); /* that forgets nothing */
	assert_int_equal(kin_held(kin, 4242, 7, 24, &check), KIN_HELD);
	kin_trim(kin, 50);
	assert_int_equal(kin_held(kin, 4242, 7, 15, &check), KIN_UNKNOWN); /* by the first child */
	assert_int_equal(kin_held(kin, 4242, 7, 29, &check), KIN_UNKNOWN);
	assert_int_equal(kin_held(kin, 4242, 7, 40, &check), KIN_NOBODY_SEEN);
	assert_true(kin_may_be_common(kin, 4242, 7, 15));
	assert_true(kin_may_have_faulted(kin, 4242, 7, 15));
	kin_exit(kin, 4260, 60);
	kin_trim(kin, 70);
	kin_fault(kin, 4242, 7, 75, true); /* which is not kept */
	fork_watched(kin, 4242, 4270, 80);
	assert_true(kin_may_have_faulted(kin, 4242, 7, 72));
	assert_false(kin_may_have_faulted(kin, 4242, 7, 77));
	kin_destroy(kin);
}

#define KIN_MS UINT64_C(1000000)

/* What a child does. */
static void test_kin_of_child(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	kin_fork(kin, 4242, 4250, 10 * KIN_MS);
	assert_int_equal(kin_held(kin, 4242, 7, 11 * KIN_MS, &check), KIN_UNKNOWN); /* it is not watched */
	kin_watch(kin, 4250);
	assert_int_equal(kin_held(kin, 4242, 7, 11 * KIN_MS, &check), KIN_HELD);
	assert_int_equal(kin_held(kin, 4242, LOST, 11 * KIN_MS, &check), KIN_UNKNOWN);
	kin_fault(kin, 4250, 7, 12 * KIN_MS, true); /* the child writes first */
	assert_int_equal(kin_held(kin, 4242, 7, 11 * KIN_MS, &check), KIN_HELD);
	assert_int_equal(kin_held(kin, 4242, 7, 13 * KIN_MS, &check), KIN_NOBODY_SEEN);
	kin_fault(kin, 4250, 8, 12 * KIN_MS, false);
	assert_int_equal(kin_held(kin, 4242, 8, 13 * KIN_MS, &check), KIN_UNKNOWN);
	kin_gone(kin, 4250, 20, 30, 20 * KIN_MS); /* it discards */
	assert_int_equal(kin_held(kin, 4242, 25, 15 * KIN_MS, &check), KIN_UNKNOWN);
	assert_int_equal(kin_held(kin, 4242, 25, 20 * KIN_MS, &check), KIN_NOBODY_SEEN);
	assert_int_equal(kin_held(kin, 4242, 30, 20 * KIN_MS, &check), KIN_HELD);
	kin_replaced(kin, 4250, 30, 31, 20 * KIN_MS);
	assert_int_equal(kin_held(kin, 4242, 30, 25 * KIN_MS, &check), KIN_UNKNOWN);
	kin_gone(kin, 4242, 40, 41, 26 * KIN_MS); /* and so does the parent */
	assert_int_equal(kin_held(kin, 4250, 40, 27 * KIN_MS, &check), KIN_NOBODY_SEEN);
	kin_blind_one(kin, 4250, 30 * KIN_MS);
	assert_int_equal(kin_held(kin, 4242, 50, 31 * KIN_MS, &check), KIN_UNKNOWN);
	assert_int_equal(kin_held(kin, 4242, 25, 31 * KIN_MS, &check), KIN_NOBODY_SEEN);
	/* its own write is its first, whatever was lost: else it could write already */
	assert_int_equal(kin_held(kin, 4250, 50, 31 * KIN_MS, &check), KIN_HELD);
	fork_watched(kin, 4250, 4251, 32 * KIN_MS);
	assert_int_equal(kin_held(kin, 4250, 50, 33 * KIN_MS, &check), KIN_UNKNOWN);
	kin_blind(kin, 34 * KIN_MS); /* it may have forked unseen */
	assert_int_equal(kin_held(kin, 4251, 50, 35 * KIN_MS, &check), KIN_UNKNOWN);
	kin_destroy(kin);

	kin = kin_create(4242);
	kin_is_held(kin);
	kin_fork(kin, 4242, 4250, 10);
	assert_int_equal(kin_held(kin, 4242, 7, 11, &check), KIN_HELD); /* it has not run */
	kin_thread(kin, 4242, 12);
	assert_int_equal(kin_held(kin, 4242, 7, 13, &check),
			 KIN_UNKNOWN); /* it may have no memory of its own */
	kin_vfork(kin, 4250);
	assert_int_equal(kin_held(kin, 4242, 7, 13, &check), KIN_NOBODY_SEEN);
	fork_watched(kin, 4242, 4260, 20);
	kin_fault(kin, 4250, 7, 21, true); /* is as if its parent had written */
	assert_int_equal(kin_held(kin, 4260, 7, 22, &check), KIN_NOBODY_SEEN);
	kin_destroy(kin);
}

/* Processes that were forked before the watch: what they share is not known, but what they fork from now on is. */
static void test_found(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	assert_false(kin_may_be_common(kin, 4242, 7, 5));
	kin_found(kin, 4250);
	kin_found(kin, 4250);
	kin_gone(kin, 4250, 9, 10, 6); /* there is no fork since which that would be so */
	assert_true(kin_has(kin, 4250, 7));
	assert_true(kin_may_be_common(kin, 4242, 7, 8));
	assert_true(kin_may_be_common(kin, 4250, 7, 8));
	assert_int_equal(kin_held(kin, 4250, 7, 8, &check), KIN_NOBODY_SEEN);
	assert_false(kin_may_have_faulted(kin, 4250, 7, 8));
	kin_fault(kin, 4250, 7, 8, true);
	assert_true(kin_may_have_faulted(kin, 4250, 7, 7));
	assert_false(kin_may_be_common(kin, 4250, 7, 9)); /* it is its own since then */
	assert_true(kin_may_be_common(kin, 4242, 7, 9));
	fork_watched(kin, 4250, 4251, 20);
	assert_int_equal(kin_held(kin, 4251, 9, 30, &check), KIN_HELD);
	assert_int_equal(kin_held(kin, 4250, 9, 30, &check), KIN_HELD);
	kin_exec(kin, 4250, 40); /* another program shares nothing */
	assert_false(kin_may_be_common(kin, 4250, 9, 50));
	kin_destroy(kin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kin),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_kin_of_heir),
		cmocka_unit_test(test_kin_of_guest),
		cmocka_unit_test(test_kin_asked_late),
		cmocka_unit_test(test_kin_of_child),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
