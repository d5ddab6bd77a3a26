/* How a thread is made to stop by itself.
 *
 * At a fault: a perf event sends it a signal that is ignored by default (kern/perf/faultstop.h). The thread
 * stops for us before that signal is delivered, right after the fault, and it continues without the signal.
 * If we are killed in between, the kernel detaches the thread, the signal is delivered after all, and nothing
 * happens.
 *
 * At a system call: PTRACE_SYSCALL stops it at the call's beginning and at its end. With
 * PTRACE_O_TRACESYSGOOD that stop is not a signal that could be delivered when we die.
 *
 *                      stops at                     how it goes on
 *     a fault          our signal                   PTRACE_CONT
 *     the same, where faults within system calls are reported
 *                      our signal, ends of calls    PTRACE_SYSCALL
 *     a call           beginnings and ends of calls PTRACE_SYSCALL
 *     an instruction   our SIGTRAP                  PTRACE_CONT, with debug registers
 *     the same, where there are none we can use
 *                      a SIGTRAP, each time         PTRACE_SINGLESTEP
 *     before that, while none of the instructions' pages is in memory
 *                      our signal, calls            PTRACE_SYSCALL
 *
 * Single steps take long: those of the dynamic linker alone are a hundred thousand. An instruction whose page
 * is not there cannot run without a page fault, so a program's only thread runs freely until a fault or a
 * call has brought one in.
 *
 * The signal must be neither caught nor blocked. A thread that blocks all three possible signals is
 * interrupted by us instead: the signal then goes to the tracing thread, and a timer covers one that came too
 * early. */
#include "trace/step.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/memcall.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"
#include "kern/tasks.h"
#include "trace/codestop.h"

#ifndef sigev_notify_thread_id /* glibc does not name it */
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* <linux/ptrace.h> and <sys/ptrace.h> do not go together */
#define GET_SYSCALL_INFO 0x420e
#define GET_SIGMASK 0x420a
#define ARCH_I386 0x40000003u

enum { SYSCALL_NONE, SYSCALL_ENTRY, SYSCALL_EXIT };

struct syscall_info {
	uint8_t op, pad[3];
	uint32_t arch;
	uint64_t ip, sp;
	union {
		struct {
			uint64_t number, args[6];
		} entry;
		struct {
			int64_t result;
			uint8_t is_error;
		} exit;
	};
};

#define LATE_NS (2 * CLOCK_MS)

void step_calls_fini(struct step_calls *calls)
{
	for (size_t i = 0; i < calls->count; i++)
		free(calls->list[i].ips);
	free(calls->list);
	*calls = (struct step_calls){ 0 };
}

void step_fini(struct step *step)
{
	step_calls_fini(&step->calls);
	if (step->has_timer)
		timer_delete(step->timer);
	step->has_timer = false;
	if (step->pagemap > 0)
		close(step->pagemap);
	step->pagemap = 0;
}

/* Opens pagemap, which shows whether an instruction's page is there. Without it, pages are assumed to be
 * absent. */
static void open_pagemap(struct step *step, pid_t pid)
{
	int process;

	if (step->pagemap > 0)
		close(step->pagemap);
	process = procfile_open_process(NULL, pid, &step->unread);
	step->pagemap = process < 0 ? -1 : procfile_open(process, "pagemap", &step->unread);
	procfile_close(&process);
}

void step_begin(struct step *step, pid_t pid, const struct control_step *wanted)
{
	struct status_lines status;

	step->kind = wanted->kind;
	step->first = wanted->first;
	step->end = wanted->end;
	memcpy(step->code, wanted->code, sizeof step->code);
	step->code_count = wanted->code_count;
	step->single_steps = wanted->single_steps;
	step->armed = 0;
	step->shared = false;
	step->unread = (struct err){ 0 };
	if (step->kind == STEP_CODE)
		open_pagemap(step, pid);
	step->left = wanted->count ? wanted->count : 1;
	tasks_status(NULL, pid, &status, step->unread.code ? NULL : &step->unread);
	step->caught = status.has_signals ? status.caught : ~UINT64_C(0);
}

