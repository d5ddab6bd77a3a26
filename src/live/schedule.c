/* The order of a look, the dearest last:
 *
 *   1. maps, when the size of all regions says that it changed, else now and then
 *   2. pages of regions that are new or have changed
 *   3. the focus: what the user looks at
 *   4. only when the fault counters moved:
 *      where pages changed of late (hot), then a pass over everything (chase);
 *      where all that was counted was told one by one, no hot, and a chase seldom
 *   5. a slow pass over everything (patrol), for what no counter tells: madvise,
 *      reclaim, swapping, a page replaced by another
 *
 * Reading without a reason (3 when nothing moved, and 5) is paid from a credit that
 * grows with time, CREDIT_SHARE of a core: so a quiet process of any size costs the
 * same small share. What the focus read is not read again in the same look. A chase
 * that took long is not begun again before a pause of CHASE_PAUSE times as much. The
 * page cache is asked rarely: reading without it leaves what is known of the page cache
 * as it was. */
#include "live/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/observe.h"

#define CREDIT_SHARE 150 /* one part in so many */
#define CREDIT_MAX (20 * CLOCK_MS)
#define CHASE_PAUSE 3
#define CHASE_PAUSE_TOLD 30                /* where faults are told one by one */
#define CHASE_PAUSE_ALL_TOLD 100           /* and none was missed, */
#define CHASE_ALL_TOLD_NS (500 * CLOCK_MS) /* nor sooner than this */
#define MAPS_CHEAP_NS CLOCK_MS             /* to be read whenever a fault asks for it */
#define CHASE_BESIDE_NS (200 * CLOCK_MS)   /* between two, where the screen's part is read anyway */
#define MAPS_QUIET_NS CLOCK_SECOND
#define FOCUS_CACHE_NS (1500 * CLOCK_MS)
#define FOCUS_CACHE_BUDGET_NS (5 * CLOCK_MS)
#define PATROL_CACHE_NS (60 * CLOCK_SECOND)
#define PATROL_CHUNK_NS (2 * CLOCK_MS)
#define PATROL_PAUSE_NS CLOCK_SECOND
#define FRESH_MAX 4096

void schedule_init(struct schedule *schedule, struct reader *reader, struct world *world, int32_t pid,
		   bool cache)
{
	*schedule = (struct schedule){ .reader = reader, .world = world, .pid = pid, .cache = cache };
}

void schedule_fini(struct schedule *schedule)
{
	region_list_fini(&schedule->regions);
	tiles_fini(&schedule->tiles);
	tiles_fini(&schedule->merged);
	free(schedule->fresh);
}

uint64_t schedule_time(const struct schedule *schedule)
{
	return schedule->began_ns ? clock_now_ns() - schedule->began_ns : 0;
}

static const struct process *process_of(const struct schedule *schedule)
{
	return world_find(schedule->world, schedule->pid);
}

void schedule_focus(struct schedule *schedule, uint64_t first, uint64_t end)
{
	if (first == schedule->focus.first && end == schedule->focus.end)
		return;
	schedule->focus = (struct page_range){ first, end };
	schedule->focus_at = first;
	schedule->focus_cache_ns = 0;
}

void schedule_forget(struct schedule *schedule)
{
	schedule->fresh_count = 0;
	schedule->hot.count = 0;
	schedule->maps_wanted = true;
	schedule->chase = schedule->patrol = (struct pass){ 0 };
	schedule->chase_again = false;
	schedule->focus_at = schedule->focus.first;
}

void schedule_note_faults(struct schedule *schedule, uint64_t count, uint64_t later)
{
	schedule->faults.told += count;
	schedule->faults.later += later;
}

/* Whether faults were counted that nobody told: those of pages that the kernel itself asked
 * for (mlock, MAP_POPULATE), lost ones. Those counted last time have been told by now. */
static void compare_told(struct schedule *schedule)
{
	struct schedule_told *f = &schedule->faults;
	int64_t untold = (int64_t)(f->counted - (f->told - f->later));
	if (!f->counted_ns)
		return;
	if (!f->known || untold > f->untold) {
		schedule->missed |= f->known;
		f->untold = untold;
		f->known = true;
	}
}

