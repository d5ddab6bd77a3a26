/* Stepping, on a program that prints what it does: see step_target.c. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/step_target.h"
#include "live/stepper.h"

/* no count: one */
#define FAULT(...) ((struct control_step){ .kind = STEP_FAULT, __VA_ARGS__ })
#define CALL() ((struct control_step){ .kind = STEP_CALL })

/* The program that is stepped. */
static const char *target(void)
{
	static char path[4096];
	const char *folder = getenv("BUILDDIR");
	snprintf(path, sizeof path, "%s/live/step_target", folder ? folder : ".");
	return path;
}

/* In a role, held before its first instruction. */
static struct stepper *launch_with(const char *role, const char *mode, bool stacks)
{
	struct stepper *t = stepper_begin_with((const char *[]){ target(), role, mode, NULL }, 0, stacks);
	struct source_status *faults = &t->w.process->sources[SOURCE_FAULTS];
	if (!faults->ok && !strstr(faults->why ? faults->why : "", "user mode only")) {
		fprintf(stderr, "skipped: faults: %s\n", faults->why ? faults->why : "?");
		exit(77);
	}
	STEPPER_UNTIL(t, t->stopped);
	assert_int_equal(t->why, STOP_EXEC);
	assert_int_equal(t->w.process->status, PROCESS_PAUSED);
	return t;
}

static struct stepper *launch(const char *role, const char *mode)
{
	return launch_with(role, mode, false);
}

/* The same, run until it waits for a line; then paused, with the line sent. */
static struct stepper *to_line(struct stepper *t, const char *word)
{
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, word));
	stepper_pause(t);
	STEPPER_UNTIL(t, t->stopped);
	assert_int_equal(t->why, STOP_ASKED);
	stepper_line(t);
	return t;
}

static struct stepper *launch_to_line(const char *role, const char *mode, const char *word)
{
	return to_line(launch(role, mode), word);
}

static bool all_stand(int32_t pid)
{
	char command[256];
	snprintf(command, sizeof command, "! grep -hv ') t ' /proc/%d/task/*/stat >&2", (int)pid);
	return system(command) == 0;
}

static void ends_with(struct stepper *t, int status)
{
	stepper_resume(t);
	STEPPER_UNTIL(t, !process_alive(t->w.process));
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, status);
	stepper_end(t);
}

/* From its first instruction on: each step is one fault, of the thread that is named. */
static void test_first_faults(void **state)
{
	struct stepper *t = launch("walk", NULL);
	for (int i = 0; i < 40; i++) {
		uint64_t before = t->w.process->counters.now.minor + t->w.process->counters.now.major;
		assert_true(stepper_step(t, FAULT()));
		assert_int_equal(t->why, STOP_FAULT);
		assert_int_equal(t->tid, t->w.pid);
		assert_true(all_stand(t->w.pid));
		uint64_t after = t->w.process->counters.now.minor + t->w.process->counters.now.major;
		/* one system call may have several; one that was retried counts, and brought nothing */
		assert_true(t->faults == 1 || t->fault[0].ip >> 63);
		assert_in_range(after - before, t->faults, t->faults + 2);
		const struct event_fault *last = &t->fault[t->faults - 1];
		uint32_t word = runs_at(t->w.process->space->pages, last->address / PAGE).value;
		assert_true(page_state_resident(page_state(word)) || page_state(word) == PAGE_ZERO);
	}
	STEPPER_UNTIL(t, t->w.process->status == PROCESS_PAUSED);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "b 0x"));
	stepper_line(t);
	ends_with(t, 7);
}

static void test_order(void **state)
{
	struct stepper *t = launch_to_line("walk", NULL, "b 0x");
	uint64_t a = stepper_number(t, "a ") / PAGE;
	/* whatever faults it has on its way back from reading the line */
	while (stepper_step(t, FAULT()) && t->fault[t->faults - 1].address / PAGE != a + walk_page(0))
		;
	for (size_t i = 1; i < WALK; i++) {
		assert_true(stepper_step(t, FAULT()));
		assert_int_equal(t->faults, 1);
		assert_int_equal(t->fault[0].address, (a + walk_page(i)) * PAGE + 8 * i);
		assert_int_equal(t->fault[0].access, FAULT_WRITE);
	}
	ends_with(t, 7);
}

