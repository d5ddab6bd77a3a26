/* tracefs has a directory for each tracepoint, and in it a file with the number:
 *
 *     /sys/kernel/tracing/events/exceptions/page_fault_user/id     119
 *
 * It is mounted there, or within debugfs, or not at all: then the directory is empty. It is
 * root's alone, unless somebody has opened it. See Documentation/trace/events.rst. */
#include "kern/perf/tracepoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"

static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
#define ROOTS (sizeof roots / sizeof roots[0])

/* In one tracefs; 0 with errno where it is not there. */
static uint64_t read_id(const char *root, const char *name)
{
	char path[160];
	uint64_t id = 0;

	snprintf(path, sizeof path, "%s/events/%s/id", root, name);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	errno = ENOENT;
	if (fscanf(file, "%" SCNu64, &id) != 1)
		id = 0;
	fclose(file);
	return id;
}

static bool is_mounted(const char *root)
{
	char path[64];

	snprintf(path, sizeof path, "%s/events", root);
	return access(path, F_OK) == 0;
}

uint64_t tracepoint_id(const char *name, struct err *err)
{
	bool denied = false, mounted = false;

	for (size_t i = 0; i < ROOTS; i++) {
		uint64_t id = read_id(roots[i], name);

		if (id)
			return id;
		denied = denied || errno == EACCES || errno == EPERM;
		mounted = mounted || is_mounted(roots[i]);
	}
	if (denied)
		err_set(err, ERR_DENIED, "%s",
			_("needs root (sudo): tracefs, which tells of tracepoints, may not be read"));
	else
		err_set(
		    err, ERR_UNSUPPORTED, "%s",
		    mounted
			? _("this kernel has no tracepoints of page faults")
			: _("tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing (root)"));
	return 0;
}
