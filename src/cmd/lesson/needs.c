/* What a lesson needs and the machine may lack. Each is found by trying. */
#include "cmd/lesson/needs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/i18n.h"
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

static bool is_x86_64(void)
{
	struct utsname name;

	return uname(&name) == 0 && !strcmp(name.machine, "x86_64");
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
	if (lesson_needs_has(needs, "32-bit") && !is_x86_64())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs an x86-64 machine that runs 32-bit programs"));
	return 0;
}