static void test_range(void **state)
{
	struct stepper *t = launch_to_line("walk", NULL, "b 0x");
	uint64_t a = stepper_number(t, "a ") / PAGE, b = stepper_number(t, "b ") / PAGE;
	for (size_t i = 0; i < 10; i++) { /* all of a, and none of b */
		assert_true(stepper_step(t, FAULT(.first = a, .end = a + WALK)));
		assert_int_equal(t->fault[t->faults - 1].address / PAGE, a + walk_page(i));
	}
	/* one page of b: all else of both goes by */
	assert_true(stepper_step(t, FAULT(.first = b + walk_page(5), .end = b + walk_page(5) + 1)));
	assert_int_equal(t->faults, WALK - 10 + 6);
	assert_int_equal(t->fault[t->faults - 1].address / PAGE, b + walk_page(5));
	/* five more, on chosen pages */
	assert_true(stepper_step(t, FAULT(.first = b, .end = b + WALK, .count = 5)));
	assert_int_equal(t->faults, 5);
	assert_int_equal(t->fault[4].address / PAGE, b + walk_page(10));
	/* a page that is never touched again: to the end, status and all */
	assert_false(stepper_step(t, FAULT(.first = a, .end = a + WALK)));
	assert_int_equal(t->w.process->status_code, 7);
	stepper_end(t);
}

static void test_count(void **state)
{
	struct stepper *t = launch_to_line("walk", NULL, "b 0x");
	uint64_t a = stepper_number(t, "a ") / PAGE;
	while (stepper_step(t, FAULT()) && t->fault[t->faults - 1].address / PAGE != a + walk_page(0))
		;
	assert_true(stepper_step(t, FAULT(.count = 31)));
	assert_int_equal(t->faults, 31);
	assert_int_equal(t->fault[30].address / PAGE, a + walk_page(31));
	ends_with(t, 7);
}

/* A whole program, fault by fault: as many as the kernel counts. Those within exec came
 * before, those during its exit are not waited for; one that the kernel retried is counted
 * by the kernel, and brought nothing. */
static void test_whole(void **state)
{
	struct stepper *t = launch("fork", NULL);
	uint64_t base = t->w.process->counters.now.minor + t->w.process->counters.now.major, steps = 0;
	unsigned execs = t->w.process->course.execs;
	t->fault_count = 0;
	while (stepper_step(t, FAULT()))
		steps++;
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, 12);
	assert_int_equal(t->w.process->course.execs, execs + 1);
	uint64_t counted = t->w.process->counters.now.minor + t->w.process->counters.now.major - base;
	bool user_only =
	    !t->w.process->sources[SOURCE_FAULTS].ok || *t->w.process->sources[SOURCE_FAULTS].why;
	fprintf(stderr, "# %d steps, %d faults reported, %d counted%s\n", (int)steps, (int)t->fault_count,
		(int)counted, user_only ? " (user mode only)" : "");
	assert_true(steps <= t->fault_count && steps >= t->fault_count * 3 / 4);
	assert_true(t->fault_count <= counted && t->fault_count + (user_only ? 60 : 8) >= counted);
	stepper_end(t);
}

static const struct stepper_call *step_call(struct stepper *t)
{
	assert_true(stepper_step(t, CALL()));
	assert_int_equal(t->why, STOP_CALL);
	assert_int_equal(t->calls, 1);
	assert_int_equal(t->call[0].tid, t->tid);
	return &t->call[0];
}

#define CALLED(t, want_name, want_error, ...)                                                                \
	do {                                                                                                 \
		char args_[256];                                                                             \
		const struct stepper_call *c_ = step_call(t);                                                \
		snprintf(args_, sizeof args_, __VA_ARGS__);                                                  \
		assert_string_equal(c_->name, want_name);                                                    \
		assert_string_equal(c_->args, args_);                                                        \
		assert_int_equal(c_->error, want_error);                                                     \
	} while (0)

