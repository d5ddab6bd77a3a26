/* The threads of a process, their names, and what they have forked: /proc/PID/task.
 *
 * A process is given by an fd of its directory, so that a reused pid does no harm. */
#ifndef KERN_TASKS_H
#define KERN_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "kern/stat.h"

#define TASK_NAME_MAX 64 /* the kernel's own names are shorter */

struct task_list {
	int32_t *ids;
	size_t count, cap;
};
void task_list_fini(struct task_list *);

/* Replaces the list by the threads of the process, in the kernel's order. 0, or -1 with err: ERR_GONE if the
 * process has ended. */
int tasks_list(int process, struct task_list *, struct err *);
/* The same for the process with this pid, in our /proc. */
int tasks_list_of(int32_t pid, struct task_list *, struct err *);
/* Is it a thread of the process with this pid, in our /proc? */
bool tasks_has(int32_t pid, int32_t tid);
/* The name of a thread, raw; "" if it has ended. */
void tasks_name(int process, int32_t tid, char name[static TASK_NAME_MAX]);
/* Appends the processes that this thread has forked and that are not reaped yet. 0, or -1 with err:
 * ERR_NOT_FOUND if the thread has ended, or the kernel does not show this (CONFIG_PROC_CHILDREN). */
int tasks_children(int process, int32_t tid, struct task_list *, struct err *);
/* Reads the status of a process or a thread; `proc_root` NULL is /proc. 0, or -1 with err and all figures 0
 * if there is none. */
int tasks_status(const char *proc_root, int32_t tid, struct status_lines *, struct err *);
/* The pid of the process that a thread belongs to; the thread's own id if that is not known. */
int32_t tasks_process(const char *proc_root, int32_t tid);

#endif