/* Chooses which thread is notified of the thread's faults, and by which signal. */
static int choose_signal(const struct step *step, struct step_thread *thread, pid_t tid, struct err *err)
{
	uint64_t blocked;

	if (ptrace(GET_SIGMASK, tid, (long)sizeof blocked, &blocked) != 0)
		return err_system(err, errno, "%s", _("cannot stop it at page faults"));
	int signal = faultstop_harmless_signal(blocked, step->caught);
	thread->late = !signal;
	return thread->late ? faultstop_send(thread->events, (int32_t)syscall(SYS_gettid), SIGURG, err)
			    : faultstop_send(thread->events, tid, signal, err);
}

static bool is_absent(int pagemap, uint64_t address)
{
	uint64_t entry;

	return pagemap_read(pagemap, address / (uint64_t)sysconf(_SC_PAGESIZE), 1, &entry, NULL) == 1 &&
	       !(entry & PAGEMAP_PRESENT);
}

/* Is any of the instructions' pages there, or can that not be known? */
static bool code_is_there(const struct step *step)
{
	for (size_t i = 0; i < step->code_count; i++)
		if (!is_absent(step->pagemap, step->code[i]))
			return true;
	return false;
}

/* Signals that the thread blocks, a bit each; all, if that cannot be read. */
static uint64_t read_blocked(pid_t tid)
{
	uint64_t blocked;

	return ptrace(GET_SIGMASK, tid, (long)sizeof blocked, &blocked) == 0 ? blocked : ~UINT64_C(0);
}

/* Could the thread come to one of the instructions without a fault of its own? */
static bool may_be_near(const struct step *step)
{
	return step->shared || step->armed > 1 || code_is_there(step);
}

static bool lacks_descriptors(const struct err *failure)
{
	return failure->errnum == EMFILE || failure->errnum == ENFILE;
}

/* Stops the thread at each fault, if that is possible. -1: only descriptors are missing. To do it by instructions then could
 * take minutes. */
static int arm_far(const struct step *step, struct step_thread *thread, pid_t tid, struct err *err)
{
	int signal = faultstop_harmless_signal(read_blocked(tid), step->caught);
	struct err failure = step->unread;

	if (!lacks_descriptors(&failure)) {
		if (!signal || may_be_near(step))
			return 0;
		thread->events = faultstop_open(tid, &failure);
	}
	if (thread->events && faultstop_send(thread->events, tid, signal, NULL) == 0) {
		faultstop_begin(thread->events);
		thread->far_signal = signal;
		return 0;
	}
	step_disarm(thread);
	if (!lacks_descriptors(&failure))
		return 0;
	if (err)
		*err = failure;
	return -1;
}

/* The thread goes on, maybe to handle a signal: does it still stop at each fault, and are the instructions still far?
 * While a signal is handled, others are blocked. */
static bool stays_far(const struct step *step, const struct step_thread *thread, pid_t tid, int signal)
{
	return !signal && !may_be_near(step) &&
	       !(read_blocked(tid) & UINT64_C(1) << (thread->far_signal - 1));
}

static int arm_code(const struct step *step, struct step_thread *thread, pid_t tid, struct err *err)
{
	struct err failure = { 0 };

	step_disarm_standing(thread, tid);
	if (!step->code_count)
		return 0;
	thread->at_code =
	    !step->single_steps && codestop_arm(tid, step->code, step->code_count, &failure) == 0;
	if (thread->at_code || failure.code == ERR_GONE)
		return 0;
	if (singlestep_possible()) {
		if (arm_far(step, thread, tid, err) < 0)
			return -1;
		if (!thread->far_signal)
			singlestep_begin(&thread->single);
		return 0;
	}
	if (err)
		*err = failure;
	return -1;
}

