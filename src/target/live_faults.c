/* Faults as events. The rings say who touched a page and when; the page map says how it is.
 *
 *     take the faults from the rings                          who, when, where
 *     read maps anew, when one lies in no known region
 *     look up each page in the model                          was
 *     read these pages, which brings the model up to date     now
 *     tell them, in order of time
 *
 * The rings know of a fault at once, a scan at any time: where a scan has seen the page
 * before its fault was taken from the ring, the model says already how it is after it. So
 * what scans change is kept until the faults of that time have been taken.
 *
 * Of several faults on one page between two takings only the first `was` and the last
 * `now` were seen; what was in between is inferred where it can be, else unknown. */
#include "target/live_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/cause.h"

#define AROUND 16      /* pages that one fault can map from the page cache, aligned */
#define RANGES_MAX 256 /* readings of pages at once */
#define SCAN_BUDGET_NS (50 * CLOCK_MS)

static const struct space *space_of(const struct live *live)
{
	const struct process *process = world_find(live->world, live->pid);
	return process ? process->space : NULL;
}

static void keep_change(struct live_faults *f, const struct run *run, uint64_t time_ns)
{
	if (page_state(run->value) == PAGE_NONE)
		return;
	f->seen_ns = time_ns;
	if (f->seen_count == FAULTS_SEEN) {
		f->seen_overflow = true;
		return;
	}
	mem_grow(f->seen, f->seen_cap, f->seen_count + 1);
	f->seen[f->seen_count++] = (struct seen_change){run->first, run->end, run->value, time_ns};
}

static void listen(struct sink *sink, const struct event *e)
{
	struct live_faults *f = (struct live_faults *)sink;
	const struct process *process = world_find(f->look->world, e->pid);
	for (size_t i = 0; e->type == EVENT_PAGES && process && i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		struct runs_walk walk = runs_walk(process->space->pages, tile->first, tile->end);
		for (struct run was; runs_next(&walk, &was);)
			if (was.value != tile->value)
				keep_change(f, &was, e->time_ns);
	}
	f->to->take(f->to, e);
}

void live_faults_open(struct live *live)
{
	struct live_faults *f = &live->faults;
	const char *root = live->options.reader.proc_root;
	struct err err = {0};
	f->sink.take = listen;
	f->look = &live->look;
	if (!live->options.faults)
		return;
	if (live->options.reader.off[SOURCE_FAULTS])
		err_set(&err, ERR_DENIED, "%s", _("switched off"));
	else if (root && strcmp(root, "/proc") != 0)
		err_set(&err, ERR_UNSUPPORTED, "%s", _("there are none in files"));
	else
		f->capture = faults_open(live->pid, &err);
	if (f->capture && faults_user_only(f->capture))
		err_set(&err, ERR_DENIED, "%s",
			_("in user mode only; those within system calls take root (sudo) or CAP_PERFMON"));
	memcpy(f->why, err.text, sizeof f->why);
}

void live_faults_fini(struct live *live)
{
	struct live_faults *f = &live->faults;
	faults_close(f->capture);
	fault_batch_fini(&f->batch);
	free(f->touches);
	free(f->ranges);
	free(f->seen);
}

struct sink *live_faults_sink(struct live *live, struct sink *sink)
{
	if (!live->faults.capture || sink == &live->faults.sink)
		return sink;
	live->faults.to = sink;
	return &live->faults.sink;
}

/* Is the memory that the model knows still the process's? */
static bool can_be_read(struct live *live)
{
	struct reader_stat now;
	const struct reader_stat *was = &live->look.stat;
	if (live->dead || live->news.ended || reader_stat(live->reader, &now, NULL) != 0)
		return false;
	return !live->look.have_stat || !now.start_stack || now.start_stack == was->start_stack;
}

