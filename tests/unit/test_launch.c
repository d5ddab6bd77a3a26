/* The live source on programs that it launches: how they end, their terminal, released ones. */
#include "live/live.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "unit/live_check.h"

#define ARGV(...) ((const char *[]){ __VA_ARGS__, NULL })

static void launch(struct watch *w, const char *const argv[])
{
	struct live_options o = options();
	struct err err = { 0 };
	memset(w, 0, sizeof *w);
	w->log.world = world_create();
	w->source = live_launch((char *const *)(uintptr_t)argv, 24, 80, &o, w->log.world, &w->pid, &err);
	if (!w->source)
		fail_msg("launch: %s", err.text);
	begin(w);
}

static bool output_has(const struct watch *w, const char *text)
{
	const char *line;
	for (size_t i = 0; (line = output_line(&w->process->output, i)); i++)
		if (strstr(line, text))
			return true;
	return false;
}

static void send_line(struct watch *w, const char *text)
{
	struct control_arg arg = { .bytes = text, .len = strlen(text) };
	assert_int_equal(w->source->ops->control(w->source, w->pid, CONTROL_SEND, &arg, NULL), 0);
}

static void test_ends_well(void **state)
{
	struct watch w;
	launch(&w, ARGV("true"));
	/* the fresh image: its entry point's page has not been run, so nothing of libc is there */
	uint64_t at_exec = resident(&w);
	size_t regions_at_exec = w.process->space->count;
	assert_true(at_exec > 0);
	assert_true(w.process->identity.launched);
	assert_int_equal(w.process->status, PROCESS_PAUSED);
	assert_int_equal(w.log.world->now_ns, 0);
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 0);
	/* the last picture: libc had been mapped and used */
	assert_true(w.process->space->count > regions_at_exec);
	assert_true(resident(&w) > at_exec);
	finish(&w);
}

static void test_ends_with_code(void **state)
{
	struct watch w;
	launch(&w, ARGV("sh", "-c", "echo last words; exit 7"));
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 7);
	assert_true(output_has(&w, "last words"));
	assert_true(resident(&w) > 0);
	finish(&w);
}

static void test_is_killed(void **state)
{
	struct watch w;
	launch(&w, ARGV("sh", "-c", "kill -9 $$"));
	uint64_t at_exec = resident(&w);
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_KILLED);
	assert_int_equal(w.process->status_code, SIGKILL);
	assert_true(resident(&w) > at_exec);
	finish(&w);
}

static enum err_code launch_error(const char *const argv[], struct err *err)
{
	struct live_options o = options();
	struct world *world = world_create();
	int32_t pid;
	memset(err, 0, sizeof *err);
	assert_null(live_launch((char *const *)(uintptr_t)argv, 24, 80, &o, world, &pid, err));
	world_destroy(world);
	return err->code;
}

static void test_refusals(void **state)
{
	struct err err;
	char path[] = "/tmp/pagescape-test-XXXXXX";
	int fd = mkstemp(path);
	assert_int_equal(write(fd, "no program\n", 11), 11);
	close(fd);
	assert_int_equal(launch_error(ARGV("no-such-program-here"), &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "no-such-program-here"));
	assert_int_equal(launch_error(ARGV("/no/such/folder/program"), &err), ERR_NOT_FOUND);
	assert_int_equal(launch_error(ARGV(""), &err), ERR_NOT_FOUND);
	assert_int_equal(launch_error(ARGV("/tmp"), &err), ERR_DENIED);
	assert_int_equal(launch_error(ARGV(path), &err), ERR_DENIED);
	assert_int_equal(err.errnum, EACCES);
	chmod(path, 0755);
	assert_int_equal(launch_error(ARGV(path), &err), ERR_DENIED);
	assert_int_equal(err.errnum, ENOEXEC);
	fd = open(path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "#!/no/such/interpreter\n", 23), 23);
	close(fd);
	assert_int_equal(launch_error(ARGV(path), &err), ERR_NOT_FOUND);
	unlink(path);
	char *huge = mem_alloc(4 << 20);
	memset(huge, 'x', (4 << 20) - 1);
	huge[(4 << 20) - 1] = '\0';
	assert_int_equal(launch_error(ARGV("true", huge), &err), ERR_SYSTEM);
	assert_int_equal(err.errnum, E2BIG);
	free(huge);
	/* no child was left behind */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_exec_chain(void **state)
{
	struct watch w;
	launch(&w, ARGV("sh", "-c", "exec sh -c 'exec sh -c \"exit 3\"'"));
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status_code, 3);
	assert_int_equal(w.log.execs, 2);
	assert_int_equal(w.process->course.execs, 2);
	finish(&w);
}

static void test_terminal(void **state)
{
	struct watch w;
	launch(&w, ARGV("sh", "-c",
			"test -t 0 && test -t 1 && stty size && tty && read x && echo got $x && exit 4"));
	STEP_UNTIL(&w, output_has(&w, "24 80"));
	send_line(&w, "a line\n");
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_true(output_has(&w, "got a line"));
	assert_true(output_has(&w, "/dev/pts/"));
	assert_int_equal(w.process->status_code, 4);
	finish(&w);
}

static void test_much_output(void **state)
{
	struct watch w;
	launch(&w, ARGV("sh", "-c", "seq 1 200000; echo the end"));
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_true(output_has(&w, "the end"));
	assert_true(output_has(&w, "199999"));
	assert_true(w.process->output.bytes > 1000000);
	finish(&w);
}

static void test_end_is_asked_for(void **state)
{
	struct watch w;
	launch(&w, ARGV("sleep", "1000"));
	step(&w);
	control(&w, CONTROL_END);
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status_code, SIGHUP);
	finish(&w);
	/* one that ignores it, and one that is paused */
	launch(&w, ARGV("sh", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 1; done"));
	STEP_UNTIL(&w, output_has(&w, "ready"));
	control(&w, CONTROL_PAUSE);
	control(&w, CONTROL_END);
	STEP_UNTIL(&w, !process_alive(w.process));
	assert_int_equal(w.process->status, PROCESS_KILLED);
	assert_int_equal(w.process->status_code, SIGKILL);
	finish(&w);
	/* an end asked for, and no steps after it */
	launch(&w, ARGV("sleep", "1000"));
	control(&w, CONTROL_END);
	int32_t pid = w.pid;
	finish(&w);
	assert_int_equal(kill(pid, 0), -1);
}

static int count_lines(const char *path)
{
	int n = 0, c;
	FILE *f = fopen(path, "r");
	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

static void test_released_program_lives_on(void **state)
{
	struct watch w;
	char path[] = "/tmp/pagescape-test-XXXXXX", script[256];
	close(mkstemp(path));
	snprintf(script, sizeof script,
		 "trap 'echo hup >> %s' HUP; i=0;"
		 "while test $i -lt 40; do seq 1 300; echo $i >> %s; i=$((i+1)); done",
		 path, path);
	launch(&w, ARGV("sh", "-c", script));
	step(&w);
	control(&w, CONTROL_RELEASE);
	finish(&w);
	/* it writes more than a terminal holds, and is neither hung up nor blocked */
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; count_lines(path) < 40; poll(NULL, 0, 10))
		assert_true(clock_now_ns() < until);
	int status;
	assert_int_equal(waitpid(w.pid, &status, 0), w.pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(count_lines(path), 40);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_well),
		cmocka_unit_test(test_ends_with_code),
		cmocka_unit_test(test_is_killed),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_exec_chain),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_much_output),
		cmocka_unit_test(test_end_is_asked_for),
		cmocka_unit_test(test_released_program_lives_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
