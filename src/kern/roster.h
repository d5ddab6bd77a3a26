/* Which processes are in a cgroup, or have certain names, at the time of asking. Reads only /proc and the
 * cgroup's files. */
#ifndef KERN_ROSTER_H
#define KERN_ROSTER_H

#include "base/err.h"
#include "kern/tasks.h"

struct roster;

/* Which processes; if both are given, a process must fit both. NULL: not given. */
struct roster_options {
	/* Of a cgroup and all below it. Its directory, or the path within the hierarchy of version 2, or of version 1 with
	 * the memory controller, as /proc/PID/cgroup has it, with or without the slash in front. */
	const char *cgroup;
	const char *name;      /* POSIX extended regular expression, of comm or the executable's file name */
	const char *proc_root; /* NULL: /proc */
};

/* The caller frees it with roster_destroy. NULL with err: ERR_NOT_FOUND (no such cgroup, or none is mounted),
 * ERR_DENIED, ERR_UNSUPPORTED (a threaded cgroup), ERR_USAGE (the expression makes no sense, and why). */
struct roster *roster_create(const struct roster_options *, struct err *);
void roster_destroy(struct roster *); /* NULL is fine */

/* Replaces `pids` by all that match at this moment, ascending, except ourselves and kernel threads. 0, or -1
 * with err: the cgroup is gone. */
int roster_list(struct roster *, struct task_list *pids, struct err *);
/* Processes of another pid namespace in the cgroup, at the last listing: they have no number here. */
size_t roster_nameless(const struct roster *);
/* The choice in words, translated: "cgroup /app", "the name ^ng". Belongs to the roster. */
const char *roster_words(const struct roster *);

#endif
