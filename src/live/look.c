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
#include "live/look.h"

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

void look_init(struct look *look, struct reader *reader, struct world *world, int32_t pid, bool cache)
{
	*look = (struct look){ .reader = reader, .world = world, .pid = pid, .cache = cache };
}

void look_fini(struct look *look)
{
	region_list_fini(&look->regions);
	tiles_fini(&look->tiles);
	tiles_fini(&look->merged);
	free(look->fresh);
}

uint64_t look_time(const struct look *look)
{
	return look->began_ns ? clock_now_ns() - look->began_ns : 0;
}

static const struct process *process_of(const struct look *look)
{
	return world_find(look->world, look->pid);
}

void look_focus(struct look *look, uint64_t first, uint64_t end)
{
	if (first == look->focus.first && end == look->focus.end)
		return;
	look->focus = (struct page_range){ first, end };
	look->focus_at = first;
	look->focus_cache_ns = 0;
}

void look_forget(struct look *look)
{
	look->fresh_count = 0;
	look->hot.count = 0;
	look->maps_wanted = true;
	look->chase = look->patrol = (struct pass){ 0 };
	look->chase_again = false;
	look->focus_at = look->focus.first;
}

void look_note_told(struct look *look, uint64_t count, uint64_t later)
{
	look->faults.told += count;
	look->faults.later += later;
}

/* Whether faults were counted that nobody told: those of pages that the kernel itself asked
 * for (mlock, MAP_POPULATE), lost ones. Those counted last time have been told by now. */
static void compare_told(struct look *look)
{
	struct look_told *f = &look->faults;
	int64_t untold = (int64_t)(f->counted - (f->told - f->later));
	if (!f->counted_ns)
		return;
	if (!f->known || untold > f->untold) {
		look->missed |= f->known;
		f->untold = untold;
		f->known = true;
	}
}

int look_counters(struct look *look, bool *moved, bool *exec, struct err *err)
{
	struct reader_stat now;
	struct err unread = { 0 };
	*moved = true; /* as long as nothing tells otherwise */
	*exec = false;
	compare_told(look);
	if (reader_stat(look->reader, &now, &unread) != 0) {
		if (unread.code != ERR_GONE)
			return 0;
		if (err)
			*err = unread;
		return -1;
	}
	const struct reader_stat *was = &look->stat;
	if (look->have_stat) {
		*moved =
		    now.counters.minor != was->counters.minor || now.counters.major != was->counters.major;
		*exec = now.start_stack != was->start_stack && now.start_stack && was->start_stack;
		if (now.vsize != was->vsize)
			look->maps_wanted = true;
	}
	look->stat = now;
	look->have_stat = true;
	look->faults.counted = now.counters.minor + now.counters.major;
	look->faults.counted_ns = clock_now_ns();
	look->faults.later = 0;
	if (*moved)
		look->moved_ns = clock_now_ns();
	return 0;
}

/* What passes through to the sink while something is read: where it changed. */
struct listener {
	struct sink sink;
	struct sink *to;
	struct look *look;
	uint64_t now_ns; /* one moment for all of a look */
	bool pages;      /* a reading of pages, not of maps */
};

static void want_fresh(struct look *look, const struct region_attr *attr, unsigned shift)
{
	/* so many at once are everything: the chase finds them */
	if (look->fresh_count == FRESH_MAX) {
		look->chase_again = true;
		return;
	}
	mem_grow(look->fresh, look->fresh_cap, look->fresh_count + 1);
	look->fresh[look->fresh_count++] = (struct page_range){ attr->start >> shift, attr->end >> shift };
}

static void listen(struct sink *sink, const struct event *e)
{
	struct listener *l = (struct listener *)sink;
	if (e->type == EVENT_MAP || e->type == EVENT_CHANGE)
		want_fresh(l->look, &e->region.attr, process_of(l->look)->space->page_shift);
	else if (e->type == EVENT_PAGES && l->pages && e->pages.n)
		hot_note(&l->look->hot, e->pages.tiles[0].first, e->pages.tiles[e->pages.n - 1].end,
			 l->now_ns);
	l->to->take(l->to, e);
}

