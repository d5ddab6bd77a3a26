/* refuse CALL... -- COMMAND...: runs the command with a filter (seccomp) that refuses these system calls with
 * EPERM, as containers do: ptrace, perf_event_open, process_vm_readv, wait4, waitid; or pagemap_scan, which is
 * ENOTTY as on a kernel without it; or link, and unnamed, which is open for a file without a name, as on FAT.
 * Exit status 77 where no filter can be set. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define IF_NOT(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define IF_NO_BIT(value, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (value), 0, (skip))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define SECOND (offsetof(struct seccomp_data, args) + sizeof(__u64)) /* argument, its lower half */
#define THIRD (SECOND + sizeof(__u64))
#define UNNAMED (O_TMPFILE & ~O_DIRECTORY)
#define SCAN_REQUEST 0xc0606610u

static struct sock_filter program[64];
static unsigned short length;

static void add(struct sock_filter f)
{
	program[length++] = f;
}

static void refuse(const char *call)
{
	static const struct {
		const char *name;
		unsigned number;
	} calls[] = { { "ptrace", SYS_ptrace },
		      { "perf_event_open", SYS_perf_event_open },
		      { "process_vm_readv", SYS_process_vm_readv },
		      { "wait4", SYS_wait4 },
		      { "waitid", SYS_waitid },
#ifdef SYS_link
		      { "link", SYS_link } };
#else
		      { "link", SYS_linkat } };
#endif

	add((struct sock_filter)LOAD(offsetof(struct seccomp_data, nr)));
	if (!strcmp(call, "pagemap_scan")) {
		add((struct sock_filter)IF_NOT(SYS_ioctl, 3));
		add((struct sock_filter)LOAD(SECOND));
		add((struct sock_filter)IF_NOT(SCAN_REQUEST, 1));
		add((struct sock_filter)RETURN(SECCOMP_RET_ERRNO | ENOTTY));
		return;
	}
	if (!strcmp(call, "unnamed")) {
		add((struct sock_filter)IF_NOT(SYS_openat, 3));
		add((struct sock_filter)LOAD(THIRD));
		add((struct sock_filter)IF_NO_BIT(UNNAMED, 1));
		add((struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EOPNOTSUPP));
		return;
	}
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		if (!strcmp(call, calls[i].name)) {
			add((struct sock_filter)IF_NOT(calls[i].number, 1));
			add((struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM));
			return;
		}
	fprintf(stderr, "refuse: which call is %s?\n", call);
	exit(2);
}

int main(int argc, char **argv)
{
	struct sock_fprog filter = { .filter = program };
	int at = 1;

	for (; at < argc && strcmp(argv[at], "--") != 0 && length < 56; at++)
		refuse(argv[at]);
	if (at + 1 >= argc)
		return 2;
	add((struct sock_filter)RETURN(SECCOMP_RET_ALLOW));
	filter.len = length;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 77;
	execvp(argv[at + 1], argv + at + 1);
	perror(argv[at + 1]);
	return 127;
}