static int by_page(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;
	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

static int by_record(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;
	return (x->record > y->record) - (x->record < y->record);
}

/* Code of a library that was mapped since maps was read. */
static bool is_new_code(const struct space *space, uint64_t ip)
{
	return !(ip >> 63) && !space_find(space, ip);
}

/* A touch for each record, by page; says whether one lies in no known region. */
static bool gather(struct live_faults *f, const struct space *space)
{
	bool outside = false;
	mem_grow(f->touches, f->touch_cap, f->batch.count);
	f->touch_count = f->batch.count;
	for (size_t i = 0; i < f->batch.count; i++) {
		struct touch *t = &f->touches[i];
		uint64_t address = f->batch.records[i].address;
		*t = (struct touch){.page = space_page(space, address), .record = i};
		t->was = t->now = page_unknown(PAGE_WHY_NOT_READ);
		t->grown = !space_find(space, address);
		outside |= t->grown || is_new_code(space, f->batch.records[i].ip);
	}
	qsort(f->touches, f->touch_count, sizeof *f->touches, by_page);
	return outside;
}

static uint64_t watch_time(const struct live *live, uint64_t clock_ns)
{
	return clock_ns > live->look.began_ns ? clock_ns - live->look.began_ns : 0;
}

/* How the page was when it was touched, as far as it was read. */
static uint32_t word_before(const struct live *live, const struct space *space, const struct touch *t)
{
	const struct live_faults *f = &live->faults;
	uint64_t clock_ns = f->batch.records[t->record].time_ns, time_ns = watch_time(live, clock_ns);
	if (clock_ns < f->known_ns)
		return page_unknown(PAGE_WHY_NOT_READ);
	if (time_ns > f->seen_ns || !f->seen_ns)
		return runs_at(space->pages, t->page).value;
	for (size_t i = 0; i < f->seen_count; i++)
		if (f->seen[i].time_ns >= time_ns && f->seen[i].first <= t->page && t->page < f->seen[i].end)
			return f->seen[i].was;
	return f->seen_overflow ? page_unknown(PAGE_WHY_NOT_READ) : runs_at(space->pages, t->page).value;
}

static bool first_of_page(const struct live_faults *f, size_t i)
{
	return i == 0 || f->touches[i - 1].page != f->touches[i].page;
}

static bool last_of_page(const struct live_faults *f, size_t i)
{
	return i + 1 == f->touch_count || f->touches[i + 1].page != f->touches[i].page;
}

static void look_up_before(struct live *live, const struct space *space)
{
	struct live_faults *f = &live->faults;
	for (size_t i = 0; i < f->touch_count; i++)
		if (first_of_page(f, i))
			f->touches[i].was = word_before(live, space, &f->touches[i]);
}

/* What scans changed before now is of no use any more: the faults of that time were taken. */
static void forget_seen(struct live_faults *f)
{
	f->seen_count = 0;
	f->seen_overflow = false;
	f->seen_ns = 0;
}

/* The pages to read, with what the kernel maps around them; few ranges, however far apart. */
static void plan_ranges(struct live_faults *f)
{
	uint64_t gap = 2 * AROUND;
	do {
		f->range_count = 0;
		for (size_t i = 0; i < f->touch_count; i++) {
			uint64_t first = f->touches[i].page & ~(uint64_t)(AROUND - 1), end = first + AROUND;
			struct page_range *last = f->range_count ? &f->ranges[f->range_count - 1] : NULL;
			if (last && first <= last->end + gap) {
				last->end = end > last->end ? end : last->end;
				continue;
			}
			mem_grow(f->ranges, f->range_cap, f->range_count + 1);
			f->ranges[f->range_count++] = (struct page_range){first, end};
		}
		gap *= 16;
	} while (f->range_count > RANGES_MAX);
}

/* Fills in how the pages below `done` are now, and what can be told of in between. */
static void look_up_after(struct live_faults *f, const struct space *space, uint64_t done)
{
	for (size_t i = 0; i < f->touch_count && f->touches[i].page < done; i++) {
		struct touch *t = &f->touches[i];
		if (!last_of_page(f, i))
			continue;
		t->now = runs_at(space->pages, t->page).value;
		bool two = i > 0 && !first_of_page(f, i) && first_of_page(f, i - 1);
		if (two && f->batch.records[t->record].tid == f->batch.records[t[-1].record].tid)
			t->was = t[-1].now = cause_between(t[-1].was, t->now);
	}
}

static void tell(struct live *live, struct sink *sink, const struct space *space, const struct touch *t)
{
	const struct fault_record *r = &live->faults.batch.records[t->record];
	const struct region *region = space_find(space, r->address);
	struct cause_facts facts = {
		.region = region ? &region->attr : NULL,
		.grown = t->grown && region,
		.major = r->major,
		.address = r->address,
		.ip = r->ip,
		.was = t->was,
		.now = t->now,
	};
	struct cause cause = cause_infer(&facts);
	uint64_t time_ns = watch_time(live, r->time_ns);
	struct event e = {.type = EVENT_FAULT, .pid = live->pid, .time_ns = time_ns - time_ns % FAULT_TIME_NS};
	e.fault = (struct event_fault){
		.address = r->address,
		.ip = r->ip,
		.tid = r->tid,
		.major = r->major,
		.inferred = true,
		.access = cause.access,
		.cause = cause.cause,
		.was = t->was,
		.now = t->now,
	};
	live->changed = true;
	live_names_want(live, sink, &e);
	sink->take(sink, &e);
}

static void tell_lost(struct live *live, struct sink *sink)
{
	struct event e = {.type = EVENT_LOST, .lost = {live->faults.batch.lost, "faults"}};
	if (live->faults.batch.lost)
		live_send(live, sink, &e);
}

void live_take_faults(struct live *live, struct sink *sink, bool readable)
{
	struct live_faults *f = &live->faults;
	const struct space *space = space_of(live);
	struct err failure = {0};
	uint64_t done = 0;
	if (!f->capture || !space)
		return;
	faults_drain(f->capture, &f->batch);
	tell_lost(live, sink);
	if (!f->batch.count) {
		forget_seen(f);
		return;
	}
	readable = readable && can_be_read(live);
	bool outside = gather(f, space);
	if (readable && outside && look_regions(&live->look, sink, &failure) < 0)
		readable = false;
	look_up_before(live, space);
	forget_seen(f);
	if (readable) {
		plan_ranges(f);
		if (look_ranges(&live->look, sink, f->ranges, f->range_count, SCAN_BUDGET_NS, &done, &failure) < 0)
			live->look.maps_wanted = true;
	}
	look_up_after(f, space, done);
	qsort(f->touches, f->touch_count, sizeof *f->touches, by_record);
	for (size_t i = 0; i < f->touch_count; i++)
		tell(live, sink, space, &f->touches[i]);
}
