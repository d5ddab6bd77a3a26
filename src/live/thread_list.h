/* Threads as events: compares /proc/PID/task with the threads that the model knows, and sends what differs,
 * as for pages and regions (model/observe.h). */
#ifndef LIVE_THREAD_LIST_H
#define LIVE_THREAD_LIST_H

#include "kern/reader.h"
#include "kern/tasks.h"
#include "live/watch.h"

struct thread_list {
	struct task_list present; /* as last read, by tid */
	uint64_t read_ns;
};

void thread_list_fini(struct thread_list *);
/* Sends what is new, if there is a reason to read the list: `count` is how many threads stat shows. */
void thread_list_send(struct thread_list *, struct watch *, struct reader *, size_t count, struct sink *);

#endif
