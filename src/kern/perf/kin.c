/* Notes what happens to the processes of a family. */
#include "kern/perf/kin.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "kern/perf/kin_nodes.h"

struct kin *kin_create(int32_t pid)
{
	struct kin *kin = mem_zalloc(sizeof *kin);

	mem_grow(kin->nodes, kin->cap, 1);
	kin->nodes[kin->count++] = (struct kin_node){
		.pid = pid, .parent = KIN_NONE, .threads = KIN_NONE, .left_ns = KIN_FOREVER, .watched = true
	};
	return kin;
}

void kin_is_held(struct kin *kin)
{
	kin->held = true;
	kin->nodes[0].threads = 1;
}

static void node_fini(struct kin_node *n)
{
	if (n->gone)
		runs_destroy(n->gone);
	n->gone = NULL;
}

void kin_destroy(struct kin *kin)
{
	if (!kin)
		return;
	for (size_t i = 0; i < kin->count; i++)
		node_fini(&kin->nodes[i]);
	free(kin->nodes);
	kin_faults_fini(&kin->faults);
	free(kin);
}

uint32_t kin_find(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	for (size_t i = kin->count; i--;) {
		const struct kin_node *n = &kin->nodes[i];

		if (n->pid == pid && n->born_ns <= time_ns && time_ns < n->left_ns)
			return (uint32_t)i;
	}
	return KIN_NONE;
}

void kin_blind(struct kin *kin, uint64_t time_ns)
{
	for (size_t i = 0; i < kin->count; i++)
		if (kin->nodes[i].left_ns == KIN_FOREVER)
			kin->nodes[i].blind_ns = kin->nodes[i].deaf_ns = time_ns;
}

void kin_blind_one(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	if (i != KIN_NONE)
		kin->nodes[i].blind_ns = max(kin->nodes[i].blind_ns, time_ns);
}

void kin_blind_heirs(struct kin *kin, uint64_t time_ns)
{
	for (size_t i = 0; i < kin->count; i++) {
		struct kin_node *n = &kin->nodes[i];

		if (n->parent != KIN_NONE && !n->rings_ns && n->left_ns == KIN_FOREVER)
			n->blind_ns = max(n->blind_ns, time_ns);
	}
}

void kin_report_heirs(struct kin *kin)
{
	kin->heirs = true;
}

void kin_has_rings(struct kin *kin, int32_t pid, uint64_t since_ns)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	if (i != KIN_NONE)
		kin->nodes[i].rings_ns = since_ns;
}

int32_t kin_find_unsure(const struct kin *kin, int32_t *parent)
{
	for (size_t i = 0; i < kin->count; i++) {
		const struct kin_node *n = &kin->nodes[i];

		bool reported = n->reported || kin->held;

		if (n->parent == KIN_NONE || !reported || n->watched || n->apart || n->left_ns != KIN_FOREVER)
			continue;
		*parent = kin->nodes[n->parent].pid;
		return n->pid;
	}
	return 0;
}

void kin_apart(struct kin *kin, int32_t pid)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	if (i != KIN_NONE)
		kin->nodes[i].apart = true;
}

void kin_forker(struct kin *kin, int32_t pid, int32_t tid)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	if (i != KIN_NONE)
		kin->nodes[i].forker = tid;
}

void kin_runs(struct kin *kin, int32_t tid, uint64_t time_ns)
{
	for (size_t i = kin->count; i-- > 1;) {
		struct kin_node *n = &kin->nodes[i];

		if (n->forker == tid && !n->apart && n->born_ns < time_ns && time_ns < n->left_ns)
			n->apart = true;
	}
}

bool kin_is_reported(const struct kin *kin, int32_t pid)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	return i != KIN_NONE && kin->nodes[i].reported && !kin->nodes[i].blind_ns;
}

bool kin_is_heir(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, time_ns);

	return i != KIN_NONE && kin->nodes[i].parent != KIN_NONE &&
	       (!kin->nodes[i].rings_ns || time_ns < kin->nodes[i].rings_ns);
}

uint64_t kin_count_forks(const struct kin *kin)
{
	return kin->forks;
}

void kin_watch(struct kin *kin, int32_t pid)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	if (i != KIN_NONE)
		kin->nodes[i].watched = true;
}

static bool add_node(struct kin *kin, const struct kin_node *node)
{
	if (kin->count == KIN_NODES_MAX) {
		kin->too_many = true;
		return false;
	}
	mem_grow(kin->nodes, kin->cap, kin->count + 1);
	kin->nodes[kin->count++] = *node;
	return true;
}

