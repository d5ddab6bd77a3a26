/* What /proc/PID/task tells: the threads of a process, their names, and what they have
 * forked. Read through a reader, so that a pid that was given to another is no trap. */
#ifndef KERN_TASKS_H
#define KERN_TASKS_H

#include "kern/reader.h"

#define TASK_NAME_MAX 64 /* the kernel's own are shorter */

struct task_list {
	int32_t *ids;
	size_t count, cap;
};
void task_list_fini(struct task_list *);

/* The threads that there are, as the kernel lists them: filled anew. -1 where the process
 * has ended. */
int tasks_threads(const struct reader *, struct task_list *);
/* The name of a thread, raw; "" where it has ended. */
void tasks_name(const struct reader *, int32_t tid, char name[static TASK_NAME_MAX]);
/* Appends the processes that this thread has forked and that are not reaped yet. -1 with
 * errno: ENOENT where the thread has ended, or the kernel does not tell (CONFIG_PROC_CHILDREN). */
int tasks_children(const struct reader *, int32_t tid, struct task_list *);
/* Who forked it, or has adopted it since; 0: it has ended. */
int32_t tasks_parent(const char *proc_root, int32_t pid);

#endif
