#include "export/database_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"

#define COPY_BYTES 65536
#define OPEN_FILES "/proc/self/fd/"

/* Why a write has failed; 0: none has. SQLite itself forgets it. */
static int write_errno;

int database_file_fail(const struct database_file *f, struct err *err)
{
	int errnum = write_errno ? write_errno : f->db ? sqlite3_system_errno(f->db) : 0;

	if (errnum)
		return err_system(err, errnum, _("cannot write a file in %s"), f->folder);
	return err_set(err, ERR_SYSTEM, _("cannot write a file in %s: %s"), f->folder,
		       f->db ? sqlite3_errmsg(f->db) : "");
}

/* Takes the path as it is: the text of a link in /proc to an unnamed file leads nowhere. */
static int keep_path(sqlite3_vfs *vfs, const char *path, int size, char *full)
{
	(void)vfs;
	return snprintf(full, (size_t)size, "%s", path) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

/* SQLite does not follow a link in the last part of a path, but this is the only way to open an unnamed
 * file. */
static int open_following(const char *path, int flags, int mode)
{
	bool ours = text_begins(path, OPEN_FILES);

	return open(path, ours ? flags & ~O_NOFOLLOW : flags, mode);
}

static ssize_t noted(ssize_t written)
{
	if (written < 0 && errno != EINTR)
		write_errno = errno;
	return written;
}

static ssize_t write_noting(int fd, const void *bytes, size_t count)
{
	return noted(write(fd, bytes, count));
}

static ssize_t pwrite_noting(int fd, const void *bytes, size_t count, off_t at)
{
	return noted(pwrite(fd, bytes, count, at));
}

/* These are the system calls of any file of SQLite's. */
static const char *vfs_for_nameless(void)
{
	static sqlite3_vfs vfs;

	if (!vfs.zName) {
		vfs = *sqlite3_vfs_find(NULL);
		vfs.zName = "pagescape-nameless";
		vfs.xFullPathname = keep_path;
		sqlite3_vfs_register(&vfs, 0);
		vfs.xSetSystemCall(&vfs, "open", (sqlite3_syscall_ptr)open_following);
		vfs.xSetSystemCall(&vfs, "write", (sqlite3_syscall_ptr)write_noting);
		vfs.xSetSystemCall(&vfs, "pwrite", (sqlite3_syscall_ptr)pwrite_noting);
		vfs.xSetSystemCall(&vfs, "pwrite64", (sqlite3_syscall_ptr)pwrite_noting);
	}
	return vfs.zName;
}

/* Opens an unnamed file in a folder. False: its file system does not have these, or this does not work
 * here. */
static bool open_nameless(struct database_file *f, const char *folder)
{
	char path[32];

	f->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (f->fd < 0 || sqlite3_initialize() != SQLITE_OK)
		return false;
	snprintf(path, sizeof path, OPEN_FILES "%d", f->fd);
	if (sqlite3_open_v2(path, &f->db, SQLITE_OPEN_READWRITE, vfs_for_nameless()) == SQLITE_OK)
		return true;
	sqlite3_close(f->db);
	f->db = NULL;
	return false;
}

/* Opens a file that has a name until it is open: if we are killed in between, it is left behind. */
static int open_named(struct database_file *f, const char *folder, struct err *err)
{
	struct strbuf path = { 0 };
	int result = 0;

	strbuf_printf(&path, "%s/pagescape-XXXXXX", folder);
	f->fd = mkostemp(path.text, O_CLOEXEC);
	if (f->fd < 0)
		result = err_system(err, errno, _("cannot write a file in %s"), f->folder);
	else if (sqlite3_open_v2(path.text, &f->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		result = database_file_fail(f, err);
	if (f->fd >= 0)
		unlink(path.text);
	strbuf_fini(&path);
	return result;
}

int database_file_open(struct database_file *f, struct err *err)
{
	const char *folder = getenv("TMPDIR");

	write_errno = 0;
	folder = folder && *folder ? folder : "/var/tmp";
	*f = (struct database_file){ .folder = text_printable_dup(folder, strlen(folder)) };
	if (open_nameless(f, folder))
		return 0;
	if (f->fd >= 0)
		close(f->fd);
	return open_named(f, folder, err);
}

int database_file_copy(const struct database_file *f, FILE *out, struct err *err)
{
	char bytes[COPY_BYTES];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(f->fd, bytes, sizeof bytes, at)) > 0) {
		fwrite(bytes, 1, (size_t)n, out);
		at += n;
	}
	return n < 0 ? err_system(err, errno, _("cannot read a file in %s"), f->folder) : 0;
}

void database_file_fini(struct database_file *f)
{
	sqlite3_close(f->db);
	if (f->fd >= 0)
		close(f->fd);
	free(f->folder);
	*f = (struct database_file){ .fd = -1 };
}
