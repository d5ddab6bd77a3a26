#include "export/html_changes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "base/path.h"
#include "base/text.h"
#include "render/canvas.h"
#include "render/explain_cause.h"
#include "render/glyph.h"

/* Limits on state records: above the first, changes are looked for only a few hundred more times in all, then
 * a few dozen times, then once at the end. */
#define STATES_MANY 400000
#define STATES_VERY_MANY 700000
#define STATES_MAX 1000000
#define FLUSHES_MANY 512
#define FLUSHES_VERY_MANY 64
#define FAULTS_MANY 400000
#define TEXTS_MAX 60000
#define HAS_FAULT 0x80000000u

struct code_key {
	uint64_t image, ip;
	uint32_t name;
};

uint32_t html_text(struct texts *t, const char *text)
{
	uint32_t number;

	if (t->count >= TEXTS_MAX)
		return texts_find(t, text, &number) ? number : 0;
	return texts_add(t, text);
}

void changes_init(struct changes *t, const struct plan *plan, const struct world *world,
		  const struct later_names *names)
{
	size_t units = (size_t)plan->units + 1;

	*t = (struct changes){ .plan = plan, .world = world, .names = names };
	t->states.coarse_ns = UINT64_MAX;
	t->shown.values = mem_zalloc(units);
	t->shown.dirty = mem_zalloc(units);
	t->shown.dirty_list = mem_alloc(units * sizeof *t->shown.dirty_list);
	t->faults.left = mem_zalloc(units * sizeof *t->faults.left);
	t->shown.region_of = mem_alloc(units * sizeof *t->shown.region_of);
	for (size_t i = 0; i < plan->region_count; i++)
		for (uint32_t k = 0; k < plan->regions[i].units; k++)
			t->shown.region_of[plan->regions[i].unit + k] = (uint32_t)i;
	t->faults.every = plan->faults / FAULTS_MANY + 1;
	html_text(&t->code.names, "");
	html_text(&t->threads, "?");
	flame_init(&t->flame);
}

void changes_fini(struct changes *t)
{
	free(t->shown.values);
	free(t->shown.dirty);
	free(t->shown.dirty_list);
	free(t->faults.left);
	free(t->shown.region_of);
	free(t->states.list);
	free(t->faults.list);
	free(t->code.keys);
	hash_fini(&t->code.of_key);
	texts_fini(&t->causes);
	texts_fini(&t->threads);
	texts_fini(&t->code.names);
	flame_fini(&t->flame);
}

/* States */

static void add_state(struct changes *t, uint64_t time_ns, uint32_t unit, uint32_t count, uint8_t value)
{
	mem_grow(t->states.list, t->states.cap, t->states.count + 1);
	t->states.list[t->states.count] =
	    (struct unit_state){ time_ns, unit, count, (uint32_t)t->states.count, value };
	t->states.count++;
}

static void mark_dirty(struct changes *t, uint32_t unit)
{
	if (!t->shown.dirty[unit])
		t->shown.dirty_list[t->shown.dirty_count++] = unit;
	t->shown.dirty[unit] = 1;
}

static uint64_t unit_first(const struct plan_region *r, uint32_t unit)
{
	return ((r->first >> r->shift) + (unit - r->unit)) << r->shift;
}

/* The units of a region that hold pages [first, end). */
static void mark_pages(struct changes *t, const struct plan_region *r, uint64_t first, uint64_t end)
{
	uint64_t base = r->first >> r->shift;

	first = max(first, r->first);
	end = min(end, r->end);
	for (uint64_t at = first >> r->shift; first < end && at <= (end - 1) >> r->shift; at++)
		mark_dirty(t, r->unit + (uint32_t)(at - base));
}

static uint8_t value_of_census(const uint64_t counts[static RUNS_VALUES])
{
	enum page_state state = (enum page_state)(glyph_cell(counts, false, 0, 0).ink - INK_STATE);
	uint64_t pages = 0, resident = page_resident(counts), eighths;

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++)
		pages += counts[s];
	if (!page_state_resident(state) || !pages)
		return (uint8_t)state;
	eighths = resident == pages ? 8 : resident * 8 / pages;
	return (uint8_t)(state | (eighths ? eighths : 1) << 4);
}

/* The present value of a unit, by the world. */
static uint8_t value_of(const struct changes *t, uint32_t unit)
{
	const struct plan_region *planned = &t->plan->regions[t->shown.region_of[unit]];
	const struct plan_process *owner = &t->plan->processes[planned->process];
	const struct process *p = world_find(t->world, owner->pid);
	uint64_t counts[RUNS_VALUES] = { 0 }, first = unit_first(planned, unit);
	uint64_t end = first + (UINT64_C(1) << planned->shift);
	const struct region *r;

	if (!p || plan_process(t->plan, owner->pid, t->seen) != (int)planned->process)
		return 0;
	r = space_find_near(p->space, planned->id, planned->first << owner->page_shift);
	if (!r || r->died_ns)
		return 0;
	first = max(first, region_first(p->space, r));
	end = min(end, region_end(p->space, r));
	if (first >= end)
		return 0;
	runs_count(p->space->pages, first, end, counts);
	return value_of_census(counts);
}

