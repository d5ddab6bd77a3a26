/* What holds for the whole machine. Most of it is a file with one number:
 *
 *   /sys/kernel/mm/transparent_hugepage/hpage_pmd_size    2097152
 *   /proc/sys/kernel/perf_event_paranoid                  2         (proc_sys_kernel(5))
 *
 *   /proc/cpuinfo    address sizes\t: 48 bits physical, 48 bits virtual
 *   /proc/swaps      a heading, then a line for each place to swap to */
#include "kern/machine.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

uint64_t machine_capabilities(void)
{
	struct strbuf text = { 0 };
	struct status_lines status = { 0 };

	if (procfile_read(AT_FDCWD, "/proc/self/status", &text, NULL) == 0)
		status_parse(text.text, &status);
	strbuf_fini(&text);
	return status.capabilities;
}
