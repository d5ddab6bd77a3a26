/* Each process is a node below its parent's:
 *
 *     4242                     faults of page X:  at 30
 *       +-- 4250  born 10      at 50
 *       |     +-- 4251  born 20
 *       +-- 4260  born 40
 *
 * Which frame does 4251 have at 60? It has none of its own, so it has the one that 4250 had at 20, which is
 * the one that 4242 had at 10. Who has this frame at 60? Not 4242 or 4260 (4242 wrote at 30), not 4250 (it
 * wrote at 50): only 4251.
 *
 * Faults are kept while there is more than one process. It is not known what an unwatched child has written,
 * discarded or unmapped, nor whether it has memory of its own (vfork), unless it was held at its birth and so
 * has not run. */
#include "kern/perf/kin.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "event/runs.h"
#include "kern/perf/kin_faults.h"

#define NODES_MAX 1024
#define MS UINT64_C(1000000)
#define NONE UINT32_MAX
#define FOREVER UINT64_MAX
#define REPLACED UINT32_MAX /* in node.gone: at an unknown time */

struct node {
	int32_t pid;
	uint32_t parent; /* NONE: of the first */
	uint32_t threads;
	uint64_t born_ns;
	uint64_t left_ns;   /* it ended, or became another program */
	uint64_t forked_ns; /* when it last forked, if its children were forgotten */
	uint64_t blind_ns;  /* not all that it did before that was seen; 0: it was */
	uint64_t deaf_ns;   /* nor were all its forks before that seen */
	uint64_t rings_ns;  /* since when it has rings of its own; 0: it has none */
	bool watched;       /* its faults come */
	bool reported;      /* ... even if it is not watched, since its birth */
	bool apart;         /* it is known to have memory of its own */
	int32_t forker;     /* the thread that forked it; 0: not known */
	bool vfork;         /* it runs in its parent's memory */
	struct runs *gone; /* by page: milliseconds since base_ns when it was found gone; 0: never; or NULL */
	uint64_t base_ns;
};

struct kin {
	struct node *nodes;
	size_t count, cap;
	struct kin_faults faults;
	bool too_many; /* there are more than have a node */
	bool held;     /* every process that is forked is held until it is announced */
	bool heirs;    /* the faults of each that is forked come from its birth */
	uint64_t forks;
};

struct kin *kin_create(int32_t pid)
{
	struct kin *kin = mem_zalloc(sizeof *kin);

	mem_grow(kin->nodes, kin->cap, 1);
	kin->nodes[kin->count++] =
	    (struct node){ .pid = pid, .parent = NONE, .threads = NONE, .left_ns = FOREVER, .watched = true };
	return kin;
}

void kin_is_held(struct kin *kin)
{
	kin->held = true;
	kin->nodes[0].threads = 1;
}

static void node_fini(struct node *n)
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

static uint32_t find(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	for (size_t i = kin->count; i--;) {
		const struct node *n = &kin->nodes[i];

		if (n->pid == pid && n->born_ns <= time_ns && time_ns < n->left_ns)
			return (uint32_t)i;
	}
	return NONE;
}

void kin_blind(struct kin *kin, uint64_t time_ns)
{
	for (size_t i = 0; i < kin->count; i++)
		if (kin->nodes[i].left_ns == FOREVER)
			kin->nodes[i].blind_ns = kin->nodes[i].deaf_ns = time_ns;
}

void kin_blind_one(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE)
		kin->nodes[i].blind_ns = max_u64(kin->nodes[i].blind_ns, time_ns);
}

void kin_blind_heirs(struct kin *kin, uint64_t time_ns)
{
	for (size_t i = 0; i < kin->count; i++) {
		struct node *n = &kin->nodes[i];

		if (n->parent != NONE && !n->rings_ns && n->left_ns == FOREVER)
			n->blind_ns = max_u64(n->blind_ns, time_ns);
	}
}

void kin_report_heirs(struct kin *kin)
{
	kin->heirs = true;
}

void kin_has_rings(struct kin *kin, int32_t pid, uint64_t since_ns)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE)
		kin->nodes[i].rings_ns = since_ns;
}

int32_t kin_find_unsure(const struct kin *kin, int32_t *parent)
{
	for (size_t i = 0; i < kin->count; i++) {
		const struct node *n = &kin->nodes[i];

		bool reported = n->reported || kin->held;

		if (n->parent == NONE || !reported || n->watched || n->apart || n->left_ns != FOREVER)
			continue;
		*parent = kin->nodes[n->parent].pid;
		return n->pid;
	}
	return 0;
}