int schedule_counters(struct schedule *schedule, bool *moved, bool *exec, struct err *err)
{
	struct process_stat now;
	struct err unread = { 0 };
	*moved = true; /* as long as nothing tells otherwise */
	*exec = false;
	compare_told(schedule);
	if (reader_stat(schedule->reader, &now, &unread) != 0) {
		if (unread.code != ERR_GONE)
			return 0;
		if (err)
			*err = unread;
		return -1;
	}
	const struct process_stat *was = &schedule->stat;
	if (schedule->have_stat) {
		*moved =
		    now.counters.minor != was->counters.minor || now.counters.major != was->counters.major;
		*exec = now.start_stack != was->start_stack && now.start_stack && was->start_stack;
		if (now.vsize != was->vsize)
			schedule->maps_wanted = true;
	}
	schedule->stat = now;
	schedule->have_stat = true;
	schedule->faults.counted = now.counters.minor + now.counters.major;
	schedule->faults.counted_ns = clock_now_ns();
	schedule->faults.later = 0;
	if (*moved)
		schedule->moved_ns = clock_now_ns();
	return 0;
}

/* What passes through to the sink while something is read: where it changed. */
struct listener {
	struct sink sink;
	struct sink *to;
	struct schedule *schedule;
	uint64_t now_ns; /* one moment for all of a look */
	bool pages;      /* a reading of pages, not of maps */
};

static void want_fresh(struct schedule *schedule, const struct region_attr *attr, unsigned shift)
{
	/* so many at once are everything: the chase finds them */
	if (schedule->fresh_count == FRESH_MAX) {
		schedule->chase_again = true;
		return;
	}
	mem_grow(schedule->fresh, schedule->fresh_cap, schedule->fresh_count + 1);
	schedule->fresh[schedule->fresh_count++] =
	    (struct page_range){ attr->start >> shift, attr->end >> shift };
}

static void listen(struct sink *sink, const struct event *e)
{
	struct listener *l = (struct listener *)sink;
	if (e->type == EVENT_MAP || e->type == EVENT_CHANGE)
		want_fresh(l->schedule, &e->region.attr, process_of(l->schedule)->space->page_shift);
	else if (e->type == EVENT_PAGES && l->pages && e->pages.n)
		hot_note(&l->schedule->hot, e->pages.tiles[0].first, e->pages.tiles[e->pages.n - 1].end,
			 l->now_ns);
	sink_before(l->to, e);
}

static void pass_on(struct sink *sink, const struct event *e)
{
	struct listener *l = (struct listener *)sink;
	sink_take(l->to, e);
}

static struct listener listen_to(struct schedule *schedule, struct sink *to, bool pages)
{
	return (
	    struct listener){ { .before = listen, .take = pass_on }, to, schedule, clock_now_ns(), pages };
}

static int64_t read_maps(struct schedule *schedule, struct sink *sink, struct err *err)
{
	struct listener l = listen_to(schedule, sink, false);
	uint64_t began = clock_thread_cpu_ns(), began_ns = clock_now_ns();
	if (reader_regions(schedule->reader, &schedule->regions, err) != 0)
		return -1;
	/* these regions do not follow from those before: the exec has to be told first */
	if (reader_is_renewed(schedule->reader))
		return err_set(err, ERR_GONE, "%s", _("it has become another program"));
	size_t events = observe_regions(process_of(schedule), &l.sink, schedule_time(schedule),
					schedule->regions.attrs, schedule->regions.count);
	schedule->maps_ns = clock_now_ns();
	schedule->maps_began_ns = began_ns;
	schedule->maps_cost_ns = clock_thread_cpu_ns() - began;
	schedule->maps_wanted = false;
	return (int64_t)events;
}

/* Is what the model has of a page a word about the page cache, and still good as such? */
static bool keeps(const struct region_attr *attr, uint32_t was)
{
	enum page_state state = page_state(was);
	return state == PAGE_CACHED || (state == PAGE_RESERVED && !(was & PAGE_CACHE_UNKNOWN)) ||
	       (state == PAGE_SWAP && attr->perms & REGION_MAY_SHARE);
}

/* A reading that did not ask the page cache: where it found nothing, what is known of
 * the page cache is put in. */
