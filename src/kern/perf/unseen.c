/* A list in order of birth. Its entries are processes that are alive and were not found yet, so it is mostly
 * empty. */
#include "kern/perf/unseen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void unseen_process_fini(struct unseen_process *p)
{
	free(p->execs);
	p->execs = NULL;
}

void unseen_fini(struct unseen *u)
{
	for (size_t i = 0; i < u->count; i++)
		unseen_process_fini(&u->list[i]);
	free(u->list);
	*u = (struct unseen){ 0 };
}

/* The process that has that pid now: pids are reused. */
static struct unseen_process *find(const struct unseen *u, int32_t pid)
{
	for (size_t i = u->count; i--;)
		if (u->list[i].pid == pid && u->list[i].threads)
			return &u->list[i];
	return NULL;
}

static void remove_at(struct unseen *u, size_t i)
{
	u->count--;
	memmove(&u->list[i], &u->list[i + 1], (u->count - i) * sizeof *u->list);
}

static void drop(struct unseen *u, size_t i)
{
	unseen_process_fini(&u->list[i]);
	remove_at(u, i);
}

static struct unseen_process *add(struct unseen *u, int32_t pid)
{
	mem_grow(u->list, u->cap, u->count + 1);
	u->list[u->count] = (struct unseen_process){ .pid = pid, .threads = 1 };
	return &u->list[u->count++];
}

static void remember(struct unseen *u, int32_t pid)
{
	u->reported_pids[u->reported_next] = pid;
	u->reported_next = (u->reported_next + 1) % UNSEEN_REPORTED_MAX;
}

static void forget_reported(struct unseen *u, int32_t pid)
{
	for (size_t i = 0; i < UNSEEN_REPORTED_MAX; i++)
		if (u->reported_pids[i] == pid)
			u->reported_pids[i] = 0;
}

static void descend(struct unseen_process *p, const struct unseen_process *parent)
{
	if (!parent)
		return;
	p->ancestor = parent->ancestor;
	memcpy(p->name, parent->exec_count ? parent->execs[parent->exec_count - 1].name : parent->name,
	       sizeof p->name);
}

void unseen_fork(struct unseen *u, const struct fault_task *task)
{
	struct unseen_process *p = find(u, task->child);
	if (!p || p->forked)
		p = add(u, task->child);
	p->forked = true;
	p->parent = p->ancestor = task->pid;
	p->forked_ns = task->time_ns;
	descend(p, find(u, task->pid));
	forget_reported(u, task->child);
	if (p->seen)
		drop(u, (size_t)(p - u->list));
}

void unseen_thread(struct unseen *u, int32_t pid)
{
	struct unseen_process *p = find(u, pid);
	if (p)
		p->threads++;
}

void unseen_exit(struct unseen *u, const struct fault_task *task)
{
	struct unseen_process *p = find(u, task->pid);
	if (!p || --p->threads)
		return;
	p->ended_ns = task->time_ns;
	if (p->seen)
		drop(u, (size_t)(p - u->list));
}

void unseen_exec(struct unseen *u, const struct fault_task *task)
{
	struct unseen_process *p = find(u, task->pid);
	if (!p)
		return;
	p->threads = 1;
	if (p->exec_count < UNSEEN_EXECS_MAX) {
		mem_grow(p->execs, p->exec_cap, p->exec_count + 1);
		p->exec_count++;
	}
	struct unseen_exec *exec = &p->execs[p->exec_count - 1];
	exec->time_ns = task->time_ns;
	memcpy(exec->name, task->name, sizeof exec->name);
}

void unseen_fault(struct unseen *u, int32_t pid)
{
	struct unseen_process *p = find(u, pid);
	if (p)
		p->faults++;
}

void unseen_found(struct unseen *u, int32_t pid)
{
	for (size_t i = u->count; i--;)
		if (u->list[i].pid == pid) {
			u->list[i].found = true; /* it may have ended meanwhile */
			return;
		}
	add(u, pid)->found = true;
}

void unseen_settle(struct unseen *u, int32_t pid, bool seen, bool over)
{
	if (seen && over)
		remember(u, pid);
	for (size_t i = 0; i < u->count; i++) {
		if (u->list[i].pid != pid || !u->list[i].found)
			continue;
		u->list[i].found = false;
		u->list[i].seen = seen;
		if (seen && (u->list[i].forked || !u->list[i].threads))
			drop(u, i);
		return;
	}
}

struct unseen_process *unseen_of_found(const struct unseen *u, int32_t pid)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].pid == pid && u->list[i].found && u->list[i].forked)
			return &u->list[i];
	return NULL;
}

bool unseen_take(struct unseen *u, struct unseen_process *taken)
{
	for (size_t i = 0; i < u->count; i++) {
		if (u->list[i].threads || u->list[i].found || !u->list[i].forked)
			continue;
		*taken = u->list[i];
		remove_at(u, i);
		remember(u, taken->pid);
		return true;
	}
	return false;
}

bool unseen_was_reported(const struct unseen *u, int32_t pid)
{
	for (size_t i = 0; i < UNSEEN_REPORTED_MAX; i++)
		if (u->reported_pids[i] == pid)
			return true;
	return false;
}
