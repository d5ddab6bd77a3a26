/* Only the names of programs are known. Everything else is as in the process that it descends from. */
#include "live/unseen_life.h"

/* The nearest of its ancestors that was seen, or the one that is watched. */
static const struct process *find_like(const struct watch *watch, const struct unseen_process *unseen)
{
	const struct process *ancestor = world_find(watch->world, unseen->ancestor);
	return ancestor ? ancestor : watch_process(watch);
}

static void send_program(const struct watch *watch, struct sink *sink, const struct unseen_process *unseen,
			 const struct unseen_exec *exec)
{
	static const char *const none[] = { NULL };
	const struct process *like = find_like(watch, unseen);
	uint64_t clock_ns = exec ? exec->time_ns : unseen->forked_ns;
	struct event e = { .type = EVENT_PROCESS,
			   .pid = unseen->pid,
			   .time_ns = watch_time(watch, clock_ns) };
	if (!like)
		return;
	e.process = (struct event_process){
		.argv = none,
		.comm = exec            ? exec->name
			: *unseen->name ? unseen->name
					: like->identity.comm,
		.exe = "",
		.page_shift = like->space->page_shift,
		.address_bits = like->identity.address_bits,
		.uid = like->identity.uid,
		.exec = exec,
		.parent = unseen->parent,
		.forked_ns = exec ? 0 : watch_time(watch, unseen->forked_ns),
	};
	sink_send(sink, &e);
}

static void send_until(const struct watch *watch, struct sink *sink, const struct unseen_process *unseen,
		       size_t end)
{
	if (!unseen->introduced)
		send_program(watch, sink, unseen, NULL);
	for (size_t i = unseen->reported; i < end; i++)
		send_program(watch, sink, unseen, &unseen->execs[i]);
}

void unseen_life_send(const struct watch *watch, struct sink *sink, const struct unseen_process *unseen)
{
	struct event end = { .type = EVENT_STATUS,
			     .pid = unseen->pid,
			     .time_ns = watch_time(watch, unseen->ended_ns),
			     .status = { PROCESS_GONE, 0 } };
	if (unseen->reported >= unseen->exec_count)
		return;
	send_until(watch, sink, unseen, unseen->exec_count);
	sink_send(sink, &end);
}

bool unseen_life_send_past(const struct watch *watch, struct sink *sink, struct unseen_process *unseen,
			   uint64_t until_ns)
{
	size_t count = 0;
	while (count < unseen->exec_count && unseen->execs[count].time_ns < until_ns)
		count++;
	if (!count)
		return false;
	send_until(watch, sink, unseen, count - 1);
	/* the last one is not reported yet: the process may end before it is seen */
	unseen->introduced = true;
	unseen->reported = count - 1;
	return true;
}