int step_arm(struct step *step, struct step_thread *thread, pid_t tid, struct err *err)
{
	struct err failure = { 0 };
	step->armed++;
	if (step->kind == STEP_CODE)
		return arm_code(step, thread, tid, err);
	step_disarm_standing(thread, tid);
	if (step->kind != STEP_FAULT)
		return 0;
	if (!thread->events)
		thread->events = faultstop_open(tid, &failure);
	if (!thread->events || choose_signal(step, thread, tid, &failure) < 0) {
		bool gone = failure.code == ERR_GONE;
		step_disarm(thread);
		if (!gone && err)
			*err = failure;
		return gone ? 0 : -1; /* a thread that is ending need not stop */
	}
	faultstop_begin(thread->events);
	if (step->first < step->end && !faultstop_knows_where(thread->events))
		return err_set(err, ERR_DENIED, "%s",
			       _("stopping on chosen pages needs locked memory, and all that you may have is "
				 "in use: raise ulimit -l"));
	return 0;
}

void step_disarm(struct step_thread *thread)
{
	faultstop_close(thread->events);
	thread->events = NULL;
	thread->late = false;
	thread->in_call = false;
	thread->far_signal = 0;
}

void step_disarm_standing(struct step_thread *thread, pid_t tid)
{
	if (thread->at_code)
		codestop_disarm(tid);
	thread->at_code = false;
	singlestep_end(&thread->single, tid);
	step_disarm(thread);
}

void step_go(const struct step *step, struct step_thread *thread, pid_t tid, int signal)
{
	if (thread->far_signal && !stays_far(step, thread, tid, signal)) {
		step_disarm(thread);
		singlestep_begin(&thread->single);
	}
	bool calls = step->kind == STEP_CALL || thread->far_signal ||
		     (thread->events && faultstop_within_calls(thread->events));

	if (step->on && singlestep_is_on(&thread->single))
		singlestep_go(&thread->single, tid, step->pagemap, signal);
	else
		ptrace(step->on && calls ? PTRACE_SYSCALL : PTRACE_CONT, tid, 0L, (long)signal);
}

/* Starts or stops checking late threads every now and then. */
static void watch(struct step *step, bool on)
{
	struct itimerspec every = { 0 };

	if (!on && !step->has_timer)
		return;
	if (!step->has_timer) {
		struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGURG };
		event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
		step->has_timer = timer_create(CLOCK_MONOTONIC, &event, &step->timer) == 0;
	}
	if (on)
		every.it_interval.tv_nsec = every.it_value.tv_nsec = LATE_NS;
	if (step->has_timer)
		timer_settime(step->timer, 0, &every, NULL);
}

void step_start(struct step *step, bool late)
{
	step->on = true;
	watch(step, late);
}

void step_share(struct step *step)
{
	step->shared = true;
}

void step_stop(struct step *step)
{
	step->on = false;
	watch(step, false);
}

bool step_is_on(const struct step *step)
{
	return step->on;
}

bool step_is_late(const struct step_thread *thread)
{
	return thread->late;
}

int step_add(struct step *step, struct step_thread *thread, pid_t tid)
{
	if (step_arm(step, thread, tid, NULL) != 0)
		return -1;
	if (thread->late)
		watch(step, true);
	return 0;
}

int step_add_after_exec(struct step *step, struct step_thread *thread, pid_t tid)
{
	step->caught = 0;     /* exec has reset all handlers */
	step->code_count = 0; /* those were addresses of the old image */
	return step_add(step, thread, tid);
}

enum stop_why step_why(const struct step *step)
{
	static const enum stop_why whys[] = { STOP_FAULT, STOP_CALL, STOP_CODE };

	return whys[step->kind];
}

