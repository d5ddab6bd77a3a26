/* Stacks of threads. glibc maps as much as the stack limit says, and removes all rights from the lowest page:
 *
 *     7f9e64cfd000-7f9e64cfe000 ---p    guard
 *     7f9e64cfe000-7f9e654fe000 rw-p    8 MiB
 *
 * A thread's stack pointer is proof; guard and size together are a good sign. */
#include "verdict/recognise.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/i18n.h"

#define GUARD_MAX (UINT64_C(64) << 10)
#define STACK_MOST (UINT64_C(64) << 20) /* with unlimited stacks, or if the program chose the size */

static bool has_guard(const struct recognition *r, size_t i)
{
	const struct region_attr *before = i > 0 ? &r->regions[i - 1]->attr : NULL;

	return before && region_is_barred(r->regions[i - 1]) && before->end == r->regions[i]->attr.start &&
	       before->end - before->start <= GUARD_MAX;
}

static bool holds_pointer(const struct recognition *r, const struct region_attr *a)
{
	size_t at;

	bisect(at, 0, r->stacks_count, r->stacks[at] < a->start);
	return at < r->stacks_count && r->stacks[at] < a->end;
}

static bool has_size(const struct recognition *r, size_t i)
{
	uint64_t size = r->regions[i]->attr.end - r->regions[i]->attr.start;
	uint64_t guard = r->regions[i - 1]->attr.end - r->regions[i - 1]->attr.start;

	return r->stack_limit && (size == r->stack_limit || size + guard == r->stack_limit);
}

void recognise_stacks(struct recognition *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct region_attr *a = &r->regions[i]->attr;
		bool guard = has_guard(r, i);

		if (!region_is_plain(r->regions[i]) || a->end - a->start > STACK_MOST)
			continue;
		if (holds_pointer(r, a))
			claim_region(r, i, OWNER_THREADS, OWNER_CERTAIN,
				     N_("a thread's stack pointer is in it"));
		else if (guard && has_size(r, i))
			claim_region(
			    r, i, OWNER_THREADS, OWNER_LIKELY,
			    N_("there is a guard page below it, and it is as large as the stack limit"));
		if (guard && r->claims[i].kind == OWNER_THREADS)
			claim_region(r, i - 1, OWNER_THREADS, r->claims[i].sure, r->claims[i].ground);
	}
}