void kin_found(struct kin *kin, int32_t pid)
{
	if (kin->count > KIN_NODES_MAX / 2 || kin_find(kin, pid, KIN_FOREVER - 1) != KIN_NONE)
		return; /* the others are for processes that fork from now on */
	add_node(kin, &(struct kin_node){ .pid = pid,
					  .parent = KIN_NONE,
					  .threads = KIN_NONE,
					  .left_ns = KIN_FOREVER,
					  .watched = true,
					  .strange = true });
	kin->nodes[0].strange = !kin->nodes[0].born_ns;
}

uint32_t kin_memory_of(const struct kin *kin, uint32_t node)
{
	while (kin->nodes[node].vfork)
		node = kin->nodes[node].parent;
	return node;
}

void kin_vfork(struct kin *kin, int32_t pid)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);
	struct kin_node *n = &kin->nodes[i];

	if (i == KIN_NONE || n->parent == KIN_NONE || n->vfork)
		return;
	n->vfork = n->watched = true;
	kin->vforks = true;
	kin_faults_move(&kin->faults, pid, kin->nodes[kin_memory_of(kin, i)].pid, n->born_ns);
}

static void set_gone(struct kin *kin, uint32_t node, uint64_t first, uint64_t end, uint32_t value)
{
	struct kin_node *n = &kin->nodes[node];

	if (!n->gone)
		n->gone = runs_create(0);
	runs_set(n->gone, first, end, value);
}

/* `mark`: KIN_GONE_REPLACED or 0. */
static void note_gone(struct kin *kin, int32_t pid, uint64_t first, uint64_t end, uint64_t seen_ns,
		      uint32_t mark)
{
	uint32_t i = kin_find(kin, pid, seen_ns);

	if (i == KIN_NONE || kin->count == 1 || first >= end)
		return;
	if (!kin->nodes[i].base_ns)
		kin->nodes[i].base_ns = seen_ns;
	uint64_t units = (seen_ns - kin->nodes[i].base_ns + KIN_GONE_NS - 1) / KIN_GONE_NS + 1;
	set_gone(kin, i, first, end, (uint32_t)min(units, (uint64_t)KIN_GONE_REPLACED - 1) | mark);
}

void kin_gone(struct kin *kin, int32_t pid, uint64_t first, uint64_t end, uint64_t seen_ns)
{
	uint32_t i = kin_find(kin, pid, seen_ns);

	if (i != KIN_NONE && kin->nodes[i].strange)
		return; /* there is no fork since which it is gone */
	note_gone(kin, pid, first, end, seen_ns, 0);
}

void kin_replaced(struct kin *kin, int32_t pid, uint64_t first, uint64_t end, uint64_t seen_ns)
{
	note_gone(kin, pid, first, end, seen_ns, KIN_GONE_REPLACED);
}

void kin_fork(struct kin *kin, int32_t pid, int32_t child, uint64_t time_ns)
{
	uint32_t parent = kin_find(kin, pid, time_ns);

	if (parent == KIN_NONE)
		return;
	kin->forks++;
	if (!add_node(kin, &(struct kin_node){ .pid = child,
					       .parent = parent,
					       .threads = 1,
					       .born_ns = time_ns,
					       .left_ns = KIN_FOREVER,
					       .reported = kin->heirs }))
		kin->nodes[parent].forked_ns = time_ns;
}

void kin_thread(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, time_ns);

	if (i != KIN_NONE && kin->nodes[i].threads != KIN_NONE)
		kin->nodes[i].threads++;
}

void kin_exit(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, time_ns);

	if (i == KIN_NONE || kin->nodes[i].threads == KIN_NONE) /* the first one's may not be known */
		return;
	if (--kin->nodes[i].threads == 0)
		kin->nodes[i].left_ns = time_ns;
}

/* Another program begins, which shares nothing. */
void kin_exec(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, time_ns);

	if (i == KIN_NONE)
		return;
	struct kin_node next = { .pid = pid,
				 .parent = KIN_NONE,
				 .threads = 1,
				 .born_ns = time_ns,
				 .left_ns = KIN_FOREVER,
				 .rings_ns = kin->nodes[i].rings_ns,
				 .watched = kin->nodes[i].watched };

	kin->nodes[i].left_ns = time_ns;
	if (kin->count > 1) {
		add_node(kin, &next);
		return;
	}
	node_fini(&kin->nodes[0]);
	kin->nodes[0] = next;
}