static int by_number(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

/* Looks at all units that may have changed. */
static void flush(struct changes *t, uint64_t time_ns)
{
	uint32_t from = 0, count = 0;
	uint8_t run = 0;

	t->shown.flushed_ns = time_ns;
	if (t->shown.dirty_count > 1)
		qsort(t->shown.dirty_list, t->shown.dirty_count, sizeof *t->shown.dirty_list, by_number);
	for (size_t i = 0; i < t->shown.dirty_count; i++) {
		uint32_t unit = t->shown.dirty_list[i];
		uint8_t value = value_of(t, unit);

		t->shown.dirty[unit] = 0;
		if (value == t->shown.values[unit])
			continue;
		t->shown.values[unit] = value;
		if (count && unit == from + count && value == run) {
			count++;
			continue;
		}
		if (count)
			add_state(t, time_ns, from, count, run);
		from = unit;
		count = 1;
		run = value;
	}
	if (count)
		add_state(t, time_ns, from, count, run);
	t->shown.dirty_count = 0;
}

static void flush_in_time(struct changes *t, uint64_t time_ns)
{
	uint64_t whole = t->plan->end_ns - t->plan->begin_ns, period = 0;

	if (t->states.count >= STATES_MAX)
		return;
	if (t->states.count >= STATES_MANY) {
		period = whole / (t->states.count >= STATES_VERY_MANY ? FLUSHES_VERY_MANY : FLUSHES_MANY);
		if (t->states.coarse_ns == UINT64_MAX)
			t->states.coarse_ns = time_ns;
	}
	if (time_ns >= t->shown.flushed_ns + period)
		flush(t, time_ns);
}

static void mark_region(struct changes *t, const struct event *e)
{
	const struct plan_region *r =
	    plan_region(t->plan, plan_process(t->plan, e->pid, t->seen), e->region.id);

	if (r)
		mark_pages(t, r, r->first, r->end);
}

/* The process has called exec or ended: all its memory is gone. */
static void mark_process(struct changes *t, int process)
{
	for (size_t i = 0; i < t->plan->region_count; i++)
		if (t->plan->regions[i].process == (uint32_t)process)
			mark_pages(t, &t->plan->regions[i], t->plan->regions[i].first,
				   t->plan->regions[i].end);
}

static void mark_tiles(struct changes *t, const struct event *e)
{
	const struct process *p = world_find(t->world, e->pid);
	int process = plan_process(t->plan, e->pid, t->seen);

	if (!p || process < 0)
		return;
	for (size_t i = 0; i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];

		for (size_t k = space_find_index(p->space, space_address(p->space, tile->first));
		     k < p->space->count && region_first(p->space, p->space->regions[k]) < tile->end; k++) {
			const struct plan_region *r = plan_region(t->plan, process, p->space->regions[k]->id);

			if (r)
				mark_pages(t, r, tile->first, tile->end);
		}
	}
}

/* Faults */

static uint32_t cause_of(struct changes *t, const struct event_fault *f)
{
	struct strbuf text = { 0 };
	bool known = f->cause != FAULT_CAUSE_UNKNOWN || f->why == FAULT_WHY_NONE;
	uint32_t number;

	strbuf_printf(&text, "%s\n%s\n%s%s%s", fault_cause_name(f->cause), fault_cause_from(f),
		      explain_cause(f), known ? "" : " ", known ? "" : fault_why_text(f->why));
	number = html_text(&t->causes, text.text);
	strbuf_fini(&text);
	return number;
}

static uint32_t thread_of(struct changes *t, const struct process *p, int32_t tid)
{
	const struct thread *thread = threads_find(&p->threads, tid);
	struct strbuf text = { 0 };
	uint32_t number;

	strbuf_printf(&text, "%" PRId32, tid);
	if (thread && *thread->name) {
		strbuf_puts(&text, " ");
		text_printable(&text, thread->name, strlen(thread->name));
	}
	number = html_text(&t->threads, text.text);
	strbuf_fini(&text);
	return number;
}

/* "sysmalloc+0x5e6 malloc.c:2890" */
static uint32_t name_code(struct changes *t, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);
	struct strbuf raw = { 0 }, text = { 0 };
	uint32_t number;

	names_text(&raw, symbol, ip);
	text_printable(&text, raw.text, raw.len);
	if (symbol && symbol->count && *symbol->frames[0].source) {
		const char *source = path_name(symbol->frames[0].source);

		strbuf_puts(&text, " ");
		text_printable(&text, source, strlen(source));
		strbuf_printf(&text, ":%" PRIu32, symbol->frames[0].line);
	}
	number = html_text(&t->code.names, text.text);
	strbuf_fini(&raw);
	strbuf_fini(&text);
	return number;
}

