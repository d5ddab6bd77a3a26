/* Each process is a node, that stands behind its parent's:
 *
 *     4242                     faults of page X:  at 30
 *       +-- 4250  born 10      at 50
 *       |     +-- 4251  born 20
 *       +-- 4260  born 40
 *
 * Whose frame has 4251 at 60? Its own it has none, so 4250's of the time 20, so 4242's of 10. Who has
 * that at 60? Not 4242 and not 4260 (4242 wrote at 30), not 4250 (wrote at 50): nobody but 4251.
 *
 * Faults are kept while there is more than one. Whose faults are not passed to kin_fault, who unmaps or
 * discards a page, and who was forked to share the memory (vfork), counts as holding it. */
#include "kern/perf/kin.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NODES_MAX 1024
#define FAULTS_KEPT (1u << 17)
#define BUCKETS (1u << 12)
#define NONE UINT32_MAX
#define FOREVER UINT64_MAX

struct node {
	int32_t pid;
	uint32_t parent; /* NONE: of the first */
	uint32_t threads;
	uint64_t born_ns;
	uint64_t left_ns;   /* it ended, or became another program */
	uint64_t forked_ns; /* the last time, of those whose children were forgotten */
	bool blind;         /* what has become of it was not seen */
};

struct touched {
	uint64_t page, time_ns;
	int32_t pid;
	uint32_t next; /* in the bucket: the one before */
	bool sure;
};

struct kin {
	struct node *nodes;
	size_t count, cap;
	struct touched *faults;
	size_t fault_count, fault_cap;
	uint32_t buckets[BUCKETS]; /* the latest fault of each */
	bool too_many;             /* there are more than have a node */
};

struct kin *kin_create(int32_t pid)
{
	struct kin *kin = mem_zalloc(sizeof *kin);

	mem_grow(kin->nodes, kin->cap, 1);
	kin->nodes[kin->count++] =
	    (struct node){ .pid = pid, .parent = NONE, .threads = NONE, .left_ns = FOREVER };
	memset(kin->buckets, 0xff, sizeof kin->buckets);
	return kin;
}

void kin_destroy(struct kin *kin)
{
	if (!kin)
		return;
	free(kin->nodes);
	free(kin->faults);
	free(kin);
}

static uint32_t find(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	for (size_t i = kin->count; i--;) {
		const struct node *n = &kin->nodes[i];

		if (n->pid == pid && n->born_ns <= time_ns && time_ns < n->left_ns)
			return (uint32_t)i;
	}
	return NONE;
}

static void forget_faults(struct kin *kin)
{
	if (kin->fault_count)
		memset(kin->buckets, 0xff, sizeof kin->buckets);
	kin->fault_count = 0;
}

void kin_blind(struct kin *kin)
{
	for (size_t i = 0; i < kin->count; i++)
		kin->nodes[i].blind |= kin->nodes[i].left_ns == FOREVER && kin->count > 1;
}

void kin_fork(struct kin *kin, int32_t pid, int32_t child, uint64_t time_ns)
{
	uint32_t parent = find(kin, pid, time_ns);

	if (parent == NONE)
		return;
	if (kin->count == NODES_MAX) {
		kin->too_many = true;
		kin->nodes[parent].forked_ns = time_ns;
		return;
	}
	mem_grow(kin->nodes, kin->cap, kin->count + 1);
	kin->nodes[kin->count++] = (struct node){ .pid = child,
						  .parent = parent,
						  .threads = 1,
						  .born_ns = time_ns,
						  .left_ns = FOREVER,
						  .blind = kin->nodes[parent].blind };
}

void kin_thread(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	if (i != NONE && i > 0)
		kin->nodes[i].threads++;
}

void kin_exit(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	if (i == NONE || i == 0) /* how many threads the first has is not known */
		return;
	if (--kin->nodes[i].threads == 0)
		kin->nodes[i].left_ns = time_ns;
}

void kin_exec(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	if (i == NONE)
		return;
	kin->nodes[i].left_ns = time_ns;
	if (i > 0)
		return;
	forget_faults(kin);
	kin->too_many = false;
	kin->count = 1;
	kin->nodes[0] = (struct node){
		.pid = pid, .parent = NONE, .threads = NONE, .born_ns = time_ns, .left_ns = FOREVER
	};
}

static uint32_t *bucket(const struct kin *kin, int32_t pid, uint64_t page)
{
	uint64_t hash = (page + (uint64_t)(uint32_t)pid * 0x9e3779b9) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t *)&kin->buckets[hash >> 52];
}

void kin_fault(struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns, bool sure)
{
	uint32_t *head = bucket(kin, pid, page);

	if (kin->count == 1 || find(kin, pid, time_ns) == NONE)
		return;
	if (kin->fault_count == FAULTS_KEPT) {
		kin_blind(kin);
		forget_faults(kin);
	}
	mem_grow(kin->faults, kin->fault_cap, kin->fault_count + 1);
	kin->faults[kin->fault_count] = (struct touched){ page, time_ns, pid, *head, sure };
	*head = (uint32_t)kin->fault_count++;
}

/* Has somebody a parent in it? */
static bool is_parent(const struct kin *kin, uint32_t node)
{
	for (size_t i = node + 1; i < kin->count; i++)
		if (kin->nodes[i].parent == node)
			return true;
	return false;
}

