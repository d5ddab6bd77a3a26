/* A line of /proc/PID/stat: "4242 (demo) S 4100 ... minflt ... majflt ... num_threads ... vsize ...
 * startstack ...". If the stack starts somewhere else, it is another program. */
#include "live/counters.h"

#include "base/clock.h"

void fault_balance_note(struct fault_balance *b, uint64_t count, uint64_t later)
{
	b->reported += count;
	b->later += later;
}

void fault_balance_set_on(struct fault_balance *b, bool on)
{
	b->on = on;
}

bool fault_balance_is_on(const struct fault_balance *b)
{
	return b->on;
}

uint64_t fault_balance_counted_ns(const struct fault_balance *b)
{
	return b->counted_ns;
}

bool fault_balance_has_missed(const struct fault_balance *b)
{
	return b->missed;
}

void fault_balance_search(struct fault_balance *b)
{
	b->missed = false;
}

/* Compares the counts: faults that were counted last time have been reported by now. */
static void compare(struct fault_balance *b)
{
	int64_t missing = (int64_t)(b->counted - (b->reported - b->later));
	if (!b->counted_ns)
		return;
	if (!b->comparable || missing > b->missing) {
		b->missed |= b->comparable;
		b->missing = missing;
		b->comparable = true;
	}
}

struct fault_balance *counters_balance(struct counters *c)
{
	return &c->balance;
}

const struct event_counters *counters_last(const struct counters *c)
{
	return c->known ? &c->stat.counters : NULL;
}

uint64_t counters_start_stack(const struct counters *c)
{
	return c->known ? c->stat.start_stack : 0;
}

int counters_read(struct counters *c, struct watch *watch, struct reader *reader,
		  struct counters_change *change, struct err *err)
{
	const struct process_stat *was = &c->stat;
	struct process_stat now;
	struct err unread = { 0 };
	*change = (struct counters_change){ .moved = true }; /* until something says otherwise */
	compare(&c->balance);
	if (reader_stat(reader, &now, &unread) != 0) {
		if (unread.code != ERR_GONE)
			return 0;
		if (err)
			*err = unread;
		return -1;
	}
	if (c->known) {
		change->moved =
		    now.counters.minor != was->counters.minor || now.counters.major != was->counters.major;
		change->exec = now.start_stack != was->start_stack && now.start_stack && was->start_stack;
		change->resized = now.vsize != was->vsize;
	}
	if (!now.start_stack)
		now.start_stack = was->start_stack;
	c->stat = now;
	c->known = true;
	c->balance.counted = now.counters.minor + now.counters.major;
	c->balance.counted_ns = clock_now_ns();
	c->balance.later = 0;
	if (change->moved)
		watch_note_move(watch);
	return 0;
}

void counters_forget_image(struct counters *c)
{
	c->stat.start_stack = 0;
}

void counters_send(const struct counters *c, struct watch *watch, struct sink *sink)
{
	const struct process *process = watch_process(watch);
	const struct event_counters *now = &c->stat.counters;
	if (!c->known)
		return;
	if (process && process->counters.known && process->counters.now.minor == now->minor &&
	    process->counters.now.major == now->major && process->counters.now.threads == now->threads &&
	    process->counters.now.state == now->state)
		return;
	struct event e = { .type = EVENT_COUNTERS, .counters = *now };
	watch_send(watch, sink, &e);
}
