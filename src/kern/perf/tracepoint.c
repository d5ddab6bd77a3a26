/* tracefs has a directory for each tracepoint, and in it a file with the number:
 *
 *     /sys/kernel/tracing/events/exceptions/page_fault_user/id     119
 *
 * It is mounted there, or within debugfs, or not at all: then the directory is empty, and we
 * mount one that no path leads to (fsopen, fsmount; Linux 5.2): only our descriptor does, and
 * with that it goes. Nobody else sees it. tracefs is root's alone, unless somebody has opened
 * it. See Documentation/trace/events.rst. */
#include "kern/perf/tracepoint.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"

static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
#define ROOTS (sizeof roots / sizeof roots[0])

/* A tracefs of our own; an fd that the caller closes, or -1 with errno. */
static int mount_own(void)
{
#if defined SYS_fsopen && defined FSCONFIG_CMD_CREATE
	int context = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC), mount = -1;

	if (context < 0)
		return -1;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	int failure = errno;
	close(context);
	errno = failure;
	return mount;
#else
	errno = ENOSYS;
	return -1;
#endif
}

/* In one tracefs; 0 with errno where it is not there. */
static uint64_t read_id(int root, const char *name)
{
	char path[160], text[24] = "";
	uint64_t id = 0;

	snprintf(path, sizeof path, "events/%s/id", name);
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	errno = ENOENT;
	if (read(fd, text, sizeof text - 1) < 1 || sscanf(text, "%" SCNu64, &id) != 1)
		id = 0;
	close(fd);
	return id;
}

static int open_root(size_t i)
{
	return i < ROOTS ? open(roots[i], O_PATH | O_DIRECTORY | O_CLOEXEC) : mount_own();
}

uint64_t tracepoint_id(const char *name, struct err *err)
{
	bool denied = false, there = false;

	for (size_t i = 0; i <= ROOTS; i++) {
		int root = open_root(i);
		uint64_t id = root >= 0 ? read_id(root, name) : 0;

		denied = denied || (!id && (errno == EACCES || errno == EPERM));
		there = there || (root >= 0 && faccessat(root, "events", F_OK, 0) == 0);
		if (root >= 0)
			close(root);
		if (id)
			return id;
	}
	if (denied)
		err_set(
		    err, ERR_DENIED, "%s",
		    _("needs root (sudo): tracefs, where the numbers of tracepoints are, may not be read"));
	else
		err_set(err, ERR_UNSUPPORTED, "%s",
			there
			    ? _("this kernel has no tracepoints of page faults")
			    : _("there is no tracefs: mount -t tracefs tracefs /sys/kernel/tracing (root)"));
	return 0;
}
