#include "compare/parted.h"

#include "base/minmax.h"

#define PAGES 4096 /* compared at a time */

static bool compare(struct parted *p, struct source *source, const struct process *child,
		    const struct process *parent, struct run run)
{
	uint8_t answers[PAGES];

	for (uint64_t at = run.first; at < run.end; at += PAGES) {
		size_t n = (size_t)min(run.end - at, PAGES);

		if (source->ops->compare(source, child->pid, parent->pid, at, n, answers, NULL) != 0)
			return false;
		for (size_t i = 0; i < n; i++) {
			p->same += answers[i] == PAGE_COMMON_SAME;
			p->maybe += answers[i] == PAGE_COMMON_MAYBE;
			p->own += answers[i] == PAGE_COMMON_OWN;
		}
	}
	return true;
}

struct parted parted_take(struct source *source, const struct process *child, const struct process *parent)
{
	struct parted p = { .known = process_alive(child) && process_alive(parent) };

	for (size_t i = 0; p.known && i < child->space->count; i++) {
		const struct region *r = child->space->regions[i];
		struct runs_iter iter = runs_iter(child->space->pages, region_first(child->space, r),
						  region_end(child->space, r));
		struct run run;

		while (p.known && !(r->attr.perms & REGION_MAY_SHARE) && runs_next(&iter, &run))
			if (page_state_own(page_state(run.value)))
				p.known = compare(&p, source, child, parent, run);
	}
	return p;
}
