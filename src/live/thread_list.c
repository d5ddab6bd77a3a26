/* The list is read when stat's count of threads differs from the model's, and once a second while there is
 * more than one: one may have come while another went, or a name may have changed. A thread that came and
 * went between two looks is known if it has faulted, because faults carry their tid. */
#include "live/thread_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define AGAIN_NS CLOCK_SECOND
#define NAMES_MAX 256 /* if there are more threads, only the names of new ones are read */

void thread_list_fini(struct thread_list *t)
{
	task_list_fini(&t->present);
}

static void send(struct watch *watch, struct sink *sink, int32_t tid, const char *name, bool ended)
{
	struct event e = { .type = EVENT_THREAD, .thread = { .tid = tid, .name = name, .ended = ended } };
	watch_send(watch, sink, &e);
}

static int by_id(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

static void send_present(const struct task_list *list, struct watch *watch, struct reader *reader,
			 struct sink *sink, const struct threads *known)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct thread *thread = threads_find(known, list->ids[i]);
		bool there = thread && !thread->ended;
		char name[TASK_NAME_MAX];
		if (there && *thread->name && list->count > NAMES_MAX)
			continue;
		tasks_name(reader_directory(reader), list->ids[i], name);
		if (*name && (!there || strcmp(name, thread->name) != 0))
			send(watch, sink, list->ids[i], name, false);
	}
}

/* The model's list may shrink with each event: so the position in it is kept by tid. */
static void send_ended(const struct task_list *list, struct watch *watch, struct sink *sink,
		       const struct threads *known)
{
	int32_t after = 0;
	for (size_t i = 0; i < known->count;) {
		const struct thread *thread = &known->list[i];
		int32_t tid = thread->tid;
		if (tid <= after || thread->ended ||
		    bsearch(&tid, list->ids, list->count, sizeof *list->ids, by_id)) {
			i++;
			continue;
		}
		after = tid;
		send(watch, sink, tid, thread->name, true);
		i = 0;
	}
}

void thread_list_send(struct thread_list *t, struct watch *watch, struct reader *reader, size_t count,
		      struct sink *sink)
{
	const struct process *process = watch_process(watch);
	struct task_list *list = &t->present;
	uint64_t now = clock_now_ns();
	if (!process)
		return;
	if (count == process->threads.count - process->threads.ended &&
	    (count <= 1 || now - t->read_ns < AGAIN_NS))
		return;
	t->read_ns = now;
	if (tasks_list(reader_directory(reader), list, NULL) != 0)
		return;
	qsort(list->ids, list->count, sizeof *list->ids, by_id);
	send_present(list, watch, reader, sink, &process->threads);
	send_ended(list, watch, sink, &process->threads);
}
