/* A process that is to be paused first may be found before the tracer that holds it brings it. */
#include "check.h"

#include "base/clock.h"
#include "live/stepping.h"

#define DEADLINE_NS (120 * CLOCK_SECOND)

static void test_waits_for_tracer(void **state)
{
	struct live_program launched, found;
	struct stepping stepping;
	struct err err = { 0 };
	uint64_t until = clock_now_ns() + DEADLINE_NS;
	char name[] = "true", *argv[] = { name, NULL };

	if (live_program_launch(&launched, argv, 24, 80, false, true, &err) != 0)
		fail_msg("launch: %s", err.text);
	live_program_attach(&found, live_program_pid(&launched), NULL);
	stepping_init(&stepping, &found, true);
	assert_int_equal(stepping_drive(&stepping, &err), 0);
	assert_true(live_program_adopt(&found, launched.tracer));
	assert_int_equal(stepping_drive(&stepping, &err), 1);
	do
		live_program_update(&found);
	while (!live_program_news(&found)->paused && clock_now_ns() < until);
	assert_true(live_program_news(&found)->paused);
	assert_int_equal(stepping_drive(&stepping, &err), 0); /* once */
	found.tracer = NULL;                                  /* it is the launched one's */
	stepping_forget(&stepping);
	live_program_fini(&found);
	live_program_give_up(&launched);
	live_program_fini(&launched);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_waits_for_tracer) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
