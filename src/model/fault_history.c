#include "model/fault_history.h"

/* A fault that has found the page there does not hide the one that brought it. */
static void note(struct fault_history *h, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
		 uint32_t stack)
{
	const struct story *last = stories_find(&h->stories, page);

	if (fault_can_bring(fault->cause))
		stories_forget(&h->brought, page, page + 1);
	else if (last && fault_can_bring(last->fault.cause))
		stories_note(&h->brought, page, last->time_ns, &last->fault, last->stack);
	stories_note(&h->stories, page, time_ns, fault, stack);
}

/* A fatal fault brought no page in. If there is no region, it does not belong to the story of a page that may
 * come there later. */
void fault_history_add(struct fault_history *h, uint64_t time_ns, const struct event_fault *fault,
		       uint32_t stack, uint64_t page, const struct region *region)
{
	struct fault_entry entry = {
		.time_ns = time_ns,
		.fault = *fault,
		.stack = stack,
		.region = fault_regions_number(&h->regions, region),
	};

	fault_log_add(&h->log, &entry);
	if (fault_is_fatal(fault->cause)) {
		if (entry.region)
			note(h, page, time_ns, fault, stack);
		return;
	}
	profile_add(&h->profile, fault, stack);
	for (uint64_t at = page < fault->before ? 0 : page - fault->before; at <= page + fault->after; at++)
		note(h, at, time_ns, fault, stack);
}

void fault_history_add_other(struct fault_history *h, uint64_t time_ns, const struct event_fault *fault,
			     uint32_t stack, uint64_t page)
{
	if (fault_is_fatal(fault->cause))
		return;
	for (uint64_t at = page < fault->before ? 0 : page - fault->before; at <= page + fault->after; at++)
		stories_note_other(&h->stories, at, time_ns, fault, stack);
}

void fault_history_story(struct fault_history *h, uint64_t page, uint64_t time_ns,
			 const struct event_fault *fault, uint32_t stack)
{
	note(h, page, time_ns, fault, stack);
}

void fault_history_forget(struct fault_history *h, uint64_t first, uint64_t end)
{
	stories_forget(&h->stories, first, end);
	stories_forget(&h->brought, first, end);
}

const struct story *fault_history_bringer(const struct fault_history *h, uint64_t page)
{
	const struct story *last = stories_find(&h->stories, page);

	return last && fault_can_bring(last->fault.cause) ? last : stories_find(&h->brought, page);
}

void fault_history_exec(struct fault_history *h)
{
	stories_fini(&h->stories);
	stories_fini(&h->brought);
	profile_fini(&h->profile);
	h->image = h->log.end;
}

void fault_history_begin(struct fault_history *h, uint64_t faults, uint64_t image)
{
	stories_clear(&h->stories);
	stories_clear(&h->brought);
	profile_fini(&h->profile);
	fault_log_number(&h->log, faults);
	h->image = image;
}

struct fault_history fault_history_copy(const struct fault_history *h)
{
	return (struct fault_history){
		.log = fault_log_copy(&h->log),
		.regions = fault_regions_copy(&h->regions),
		.stories = stories_copy(&h->stories),
		.brought = stories_copy(&h->brought),
		.profile = profile_copy(&h->profile),
		.image = h->image,
	};
}

void fault_history_fini(struct fault_history *h)
{
	fault_log_fini(&h->log);
	fault_regions_fini(&h->regions);
	stories_fini(&h->stories);
	stories_fini(&h->brought);
	profile_fini(&h->profile);
	h->image = 0;
}
