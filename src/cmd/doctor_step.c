/* Whether programs can be stopped. Two rights are needed, and each is tried:
 *
 *     ptrace      a child that asks to be traced, as a launched program does; and a process
 *                 that is no descendant of ours, as one that is attached to: Yama
 *                 (kernel.yama.ptrace_scope 1) allows the first and refuses the second
 *     a signal    at each page fault: kern/perf/faultstop.h
 *
 * A process that is no descendant is made by forking twice: when the one in between ends,
 * the other is init's child. It does nothing but wait for the end of a pipe. */
#include "cmd/doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "kern/perf/faultstop.h"

static const char *const group = "stepping";

static void add(struct findings *all, const char *name, const char *text, const char *why, const char *remedy)
{
	struct finding *finding = findings_add(all, group, name, why ? FINDING_DENIED : FINDING_OK, text);

	if (!why)
		return;
	finding->why = mem_strdup(why);
	finding->remedy = remedy;
}

/* Returns 0 where a child may be traced, else errno. */
static int try_child(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return errno;
	if (pid == 0)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

/* The process in between: has a child, tells its pid, and ends. */
static _Noreturn void fork_stranger(int told, int ends)
{
	char byte;
	pid_t pid = fork();

	if (pid == 0) {
		close(told);
		_exit(read(ends, &byte, 1) < 0);
	}
	_exit(write(told, &pid, sizeof pid) != (ssize_t)sizeof pid);
}

/* A process that is no descendant of ours, which ends when *ends is closed. -1 with errno. */
static pid_t make_stranger(int *ends)
{
	int told[2], waits[2];
	pid_t stranger = -1, between;

	if (pipe(told) != 0)
		return -1;
	if (pipe(waits) != 0 || (between = fork()) < 0) {
		close(told[0]);
		close(told[1]);
		return -1;
	}
	if (between == 0) {
		close(waits[1]);
		fork_stranger(told[1], waits[0]);
	}
	close(waits[0]);
	close(told[1]);
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	if (read(told[0], &stranger, sizeof stranger) != (ssize_t)sizeof stranger)
		stranger = -1;
	close(told[0]);
	*ends = waits[1];
	return stranger;
}

/* Returns 0 where another process of ours may be attached to, else errno. It is not stopped. */
static int try_stranger(void)
{
	int ends, result;
	pid_t pid = make_stranger(&ends);

	if (pid < 0)
		return errno;
	result = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? 0 : errno;
	close(ends);
	while (result == 0 && waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	return result;
}

static void add_faultstop(struct findings *all)
{
	const char *text = _("a stop right behind each page fault: stepping, slow motion");
	struct err err = { 0 };
	struct faultstop *stop = faultstop_open((int32_t)getpid(), &err);
	struct finding *finding;

	if (!stop) {
		add(all, "step_faults", text, err.text,
		    _("sysctl kernel.perf_event_paranoid=2, or root (sudo), or CAP_PERFMON"));
		return;
	}
	if (faultstop_within_calls(stop)) {
		add(all, "step_faults", text, NULL, NULL);
	} else {
		finding = findings_add(all, group, "step_faults", FINDING_PARTIAL, text);
		finding->why = mem_strdup(_("faults within system calls are not counted"));
		finding->remedy = _("sysctl kernel.perf_event_paranoid=1, or root (sudo), or CAP_PERFMON");
	}
	faultstop_close(stop);
}

void doctor_probe_stepping(struct findings *all)
{
	int errnum = try_child();

	add(all, "ptrace_launched",
	    _("a program that pagescape has started: paused, held at its exec and its end"),
	    errnum ? strerror(errnum) : NULL, _("a container or sandbox that allows ptrace"));
	errnum = try_stranger();
	add(all, "ptrace_attached",
	    _("a running process of one's own: paused (with -p, when you ask for it)"),
	    errnum ? strerror(errnum) : NULL,
	    _("sysctl kernel.yama.ptrace_scope=0, or root (sudo), or CAP_SYS_PTRACE; or start the program "
	      "with "
	      "pagescape"));
	add_faultstop(all);
}
