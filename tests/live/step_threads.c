/* Stepping one thread of many. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "live/step_launch.h"

/* Each fault belongs to the thread that is named, in its own memory; the others are stopped, too. */
static void test_threads(void **state)
{
	struct stepper *t = launch_to_line("threads", NULL, "thread2");
	uint64_t own[THREADS];
	int32_t tids[THREADS] = { 0 };
	size_t seen[THREADS] = { 0 };
	char word[16];
	for (size_t i = 0; i < THREADS; i++) {
		snprintf(word, sizeof word, "thread%zu ", i);
		own[i] = stepper_number(t, word) / PAGE;
	}
	while (stepper_step(t, FAULT())) {
		assert_true(all_stand(t->w.pid));
		bool named = false;
		for (size_t f = 0; f < t->faults; f++) {
			named |= t->fault[f].tid == t->tid;
			for (size_t i = 0; i < THREADS; i++) {
				uint64_t page = t->fault[f].address / PAGE - own[i];
				if (page >= THREAD_PAGES)
					continue;
				tids[i] = tids[i] ? tids[i] : t->fault[f].tid;
				assert_int_equal(t->fault[f].tid, tids[i]);
				assert_int_equal(page, seen[i]++);
			}
		}
		assert_true(named);
	}
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(seen[i], THREAD_PAGES);
	assert_int_equal(t->w.process->status_code, 9);
	stepper_end(t);
}

static struct many read_many(const struct stepper *t, uint64_t address)
{
	char path[64];
	struct many many;
	snprintf(path, sizeof path, "/proc/%d/mem", (int)t->w.pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, &many, sizeof many, (off_t)address), sizeof many);
	close(fd);
	return many;
}

static bool all_have_begun(const struct stepper *t, uint64_t address)
{
	struct many many = read_many(t, address);
	for (size_t i = 0; i < MANY; i++)
		if (!many.rounds[i])
			return false;
	return true;
}

/* Threads that fault all the time: none goes on once there was a stop, and the thread named is the
 * one whose memory was asked for. */
static void test_many_threads(void **state)
{
	struct stepper *t = launch("many", NULL);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "many 0x"));
	uint64_t at = stepper_number(t, "many ");
	stepper_line(t);
	STEPPER_UNTIL(t, all_have_begun(t, at));
	stepper_pause(t);
	struct many many = read_many(t, at);
	for (size_t i = 0; i < 10 * MANY; i++) {
		size_t who = i % MANY;
		uint64_t first = many.memory[who] / PAGE;
		struct many before = read_many(t, at);
		uint64_t lost = t->w.process->course.lost;
		if (i % 3 == 2)
			assert_true(stepper_step(t, FAULT()));
		else
			assert_true(stepper_step(t, FAULT(.first = first, .end = first + MANY_PAGES)));
		struct many stopped = read_many(t, at);
		assert_true(all_stand(t->w.pid));
		/* the page is there, but has not been written yet: at most what it did before */
		if (i % 3 != 2) {
			assert_int_equal(t->tid, many.tids[who]);
			assert_in_range(stopped.rounds[who] - before.rounds[who], 0, 1);
		}
		/* threads that fault without end can be faster than the rings are emptied: then some count as lost */
		assert_true(t->faulted[t->tid % STEPPER_TIDS] || t->w.process->course.lost > lost);
		poll(NULL, 0, 2); /* a thread that still runs would go on now */
		struct many later = read_many(t, at);
		assert_memory_equal(&later, &stopped, sizeof later);
	}
	stepper_resume(t);
	many = read_many(t, at);
	for (size_t i = 0; i < MANY; i++)
		STEPPER_UNTIL(t, read_many(t, at).rounds[i] > many.rounds[i]);
	stepper_end(t);
}

/* With an argument only the tests whose names fit it, as in "test_st*". */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_many_threads),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
