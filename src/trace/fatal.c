/* Everything about such a fault is read at once, while the thread is stopped: a handler may change all of it
 * the next moment.
 *
 *     PTRACE_GETSIGINFO   the address, and the kind of error
 *     /proc/PID/pagemap   the page's entry; bit 58: a guard page
 *     registers, stack    which code it was, unwound later like the stacks of faults
 *
 * If the processor does not report the address (because it is not canonical), si_code is SI_KERNEL: then it
 * is not known which page was touched, if any. */
#include "trace/fatal.h"

#include <elf.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/pagemap.h"

#define WAITING_MAX                                                                                          \
	256 /* more are counted as lost: a program that relies on such signals must not get slow */
#define STACK_BYTES 8192 /* of each stack */
#define CODE_SELECTOR_64 0x33

void fatal_faults_drop(struct fatal_faults *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(r->list[i].stack);
	r->count -= n;
	if (r->count)
		memmove(r->list, r->list + n, r->count * sizeof *r->list);
}

void fatal_faults_fini(struct fatal_faults *r)
{
	fatal_faults_drop(r, r->count);
	free(r->list);
	*r = (struct fatal_faults){ 0 };
}

void fatal_faults_move(struct fatal_faults *to, struct fatal_faults *from)
{
	size_t room = to->count < WAITING_MAX ? WAITING_MAX - to->count : 0, n = min(from->count, room);

	if (n) {
		mem_grow(to->list, to->cap, to->count + n);
		memcpy(to->list + to->count, from->list, n * sizeof *from->list);
		to->count += n;
	}
	for (size_t i = n; i < from->count; i++)
		free(from->list[i].stack);
	to->lost += from->lost + from->count - n;
	from->count = 0;
	from->lost = 0;
}

static bool is_touch(const siginfo_t *info)
{
	if (info->si_signo == SIGBUS)
		return info->si_code == BUS_ADRERR || info->si_code == BUS_MCEERR_AR;
	return info->si_signo == SIGSEGV &&
	       (info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR || info->si_code == SEGV_PKUERR);
}

#ifdef __x86_64__
#define HAS_REGISTERS 1
/* Reads the registers, in DWARF's numbering. */
static void read_registers(struct fatal_fault *r)
{
	struct user_regs_struct u;

	if (ptrace(PTRACE_GETREGS, r->tid, 0L, &u) != 0)
		return;
	const uint64_t regs[FAULTRING_REGS] = { u.rax, u.rdx, u.rcx, u.rbx, u.rsi, u.rdi, u.rbp, u.rsp, u.r8,
						u.r9,  u.r10, u.r11, u.r12, u.r13, u.r14, u.r15, u.rip };
	memcpy(r->sample.regs, regs, sizeof regs);
	r->sample.known = (UINT64_C(1) << FAULTRING_REGS) - 1;
	r->sample.wide = u.cs == CODE_SELECTOR_64;
	r->ip = u.rip;
}
#elif defined __aarch64__
#define HAS_REGISTERS 1
static void read_registers(struct fatal_fault *r)
{
	struct user_regs_struct u;
	struct iovec all = { &u, sizeof u };

	/* a 32-bit program has fewer */
	if (ptrace(PTRACE_GETREGSET, r->tid, (long)NT_PRSTATUS, &all) != 0 || all.iov_len != sizeof u)
		return;
	memcpy(r->sample.regs, u.regs, sizeof u.regs);
	r->sample.regs[FAULTRING_REG_SP] = u.sp;
	r->sample.regs[FAULTRING_REG_SP + 1] = u.pc;
	r->sample.known = (UINT64_C(1) << FAULTRING_REGS) - 1;
	r->sample.wide = true;
	r->ip = u.pc;
}
#endif

#ifdef HAS_REGISTERS

/* Reads the stack page by page: one that is not there is left zero, and what is above it still shows the
 * callers. */
static void read_stack(struct fatal_fault *r, pid_t pid)
{
	uint64_t from = r->sample.regs[FAULTRING_REG_SP], page = (uint64_t)sysconf(_SC_PAGESIZE);

	r->stack = mem_zalloc(STACK_BYTES);
	r->sample.stack = r->stack;
	for (uint64_t at = 0, length; at < STACK_BYTES; at += length) {
		length = page - (from + at) % page;
		length = min(length, STACK_BYTES - at);
		struct iovec to = { r->stack + at, length },
			     of = { (void *)(from + at), length }; /* NOLINT: its address */
		ssize_t n = process_vm_readv(pid, &to, 1, &of, 1, 0);
		if (n > 0)
			r->sample.stack_length = at + (size_t)n;
	}
}
#else
static void read_registers(struct fatal_fault *r)
{
	(void)r;
}

static void read_stack(struct fatal_fault *r, pid_t pid)
{
	(void)r;
	(void)pid;
}
#endif

bool fatal_faults_take(struct fatal_faults *faults, pid_t pid, pid_t tid, int signal, uint64_t *address)
{
	siginfo_t info;

	if ((signal != SIGSEGV && signal != SIGBUS) || ptrace(PTRACE_GETSIGINFO, tid, 0L, &info) != 0 ||
	    !is_touch(&info))
		return false;
	*address = (uintptr_t)info.si_addr;
	if (faults->count == WAITING_MAX) {
		faults->lost++;
		return true;
	}
	mem_grow(faults->list, faults->cap, faults->count + 1);
	struct fatal_fault *r = &faults->list[faults->count++];
	*r = (struct fatal_fault){ .time_ns = clock_now_ns(),
				   .address = *address,
				   .tid = tid,
				   .signal = signal,
				   .code = info.si_code,
				   .entry = pagemap_entry_of(pid, *address) };
	r->guard = r->entry & PAGEMAP_GUARD;
	read_registers(r);
	if (r->sample.wide)
		read_stack(r, pid);
	return true;
}