static const struct tiles *keep_cached(struct schedule *schedule, const struct region_attr *attr)
{
	const struct runs *pages = process_of(schedule)->space->pages;
	uint32_t unasked = page_word(PAGE_RESERVED, PAGE_CACHE_UNKNOWN);
	schedule->merged.count = 0;
	for (size_t i = 0; i < schedule->tiles.count; i++) {
		const struct run *tile = &schedule->tiles.run[i];
		if (tile->value != unasked) {
			tiles_add(&schedule->merged, tile->first, tile->end, tile->value);
			continue;
		}
		struct runs_iter iter = runs_iter(pages, tile->first, tile->end);
		for (struct run was; runs_next(&iter, &was);)
			tiles_add(&schedule->merged, was.first, was.end,
				  keeps(attr, was.value) ? was.value : unasked);
	}
	return &schedule->merged;
}

/* Reads pages [first, end), what of them lies in regions, for at most max_ns (0: no
 * limit). *done is where it came to. Returns how many pages differed. */
static int64_t read_pages(struct schedule *schedule, struct sink *sink, uint64_t first, uint64_t end,
			  bool cache, uint64_t max_ns, uint64_t *done, struct err *err)
{
	const struct process *process = process_of(schedule);
	const struct space *space = process->space;
	struct listener l = listen_to(schedule, sink, true);
	uint64_t began = clock_now_ns(); /* the processor's clock is too dear for every region */
	int64_t differ = 0;
	cache = cache && schedule->cache;
	for (size_t i = space_find_index(space, first << space->page_shift); i < space->count; i++) {
		const struct region *region = space->regions[i];
		uint64_t from = region_first(space, region), to = region_end(space, region);
		uint64_t spent = max_ns ? clock_now_ns() - began : 0;
		if (from >= end)
			break;
		from = from > first ? from : first;
		to = to < end ? to : end;
		*done = from;
		if (max_ns && spent >= max_ns)
			return differ;
		schedule->tiles.count = 0;
		if (reader_pages(schedule->reader, &region->attr, from, to, cache,
				 max_ns ? max_ns - spent : 0, &schedule->tiles, done, err) != 0)
			return -1;
		const struct tiles *tiles = cache ? &schedule->tiles : keep_cached(schedule, &region->attr);
		differ += (int64_t)observe_pages(process, &l.sink, schedule_time(schedule), tiles->run,
						 tiles->count);
		if (*done < to)
			return differ;
	}
	*done = end;
	return differ;
}

/* What is left of a budget that began at `began`; 0: nothing. */
static uint64_t left(uint64_t began, uint64_t budget_ns)
{
	uint64_t spent = clock_now_ns() - began;
	return spent < budget_ns ? budget_ns - spent : 0;
}

static int64_t read_fresh(struct schedule *schedule, struct sink *sink, uint64_t began, uint64_t budget_ns,
			  struct err *err)
{
	int64_t sum = 0;
	size_t i = 0;
	for (uint64_t rest; i < schedule->fresh_count && (rest = left(began, budget_ns)); i++) {
		struct page_range *range = &schedule->fresh[i];
		int64_t n =
		    read_pages(schedule, sink, range->first, range->end, true, rest, &range->first, err);
		if (n < 0)
			return -1;
		sum += n;
		if (range->first < range->end)
			break;
	}
	memmove(schedule->fresh, schedule->fresh + i, (schedule->fresh_count - i) * sizeof *schedule->fresh);
	schedule->fresh_count -= i;
	return sum;
}

/* Continues a pass, but for the pages `known`; ends it when it has come round. */
static int64_t go_on(struct schedule *schedule, struct sink *sink, struct pass *pass, struct page_range known,
		     uint64_t max_ns, struct err *err)
{
	const struct page_range parts[] = { { 0, known.first }, { known.end, RUNS_END } };
	uint64_t began = clock_now_ns(), rest = max_ns;
	int64_t differ = 0;
	for (int i = 0; i < 2 && rest; i++) {
		uint64_t first = pass->at > parts[i].first ? pass->at : parts[i].first;
		if (first >= parts[i].end)
			continue;
		int64_t n =
		    read_pages(schedule, sink, first, parts[i].end, pass->cache, rest, &pass->at, err);
		if (n < 0)
			return -1;
		differ += n;
		if (pass->at < parts[i].end)
			break;
		rest = left(began, max_ns);
	}
	pass->cost_ns += clock_now_ns() - began;
	if (pass->at >= RUNS_END) {
		pass->running = false;
		pass->ended_ns = clock_now_ns();
	}
	return differ;
}

