/* Each exec puts the stack at a random address, and a fork leaves it there: so a process whose stack is at
 * the same address (startstack of proc_pid_stat(5)) is a relative. If that may not be read, any process that
 * has not called exec since it was forked may be one (PF_FORKNOEXEC of include/linux/sched.h), unless it has
 * ended and only waits to be reaped. */
#include "kern/relatives.h"

#include <stdio.h>
#include <string.h>

#include "kern/procfile.h"
#include "kern/stat.h"

static bool read_stat(int root, int32_t pid, struct process_stat *stat)
{
	struct strbuf text = { 0 };
	char name[32];

	snprintf(name, sizeof name, "%d/stat", (int)pid);
	bool found = procfile_read(root, name, &text, NULL) == 0 && stat_parse(text.text, text.len, stat);
	strbuf_fini(&text);
	return found;
}

static bool may_be_relative(const struct process_stat *one, const struct process_stat *other)
{
	if (other->kernel_thread || strchr("ZX", other->counters.state)) /* these have no memory */
		return false;
	return other->start_stack > 1 ? other->start_stack == one->start_stack : other->unexeced;
}

bool relatives_none(int root, int32_t pid)
{
	struct process_stat own, other;
	bool none = read_stat(root, pid, &own) && own.start_stack > 1;
	long next = 0;

	while (none && (next = procfile_next_number(root, next, NULL)) > 0)
		if (next != pid && read_stat(root, (int32_t)next, &other))
			none = !may_be_relative(&own, &other);
	return none && next == 0;
}
