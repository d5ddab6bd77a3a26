/* Stops of traced threads, as waitpid reports them.
 *
 *     status >> 16          WSTOPSIG          what it is                  what we do
 *     0                     SIGUSR1           a signal about to arrive    deliver it, unchanged
 *     0                     SIGSEGV, SIGBUS   the same: a fatal fault     note it first
 *     PTRACE_EVENT_EXEC     SIGTRAP           a new program, by any       hold until its picture is taken
 *                                             of the old one's threads
 *     PTRACE_EVENT_EXIT     SIGTRAP           the main thread ends        hold until its picture is taken
 *     PTRACE_EVENT_FORK     SIGTRAP           it has forked (or vforked)  go on; the child has its own stop
 *     PTRACE_EVENT_STOP     SIGTRAP           our own PTRACE_INTERRUPT    stay while pausing, else go on
 *     PTRACE_EVENT_STOP     SIGSTOP, SIGTSTP  the whole process stopped   PTRACE_LISTEN: stay stopped, as
 *                                                                         it would without us
 *     PTRACE_EVENT_CLONE    SIGTRAP           a thread makes another      go on; the other is traced too,
 *                                                                         and stops before it begins
 * and while stepping (see trace/step.h)
 *     0                     SIGURG and such   ours, at a fault            swallow it; stop all, or go on
 *     0                     SIGTRAP | 0x80    a system call               stop all, or go on
 *     0                     SIGTRAP           a debug register hit, or   swallow it; stop all, or
 *                                             a single step is done       go on
 *
 * Threads are seized, never attached to: no signal is sent, and when our thread ends, however it ends, the
 * kernel detaches them all and they run on.
 *
 * An exec by a thread other than the main thread is reported to the tracer of that thread, under the main
 * thread's tid: so all threads of a launched program are traced from their creation. Seizing the others only
 * when the main thread dies would be too late, because attaching is not possible while an exec is in
 * progress.
 *
 * To pause, each thread in /proc/PID/task is seized and interrupted. A thread that still runs can make
 * another one in the meantime, so the list is read again once all known ones have stopped, until nothing new
 * turns up: then none is left that could make one. A thread that sits in the kernel and cannot be interrupted
 * stops before it runs its next instruction. */
#include "trace/tracees.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "kern/tasks.h"

/* of a launched program: of all its threads, and of the main thread alone */
#define KEPT_OPTIONS (PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE)
#define MAIN_OPTIONS PTRACE_O_TRACEEXIT
#define FOLLOW_OPTIONS (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK)
/* without SYSGOOD, our end would kill a thread that is stopped at a system call */
#define STEP_OPTIONS (PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE | PTRACE_O_TRACESYSGOOD)
#define SYSCALL_STOP (SIGTRAP | 0x80)

void tracees_fini(struct tracees *tracees)
{
	for (size_t i = 0; i < tracees->count; i++)
		step_disarm(&tracees->list[i].step);
	step_fini(&tracees->step);
	fatal_faults_fini(&tracees->fatal);
	stopped_stacks_destroy(tracees->stacks);
	tracees->stacks = NULL;
	free(tracees->list);
	tracees->list = NULL;
	tracees->count = tracees->cap = 0;
}

static struct tracee *find(const struct tracees *tracees, pid_t tid)
{
	for (size_t i = 0; i < tracees->count; i++)
		if (tracees->list[i].tid == tid)
			return &tracees->list[i];
	return NULL;
}

bool tracees_have(const struct tracees *tracees, pid_t tid)
{
	return find(tracees, tid);
}

static void forget(struct tracees *tracees, struct tracee *tracee)
{
	step_disarm(&tracee->step);
	*tracee = tracees->list[--tracees->count];
}

static struct tracee *remember(struct tracees *tracees, pid_t tid)
{
	struct tracee *old = find(tracees, tid);
	if (!old) {
		mem_grow(tracees->list, tracees->cap, tracees->count + 1);
		old = &tracees->list[tracees->count++];
	} else {
		step_disarm(&old->step);
	}
	*old = (struct tracee){ .tid = tid, .options = -1 };
	return old;
}