static uint32_t place_of(struct changes *t, const struct process *p, uint64_t ip)
{
	uint64_t image = (uint64_t)(uint32_t)p->pid << 32 | p->course.execs;
	uint32_t hash = hash_two(image, ip), number;
	struct hash_iter iter = hash_iter(&t->code.of_key, hash);

	while ((number = hash_next(&iter)))
		if (t->code.keys[number - 1].image == image && t->code.keys[number - 1].ip == ip)
			return t->code.keys[number - 1].name;
	mem_grow(t->code.keys, t->code.cap, t->code.count + 1);
	t->code.keys[t->code.count] = (struct code_key){ image, ip, name_code(t, p, ip) };
	hash_add(&t->code.of_key, hash, (uint32_t)++t->code.count);
	return t->code.keys[t->code.count - 1].name;
}

/* Should a fault of the unit be kept? */
static bool choose(struct changes *t, uint32_t unit)
{
	bool first = !(t->faults.left[unit] & HAS_FAULT);

	return (++t->faults.left[unit] & ~HAS_FAULT) >= t->faults.every || first;
}

/* For units of one page, a fault shows at once what the page and its neighbours are; for larger units only a
 * look does. */
static void set_pages(struct changes *t, const struct plan_region *r, const struct event *e, uint64_t page)
{
	enum page_state now = page_state(e->fault.now);
	uint8_t value = (uint8_t)(now | (page_state_resident(now) ? 8 << 4 : 0));
	uint64_t first = page - e->fault.before, end = page + e->fault.after + 1;

	if (first > page || first < r->first)
		first = r->first;
	if (end > r->end)
		end = r->end;
	if (r->shift || now == PAGE_UNKNOWN || now == PAGE_NONE || t->states.count >= STATES_MANY) {
		mark_pages(t, r, first, end);
		return;
	}
	for (uint64_t at = first; at < end; at++) {
		uint32_t unit = r->unit + (uint32_t)(at - r->first), count = 0;

		for (; at + count < end && t->shown.values[unit + count] != value; count++)
			t->shown.values[unit + count] = value;
		if (count)
			add_state(t, e->time_ns, unit, count, value);
		at += count;
	}
}

static void take_fault(struct changes *t, const struct event *e)
{
	const struct process *p = world_find(t->world, e->pid);
	const struct region *in = p ? space_find(p->space, e->fault.address) : NULL;
	const struct plan_region *r =
	    in ? plan_region(t->plan, plan_process(t->plan, e->pid, t->seen), in->id) : NULL;
	uint64_t page = p ? space_page(p->space, e->fault.address) : 0;
	uint32_t node = p ? flame_add(&t->flame, t->names, p, e) : 0, unit;

	if (!r || page < r->first || page >= r->end)
		return;
	unit = r->unit + (uint32_t)((page >> r->shift) - (r->first >> r->shift));
	set_pages(t, r, e, page);
	if (!choose(t, unit))
		return;
	mem_grow(t->faults.list, t->faults.cap, t->faults.count + 1);
	t->faults.list[t->faults.count] = (struct unit_fault){
		.time_ns = e->time_ns,
		.unit = unit,
		.page = (uint32_t)(page - unit_first(r, unit)),
		.before = e->fault.before,
		.after = e->fault.after,
		.cause = (uint8_t)cause_of(t, &e->fault),
		.access = (uint8_t)(e->fault.access | (e->fault.inferred ? 4 : 0) | (e->fault.major ? 8 : 0)),
		.thread = thread_of(t, p, e->fault.tid),
		.node = node,
		.where = place_of(t, p, e->fault.ip),
		.order = (uint32_t)t->faults.count,
		.stands = t->faults.left[unit] & ~HAS_FAULT,
	};
	t->faults.count++;
	t->faults.left[unit] = HAS_FAULT;
}

void changes_take(struct changes *t, const struct event *e)
{
	switch (e->type) {
	case EVENT_PROCESS:
		t->seen += !e->process.exec || plan_process(t->plan, e->pid, t->seen) < 0;
		if (e->process.exec)
			mark_process(t, plan_process(t->plan, e->pid, t->seen));
		break;
	case EVENT_MAP:
	case EVENT_CHANGE:
	case EVENT_UNMAP:
		mark_region(t, e);
		break;
	case EVENT_PAGES:
		mark_tiles(t, e);
		break;
	case EVENT_FAULT:
		take_fault(t, e);
		break;
	case EVENT_TICK:
		flush_in_time(t, e->time_ns);
		break;
	default:
		break;
	}
}

static int compare(uint64_t one_ns, uint64_t other_ns, uint32_t one, uint32_t other)
{
	if (one_ns != other_ns)
		return one_ns < other_ns ? -1 : 1;
	return one < other ? -1 : one > other;
}

static int by_time_of_state(const void *a, const void *b)
{
	const struct unit_state *one = a, *other = b;

	return compare(one->time_ns, other->time_ns, one->order, other->order);
}

static int by_time_of_fault(const void *a, const void *b)
{
	const struct unit_fault *one = a, *other = b;

	return compare(one->time_ns, other->time_ns, one->order, other->order);
}

void changes_end(struct changes *t)
{
	flush(t, t->plan->end_ns);
	if (t->states.count)
		qsort(t->states.list, t->states.count, sizeof *t->states.list, by_time_of_state);
	if (t->faults.count)
		qsort(t->faults.list, t->faults.count, sizeof *t->faults.list, by_time_of_fault);
	flame_sum(&t->flame);
}
