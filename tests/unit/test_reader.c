/* Whole readers on processes of our own that exec, end, keep others out, or leave their first thread. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kern/frames.h"
#include "kern/processes.h"
#include "kern/reader.h"
#include "unit/reader_check.h"

#define DEADLINE (120 * CLOCK_SECOND)

static void wait_for_state(pid_t pid, char wanted)
{
	uint64_t until = clock_now_ns() + DEADLINE;
	char path[64], text[512], state = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	while (state != wanted && clock_now_ns() < until) {
		FILE *f = fopen(path, "r");

		assert_non_null(f);
		if (fgets(text, sizeof text, f) && strrchr(text, ')'))
			state = strrchr(text, ')')[2];
		fclose(f);
	}
	assert_int_equal(state, wanted);
}

/* A child of ours that runs `work`, then waits for its end. */
static pid_t start(void (*work)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (work)
			work();
		for (;;)
			pause();
	}
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void become_undumpable(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}

/* Somebody else's process, and one that keeps all others out: seen as an ordinary user. */
static void test_denied(void **state)
{
	pid_t other, hidden, child;
	int status;

	if (geteuid() != 0)
		skip();
	other = start(NULL);
	child = fork();
	if (child == 0) {
		struct reader_options options = { 0 };
		struct err err = { 0 };
		bool good;

		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(2);
		good =
		    !reader_open(other, &options, &err) && err.code == ERR_DENIED && strstr(err.text, "root");
		hidden = start(become_undumpable);
		for (uint64_t until = clock_now_ns() + DEADLINE; good && clock_now_ns() < until;) {
			struct reader *r = reader_open(hidden, &options, &err);

			if (!r)
				break;
			reader_close(r);
		}
		good = good && err.code == ERR_DENIED && strstr(err.text, "CAP_SYS_PTRACE");
		kill(hidden, SIGKILL);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	stop(other);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int go[2];

static void exec_when_asked(void)
{
	char byte;

	if (read(go[0], &byte, 1) == 1)
		execlp("sleep", "sleep", "1000", (char *)NULL);
	_exit(1);
}

static void test_exec(void **state)
{
	struct reader_options options = { 0 };
	struct region_list before = { 0 }, after = { 0 };
	struct tiles tiles = { 0 };
	struct process_stat first, second;
	struct event_process who;
	struct err err;
	uint64_t done, until = clock_now_ns() + DEADLINE;
	pid_t pid;

	assert_int_equal(pipe(go), 0);
	pid = start(exec_when_asked);

	struct reader *r = open_reader(pid, &options);

	assert_int_equal(reader_regions(r, &before, &err), 0);
	assert_int_equal(reader_stat(r, &first, &err), 0);
	assert_int_equal(write(go[1], "x", 1), 1);
	do {
		assert_int_equal(reader_identity(r, &who, &err), 0);
		assert_true(clock_now_ns() < until);
	} while (strcmp(who.comm, "sleep") != 0);

	/* the old regions are gone: that is reported, not "all reserved" */
	const struct region_attr *a = &before.attrs[0];

	assert_int_equal(
	    reader_pages(r, a, a->start >> PAGE_SHIFT, a->end >> PAGE_SHIFT, false, 0, &tiles, &done, &err),
	    -1);
	assert_int_equal(err.code, ERR_GONE);
	do { /* the new name is there before the new program is mapped */
		assert_int_equal(reader_regions(r, &after, &err), 0);
		assert_true(clock_now_ns() < until);
	} while (!strstr(after.attrs[0].path, "sleep"));
	do { /* until the new program has read its own header */
		read_region(r, &after.attrs[0], &tiles);
		assert_true(clock_now_ns() < until);
	} while (page_state(tiles.run[0].value) != PAGE_FILE);
	assert_int_equal(reader_stat(r, &second, &err), 0);
	assert_true(first.start_stack != second.start_stack);

	stop(pid);
	assert_int_equal(reader_regions(r, &after, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	assert_int_equal(reader_stat(r, &second, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	assert_int_equal(reader_identity(r, &who, &err), -1);
	tiles_fini(&tiles);
	region_list_fini(&before);
	region_list_fini(&after);
	reader_close(r);
	close(go[0]);
	close(go[1]);
}

static void *wait_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void leave_first_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) == 0)
		pthread_exit(NULL);
}

static void test_first_thread_gone(void **state)
{
	struct reader_options options = { 0 };
	struct region_list list = { 0 };
	struct tiles tiles = { 0 };
	struct err err;
	pid_t pid = start(leave_first_thread);

	wait_for_state(pid, 'Z');

	struct reader *r = open_reader(pid, &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);
	assert_true(list.count > 5);
	read_region(r, &list.attrs[0], &tiles);
	reader_close(r);
	stop(pid);
	tiles_fini(&tiles);
	region_list_fini(&list);
}

static struct region_attr find_region(const struct region_list *list, const void *at)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->attrs[i].start <= (uintptr_t)at && (uintptr_t)at < list->attrs[i].end)
			return list->attrs[i];
	}
	fail_msg("%p is in no region", at);
	return (struct region_attr){ 0 };
}

