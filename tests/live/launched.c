/* Launched programs with complications: threads, signals, a first thread that ends
 * before the others, exec by another thread. The target is this program, in a role
 * of its own. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/watching.h"

#define SELF "/proc/self/exe"
#define PAGES 16
#define SIGNALS 500

static void await_line(void)
{
	char line[64];
	if (!fgets(line, sizeof line, stdin))
		_exit(99);
}

static void *outlive_the_first(void *argument)
{
	char *memory = argument;
	await_line();
	for (int i = 0; i < PAGES; i++)
		memory[i * 4096] = 1;
	printf("touched\n");
	fflush(stdout);
	await_line();
	_exit(11);
}

static void play_early_end(void)
{
	pthread_t thread;
	char *memory = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("memory %p\n", (void *)memory);
	fflush(stdout);
	pthread_create(&thread, NULL, outlive_the_first, memory);
	syscall(SYS_exit, 0);
}

static void *become_another(void *argument)
{
	execl(SELF, "again", "exit", NULL);
	_exit(98);
}

static void play_exec_by_thread(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, become_another, NULL);
	for (;;)
		pause();
}

static volatile sig_atomic_t signals_seen;

static void count_signal(int sig)
{
	signals_seen++;
}

/* Sends itself signals through a child, one by one, each seen before the next. */
static void play_signals(void)
{
	sigset_t usr1, before;
	signal(SIGUSR1, count_signal);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &before);
	int turn[2];
	if (pipe(turn) != 0)
		_exit(97);
	if (fork() == 0) {
		char byte;
		for (int i = 0; i < SIGNALS && read(turn[0], &byte, 1) == 1; i++)
			kill(getppid(), SIGUSR1);
		_exit(0);
	}
	for (int i = 0; i < SIGNALS; i++) {
		if (write(turn[1], "x", 1) != 1)
			_exit(96);
		while (signals_seen == i)
			sigsuspend(&before);
	}
	wait(NULL);
	printf("signals %d\n", (int)signals_seen);
	_exit(0);
}

static void play_counting(void)
{
	printf("counting\n");
	fflush(stdout);
	for (;;)
		signals_seen++;
}

/* Fault by fault, so that the last picture differs from all before it. */
static void play_touch_and_end(void)
{
	char *memory = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("memory %p\n", (void *)memory);
	fflush(stdout);
	for (int i = 0; i < PAGES; i++)
		memory[i * 4096] = 1;
	signal(SIGSEGV, SIG_DFL);
	kill(getpid(), SIGSEGV);
	_exit(0);
}

static void play(const char *role)
{
	if (!strcmp(role, "early-end"))
		play_early_end();
	if (!strcmp(role, "exec-by-thread"))
		play_exec_by_thread();
	if (!strcmp(role, "signals"))
		play_signals();
	if (!strcmp(role, "count"))
		play_counting();
	if (!strcmp(role, "touch-and-end"))
		play_touch_and_end();
	_exit(12);
}

static struct watching launch_role(const char *role)
{
	return watch_launch((const char *[]){ SELF, role, NULL });
}

static void send_line(struct watching *w)
{
	struct control_arg arg = { .bytes = "\n", .len = 1 };
	assert_int_equal(w->source->ops->control(w->source, w->pid, CONTROL_SEND, &arg, NULL), 0);
}

/* The page of the memory whose address the program printed. */
static uint64_t said_page(const struct watching *w)
{
	void *memory = NULL;
	const char *line;
	for (size_t i = 0; (line = output_line(&w->process->output, i)); i++)
		if (sscanf(line, "memory %p", &memory) == 1)
			break;
	assert_non_null(memory);
	return (uintptr_t)memory / 4096;
}

static int touched(const struct watching *w)
{
	int n = 0;
	uint64_t first = said_page(w);
	for (int i = 0; i < PAGES; i++)
		n += page_state(runs_at(w->process->space->pages, first + (uint64_t)i).value) == PAGE_ANON;
	return n;
}

static void test_early_end_of_first_thread(void **state)
{
	struct watching w = launch_role("early-end");
	WATCH_UNTIL(&w, watch_output_has(&w, "memory"));
	WATCH_UNTIL(&w, w.process->counters.now.state == 'Z');
	assert_int_equal(w.process->status, PROCESS_RUNNING);
	assert_int_equal(touched(&w), 0);
	send_line(&w);
	WATCH_UNTIL(&w, touched(&w) == PAGES);
	assert_true(process_alive(w.process));
	send_line(&w);
	WATCH_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 11);
	assert_int_equal(touched(&w), PAGES);
	watch_end(&w);
}

static void test_exec_by_thread(void **state)
{
	struct watching w = launch_role("exec-by-thread");
	WATCH_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 12);
	watch_end(&w);
}

static void test_signals(void **state)
{
	char text[32];
	struct watching w = launch_role("signals");
	snprintf(text, sizeof text, "signals %d", SIGNALS);
	WATCH_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_true(watch_output_has(&w, text));
	watch_end(&w);
}

static void test_stop_and_continue(void **state)
{
	struct watching w = launch_role("count");
	WATCH_UNTIL(&w, watch_output_has(&w, "counting"));
	for (int i = 0; i < 5; i++) {
		kill(w.pid, SIGSTOP);
		WATCH_UNTIL(&w, w.process->status == PROCESS_STOPPED);
		kill(w.pid, SIGCONT);
		WATCH_UNTIL(&w, w.process->status == PROCESS_RUNNING);
	}
	watch_control(&w, CONTROL_PAUSE);
	WATCH_UNTIL(&w, w.process->status == PROCESS_PAUSED);
	kill(w.pid, SIGTERM);
	for (int i = 0; i < 20; i++)
		watch_step(&w);
	assert_int_equal(w.process->status, PROCESS_PAUSED);
	watch_control(&w, CONTROL_RESUME);
	WATCH_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_KILLED);
	assert_int_equal(w.process->status_code, SIGTERM);
	watch_end(&w);
}

static void test_killed_while_paused(void **state)
{
	struct watching w = launch_role("count");
	WATCH_UNTIL(&w, watch_output_has(&w, "counting"));
	watch_control(&w, CONTROL_PAUSE);
	WATCH_UNTIL(&w, w.process->status == PROCESS_PAUSED);
	kill(w.pid, SIGKILL);
	WATCH_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status_code, SIGKILL);
	watch_end(&w);
}

static void test_last_picture(void **state)
{
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	for (int i = 0; i < 20; i++) {
		struct watching w = launch_role("touch-and-end");
		WATCH_UNTIL(&w, !process_alive(w.process));
		assert_int_equal(w.process->status, PROCESS_KILLED);
		assert_int_equal(w.process->status_code, SIGSEGV);
		assert_int_equal(touched(&w), PAGES);
		watch_end(&w);
	}
}

/* Nothing is left behind by all this. */
static void test_no_child_is_left(void **state)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_early_end_of_first_thread),
		cmocka_unit_test(test_exec_by_thread),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_killed_while_paused),
		cmocka_unit_test(test_last_picture),
		cmocka_unit_test(test_no_child_is_left),
	};
	if (argc > 1)
		play(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