static bool mapped(const struct stepper *t, uint64_t address)
{
	return space_find(t->w.process->space, address) != NULL;
}

static void test_calls(void **state)
{
	struct stepper *t = launch_to_line("calls", NULL, "id ");
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "break"));
	stepper_pause(t);
	stepper_line(t);
	unsigned long long m, n, top = stepper_number(t, "break "), at, id = stepper_number(t, "id ");
	CALLED(t, "mmap", 0,
	       "NULL, 32768, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0");
	m = t->call[0].result;
	assert_true(mapped(t, m));
	CALLED(t, "mprotect", 0, "0x%llx, 4096, PROT_READ", m);
	assert_false(space_find(t->w.process->space, m)->attr.perms & REGION_WRITE);
	CALLED(t, "mlock", 0, "0x%llx, 4096", m + PAGE);
	CALLED(t, "munlock", 0, "0x%llx, 4096", m + PAGE);
	CALLED(t, "madvise", 0, "0x%llx, 8192, MADV_DONTNEED", m);
	CALLED(t, "msync", 0, "0x%llx, 4096, MS_INVALIDATE|MS_SYNC", m);
	CALLED(t, "mprotect", 0, "0x%llx, 4096, PROT_READ|PROT_WRITE", m);
	CALLED(t, "mremap", 0, "0x%llx, 32768, 262144, MREMAP_MAYMOVE", m);
	n = t->call[0].result;
	assert_true(mapped(t, n + 63 * PAGE));
	CALLED(t, "munmap", 0, "0x%llx, 262144", n);
	assert_false(mapped(t, n));
	CALLED(t, "brk", 0, "0x%llx", top + PAGE);
	assert_int_equal(t->call[0].result, top + PAGE);
	CALLED(t, "munmap", EINVAL, "0x1, 4096");
	CALLED(t, "shmat", 0, "%llu, NULL, SHM_RDONLY", id);
	at = t->call[0].result;
	assert_true(mapped(t, at));
	CALLED(t, "shmdt", 0, "0x%llx", at);
	const struct stepper_call *c = step_call(t); /* not allowed to everybody */
	assert_string_equal(c->name, "mlockall");
	assert_string_equal(c->args, "MCL_CURRENT|MCL_FUTURE");
	CALLED(t, "munlockall", 0, "%s", "");
	ends_with(t, 0);
}

static const struct event_left *departed(const struct stepper *t, uint64_t page)
{
	const struct departure *d = departures_find(&t->w.process->departures, page, UINT64_MAX);
	return d ? &d->left : NULL;
}

static bool has_left(const struct stepper *t, uint64_t page, enum left_reason reason)
{
	const struct event_left *left = departed(t, page);
	return left && left->reason == reason;
}

/* The look that shows it may come a little after the call. */
static void check_called(struct stepper *t, uint64_t page, enum call_kind call)
{
	STEPPER_UNTIL(t, departed(t, page));
	const struct event_left *left = departed(t, page);
	assert_true(left && left->reason == LEFT_CALL && left->call == call && left->tid == t->tid);
}

/* Pages that go while calls are seen: by the call, and by the kernel that a call allowed to take them. */
static void test_departures(void **state)
{
	struct stepper *t = launch_to_line("gone", NULL, "memory ");
	unsigned long long m = stepper_number(t, "memory ");
	struct control_done done;
	struct control_arg evict = { .pages = { m / PAGE + 2, m / PAGE + 4, &done } };
	CALLED(t, "madvise", 0, "0x%llx, 8192, MADV_DONTNEED", m);
	check_called(t, m / PAGE, CALL_MADVISE);
	CALLED(t, "madvise", 0, "0x%llx, 8192, MADV_FREE", m + 2 * PAGE);
	assert_null(departed(t, m / PAGE + 2));
	if (geteuid() == 0) { /* again: pages just handed out are not on the kernel's lists yet */
		STEPPER_UNTIL(
		    t, t->w.source->ops->control(t->w.source, t->w.pid, CONTROL_EVICT, &evict, NULL) == 0 &&
			   departed(t, m / PAGE + 2) && departed(t, m / PAGE + 3));
		assert_true(has_left(t, m / PAGE + 2, LEFT_FREED));
		assert_true(has_left(t, m / PAGE + 3, LEFT_FREED));
	} else {
		print_message("# it takes root to have the kernel take freed pages now\n");
	}
	CALLED(t, "munmap", 0, "0x%llx, 8192", m + 6 * PAGE);
	check_called(t, m / PAGE + 6, CALL_MUNMAP);
	ends_with(t, 0);
}

