#include "live/children.h"

#include "base/clock.h"
#include "base/mem.h"

#define FEW_THREADS 16
#define TRACED_MAX 1024 /* then it is forgotten who was found */
#define ALL_THREADS_NS CLOCK_SECOND

void children_fini(struct children *c)
{
	task_list_fini(&c->found);
	task_list_fini(&c->traced);
	task_list_fini(&c->threads);
}

/* The tracer brings each child of a traced process, held at its birth. It gets the time between two scans to do
 * so: only a child that was found before, and has not been brought since, comes in by this door. */
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

static void take(struct children *c, struct members *m, struct live *parent, bool all, struct sink *sink)
{
	find(c, parent, all);
	for (size_t i = 0; i < c->found.count; i++) {
		int32_t pid = c->found.ids[i];
		if (!members_know(m, pid) && !will_be_brought(c, parent, pid))
			members_take_in(m, pid, parent, NULL, sink);
	}
}

/* Can it have children that no tracer brings? */
static bool may_have_children(const struct live *live, bool all)
{
	return live_facts(live).started && !live_facts(live).dead && (all || !live_facts(live).traced);
}

/* As far as the rings have reported, of those whose children no tracer brings. */
static uint64_t count_forks(const struct members *m)
{
	uint64_t forks = 0;
	for (size_t i = 0; i < m->count; i++)
		if (!live_facts(m->list[i]).elder && !live_facts(m->list[i]).traced)
			forks += live_facts(m->list[i]).forks;
	return forks;
}

void children_take(struct children *c, struct members *m, struct sink *sink)
{
	uint64_t now = clock_now_ns(), forks = count_forks(m);
	bool all = now >= c->all_ns;
	if (now < c->scan_ns && forks == c->forks)
		return;
	c->forks = forks;
	if (c->traced.count > TRACED_MAX)
		c->traced.count = 0;
	c->scan_ns = now + m->options.interval_ns;
	if (all) {
		c->all_ns = now + ALL_THREADS_NS;
		members_reconsider(m);
	}
	/* those that are found are appended, and get their turn */
	for (size_t i = 0; i < m->count; i++)
		if (may_have_children(m->list[i], all))
			take(c, m, m->list[i], all, sink);
}