/* A limit of time ends a look early; going on from there gives the same as one look. */
static void test_time_limit(void **state)
{
	struct reader_options options = { 0 };
	struct region_list list = { 0 };
	struct tiles whole = { 0 }, parts = { 0 };
	struct err err;
	size_t size = (size_t)1 << 32, looks = 0;
	unsigned char *at =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_ptr_not_equal(at, MAP_FAILED);
	madvise(at, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < 1000; i++)
		at[i * (4194304 + PAGE_BYTES) + i % 7 * PAGE_BYTES] = 1;

	struct reader *r = open_reader(getpid(), &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);

	struct region_attr a = find_region(&list, at);

	read_region(r, &a, &whole);
	for (uint64_t page = a.start >> PAGE_SHIFT; page < a.end >> PAGE_SHIFT; looks++) {
		uint64_t done;

		assert_int_equal(
		    reader_pages(r, &a, page, a.end >> PAGE_SHIFT, false, 1, &parts, &done, &err), 0);
		assert_true(done > page);
		page = done;
	}
	assert_true(looks > 1);
	assert_int_equal(whole.count, parts.count);
	for (size_t i = 0; i < whole.count; i++)
		assert_true(whole.run[i].first == parts.run[i].first &&
			    whole.run[i].value == parts.run[i].value);
	munmap(at, size);
	tiles_fini(&whole);
	tiles_fini(&parts);
	region_list_fini(&list);
	reader_close(r);
}

static void check_inspected(struct reader *r, const struct region_list *list, const unsigned char *at,
			    enum page_state expected, struct page_detail *d)
{
	struct region_attr a = find_region(list, at);
	struct err err;

	assert_int_equal(reader_inspect(r, &a, (uintptr_t)at >> PAGE_SHIFT, INSPECT_BYTES, d, &err), 0);
	assert_int_equal(page_state(d->word), expected);
	assert_true(d->entry.known);
	const struct detail_figure *figures[] = { &d->entry, &d->frame, &d->kflags, &d->mapcount,
						  &d->cached };

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		assert_int_equal(figures[i]->refused, !figures[i]->known);
		assert_int_equal(figures[i]->refused, *figures[i]->why != '\0');
	}
	assert_int_equal(d->bytes_refused, d->bytes_len == 0);
	assert_int_equal(d->bytes_refused, *d->bytes_why != '\0');
}

