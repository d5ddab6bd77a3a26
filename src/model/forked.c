/* Each page that was shared has a state:
 *
 *     COMMON --- the parent gets a copy ---> PARENT_COPIED --- the child gets one, too ---> COPIED
 *       |                                                                                   ^
 *       +------- the child gets a copy -----------------------------------------------------+
 *       +------- discarded or unmapped ---> GAVE_UP, PARENT_GAVE_UP
 *       +------- may have been copied ---> DOUBTED ---> what turns out to be so
 *
 * If there are other children, the parent may still share its frame with them, so that both the parent and
 * the child get copies of one page: that is one page that is no longer shared, and two copies. */
#include "model/forked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

void forked_begin(struct forked *f, const struct event_process *e)
{
	forked_fini(f);
	f->stage = FORKED_AWAITED;
	f->whole = e->unrun;
	f->vfork = e->vfork;
	f->forked_ns = e->forked_ns;
}

static bool is_own(uint32_t word)
{
	return page_state_own(page_state(word));
}

bool forked_may_stay(uint32_t word)
{
	return is_own(word) || page_state(word) == PAGE_UNKNOWN;
}

static enum forked_page page_of(const struct forked *f, uint64_t page)
{
	return f->pages ? (enum forked_page)runs_at(f->pages, page).value : FORKED_NOT;
}

static struct forked_copier *find_copier(struct forked *f, uint64_t ip, bool parent)
{
	for (size_t i = 0; i < f->copier_count; i++)
		if (f->copiers[i].ip == ip && f->copiers[i].parent == parent && !f->copiers[i].function)
			return &f->copiers[i];
	return NULL;
}

static void add_copy(struct forked *f, uint64_t ip, bool parent)
{
	struct forked_copier *copier = find_copier(f, ip, parent);

	if (parent)
		f->figures.by_parent++;
	else
		f->figures.by_child++;
	if (!copier && f->copier_count == FORKED_COPIERS_MAX) {
		f->rest++;
		return;
	}
	if (!copier) {
		mem_grow(f->copiers, f->copier_cap, f->copier_count + 1);
		copier = &f->copiers[f->copier_count++];
		*copier = (struct forked_copier){ .ip = ip, .parent = parent };
	}
	copier->pages++;
}

static void doubt(struct forked *f, uint64_t first, uint64_t end)
{
	f->figures.unknown += end - first;
	runs_set(f->pages, first, end, FORKED_DOUBTED);
}

/* One of the two got a copy of the page. */
static void take_copy(struct forked *f, uint64_t page, uint64_t ip, bool parent)
{
	enum forked_page before = page_of(f, page);
	bool gave_up = before == (parent ? FORKED_PARENT_GAVE_UP : FORKED_GAVE_UP);

	if (before == (parent ? FORKED_GAVE_UP : FORKED_PARENT_GAVE_UP)) {
		/* an earlier copy, or the frame was shared with yet another process */
		f->figures.given_up--;
		doubt(f, page, page + 1);
		return;
	}
	if (before == FORKED_NOT || before == FORKED_COPIED || (before == FORKED_PARENT_COPIED && parent))
		return;
	f->figures.unknown -= before == FORKED_DOUBTED;
	f->figures.given_up -= gave_up;
	f->figures.copied += before != FORKED_PARENT_COPIED;
	runs_set(f->pages, page, page + 1, parent ? FORKED_PARENT_COPIED : FORKED_COPIED);
	add_copy(f, ip, parent);
}

/* May it have copied the page, though its cause is not known? */
static bool may_copy(const struct event_fault *e)
{
	return e->cause == FAULT_CAUSE_UNKNOWN && (e->access == FAULT_WRITE || !e->access) &&
	       e->why != FAULT_WHY_REGION;
}

void forked_fault(struct forked *f, const struct event_fault *e, uint64_t page, bool of_parent)
{
	if (f->stage != FORKED_COUNTED)
		return;
	if (e->cause == FAULT_COW_FORK) {
		take_copy(f, page, e->ip, of_parent);
	} else if (page_of(f, page) == FORKED_COMMON && may_copy(e)) {
		doubt(f, page, page + 1);
	}
}

void forked_doubt(struct forked *f, const struct run *tile)
{
	struct run run;

	if (f->stage != FORKED_COUNTED || !f->pages || !is_own(tile->value) ||
	    !(tile->value & PAGE_EXCLUSIVE))
		return;
	for (uint64_t at = tile->first; at < tile->end; at = run.end) {
		run = runs_at(f->pages, at);
		run.end = min(run.end, tile->end);
		if (run.value == FORKED_COMMON)
			doubt(f, at, run.end);
	}
}

