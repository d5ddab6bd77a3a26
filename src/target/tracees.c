/* Stops of traced threads, as waitpid tells them.
 *
 *     status >> 16          WSTOPSIG          what it is                  what we do
 *     0                     SIGUSR1           a signal about to arrive    deliver it, unchanged
 *     PTRACE_EVENT_EXEC     SIGTRAP           a new program               hold until its picture is taken
 *     PTRACE_EVENT_EXIT     SIGTRAP           the main thread ends        hold until its picture is taken
 *     PTRACE_EVENT_STOP     SIGTRAP           our own PTRACE_INTERRUPT    stay while pausing, else go on
 *     PTRACE_EVENT_STOP     SIGSTOP, SIGTSTP  the whole process stopped   PTRACE_LISTEN: stay stopped, as
 *                                                                         it would without us
 *
 * Threads are seized, never attached to: no signal is sent, and when our thread
 * ends, however it ends, the kernel lets go of them all and they run on.
 *
 * To pause, each thread in /proc/PID/task is seized and interrupted. A thread that
 * still runs can make another one in the meantime, so the list is read again once
 * all known ones have stopped, until nothing new turns up: then none is left that
 * could make one. A thread that sits in the kernel and cannot be interrupted stops
 * before it runs its next instruction. */
#include "target/tracees.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/i18n.h"
#include "base/mem.h"

void tracees_fini(struct tracees *tracees)
{
	free(tracees->list);
	tracees->list = NULL;
	tracees->count = tracees->cap = 0;
}

static struct tracee *find(struct tracees *tracees, pid_t tid)
{
	for (size_t i = 0; i < tracees->count; i++)
		if (tracees->list[i].tid == tid)
			return &tracees->list[i];
	return NULL;
}

static void forget(struct tracees *tracees, struct tracee *tracee)
{
	*tracee = tracees->list[--tracees->count];
}

static struct tracee *remember(struct tracees *tracees, pid_t tid)
{
	struct tracee *old = find(tracees, tid);
	if (!old) {
		mem_grow(tracees->list, tracees->cap, tracees->count + 1);
		old = &tracees->list[tracees->count++];
	}
	*old = (struct tracee){.tid = tid};
	return old;
}

/* Traced for good, and not only while pausing. */
static bool kept(const struct tracees *tracees, const struct tracee *tracee)
{
	return tracees->launched && tracee->tid == tracees->pid;
}

int tracees_adopt(struct tracees *tracees, struct err *err)
{
	long options = PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;
	if (ptrace(PTRACE_SEIZE, tracees->pid, 0L, options) != 0)
		return err_system(err, errno, "%s", _("cannot trace the program that was started"));
	remember(tracees, tracees->pid);
	return 0;
}

bool tracees_expected(const struct tracees *tracees)
{
	return tracees->count > 0 || (tracees->launched && !tracees->ended);
}

/* Lets a stopped thread go on in the way that befits its stop, unless it is to stay.
 * Returns whether it is traced no longer. */
static bool let_run(struct tracees *tracees, struct tracee *tracee)
{
	bool main_thread = kept(tracees, tracee), held = main_thread && tracees->hold != TRACEE_FREE;
	if (!tracee->stopped || held || tracees->pausing)
		return false;
	/* ESRCH: it was killed meanwhile; waitpid will tell */
	if (!main_thread) {
		ptrace(PTRACE_DETACH, tracee->tid, 0L, (long)tracee->signal);
		return true;
	}
	if (tracee->group_stop)
		ptrace(PTRACE_LISTEN, tracee->tid, 0L, 0L);
	else
		ptrace(PTRACE_CONT, tracee->tid, 0L, (long)tracee->signal);
	tracee->stopped = tracee->group_stop = false;
	tracee->signal = 0;
	return false;
}

void tracees_go(struct tracees *tracees)
{
	struct tracee *main_thread = find(tracees, tracees->pid);
	enum tracee_hold hold = tracees->hold;
	tracees->hold = TRACEE_FREE;
	if (!main_thread || !main_thread->stopped)
		return;
	/* one that ends has no instruction left to run: not even a pause keeps it */
	if (hold == TRACEE_AT_EXIT) {
		ptrace(PTRACE_CONT, main_thread->tid, 0L, 0L);
		main_thread->stopped = false;
	} else {
		let_run(tracees, main_thread);
	}
}