#ifdef __x86_64__
#define UNWOUND(stack) (assert_true((stack).count), true)
#else
#define UNWOUND(stack) ((stack).count > 0) /* not on this processor */
#endif

static bool lies_in(uint64_t ip, uint64_t function)
{
	return ip - function < CODE_BYTES;
}

/* At a fault much deeper than what is sampled. */
static struct stepper *at_deep_fault(struct event_stack *stack)
{
	struct stepper *t = to_line(launch_with("deep", NULL, true), "memory ");
	struct process *p = t->w.process;
	uint64_t page = stepper_number(t, "memory ") / PAGE;
	assert_true(stepper_step(t, FAULT(.first = page, .end = page + 1)));
	const struct fault_entry *fault = fault_log_at(&p->faults.log, p->faults.log.end - 1);
	assert_int_equal(fault->fault.address / PAGE, page);
	*stack = stacks_get(&p->stacks, fault->stack);
	return t;
}

/* A call's stack, and that of a deep fault: complete, each frame. A fault that is read from its
 * ring just before its thread is known to be stopped has only what was sampled: that happens now
 * and then, but not three times in a row. */
static void test_stacks(void **state)
{
	struct event_stack stack;
	struct stepper *t = at_deep_fault(&stack);
	for (int again = 0; again < 2 && stack.end != STACK_WHOLE; again++) {
		stepper_end(t);
		t = at_deep_fault(&stack);
	}
	struct process *p = t->w.process;
	uint64_t descend = stepper_number(t, "descend ");
	size_t i = 0;
	if (UNWOUND(stack)) {
		assert_true(stack.count > DEEP + 2);
		assert_int_equal(stack.end, STACK_WHOLE);
		while (i < stack.count && lies_in(stack.ips[i], descend))
			i++;
		assert_int_equal(i, DEEP + 1);
	}
	CALLED(t, "mmap", 0, "NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0");
	stack = stacks_get(&p->stacks, calls_at(&p->calls, p->calls.end - 1)->stack);
	if (UNWOUND(stack)) {
		assert_true(stack.count > 5);
		assert_int_equal(stack.end, STACK_WHOLE);
		assert_true(lies_in(stack.ips[1], stepper_number(t, "inner ")));
		assert_true(lies_in(stack.ips[2], stepper_number(t, "middle ")));
		assert_true(lies_in(stack.ips[3], stepper_number(t, "outer ")));
	}
	ends_with(t, 0);
}

/* Each fault belongs to the thread that is named, in its own memory; the others are stopped, too. */
static const struct region *stack_region(const struct stepper *t)
{
	const struct space *s = t->w.process->space;
	for (size_t i = 0; i < s->count; i++)
		if (s->regions[i]->attr.kind == REGION_STACK)
			return s->regions[i];
	fail_msg("no stack");
	return NULL;
}

/* Regions are read before the faults of a stop are reported. Each fault that made the stack grow is
 * still reported as such, and no other. */