static long options_of(const struct tracees *tracees, pid_t tid)
{
	long options = step_is_on(&tracees->step) ? STEP_OPTIONS : 0;
	if (!tracees->launched)
		return options;
	options |= KEPT_OPTIONS | (tracees->forks ? FOLLOW_OPTIONS : 0);
	return options | (tid == tracees->pid ? MAIN_OPTIONS : 0);
}

void tracees_init(struct tracees *tracees, pid_t pid, bool forks)
{
	*tracees = (struct tracees){ .pid = pid, .forks = forks };
}

int tracees_adopt(struct tracees *tracees, pid_t pid, struct err *err)
{
	tracees->pid = pid;
	tracees->launched = true;
	long options = options_of(tracees, pid);
	if (ptrace(PTRACE_SEIZE, tracees->pid, 0L, options) != 0)
		return err_system(err, errno, "%s", _("cannot trace the program that was started"));
	remember(tracees, tracees->pid)->options = options;
	return 0;
}

void tracees_bear(struct tracees *tracees, pid_t pid)
{
	*tracees = (struct tracees){ .pid = pid, .launched = true, .forks = true, .unborn = true };
	remember(tracees, pid);
}

pid_t tracees_pid(const struct tracees *tracees)
{
	return tracees->pid;
}

bool tracees_follow(const struct tracees *tracees)
{
	return tracees->forks;
}

struct trace_news tracees_news(const struct tracees *tracees)
{
	const struct tracees_pause *pause = &tracees->pause;
	return (struct trace_news){
		.hold = tracees->hold,
		.execs = tracees->execs,
		.paused = pause->done,
		.stops = pause->count,
		.why = pause->why,
		.who = pause->who,
		.address = pause->why == STOP_CODE ? pause->address : 0,
		.stepping = step_is_on(&tracees->step),
		.stopped = tracees->group_stopped,
		.ended = tracees->ended,
		.wait_status = tracees->wait_status,
	};
}

void tracees_take_calls(struct tracees *tracees, struct step_calls *to)
{
	step_take_calls(&tracees->step, to);
}

void tracees_take_fatal(struct tracees *tracees, struct fatal_faults *to)
{
	fatal_faults_move(to, &tracees->fatal);
}

void tracees_signal(const struct tracees *tracees, int sig)
{
	if (!tracees->ended) /* this thread reaps it: until then the pid cannot be reused */
		kill(-tracees->pid, sig);
}

bool tracees_expected(const struct tracees *tracees)
{
	return tracees->count > 0 || (tracees->launched && !tracees->ended);
}

/* For a stopped thread. */
static void set_options(const struct tracees *tracees, struct tracee *tracee)
{
	long options = options_of(tracees, tracee->tid);
	if (tracee->options != options)
		ptrace(PTRACE_SETOPTIONS, tracee->tid, 0L, options);
	tracee->options = options;
}

/* Continues a stopped thread in the way that its stop requires, unless it has to stay stopped. Returns
 * whether it is no longer traced. */
static bool let_run(struct tracees *tracees, struct tracee *tracee)
{
	bool held = tracee->tid == tracees->pid && tracees->hold != TRACEE_FREE;
	if (!tracee->stopped || held || tracees->pause.asked)
		return false;
	if (!step_is_on(&tracees->step))
		step_disarm_standing(&tracee->step, tracee->tid);
	/* ESRCH: it was killed meanwhile, which waitpid will report */
	if (!step_is_on(&tracees->step) && !tracees->launched) {
		ptrace(PTRACE_DETACH, tracee->tid, 0L, (long)tracee->signal);
		return true;
	}
	set_options(tracees, tracee);
	if (tracee->group_stop)
		ptrace(PTRACE_LISTEN, tracee->tid, 0L, 0L);
	else
		step_go(&tracees->step, &tracee->step, tracee->tid, tracee->signal);
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
	/* a thread that is ending has no instruction left to run: not even a pause keeps it */
	if (hold == TRACEE_AT_EXIT) {
		ptrace(PTRACE_CONT, main_thread->tid, 0L, 0L);
		main_thread->stopped = false;
	} else if (let_run(tracees, main_thread)) {
		forget(tracees, main_thread); /* resumed meanwhile: it is no longer traced */
	}
}

