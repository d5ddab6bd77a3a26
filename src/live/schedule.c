/* The order of a look, the most expensive last:
 *
 *   1. maps, when the size of all regions says that it changed, else now and then
 *   2. pages of regions that are new or have changed
 *   3. the focus: what the user sees
 *   4. only when the fault counters moved:
 *      where pages changed lately (hot), then a pass over everything (chase);
 *      if every fault that was counted was reported, no hot, and seldom a chase
 *   5. a slow pass over everything (patrol), for what no counter shows: madvise,
 *      reclaim, swapping, a page replaced by another
 *
 * Reading without a reason (3 when nothing moved, and 5) is paid for from a credit that grows with time,
 * CREDIT_SHARE of a core, so a quiet process of any size costs the same small share. What was read for the
 * focus is not read again in the same look. After a chase that took long, the next one begins only after a
 * pause of CHASE_PAUSE times as long. */
#include "live/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/minmax.h"

#define CREDIT_SHARE 150 /* one part in so many */
#define CREDIT_MAX (20 * CLOCK_MS)
#define CHASE_PAUSE 3
#define CHASE_PAUSE_FAULTS 30                /* if faults are reported one by one */
#define CHASE_PAUSE_ALL_FAULTS 100           /* and none was missed, */
#define CHASE_ALL_FAULTS_NS (500 * CLOCK_MS) /* and not sooner than this */
#define MAPS_CHEAP_NS CLOCK_MS               /* to be read whenever a fault needs it */
#define MAPS_REST 4                      /* else the pause between two is this many times what one costs */
#define CHASE_BESIDE_NS (200 * CLOCK_MS) /* between two, when the screen's part is read anyway */
#define MAPS_QUIET_NS CLOCK_SECOND
#define FOCUS_CACHE_NS (1500 * CLOCK_MS)
#define FOCUS_CACHE_BUDGET_NS (5 * CLOCK_MS)
#define PATROL_CACHE_NS (60 * CLOCK_SECOND)
#define PATROL_CHUNK_NS (2 * CLOCK_MS)
#define PATROL_PAUSE_NS CLOCK_SECOND
#define FRESH_MAX 4096

void schedule_init(struct schedule *s, struct watch *watch, struct reader *reader,
		   struct fault_balance *balance, bool cache)
{
	*s = (struct schedule){ .watch = watch, .balance = balance };
	reading_init(&s->reading, watch, reader, cache);
}

void schedule_fini(struct schedule *s)
{
	reading_fini(&s->reading);
	free(s->fresh.ranges);
}

void schedule_focus(struct schedule *s, uint64_t first, uint64_t end)
{
	if (first == s->focus.range.first && end == s->focus.range.end)
		return;
	s->focus.range = (struct page_range){ first, end };
	s->focus.at = first;
	s->focus.cache_ns = 0;
}

void schedule_forget(struct schedule *s)
{
	s->fresh.count = 0;
	hot_forget(&s->hot);
	s->maps_wanted = true;
	s->chase = s->patrol = (struct schedule_pass){ 0 };
	s->chase_again = false;
	s->focus.at = s->focus.range.first;
}

void schedule_want_maps(struct schedule *s)
{
	s->maps_wanted = true;
}

void schedule_want_pass(struct schedule *s)
{
	s->chase_again = true;
}

/* Sits in front of the sink while something is read, and sees where it changed. */
struct listener {
	struct sink sink;
	struct sink *to;
	struct schedule *schedule;
	uint64_t now_ns; /* one time for all of a reading */
	bool pages;      /* a reading of pages, not of maps */
};

static void want_fresh(struct schedule *s, const struct region_attr *attr)
{
	unsigned shift = watch_process(s->watch)->space->page_shift;
	/* with this many at once, reading everything is as good: the chase finds them */
	if (s->fresh.count == FRESH_MAX) {
		s->chase_again = true;
		return;
	}
	mem_grow(s->fresh.ranges, s->fresh.cap, s->fresh.count + 1);
	s->fresh.ranges[s->fresh.count++] = (struct page_range){ attr->start >> shift, attr->end >> shift };
}

