/* Watching does not harm a process, and neither does being killed while watching.
 *
 * The target runs three threads, each through a chain of numbers where one wrong step
 * spoils all that follow; it counts the signals that it gets; and it checks whether
 * it is traced. We watch it, pause it, and are killed at random moments. Afterwards
 * it must be alive, its chains right, and not one signal too few or too many. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/watching.h"

#define THREADS 3
#define ROUNDS 120
#define HELD_PAGES 64

/* Shared with the target. */
struct shared {
	_Atomic uint64_t steps[THREADS]; /* how far each chain got */
	_Atomic uint64_t chain[THREADS]; /* and its number there, valid when `stop` was answered */
	_Atomic int stopped;
	_Atomic int stop;
	_Atomic int usr1;   /* signals that were sent on purpose */
	_Atomic int others; /* unexpected signals */
	_Atomic int traced; /* times that a tracer was seen by the target itself */
	_Atomic uint64_t faults;
	_Atomic int ready;
};

static struct shared *shared;

static uint64_t next_link(uint64_t at)
{
	return at * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}

static void *run_chain(void *argument)
{
	size_t i = (size_t)(uintptr_t)argument;
	uint64_t at = i + 1, steps = 0;
	while (!shared->stop) {
		for (int n = 0; n < 1000; n++)
			at = next_link(at);
		steps += 1000;
		shared->steps[i] = steps;
	}
	shared->chain[i] = at;
	shared->stopped++;
	return NULL;
}

static void count_signal(int sig)
{
	if (sig == SIGUSR1)
		shared->usr1++;
	else
		shared->others++;
}

/* Without memory of its own that could fault. */
static int tracer_of_self(void)
{
	static char text[4096];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	const char *line = strstr(text, "TracerPid:");
	return line ? atoi(line + strlen("TracerPid:")) : -1;
}

static uint64_t faults_of_self(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

static void live(void)
{
	pthread_t threads[THREADS];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int sig = 1; sig < NSIG; sig++)
		if (sig != SIGKILL && sig != SIGSTOP && sig != SIGSEGV && sig != SIGBUS)
			signal(sig, count_signal);
	tracer_of_self();
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_chain, (void *)(uintptr_t)i);
	/* twice: the second time everything needed is there */
	for (uint64_t before = 0; faults_of_self() != before; before = faults_of_self())
		for (int i = 0; i < 100; i++)
			tracer_of_self();
	shared->faults = faults_of_self();
	shared->ready = 1;
	while (!shared->stop) {
		if (tracer_of_self())
			shared->traced++;
		shared->faults = faults_of_self();
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(42);
}

static pid_t start_target(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	pid_t pid = fork();
	if (pid == 0)
		live();
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; !shared->ready; poll(NULL, 0, 1))
		assert_true(clock_now_ns() < until);
	return pid;
}

static void wait_for_progress(void)
{
	for (size_t i = 0; i < THREADS; i++) {
		uint64_t before = shared->steps[i];
		for (uint64_t until = clock_now_ns() + DEADLINE_NS; shared->steps[i] == before;
		     poll(NULL, 0, 1))
			assert_true(clock_now_ns() < until);
	}
}

/* The target's faults, once all its threads have run and had their first ones: otherwise
 * a thread that starts late on a busy machine would count as harm. */
static uint64_t faults_so_far(void)
{
	uint64_t until = clock_now_ns() + DEADLINE_NS;
	wait_for_progress();
	for (shared->faults = 0; shared->faults == 0; poll(NULL, 0, 1))
		assert_true(clock_now_ns() < until);
	return shared->faults;
}

/* The target itself reports that it was not harmed. */
static void check_target(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	wait_for_progress();
	shared->stop = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	assert_int_equal(shared->stopped, THREADS);
	for (size_t i = 0; i < THREADS; i++) {
		uint64_t at = i + 1;
		for (uint64_t n = shared->steps[i]; n > 0; n--)
			at = next_link(at);
		assert_true(at == shared->chain[i]);
	}
	assert_int_equal(shared->others, 0);
	munmap(shared, sizeof *shared);
}