static struct listener listen_to(struct look *look, struct sink *to, bool pages)
{
	return (struct listener){ { listen }, to, look, clock_now_ns(), pages };
}

static int64_t read_maps(struct look *look, struct sink *sink, struct err *err)
{
	struct listener l = listen_to(look, sink, false);
	uint64_t began = clock_thread_cpu_ns(), began_ns = clock_now_ns();
	if (reader_regions(look->reader, &look->regions, err) != 0)
		return -1;
	/* these regions do not follow from those before: the exec has to be told first */
	if (reader_is_renewed(look->reader))
		return err_set(err, ERR_GONE, "%s", _("it has become another program"));
	size_t events = observe_regions(process_of(look), &l.sink, look_time(look), look->regions.attrs,
					look->regions.count);
	look->maps_ns = clock_now_ns();
	look->maps_began_ns = began_ns;
	look->maps_cost_ns = clock_thread_cpu_ns() - began;
	look->maps_wanted = false;
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
static const struct tiles *keep_cached(struct look *look, const struct region_attr *attr)
{
	const struct runs *pages = process_of(look)->space->pages;
	uint32_t unasked = page_word(PAGE_RESERVED, PAGE_CACHE_UNKNOWN);
	look->merged.count = 0;
	for (size_t i = 0; i < look->tiles.count; i++) {
		const struct run *tile = &look->tiles.run[i];
		if (tile->value != unasked) {
			tiles_add(&look->merged, tile->first, tile->end, tile->value);
			continue;
		}
		struct runs_iter iter = runs_iter(pages, tile->first, tile->end);
		for (struct run was; runs_next(&iter, &was);)
			tiles_add(&look->merged, was.first, was.end,
				  keeps(attr, was.value) ? was.value : unasked);
	}
	return &look->merged;
}

/* Reads pages [first, end), what of them lies in regions, for at most max_ns (0: no
 * limit). *done is where it came to. Returns how many pages differed. */
static int64_t read_pages(struct look *look, struct sink *sink, uint64_t first, uint64_t end, bool cache,
			  uint64_t max_ns, uint64_t *done, struct err *err)
{
	const struct process *process = process_of(look);
	const struct space *space = process->space;
	struct listener l = listen_to(look, sink, true);
	uint64_t began = clock_now_ns(); /* the processor's clock is too dear for every region */
	int64_t differ = 0;
	cache = cache && look->cache;
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
		look->tiles.count = 0;
		if (reader_pages(look->reader, &region->attr, from, to, cache, max_ns ? max_ns - spent : 0,
				 &look->tiles, done, err) != 0)
			return -1;
		const struct tiles *tiles = cache ? &look->tiles : keep_cached(look, &region->attr);
		differ += (int64_t)observe_pages(process, &l.sink, look_time(look), tiles->run, tiles->count);
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

static int64_t read_fresh(struct look *look, struct sink *sink, uint64_t began, uint64_t budget_ns,
			  struct err *err)
{
	int64_t sum = 0;
	size_t i = 0;
	for (uint64_t rest; i < look->fresh_count && (rest = left(began, budget_ns)); i++) {
		struct page_range *range = &look->fresh[i];
		int64_t n = read_pages(look, sink, range->first, range->end, true, rest, &range->first, err);
		if (n < 0)
			return -1;
		sum += n;
		if (range->first < range->end)
			break;
	}
	memmove(look->fresh, look->fresh + i, (look->fresh_count - i) * sizeof *look->fresh);
	look->fresh_count -= i;
	return sum;
}

/* Continues a pass, but for the pages `known`; ends it when it has come round. */
static int64_t go_on(struct look *look, struct sink *sink, struct pass *pass, struct page_range known,
		     uint64_t max_ns, struct err *err)
{
	const struct page_range parts[] = { { 0, known.first }, { known.end, RUNS_END } };
	uint64_t began = clock_now_ns(), rest = max_ns;
	int64_t differ = 0;
	for (int i = 0; i < 2 && rest; i++) {
		uint64_t first = pass->at > parts[i].first ? pass->at : parts[i].first;
		if (first >= parts[i].end)
			continue;
		int64_t n = read_pages(look, sink, first, parts[i].end, pass->cache, rest, &pass->at, err);
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

static int64_t read_focus(struct look *look, struct sink *sink, uint64_t max_ns, struct err *err)
{
	uint64_t now = clock_now_ns();
	bool cache = now - look->focus_cache_ns >= FOCUS_CACHE_NS;
	bool whole = look->focus_at == look->focus.first;
	look->known = (struct page_range){ 0, 0 };
	if (look->focus.first >= look->focus.end || !max_ns)
		return 0;
	if (cache && max_ns > FOCUS_CACHE_BUDGET_NS)
		max_ns = FOCUS_CACHE_BUDGET_NS;
	int64_t differ =
	    read_pages(look, sink, look->focus_at, look->focus.end, cache, max_ns, &look->focus_at, err);
	if (differ >= 0 && look->focus_at >= look->focus.end) {
		look->focus_at = look->focus.first;
		if (whole)
			look->known = look->focus;
		if (cache)
			look->focus_cache_ns = now;
	}
	return differ;
}

static int64_t read_hot(struct look *look, struct sink *sink, uint64_t began, uint64_t budget_ns,
			struct err *err)
{
	struct hot hot = look->hot; /* reading adds to it */
	int64_t sum = 0;
	for (size_t i = 0; i < hot.count; i++) {
		uint64_t first, end, done, rest = left(began, budget_ns);
		hot_reach(&hot.range[i], &first, &end);
		if (!rest)
			break;
		if (first >= look->known.first && end <= look->known.end)
			continue;
		int64_t n = read_pages(look, sink, first, end, false, rest, &done, err);
		if (n < 0)
			return -1;
		sum += n;
	}
	return sum;
}

static int64_t chase(struct look *look, struct sink *sink, uint64_t max_ns, struct err *err)
{
	struct pass *pass = &look->chase;
	bool all_told = look->told && !look->missed;
	uint64_t pause = pass->cost_ns * (all_told     ? CHASE_PAUSE_ALL_TOLD
					  : look->told ? CHASE_PAUSE_TOLD
						       : CHASE_PAUSE);
	if (all_told && pause < CHASE_ALL_TOLD_NS)
		pause = CHASE_ALL_TOLD_NS;
	if (look->known.end && pause < CHASE_BESIDE_NS)
		pause = CHASE_BESIDE_NS;
	if (!pass->running && look->chase_again && clock_now_ns() - pass->ended_ns >= pause) {
		begin(pass, false);
		look->chase_again = look->missed = false;
	}
	return pass->running && max_ns ? go_on(look, sink, pass, look->known, max_ns, err) : 0;
}

static void earn_credit(struct look *look)
{
	uint64_t now = clock_now_ns();
	if (look->credit_at)
		look->credit_ns += (int64_t)((now - look->credit_at) / CREDIT_SHARE);
	if (look->credit_ns > (int64_t)CREDIT_MAX)
		look->credit_ns = CREDIT_MAX;
	look->credit_at = now;
}

static int64_t patrol(struct look *look, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct pass *pass = &look->patrol;
	uint64_t now = clock_now_ns(), began = clock_thread_cpu_ns(), max_ns = budget_ns;
	if (look->credit_ns <= 0 || !budget_ns)
		return 0;
	if (!pass->running && now - pass->ended_ns < PATROL_PAUSE_NS)
		return 0;
	if (!pass->running) {
		bool cache = now - look->patrol_cache_ns >= PATROL_CACHE_NS;
		begin(pass, cache);
		if (cache)
			look->patrol_cache_ns = now;
	}
	if (max_ns > PATROL_CHUNK_NS)
		max_ns = PATROL_CHUNK_NS;
	int64_t differ = go_on(look, sink, pass, (struct page_range){ 0, 0 }, max_ns, err);
	look->credit_ns -= (int64_t)(clock_thread_cpu_ns() - began);
	return differ;
}

static bool maps_are_due(const struct look *look, bool moved, uint64_t interval_ns)
{
	uint64_t since = clock_now_ns() - look->maps_ns, pause;
	if (look->maps_wanted || moved) {
		pause = 10 * look->maps_cost_ns;
		/* that the size stayed is a sign that nothing was mapped, but no proof */
		return since >= (!look->maps_wanted && pause < interval_ns ? interval_ns * 3 / 2 : pause);
	}
	pause = 100 * look->maps_cost_ns;
	return since >= (pause > MAPS_QUIET_NS ? pause : MAPS_QUIET_NS);
}

/* The focus when nothing moved: from the credit, which it may use up. */
static int64_t glance_at_focus(struct look *look, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	uint64_t began = clock_thread_cpu_ns();
	uint64_t max_ns = look->credit_ns > 0 ? (uint64_t)look->credit_ns : 0;
	int64_t differ = read_focus(look, sink, max_ns < budget_ns ? max_ns : budget_ns, err);
	look->credit_ns -= (int64_t)(clock_thread_cpu_ns() - began);
	return differ;
}

int64_t look_around(struct look *look, struct sink *sink, bool moved, uint64_t interval_ns,
		    uint64_t budget_ns, struct err *err)
{
	uint64_t began = clock_now_ns();
	int64_t sum = 0, n = 0;
	earn_credit(look);
	hot_cool(&look->hot, clock_now_ns());
	if (moved)
		look->chase_again = true;
	if (maps_are_due(look, moved, interval_ns) && (n = read_maps(look, sink, err)) < 0)
		return -1;
	sum += n;
	if ((n = read_fresh(look, sink, began, budget_ns, err)) < 0)
		return -1;
	sum += n;
	bool busy = moved || look->chase.running;
	n = busy ? read_focus(look, sink, left(began, budget_ns) / 2, err)
		 : glance_at_focus(look, sink, left(began, budget_ns), err);
	if (n < 0)
		return -1;
	sum += n;
	bool hot = moved && (!look->told || look->missed);
	if (hot && (n = read_hot(look, sink, began, budget_ns * 3 / 4, err)) < 0)
		return -1;
	sum += hot ? n : 0;
	if ((n = chase(look, sink, left(began, budget_ns), err)) < 0)
		return -1;
	sum += n;
	if ((n = patrol(look, sink, left(began, budget_ns), err)) < 0)
		return -1;
	sum += n;
	if (sum)
		look->moved_ns = clock_now_ns();
	return sum;
}

int64_t look_everywhere(struct look *look, struct sink *sink, struct err *err)
{
	uint64_t done;
	int64_t events = read_maps(look, sink, err);
	if (events < 0)
		return -1;
	look->fresh_count = 0;
	int64_t differ = read_pages(look, sink, 0, RUNS_END, true, 0, &done, err);
	return differ < 0 ? -1 : events + differ;
}

int64_t look_regions(struct look *look, struct sink *sink, struct err *err)
{
	if (look->maps_cost_ns > MAPS_CHEAP_NS && clock_now_ns() - look->maps_ns < 10 * look->maps_cost_ns)
		return 0;
	return read_maps(look, sink, err);
}

int64_t look_ranges(struct look *look, struct sink *sink, const struct page_range *ranges, size_t n,
		    uint64_t budget_ns, uint64_t *done, struct err *err)
{
	uint64_t began = clock_now_ns(), rest;
	int64_t sum = 0;
	*done = 0;
	for (size_t i = 0; i < n && (rest = left(began, budget_ns)); i++) {
		int64_t differ =
		    read_pages(look, sink, ranges[i].first, ranges[i].end, false, rest, done, err);
		if (differ < 0)
			return -1;
		sum += differ;
		if (*done < ranges[i].end)
			break;
	}
	if (sum)
		look->moved_ns = clock_now_ns();
	return sum;
}
