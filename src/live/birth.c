#include "live/birth.h"

#include "kern/common.h"

struct status_birth birth_of(const struct live_program *program, const struct watch *watch, int32_t parent,
			     struct fault_reader *elder, struct sink *sink)
{
	struct status_birth birth = { .unrun = program->born && program->news.hold == TRACEE_AT_BIRTH };
	uint64_t clock_ns = elder ? fault_reader_forked_ns(elder, sink, program->pid) : 0;

	if (!parent)
		return birth;
	birth.vfork = common_memory(parent, program->pid) == MEMORY_ONE;
	birth.forked_ns = clock_ns ? watch_time(watch, clock_ns) : 0;
	return birth;
}
