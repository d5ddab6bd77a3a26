#include "cmd/judged_session.h"

/* The process, at that time, if it was the same program by then. */
static const struct process *find_earlier(const struct judged_session *j, const struct process *last)
{
	const struct process *p = world_find(j->earlier.world, last->pid);

	return p && process_alive(p) && p->course.execs == last->course.execs ? p : NULL;
}

struct judged judged_session_look(struct judged_session *j, const char *path, const struct world *world,
				  const struct process *last)
{
	uint64_t time_ns = judged_time(last);
	const struct process *earlier;
	struct err ignored = { 0 };

	judged_session_fini(j);
	if (time_ns == UINT64_MAX)
		return judged_last(world, last);
	j->earlier.later_names = true;
	j->open = operand_open_moment(&j->earlier, path, time_ns, &ignored) == 0;
	earlier = j->open ? find_earlier(j, last) : NULL;
	if (earlier)
		return judged_largest(earlier, j->earlier.world->now_ns, last);
	judged_session_fini(j);
	return judged_last(world, last);
}

void judged_session_fini(struct judged_session *j)
{
	if (j->open)
		operand_fini(&j->earlier);
	*j = (struct judged_session){ 0 };
}
