/* The page cache is read rarely, because that is expensive: a reading without it leaves what is known about
 * it unchanged. */
#include "live/reading.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"
#include "model/observe.h"

#define AHEAD_PAGES 16384 /* in small regions, that are scanned in one call */

void reading_init(struct reading *r, struct watch *watch, struct reader *reader, bool cache)
{
	*r = (struct reading){ .watch = watch, .reader = reader, .cache = cache };
}

void reading_fini(struct reading *r)
{
	region_list_fini(&r->regions);
	tiles_fini(&r->tiles);
	tiles_fini(&r->merged);
}

uint64_t reading_maps_began_ns(const struct reading *r)
{
	return r->maps_began_ns;
}

uint64_t reading_maps_age_ns(const struct reading *r)
{
	return clock_now_ns() - r->maps_ns;
}

uint64_t reading_maps_cost_ns(const struct reading *r)
{
	return r->maps_cost_ns;
}

int64_t reading_maps(struct reading *r, struct sink *sink, struct err *err)
{
	uint64_t cpu_ns = clock_thread_cpu_ns(), began_ns = clock_now_ns();
	if (reader_regions(r->reader, &r->regions, err) != 0)
		return -1;
	/* these regions belong to another program: the exec has to be sent first */
	if (reader_is_renewed(r->reader))
		return err_set(err, ERR_GONE, "%s", _("it has become another program"));
	size_t events = observe_regions(watch_process(r->watch), sink, watch_now(r->watch), r->regions.attrs,
					r->regions.count);
	r->maps_ns = clock_now_ns();
	r->maps_began_ns = began_ns;
	r->maps_cost_ns = clock_thread_cpu_ns() - cpu_ns;
	return (int64_t)events;
}

/* Does the model know the page's state from the page cache, and is it still valid? */
static bool keeps(const struct region_attr *attr, uint32_t was)
{
	enum page_state state = page_state(was);
	return (page_state_untouched(state) && !(was & PAGE_CACHE_UNKNOWN)) ||
	       (page_state_swapped(state) && attr->perms & REGION_MAY_SHARE);
}

/* After a reading without the page cache: where it found nothing, fills in what is known about the page
 * cache. */
static const struct tiles *keep_cached(struct reading *r, const struct region_attr *attr)
{
	const struct runs *pages = watch_process(r->watch)->space->pages;
	uint32_t unasked = page_unasked();
	r->merged.count = 0;
	for (size_t i = 0; i < r->tiles.count; i++) {
		const struct run *tile = &r->tiles.run[i];
		if (tile->value != unasked) {
			tiles_add(&r->merged, tile->first, tile->end, tile->value);
			continue;
		}
		struct runs_iter iter = runs_iter(pages, tile->first, tile->end);
		for (struct run was; runs_next(&iter, &was);)
			tiles_add(&r->merged, was.first, was.end,
				  keeps(attr, was.value) ? was.value : unasked);
	}
	return &r->merged;
}

uint64_t reading_scan_ahead(struct reader *reader, const struct space *space, size_t i, uint64_t from,
			    uint64_t end)
{
	uint64_t stop = from, sum = 0;
	size_t count = 0;
	for (; i < space->count && stop < end; i++, count++) {
		const struct region *region = space->regions[i];
		uint64_t first = count ? region_first(space, region) : from;
		sum += region_end(space, region) - first;
		/* a scan does not reach above what the process may map */
		if (region->attr.kind == REGION_VSYSCALL || first >= end || first < stop || sum > AHEAD_PAGES)
			break;
		stop = min(region_end(space, region), end);
	}
	uint64_t done = count > 1 ? reader_scan_ahead(reader, from, stop) : from;
	return done > from ? done : from + 1;
}

static int64_t read_regions(struct reading *r, struct sink *sink, uint64_t first, uint64_t end, bool cache,
			    uint64_t max_ns, uint64_t *done, struct err *err)
{
	const struct process *process = watch_process(r->watch);
	const struct space *space = process->space;
	uint64_t began = clock_now_ns(); /* reading the processor time for every region costs too much */
	uint64_t ahead = 0;
	int64_t differ = 0;
	cache = cache && r->cache;
	for (size_t i = space_find_index(space, first << space->page_shift); i < space->count; i++) {
		const struct region *region = space->regions[i];
		uint64_t from = region_first(space, region), to = region_end(space, region);
		uint64_t spent = max_ns ? clock_now_ns() - began : 0;
		if (from >= end)
			break;
		from = max(from, first);
		to = min(to, end);
		*done = from;
		if (max_ns && spent >= max_ns)
			return differ;
		if (from >= ahead)
			ahead = reading_scan_ahead(r->reader, space, i, from, end);
		r->tiles.count = 0;
		if (reader_pages(r->reader, &region->attr, from, to, cache, max_ns ? max_ns - spent : 0,
				 &r->tiles, done, err) != 0)
			return -1;
		const struct tiles *tiles = cache ? &r->tiles : keep_cached(r, &region->attr);
		differ +=
		    (int64_t)observe_pages(process, sink, watch_now(r->watch), tiles->run, tiles->count);
		if (*done < to)
			return differ;
	}
	*done = end;
	return differ;
}

int64_t reading_pages(struct reading *r, struct sink *sink, uint64_t first, uint64_t end, bool cache,
		      uint64_t max_ns, uint64_t *done, struct err *err)
{
	int64_t differ = read_regions(r, sink, first, end, cache, max_ns, done, err);
	reader_drop_ahead(r->reader);
	return differ;
}

void reading_inspect_dead(const struct process *process, uint64_t page, struct page_detail *detail)
{
	page_detail_refuse(detail, page, runs_at(process->space->pages, page).value,
			   _("the process has ended"));
}
