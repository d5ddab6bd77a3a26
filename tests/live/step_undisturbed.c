/* Whatever else happens to a program while it is stepped ends as it would without: signals, job control, exec, its release. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/step_launch.h"

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
			execl(step_target(), "again", "end", NULL);
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
		cmocka_unit_test(test_job_control),        cmocka_unit_test(test_signals),
		cmocka_unit_test(test_all_signals_caught), cmocka_unit_test(test_blocked_signals),
		cmocka_unit_test(test_under_way),          cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_attached_exec),      cmocka_unit_test(test_attached),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