static void test_stack_growth(void **state)
{
	struct stepper *t = launch_to_line("grow", NULL, "ready");
	uint64_t start = stack_region(t)->attr.start;
	size_t grown = 0;
	while (stepper_step(t, FAULT()))
		for (size_t i = 0; i < t->faults; i++) {
			const struct event_fault *f = &t->fault[i];
			bool below = f->address < start &&
				     space_find(t->w.process->space, f->address) == stack_region(t);
			assert_int_equal(f->cause == FAULT_STACK_GROWTH, below);
			start = below ? f->address / PAGE * PAGE : start;
			grown += below;
		}
	assert_true(grown > 20);
	assert_int_equal(t->w.process->status_code, 8);
	stepper_end(t);
}

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
		poll(NULL, 0, 2); /* whatever still runs would go on now */
		struct many later = read_many(t, at);
		assert_memory_equal(&later, &stopped, sizeof later);
	}
	stepper_resume(t);
	many = read_many(t, at);
	for (size_t i = 0; i < MANY; i++)
		STEPPER_UNTIL(t, read_many(t, at).rounds[i] > many.rounds[i]);
	stepper_end(t);
}

static void send(struct stepper *t, const char *bytes, const char *answer)
{
	struct control_arg arg = { .bytes = bytes, .len = strlen(bytes) };
	assert_int_equal(t->w.source->ops->control(t->w.source, t->w.pid, CONTROL_SEND, &arg, NULL), 0);
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; answer && !watch_output_has(&t->w, answer);
	     stepper_watch(t))
		if (clock_now_ns() > until)
			fail_msg("never written: %s", answer);
}

/* Again and again: a shell that is being interrupted discards what was typed after it, and one that
 * is about to exec discards the interrupt. */
static void leave_shell(struct stepper *t)
{
	struct control_arg exit_7 = { .bytes = "exit 7\n", .len = 7 },
			   interrupt = { .bytes = "\x03", .len = 1 };
	uint64_t until = clock_now_ns() + DEADLINE_NS, again = 0, tries = 0;
	while (process_alive(t->w.process)) {
		uint64_t now = clock_now_ns();
		assert_true(now < until);
		if (now >= again) {
			t->w.source->ops->control(t->w.source, t->w.pid, CONTROL_SEND,
						  tries++ % 3 == 2 ? &interrupt : &exit_7, NULL);
			again = now + CLOCK_SECOND / 2;
		}
		stepper_watch(t);
	}
}

/* A shell at its terminal, during a step that does not end: its jobs are stopped and continued. */
static void test_job_control(void **state)
{
	struct stepper *t = stepper_begin((const char *[]){ "bash", "--norc", "--noprofile", "-i", NULL }, 0);
	STEPPER_UNTIL(t, t->stopped);
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(.count = 100000000), NULL), 0);
	send(t, "PS1='ready'\\>\n", "ready>");
	send(t, "sed -u s/x/Y/\naxb\n", "aYb");
	send(t, "\x1a", "Stopped");
	send(t, "echo $((6 * 7))7\n", "427");
	send(t, "fg\ncxd\n", "cYd");
	send(t, "\x04", NULL);
	send(t, "(echo in $((3 * 3)) now; exec sleep 1000)\n", "in 9 now");
	send(t, "\x03", "^C");
	assert_false(t->stopped);
	leave_shell(t);
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, 7);
	stepper_end(t);
}

static void step_through_signals(const char *mode, struct control_step step)
{
	struct stepper *t = launch_to_line("signals", mode, "ready");
	while (stepper_step(t, step))
		;
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, 5);
	stepper_end(t);
}

static void test_signals(void **state)
{
	step_through_signals("some", FAULT());
	step_through_signals("some", CALL());
}

static void test_all_signals_caught(void **state)
{
	step_through_signals("every", FAULT());
}

static void test_blocked_signals(void **state)
{
	step_through_signals("blocked", FAULT());
}

static void test_under_way(void **state)
{
	struct err err = { 0 };
	struct stepper *t = launch_to_line("sleep", NULL, "ready");
	while (stepper_step(t, FAULT(.count = 1)) && t->stops < 10000 &&
	       t->w.process->counters.now.state != 'S')
		;
	stepper_end(t);
	t = launch("sleep", NULL);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "ready"));
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(), &err), 0); /* it sleeps: nothing comes */
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(), &err), -1);
	assert_non_null(strstr(err.text, "under way"));
	stepper_pause(t);
	assert_int_equal(t->why, STOP_ASKED);
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(), &err), 0);
	stepper_resume(t); /* out of a step that runs */
	stepper_line(t);
	STEPPER_UNTIL(t, !process_alive(t->w.process));
	assert_int_equal(t->w.process->status_code, 4);
	stepper_end(t);
}

