#include "live/fault_causes.h"

#include "kern/frames.h"

void fault_causes_init(struct fault_causes *c, struct watch *watch, struct reader *reader,
		       struct fault_intake *intake, struct code_names *names)
{
	*c = (struct fault_causes){ .watch = watch, .reader = reader };
	kinship_init(&c->kinship, watch, reader, intake);
	decoded_init(&c->decoded, names);
}

void fault_causes_fini(struct fault_causes *c)
{
	kinship_fini(&c->kinship);
	userfaults_fini(&c->userfaults);
	decoded_fini(&c->decoded);
}

void fault_causes_know_alone(struct fault_causes *c)
{
	kinship_know_alone(&c->kinship);
}

void fault_causes_join(struct fault_causes *c, struct fault_causes *elder)
{
	kinship_join(&c->kinship, &elder->kinship);
}

void fault_causes_relieve(struct fault_causes *c, struct sink *sink)
{
	kinship_relieve(&c->kinship, sink);
}

void fault_causes_prepare(struct fault_causes *c, struct sink *sink, const struct process *process,
			  struct fault_batch *batch, bool readable, bool ended)
{
	if (readable && !ended)
		kinship_note_forks(&c->kinship, sink, process);
	if (!ended)
		decoded_peek(&c->decoded, c->reader, process, batch);
	kinship_ask(&c->kinship, sink, batch);
}

void fault_causes_read(struct fault_causes *c, const struct fault_pages *pages,
		       const struct fault_batch *batch, const struct space *space)
{
	userfaults_read(&c->userfaults, c->reader, watch_now(c->watch),
			fault_pages_read_to_own(pages, batch, space));
}

void fault_causes_note(struct fault_causes *c, const struct event *e, const struct process *process)
{
	if (e->type == EVENT_PROCESS && e->process.exec)
		c->unseen_zero = false;
	decoded_note(&c->decoded, e);
	stack_growth_note(&c->growth, e);
	if (process)
		growing_note(&c->growing, e, process->space);
	userfaults_note(&c->userfaults, e);
	kinship_note(&c->kinship, e, process);
}

void fault_causes_noted(struct fault_causes *c, const struct event *e, const struct process *process)
{
	kinship_noted(&c->kinship, e, process);
	if (e->type == EVENT_TICK && process)
		userfaults_look(&c->userfaults, c->reader, watch_now(c->watch));
}

/* Who else held the page, as far as that was found when the record was taken. */
static enum kin_held held_when_drained(const struct fault_record *r)
{
	return r->held ? (enum kin_held)(r->held - 1) : KIN_UNKNOWN;
}

/* Has the page had no fault since the process forked, or was forked itself? Then parent and child shared it
 * until now. What was mapped since is its own. */
static bool was_forked(const struct fault_causes *c, const struct process *process,
		       const struct fault_record *r, const struct story *story, uint64_t fresh_ns)
{
	uint64_t forked_ns = kinship_forked(&c->kinship, r);
	enum kin_held held = held_when_drained(r);

	/* the frames show it, though the fork was not seen */
	if (!forked_ns && (held == KIN_HELD || held == KIN_NOBODY))
		return true;
	if (fresh_ns > forked_ns)
		return false;
	if (!forked_ns)
		return process->parent && !process->course.execs && !story;
	return !story || story->time_ns < watch_time(c->watch, forked_ns);
}

/* Another process that runs in the same memory can have touched the page since the last look: then the state
 * after that touch counts, if it was already reported. */
static void find_touched_by_other(struct fault_causes *c, struct sink *sink, const struct process *process,
				  const struct fault_record *r, const struct story *story,
				  struct cause_facts *f)
{
	uint64_t page = space_page(process->space, r->address);
	uint64_t other_ns = kinship_touched_by_other(&c->kinship, sink, r->pid, page, r->time_ns);
	uint64_t time_ns = other_ns ? watch_time(c->watch, other_ns) : 0;
	bool unsent = other_ns && (!story || story->time_ns < time_ns - time_ns % FAULT_TIME_NS);

