#include "kern/programs_32.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* exit(0), for i386: an ELF header, one segment that holds the file, and the code. */
static const unsigned char program_32[] = {
	0x7f, 'E',  'L',  'F',  1,    1,    1,    0,    0,    0, 0,    0, 0,    0,    0,    0, /* ELF32, little endian */
	2,    0,    3,    0,    1,    0,    0,    0, /* an executable, EM_386 */
	0x54, 0x80, 0x04, 0x08, 0x34, 0,    0,    0, /* where it begins; where its segments are described */
	0,    0,    0,    0,    0,    0,    0,    0,    0x34, 0, 0x20, 0, 1,    0,    0,    0, 0,
	0,    0,    0,    1,    0,    0,    0,    0,    0,    0, 0,    0, 0x80, 0x04, 0x08, 0, 0x80,
	0x04, 0x08, /* PT_LOAD, its addresses */
	0x5d, 0,    0,    0,    0x5d, 0,    0,    0,    5,    0, 0,    0, 0,    0x10, 0,    0, /* its size; it may be read and run */
	0xb8, 1,    0,    0,    0,    0x31, 0xdb, 0xcd, 0x80, /* mov $1,%eax; xor %ebx,%ebx; int $0x80 */
};

bool programs_32_run(void)
{
	static const char *const argv[] = { "32-bit", NULL }, *const none[] = { NULL };
	struct utsname name;
	char path[64];
	pid_t pid;
	if (uname(&name) != 0 || strcmp(name.machine, "x86_64"))
		return false;
	int fd = memfd_create("32-bit", MFD_CLOEXEC);
	if (fd < 0 || write(fd, program_32, sizeof program_32) != sizeof program_32) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), fd);
	int failed = posix_spawn(&pid, path, NULL, NULL, (char **)(uintptr_t)argv, (char **)(uintptr_t)none);
	if (!failed)
		waitpid(pid, NULL, 0);
	close(fd);
	return failed != ENOEXEC;
}