static void test_inspect(void **state)
{
	struct reader_options options = { 0 };
	struct region_list list = { 0 };
	struct page_detail *d = mem_alloc(sizeof *d);
	struct err err;
	unsigned char *at =
	    mmap(NULL, 4 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("inspect", MFD_CLOEXEC);
	unsigned char *file, there = 1;

	assert_true(fd >= 0 && write(fd, "cached", 6) == 6);
	file = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	madvise(at, 4 * PAGE_BYTES, MADV_NOHUGEPAGE);
	memset(at, 'a', PAGE_BYTES);
	(void)*(volatile unsigned char *)(at + PAGE_BYTES);

	struct reader *r = open_reader(getpid(), &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);
	check_inspected(r, &list, at, PAGE_ANON, d);
	assert_true(d->word & PAGE_EXCLUSIVE);
	assert_int_equal(d->bytes_len, PAGE_BYTES);
	assert_memory_equal(d->bytes, at, PAGE_BYTES);
	assert_int_equal(d->frame.known && d->frame.value, d->frame.known);
	if (d->mapcount.known)
		assert_int_equal(d->mapcount.value, 1);
	/* not every kernel has it */
	check_inspected(r, &list, at + PAGE_BYTES, frames_have_zero_page() ? PAGE_ZERO : PAGE_ANON, d);
	assert_int_equal(d->bytes_len, PAGE_BYTES);
	assert_int_equal(d->bytes[100], 0);
	check_inspected(r, &list, at + 2 * PAGE_BYTES, PAGE_RESERVED, d);
	assert_int_equal(d->bytes_len, 0);
	assert_int_equal(mincore(at + 2 * PAGE_BYTES, PAGE_BYTES, &there), 0);
	assert_int_equal(there & 1, 0); /* looking did not touch it */
	check_inspected(r, &list, file, PAGE_CACHED, d);
	assert_true(d->cached.known && d->cached.value);
	assert_memory_equal(d->bytes, "cached", 6);
	check_inspected(r, &list, file, PAGE_CACHED, d); /* nor was that */

	assert_int_equal(reader_inspect(r, NULL, 16, INSPECT_BYTES, d, &err), 0);
	assert_int_equal(page_state(d->word), PAGE_NONE);
	assert_int_equal(d->bytes_len, 0);

	munmap(at, 4 * PAGE_BYTES);
	munmap(file, PAGE_BYTES);
	close(fd);
	free(d);
	region_list_fini(&list);
	reader_close(r);
}

/* Without the page map, a private mapping of a file may have a copy of its own: the file's bytes are not the
 * page's. A shared one has the file's. */
static void test_inspect_without_pagemap(void **state)
{
	struct reader_options options = { .off[SOURCE_PAGEMAP] = true, .off[SOURCE_PAGEMAP_SCAN] = true };
	struct region_list list = { 0 };
	struct page_detail *d = mem_alloc(sizeof *d);
	struct err err;
	int fd = memfd_create("inspect", MFD_CLOEXEC);

	(void)state;
	assert_true(fd >= 0 && write(fd, "cached", 6) == 6);
	char *copy = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *file = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(copy != MAP_FAILED && file != MAP_FAILED);
	memcpy(copy, "copied", 6);

	struct reader *r = open_reader(getpid(), &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);
	for (int shared = 0; shared < 2; shared++) {
		const char *at = shared ? file : copy;
		struct region_attr a = find_region(&list, (const unsigned char *)at);

		assert_int_equal(reader_inspect(r, &a, (uintptr_t)at >> PAGE_SHIFT, INSPECT_BYTES, d, &err),
				 0);
		assert_false(d->entry.known);
		assert_int_equal(d->bytes_refused, !shared);
		assert_true(shared ? !memcmp(d->bytes, "cached", 6) : !d->bytes_len);
	}
	munmap(copy, PAGE_BYTES);
	munmap(file, PAGE_BYTES);
	close(fd);
	free(d);
	region_list_fini(&list);
	reader_close(r);
}

static void test_processes(void **state)
{
	struct process_info *list;
	pid_t pid = start(NULL);
	size_t n = processes_list(NULL, &list);
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		assert_int_not_equal(list[i].pid, getpid());
		assert_true(i == 0 || list[i].pid > list[i - 1].pid);
		if (list[i].pid != pid)
			continue;
		found = true;
		assert_int_equal(list[i].refused, PROCESS_REFUSED_NOT);
		assert_int_equal(list[i].uid, geteuid());
		assert_non_null(strstr(list[i].command, "test_reader"));
		assert_true(list[i].resident > 0 && list[i].virtual_size >= list[i].resident);
	}
	assert_true(found);
	processes_free(list, n);
	stop(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_denied),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_first_thread_gone),
		cmocka_unit_test(test_time_limit),
		cmocka_unit_test(test_inspect),
		cmocka_unit_test(test_inspect_without_pagemap),
		cmocka_unit_test(test_processes),
	};
	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