static void begin(struct pass *pass, bool cache)
{
	*pass = (struct pass){ .running = true, .cache = cache };
}

static int64_t read_focus(struct schedule *schedule, struct sink *sink, uint64_t max_ns, struct err *err)
{
	uint64_t now = clock_now_ns();
	bool cache = now - schedule->focus_cache_ns >= FOCUS_CACHE_NS;
	bool whole = schedule->focus_at == schedule->focus.first;
	schedule->known = (struct page_range){ 0, 0 };
	if (schedule->focus.first >= schedule->focus.end || !max_ns)
		return 0;
	if (cache && max_ns > FOCUS_CACHE_BUDGET_NS)
		max_ns = FOCUS_CACHE_BUDGET_NS;
	int64_t differ = read_pages(schedule, sink, schedule->focus_at, schedule->focus.end, cache, max_ns,
				    &schedule->focus_at, err);
	if (differ >= 0 && schedule->focus_at >= schedule->focus.end) {
		schedule->focus_at = schedule->focus.first;
		if (whole)
			schedule->known = schedule->focus;
		if (cache)
			schedule->focus_cache_ns = now;
	}
	return differ;
}

static int64_t read_hot(struct schedule *schedule, struct sink *sink, uint64_t began, uint64_t budget_ns,
			struct err *err)
{
	struct hot hot = schedule->hot; /* reading adds to it */
	int64_t sum = 0;
	for (size_t i = 0; i < hot.count; i++) {
		uint64_t first, end, done, rest = left(began, budget_ns);
		hot_reach(&hot.range[i], &first, &end);
		if (!rest)
			break;
		if (first >= schedule->known.first && end <= schedule->known.end)
			continue;
		int64_t n = read_pages(schedule, sink, first, end, false, rest, &done, err);
		if (n < 0)
			return -1;
		sum += n;
	}
	return sum;
}

static int64_t chase(struct schedule *schedule, struct sink *sink, uint64_t max_ns, struct err *err)
{
	struct pass *pass = &schedule->chase;
	bool all_told = schedule->told && !schedule->missed;
	uint64_t pause = pass->cost_ns * (all_told         ? CHASE_PAUSE_ALL_TOLD
					  : schedule->told ? CHASE_PAUSE_TOLD
							   : CHASE_PAUSE);
	if (all_told && pause < CHASE_ALL_TOLD_NS)
		pause = CHASE_ALL_TOLD_NS;
	if (schedule->known.end && pause < CHASE_BESIDE_NS)
		pause = CHASE_BESIDE_NS;
	if (!pass->running && schedule->chase_again && clock_now_ns() - pass->ended_ns >= pause) {
		begin(pass, false);
		schedule->chase_again = schedule->missed = false;
	}
	return pass->running && max_ns ? go_on(schedule, sink, pass, schedule->known, max_ns, err) : 0;
}

static void earn_credit(struct schedule *schedule)
{
	uint64_t now = clock_now_ns();
	if (schedule->credit_at)
		schedule->credit_ns += (int64_t)((now - schedule->credit_at) / CREDIT_SHARE);
	if (schedule->credit_ns > (int64_t)CREDIT_MAX)
		schedule->credit_ns = CREDIT_MAX;
	schedule->credit_at = now;
}

static int64_t patrol(struct schedule *schedule, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct pass *pass = &schedule->patrol;
	uint64_t now = clock_now_ns(), began = clock_thread_cpu_ns(), max_ns = budget_ns;
	if (schedule->credit_ns <= 0 || !budget_ns)
		return 0;
	if (!pass->running && now - pass->ended_ns < PATROL_PAUSE_NS)
		return 0;
	if (!pass->running) {
		bool cache = now - schedule->patrol_cache_ns >= PATROL_CACHE_NS;
		begin(pass, cache);
		if (cache)
			schedule->patrol_cache_ns = now;
	}
	if (max_ns > PATROL_CHUNK_NS)
		max_ns = PATROL_CHUNK_NS;
	int64_t differ = go_on(schedule, sink, pass, (struct page_range){ 0, 0 }, max_ns, err);
	schedule->credit_ns -= (int64_t)(clock_thread_cpu_ns() - began);
	return differ;
}

