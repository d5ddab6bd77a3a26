/* What a lesson needs and the machine may lack. Each is found by trying. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/lesson.h"

/* Our own page map shows frame numbers to who may see them; 0 to others. */
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

const char *lesson_missing(const struct lesson *l)
{
	if (lesson_needs(l, "root") && geteuid() != 0)
		return _("needs root");
	if (lesson_needs(l, "swap") && geteuid() != 0)
		return _("needs root, to make a swap file");
	if (lesson_needs(l, "frames") && !sees_frames())
		return _("needs frame numbers, which root may read");
	if (lesson_needs(l, "huge") && (file_says("/sys/kernel/mm/transparent_hugepage/enabled", "[never]") ||
					access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK) != 0))
		return _("needs transparent huge pages, which this kernel does not give");
	if (lesson_needs(l, "32-bit") && !is_x86_64())
		return _("needs an x86-64 machine that runs 32-bit programs");
	return NULL;
}
