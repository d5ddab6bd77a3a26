/* Each process is a node below its parent's:
 *
 *     4242                     faults of page X:  at 30
 *       +-- 4250  born 10      at 50
 *       |     +-- 4251  born 20
 *       +-- 4260  born 40
 *
 * Which frame does 4251 have at 60? It has none of its own, so it has the one that 4250 had at 20, which is
 * the one that 4242 had at 10. Which processes have this frame at 60? Not 4242 or 4260 (4242 wrote at 30),
 * not 4250 (it wrote at 50): only 4251.
 *
 * Faults are kept while there is more than one process. It is not known what an unwatched child has written,
 * discarded or unmapped, nor whether it has memory of its own (vfork), unless it was held at its birth and so
 * has not run. */
#include "base/minmax.h"
#include "kern/perf/kin.h"
#include "kern/perf/kin_nodes.h"

/* The last fault of the page in [from, to); NULL: none. */
static const struct kin_fault *last_fault(const struct kin *kin, const struct kin_node *n, uint64_t page,
					  uint64_t from_ns, uint64_t to_ns)
{
	return kin_faults_last(&kin->faults, n->pid, page, from_ns, to_ns);
}

bool kin_may_be_common(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, time_ns);
	uint64_t forked = kin_forked(kin, pid, time_ns);

	if (time_ns < kin->trimmed_ns)
		return true;
	if (i == KIN_NONE)
		return false;
	i = kin_memory_of(kin, i);
	if (!forked && kin->nodes[i].parent == KIN_NONE && !kin->nodes[i].strange)
		return false;
	return !last_fault(kin, &kin->nodes[i], page, max(forked, kin->nodes[i].born_ns), time_ns);
}

bool kin_may_have_faulted(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns)
{
	uint32_t i = kin_find(kin, pid, KIN_FOREVER - 1);

	return i == KIN_NONE || kin->count == 1 || kin->nodes[i].blind_ns > time_ns ||
	       time_ns < kin->trimmed_ns || kin->alone_ns > time_ns ||
	       last_fault(kin, &kin->nodes[kin_memory_of(kin, i)], page, time_ns + 1, KIN_FOREVER);
}

/* May the child run in that memory, it being unknown whether it has its own? */
static bool may_be_in_memory(const struct kin *kin, uint32_t node, uint32_t memory)
{
	const struct kin_node *n = &kin->nodes[node];

	return n->parent != KIN_NONE && !n->vfork && !n->apart && !n->watched &&
	       kin_is_in_memory(kin, n->parent, memory);
}

bool kin_has_mates(const struct kin *kin, int32_t pid, uint64_t time_ns)
{
	uint32_t self = kin_find(kin, pid, time_ns), memory = self == KIN_NONE ? 0 : kin_memory_of(kin, self);
	bool has = false;

	for (uint32_t i = memory; self != KIN_NONE && !has && i < kin->count; i++)
		has = i != self && kin->nodes[i].born_ns < time_ns &&
		      (kin_is_in_memory(kin, i, memory) || may_be_in_memory(kin, i, memory));
	return has;
}

uint64_t kin_touched_by_other(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns)
{
	uint32_t self = kin_find(kin, pid, time_ns);
	const struct kin_fault *last;
	uint64_t last_ns = 0;

	if (self == KIN_NONE)
		return 0;
	uint32_t memory = kin_memory_of(kin, self);
	last = kin_faults_last_by_other(&kin->faults, kin->nodes[memory].pid, pid, page,
					kin->nodes[memory].born_ns, time_ns);
	last_ns = last ? last->time_ns : 0;
	for (uint32_t i = memory + 1; i < kin->count; i++) {
		const struct kin_node *n = &kin->nodes[i];

		if (i == self || !may_be_in_memory(kin, i, memory))
			continue;
		last = last_fault(kin, n, page, n->born_ns, time_ns);
		last_ns = last ? max(last_ns, last->time_ns) : last_ns;
	}
	return last_ns;
}

/* A frame, identified by its holder: this node had it at that time, by a fault of its own or from the
 * beginning. */
struct held_frame {
	uint64_t page;
	uint32_t owner;
	uint64_t since_ns;
	/* since when the writing process has it: it was forked by the owner then, or is the owner */
	uint64_t split_ns;
};

static enum kin_held worse(enum kin_held a, enum kin_held b)
{
	if (a == KIN_NOBODY || b == KIN_NOBODY)
		return KIN_NOBODY;
	return a == KIN_UNKNOWN || b == KIN_UNKNOWN ? KIN_UNKNOWN : KIN_HELD;
}

