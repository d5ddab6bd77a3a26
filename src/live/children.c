#include "live/children.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kern/perf/unseen.h"
#include "kern/procfile.h"

#define FEW_THREADS 16
#define TRACED_MAX 1024 /* then the list of found children is dropped */
#define ALL_THREADS_NS CLOCK_SECOND

void children_fini(struct children *c)
{
	task_list_fini(&c->found);
	task_list_fini(&c->traced);
	task_list_fini(&c->threads);
	task_list_fini(&c->before);
}

/* The tracer reports each child of a traced process, held at its birth. It gets the time between two scans to
 * do so: only a child that an earlier scan found, and that was not reported since, is taken in here. */
static bool will_be_brought(struct children *c, struct live *parent, int32_t pid)
{
	for (size_t i = 0; i < c->traced.count; i++)
		if (c->traced.ids[i] == pid)
			return false;
	if (!live_facts(parent).traced)
		return false;
	mem_grow(c->traced.ids, c->traced.cap, c->traced.count + 1);
	c->traced.ids[c->traced.count++] = pid;
	return true;
}

static void find(struct children *c, struct live *parent, bool all)
{
	int32_t first = live_facts(parent).pid;
	int directory = reader_directory(live_facts(parent).reader);
	c->found.count = 0;
	if (tasks_list(directory, &c->threads, NULL) != 0)
		return;
	for (size_t i = 0; i < c->threads.count; i++)
		if (all || c->threads.count <= FEW_THREADS || c->threads.ids[i] == first)
			tasks_children(directory, c->threads.ids[i], &c->found, NULL);
}

static void note(struct children *c, const char *proc_root, int32_t pid)
{
	int directory = procfile_open_process(proc_root, pid, NULL);
	if (directory < 0)
		return;
	if (tasks_list(directory, &c->threads, NULL) == 0)
		for (size_t i = 0; i < c->threads.count; i++)
			tasks_children(directory, c->threads.ids[i], &c->before, NULL);
	close(directory);
}

void children_note(struct children *c, const char *proc_root, int32_t pid)
{
	size_t i = c->before.count;
	note(c, proc_root, pid);
	for (; i < c->before.count; i++) /* their children are appended, and visited too */
		note(c, proc_root, c->before.ids[i]);
}

static int compare_pids(const void *a, const void *b)
{
	int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
	return (left > right) - (left < right);
}

/* Is it among the noted ones? They must be sorted. */
static bool was_noted(const struct children *c, int32_t pid)
{
	return c->before.count &&
	       bsearch(&pid, c->before.ids, c->before.count, sizeof pid, compare_pids) != NULL;
}

void children_open(struct children *c, struct members *m)
{
	if (c->before.count)
		qsort(c->before.ids, c->before.count, sizeof *c->before.ids, compare_pids);
	for (size_t i = 0; i < members_count(m);
	     i++) { /* those that are opened are appended, and visited too */
		find(c, members_at(m, i), true);
		for (size_t k = 0; k < c->found.count; k++) {
			int32_t pid = c->found.ids[k];
			struct err err = { 0 };
			if (members_know(m, pid) || !was_noted(c, pid))
				continue;
			if (!members_full(m) && (members_open(m, pid, &err) == 0 || members_has_ended(&err)))
				continue;
			members_refuse(m, pid, !members_full(m));
			c->left_out++;
		}
	}
}

static void take(struct children *c, struct members *m, struct live *parent, bool all, struct sink *sink)
{
	find(c, parent, all);
	for (size_t i = 0; i < c->found.count; i++) {
		int32_t pid = c->found.ids[i];
		if (!members_know(m, pid) && !live_unseen_was_reported(parent, pid) &&
		    !will_be_brought(c, parent, pid))
			members_take_in(m, pid, parent, NULL, sink);
	}
}

/* Can it have children that no tracer reports? */
static bool may_have_children(const struct live *live, bool all)
{
	return live_facts(live).started && !live_facts(live).dead && (all || !live_facts(live).traced);
}

/* The forks that rings have reported, for members whose children no tracer reports. */
static uint64_t count_forks(const struct members *m)
{
	uint64_t forks = 0;
	for (size_t i = 0; i < members_count(m); i++)
		if (!live_facts(members_at(m, i)).elder && !live_facts(members_at(m, i)).traced)
			forks += live_facts(members_at(m, i)).forks;
	return forks;
}

static void send_lost(struct live *live, struct sink *sink, uint64_t count, enum lost_what what)
{
	struct event e = { .type = EVENT_LOST, .lost = { count, what } };
	if (count)
		live_send(live, sink, &e);
}

uint64_t children_due_ns(const struct children *c)
{
	return c->scan_ns;
}

void children_take(struct children *c, struct members *m, struct sink *sink)
{
	uint64_t now = clock_now_ns(), forks = count_forks(m);
	bool all = now >= c->all_ns;
	send_lost(members_at(m, 0), sink, c->left_out, LOST_PROCESSES);
	c->left_out = 0;
	if (now < c->scan_ns && forks == c->forks)
		return;
	c->forks = forks;
	if (c->traced.count > TRACED_MAX)
		c->traced.count = 0;
	c->scan_ns = now + members_options(m)->interval_ns;
	if (all) {
		c->all_ns = now + ALL_THREADS_NS;
		members_reconsider(m);
	}
	/* those that are found are appended, and visited too */
	for (size_t i = 0; i < members_count(m); i++)
		if (may_have_children(members_at(m, i), all))
			take(c, m, members_at(m, i), all, sink);
}

/* Refused processes were reported as lost at that time, but not their faults. */
void children_send_unseen(struct members *m, struct sink *sink)
{
	for (size_t i = 0; i < members_count(m); i++) {
		struct unseen_process process;
		uint64_t processes = 0, faults = 0;
		while (live_take_unseen(members_at(m, i), &process)) {
			processes += !members_has_refused(m, process.pid);
			faults += process.faults;
			live_send_unseen(members_at(m, i), sink, &process);
			unseen_process_fini(&process);
		}
		send_lost(members_at(m, i), sink, processes, LOST_PROCESSES);
		send_lost(members_at(m, i), sink, faults, LOST_THEIR_FAULTS);
	}
}
