/* Can programs be stopped? That takes two rights, and each is tried:
 *
 *     ptrace      of a child that asks to be traced, as a launched program does, and of a
 *                 process that is not a descendant of ours, as with -p: Yama
 *                 (kernel.yama.ptrace_scope 1) allows the first and denies the second
 *     a signal    at each page fault: kern/perf/faultstop.h
 *
 * A process that is not a descendant is made by forking twice: when the process in between
 * ends, the other one becomes a child of init. It only waits for the end of a pipe. */
#include "cmd/doctor/probes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "kern/perf/faultstop.h"
#include "trace/codestop.h"

/* Works, where err has no code. */
static void add(struct findings *all, const char *name, const char *text, const struct err *err,
		const char *remedy)
{
	struct finding *finding =
	    findings_add(all, FINDINGS_STEPPING, name, err->code ? FINDING_DENIED : FINDING_OK, text);

	if (!err->code)
		return;
	finding->why = mem_strdup(err->text);
	finding->remedy = remedy;
}

static int fail(struct err *err, int errnum)
{
	return err_set(err, ERR_SYSTEM, "%s", strerror(errnum));
}

static int wait_for(pid_t pid, int *status, struct err *err)
{
	pid_t waited;

	while ((waited = waitpid(pid, status, __WALL)) < 0 && errno == EINTR)
		;
	return waited == pid ? 0 : fail(err, errno);
}

/* May we trace a child? Returns 0, or -1 with err. */
static int try_child(struct err *err)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return fail(err, errno);
	if (pid == 0)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno);
	if (wait_for(pid, &status, err) < 0)
		return -1;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	return fail(err, WIFEXITED(status) ? WEXITSTATUS(status) : EPERM);
}

/* The process in between: forks, writes the child's pid, and ends. */
static _Noreturn void fork_stranger(int out, int ends)
{
	char byte;
	pid_t pid = fork();

	if (pid == 0) {
		close(out);
		_exit(read(ends, &byte, 1) < 0);
	}
	_exit(write(out, &pid, sizeof pid) != (ssize_t)sizeof pid);
}

/* Makes a process that is not a descendant of ours and ends when *ends is closed. Returns its pid, or -1 with err. */
static pid_t make_stranger(int *ends, struct err *err)
{
	int pid_pipe[2], waits[2];
	pid_t stranger = -1, between;

	if (pipe(pid_pipe) != 0)
		return fail(err, errno);
	if (pipe(waits) != 0 || (between = fork()) < 0) {
		fail(err, errno);
		close(pid_pipe[0]);
		close(pid_pipe[1]);
		return -1;
	}
	if (between == 0) {
		close(waits[1]);
		fork_stranger(pid_pipe[1], waits[0]);
	}
	close(waits[0]);
	close(pid_pipe[1]);
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	if (read(pid_pipe[0], &stranger, sizeof stranger) != (ssize_t)sizeof stranger)
		stranger = fail(err, EAGAIN); /* it could not be forked there */
	close(pid_pipe[0]);
	*ends = waits[1];
	return stranger;
}

/* May we attach to another process of the same user? Returns 0, or -1 with err. It is not stopped. */
static int try_stranger(struct err *err)
{
	int ends = -1, result = -1, status;
	pid_t pid = make_stranger(&ends, err);

	if (pid > 0)
		result = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? 0 : fail(err, errno);
	if (ends >= 0)
		close(ends);
	return result == 0 ? wait_for(pid, &status, err) : -1;
}

static void add_faultstop(struct findings *all)
{
	const char *text = _("a stop right after each page fault: stepping, slow motion");
	struct err err = { 0 };
	struct faultstop *stop = faultstop_open((int32_t)getpid(), &err);
	struct finding *finding;

	if (!stop) {
		add(all, "step_faults", text, &err,
		    _("sysctl kernel.perf_event_paranoid=2, or root (sudo), or CAP_PERFMON"));
		return;
	}
	if (faultstop_within_calls(stop)) {
		add(all, "step_faults", text, &err, NULL);
	} else {
		finding = findings_add(all, FINDINGS_STEPPING, "step_faults", FINDING_PARTIAL, text);
		finding->why = mem_strdup(_("it does not stop at faults inside system calls"));
		finding->remedy = _("sysctl kernel.perf_event_paranoid=1, or root (sudo), or CAP_PERFMON");
	}
	faultstop_close(stop);
}

static void add_codestop(struct findings *all)
{
	const char *text = _("stops at lines of a program: for lessons, and the marks of check");
	enum codestop_way way = codestop_probe();
	struct err err = { 0 };

	if (way == CODESTOP_SINGLE_STEPS) {
		struct finding *finding =
		    findings_add(all, FINDINGS_STEPPING, "step_lines", FINDING_PARTIAL, text);
		finding->why = mem_strdup(_("no debug registers: done by single-stepping, which is slower"));
		finding->remedy = _("a machine, real or virtual, that has debug registers");
	} else {
		if (!way)
			err_set(&err, ERR_DENIED, "%s", _("a program cannot be traced here"));
		add(all, "step_lines", text, &err, _("a container or sandbox that allows ptrace"));
	}
}

/* Notes that launched programs cannot use a tracer themselves: we trace all their threads, and a thread has
 * only one tracer. */
static void add_tracers_inside(struct findings *all)
{
	findings_add(
	    all, FINDINGS_STEPPING, "tracers_inside", FINDING_FACT,
	    _("strace and gdb cannot trace within what pagescape launches: start them first, and watch "
	      "what they run with -f -p"));
}

void probe_stepping(struct findings *all)
{
	struct err launched = { 0 }, attached = { 0 };

	try_child(&launched);
	try_stranger(&attached);
	add(all, "ptrace_launched",
	    _("a program started by pagescape: pause it, hold it at its exec and its end"), &launched,
	    _("a container or sandbox that allows ptrace"));
	add(all, "ptrace_attached",
	    _("a running process of your own: pause it (with -p, when you ask for it)"), &attached,
	    _("sysctl kernel.yama.ptrace_scope=0, or root (sudo), or CAP_SYS_PTRACE; or start the program "
	      "with pagescape"));
	add_faultstop(all);
	add_codestop(all);
	add_tracers_inside(all);
}