/* Seizes and interrupts the threads not known yet. Returns how many, or -1 with errno
 * when none could be listed, or one was refused. */
static int seize_new(struct tracees *tracees)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task", (int)tracees->pid);
	DIR *dir = opendir(path);
	if (!dir)
		return -1;
	int found = 0, refused = 0;
	for (struct dirent *entry; (entry = readdir(dir));) {
		pid_t tid = (pid_t)atoi(entry->d_name);
		if (tid <= 0 || find(tracees, tid))
			continue;
		if (ptrace(PTRACE_SEIZE, tid, 0L, 0L) == 0) {
			ptrace(PTRACE_INTERRUPT, tid, 0L, 0L);
			remember(tracees, tid);
			found++;
		} else if (errno != ESRCH) {
			refused = errno;
		}
	}
	closedir(dir);
	errno = refused;
	/* a zombie among the threads is refused too: it runs nothing, and counts for nothing
	 * where others could be seized */
	return refused && !tracees->count ? -1 : found;
}

static bool all_stopped(const struct tracees *tracees)
{
	for (size_t i = 0; i < tracees->count; i++)
		if (!tracees->list[i].stopped)
			return false;
	return true;
}

static void look_whether_paused(struct tracees *tracees)
{
	if (tracees->pausing && !tracees->paused && all_stopped(tracees) && seize_new(tracees) == 0)
		tracees->paused = true;
}

static void explain_refusal(struct tracees *tracees, int errnum, struct err *err)
{
	if (errnum == EPERM)
		err_set(err, ERR_DENIED, "%s",
			_("pausing it is not allowed: another tracer has it, or it takes root, CAP_SYS_PTRACE or "
			  "kernel.yama.ptrace_scope=0"));
	else if (errnum == ENOENT || errnum == ESRCH)
		err_set(err, ERR_GONE, _("process %d has ended"), (int)tracees->pid);
	else
		err_system(err, errnum, _("cannot pause process %d"), (int)tracees->pid);
}

int tracees_pause(struct tracees *tracees, struct err *err)
{
	if (tracees->pausing)
		return 0;
	for (size_t i = 0; i < tracees->count; i++)
		if (!tracees->list[i].stopped)
			ptrace(PTRACE_INTERRUPT, tracees->list[i].tid, 0L, 0L);
	if (seize_new(tracees) < 0) {
		explain_refusal(tracees, errno, err);
		return -1;
	}
	tracees->pausing = true;
	look_whether_paused(tracees);
	return 0;
}

void tracees_resume(struct tracees *tracees)
{
	tracees->pausing = tracees->paused = false;
	for (size_t i = 0; i < tracees->count;) {
		if (let_run(tracees, &tracees->list[i]))
			forget(tracees, &tracees->list[i]);
		else
			i++;
	}
}

static void take_end(struct tracees *tracees, struct tracee *tracee, pid_t tid, int wait_status)
{
	if (tracee)
		forget(tracees, tracee);
	if (tid == tracees->pid && tracees->launched) {
		tracees->ended = true;
		tracees->wait_status = wait_status;
		tracees->hold = TRACEE_FREE;
		tracees->count = 0;
	}
}

void tracees_take(struct tracees *tracees, pid_t tid, int wait_status)
{
	struct tracee *tracee = find(tracees, tid);
	if (!WIFSTOPPED(wait_status)) {
		take_end(tracees, tracee, tid, wait_status);
		look_whether_paused(tracees);
		return;
	}
	if (!tracee)
		return;
	int event = wait_status >> 16, sig = WSTOPSIG(wait_status);
	tracee->stopped = true;
	tracee->signal = event ? 0 : sig;
	tracee->group_stop = event == PTRACE_EVENT_STOP && sig != SIGTRAP;
	if (event == PTRACE_EVENT_EXEC) {
		tracees->hold = TRACEE_AT_EXEC;
		tracees->execs++;
	} else if (event == PTRACE_EVENT_EXIT) {
		tracees->hold = TRACEE_AT_EXIT;
	}
	if (let_run(tracees, tracee))
		forget(tracees, tracee);
	else
		look_whether_paused(tracees);
}