void tracees_quit(struct tracees *tracees)
{
	tracees->hold = TRACEE_FREE;
	tracees_resume(tracees);
}

void tracees_leave(struct tracees *tracees)
{
	tracees->launched = false;
	tracees->leaving = true;
	tracees_quit(tracees);
}

static void explain_no_pause(struct tracees *tracees, int errnum, struct err *err)
{
	if (errnum == EPERM)
		err_set(err, ERR_DENIED, "%s",
			_("pausing it is not allowed: another tracer has it, or it needs root, "
			  "CAP_SYS_PTRACE or kernel.yama.ptrace_scope=0"));
	else if (errnum == ENOENT || errnum == ESRCH)
		err_set(err, ERR_GONE, _("process %d has ended"), (int)tracees->pid);
	else
		err_system(err, errnum, _("cannot pause process %d"), (int)tracees->pid);
}

/* Seizes and interrupts the threads not known yet. Returns how many, or -1 with err when none could be
 * listed, or one was refused: ERR_DENIED, ERR_GONE, ERR_SYSTEM. */
static int seize_new(struct tracees *tracees, struct err *err)
{
	struct task_list threads = { 0 };
	struct err failure = { 0 };
	if (tasks_list_of(tracees->pid, &threads, &failure) < 0) {
		explain_no_pause(tracees, failure.errnum ? failure.errnum : ESRCH, err);
		task_list_fini(&threads);
		return -1;
	}
	int found = 0, refused = 0;
	for (size_t i = 0; i < threads.count; i++) {
		pid_t tid = threads.ids[i];
		if (find(tracees, tid))
			continue;
		if (ptrace(PTRACE_SEIZE, tid, 0L, 0L) == 0) {
			ptrace(PTRACE_INTERRUPT, tid, 0L, 0L);
			remember(tracees, tid);
			found++;
		} else if (errno != ESRCH) {
			refused = errno;
		}
	}
	task_list_fini(&threads);
	/* a zombie among the threads is refused too: it does not run, and does not matter if others could be
	 * seized */
	if (!refused || tracees->count)
		return found;
	explain_no_pause(tracees, refused, err);
	return -1;
}

static bool all_stopped(const struct tracees *tracees)
{
	for (size_t i = 0; i < tracees->count; i++)
		if (!tracees->list[i].stopped)
			return false;
	return true;
}

static void check_paused(struct tracees *tracees)
{
	if (!tracees->pause.asked || tracees->pause.done || !all_stopped(tracees) ||
	    seize_new(tracees, NULL) != 0)
		return;
	tracees->pause.done = true;
	tracees->pause.count++;
}

static void interrupt_all(struct tracees *tracees)
{
	for (size_t i = 0; i < tracees->count; i++)
		if (!tracees->list[i].stopped)
			ptrace(PTRACE_INTERRUPT, tracees->list[i].tid, 0L, 0L);
}

/* What the step waited for has happened: the others stop too. */
static void end_step(struct tracees *tracees, enum stop_why why, pid_t who)
{
	step_stop(&tracees->step);
	tracees->pause.asked = true;
	tracees->pause.why = why;
	tracees->pause.who = who;
	interrupt_all(tracees);
}

int tracees_pause(struct tracees *tracees, struct err *err)
{
	if (tracees->pause.asked)
		return 0;
	if (step_is_on(&tracees->step)) {
		end_step(tracees, STOP_ASKED, 0);
		check_paused(tracees);
		return 0;
	}
	interrupt_all(tracees);
	if (seize_new(tracees, err) < 0)
		return -1;
	tracees->pause.asked = true;
	tracees->pause.why = tracees->hold == TRACEE_AT_EXEC ? STOP_EXEC : STOP_ASKED;
	tracees->pause.who = 0;
	check_paused(tracees);
	return 0;
}