	if (unsent)
		f->last = page_unknown(PAGE_WHY_NOT_READ);
	if (unsent || (story && story->other && page_state(f->was) != page_state(f->last)))
		f->was = page_unknown(PAGE_WHY_NOT_READ);
	if (unsent)
		f->others = CAUSE_OTHERS_UNKNOWN;
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

/* Who else holds the page of a process that has forked, or was forked, since the page's last fault. */
static enum cause_others find_others(struct fault_causes *c, struct sink *sink, const struct process *process,
				     const struct fault_record *r, const struct story *story)
{
	uint64_t page = space_page(process->space, r->address);
	enum kin_held held = held_when_drained(r);
	if (held == KIN_UNKNOWN)
		held = kinship_held(&c->kinship, sink, r->pid, page, r->time_ns);
	/* memory that was touched since the watch began was not shared at that time */
	return others_of(held, story != NULL);
}

/* Did the region grow down to the page? */
static void find_grown(struct fault_causes *c, const struct space *space, const struct region *region,
		       const struct fault_record *r, const struct fault_memory *memory, struct cause_facts *f)
{
	uint64_t start = space_address(space, memory->touch->page);
	bool grown = false, unsure = false;

	if (region && region->attr.kind == REGION_STACK)
		grown = stack_growth_by(&c->growth, start, watch_time(c->watch, r->time_ns));
	else if (region && memory->growth == REMAP_GROWN_GONE)
		unsure = true;
	else if (region && memory->growth == REMAP_GROWN_MAYBE)
		grown = growing_ask(&c->growing, c->reader, region->attr.end, &unsure);
	else
		grown = region && memory->growth == REMAP_GROWN;
	f->grown = grown ? CAUSE_GROWN : unsure ? CAUSE_GROWN_UNSURE : CAUSE_GROWN_NOT;
}

static const struct region_attr private_memory = {
	.end = UINT64_MAX, .perms = REGION_READ | REGION_WRITE, .kind = REGION_ANON, .path = ""
};

/* The page came by mremap, perhaps with contents. If the processor did not report whether it was present, it
 * was absent if it was read, and also if it was written and the moved memory cannot have had a page that
 * faults on a write: one shared since a fork, the zero page, or one in the swap cache. */
static void find_moved(const struct fault_causes *c, const struct fault_record *r,
		       const struct fault_memory *memory, struct cause_facts *f)
{
	enum fault_access access = f->reported.known ? f->reported.access : f->decoded;
	bool private = memory->moved == FAULT_MOVED_PRIVATE ||
		       (memory->moved == FAULT_MOVED_WRITABLE && access == FAULT_WRITE);

	f->others = CAUSE_OTHERS_UNKNOWN;
	if (!f->region && private) {
		f->region = &private_memory;
		f->userfault.unsure = userfaults_possible(&c->userfaults);
	}
	bool absent = !r->swaps && (access == FAULT_READ || (access == FAULT_WRITE && !f->forked &&
							     !memory->zero && !c->unseen_zero));
	f->moved = absent ? CAUSE_MOVED_ABSENT : CAUSE_MOVED;
}

/* A handler takes two context switches: 10 us and more in a virtual machine, where a page of zeroes takes 2
 * to 5. How long the fault took is known only with the processor's error code. */
#define HANDLER_MIN_NS 3000    /* shorter: no handler was asked */
#define HANDLER_LIKELY_NS 5000 /* longer: a handler may have been asked, whatever the looks showed */

static void find_userfault(struct fault_causes *c, const struct fault_record *r, bool gone,
			   struct cause_facts *f)
{
	struct userfaults *u = &c->userfaults;
	uint64_t took_ns = r->time_ns - r->after_ns;

	f->userfault.modes = userfaults_at(u, r->address, watch_time(c->watch, r->time_ns), f->region, gone,
					   &f->userfault.unsure);
	if (r->has_code && took_ns < HANDLER_MIN_NS)
		f->userfault.modes = f->userfault.unsure = 0;
	else if (r->has_code && took_ns > HANDLER_LIKELY_NS && userfaults_possible(u) && !f->userfault.modes)
		f->userfault.unsure = true;
}

struct cause fault_causes_infer(struct fault_causes *c, struct sink *sink, const struct process *process,
				const struct fault_record *r, const struct fault_memory *memory)
{
	const struct touch *t = memory->touch;
	const struct region_attr *gone = memory->gone;
	const struct region *region = space_find(process->space, r->address);
	const struct story *story =
	    stories_find(&process->faults.stories, space_page(process->space, r->address));
	struct cause_facts facts = {
		.region = region ? &region->attr : NULL,
		.major = r->major,
		.address = r->address,
		.ip = r->ip,
		.was = t->was,
		.now = t->now,
		.between = t->between,
		.replaced = t->replaced,
		.last = story ? cause_left(&story->fault) : page_unknown(PAGE_WHY_NOT_READ),
		.forked = was_forked(c, process, r, story, memory->fresh_ns),
		.along = t->along,
		.machine.no_zero_page = !frames_have_zero_page(),
		.discards = kinship_discards(&c->kinship),
		.machine.swaps = r->swaps,
		.whole = process->identity.launched || process->parent || process->course.execs,
		.reported.known = r->has_code,
		.reported.access = fault_code_access(r->code),
		.decoded = r->has_code ? FAULT_ACCESS_UNKNOWN
				       : decoded_access(&c->decoded, process, r, memory->sampled),
		.reported.present = r->has_code && r->code & FAULT_CODE_PRESENT,
	};
	find_grown(c, process->space, region, r, memory, &facts);
	find_userfault(c, r, gone != NULL, &facts);
	if (memory->moved)
		find_moved(c, r, memory, &facts);
	else if (facts.forked &&
		 (!r->has_code || (facts.reported.present && facts.reported.access == FAULT_WRITE)))
		facts.others = memory->mapped && !r->has_code
				   ? CAUSE_OTHERS_UNKNOWN /* it may be new memory */
				   : find_others(c, sink, process, r, story);
	find_touched_by_other(c, sink, process, r, story, &facts);
	if (gone && region_has_file(gone) && gone->kind != REGION_SHM &&
	    !(gone->perms & REGION_WRITE)) { /* the page can only be the file's */
		facts.was = page_unasked();
		facts.now = PAGE_FILE;
	}
	struct cause cause = cause_infer(&facts);
	if ((gone || memory->moved) && cause.access != FAULT_WRITE &&
	    (!facts.region || (!region_has_file(facts.region) && !(facts.region->perms & REGION_MAY_SHARE))))
		c->unseen_zero = true;
	return cause;
}