void kin_apart(struct kin *kin, int32_t pid)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE)
		kin->nodes[i].apart = true;
}

void kin_forker(struct kin *kin, int32_t pid, int32_t tid)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE)
		kin->nodes[i].forker = tid;
}

void kin_runs(struct kin *kin, int32_t tid, uint64_t time_ns)
{
	for (size_t i = kin->count; i-- > 1;) {
		struct node *n = &kin->nodes[i];

		if (n->forker == tid && !n->apart && n->born_ns < time_ns && time_ns < n->left_ns)
			n->apart = true;
	}
}

bool kin_is_reported(const struct kin *kin, int32_t pid)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	return i != NONE && kin->nodes[i].reported && !kin->nodes[i].blind_ns;
}

bool kin_is_heir(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	return i != NONE && kin->nodes[i].parent != NONE &&
	       (!kin->nodes[i].rings_ns || time_ns < kin->nodes[i].rings_ns);
}

uint64_t kin_count_forks(const struct kin *kin)
{
	return kin->forks;
}

void kin_watch(struct kin *kin, int32_t pid)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE)
		kin->nodes[i].watched = true;
}

void kin_vfork(struct kin *kin, int32_t pid)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE && kin->nodes[i].parent != NONE)
		kin->nodes[i].vfork = kin->nodes[i].watched = true;
}

static void set_gone(struct kin *kin, uint32_t node, uint64_t first, uint64_t end, uint32_t value)
{
	struct node *n = &kin->nodes[node];

	if (!n->gone)
		n->gone = runs_create(0);
	runs_set(n->gone, first, end, value);
}

void kin_gone(struct kin *kin, int32_t pid, uint64_t first, uint64_t end, uint64_t seen_ns)
{
	uint32_t i = find(kin, pid, seen_ns);

	if (i == NONE || kin->count == 1 || first >= end)
		return;
	if (!kin->nodes[i].base_ns)
		kin->nodes[i].base_ns = seen_ns;
	set_gone(kin, i, first, end, (uint32_t)((seen_ns - kin->nodes[i].base_ns + MS - 1) / MS) + 1);
}

void kin_replaced(struct kin *kin, int32_t pid, uint64_t first, uint64_t end)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	if (i != NONE && kin->count > 1 && first < end)
		set_gone(kin, i, first, end, REPLACED);
}

static bool add_node(struct kin *kin, const struct node *node)
{
	if (kin->count == NODES_MAX) {
		kin->too_many = true;
		return false;
	}
	mem_grow(kin->nodes, kin->cap, kin->count + 1);
	kin->nodes[kin->count++] = *node;
	return true;
}

void kin_fork(struct kin *kin, int32_t pid, int32_t child, uint64_t time_ns)
{
	uint32_t parent = find(kin, pid, time_ns);

	if (parent == NONE)
		return;
	kin->forks++;
	if (!add_node(kin, &(struct node){ .pid = child,
					   .parent = parent,
					   .threads = 1,
					   .born_ns = time_ns,
					   .left_ns = FOREVER,
					   .reported = kin->heirs }))
		kin->nodes[parent].forked_ns = time_ns;
}

void kin_thread(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	if (i != NONE && kin->nodes[i].threads != NONE)
		kin->nodes[i].threads++;
}

void kin_exit(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	if (i == NONE || kin->nodes[i].threads == NONE) /* how many threads the first has may not be known */
		return;
	if (--kin->nodes[i].threads == 0)
		kin->nodes[i].left_ns = time_ns;
}

/* Another program begins, which has nothing in common with anybody. */
void kin_exec(struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);

	if (i == NONE)
		return;
	struct node next = { .pid = pid,
			     .parent = NONE,
			     .threads = 1,
			     .born_ns = time_ns,
			     .left_ns = FOREVER,
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
	uint32_t node = find(kin, pid, time_ns);

	if (kin->count == 1 || node == NONE)
		return;
	while (kin->nodes[node].vfork)
		node = kin->nodes[node].parent;
	pid = kin->nodes[node].pid;
	if (kin_faults_add(&kin->faults, pid, page, time_ns, sure))
		return;
	kin_blind(kin, time_ns);
	kin_faults_forget(&kin->faults);
	kin_faults_add(&kin->faults, pid, page, time_ns, sure);
}