/* Watched for a while, with everything read: not traced, no signal, no fault, no page touched. */
static void test_watched(void **state)
{
	static struct page_detail detail;
	char *held =
	    mmap(NULL, HELD_PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid = start_target();
	uint64_t faults = faults_so_far();
	struct watching w = watch_attach(pid);
	w.source->ops->focus(w.source, pid, 0, RUNS_END);
	for (int i = 0; i < 200; i++) {
		uint64_t page = (uintptr_t)held / 4096 + (uint64_t)i % HELD_PAGES;
		watch_step(&w);
		assert_int_equal(w.source->ops->inspect(w.source, pid, page, INSPECT_BYTES, &detail, NULL),
				 0);
		assert_int_equal(page_state(detail.word), PAGE_RESERVED);
		assert_int_equal(detail.bytes_len, 0);
		page = w.process->space->regions[(size_t)i % w.process->space->count]->attr.start >> 12;
		assert_int_equal(w.source->ops->inspect(w.source, pid, page, INSPECT_BYTES, &detail, NULL),
				 0);
	}
	assert_true(shared->faults == faults);
	assert_int_equal(shared->traced, 0);
	assert_int_equal(shared->usr1, 0);
	watch_end(&w);
	check_target(pid);
	munmap(held, HELD_PAGES * 4096);
}

/* Watches, and with `pausing` stops and resumes as fast as it can, until it is killed. */
static void watch_forever(pid_t pid, bool pausing)
{
	struct watching w = watch_attach(pid);
	for (;;) {
		watch_step(&w);
		if (!pausing)
			continue;
		w.source->ops->control(w.source, pid, CONTROL_PAUSE, NULL, NULL);
		watch_step(&w);
		w.source->ops->control(w.source, pid, CONTROL_RESUME, NULL, NULL);
	}
}

static void kill_watchers(bool pausing)
{
	uint64_t random = 7;
	pid_t pid = start_target();
	for (int round = 0; round < ROUNDS; round++) {
		pid_t watcher = fork();
		if (watcher == 0)
			watch_forever(pid, pausing);
		struct timespec moment = { 0, (long)(check_random(&random) % 30000000) };
		nanosleep(&moment, NULL);
		/* it may arrive during a pause: it must neither be lost nor kill */
		int before = shared->usr1;
		kill(pid, SIGUSR1);
		assert_int_equal(kill(watcher, SIGKILL), 0);
		waitpid(watcher, NULL, 0);
		wait_for_progress();
		for (uint64_t until = clock_now_ns() + DEADLINE_NS; shared->usr1 == before; poll(NULL, 0, 1))
			assert_true(clock_now_ns() < until);
		assert_int_equal(shared->usr1, before + 1);
	}
	if (!pausing)
		assert_int_equal(shared->traced, 0);
	check_target(pid);
}

static void test_watchers_are_killed(void **state)
{
	kill_watchers(false);
}

static void test_pausers_are_killed(void **state)
{
	kill_watchers(true);
}

/* Really paused: no thread takes a step, and a signal sent meanwhile arrives when it goes on. */
static void test_paused(void **state)
{
	pid_t pid = start_target();
	struct watching w = watch_attach(pid);
	for (int i = 0; i < 20; i++) {
		uint64_t before[THREADS];
		watch_control(&w, CONTROL_PAUSE);
		WATCH_UNTIL(&w, w.process->status == PROCESS_PAUSED);
		for (size_t t = 0; t < THREADS; t++)
			before[t] = shared->steps[t];
		kill(pid, SIGUSR1);
		poll(NULL, 0, 5);
		for (size_t t = 0; t < THREADS; t++)
			assert_true(shared->steps[t] == before[t]);
		assert_int_equal(shared->usr1, i);
		watch_control(&w, CONTROL_RESUME);
		WATCH_UNTIL(&w, shared->usr1 == i + 1);
		wait_for_progress();
	}
	watch_end(&w);
	check_target(pid);
}

/* A process stopped by a signal stays stopped when we pause it, resume it, and leave. */
static void test_stopped_by_a_signal(void **state)
{
	pid_t pid = start_target();
	int status;
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	struct watching w = watch_attach(pid);
	assert_int_equal(w.process->counters.now.state, 'T');
	WATCH_UNTIL(&w, w.process->status == PROCESS_STOPPED);
	watch_control(&w, CONTROL_PAUSE);
	WATCH_UNTIL(&w, w.process->status == PROCESS_PAUSED);
	watch_control(&w, CONTROL_RESUME);
	WATCH_UNTIL(&w, w.process->status == PROCESS_STOPPED);
	uint64_t before = shared->steps[0];
	watch_control(&w, CONTROL_PAUSE);
	watch_end(&w);
	poll(NULL, 0, 20);
	assert_true(shared->steps[0] == before);
	kill(pid, SIGCONT);
	wait_for_progress();
	assert_int_equal(shared->others, 1); /* the SIGCONT */
	shared->others = 0;
	check_target(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_watched),
		cmocka_unit_test(test_paused),
		cmocka_unit_test(test_stopped_by_a_signal),
		cmocka_unit_test(test_watchers_are_killed),
		cmocka_unit_test(test_pausers_are_killed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
