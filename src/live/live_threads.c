/* Threads as events. /proc/PID/task is compared with the threads that the model knows, and
 * what differs is told: the same as for pages and regions (model/observe.h).
 *
 * The list is read when stat's count of threads is not the model's, and once a second while there
 * is more than one: one may have come as another went, or have got a new name. A thread that
 * lived between two looks is known where it has faulted, for faults name their thread. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define AGAIN_NS CLOCK_SECOND
#define NAMES_MAX 256 /* of more threads, names are read when they are new only */

static void tell(struct live *live, struct sink *sink, int32_t tid, const char *name, bool ended)
{
	struct event e = { .type = EVENT_THREAD, .thread = { .tid = tid, .name = name, .ended = ended } };
	live_send(live, sink, &e);
}

static int by_id(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

static void tell_present(struct live *live, struct sink *sink, const struct threads *known)
{
	const struct task_list *list = &live->threads.list;
	for (size_t i = 0; i < list->count; i++) {
		const struct thread *thread = threads_find(known, list->ids[i]);
		bool there = thread && !thread->ended;
		char name[TASK_NAME_MAX];
		if (there && *thread->name && list->count > NAMES_MAX)
			continue;
		tasks_name(reader_directory(live->reader), list->ids[i], name);
		if (*name && (!there || strcmp(name, thread->name) != 0))
			tell(live, sink, list->ids[i], name, false);
	}
}

/* The model's list may shrink while it is told: it is gone through by tid. */
static void tell_ended(struct live *live, struct sink *sink, const struct threads *known)
{
	const struct task_list *list = &live->threads.list;
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
		tell(live, sink, tid, thread->name, true);
		i = 0;
	}
}

void live_tell_threads(struct live *live, struct sink *sink)
{
	struct live_threads *t = &live->threads;
	const struct process *process = world_find(live->world, live->pid);
	size_t count = live->schedule.stat.counters.threads;
	uint64_t now = clock_now_ns();
	if (!process || !live->schedule.have_stat)
		return;
	if (count == process->threads.count - process->threads.ended &&
	    (count <= 1 || now - t->read_ns < AGAIN_NS))
		return;
	t->read_ns = now;
	if (tasks_list(reader_directory(live->reader), &t->list, NULL) != 0)
		return;
	qsort(t->list.ids, t->list.count, sizeof *t->list.ids, by_id);
	tell_present(live, sink, &process->threads);
	tell_ended(live, sink, &process->threads);
}
