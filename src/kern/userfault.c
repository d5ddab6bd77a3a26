/* A descriptor's link reads "anon_inode:[userfaultfd]" (fs/userfaultfd.c). */
#include "kern/userfault.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kern/procfile.h"

#define LINK "anon_inode:[userfaultfd]"

bool userfault_is_open(int process)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char link[sizeof LINK];
	const struct dirent *entry;
	bool found = false;

	if (!dir) {
		procfile_close(&fd);
		return false;
	}
	while (!found && (entry = readdir(dir))) {
		ssize_t got = readlinkat(fd, entry->d_name, link, sizeof link);
		found = got == sizeof LINK - 1 && !memcmp(link, LINK, sizeof LINK - 1);
	}
	closedir(dir);
	return found;
}

uint64_t userfault_descriptors(int process)
{
	struct stat st;

	return fstatat(process, "fd", &st, 0) == 0 ? (uint64_t)st.st_size : 0;
}
