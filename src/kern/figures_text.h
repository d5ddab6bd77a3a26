/* Parses the files that hold the figures of a process. Pure: text in, figures out. Every text ends in a zero
 * byte. */
#ifndef KERN_FIGURES_TEXT_H
#define KERN_FIGURES_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "event/figures.h"

/* The number in the line that begins with `name`, followed by a colon or white space; in bytes if " kB"
 * follows. Saturates. False: there is no such line, or no number in it. */
bool figures_text_number(const char *text, const char *name, uint64_t *out);

/* /proc/PID/status (proc_pid_status(5)). */
void figures_parse_status(const char *text, struct kernel_figures *);
/* /proc/PID/limits: "Max stack size    8388608    unlimited    bytes". */
void figures_parse_limits(const char *text, struct kernel_figures *);
/* /proc/PID/numa_maps (numa(7)): adds the bytes on each node. False: a line is malformed. */
bool figures_parse_numa(const char *text, struct kernel_figures *);
/* /proc/PID/task/TID/syscall: "232 0x5 ... SP IP", "-1 SP IP"; false while the thread runs. */
bool figures_parse_syscall(const char *text, uint64_t *stack_pointer);

/* The directory of a process's memory cgroup, from the texts of its /proc/PID/cgroup and of a mountinfo
 * (cgroups(7), proc_pid_mountinfo(5)). */
struct memory_cgroup {
	struct strbuf path;      /* of the group, as /proc/PID/cgroup has it; raw */
	struct strbuf directory; /* where its files are */
	size_t top;              /* length of the part of `directory` that is the mount point */
	bool legacy;             /* cgroup v1 */
};
/* Starts from zeroes. -1 with ERR_NOT_FOUND: there is none, or it cannot be seen from here. */
int figures_parse_cgroup(const char *cgroup, const char *mountinfo, struct memory_cgroup *, struct err *);
/* Finds the directory for its path and version; false: it is not mounted. */
bool figures_find_cgroup(const char *mountinfo, struct memory_cgroup *);
void memory_cgroup_fini(struct memory_cgroup *);
/* memory.stat of either version. */
void figures_parse_memory_stat(const char *text, bool legacy, struct kernel_figures *);

#endif