/* As far as can be seen now, was the child's page shared at the fork? */
static bool was_common(const struct forked *f, uint32_t word, const struct space *parent, uint64_t page)
{
	if (!is_own(word))
		return false;
	if (f->whole || word & PAGE_SHARED)
		return true;
	return !(word & PAGE_EXCLUSIVE) && parent && is_own(runs_at(parent->pages, page).value);
}

static void take_region(struct forked *f, const struct space *child, const struct region *region,
			const struct space *parent)
{
	struct runs_iter iter =
	    runs_iter(child->pages, region_first(child, region), region_end(child, region));
	struct run run;

	while (runs_next(&iter, &run)) {
		if (!is_own(run.value))
			continue;
		if (was_common(f, run.value, NULL, run.first)) {
			runs_set(f->pages, run.first, run.end, FORKED_COMMON);
			f->figures.shared += run.end - run.first;
			continue;
		}
		for (uint64_t page = run.first; page < run.end; page++)
			if (was_common(f, run.value, parent, page)) {
				runs_set(f->pages, page, page + 1, FORKED_COMMON);
				f->figures.shared++;
			}
	}
}

/* Takes the copies between the fork and the look. If the parent got a copy, the child has its page alone, so
 * the page does not look as if it had been shared. */
static void take_log(struct forked *f, const struct fault_log *log, const struct space *child, bool parent)
{
	for (uint64_t i = log->end; i-- > log->begin;) {
		const struct fault_entry *entry = fault_log_at(log, i);
		uint64_t page = space_page(child, entry->fault.address);

		if (!f->forked_ns || entry->time_ns < f->forked_ns)
			break;
		if (entry->fault.cause != FAULT_COW_FORK)
			continue;
		if (page_of(f, page) == FORKED_NOT && is_own(runs_at(child->pages, page).value)) {
			runs_set(f->pages, page, page + 1, FORKED_COMMON);
			f->figures.shared++;
		}
		take_copy(f, page, entry->fault.ip, parent);
	}
}

void forked_look(struct forked *f, const struct space *child, const struct fault_log *child_log,
		 const struct space *parent, const struct fault_log *parent_log, uint64_t now_ns)
{
	f->stage = FORKED_COUNTED;
	f->known = !f->vfork;
	f->looked_ns = now_ns;
	f->pages = runs_create(FORKED_NOT);
	if (f->vfork)
		return;
	for (size_t i = 0; i < child->count; i++)
		if (!(child->regions[i]->attr.perms & REGION_MAY_SHARE))
			take_region(f, child, child->regions[i], parent);
	if (parent_log)
		take_log(f, parent_log, child, true);
	take_log(f, child_log, child, false);
}

void forked_check(struct forked *f, const struct space *space, uint64_t first, uint64_t end, bool of_parent)
{
	enum forked_page gone = of_parent ? FORKED_PARENT_GAVE_UP : FORKED_GAVE_UP;
	struct runs_iter iter;
	struct run run, word;

	if (f->stage != FORKED_COUNTED)
		return;
	for (uint64_t at = first; at < end; at = run.end) {
		run = runs_at(f->pages, at);
		run.end = min(run.end, end);
		if (run.value != FORKED_COMMON && run.value != FORKED_DOUBTED)
			continue;
		iter = runs_iter(space->pages, at, run.end);
		while (runs_next(&iter, &word))
			if (!forked_may_stay(word.value)) {
				f->figures.given_up += word.end - word.first;
				if (run.value == FORKED_DOUBTED)
					f->figures.unknown -= word.end - word.first;
				runs_set(f->pages, word.first, word.end, gone);
			}
	}
}

static uint64_t count_own(const struct forked *f, const struct space *child)
{
	struct runs_iter iter = runs_iter(child->pages, 0, RUNS_END), common;
	uint64_t pages = 0;
	struct run run, kin;

	while (runs_next(&iter, &run)) {
		if (!page_state_private(page_state(run.value)))
			continue;
		pages += run.end - run.first;
		common = runs_iter(f->pages, run.first, run.end);
		while (runs_next(&common, &kin))
			if (kin.value == FORKED_COMMON)
				pages -= kin.end - kin.first;
	}
	return pages;
}

bool forked_own(const struct forked *f, const struct space *child, uint64_t *pages)
{
	bool counted = f->stage == FORKED_COUNTED && f->whole && !f->vfork;

	*pages = counted ? count_own(f, child) : f->own;
	return counted || f->own_known;
}

void forked_keep_own(struct forked *f, const struct space *child)
{
	f->own_known = forked_own(f, child, &f->own);
}

void forked_end(struct forked *f, enum forked_stage why)
{
	if (f->stage != FORKED_AWAITED && f->stage != FORKED_COUNTED)
		return;
	f->stage = why;
	runs_destroy(f->pages);
	f->pages = NULL;
}

