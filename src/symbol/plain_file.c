/* An O_PATH descriptor shows what the file is before it is opened for reading; openat2 keeps the path within
 * another root, as chroot would. */
#include "symbol/plain_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"

static int open_handle(int root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	if (root < 0)
		return open(path, O_PATH | O_CLOEXEC);
	return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

static int open_regular(int handle, const char *path, struct stat *st, struct err *err)
{
	char name[64];
	if (fstat(handle, st) != 0)
		return err_system(err, errno, "%s", path);
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_UNSUPPORTED, _("%s: it is not a regular file"), path);
	snprintf(name, sizeof name, "/proc/self/fd/%d", handle);
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd < 0 ? err_system(err, errno, "%s", path) : fd;
}

int plain_file_open(int root, const char *path, struct stat *st, struct err *err)
{
	if (path[0] != '/')
		return err_set(err, ERR_UNSUPPORTED, _("%s: it is not an absolute path"), path);
	int handle = open_handle(root, path);
	if (handle < 0)
		return err_system(err, errno, "%s", path);
	int fd = open_regular(handle, path, st, err);
	close(handle);
	return fd;
}