static bool maps_are_due(const struct schedule *schedule, bool moved, uint64_t interval_ns)
{
	uint64_t since = clock_now_ns() - schedule->maps_ns, pause;
	if (schedule->maps_wanted || moved) {
		pause = 10 * schedule->maps_cost_ns;
		/* that the size stayed is a sign that nothing was mapped, but no proof */
		return since >= (!schedule->maps_wanted && pause < interval_ns ? interval_ns * 3 / 2 : pause);
	}
	pause = 100 * schedule->maps_cost_ns;
	return since >= (pause > MAPS_QUIET_NS ? pause : MAPS_QUIET_NS);
}

/* The focus when nothing moved: from the credit, which it may use up. */
static int64_t glance_at_focus(struct schedule *schedule, struct sink *sink, uint64_t budget_ns,
			       struct err *err)
{
	uint64_t began = clock_thread_cpu_ns();
	uint64_t max_ns = schedule->credit_ns > 0 ? (uint64_t)schedule->credit_ns : 0;
	int64_t differ = read_focus(schedule, sink, max_ns < budget_ns ? max_ns : budget_ns, err);
	schedule->credit_ns -= (int64_t)(clock_thread_cpu_ns() - began);
	return differ;
}

int64_t schedule_look(struct schedule *schedule, struct sink *sink, bool moved, uint64_t interval_ns,
		      uint64_t budget_ns, struct err *err)
{
	uint64_t began = clock_now_ns();
	int64_t sum = 0, n = 0;
	earn_credit(schedule);
	hot_cool(&schedule->hot, clock_now_ns());
	if (moved)
		schedule->chase_again = true;
	if (maps_are_due(schedule, moved, interval_ns) && (n = read_maps(schedule, sink, err)) < 0)
		return -1;
	sum += n;
	if ((n = read_fresh(schedule, sink, began, budget_ns, err)) < 0)
		return -1;
	sum += n;
	bool busy = moved || schedule->chase.running;
	n = busy ? read_focus(schedule, sink, left(began, budget_ns) / 2, err)
		 : glance_at_focus(schedule, sink, left(began, budget_ns), err);
	if (n < 0)
		return -1;
	sum += n;
	bool hot = moved && (!schedule->told || schedule->missed);
	if (hot && (n = read_hot(schedule, sink, began, budget_ns * 3 / 4, err)) < 0)
		return -1;
	sum += hot ? n : 0;
	if ((n = chase(schedule, sink, left(began, budget_ns), err)) < 0)
		return -1;
	sum += n;
	if ((n = patrol(schedule, sink, left(began, budget_ns), err)) < 0)
		return -1;
	sum += n;
	if (sum)
		schedule->moved_ns = clock_now_ns();
	return sum;
}

int64_t schedule_everything(struct schedule *schedule, struct sink *sink, struct err *err)
{
	uint64_t done;
	int64_t events = read_maps(schedule, sink, err);
	if (events < 0)
		return -1;
	schedule->fresh_count = 0;
	int64_t differ = read_pages(schedule, sink, 0, RUNS_END, true, 0, &done, err);
	return differ < 0 ? -1 : events + differ;
}

int64_t schedule_regions(struct schedule *schedule, struct sink *sink, struct err *err)
{
	if (schedule->maps_cost_ns > MAPS_CHEAP_NS &&
	    clock_now_ns() - schedule->maps_ns < 10 * schedule->maps_cost_ns)
		return 0;
	return read_maps(schedule, sink, err);
}

int64_t schedule_ranges(struct schedule *schedule, struct sink *sink, const struct page_range *ranges,
			size_t n, uint64_t budget_ns, uint64_t *done, struct err *err)
{
	uint64_t began = clock_now_ns(), rest;
	int64_t sum = 0;
	*done = 0;
	for (size_t i = 0; i < n && (rest = left(began, budget_ns)); i++) {
		int64_t differ =
		    read_pages(schedule, sink, ranges[i].first, ranges[i].end, false, rest, done, err);
		if (differ < 0)
			return -1;
		sum += differ;
		if (*done < ranges[i].end)
			break;
	}
	if (sum)
		schedule->moved_ns = clock_now_ns();
	return sum;
}