/* Was everything seen that the node did to its memory, apart from lost records? */
static bool is_seen(const struct kin *kin, const struct kin_node *n)
{
	if (n->watched || ((n->reported || kin->held) && n->apart))
		return true;
	if (n->parent == KIN_NONE) /* the first of all, or an exec */
		return false;
	/* it has not run yet; but only the fact that its parent's only thread runs meanwhile shows that it
	 * has memory of its own */
	return kin->held && kin->nodes[n->parent].threads == 1;
}

/* What the node has had since since_ns: had it lost that by time_ns? */
static enum kin_held by_gone(const struct kin_node *n, uint64_t page, uint64_t since_ns, uint64_t time_ns)
{
	uint32_t gone = n->gone ? runs_at(n->gone, page).value : 0;
	uint32_t units = gone & ~KIN_GONE_REPLACED;
	uint64_t seen_ns = gone ? n->base_ns + (units - 1) * KIN_GONE_NS : 0;

	if (!gone || seen_ns <= since_ns)
		return KIN_HELD;
	return time_ns >= seen_ns && !(gone & KIN_GONE_REPLACED) ? KIN_NOBODY : KIN_UNKNOWN;
}

/* Does the node have that frame just before a time, if it is there then? */
static enum kin_held has_frame(const struct kin *kin, uint32_t node, const struct held_frame *frame,
			       uint64_t time_ns)
{
	const struct kin_node *n = &kin->nodes[node];
	enum kin_held held = KIN_HELD;

	for (;;) {
		bool owner = node == frame->owner;
		uint64_t since_ns = owner ? frame->since_ns : n->born_ns;
		const struct kin_fault *t = last_fault(kin, n, frame->page, since_ns + owner, time_ns);

		if (t)
			held = worse(held, t->sure ? KIN_NOBODY : KIN_UNKNOWN);
		held = worse(held, by_gone(n, frame->page, since_ns, time_ns));
		if (!is_seen(kin, n) || n->blind_ns > (owner ? min(time_ns, frame->split_ns) : n->born_ns))
			held = worse(held, KIN_UNKNOWN);
		if (owner)
			return time_ns <= frame->since_ns ? KIN_NOBODY : held;
		if (n->parent == KIN_NONE)
			return KIN_NOBODY;
		time_ns = n->born_ns;
		node = kin_memory_of(kin, n->parent);
		n = &kin->nodes[node];
	}
}

/* Is the write of a page that is there the node's first since it was forked? A page that it has written is its
 * own, and only a fork takes away the right to write it: so this holds whichever of its faults were lost. */
static bool writes_first(const struct kin *kin, uint32_t node, uint64_t time_ns)
{
	const struct kin_node *n = &kin->nodes[node];

	return n->watched && n->deaf_ns <= n->born_ns && !kin_forked(kin, n->pid, time_ns);
}

/* The frame that the node has just before a time, when it writes it. False: that is not certain. */
static bool find_frame(const struct kin *kin, uint32_t node, uint64_t time_ns, struct held_frame *frame)
{
	bool first = writes_first(kin, node, time_ns);

	for (;; first = false) {
		const struct kin_node *n = &kin->nodes[node];
		const struct kin_fault *t = last_fault(kin, n, frame->page, n->born_ns, time_ns);

		frame->owner = node;
		frame->since_ns = t ? t->time_ns : n->born_ns;
		frame->split_ns = time_ns;
		if (t || n->parent == KIN_NONE)
			return !t || t->sure;
		if (!is_seen(kin, n) || (n->blind_ns > n->born_ns && !first))
			return false;
		time_ns = n->born_ns;
		node = kin_memory_of(kin, n->parent);
	}
}

/* Does the node's memory exist at that time? Others may run in it when the node itself has left. */
static bool memory_lives(const struct kin *kin, uint32_t node, uint64_t time_ns)
{
	bool lives = time_ns < kin->nodes[node].left_ns;

	for (uint32_t i = node + 1; !lives && kin->vforks && i < kin->count; i++)
		lives = kin->nodes[i].born_ns < time_ns && time_ns < kin->nodes[i].left_ns &&
			kin_memory_of(kin, i) == node;
	return lives;
}

enum kin_held kin_held(const struct kin *kin, int32_t pid, uint64_t page, uint64_t time_ns,
		       const struct kin_check *check)
{
	struct held_frame frame = { .page = page };
	uint32_t self = kin_find(kin, pid, time_ns);
	enum kin_held result = kin->too_many ? KIN_UNKNOWN : KIN_NOBODY;

	if (self != KIN_NONE)
		self = kin_memory_of(kin, self);
	if (self == KIN_NONE || time_ns < kin->trimmed_ns || !find_frame(kin, self, time_ns, &frame))
		return KIN_UNKNOWN;
	for (uint32_t i = 0; i < kin->count; i++) {
		const struct kin_node *n = &kin->nodes[i];

		if (i == self || n->vfork || n->born_ns >= time_ns || !memory_lives(kin, i, time_ns))
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
