/* Opening exactly the file that a region maps, and no other of the same name.
 *
 * map_files/START-END is the file itself, deleted or not, but following it takes CAP_CHECKPOINT_RESTORE.
 * Otherwise the path is tried below the process's own root, and finally the process's open descriptors (a
 * memfd, a deleted file). What was found is compared by device and inode before it is opened, so that only
 * regular files are: opening a device or a pipe can have effects. If the device numbers differ, as they do on
 * btrfs, a page of the file is mapped briefly to see its numbers in maps. */
#include "kern/mapped_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "kern/maps.h"
#include "kern/procfile.h"

/* Opens a file for reading through an O_PATH handle. */
static int open_for_reading(int handle)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/self/fd/%d", handle);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOATIME);
	if (fd < 0 && errno == EPERM) /* it is another user's: O_NOATIME is not allowed */
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd;
}

/* Maps a page of the file, and compares what maps says about it. */
static bool maps_as(int fd, const struct region_attr *a)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *map = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
	struct strbuf text = { 0 };
	struct region_list list = { 0 };
	bool same = false;

	if (map == MAP_FAILED)
		return false;
	if (procfile_read(AT_FDCWD, "/proc/self/maps", &text, NULL) == 0 &&
	    maps_parse(&list, text.text, text.len, NULL) == 0) {
		for (size_t i = 0; i < list.count && !same; i++) {
			const struct region_attr *own = &list.attrs[i];

			same = own->start == (uintptr_t)map && own->inode == a->inode &&
			       own->dev_major == a->dev_major && own->dev_minor == a->dev_minor;
		}
	}
	munmap(map, page);
	region_list_fini(&list);
	strbuf_fini(&text);
	return same;
}

/* Opens dir/name for reading if it is the region's file; another file's errnum is ESTALE. */
static int open_if_same(int dir, const char *name, const struct region_attr *a, struct err *err)
{
	int handle = openat(dir, name, O_PATH | O_CLOEXEC), fd = -1;
	struct stat st;

	if (handle < 0)
		return err_system(err, errno, "%s", name);
	err_system(err, ESTALE, "%s", name);
	if (fstat(handle, &st) == 0 && S_ISREG(st.st_mode) && st.st_ino == a->inode) {
		bool same = major(st.st_dev) == a->dev_major && minor(st.st_dev) == a->dev_minor;

		fd = open_for_reading(handle);
		if (fd < 0)
			err_system(err, errno, "%s", name);
		if (fd >= 0 && !same && !maps_as(fd, a)) {
			close(fd);
			fd = -1;
		}
	}
	close(handle);
	return fd;
}

static bool lacks_descriptors(int errnum)
{
	return errnum == EMFILE || errnum == ENFILE;
}

/* Looks through the descriptors that the process has open. Fills err only if we have none left ourselves. */
static int open_by_descriptor(int process, const struct region_attr *a, struct err *err)
{
	int fd_dir = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;
	struct err failure = { 0 };
	DIR *dir = fd_dir < 0 ? NULL : fdopendir(fd_dir);
	const struct dirent *entry;

	if (!dir) {
		if (lacks_descriptors(errno))
			err_system(err, errno, "fd");
		procfile_close(&fd_dir);
		return -1;
	}
	while (fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			fd = open_if_same(fd_dir, entry->d_name, a, &failure);
		if (fd < 0 && lacks_descriptors(failure.errnum))
			*err = failure;
	}
	closedir(dir);
	return fd;
}

int mapped_file_open(int process, const struct region_attr *a, struct err *err)
{
	char path[4096 + 64];
	struct err failure = { 0 };
	int fd;

	if (a->inode == 0)
		return err_set(err, ERR_NOT_FOUND, "%s", _("no file is behind it"));
	snprintf(path, sizeof path, "map_files/%" PRIx64 "-%" PRIx64, a->start, a->end);
	fd = open_if_same(process, path, a, &failure);
	if (fd < 0 && a->path[0] == '/' && strlen(a->path) < 4096) {
		snprintf(path, sizeof path, "root%s", a->path);
		fd = open_if_same(process, path, a, &failure);
	}
	if (fd < 0 && failure.errnum != EACCES)
		fd = open_by_descriptor(process, a, &failure);
	if (fd >= 0)
		return fd;
	if (failure.code == ERR_DENIED)
		return err_set(err, ERR_DENIED, "%s", _("the file may not be read"));
	if (lacks_descriptors(failure.errnum))
		return err_system(err, failure.errnum, "%s", _("the file cannot be opened"));
	return err_set(err, ERR_NOT_FOUND, "%s",
		       _("the file cannot be found any more; CAP_SYS_ADMIN (sudo) would reach it"));
}
