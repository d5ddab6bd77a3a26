/* What the rings lose is counted: at once, exactly, and once. A child touches far more pages
 * than they hold while nobody empties them. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "kern/faults.h"
#include "unit/check.h"

#define PAGE 4096
#define MANY 65536
#define FEW 16
#define OTHERS 64 /* faults of the child's own, of its stack and such */

static uint64_t faults_so_far(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

/* Touches so many pages for each number that it reads, and answers how many faults it had. */
static void touch_for_ever(int from, int to)
{
	char *next = mmap(NULL, (MANY + FEW) * (size_t)PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(next, (MANY + FEW) * (size_t)PAGE, MADV_NOHUGEPAGE);
	for (uint32_t n; read(from, &n, sizeof n) == sizeof n;) {
		uint64_t before = faults_so_far();
		for (uint32_t i = 0; i < n; i++, next += PAGE)
			*(volatile char *)next = 1;
		uint64_t count = faults_so_far() - before;
		if (write(to, &count, sizeof count) != sizeof count)
			_exit(1);
	}
	_exit(0);
}

static uint64_t touch(const int *ends, uint32_t n)
{
	uint64_t count;
	assert_int_equal(write(ends[1], &n, sizeof n), sizeof n);
	assert_int_equal(read(ends[0], &count, sizeof count), sizeof count);
	assert_true(count >= n);
	return count;
}

static void drain(struct faults *faults, struct fault_batch *batch)
{
	fault_batch_clear(batch);
	faults_drain(faults, batch, clock_now_ns());
}

static void test_lost(void **state)
{
	int there[2], back[2];
	struct faults_options options = {.stack_bytes = 8192, .codes = true};
	struct fault_batch batch = {0};
	struct err err = {0};
	assert_int_equal(pipe(there) | pipe(back), 0);
	pid_t child = fork();
	if (child == 0) {
		close(there[1]);
		touch_for_ever(there[0], back[1]);
	}
	struct faults *faults = faults_open(child, &options, &err);
	if (!faults) {
		fprintf(stderr, "skipped: faults: %s\n", err.text);
		exit(77);
	}
	const int ends[] = {back[0], there[1]};
	uint64_t made = touch(ends, MANY);
	drain(faults, &batch);
	assert_true(batch.lost > 0); /* the rings hold less: else nothing is proved */
	assert_in_range(batch.count + batch.lost, made, made + OTHERS);
	uint64_t lost = batch.lost;
	/* what the kernel tells of the lost ones now was counted before */
	made = touch(ends, FEW);
	drain(faults, &batch);
	assert_true(lost > FEW);
	assert_int_equal(batch.lost, 0);
	assert_in_range(batch.count, made, made + OTHERS);
	faults_close(faults);
	fault_batch_fini(&batch);
	close(there[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_lost)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
