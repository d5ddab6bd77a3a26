/* Fatal faults: touches that end in a signal. fatal_target.c prints what must be seen. */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/stepper.h"

#define PAGE 4096
#define FENCES 5000

#define FAULT(...) ((struct control_step){ .kind = STEP_FAULT, __VA_ARGS__ })

static const char *target(void)
{
	static char path[4096];
	const char *folder = getenv("BUILDDIR");
	snprintf(path, sizeof path, "%s/live/fatal_target", folder ? folder : ".");
	return path;
}

static struct stepper *begin(const char *role, const char *argument)
{
	return stepper_begin_with((const char *[]){ target(), role, argument, NULL }, 0, true);
}

static void to_the_end(struct stepper *t)
{
	STEPPER_UNTIL(t, t->stopped);
	stepper_resume(t);
	STEPPER_UNTIL(t, !process_alive(t->w.process));
}

static void ends_with_5(const struct stepper *t)
{
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, 5);
	assert_int_equal(t->w.process->course.lost, 0);
}

static uint64_t count_fatal(const struct process *p)
{
	uint64_t n = 0;
	for (uint64_t i = p->faults.log.begin; i < p->faults.log.end; i++)
		n += fault_is_fatal(fault_log_at(&p->faults.log, i)->fault.cause);
	return n;
}

/* The next fatal fault in the log, from *at on. */
static const struct fault_entry *next_fatal(const struct process *p, uint64_t *at)
{
	for (; *at < p->faults.log.end; ++*at) {
		const struct fault_entry *entry = fault_log_at(&p->faults.log, *at);
		if (fault_is_fatal(entry->fault.cause)) {
			++*at;
			return entry;
		}
	}
	return NULL;
}

static bool stack_has(const struct process *p, const struct fault_entry *entry, const char *function)
{
	struct event_stack stack = stacks_get(&p->stacks, entry->stack);
	for (size_t i = 0; i < stack.count; i++) {
		const struct event_symbol *symbol = names_find(p->names, stack.ips[i]);
		for (size_t k = 0; symbol && k < symbol->count; k++)
			if (!strcmp(symbol->frames[k].function, function))
				return true;
	}
	return false;
}

/* Each is reported once, in order, with its page, cause and thread. */
static void check_fatal(const struct process *p)
{
	char kind[8], cause[32], access[8];
	uint64_t at = p->faults.log.begin, address, lines = 0;
	size_t count = 0;
	while (output_line(&p->output, count))
		count++;
	while (count--) { /* the newest is line 0 */
		const char *line = output_line(&p->output, count);
		if (sscanf(line, "fatal %7s %31s %7s 0x%" SCNx64, kind, cause, access, &address) != 4)
			continue;
		const struct fault_entry *entry = next_fatal(p, &at);
		assert_non_null(entry);
		const struct event_fault *f = &entry->fault;
		if (strcmp(kind, fault_kind_name(f)) != 0 || strcmp(cause, fault_cause_name(f->cause)) != 0)
			fail_msg("%s: seen as %s %s 0x%" PRIx64, line, fault_kind_name(f),
				 fault_cause_name(f->cause), f->address);
		if (address)
			assert_int_equal(f->address, address);
		if (f->inferred)
			assert_string_equal(strcmp(access, "-") ? access : "", fault_access_name(f->access));
		assert_int_equal(f->tid, p->pid);
		assert_int_equal(f->before + f->after, 0);
		enum page_state was = page_state(f->was);
		assert_true(!strcmp(cause, "no-region") || !strcmp(cause, "stack-end")
				? was == PAGE_NONE
				: was == PAGE_GUARD || was == PAGE_UNKNOWN);
		/* none has been written before (some kernels bring a page before they refuse to execute it) */
		if (page_state(f->now) == PAGE_ANON && strcmp(access, "exec") != 0)
			fail_msg("%s: seen with a page that came later", line);
		if (!strcmp(cause, "no-right"))
			assert_string_equal(
			    fault_region_name(fault_regions_at(&p->faults.regions, entry->region)), "anon");
		assert_true(stack_has(p, entry, !strcmp(cause, "stack-end") ? "descend" : "main"));
		assert_true(strcmp(access, "exec") != 0 || stack_has(p, entry, "jump_to"));
		lines++;
	}
	assert_true(lines > 0);
	assert_null(next_fatal(p, &at));
}

/* Times do not go back, whether perf or the tracer reported the fault. */
static void check_order(const struct process *p)
{
	uint64_t before = 0;
	for (uint64_t i = p->faults.log.begin; i < p->faults.log.end; i++) {
		uint64_t now = fault_log_at(&p->faults.log, i)->time_ns;
		assert_true(now >= before);
		before = now;
	}
}

static void test_all(void **state)
{
	struct stepper *t = begin("all", NULL);
	to_the_end(t);
	check_fatal(t->w.process);
	check_order(t->w.process);
	ends_with_5(t);
	stepper_end(t);
}

/* What was there at the time counts, as far as the rings report what is mapped. */
static void test_changing(void **state)
{
	struct stepper *t = begin("changing", NULL);
	to_the_end(t);
	if (t->w.process->sources[SOURCE_FAULTS].ok)
		check_fatal(t->w.process);
	ends_with_5(t);
	stepper_end(t);
}

