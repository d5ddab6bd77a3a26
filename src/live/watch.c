/* The watch's clock begins with its first picture; all of that has time 0. */
#include "live/watch.h"

#include "base/clock.h"

uint64_t watch_now(const struct watch *watch)
{
	uint64_t now = watch->ended_ns ? watch->ended_ns : clock_now_ns();
	return watch->began_ns && now > watch->began_ns ? now - watch->began_ns : 0;
}

uint64_t watch_time(const struct watch *watch, uint64_t clock_ns)
{
	return clock_ns > watch->began_ns ? clock_ns - watch->began_ns : 0;
}

const struct process *watch_process(const struct watch *watch)
{
	return world_find(watch->world, watch->pid);
}

void watch_send(struct watch *watch, struct sink *sink, struct event *e)
{
	e->time_ns = watch_now(watch);
	e->pid = watch->pid;
	if (e->type != EVENT_TICK)
		watch->changed = true;
	sink_send(sink, e);
}

void watch_note_move(struct watch *watch)
{
	watch->moved_ns = clock_now_ns();
}