static void test_slow_motion(void **state)
{
	struct stepper *t = launch("walk", NULL);
	uint64_t begin = clock_now_ns();
	unsigned stops = t->stops;
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(.per_second = 100), NULL), 0);
	STEPPER_UNTIL(t, t->stops >= stops + 20);
	assert_true(clock_now_ns() - begin >= 19 * (CLOCK_SECOND / 100));
	assert_true(t->fault_count >= 20);
	stepper_pause(t);
	stops = t->stops;
	for (begin = clock_now_ns(); clock_now_ns() - begin < 100 * CLOCK_MS;)
		stepper_watch(t);
	assert_int_equal(t->stops, stops);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "b 0x"));
	stepper_line(t);
	ends_with(t, 7);
}

static bool faults_come(struct stepper *t)
{
	uint64_t before = t->fault_count, until = clock_now_ns() + 200 * CLOCK_MS;
	while (t->fault_count <= before + 10 && clock_now_ns() < until)
		stepper_watch(t);
	return t->fault_count > before + 10;
}

/* Stopped by a signal in the middle of a step, continued, paused meanwhile, killed. */
static void test_stop_and_continue(void **state)
{
	struct stepper *t = launch("forever", NULL);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "ready"));
	for (int i = 0; i < 5; i++) {
		assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(.count = 1000000), NULL), 0);
		STEPPER_UNTIL(t, faults_come(t));
		kill(t->w.pid, SIGSTOP);
		STEPPER_UNTIL(t, !faults_come(t));
		assert_false(t->stopped);
		if (i % 2) {
			stepper_pause(t);
			stepper_resume(t);
			STEPPER_UNTIL(t, t->w.process->status == PROCESS_STOPPED);
		}
		kill(t->w.pid, SIGCONT);
		STEPPER_UNTIL(t, faults_come(t));
		stepper_pause(t);
	}
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(.count = 1000000), NULL), 0);
	kill(t->w.pid, SIGTERM);
	STEPPER_UNTIL(t, !process_alive(t->w.process));
	assert_int_equal(t->w.process->status, PROCESS_KILLED);
	assert_int_equal(t->w.process->status_code, SIGTERM);
	stepper_end(t);
}

/* An attached process becomes another program in the middle of a step. It is not our child: only
 * its parent learns its exit status. */
static void test_attached_exec(void **state)
{
	int hold[2], pids[2], status;
	pid_t pid = 0;
	char byte;
	assert_int_equal(pipe(hold), 0);
	assert_int_equal(pipe(pids), 0);
	pid_t parent = fork();
	if (parent == 0 && (pid = fork()) != 0) {
		if (write(pids[1], &pid, sizeof pid) != (ssize_t)sizeof pid ||
		    waitpid(pid, &status, 0) != pid)
			_exit(1);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
	}
	if (parent == 0) {
		if (read(hold[0], &byte, 1) == 1)
			execl(target(), "again", "end", NULL);
		_exit(3);
	}
	assert_int_equal(read(pids[0], &pid, sizeof pid), sizeof pid);
	struct stepper *t = stepper_begin(NULL, pid);
	stepper_pause(t);
	assert_int_equal(write(hold[1], "x", 1), 1);
	size_t steps = 0;
	while (stepper_step(t, FAULT()))
		steps++;
	assert_true(steps > 40);
	assert_int_equal(t->w.process->course.execs, 1);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(WEXITSTATUS(status), 12);
	stepper_end(t);
	for (int i = 0; i < 2; i++) {
		close(hold[i]);
		close(pids[i]);
	}
}