static void let_all_run(struct tracees *tracees)
{
	tracees->pause.asked = tracees->pause.done = false;
	for (size_t i = 0; i < tracees->count;) {
		if (let_run(tracees, &tracees->list[i]))
			forget(tracees, &tracees->list[i]);
		else
			i++;
	}
}

void tracees_resume(struct tracees *tracees)
{
	/* those that run in a step stop once more, to be detached; the others are already stopped */
	bool stepping = step_is_on(&tracees->step) || (tracees->pause.asked && !tracees->pause.done);
	step_stop(&tracees->step);
	if (stepping)
		interrupt_all(tracees);
	let_all_run(tracees);
}

int tracees_step(struct tracees *tracees, const struct control_step *wanted, struct err *err)
{
	bool late = false;
	if (!tracees->pause.done)
		return err_set(err, ERR_SYSTEM, "%s", _("it has not stopped yet: try again"));
	step_begin(&tracees->step, tracees->pid, wanted);
	for (size_t i = 0; i < tracees->count; i++) {
		struct tracee *tracee = &tracees->list[i];
		if (step_arm(&tracees->step, &tracee->step, tracee->tid, err) != 0)
			return -1;
		late |= step_is_late(&tracee->step);
	}
	step_start(&tracees->step, late);
	let_all_run(tracees);
	return 0;
}

void tracees_check_late(struct tracees *tracees)
{
	for (size_t i = 0; step_is_on(&tracees->step) && i < tracees->count; i++) {
		struct tracee *tracee = &tracees->list[i];
		if (step_is_late(&tracee->step) && !tracee->stopped &&
		    step_take_faults(&tracees->step, &tracee->step))
			end_step(tracees, STOP_FAULT, tracee->tid);
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
		while (tracees->count)
			forget(tracees, &tracees->list[0]);
	}
	if (!tracees->count)
		step_stop(&tracees->step);
}

static bool is_thread(const struct tracees *tracees, pid_t tid)
{
	return tasks_has(tracees->pid, tid);
}

bool tracees_own(const struct tracees *tracees, pid_t tid)
{
	return find(tracees, tid) || is_thread(tracees, tid);
}

/* A traced thread has created another: that one is traced from the beginning, and will stop before its first
 * instruction. A pause waits for that. */
static void expect_new(struct tracees *tracees, pid_t maker)
{
	unsigned long tid;
	if (ptrace(PTRACE_GETEVENTMSG, maker, 0L, &tid) == 0 && !find(tracees, (pid_t)tid) &&
	    is_thread(tracees, (pid_t)tid))
		remember(tracees, (pid_t)tid)->born = true;
}

/* Takes a new thread, which is stopped. NULL if it is a separate process, not one of ours. */
static struct tracee *take_new(struct tracees *tracees, pid_t tid)
{
	struct tracee *tracee;
	if (!is_thread(tracees, tid)) {
		ptrace(PTRACE_DETACH, tid, 0L, 0L);
		return NULL;
	}
	tracee = remember(tracees, tid);
	if (step_is_on(&tracees->step))
		step_add(&tracees->step, &tracee->step, tid);
	return tracee;
}

/* Handles an exec: all other threads are gone, with their events. What is armed belongs to the thread that
 * called exec, which may have had another tid. */
static struct tracee *take_exec(struct tracees *tracees)
{
	tracees->hold = TRACEE_AT_EXEC;
	tracees->execs++;
	while (tracees->count)
		forget(tracees, &tracees->list[0]);
	struct tracee *tracee = remember(tracees, tracees->pid);
	tracee->stopped = true;
	if (step_is_on(&tracees->step))
		step_add_after_exec(&tracees->step, &tracee->step, tracees->pid);
	return tracee;
}

void tracees_stack(struct tracees *tracees, pid_t tid, struct stopped_stack *stack)
{
	const struct tracee *tracee = find(tracees, tid);
	stack->count = stack->deduced = 0;
	stack->end = STACK_CUT;
	if (!tracee || !tracee->stopped)
		return;
	if (!tracees->stacks)
		tracees->stacks = stopped_stacks_create(tracees->pid);
	stopped_stacks_get(tracees->stacks, tid, stack);
}