void kin_fault(struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns, bool sure)
{
	uint32_t node = kin_find(kin, pid, time_ns);

	if (kin->count == 1)
		kin->alone_ns = max(kin->alone_ns, time_ns);
	if (kin->count == 1 || node == KIN_NONE)
		return;
	const struct kin_fault fault = {
		.page = page,
		.time_ns = time_ns,
		.pid = kin->nodes[kin_memory_of(kin, node)].pid,
		.by = pid,
		.sure = sure,
	};
	if (kin_faults_add(&kin->faults, &fault))
		return;
	kin_blind(kin, time_ns);
	kin_faults_forget(&kin->faults);
	kin_faults_add(&kin->faults, &fault);
}

/* Is the node a parent? */
static bool is_parent(const struct kin *kin, uint32_t node)
{
	for (size_t i = node + 1; i < kin->count; i++)
		if (kin->nodes[i].parent == node)
			return true;
	return false;
}

static void remove_node(struct kin *kin, uint32_t node)
{
	struct kin_node *n = &kin->nodes[node];

	if (n->parent != KIN_NONE && !n->vfork && n->born_ns > kin->nodes[n->parent].forked_ns)
		kin->nodes[n->parent].forked_ns = n->born_ns;
	node_fini(n);
	memmove(n, n + 1, (kin->count - node - 1) * sizeof *n);
	kin->count--;
	for (size_t i = node; i < kin->count; i++)
		kin->nodes[i].parent -= kin->nodes[i].parent != KIN_NONE && kin->nodes[i].parent > node;
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool has_node(const void *context, int32_t pid, uint64_t time_ns)
{
	return kin_find(context, pid, time_ns) != KIN_NONE;
}

/* Drops faults that no question can be about: questions are about times when a process was born, or later
 * than now. */
static void thin_faults(struct kin *kin, uint64_t now_ns)
{
	uint64_t times[KIN_NODES_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < kin->count; i++)
		if (kin->nodes[i].born_ns < now_ns)
			times[count++] = kin->nodes[i].born_ns;
	qsort(times, count, sizeof *times, by_time);
	times[count++] = now_ns;
	kin->trimmed_ns = max(kin->trimmed_ns, now_ns);
	kin_faults_thin(&kin->faults, times, count, has_node, kin);
}

void kin_trim(struct kin *kin, uint64_t time_ns)
{
	for (uint32_t i = (uint32_t)kin->count; kin->count > 1 && i-- > 0;)
		if (kin->nodes[i].left_ns < time_ns && !is_parent(kin, i)) {
			kin->trimmed_ns = max(kin->trimmed_ns, kin->nodes[i].left_ns);
			remove_node(kin, i);
		}
	if (kin->count > 1) {
		if (kin_faults_many(&kin->faults))
			thin_faults(kin, time_ns);
		return;
	}
	kin_faults_forget(&kin->faults);
	kin->too_many = false;
}

bool kin_has(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	return kin_find(kin, pid, time_ns) != KIN_NONE;
}

bool kin_all_held(const struct kin *kin)
{
	return kin->held;
}

uint64_t kin_born(const struct kin *kin, int32_t pid)
{
	for (size_t i = kin->count; i--;)
		if (kin->nodes[i].pid == pid && kin->nodes[i].parent != KIN_NONE)
			return kin->nodes[i].born_ns;
	return 0;
}

int32_t kin_last_child(const struct kin *kin, int32_t pid)
{
	for (size_t i = kin->count; i--;) {
		const struct kin_node *n = &kin->nodes[i];

		if (n->parent != KIN_NONE && kin->nodes[n->parent].pid == pid)
			return n->left_ns == KIN_FOREVER ? n->pid : 0;
	}
	return 0;
}

bool kin_is_in_memory(const struct kin *kin, uint32_t other, uint32_t memory)
{
	return other == memory || (kin->vforks && kin_memory_of(kin, other) == memory);
}

uint64_t kin_forked(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t self = kin_find(kin, pid, time_ns);
	uint64_t last = 0;

	if (self == KIN_NONE)
		return 0;
	self = kin_memory_of(kin, self);
	if (kin->nodes[self].forked_ns < time_ns)
		last = kin->nodes[self].forked_ns;
	for (size_t i = self + 1; i < kin->count; i++) {
		const struct kin_node *n = &kin->nodes[i];

		if (n->parent != KIN_NONE && !n->vfork && n->born_ns < time_ns && n->born_ns > last &&
		    kin_is_in_memory(kin, n->parent, self))
			last = n->born_ns;
	}
	return last;
}
