/* What a lesson needs and the machine may lack. Each is found by trying. */
#include "cmd/lesson/needs.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/frames.h"
#include "kern/perf/faults.h"
#include "lesson/lesson.h"

/* Our own page map shows frame numbers to whoever may see them; 0 to others. */
static bool sees_frames(void)
{
	static volatile char touched = 1;
	long size = sysconf(_SC_PAGESIZE);
	uint64_t entry = 0, at = (uint64_t)(uintptr_t)&touched / (uint64_t)size * sizeof entry;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool read = fd >= 0 && touched && pread(fd, &entry, sizeof entry, (off_t)at) == sizeof entry;

	if (fd >= 0)
		close(fd);
	return read && (entry & ((UINT64_C(1) << 55) - 1));
}

static bool file_says(const char *path, const char *word)
{
	char text[256] = "";
	FILE *file = fopen(path, "re");
	bool says = file && fgets(text, sizeof text, file) && strstr(text, word);

	if (file)
		fclose(file);
	return says;
}

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

/* Only a kernel that does not know the format fails with ENOEXEC; if the attempt fails otherwise, it may
 * run. */
static bool runs_32_bit(void)
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

/* The first line of the list is its heading. */
static bool has_swap(void)
{
	char line[512];
	FILE *file = fopen("/proc/swaps", "re");
	bool has = file && fgets(line, sizeof line, file) && fgets(line, sizeof line, file);

	if (file)
		fclose(file);
	return has;
}

static bool has_huge_pages(void)
{
	static const char path[] = "/sys/kernel/mm/transparent_hugepage/enabled";

	return access(path, R_OK) == 0 && !file_says(path, "[never]");
}

static bool sees_faults(void)
{
	static const struct faults_options options;
	struct err err = { 0 };
	struct faults *faults = faults_open((int32_t)getpid(), &options, &err);
	bool sees = faults;

	faults_close(faults);
	return sees;
}

int lesson_check_needs(const char *needs, struct err *err)
{
	if (lesson_needs_has(needs, "root") && geteuid() != 0)
		return err_set(err, ERR_UNSUPPORTED, "%s", _("needs root"));
	if (lesson_needs_has(needs, "swap") && !has_swap())
		return err_set(err, ERR_UNSUPPORTED, "%s", _("needs swap space, and this machine has none"));
	if (lesson_needs_has(needs, "frames") && !sees_frames())
		return err_set(err, ERR_UNSUPPORTED, "%s", _("needs frame numbers, which root may read"));
	if (lesson_needs_has(needs, "faults") && !sees_faults())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs page faults, which cannot be seen here (see pagescape doctor)"));
	if (lesson_needs_has(needs, "huge") && !has_huge_pages())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs transparent huge pages, which this kernel does not provide"));
	if (lesson_needs_has(needs, "32-bit") && !runs_32_bit())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs an x86-64 machine that runs 32-bit programs"));
	if (lesson_needs_has(needs, "zero-page") && !frames_have_zero_page())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs the shared zero page, and this kernel gives each page that is read a "
				 "frame of its own"));
	return 0;
}
