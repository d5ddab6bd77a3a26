#include "live/descent.h"

#include "base/clock.h"
#include "kern/common.h"

void descent_send_unseen(const struct descent *d, struct reader *reader, struct fault_reader *faults,
			 struct watch *watch, struct sink *sink)
{
	struct process_stat stat;
	uint64_t now = clock_now_ns();
	if (!d->found || reader_stat(reader, &stat, NULL) != 0)
		return;
	uint64_t all = stat.counters.minor + stat.counters.major,
		 taken = fault_reader_taken(faults, sink, now);
	struct event e = { .type = EVENT_LOST, .lost = { all - taken, LOST_FAULTS } };
	if (all > taken)
		watch_send(watch, sink, &e);
}

/* How a child came into being: when, and whether it has memory of its own. */
static struct status_birth birth_of(const struct descent *d, const struct live_program *program,
				    const struct watch *watch, struct sink *sink)
{
	int32_t pid = live_program_pid(program);
	uint64_t clock_ns = d->elder ? fault_reader_forked_ns(d->elder, sink, pid) : 0;
	return (struct status_birth){
		.unrun = live_program_is_born(program) && live_program_news(program)->hold == TRACEE_AT_BIRTH,
		.vfork = common_memory(d->parent, pid) == COMMON_MEMORY_ONE,
		.forked_ns = clock_ns ? watch_time(watch, clock_ns) : 0,
	};
}

struct status_origin descent_origin(const struct descent *d, const struct live_program *program,
				    const struct watch *watch, struct sink *sink, bool exec, bool first)
{
	struct status_origin origin = { .parent = d->parent,
					.launched = live_program_is_launched(program),
					.exec = exec };
	if (d->parent && first && !exec)
		origin.birth = birth_of(d, program, watch, sink);
	return origin;
}