static void remove_node(struct kin *kin, uint32_t node)
{
	struct node *n = &kin->nodes[node], *parent = &kin->nodes[n->parent];

	if (n->born_ns > parent->forked_ns)
		parent->forked_ns = n->born_ns;
	memmove(n, n + 1, (kin->count - node - 1) * sizeof *n);
	kin->count--;
	for (size_t i = node; i < kin->count; i++)
		kin->nodes[i].parent -= kin->nodes[i].parent > node;
}

void kin_trim(struct kin *kin, uint64_t time_ns)
{
	for (uint32_t i = (uint32_t)kin->count; i-- > 1;)
		if (kin->nodes[i].left_ns < time_ns && !is_parent(kin, i))
			remove_node(kin, i);
	if (kin->count > 1)
		return;
	forget_faults(kin);
	kin->nodes[0].blind = false;
}

bool kin_has(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	return find(kin, pid, time_ns) != NONE;
}

uint64_t kin_born(const struct kin *kin, int32_t pid)
{
	for (size_t i = kin->count; i--;)
		if (kin->nodes[i].pid == pid && i > 0)
			return kin->nodes[i].born_ns;
	return 0;
}

uint64_t kin_forked(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t parent = find(kin, pid, time_ns);
	uint64_t last = 0;

	if (parent == NONE)
		return 0;
	if (kin->nodes[parent].forked_ns < time_ns)
		last = kin->nodes[parent].forked_ns;
	for (size_t i = parent + 1; i < kin->count; i++) {
		const struct node *n = &kin->nodes[i];

		if (n->parent == parent && n->born_ns < time_ns && n->born_ns > last)
			last = n->born_ns;
	}
	return last;
}

/* The last fault of the page in [from, to); NULL: none. */
static const struct touched *last_fault(const struct kin *kin, const struct node *n, uint64_t page,
					uint64_t from_ns, uint64_t to_ns)
{
	const struct touched *last = NULL;

	for (uint32_t i = *bucket(kin, n->pid, page); i != NONE; i = kin->faults[i].next) {
		const struct touched *t = &kin->faults[i];

		if (t->pid == n->pid && t->page == page && t->time_ns >= from_ns && t->time_ns < to_ns &&
		    (!last || t->time_ns > last->time_ns))
			last = t;
	}
	return last;
}

/* A frame: it was this node's at that time, by a fault of its own or from the beginning. */
struct frame {
	uint64_t page;
	uint32_t owner;
	uint64_t since_ns;
};

static enum kin_held worse(enum kin_held a, enum kin_held b)
{
	if (a == KIN_NOBODY || b == KIN_NOBODY)
		return KIN_NOBODY;
	return a == KIN_UNKNOWN || b == KIN_UNKNOWN ? KIN_UNKNOWN : KIN_HELD;
}

/* Has the node that frame just before a time, if it is there then? */
static enum kin_held has_frame(const struct kin *kin, uint32_t node, const struct frame *frame,
			       uint64_t time_ns)
{
	const struct node *n = &kin->nodes[node];
	enum kin_held held = KIN_HELD;

	for (;;) {
		bool owner = node == frame->owner;
		const struct touched *t =
		    last_fault(kin, n, frame->page, owner ? frame->since_ns + 1 : n->born_ns, time_ns);

		if (t)
			held = worse(held, t->sure ? KIN_NOBODY : KIN_UNKNOWN);
		if (owner)
			return time_ns <= frame->since_ns ? KIN_NOBODY : held;
		if (n->parent == NONE)
			return KIN_NOBODY;
		time_ns = n->born_ns;
		node = n->parent;
		n = &kin->nodes[node];
	}
}

/* Whose frame the node has just before a time. False: that is not sure. */
static bool find_frame(const struct kin *kin, uint32_t node, uint64_t time_ns, struct frame *frame)
{
	for (;;) {
		const struct node *n = &kin->nodes[node];
		const struct touched *t = last_fault(kin, n, frame->page, n->born_ns, time_ns);

		frame->owner = node;
		frame->since_ns = t ? t->time_ns : n->born_ns;
		if (t || n->parent == NONE)
			return !t || t->sure;
		time_ns = n->born_ns;
		node = n->parent;
	}
}

enum kin_held kin_held(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns)
{
	struct frame frame = { .page = page };
	uint32_t self = find(kin, pid, time_ns);
	enum kin_held result = kin->too_many ? KIN_UNKNOWN : KIN_NOBODY;

	if (self == NONE || !find_frame(kin, self, time_ns, &frame))
		return KIN_UNKNOWN;
	for (uint32_t i = 0; i < kin->count; i++) {
		const struct node *n = &kin->nodes[i];

		if (i == self || n->born_ns >= time_ns || n->left_ns <= time_ns)
			continue;
		enum kin_held held = has_frame(kin, i, &frame, time_ns);
		if (held == KIN_HELD && !n->blind)
			return KIN_HELD;
		if (held != KIN_NOBODY)
			result = KIN_UNKNOWN;
	}
	if (result == KIN_NOBODY && !frame.since_ns)
		return KIN_NOBODY_SEEN;
	return result;
}
