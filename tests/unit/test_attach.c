/* The live source on processes that it attaches to: their pages, threads, places, pauses and ends. */
#include "live/live.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "unit/live_check.h"

static void attach(struct watch *w, int32_t pid)
{
	struct live_options o = options();
	struct err err = { 0 };
	memset(w, 0, sizeof *w);
	w->log.world = world_create();
	w->pid = pid;
	w->source = live_attach(&w->pid, &o, w->log.world, &err);
	if (!w->source)
		fail_msg("attach: %s", err.text);
	begin(w);
}

/* Processes of our own to attach to. Each reports on a pipe what it has done, and waits
 * on another until it may go on. */
struct target {
	pid_t pid;
	int say, hear;
	char *memory; /* known to both: the target is forked from us */
};

static void await(int fd)
{
	char byte;
	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
}

static void say(int fd)
{
	assert_int_equal(write(fd, "x", 1), 1);
}

static void *map_anonymous(size_t size)
{
	void *memory =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(memory != MAP_FAILED);
	return memory;
}

static struct target start_target(void (*run)(const struct target *), char *memory)
{
	int to[2], from[2];
	struct target parent, child;
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	child = (struct target){ 0, from[1], to[0], memory };
	parent = (struct target){ fork(), to[1], from[0], memory };
	if (parent.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(to[1]);
		close(from[0]);
		run(&child);
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	return parent;
}

static void end_target(const struct target *t)
{
	kill(t->pid, SIGKILL);
	waitpid(t->pid, NULL, 0);
	close(t->say);
	close(t->hear);
}

#define TOUCHED 64

static void touch_one_by_one(const struct target *t)
{
	for (size_t i = 0; i < TOUCHED; i++) {
		await(t->hear);
		t->memory[i * 3 * 4096] = 1;
		say(t->say);
	}
	await(t->hear);
}

static enum page_state state_at(const struct watch *w, const char *address)
{
	return page_state(runs_at(w->process->space->pages, (uintptr_t)address / 4096).value);
}

static void test_pages_as_they_are_touched(void **state)
{
	struct watch w;
	char *memory = map_anonymous(TOUCHED * 3 * 4096);
	madvise(memory, TOUCHED * 3 * 4096, MADV_NOHUGEPAGE);
	struct target t = start_target(touch_one_by_one, memory);
	attach(&w, t.pid);
	assert_false(w.process->identity.launched);
	for (size_t i = 0; i < TOUCHED; i++) {
		assert_int_equal(state_at(&w, memory + i * 3 * 4096), PAGE_RESERVED);
		say(t.say);
		await(t.hear);
		STEP_UNTIL(&w, state_at(&w, memory + i * 3 * 4096) == PAGE_ANON);
		for (size_t p = 0; p < TOUCHED * 3; p++)
			assert_int_equal(state_at(&w, memory + p * 4096),
					 p % 3 == 0 && p / 3 <= i ? PAGE_ANON : PAGE_RESERVED);
	}
	finish(&w);
	end_target(&t);
	munmap(memory, TOUCHED * 3 * 4096);
}

static void map_and_drop(const struct target *t)
{
	char *fixed = t->memory;
	await(t->hear);
	mmap(fixed, 16 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	say(t->say);
	await(t->hear);
	mprotect(fixed, 4 * 4096, PROT_READ | PROT_WRITE); /* no counter shows it */
	say(t->say);
	await(t->hear);
	memset(fixed, 1, 4 * 4096);
	say(t->say);
	await(t->hear);
	madvise(fixed, 2 * 4096, MADV_DONTNEED); /* nor this */
	say(t->say);
	await(t->hear);
	munmap(fixed, 16 * 4096);
	say(t->say);
	await(t->hear);
}

static void go_on(const struct target *t)
{
	say(t->say);
	await(t->hear);
}

static void test_what_no_counter_tells(void **state)
{
	struct watch w;
	char *memory = map_anonymous(16 * 4096);
	munmap(memory, 16 * 4096);
	struct target t = start_target(map_and_drop, memory);
	attach(&w, t.pid);
	uintptr_t at = (uintptr_t)memory;
	assert_null(space_find(w.process->space, at));
	go_on(&t);
	STEP_UNTIL(&w, space_find(w.process->space, at));
	go_on(&t);
	STEP_UNTIL(&w, space_find(w.process->space, at)->attr.perms & REGION_WRITE);
	go_on(&t);
	STEP_UNTIL(&w, state_at(&w, memory + 3 * 4096) == PAGE_ANON);
	go_on(&t);
	STEP_UNTIL(&w, state_at(&w, memory) == PAGE_RESERVED);
	assert_int_equal(state_at(&w, memory + 2 * 4096), PAGE_ANON);
	go_on(&t);
	STEP_UNTIL(&w, !space_find(w.process->space, at));
	finish(&w);
	end_target(&t);
}

static void exec_on_command(const struct target *t)
{
	await(t->hear);
	execlp("sleep", "sleep", "1000", NULL);
}

static void test_exec_while_attached(void **state)
{
	struct watch w;
	struct target t = start_target(exec_on_command, NULL);
	attach(&w, t.pid);
	say(t.say);
	STEP_UNTIL(&w, w.process->course.execs == 1 && strcmp(w.process->identity.comm, "sleep") == 0 &&
			   w.process->space->count && w.process->identity.argv[0]);
	for (size_t i = 0; i < w.process->space->count; i++)
		assert_null(strstr(w.process->space->regions[i]->attr.path, "test_attach"));
	assert_string_equal(w.process->identity.argv[1], "1000");
	finish(&w);
	end_target(&t);
}

static void end_on_command(const struct target *t)
{
	await(t->hear);
	_exit(5);
}

static void test_end_while_attached(void **state)
{
	struct watch w;
	struct target t = start_target(end_on_command, NULL);
	attach(&w, t.pid);
	uint64_t before = resident(&w);
	say(t.say);
	STEP_UNTIL(&w, w.process->status == PROCESS_ZOMBIE);
	assert_int_equal(w.log.count[EVENT_UNMAP], 0);
	int status;
	waitpid(t.pid, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 5);
	STEP_UNTIL(&w, w.process->status == PROCESS_GONE);
	assert_int_equal(w.log.count[EVENT_UNMAP], 0);
	assert_true(resident(&w) >= before / 2);
	assert_true(w.source->ops->due_ns(w.source) == UINT64_MAX);
	finish(&w);
	close(t.say);
	close(t.hear);
}

static void test_attach_refusals(void **state)
{
	struct live_options o = options();
	struct world *world = world_create();
	struct err err = { 0 };
	int32_t pid = 0x3ffffff0;
	assert_null(live_attach(&pid, &o, world, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	struct target t = start_target(end_on_command, NULL);
	say(t.say);
	siginfo_t info;
	waitid(P_PID, (id_t)t.pid, &info, WEXITED | WNOWAIT);
	pid = t.pid;
	assert_null(live_attach(&pid, &o, world, &err));
	assert_int_equal(err.code, ERR_GONE);
	end_target(&t);
	world_destroy(world);
}

/* Threads */

static int leave[2]; /* from the second thread to the first */

static void *live_longer(void *argument)
{
	const struct target *t = argument;
	say(t->say);
	await(t->hear);
	say(leave[1]);
	t->memory[0] = 1;
	say(t->say);
	await(t->hear);
	_exit(6);
}

static void end_first_thread(const struct target *t)
{
	pthread_t thread;
	if (pipe(leave) != 0)
		_exit(1);
	pthread_create(&thread, NULL, live_longer, (void *)(uintptr_t)t);
	await(leave[0]);
	syscall(SYS_exit, 0);
}

static void test_first_thread_ends_early(void **state)
{
	struct watch w;
	char *memory = map_anonymous(4096);
	struct target t = start_target(end_first_thread, memory);
	await(t.hear);
	attach(&w, t.pid);
	say(t.say);
	STEP_UNTIL(&w, w.process->counters.now.state == 'Z');
	assert_int_equal(w.process->status, PROCESS_RUNNING);
	STEP_UNTIL(&w, state_at(&w, memory) == PAGE_ANON);
	assert_int_equal(w.log.count[EVENT_UNMAP], 0);
	say(t.say);
	STEP_UNTIL(&w, w.process->status == PROCESS_ZOMBIE);
	finish(&w);
	end_target(&t);
	munmap(memory, 4096);
}

static void test_attach_to_a_thread(void **state)
{
	struct watch w;
	char path[64], name[32] = "";
	struct target t = start_target(end_first_thread, map_anonymous(4096));
	await(t.hear);
	for (int tid = t.pid + 1; !name[0]; tid++) {
		snprintf(path, sizeof path, "/proc/%d/task/%d", t.pid, tid);
		if (access(path, F_OK) == 0)
			snprintf(name, sizeof name, "%d", tid);
	}
	attach(&w, atoi(name));
	assert_int_equal(w.pid, t.pid);
	finish(&w);
	end_target(&t);
	munmap(t.memory, 4096);
}

/* Pausing */

static void count_up(const struct target *t)
{
	volatile uint64_t *counter = (volatile uint64_t *)t->memory;
	for (;;)
		++*counter;
}

static uint64_t read_counter(const struct target *t)
{
	return *(volatile uint64_t *)t->memory;
}

static bool still(const struct target *t)
{
	uint64_t before = read_counter(t);
	poll(NULL, 0, 20);
	return read_counter(t) == before;
}

static void test_pause_and_resume(void **state)
{
	struct watch w;
	char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct target t = start_target(count_up, shared);
	attach(&w, t.pid);
	for (int i = 0; i < 5; i++) {
		control(&w, CONTROL_PAUSE);
		STEP_UNTIL(&w, w.process->status == PROCESS_PAUSED);
		assert_true(still(&t));
		control(&w, CONTROL_RESUME);
		STEP_UNTIL(&w, w.process->status == PROCESS_RUNNING);
		STEP_UNTIL(&w, !still(&t));
	}
	/* a process that dies while paused is released */
	control(&w, CONTROL_PAUSE);
	assert_true(still(&t));
	finish(&w);
	assert_false(still(&t));
	end_target(&t);
	munmap(shared, 4096);
}

/* Places */

static _Alignas(4096) char zeroes[4096]; /* its page begins within it */
static const char text_of_ours[] = "read only";

/* Once the file behind it has been read, by a thread of its own. */
static struct location locate(struct watch *w, uintptr_t address)
{
	struct location l;
	w->source->ops->locate(w->source, w->pid, address, &l);
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; l.pending; step(w)) {
		assert_true(clock_now_ns() < until);
		w->source->ops->locate(w->source, w->pid, address, &l);
	}
	return l;
}

static void expect_symbol(struct watch *w, uintptr_t address, const char *section, const char *symbol)
{
	struct location l = locate(w, address);
	assert_string_equal(l.why, "");
	assert_string_equal(l.section, section);
	if (symbol)
		assert_string_equal(l.symbol, symbol);
	assert_true(strlen(l.file) > 0);
}

static void expect_why(struct watch *w, uintptr_t address)
{
	struct location l = locate(w, address);
	assert_true(strlen(l.why) > 0);
	assert_string_equal(l.section, "");
	assert_string_equal(l.symbol, "");
}

static void test_locate(void **state)
{
	struct watch w;
	char *anonymous = map_anonymous(4096), *heap = mem_alloc(100);
	struct target t = start_target(end_on_command, NULL);
	attach(&w, t.pid);
	expect_symbol(&w, (uintptr_t)test_locate + 3, ".text", "test_locate");
	expect_symbol(&w, (uintptr_t)&zeroes[5], ".bss", "zeroes");
	expect_symbol(&w, (uintptr_t)&text_of_ours[1], ".rodata", "text_of_ours");
	expect_symbol(&w, (uintptr_t)dlsym(RTLD_DEFAULT, "getpid"), ".text", NULL);
	expect_why(&w, (uintptr_t)anonymous);
	expect_why(&w, (uintptr_t)heap);
	expect_why(&w, (uintptr_t)&w);
	expect_why(&w, (uintptr_t)getauxval(AT_SYSINFO_EHDR));
	expect_why(&w, 0);
	expect_why(&w, UINTPTR_MAX);
	/* what was read stays known after the end */
	say(t.say);
	STEP_UNTIL(&w, !process_alive(w.process));
	expect_symbol(&w, (uintptr_t)test_locate, ".text", "test_locate");
	static struct page_detail detail;
	uint64_t page = (uintptr_t)&zeroes / 4096;
	assert_int_equal(w.source->ops->inspect(w.source, w.pid, page, INSPECT_BYTES, &detail, NULL), 0);
	assert_string_equal(detail.location.section, ".bss");
	assert_false(detail.entry.known);
	assert_true(strlen(detail.entry.why) > 0);
	finish(&w);
	end_target(&t);
	free(heap);
	munmap(anonymous, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages_as_they_are_touched),
		cmocka_unit_test(test_what_no_counter_tells),
		cmocka_unit_test(test_exec_while_attached),
		cmocka_unit_test(test_end_while_attached),
		cmocka_unit_test(test_attach_refusals),
		cmocka_unit_test(test_first_thread_ends_early),
		cmocka_unit_test(test_attach_to_a_thread),
		cmocka_unit_test(test_pause_and_resume),
		cmocka_unit_test(test_locate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