/* No count of page faults includes them, and they brought no page in. */
static void test_counts(void **state)
{
	struct stepper *t = begin("fences", "20");
	const struct process *p = t->w.process;
	to_the_end(t);
	ends_with_5(t);
	assert_int_equal(count_fatal(p), 20);
	uint64_t sums = p->faults.profile.rest.minor + p->faults.profile.rest.major, of_threads = 0;
	for (size_t i = 0; i < p->faults.profile.count; i++)
		sums += p->faults.profile.entries[i].minor + p->faults.profile.entries[i].major;
	for (size_t i = 0; i < p->threads.count; i++)
		of_threads += p->threads.list[i].minor + p->threads.list[i].major;
	assert_int_equal(sums, p->faults.log.end - p->faults.image - 20);
	assert_int_equal(of_threads, sums);
	stepper_end(t);
}

/* A program that relies on such signals runs as before; faults that were not reported are counted. */
static void test_many(void **state)
{
	struct stepper *t = begin("fences", "5000");
	to_the_end(t);
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, 5);
	assert_int_equal(count_fatal(t->w.process) + t->w.process->course.lost, FENCES);
	stepper_end(t);
}

static void test_killed(void **state)
{
	struct stepper *t = begin("die", NULL);
	const struct process *p = t->w.process;
	to_the_end(t);
	check_fatal(p);
	assert_int_equal(p->status, PROCESS_KILLED);
	assert_int_equal(p->status_code, SIGSEGV);
	/* it is the last thing reported of its memory, and the page's story */
	const struct event_fault *last = &fault_log_at(&p->faults.log, p->faults.log.end - 1)->fault;
	assert_int_equal(last->cause, FAULT_GUARD);
	const struct story *story = stories_find(&p->faults.stories, last->address / PAGE);
	assert_non_null(story);
	assert_int_equal(story->fault.cause, FAULT_GUARD);
	stepper_end(t);
}

static void test_sent(void **state)
{
	struct stepper *t = begin("sent", NULL);
	to_the_end(t);
	ends_with_5(t);
	assert_int_equal(count_fatal(t->w.process), 0);
	stepper_end(t);
}

/* A step ends at a fatal fault, before the signal has reached the program. */
static void test_steps(void **state)
{
	struct stepper *t = begin("fences", "3");
	STEPPER_UNTIL(t, t->stopped);
	for (unsigned stops = 0; stops < 3;) {
		assert_true(stepper_step(t, FAULT()));
		const struct event_fault *f = &t->fault[t->faults - 1];
		if (!fault_is_fatal(f->cause))
			continue;
		stops++;
		assert_int_equal(t->why, STOP_FAULT);
		assert_int_equal(t->tid, t->w.pid);
		assert_int_equal(t->w.process->status, PROCESS_PAUSED);
		/* a step to the next fault of that page ends at the next one */
		uint64_t page = f->address / PAGE;
		for (; stops < 3; stops++) {
			assert_true(stepper_step(t, FAULT(.first = page, .end = page + 1)));
			assert_int_equal(t->fault[t->faults - 1].address / PAGE, page);
		}
	}
	stepper_resume(t);
	STEPPER_UNTIL(t, !process_alive(t->w.process));
	ends_with_5(t);
	stepper_end(t);
}

/* While it is stepped, of every thread. */
static void test_thread(void **state)
{
	struct stepper *t = begin("thread", NULL);
	STEPPER_UNTIL(t, t->stopped);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "ready"));
	stepper_pause(t);
	stepper_line(t);
	assert_false(stepper_step(t, FAULT(.count = 1000000)));
	ends_with_5(t);
	uint64_t at = t->w.process->faults.log.begin;
	const struct fault_entry *entry = next_fatal(t->w.process, &at);
	assert_true(entry && entry->fault.cause == FAULT_GUARD);
	assert_true(entry && entry->fault.tid != t->w.pid);
	assert_null(next_fatal(t->w.process, &at));
	stepper_end(t);
}

/* They are seen where page faults are not: no perf is needed. */
static void test_without_perf(void **state)
{
	struct stepper *t = begin("all", NULL);
	to_the_end(t);
	assert_false(t->w.process->sources[SOURCE_FAULTS].ok);
	assert_int_equal(t->w.process->faults.log.end, count_fatal(t->w.process));
	check_fatal(t->w.process);
	ends_with_5(t);
	stepper_end(t);
}

/* For this process and those that it starts. */
static bool refuse_perf(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* The filter cannot be removed: it is set in a process of its own. */
static void test_refused_perf(void **state)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		execl("/proc/self/exe", "fatal", "without-perf", NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest fatal[] = { cmocka_unit_test(test_without_perf) };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),          cmocka_unit_test(test_changing),
		cmocka_unit_test(test_counts),       cmocka_unit_test(test_many),
		cmocka_unit_test(test_killed),       cmocka_unit_test(test_sent),
		cmocka_unit_test(test_steps),        cmocka_unit_test(test_thread),
		cmocka_unit_test(test_refused_perf),
	};
	if (argc > 1 && !strcmp(argv[1], "without-perf")) {
		if (refuse_perf())
			return cmocka_run_group_tests(fatal, NULL, NULL);
		print_message("# SKIP no seccomp here: %s\n", strerror(errno));
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
