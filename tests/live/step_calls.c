/* Stepping from call to call: what was called, with which arguments, what went by it, and from where; also in a 32-bit program. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "live/step_launch.h"

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

/* Since the first call: before, while the program was loaded, other memory may have been mapped there. */
static const struct event_left *departed(const struct stepper *t, uint64_t page)
{
	const struct departure *d = departures_find(&t->w.process->departures, page, UINT64_MAX);
	const struct calls *calls = &t->w.process->calls;
	return d && d->time_ns >= calls_at(calls, calls->begin)->time_ns ? &d->left : NULL;
}

static bool has_left(const struct stepper *t, uint64_t page, enum left_reason reason)
{
	const struct event_left *left = departed(t, page);
	return left && left->reason == reason;
}

/* By the call, and whose it is. A look that comes between the call and its report does not know the call yet: then
 * it is the other reason. */
static bool left_by(struct stepper *t, uint64_t page, enum call_kind call, enum left_reason other)
{
	STEPPER_UNTIL(t, departed(t, page)); /* the look may also come a little after the report */
	const struct event_left *left = departed(t, page);
	if (!left || left->reason == other)
		return false;
	assert_true(left->reason == LEFT_CALL && left->call == call && left->tid == t->tid);
	return true;
}

/* Returns whether no look came before the report of its call. */
static bool departures_in_one_run(void)
{
	struct stepper *t = launch_to_line("gone", NULL, "memory ");
	unsigned long long m = stepper_number(t, "memory "), moving = stepper_number(t, "moving "),
			   place = stepper_number(t, "place ");
	struct control_done done;
	struct control_arg evict = { .pages = { m / PAGE + 2, m / PAGE + 4, &done } };
	CALLED(t, "madvise", 0, "0x%llx, 8192, MADV_DONTNEED", m);
	bool by_call = left_by(t, m / PAGE, CALL_MADVISE, LEFT_PROGRAM);
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
	by_call &= left_by(t, m / PAGE + 6, CALL_MUNMAP, LEFT_UNMAP);
	CALLED(t, "mremap", 0, "0x%llx, 32768, 24576, 0", moving);
	by_call &= left_by(t, moving / PAGE + 7, CALL_MREMAP, LEFT_UNMAP);
	CALLED(t, "mremap", 0, "0x%llx, 24576, 24576, MREMAP_MAYMOVE|MREMAP_FIXED, 0x%llx", moving, place);
	by_call &= left_by(t, moving / PAGE, CALL_MREMAP, LEFT_UNMAP);
	ends_with(t, 0);
	return by_call;
}

/* Pages that go while calls are seen: by the call, and by the kernel that a call allowed to take them. */
static void test_departures(void **state)
{
	bool by_call = false;
	for (int again = 0; again < 10 && !by_call; again++)
		by_call = departures_in_one_run();
	assert_true(by_call);
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
	if (!watch_can_run(program)) {
		unlink(program);
		print_message("# skipped: this kernel runs no 32-bit programs\n");
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

/* With an argument only the tests whose names fit it, as in "test_st*". */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_departures),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_32_bits),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