void step_take_calls(struct step *step, struct step_calls *to)
{
	struct step_calls *from = &step->calls;

	if (!from->count)
		return;
	mem_grow(to->list, to->cap, to->count + from->count);
	memcpy(to->list + to->count, from->list, from->count * sizeof *from->list);
	to->count += from->count;
	from->count = 0;
}

bool step_owns_signal(const struct step_thread *thread, pid_t tid, int signal)
{
	siginfo_t info;

	return thread->events && !thread->late && ptrace(PTRACE_GETSIGINFO, tid, 0L, &info) == 0 &&
	       (info.si_code == POLL_IN || info.si_code == POLL_HUP || info.si_code == SI_SIGIO) &&
	       faultstop_sent(thread->events, signal, info.si_fd);
}

static bool count_down(struct step *step, uint64_t n)
{
	if (!step->on || !n)
		return false;
	step->left -= min(n, step->left);
	return !step->left;
}

bool step_is_at_code(pid_t tid, int signal, uint64_t *address)
{
	/* even if it is no longer armed: the thread may have been interrupted on its way to this stop */
	return signal == SIGTRAP && codestop_is(tid, address);
}

static bool is_armed(const struct step *step, uint64_t address)
{
	for (size_t i = 0; i < step->code_count; i++)
		if (step->code[i] == address)
			return true;
	return false;
}

bool step_is_single(const struct step *step, struct step_thread *thread, pid_t tid, int signal,
		    uint64_t *address)
{
	if (!singlestep_was_on(&thread->single) || signal != SIGTRAP ||
	    !singlestep_is(&thread->single, tid, address))
		return false;
	*address = is_armed(step, *address) ? *address : 0;
	return true;
}

bool step_arrives(const struct step *step, const struct step_thread *thread, pid_t tid, uint64_t *address)
{
	uint64_t next = thread->far_signal && step->on ? singlestep_next(tid) : 0;

	if (!next || !is_armed(step, next))
		return false;
	*address = next;
	return true;
}

bool step_take_code(struct step *step)
{
	return step->kind == STEP_CODE && count_down(step, 1);
}

bool step_take_faults(struct step *step, struct step_thread *thread)
{
	if (!thread->events || step->kind != STEP_FAULT)
		return false;
	return count_down(step, faultstop_take(thread->events, step->first, step->end));
}

bool step_take_fatal(struct step *step, uint64_t address)
{
	uint64_t page = address / (uint64_t)sysconf(_SC_PAGESIZE);
	bool wanted = step->first >= step->end || (step->first <= page && page < step->end);

	return step->kind == STEP_FAULT && count_down(step, wanted);
}

static struct step_call *keep_call(struct step *step, struct step_thread *thread, pid_t tid,
				   const struct syscall_info *info)
{
	struct step_calls *calls = &step->calls;
	uint64_t result = (uint64_t)info->exit.result;

	call_return(&thread->call, thread->narrow && !info->exit.is_error ? (uint32_t)result : result,
		    info->exit.is_error ? (int)-info->exit.result : 0);
	thread->call.tid = tid;
	mem_grow(calls->list, calls->cap, calls->count + 1);
	calls->list[calls->count] = (struct step_call){ .call = thread->call };
	return &calls->list[calls->count++];
}

bool step_take_syscall(struct step *step, struct step_thread *thread, pid_t tid, struct step_call **kept)
{
	struct syscall_info info = { 0 };
	bool done;

	*kept = NULL;
	if (ptrace(GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0)
		return false;
	if (info.op == SYSCALL_ENTRY) {
		thread->narrow = info.arch == ARCH_I386;
		thread->in_call =
		    memcall_decode(&thread->call, info.entry.number, info.entry.args, thread->narrow);
		return false;
	}
	done = step_take_faults(step, thread);
	if (info.op == SYSCALL_EXIT && thread->in_call && step->kind == STEP_CALL) {
		*kept = keep_call(step, thread, tid, &info);
		done = count_down(step, 1);
	}
	thread->in_call = false;
	return done;
}
