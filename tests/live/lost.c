/* Every fault is reported once, or counted as lost once: where the rings overflow, with several watchers of one
 * process, with threads that start while we begin to watch. A child touches known pages. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "kern/perf/faults.h"
#include "unit/check.h"

#define PAGE 4096
#define MANY 65536
#define FEW 16
#define SPAWNED 6000 /* pages, each touched by a thread of its own */
#define OTHERS 64    /* faults of the child's own, of its stack and such */

static uint64_t faults_so_far(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

/* Reads a number, touches that many pages, and answers how many faults it had. */
static void touch_for_ever(int from, int to)
{
	char *next = mmap(NULL, (MANY + FEW) * (size_t)PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
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

static struct faults *open_faults(pid_t pid, const struct faults_options *options)
{
	struct err err = { 0 };
	struct faults *faults = faults_open(pid, options, &err);
	if (!faults) {
		fprintf(stderr, "skipped: faults: %s\n", err.text);
		exit(77);
	}
	return faults;
}

/* A child that serves such requests; ends: from it, to it. */
static pid_t begin(int ends[2], void (*run)(int from, int to))
{
	int there[2], back[2];
	assert_int_equal(pipe(there) | pipe(back), 0);
	pid_t child = fork();
	if (child == 0) {
		close(there[1]);
		run(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	ends[0] = back[0];
	ends[1] = there[1];
	return child;
}

static void end(pid_t child, const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_lost(void **state)
{
	struct faults_options options = { .stack_bytes = 8192, .codes = true };
	struct fault_batch batch = { 0 };
	int ends[2];
	pid_t child = begin(ends, touch_for_ever);
	struct faults *faults = open_faults(child, &options);
	uint64_t made = touch(ends, MANY);
	drain(faults, &batch);
	assert_true(batch.lost > 0); /* the rings hold less: otherwise nothing is tested */
	assert_in_range(batch.count + batch.lost, made, made + OTHERS);
	uint64_t lost = batch.lost;
	/* the lost ones that the kernel reports now were counted before */
	made = touch(ends, FEW);
	drain(faults, &batch);
	assert_true(lost > FEW);
	assert_int_equal(batch.lost, 0);
	assert_in_range(batch.count, made, made + OTHERS);
	faults_close(faults);
	fault_batch_fini(&batch);
	end(child, ends);
}

/* Several watch the same thread, each in its own way: each gets all of it. */
static void test_several(void **state)
{
	const struct faults_options options[] = { { .stack_bytes = 1024, .codes = true },
						  { 0 },
						  { .stack_bytes = 4096, .smaller = FAULTS_SMALLEST },
						  { .codes = true } };
	struct faults *faults[4];
	struct fault_batch batch = { 0 };
	int ends[2];
	pid_t child = begin(ends, touch_for_ever);
	for (int i = 0; i < 4; i++)
		faults[i] = open_faults(child, &options[i]);
	uint64_t made = touch(ends, FEW);
	for (int i = 0; i < 4; i++) {
		drain(faults[i], &batch);
		assert_int_equal(batch.lost, 0);
		assert_in_range(batch.count, made, made + OTHERS);
		for (size_t k = 0; k < batch.count; k++)
			assert_int_equal(batch.records[k].tid, child);
		faults_close(faults[i]);
		touch(ends, FEW); /* the remaining ones run on */
		made += FEW;
	}
	fault_batch_fini(&batch);
	end(child, ends);
}

static void *touch_one(void *page)
{
	*(volatile char *)page = 1;
	return NULL;
}

/* Sends the address of its pages, then touches each from a new thread. */
static void spawn(int from, int to)
{
	char *memory =
	    mmap(NULL, SPAWNED * (size_t)PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t address = (uintptr_t)memory;
	pthread_t thread;
	madvise(memory, SPAWNED * (size_t)PAGE, MADV_NOHUGEPAGE);
	if (write(to, &address, sizeof address) != sizeof address)
		_exit(1);
	for (size_t i = 0; i < SPAWNED && pthread_create(&thread, NULL, touch_one, memory + i * PAGE) == 0;
	     i++)
		pthread_join(thread, NULL);
	if (write(to, &address, sizeof address) != sizeof address || read(from, &address, 1) < 0)
		_exit(1);
	_exit(0);
}

/* From the first page that is reported, each is, once. */
static void test_threads_meanwhile(void **state)
{
	static uint8_t seen[SPAWNED];
	struct faults_options options = { 0 };
	struct fault_batch batch = { 0 };
	uint64_t memory, again;
	int ends[2];
	size_t from = 0, count = 0;
	pid_t child = begin(ends, spawn);
	assert_int_equal(read(ends[0], &memory, sizeof memory), sizeof memory);
	struct faults *faults = open_faults(child, &options);
	for (struct pollfd fd = { .fd = ends[0], .events = POLLIN }; poll(&fd, 1, 1) == 0;)
		faults_drain(faults, &batch, clock_now_ns());
	assert_int_equal(read(ends[0], &again, sizeof again), sizeof again);
	faults_drain(faults, &batch, clock_now_ns());
	assert_int_equal(batch.lost, 0);
	for (size_t i = 0; i < batch.count; i++) {
		uint64_t page = (batch.records[i].address - memory) / PAGE;
		if (batch.records[i].address >= memory && page < SPAWNED)
			seen[page]++;
	}
	while (from < SPAWNED && !seen[from])
		from++;
	for (size_t i = from; i < SPAWNED; i++)
		count += seen[i] != 1;
	/* while we opened, some threads were not watched yet */
	assert_true(count < 200);
	for (size_t i = 0; i < SPAWNED; i++)
		assert_true(seen[i] <= 1);
	for (size_t i = SPAWNED / 2; i < SPAWNED; i++)
		assert_true(seen[i] == 1 || from > SPAWNED / 2);
	faults_close(faults);
	fault_batch_fini(&batch);
	end(child, ends);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_threads_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
