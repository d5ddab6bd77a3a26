/* A ring of a fixed size, allocated when the first exec comes. */
#include "model/exec_log.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/ring.h"

static void write_command(char *out, size_t size, const struct event_process *e)
{
	size_t len = 0;

	snprintf(out, size, "%s", e->comm ? e->comm : "");
	for (size_t i = 0; e->argv && e->argv[i] && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "", e->argv[i]);
}

void exec_log_add(struct exec_log *x, uint64_t time_ns, const struct event_process *e, uint64_t after_faults)
{
	struct exec_entry *entry;

	if (!x->entries)
		x->entries = mem_zalloc(EXEC_LOG_MAX * sizeof *x->entries);
	entry = &x->entries[x->end % EXEC_LOG_MAX];
	if (x->end - x->begin == EXEC_LOG_MAX)
		x->begin++;
	*entry = (struct exec_entry){ .time_ns = time_ns, .after_faults = after_faults };
	write_command(entry->command, sizeof entry->command, e);
	x->end++;
}

const struct exec_entry *exec_log_at(const struct exec_log *x, uint64_t number)
{
	return number >= x->begin && number < x->end ? &x->entries[number % EXEC_LOG_MAX] : NULL;
}

void exec_log_number(struct exec_log *x, uint64_t next)
{
	x->entries = ring_number(x->entries, sizeof *x->entries, EXEC_LOG_MAX, &x->begin, &x->end, next);
}

struct exec_log exec_log_copy(const struct exec_log *x)
{
	struct exec_log copy = *x;

	copy.entries = mem_copy(x->entries, EXEC_LOG_MAX * sizeof *x->entries);
	return copy;
}

void exec_log_fini(struct exec_log *x)
{
	free(x->entries);
	*x = (struct exec_log){ 0 };
}
