/* Facts about the whole machine. Most of them are in a file with one number:
 *
 *   /sys/kernel/mm/transparent_hugepage/hpage_pmd_size    2097152
 *   /proc/sys/kernel/perf_event_paranoid                  2         (proc_sys_kernel(5))
 *
 *   /proc/cpuinfo    address sizes\t: 48 bits physical, 48 bits virtual
 *   /proc/self       a link to our own pid, in the pid namespace of that /proc
 *   /proc/swaps      a heading, then a line for each place to swap to
 *   /sys/kernel/mm/transparent_hugepage/enabled    always [madvise] never */
#include "kern/machine.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "kern/procfile.h"
#include "kern/stat.h"

int machine_parse_address_bits(const char *cpuinfo)
{
	const char *line = strstr(cpuinfo, "address sizes");
	int bits;

	if (line && sscanf(line, "address sizes : %*d bits physical, %d bits virtual", &bits) == 1)
		return bits;
	return 0;
}

int machine_address_bits(int root)
{
	struct strbuf text = { 0 };
	int bits = 0;

	if (procfile_read(root, "cpuinfo", &text, NULL) == 0)
		bits = machine_parse_address_bits(text.text);
	strbuf_fini(&text);
	return bits;
}

int machine_probe_address_bits(void)
{
#ifdef __aarch64__
	/* 52 bits are only used if a program asks for an address beyond 48 (Documentation/arch/arm64/memory.rst);
	 * the stack is at the top of all others */
	uint64_t at = (uintptr_t)__builtin_frame_address(0), high = UINT64_C(1) << 51;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *map = mmap((void *)high, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); /* NOLINT */

	if (map != MAP_FAILED && (uintptr_t)map >= high)
		at = (uintptr_t)map;
	if (map != MAP_FAILED)
		munmap(map, page);
	return 64 - __builtin_clzll(at);
#else
	return 0;
#endif
}

bool machine_number(enum machine_number which, int64_t *number)
{
	static const char *const paths[] = {
		[MACHINE_HUGE_PAGE_SIZE] = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
		[MACHINE_PTRACE_SCOPE] = "/proc/sys/kernel/yama/ptrace_scope",
		[MACHINE_PERF_PARANOID] = "/proc/sys/kernel/perf_event_paranoid",
		[MACHINE_PERF_MLOCK_KB] = "/proc/sys/kernel/perf_event_mlock_kb",
	};
	struct strbuf text = { 0 };
	bool found = procfile_read(AT_FDCWD, paths[which], &text, NULL) == 0 &&
		     sscanf(text.text, "%" SCNd64, number) == 1;

	strbuf_fini(&text);
	return found;
}

int machine_check_proc(struct err *err)
{
	struct strbuf self = { 0 };
	struct err failure = { 0 };
	bool read = procfile_read_link(AT_FDCWD, "/proc/self", &self, &failure) == 0;
	bool same = read && strtol(self.text, NULL, 10) == getpid();

	strbuf_fini(&self);
	if (same)
		return 0;
	/* if we have no pid in its namespace, there is no "self" */
	if (!read && access("/proc/version", F_OK) != 0)
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("there is no /proc: mount -t proc proc /proc (root)"));
	return err_set(
	    err, ERR_UNSUPPORTED, "%s",
	    _("/proc belongs to another pid namespace, where our numbers mean other processes: mount "
	      "one of our own (mount -t proc proc /proc, or unshare --mount-proc)"));
}

/* Will our children be in another pid namespace than we are? As long as there are none, the link is
 * there but leads nowhere. */
static bool children_are_apart(void)
{
	static const char name[] = "/proc/self/ns/pid_for_children"; /* Linux 4.12 */
	struct strbuf own = { 0 }, children = { 0 };
	struct stat st;
	bool apart = false;

	if (procfile_read_link(AT_FDCWD, "/proc/self/ns/pid", &own, NULL) == 0 && lstat(name, &st) == 0)
		apart = procfile_read_link(AT_FDCWD, name, &children, NULL) < 0 ||
			strcmp(own.text, children.text) != 0;
	strbuf_fini(&own);
	strbuf_fini(&children);
	return apart;
}

int machine_check_launch(struct err *err)
{
	if (machine_check_proc(err) < 0)
		return -1;
	if (children_are_apart())
		return err_set(
		    err, ERR_UNSUPPORTED, "%s",
		    _("children of ours would be in a pid namespace that we are not in: unshare needs "
		      "--fork and --mount-proc"));
	return 0;
}

bool machine_has_swap(void)
{
	struct strbuf text = { 0 };
	const char *heading = NULL;
	bool has = true;

	if (procfile_read(AT_FDCWD, "/proc/swaps", &text, NULL) == 0) {
		heading = strchr(text.text, '\n');
		has = heading && heading[1];
	}
	strbuf_fini(&text);
	return has;
}

bool machine_has_huge_pages(void)
{
	struct strbuf text = { 0 };
	bool has = procfile_read(AT_FDCWD, "/sys/kernel/mm/transparent_hugepage/enabled", &text, NULL) == 0 &&
		   !strstr(text.text, "[never]");

	strbuf_fini(&text);
	return has;
}

uint64_t machine_capabilities(void)
{
	struct strbuf text = { 0 };
	struct status_lines status = { 0 };

	if (procfile_read(AT_FDCWD, "/proc/self/status", &text, NULL) == 0)
		status_parse(text.text, &status);
	strbuf_fini(&text);
	return status.capabilities;
}
