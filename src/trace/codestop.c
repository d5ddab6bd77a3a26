/* On x86 the registers of a traced thread are accessed by their offset in struct user:
 *
 *     u_debugreg[0..3]   an address each
 *     u_debugreg[7]      bit 2n: register n is armed; bits 16+4n: what for (0000: an instruction
 *                        is about to be run)
 *
 * The kernel sets the resume flag when such a thread goes on, so it does not stop again at once.
 *
 * On aarch64 it would stop again: there a tracer has to disable the breakpoint, step, and enable it again
 * (see breakpoint_handler in arch/arm64/kernel/hw_breakpoint.c). So debug registers are not used there:
 * everything is done with single steps. */
#include "trace/codestop.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "event/source.h"
#include "trace/singlestep.h"

#if defined(__x86_64__) || defined(__i386__)

#define REGISTER(n) ((long)offsetof(struct user, u_debugreg) + (long)(n) * (long)sizeof(long))
#define CONTROL_REGISTER 7
#define ENABLE(n) (1L << (2 * (n)))
#define TRAP_HWBKPT_CODE 4

static bool set(pid_t tid, size_t number, long value)
{
	return ptrace(PTRACE_POKEUSER, tid, REGISTER(number), value) == 0;
}

int codestop_arm(pid_t tid, const uint64_t *addresses, size_t count, struct err *err)
{
	long control = 0;
	bool done = set(tid, CONTROL_REGISTER, 0);

	for (size_t i = 0; done && i < count; i++) {
		done = set(tid, i, (long)addresses[i]);
		control |= ENABLE(i);
	}
	if (done && set(tid, CONTROL_REGISTER, control))
		return 0;
	if (errno == ESRCH)
		return err_set(err, ERR_GONE, _("thread %d has ended"), (int)tid);
	return err_system(err, errno, "%s",
			  _("stops at lines need debug registers, and this machine has none to give"));
}

void codestop_disarm(pid_t tid)
{
	set(tid, CONTROL_REGISTER, 0);
}

bool codestop_is(pid_t tid, uint64_t *address)
{
	siginfo_t info;
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETSIGINFO, tid, 0L, &info) != 0 || info.si_signo != SIGTRAP ||
	    info.si_code != TRAP_HWBKPT_CODE || ptrace(PTRACE_GETREGS, tid, 0L, &regs) != 0)
		return false;
#ifdef __x86_64__
	*address = regs.rip;
#else
	*address = (uint32_t)regs.eip;
#endif
	return true;
}

#else

int codestop_arm(pid_t tid, const uint64_t *addresses, size_t count, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "%s", _("stops at lines are not possible on this processor"));
}

void codestop_disarm(pid_t tid)
{
}

bool codestop_is(pid_t tid, uint64_t *address)
{
	return false;
}

#endif

/* Where the child that is used for the test stops. */
static __attribute__((noinline)) void landmark(void)
{
	__asm__ volatile("" ::: "memory");
}

static pid_t start_child(void)
{
	int status = 0;
	pid_t pid = fork(), waited;

	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0L, 0L) != 0 || raise(SIGSTOP) != 0)
			_exit(1);
		landmark();
		_exit(0);
	}
	if (pid < 0)
		return -1;
	while ((waited = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (waited < 0) /* a seccomp filter forbids it: nothing would ever continue the child */
		kill(pid, SIGKILL);
	return waited == pid && WIFSTOPPED(status) ? pid : -1;
}

/* Continues the child, and returns whether it has stopped with a SIGTRAP. *ended: it is gone. */
static bool goes_to_trap(pid_t pid, int request, bool *ended)
{
	int status = 0;

	if (ptrace(request, pid, 0L, 0L) != 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*ended = !WIFSTOPPED(status);
	return !*ended && WSTOPSIG(status) == SIGTRAP;
}

enum codestop_way codestop_probe(void)
{
	uint64_t at = (uint64_t)(uintptr_t)landmark, stopped = 0;
	enum codestop_way way = CODESTOP_NONE;
	bool ended = false;
	pid_t pid = start_child();

	if (pid < 0)
		return CODESTOP_NONE;
	if (singlestep_possible() && goes_to_trap(pid, PTRACE_SINGLESTEP, &ended))
		way = CODESTOP_SINGLE_STEPS;
	if (!ended && codestop_arm(pid, &at, 1, NULL) == 0 && goes_to_trap(pid, PTRACE_CONT, &ended) &&
	    codestop_is(pid, &stopped) && stopped == at)
		way = CODESTOP_REGISTERS;
	if (!ended) {
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return way;
}