void forked_keep_names(struct forked *f, bool parent, const struct names *names, const struct space *space)
{
	for (size_t i = 0; i < f->copier_count; i++) {
		struct forked_copier *c = &f->copiers[i];
		const struct event_symbol *symbol = names_find(names, c->ip);
		const struct region *code;

		if (c->parent != parent || c->function)
			continue;
		c->function = mem_strdup(symbol && symbol->count ? symbol->frames[0].function : "");
		code = symbol && *symbol->object ? NULL : space_find(space, c->ip);
		c->object = mem_strdup(code ? region_name(&code->attr) : symbol ? symbol->object : "");
	}
}

/* The first of several begins again; each has some of the pages. */
void forked_put(struct forked *f, const struct event_forked *e)
{
	if (!e->more) {
		forked_fini(f);
		f->stage = (enum forked_stage)e->stage;
		f->whole = e->whole;
		f->vfork = e->vfork;
		f->known = e->known;
		f->forked_ns = e->forked_ns;
		f->looked_ns = e->looked_ns;
		f->rest = e->rest;
		f->lost_before = e->lost_before;
		f->lost_early = e->lost_early;
		f->figures = (struct forked_figures){ e->shared,    e->copied,  e->by_child,
						      e->by_parent, e->unknown, e->given_up };
		if (f->stage == FORKED_COUNTED)
			f->pages = runs_create(FORKED_NOT);
	}
	for (size_t i = 0; f->pages && i < e->n; i++)
		runs_set(f->pages, e->tiles[i].first, e->tiles[i].end, e->tiles[i].value);
}

void forked_put_copier(struct forked *f, const struct event_copier *e)
{
	if (f->copier_count == FORKED_COPIERS_MAX)
		return;
	mem_grow(f->copiers, f->copier_cap, f->copier_count + 1);
	f->copiers[f->copier_count++] = (struct forked_copier){
		.ip = e->ip,
		.pages = e->pages,
		.parent = e->parent,
		.function = e->named ? mem_strdup(e->function) : NULL,
		.object = e->named ? mem_strdup(e->object) : NULL,
	};
}

struct forked forked_copy(const struct forked *f)
{
	struct forked copy = *f;

	copy.pages = f->pages ? runs_copy(f->pages) : NULL;
	copy.copiers = NULL;
	copy.copier_cap = 0;
	mem_grow(copy.copiers, copy.copier_cap, f->copier_count);
	for (size_t i = 0; i < f->copier_count; i++) {
		copy.copiers[i] = f->copiers[i];
		if (f->copiers[i].function) {
			copy.copiers[i].function = mem_strdup(f->copiers[i].function);
			copy.copiers[i].object = mem_strdup(f->copiers[i].object);
		}
	}
	return copy;
}

void forked_fini(struct forked *f)
{
	for (size_t i = 0; i < f->copier_count; i++) {
		free(f->copiers[i].function);
		free(f->copiers[i].object);
	}
	free(f->copiers);
	if (f->pages)
		runs_destroy(f->pages);
	*f = (struct forked){ 0 };
}

enum forked_bound forked_bound(const struct forked *f, uint64_t lost)
{
	if (f->whole && !f->figures.unknown && !lost)
		return FORKED_EXACT;
	return f->figures.copied ? FORKED_AT_LEAST : FORKED_UNKNOWN;
}

const char *forked_percent(char buf[static FORKED_PERCENT_SIZE], const struct forked_figures *n, bool exact)
{
	double percent = n->shared ? 100.0 * (double)n->copied / (double)n->shared : 0;

	if (n->shared && n->copied && percent < 0.05)
		snprintf(buf, FORKED_PERCENT_SIZE, exact ? "<0.1" : ">0.0");
	else if (n->copied < n->shared && percent >= 99.95)
		snprintf(buf, FORKED_PERCENT_SIZE, ">99.9");
	else
		snprintf(buf, FORKED_PERCENT_SIZE, "%.1f", percent);
	return buf;
}

const char *forked_until_text(enum forked_stage stage)
{
	static const char *const texts[FORKED_STAGES] = {
		[FORKED_EXEC] = N_("counted until it became another program"),
		[FORKED_END] = N_("counted until it ended"),
		[FORKED_PARENT_EXEC] = N_("counted until its parent became another program"),
		[FORKED_PARENT_END] = N_("counted until its parent ended"),
	};

	return texts[stage] ? _(texts[stage]) : "";
}

const char *forked_why_unknown(const struct forked *f)
{
	if (f->vfork)
		return _("ran in its parent's memory (vfork): nothing is copied");
	if (!f->known && f->stage == FORKED_EXEC)
		return _("became another program before its memory was looked at");
	if (!f->known)
		return _("was not looked at");
	return "";
}
