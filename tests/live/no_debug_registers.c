/* no_debug_registers COMMAND...: runs it with the kernel refusing debug registers to tracers, as some virtual
 * machines and sandboxes do. Exits with 77 where filters of system calls are not possible. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>

#if defined(__x86_64__)

#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + (n) * sizeof(__u64)) /* its lower half */
#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define ELSE_SKIP(kind, value, count) BPF_JUMP(BPF_JMP | (kind) | BPF_K, (value), 0, (count))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))

static int refuse_registers(void)
{
	struct sock_filter rules[] = {
		LOAD(offsetof(struct seccomp_data, nr)),
		ELSE_SKIP(BPF_JEQ, SYS_ptrace, 5),
		LOAD(ARGUMENT(0)),
		ELSE_SKIP(BPF_JEQ, PTRACE_POKEUSER, 3),
		LOAD(ARGUMENT(2)),
		ELSE_SKIP(BPF_JGE, offsetof(struct user, u_debugreg), 1),
		RETURN(SECCOMP_RET_ERRNO | EIO),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof rules / sizeof *rules, rules };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#else

static int refuse_registers(void)
{
	return -1;
}

#endif

int main(int argc, char **argv)
{
	if (argc < 2 || refuse_registers() != 0)
		return 77;
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