/* A 32-bit program: the same events, its own numbers of calls. */
static void test_32_bits(void **state)
{
	char program[] = "/tmp/pagescape-step32.XXXXXX", command[512];
	int fd = mkstemp(program);
	assert_true(fd >= 0);
	close(fd);
	snprintf(command, sizeof command, "${CC:-cc} -m32 -O1 -o %s %s/live/step32.c 2>/dev/null", program,
		 TESTS_DIR);
	if (system(command) != 0) {
		unlink(program);
		print_message("# skipped: no compiler here makes 32-bit programs\n");
		return;
	}
	struct stepper *t = stepper_begin((const char *[]){ program, NULL }, 0);
	STEPPER_UNTIL(t, t->stopped);
	assert_int_equal(t->w.process->identity.bits, 32);
	for (int i = 0; i < 20; i++) {
		assert_true(stepper_step(t, FAULT()));
		assert_true(t->fault[t->faults - 1].address < UINT64_C(1) << 32);
	}
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "memory"));
	unsigned long long m = stepper_number(t, "memory ");
	stepper_pause(t);
	stepper_line(t);
	for (uint64_t i = 0; i < 12; i++) {
		assert_true(stepper_step(t, FAULT(.first = m / PAGE, .end = m / PAGE + 12)));
		assert_int_equal(t->fault[t->faults - 1].address, m + i * 5 % 12 * PAGE + i);
	}
	CALLED(t, "mprotect", 0, "0x%llx, 4096, PROT_READ", m);
	CALLED(t, "munmap", 0, "0x%llx, 49152", m);
	CALLED(t, "mmap", 0, "NULL, 4096, PROT_READ, MAP_SHARED|MAP_ANONYMOUS, -1, 0");
	assert_true(t->call[0].result < UINT64_C(1) << 32 && mapped(t, t->call[0].result));
	ends_with(t, 6);
	unlink(program);
}

/* Attached to: the same, and after the release it is not traced. */
static void test_attached(void **state)
{
	char path[64], text[4096];
	int hold[2];
	assert_int_equal(pipe(hold), 0);
	pid_t pid = fork();
	if (pid == 0) {
		volatile char *memory = fresh(WALK);
		char byte;
		close(hold[1]);
		while (read(hold[0], &byte, 1) == 1)
			walk(memory), madvise((void *)(uintptr_t)memory, WALK * PAGE, MADV_DONTNEED);
		_exit(0);
	}
	close(hold[0]);
	struct stepper *t = stepper_begin(NULL, pid);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(write(hold[1], "x", 1), 1);
		stepper_pause(t);
		assert_int_equal(write(hold[1], "x", 1), 1);
		for (int i = 0; i < 20; i++)
			assert_true(stepper_step(t, FAULT()));
		stepper_resume(t);
		snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
		char *line = text;
		for (uint64_t until = clock_now_ns() + DEADLINE_NS; clock_now_ns() < until;) {
			int fd = open(path, O_RDONLY | O_CLOEXEC);
			ssize_t n = read(fd, text, sizeof text - 1);
			close(fd);
			text[n > 0 ? n : 0] = '\0';
			line = strstr(text, "TracerPid:");
			if (line && strtol(line + 10, NULL, 10) == 0)
				break;
		}
		assert_int_equal(strtol(line + 10, NULL, 10), 0);
	}
	stepper_end(t);
	close(hold[1]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
}

/* With an argument only the tests whose names fit it, as in "test_st*". */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_faults),    cmocka_unit_test(test_order),
		cmocka_unit_test(test_range),           cmocka_unit_test(test_count),
		cmocka_unit_test(test_whole),           cmocka_unit_test(test_calls),
		cmocka_unit_test(test_departures),      cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_stack_growth),    cmocka_unit_test(test_threads),
		cmocka_unit_test(test_many_threads),    cmocka_unit_test(test_job_control),
		cmocka_unit_test(test_signals),         cmocka_unit_test(test_all_signals_caught),
		cmocka_unit_test(test_blocked_signals), cmocka_unit_test(test_under_way),
		cmocka_unit_test(test_slow_motion),     cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_attached_exec),   cmocka_unit_test(test_32_bits),
		cmocka_unit_test(test_attached),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
