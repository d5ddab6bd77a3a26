#include "live/members.h"

#include <string.h>

#include "kern/tasks.h"
#include "trace/tracer.h"

void members_init(struct members *m, struct world *world, const struct live_options *options)
{
	*m = (struct members){ .world = world, .options = *options };
}

const struct live_options *members_options(const struct members *m)
{
	return &m->options;
}

void members_set_interval(struct members *m, uint64_t interval_ns)
{
	m->options.interval_ns = interval_ns;
}

size_t members_count(const struct members *m)
{
	return m->count;
}

struct live *members_at(const struct members *m, size_t i)
{
	return m->list[i];
}

struct live *members_find(const struct members *m, int32_t pid)
{
	for (size_t i = 0; i < m->count; i++)
		if (live_facts(m->list[i]).pid == pid)
			return m->list[i];
	return NULL;
}

struct live *members_parent(const struct members *m, int32_t pid)
{
	struct status_lines status;
	tasks_status(m->options.reader.proc_root, pid, &status, NULL);
	return members_find(m, status.parent);
}

bool members_full(const struct members *m)
{
	return m->count == MEMBERS_MAX;
}

bool members_know(const struct members *m, int32_t pid)
{
	return members_find(m, pid) || unwatched_has(&m->refused, pid);
}

void members_add(struct members *m, struct live *live)
{
	m->list[m->count++] = live;
}

static struct live *elder_of(struct live *live)
{
	struct live *elder = live_facts(live).elder;
	return elder ? elder : live;
}

static bool is_elder(const struct members *m, const struct live *live)
{
	for (size_t i = 0; i < m->count; i++)
		if (live_facts(m->list[i]).elder == live)
			return true;
	return false;
}

static int open_member(struct members *m, int32_t pid, struct live *parent, struct tracer *tracer,
		       struct err *err)
{
	struct live *live;
	if (parent) {
		live = live_of_child(pid, live_facts(parent).pid, tracer, elder_of(parent), m->world,
				     &m->options, err);
	} else {
		struct source *source = live_attach(&pid, &m->options, m->world, err);
		live = source ? live_of_source(source) : NULL;
	}
	if (live)
		members_add(m, live);
	return live ? 0 : -1;
}

int members_open(struct members *m, int32_t pid, struct err *err)
{
	return open_member(m, pid, members_parent(m, pid), NULL, err);
}

bool members_has_ended(const struct err *err)
{
	return err->code == ERR_GONE || err->code == ERR_NOT_FOUND;
}

static void send_unwatched(struct members *m, struct live *parent, struct sink *sink)
{
	struct event e = { .type = EVENT_LOST, .lost = { 1, LOST_PROCESSES } };
	live_send(parent ? parent : m->list[0], sink, &e);
}

void members_take_in(struct members *m, int32_t pid, struct live *parent, struct tracer *tracer,
		     struct sink *sink)
{
	struct err err = { 0 };
	if (members_full(m))
		tracer_destroy(tracer);
	else if (open_member(m, pid, parent, tracer, &err) == 0 || members_has_ended(&err))
		return; /* if it has ended, nothing of it was left to see */
	unwatched_add(&m->refused, pid, !members_full(m));
	send_unwatched(m, parent, sink);
}

void members_refuse(struct members *m, int32_t pid, bool for_good)
{
	unwatched_add(&m->refused, pid, for_good);
}

bool members_has_refused(const struct members *m, int32_t pid)
{
	return unwatched_has(&m->refused, pid);
}

void members_forget_refused(struct members *m, const struct task_list *there)
{
	unwatched_forget(&m->refused, there);
}

void members_reconsider(struct members *m)
{
	if (!members_full(m))
		unwatched_reconsider(&m->refused);
}

static void close_member(struct live *live)
{
	live_source(live)->ops->destroy(live_source(live));
}

bool members_close_ended(struct members *m, size_t i)
{
	struct live *live = m->list[i];
	if (!live_facts(live).ended || is_elder(m, live))
		return false;
	live_note_over(live);
	close_member(live);
	m->count--;
	memmove(m->list + i, m->list + i + 1, (m->count - i) * sizeof *m->list);
	return true;
}

void members_close_others(struct members *m)
{
	while (m->count > 1)
		close_member(m->list[--m->count]);
}

void members_fini(struct members *m)
{
	members_close_others(m);
	if (m->count)
		close_member(m->list[0]);
	m->count = 0;
	unwatched_fini(&m->refused);
}
