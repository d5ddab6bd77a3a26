/* Steps are queued: a lecturer presses keys quickly, and each step should be seen. */
#include "ui/steps.h"

void steps_begin(struct steps *s, int32_t pid, unsigned stops, unsigned per_second)
{
	s->slow = per_second;
	s->slow_pid = pid;
	s->under_way = !per_second;
	s->pid = pid;
	s->stops = stops;
	s->go_to_stops = true;
}

bool steps_on_the_way(const struct steps *s, const struct process *process)
{
	return s->under_way && s->pid == process->pid && process_alive(process) &&
	       process->stop.count == s->stops;
}

bool steps_pending(const struct steps *s, const struct process *process)
{
	return s->under_way && s->pid == process->pid && process_alive(process) &&
	       (s->count || process->stop.count == s->stops);
}

bool steps_wait(struct steps *s, struct steps_wish wish)
{
	if (s->count == STEPS_WAITING_MAX)
		return false;
	s->wishes[s->count++] = wish;
	return true;
}

struct steps_wish steps_take(struct steps *s)
{
	struct steps_wish next = s->wishes[0];

	for (unsigned i = 1; i < s->count; i++)
		s->wishes[i - 1] = s->wishes[i];
	s->count--;
	return next;
}

void steps_forget(struct steps *s)
{
	s->under_way = false;
	s->count = 0;
}

bool steps_slow(const struct steps *s, int32_t pid)
{
	return s->slow && s->slow_pid == pid;
}
