#include "live/fault_causes.h"

void fault_causes_init(struct fault_causes *c, struct watch *watch, struct reader *reader,
		       struct fault_intake *intake, struct code_names *names)
{
	*c = (struct fault_causes){ .watch = watch };
	kinship_init(&c->kinship, reader, intake);
	decoded_init(&c->decoded, names);
}

void fault_causes_fini(struct fault_causes *c)
{
	kinship_fini(&c->kinship);
	userfaults_fini(&c->userfaults);
	decoded_fini(&c->decoded);
}

void fault_causes_note(struct fault_causes *c, const struct event *e, const struct process *process)
{
	decoded_note(&c->decoded, e);
	stack_growth_note(&c->growth, e);
	userfaults_note(&c->userfaults, e);
	kinship_note(&c->kinship, e, process);
}

void fault_causes_noted(struct fault_causes *c, const struct event *e, const struct process *process)
{
	kinship_noted(&c->kinship, e, process);
}

/* Has the page had no fault since the process forked, or was forked itself? Then parent and child shared it
 * until now. */
static bool was_forked(const struct fault_causes *c, const struct process *process,
		       const struct fault_record *r, const struct story *story)
{
	if (!r->forked_ns)
		return process->parent && !process->course.execs && !story;
	return !story || story->time_ns < watch_time(c->watch, r->forked_ns);
}

static enum cause_others others_of(enum kin_held held, bool own)
{
	switch (held) {
	case KIN_HELD:
		return CAUSE_OTHERS_HOLD;
	case KIN_NOBODY:
		return CAUSE_OTHERS_GONE;
	case KIN_NOBODY_SEEN:
		return own ? CAUSE_OTHERS_GONE : CAUSE_OTHERS_UNKNOWN;
	case KIN_UNKNOWN:
		break;
	}
	return CAUSE_OTHERS_UNKNOWN;
}

/* Who else has the page of a process that has forked, or was forked, since the page last had a fault. */
static enum cause_others find_others(struct fault_causes *c, struct sink *sink, const struct process *process,
				     const struct fault_record *r, const struct story *story)
{
	uint64_t page = space_page(process->space, r->address);
	enum kin_held held = r->held ? r->held - 1 : KIN_UNKNOWN;
	if (held == KIN_UNKNOWN)
		held = kinship_held(&c->kinship, sink, r->pid, page, r->time_ns);
	/* what was touched since the watch began was nobody else's by then */
	return others_of(held, story != NULL);
}

static bool grew(struct fault_causes *c, const struct space *space, const struct region *region,
		 const struct fault_record *r, const struct touch *t)
{
	return region && region->attr.kind == REGION_STACK &&
	       stack_growth_by(&c->growth, space_address(space, t->page), watch_time(c->watch, r->time_ns));
}

struct cause fault_causes_infer(struct fault_causes *c, struct sink *sink, const struct process *process,
				const struct fault_record *r, const struct touch *t,
				const struct region_attr *gone)
{
	const struct region *region = space_find(process->space, r->address);
	const struct story *story =
	    stories_find(&process->faults.stories, space_page(process->space, r->address));
	struct cause_facts facts = {
		.region = region ? &region->attr : NULL,
		.grown = grew(c, process->space, region, r, t),
		.major = r->major,
		.address = r->address,
		.ip = r->ip,
		.was = t->was,
		.now = t->now,
		.between = t->between,
		.last = story ? cause_left(&story->fault) : page_unknown(PAGE_WHY_NOT_READ),
		.forked = was_forked(c, process, r, story),
		.whole = process->identity.launched || process->parent || process->course.execs,
		.has_access = r->has_code,
		.access = fault_code_access(r->code),
		.decoded = r->has_code ? FAULT_ACCESS_UNKNOWN : decoded_access(&c->decoded, process, r->ip),
		.present = r->has_code && r->code & FAULT_CODE_PRESENT,
	};
	facts.userfault = userfaults_at(&c->userfaults, r->address, &facts.userfault_unsure);
	if (region && userfaults_unsure(&c->userfaults, region->born_ns))
		facts.userfault_unsure = true;
	if (facts.forked && (!r->has_code || (facts.present && facts.access == FAULT_WRITE)))
		facts.others = find_others(c, sink, process, r, story);
	if (gone && gone->inode && !(gone->perms & REGION_WRITE)) { /* only its file's page can have come */
		facts.was = PAGE_RESERVED;
		facts.now = PAGE_FILE;
	}
	return cause_infer(&facts);
}
