/* Keeps for each process a number in its fault log: later faults have greater numbers. */
#include "expect/moments.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/world.h"

void moments_add(struct moments *m, const char *name, const struct world *world)
{
	mem_grow(m->list, m->cap, m->count + 1);
	struct moment *moment = &m->list[m->count++];
	*moment = (struct moment){ .name = mem_strdup(name), .count = world->count };
	moment->processes = mem_zalloc((world->count + 1) * sizeof *moment->processes);
	for (size_t i = 0; i < world->count; i++) {
		const struct process *p = world->processes[i];
		moment->processes[i] =
		    (struct moment_process){ p->pid, p->faults.log.end, process_minor(p) + process_major(p) };
	}
}

const struct moment *moments_find(const struct moments *m, const char *name)
{
	if (m->count && !strcmp(name, MOMENT_LAST))
		return &m->list[m->count - 1];
	for (size_t i = m->count; i-- > 0;)
		if (!strcmp(m->list[i].name, name))
			return &m->list[i];
	return NULL;
}

struct moment_process moment_of(const struct moment *moment, int32_t pid)
{
	for (size_t i = 0; i < moment->count; i++)
		if (moment->processes[i].pid == pid)
			return moment->processes[i];
	return (struct moment_process){ .pid = pid };
}

void moments_fini(struct moments *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->list[i].name);
		free(m->list[i].processes);
	}
	free(m->list);
	*m = (struct moments){ 0 };
}
