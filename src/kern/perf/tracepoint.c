/* tracefs has a directory for each tracepoint, and in it a file with the number:
 *
 *     /sys/kernel/tracing/events/exceptions/page_fault_user/id     119
 *
 * It is mounted there, or within debugfs, or not at all: then the directory is empty, and we mount one that
 * has no path (fsopen, fsmount; Linux 5.2). Only our descriptor leads to it, and it goes when that is closed;
 * nobody else sees it. Only root may read tracefs, unless it was opened to others. See
 * Documentation/trace/events.rst. */
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
#include "base/strbuf.h"
#include "kern/procfile.h"

static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
#define ROOTS (sizeof roots / sizeof roots[0])

/* A tracefs of our own; an fd that the caller closes, or -1. */
static int mount_own(struct err *err)
{
#if defined SYS_fsopen && defined FSOPEN_CLOEXEC
	int context = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC), mount = -1;

	if (context < 0)
		return err_system(err, errno, "tracefs");
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	if (mount < 0)
		err_system(err, errno, "tracefs");
	close(context);
	return mount;
#else
	return err_system(err, ENOSYS, "tracefs");
#endif
}

/* Looks in one tracefs; 0 with err if it is not there. */
static uint64_t read_id(int root, const char *name, struct err *err)
{
	struct strbuf text = { 0 };
	char path[160];
	uint64_t id = 0;

	snprintf(path, sizeof path, "events/%s/id", name);
	if (procfile_read(root, path, &text, err) == 0 && sscanf(text.text, "%" SCNu64, &id) != 1)
		id = 0;
	strbuf_fini(&text);
	return id;
}

static int open_root(size_t i, struct err *err)
{
	return i < ROOTS ? procfile_open_dir(AT_FDCWD, roots[i], err) : mount_own(err);
}

static uint64_t find_id(const char *name, struct err *err)
{
	bool denied = false, there = false;

	for (size_t i = 0; i <= ROOTS; i++) {
		struct err failure = { 0 };
		int root = open_root(i, &failure);
		uint64_t id = root >= 0 ? read_id(root, name, &failure) : 0;

		denied = denied || failure.code == ERR_DENIED;
		there = there || (root >= 0 && faccessat(root, "events", F_OK, 0) == 0);
		procfile_close(&root);
		if (id)
			return id;
		if (failure.errnum == EMFILE || failure.errnum == ENFILE) {
			if (err)
				*err = failure;
			return 0;
		}
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

/* The numbers are cached: they do not change, and each child of a family needs them. */
uint64_t tracepoint_id(enum tracepoint which, struct err *err)
{
	static const char *const names[TRACEPOINTS] = {
		[TRACEPOINT_USER_FAULT] = "exceptions/page_fault_user",
		[TRACEPOINT_KERNEL_FAULT] = "exceptions/page_fault_kernel",
	};
	static uint64_t ids[TRACEPOINTS];

	if (!ids[which])
		ids[which] = find_id(names[which], err);
	return ids[which];
}