static void listen(struct sink *sink, const struct event *e)
{
	struct listener *l = (struct listener *)sink;
	if (e->type == EVENT_MAP || e->type == EVENT_CHANGE)
		want_fresh(l->schedule, &e->region.attr);
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

static struct listener listen_to(struct schedule *s, struct sink *to, bool pages)
{
	return (struct listener){ { .before = listen, .take = pass_on }, to, s, clock_now_ns(), pages };
}

static int64_t read_maps(struct schedule *s, struct sink *sink, struct err *err)
{
	struct listener l = listen_to(s, sink, false);
	int64_t events = reading_maps(&s->reading, &l.sink, err);
	if (events >= 0)
		s->maps_wanted = false;
	return events;
}

static int64_t read_pages(struct schedule *s, struct sink *sink, uint64_t first, uint64_t end, bool cache,
			  uint64_t max_ns, uint64_t *done, struct err *err)
{
	struct listener l = listen_to(s, sink, true);
	return reading_pages(&s->reading, &l.sink, first, end, cache, max_ns, done, err);
}

/* What is left of a budget that began at `began`; 0: nothing. */
static uint64_t left(uint64_t began, uint64_t budget_ns)
{
	uint64_t spent = clock_now_ns() - began;
	return spent < budget_ns ? budget_ns - spent : 0;
}

static int64_t read_fresh(struct schedule *s, struct sink *sink, uint64_t began, uint64_t budget_ns,
			  struct err *err)
{
	int64_t sum = 0;
	size_t i = 0;
	for (uint64_t rest; i < s->fresh.count && (rest = left(began, budget_ns)); i++) {
		struct page_range *range = &s->fresh.ranges[i];
		int64_t n = read_pages(s, sink, range->first, range->end, true, rest, &range->first, err);
		if (n < 0)
			return -1;
		sum += n;
		if (range->first < range->end)
			break;
	}
	memmove(s->fresh.ranges, s->fresh.ranges + i, (s->fresh.count - i) * sizeof *s->fresh.ranges);
	s->fresh.count -= i;
	return sum;
}

/* Continues a pass, leaving out the pages `known`; ends it when all pages were read. */
static int64_t go_on(struct schedule *s, struct sink *sink, struct schedule_pass *pass,
		     struct page_range known, uint64_t max_ns, struct err *err)
{
	const struct page_range parts[] = { { 0, known.first }, { known.end, RUNS_END } };
	uint64_t began = clock_now_ns(), rest = max_ns;
	int64_t differ = 0;
	for (int i = 0; i < 2 && rest; i++) {
		uint64_t first = max(pass->at, parts[i].first);
		if (first >= parts[i].end)
			continue;
		int64_t n = read_pages(s, sink, first, parts[i].end, pass->cache, rest, &pass->at, err);
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

static void begin(struct schedule_pass *pass, bool cache)
{
	*pass = (struct schedule_pass){ .running = true, .cache = cache };
}

static int64_t read_focus(struct schedule *s, struct sink *sink, uint64_t max_ns, struct err *err)
{
	uint64_t now = clock_now_ns();
	bool cache = now - s->focus.cache_ns >= FOCUS_CACHE_NS;
	bool whole = s->focus.at == s->focus.range.first;
	s->focus.known = (struct page_range){ 0, 0 };
	if (s->focus.range.first >= s->focus.range.end || !max_ns)
		return 0;
	if (cache && max_ns > FOCUS_CACHE_BUDGET_NS)
		max_ns = FOCUS_CACHE_BUDGET_NS;
	int64_t differ =
	    read_pages(s, sink, s->focus.at, s->focus.range.end, cache, max_ns, &s->focus.at, err);
	if (differ >= 0 && s->focus.at >= s->focus.range.end) {
		s->focus.at = s->focus.range.first;
		if (whole)
			s->focus.known = s->focus.range;
		if (cache)
			s->focus.cache_ns = now;
	}
	return differ;
}

static int64_t read_hot(struct schedule *s, struct sink *sink, uint64_t began, uint64_t budget_ns,
			struct err *err)
{
	struct hot hot = s->hot; /* reading adds to it */
	int64_t sum = 0;
	uint64_t first, end, done;
	for (size_t i = 0; hot_reach(&hot, i, &first, &end); i++) {
		uint64_t rest = left(began, budget_ns);
		if (!rest)
			break;
		if (first >= s->focus.known.first && end <= s->focus.known.end)
			continue;
		int64_t n = read_pages(s, sink, first, end, false, rest, &done, err);
		if (n < 0)
			return -1;
		sum += n;
	}
	return sum;
}

static int64_t chase(struct schedule *s, struct sink *sink, uint64_t max_ns, struct err *err)
{
	struct schedule_pass *pass = &s->chase;
	bool reported = fault_balance_is_on(s->balance);
	bool all_reported = reported && !fault_balance_has_missed(s->balance);
	uint64_t pause = pass->cost_ns * (all_reported ? CHASE_PAUSE_ALL_FAULTS
					  : reported   ? CHASE_PAUSE_FAULTS
						       : CHASE_PAUSE);
	if (all_reported && pause < CHASE_ALL_FAULTS_NS)
		pause = CHASE_ALL_FAULTS_NS;
	if (s->focus.known.end && pause < CHASE_BESIDE_NS)
		pause = CHASE_BESIDE_NS;
	if (!pass->running && s->chase_again && clock_now_ns() - pass->ended_ns >= pause) {
		begin(pass, false);
		s->chase_again = false;
		fault_balance_search(s->balance);
	}
	return pass->running && max_ns ? go_on(s, sink, pass, s->focus.known, max_ns, err) : 0;
}

static void earn_credit(struct schedule *s)
{
	uint64_t now = clock_now_ns();
	if (s->credit.earned_ns)
		s->credit.left_ns += (int64_t)((now - s->credit.earned_ns) / CREDIT_SHARE);
	if (s->credit.left_ns > (int64_t)CREDIT_MAX)
		s->credit.left_ns = CREDIT_MAX;
	s->credit.earned_ns = now;
}

static int64_t patrol(struct schedule *s, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct schedule_pass *pass = &s->patrol;
	uint64_t now = clock_now_ns(), began = clock_thread_cpu_ns(), max_ns = budget_ns;
	if (s->credit.left_ns <= 0 || !budget_ns)
		return 0;
	if (!pass->running && now - pass->ended_ns < PATROL_PAUSE_NS)
		return 0;
	if (!pass->running) {
		bool cache = now - s->patrol_cache_ns >= PATROL_CACHE_NS;
		begin(pass, cache);
		if (cache)
			s->patrol_cache_ns = now;
	}
	if (max_ns > PATROL_CHUNK_NS)
		max_ns = PATROL_CHUNK_NS;
	int64_t differ = go_on(s, sink, pass, (struct page_range){ 0, 0 }, max_ns, err);
	s->credit.left_ns -= (int64_t)(clock_thread_cpu_ns() - began);
	return differ;
}

static bool maps_are_due(const struct schedule *s, bool moved, uint64_t interval_ns)
{
	uint64_t since = reading_maps_age_ns(&s->reading), pause;
	if (s->maps_wanted || moved) {
		pause = 10 * reading_maps_cost_ns(&s->reading);
		/* an equal size suggests that nothing was mapped, but does not prove it */
		return since >= (!s->maps_wanted && pause < interval_ns ? interval_ns * 3 / 2 : pause);
	}
	pause = 100 * reading_maps_cost_ns(&s->reading);
	return since >= max(pause, MAPS_QUIET_NS);
}

/* Reads the focus when nothing moved, paid for from the credit, which it may use up. */
static int64_t glance_at_focus(struct schedule *s, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	uint64_t began = clock_thread_cpu_ns();
	uint64_t max_ns = s->credit.left_ns > 0 ? (uint64_t)s->credit.left_ns : 0;
	int64_t differ = read_focus(s, sink, min(max_ns, budget_ns), err);
	s->credit.left_ns -= (int64_t)(clock_thread_cpu_ns() - began);
	return differ;
}

int64_t schedule_look(struct schedule *s, struct sink *sink, const struct counters_change *change,
		      uint64_t interval_ns, uint64_t budget_ns, struct err *err)
{
	uint64_t began = clock_now_ns();
	bool moved = change->moved;
	int64_t sum = 0, n = 0;
	earn_credit(s);
	hot_cool(&s->hot, clock_now_ns());
	s->chase_again |= moved;
	s->maps_wanted |= change->resized;
	if (maps_are_due(s, moved, interval_ns) && (n = read_maps(s, sink, err)) < 0)
		return -1;
	sum += n;
	if ((n = read_fresh(s, sink, began, budget_ns, err)) < 0)
		return -1;
	sum += n;
	bool busy = moved || s->chase.running;
	n = busy ? read_focus(s, sink, left(began, budget_ns) / 2, err)
		 : glance_at_focus(s, sink, left(began, budget_ns), err);
	if (n < 0)
		return -1;
	sum += n;
	bool hot = moved && (!fault_balance_is_on(s->balance) || fault_balance_has_missed(s->balance));
	if (hot && (n = read_hot(s, sink, began, budget_ns * 3 / 4, err)) < 0)
		return -1;
	sum += hot ? n : 0;
	if ((n = chase(s, sink, left(began, budget_ns), err)) < 0)
		return -1;
	sum += n;
	if ((n = patrol(s, sink, left(began, budget_ns), err)) < 0)
		return -1;
	sum += n;
	if (sum)
		watch_note_move(s->watch);
	return sum;
}

int64_t schedule_everything(struct schedule *s, struct sink *sink, struct err *err)
{
	uint64_t done;
	int64_t events = read_maps(s, sink, err);
	if (events < 0)
		return -1;
	s->fresh.count = 0;
	int64_t differ = read_pages(s, sink, 0, RUNS_END, true, 0, &done, err);
	return differ < 0 ? -1 : events + differ;
}

bool schedule_regions_dear(const struct schedule *s)
{
	uint64_t cost = reading_maps_cost_ns(&s->reading);
	return cost > MAPS_CHEAP_NS && reading_maps_age_ns(&s->reading) < MAPS_REST * cost;
}

uint64_t schedule_maps_began_ns(const struct schedule *s)
{
	return reading_maps_began_ns(&s->reading);
}

bool schedule_has_fresh(const struct schedule *s)
{
	return s->fresh.count;
}

int64_t schedule_regions(struct schedule *s, struct sink *sink, struct err *err)
{
	return read_maps(s, sink, err);
}

int64_t schedule_ranges(struct schedule *s, struct sink *sink, const struct page_range *ranges, size_t n,
			uint64_t budget_ns, uint64_t *done, struct err *err)
{
	uint64_t began = clock_now_ns(), rest;
	int64_t sum = 0;
	*done = 0;
	for (size_t i = 0; i < n && (rest = left(began, budget_ns)); i++) {
		int64_t differ = read_pages(s, sink, ranges[i].first, ranges[i].end, false, rest, done, err);
		if (differ < 0)
			return -1;
		sum += differ;
		if (*done < ranges[i].end)
			break;
	}
	if (sum)
		watch_note_move(s->watch);
	return sum;
}