/* Is it somebody's parent? */
static bool is_parent(const struct kin *kin, uint32_t node)
{
	for (size_t i = node + 1; i < kin->count; i++)
		if (kin->nodes[i].parent == node)
			return true;
	return false;
}

static void remove_node(struct kin *kin, uint32_t node)
{
	struct node *n = &kin->nodes[node];

	if (n->parent != NONE && n->born_ns > kin->nodes[n->parent].forked_ns)
		kin->nodes[n->parent].forked_ns = n->born_ns;
	node_fini(n);
	memmove(n, n + 1, (kin->count - node - 1) * sizeof *n);
	kin->count--;
	for (size_t i = node; i < kin->count; i++)
		kin->nodes[i].parent -= kin->nodes[i].parent != NONE && kin->nodes[i].parent > node;
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool has_node(const void *context, int32_t pid, uint64_t time_ns)
{
	return find(context, pid, time_ns) != NONE;
}

/* Whoever asks what a process had, asks about a time when one was born, or from now on. */
static void thin_faults(struct kin *kin, uint64_t now_ns)
{
	uint64_t times[NODES_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < kin->count; i++)
		if (kin->nodes[i].born_ns < now_ns)
			times[count++] = kin->nodes[i].born_ns;
	qsort(times, count, sizeof *times, by_time);
	times[count++] = now_ns;
	kin_faults_thin(&kin->faults, times, count, has_node, kin);
}

void kin_trim(struct kin *kin, uint64_t time_ns)
{
	for (uint32_t i = (uint32_t)kin->count; kin->count > 1 && i-- > 0;)
		if (kin->nodes[i].left_ns < time_ns && !is_parent(kin, i))
			remove_node(kin, i);
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
	return find(kin, pid, time_ns) != NONE;
}

bool kin_all_held(const struct kin *kin)
{
	return kin->held;
}

uint64_t kin_born(const struct kin *kin, int32_t pid)
{
	for (size_t i = kin->count; i--;)
		if (kin->nodes[i].pid == pid && kin->nodes[i].parent != NONE)
			return kin->nodes[i].born_ns;
	return 0;
}

int32_t kin_last_child(const struct kin *kin, int32_t pid)
{
	for (size_t i = kin->count; i--;) {
		const struct node *n = &kin->nodes[i];

		if (n->parent != NONE && kin->nodes[n->parent].pid == pid)
			return n->left_ns == FOREVER ? n->pid : 0;
	}
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
static const struct kin_fault *last_fault(const struct kin *kin, const struct node *n, uint64_t page,
					  uint64_t from_ns, uint64_t to_ns)
{
	return kin_faults_last(&kin->faults, n->pid, page, from_ns, to_ns);
}

bool kin_may_be_common(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, time_ns);
	uint64_t forked = kin_forked(kin, pid, time_ns);

	if (i == NONE || (!forked && kin->nodes[i].parent == NONE))
		return false;
	return !last_fault(kin, &kin->nodes[i], page, max_u64(forked, kin->nodes[i].born_ns), time_ns);
}

bool kin_may_have_faulted(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns)
{
	uint32_t i = find(kin, pid, FOREVER - 1);

	return i == NONE || kin->count == 1 || kin->nodes[i].blind_ns > time_ns ||
	       last_fault(kin, &kin->nodes[i], page, time_ns + 1, FOREVER);
}

/* A frame, given by who had it when: this node at that time, by a fault of its own or from the beginning. */
struct frame {
	uint64_t page;
	uint32_t owner;
	uint64_t since_ns;
	uint64_t
	    split_ns; /* since when the one that asks has it: it was forked by the owner then, or is the owner */
};

static enum kin_held worse(enum kin_held a, enum kin_held b)
{
	if (a == KIN_NOBODY || b == KIN_NOBODY)
		return KIN_NOBODY;
	return a == KIN_UNKNOWN || b == KIN_UNKNOWN ? KIN_UNKNOWN : KIN_HELD;
}

/* Was everything seen that the node did to its memory, apart from lost records? */
static bool is_seen(const struct kin *kin, const struct node *n)
{
	if (n->watched || ((n->reported || kin->held) && n->apart))
		return true;
	if (n->parent == NONE) /* the first of all, or an exec */
		return false;
	/* it has not run yet; but whether it has memory of its own shows only in that its parent's only
	 * thread runs meanwhile */
	return kin->held && kin->nodes[n->parent].threads == 1;
}

/* What the node has had since since_ns: had it lost that by time_ns? */
static enum kin_held by_gone(const struct node *n, uint64_t page, uint64_t since_ns, uint64_t time_ns)
{
	uint32_t ms = n->gone ? runs_at(n->gone, page).value : 0;
	uint64_t seen_ns = ms ? n->base_ns + (ms - 1) * MS : 0;

	if (ms == REPLACED)
		return KIN_UNKNOWN;
	if (!ms || seen_ns <= since_ns)
		return KIN_HELD;
	return time_ns >= seen_ns ? KIN_NOBODY : KIN_UNKNOWN;
}

/* Does the node have that frame just before a time, if it is there then? */
static enum kin_held has_frame(const struct kin *kin, uint32_t node, const struct frame *frame,
			       uint64_t time_ns)
{
	const struct node *n = &kin->nodes[node];
	enum kin_held held = KIN_HELD;

	for (;;) {
		bool owner = node == frame->owner;
		uint64_t since_ns = owner ? frame->since_ns : n->born_ns;
		const struct kin_fault *t = last_fault(kin, n, frame->page, since_ns + owner, time_ns);

		if (t)
			held = worse(held, t->sure ? KIN_NOBODY : KIN_UNKNOWN);
		held = worse(held, by_gone(n, frame->page, since_ns, time_ns));
		if (!is_seen(kin, n) ||
		    n->blind_ns > (owner ? min_u64(time_ns, frame->split_ns) : n->born_ns))
			held = worse(held, KIN_UNKNOWN);
		if (owner)
			return time_ns <= frame->since_ns ? KIN_NOBODY : held;
		if (n->parent == NONE)
			return KIN_NOBODY;
		time_ns = n->born_ns;
		node = n->parent;
		n = &kin->nodes[node];
	}
}

/* Is the write of a page that is there the node's first since it was forked? A page that it has written is its
 * own, and only a fork takes away the right to write it: so this holds whichever of its faults were lost. */
static bool writes_first(const struct kin *kin, uint32_t node, uint64_t time_ns)
{
	const struct node *n = &kin->nodes[node];

	return n->watched && n->deaf_ns <= n->born_ns && !kin_forked(kin, n->pid, time_ns);
}

/* The frame that the node has just before a time, when it writes it. False: that is not certain. */
static bool find_frame(const struct kin *kin, uint32_t node, uint64_t time_ns, struct frame *frame)
{
	bool first = writes_first(kin, node, time_ns);

	for (;; first = false) {
		const struct node *n = &kin->nodes[node];
		const struct kin_fault *t = last_fault(kin, n, frame->page, n->born_ns, time_ns);

		frame->owner = node;
		frame->since_ns = t ? t->time_ns : n->born_ns;
		frame->split_ns = time_ns;
		if (t || n->parent == NONE)
			return !t || t->sure;
		if (!is_seen(kin, n) || (n->blind_ns > n->born_ns && !first))
			return false;
		time_ns = n->born_ns;
		node = n->parent;
	}
}

enum kin_held kin_held(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns,
		       const struct kin_check *check)
{
	struct frame frame = { .page = page };
	uint32_t self = find(kin, pid, time_ns);
	enum kin_held result = kin->too_many ? KIN_UNKNOWN : KIN_NOBODY;

	while (self != NONE && kin->nodes[self].vfork)
		self = kin->nodes[self].parent;
	if (self == NONE || !find_frame(kin, self, time_ns, &frame))
		return KIN_UNKNOWN;
	for (uint32_t i = 0; i < kin->count; i++) {
		const struct node *n = &kin->nodes[i];

		if (i == self || n->vfork || n->born_ns >= time_ns || n->left_ns <= time_ns)
			continue;
		enum kin_held held = has_frame(kin, i, &frame, time_ns);
		if (held == KIN_HELD && check->has(check->context, n->pid, page))
			return KIN_HELD;
		if (held != KIN_NOBODY)
			result = KIN_UNKNOWN;
	}
	if (result == KIN_NOBODY && !frame.since_ns)
		return KIN_NOBODY_SEEN;
	return result;
}