/* Keeps the stack of a call's thread, which is stopped at the call's end. */
static void keep_stack(struct tracees *tracees, struct step_call *call)
{
	struct stopped_stack stack;
	tracees_stack(tracees, call->call.tid, &stack);
	if (!stack.count)
		return;
	call->ips = mem_copy(stack.ips, stack.count * sizeof *call->ips);
	call->count = stack.count;
	call->end = stack.end;
	call->deduced = stack.deduced;
}

/* A signal that is about to be delivered, or a system call. */
static void take_signal(struct tracees *tracees, struct tracee *tracee, int sig)
{
	bool call = sig == SYSCALL_STOP, done = false;
	uint64_t address = 0;
	struct step_call *kept = NULL;
	tracee->signal = call ? 0 : sig;
	if (call) {
		done = step_take_syscall(&tracees->step, &tracee->step, tracee->tid, &kept);
	} else if (step_is_single(&tracees->step, &tracee->step, tracee->tid, sig, &address)) {
		tracee->signal = 0;
		done = address && step_take_code(&tracees->step);
	} else if (step_is_at_code(tracee->tid, sig, &address)) {
		tracee->signal = 0;
		done = step_take_code(&tracees->step);
	} else if (step_owns_signal(&tracee->step, tracee->tid, sig)) {
		tracee->signal = 0;
		done = step_arrives(&tracees->step, &tracee->step, tracee->tid, &address)
			   ? step_take_code(&tracees->step)
			   : step_take_faults(&tracees->step, &tracee->step);
	} else if (fatal_faults_take(&tracees->fatal, tracees->pid, tracee->tid, sig, &address)) {
		done = step_take_fatal(&tracees->step, address);
	}
	if (kept)
		keep_stack(tracees, kept);
	if (done) {
		tracees->pause.address = address;
		end_step(tracees, step_why(&tracees->step), tracee->tid);
	}
}

/* The process that a thread, stopped at its fork, has forked; 0: not known. */
static pid_t forked_by(pid_t tid)
{
	unsigned long child;
	return ptrace(PTRACE_GETEVENTMSG, tid, 0L, &child) == 0 ? (pid_t)child : 0;
}

static void take_birth(struct tracees *tracees)
{
	tracees->unborn = false;
	tracees->hold = TRACEE_AT_BIRTH;
}

void tracees_lose(struct tracees *tracees)
{
	tracees->count = 0;
	tracees->launched = false;
	step_stop(&tracees->step);
}

pid_t tracees_take(struct tracees *tracees, pid_t tid, int wait_status)
{
	struct tracee *tracee = find(tracees, tid);
	if (!WIFSTOPPED(wait_status)) {
		take_end(tracees, tracee, tid, wait_status);
		check_paused(tracees);
		return 0;
	}
	pid_t forked = 0;
	int event = wait_status >> 16, sig = WSTOPSIG(wait_status);
	if (event == PTRACE_EVENT_EXEC)
		tracee = take_exec(tracees);
	else if (!tracee || tracee->born)
		tracee = take_new(tracees, tid);
	if (!tracee)
		return 0;
	tracee->stopped = true;
	tracee->signal = 0;
	tracee->group_stop = event == PTRACE_EVENT_STOP && sig != SIGTRAP;
	if (event == PTRACE_EVENT_EXIT) /* others inherit it from their creator */
		tracees->hold = tid == tracees->pid ? TRACEE_AT_EXIT : tracees->hold;
	else if (event == PTRACE_EVENT_CLONE)
		expect_new(tracees, tid);
	else if (!event)
		take_signal(tracees, tracee, sig);
	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK)
		forked = forked_by(tid);
	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE)
		step_share(&tracees->step);
	tracee = find(tracees, tid); /* the list may have moved */
	if (tracees->launched && tid == tracees->pid)
		tracees->group_stopped = tracee->group_stop;
	if (tracees->unborn)
		take_birth(tracees);
	if (tracees->leaving)
		tracees->hold = TRACEE_FREE;
	if (let_run(tracees, tracee))
		forget(tracees, tracee);
	else
		check_paused(tracees);
	return forked;
}
