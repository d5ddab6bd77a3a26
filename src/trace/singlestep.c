/* On x86 PTRACE_SINGLESTEP reads the coming instruction, to see whether it sets the trap flag. That brings
 * its page in without a page fault being reported, although we want to show how code comes into memory. So if
 * its page is not there yet, we set the trap flag ourselves, for this one instruction. Otherwise the kernel
 * sets it, because the kernel also clears it if we die. On aarch64 the processor steps, and nothing is read
 * before.
 *
 * The si_code of the SIGTRAP at the end of a step:
 *
 *     TRAP_TRACE   an instruction was run
 *     TRAP_BRKPT   a system call has returned
 *     SIGTRAP      a signal is about to be handled */
#include "trace/singlestep.h"

#include <elf.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include "kern/pagemap.h"

void singlestep_begin(struct singlestep *s)
{
	s->on = s->used = true;
	s->at = s->there = 0;
}

bool singlestep_is_on(const struct singlestep *s)
{
	return s->on;
}

bool singlestep_was_on(const struct singlestep *s)
{
	return s->used;
}

void singlestep_end(struct singlestep *s, pid_t tid)
{
	singlestep_clean(s, tid);
	s->on = false;
	s->at = s->there = 0;
}

#if defined(__x86_64__) || defined(__i386__)

#ifdef __x86_64__
#define INSTRUCTION offsetof(struct user, regs.rip)
#else
#define INSTRUCTION offsetof(struct user, regs.eip)
#endif
#define FLAGS offsetof(struct user, regs.eflags)
#define TRAP_FLAG 0x100UL
#define INSTRUCTION_BYTES 15 /* the kernel may read this many */

bool singlestep_possible(void)
{
	return true;
}

static unsigned long get(pid_t tid, size_t at)
{
	return (unsigned long)ptrace(PTRACE_PEEKUSER, tid, (long)at, 0L);
}

static bool is_present(int pagemap, uint64_t page)
{
	uint64_t entry = 0;

	return pagemap_read(pagemap, page, 1, &entry, NULL) == 1 && entry & PAGEMAP_PRESENT;
}

/* Asks only where the last answer does not hold: it takes as long as the step itself. */
static bool is_there(struct singlestep *s, int pagemap, uint64_t at)
{
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE), first = at / size,
		 last = (at + INSTRUCTION_BYTES - 1) / size;

	if (s->there && first == s->there - 1 && last == first)
		return true;
	bool there = is_present(pagemap, first) && (first == last || is_present(pagemap, last));
	s->there = there ? last + 1 : 0;
	return there;
}

void singlestep_go(struct singlestep *s, pid_t tid, int pagemap, int signal)
{
	uint64_t at = s->at ? s->at : get(tid, INSTRUCTION);

	s->at = 0;
	singlestep_clean(s, tid);
	/* a handler does not run with a trap flag that was set by hand, but stops at once if the kernel was asked */
	if (signal || is_there(s, pagemap, at)) {
		ptrace(PTRACE_SINGLESTEP, tid, 0L, (long)signal);
		return;
	}
	s->by_flag = ptrace(PTRACE_POKEUSER, tid, (long)FLAGS, (long)(get(tid, FLAGS) | TRAP_FLAG)) == 0;
	ptrace(PTRACE_CONT, tid, 0L, (long)signal);
}

void singlestep_clean(struct singlestep *s, pid_t tid)
{
	if (s->by_flag)
		ptrace(PTRACE_POKEUSER, tid, (long)FLAGS, (long)(get(tid, FLAGS) & ~TRAP_FLAG));
	s->by_flag = false;
}

uint64_t singlestep_next(pid_t tid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, 0L, &regs) != 0)
		return 0;
#ifdef __x86_64__
	return regs.rip;
#else
	return (uint32_t)regs.eip;
#endif
}

bool singlestep_is(struct singlestep *s, pid_t tid, uint64_t *address)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, tid, 0L, &info) != 0 || info.si_signo != SIGTRAP)
		return false;
	if (info.si_code != TRAP_TRACE) /* a call may have taken pages out */
		s->there = 0;
	*address = s->at = get(tid, INSTRUCTION);
	return info.si_code == TRAP_TRACE || info.si_code == TRAP_BRKPT || info.si_code == SIGTRAP;
}

#elif defined __aarch64__

bool singlestep_possible(void)
{
	return true;
}

void singlestep_go(struct singlestep *s, pid_t tid, int pagemap, int signal)
{
	ptrace(PTRACE_SINGLESTEP, tid, 0L, (long)signal);
}

void singlestep_clean(struct singlestep *s, pid_t tid)
{
}

uint64_t singlestep_next(pid_t tid)
{
	struct user_regs_struct regs;
	struct iovec all = { &regs, sizeof regs };

	return ptrace(PTRACE_GETREGSET, tid, (long)NT_PRSTATUS, &all) == 0 && all.iov_len == sizeof regs
		   ? regs.pc
		   : 0;
}

bool singlestep_is(struct singlestep *s, pid_t tid, uint64_t *address)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, tid, 0L, &info) != 0 || info.si_signo != SIGTRAP)
		return false;
	*address = singlestep_next(tid);
	return info.si_code == TRAP_TRACE || info.si_code == TRAP_BRKPT || info.si_code == SIGTRAP;
}

#else

bool singlestep_possible(void)
{
	return false;
}

void singlestep_go(struct singlestep *s, pid_t tid, int pagemap, int signal)
{
	ptrace(PTRACE_CONT, tid, 0L, (long)signal);
}

void singlestep_clean(struct singlestep *s, pid_t tid)
{
}

uint64_t singlestep_next(pid_t tid)
{
	return 0;
}

bool singlestep_is(struct singlestep *s, pid_t tid, uint64_t *address)
{
	return false;
}

#endif
