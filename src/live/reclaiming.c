/* The pages are read before and after, so that what is reported is what the kernel has done, not what it was
 * asked to do. Only pages that are in memory are evicted: a region may be an empty terabyte. */
#include "live/reclaiming.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/reclaim.h"

struct reclaim {
	struct reader *reader;
	int pidfd;
	const struct region_attr *region;
	uint64_t first, end;
	struct tiles tiles;
};

static int read_pages(struct reclaim *r, struct err *err)
{
	uint64_t done;

	r->tiles.count = 0;
	return reader_pages(r->reader, r->region, r->first, r->end, true, 0, &r->tiles, &done, err);
}

static void count(const struct reclaim *r, struct control_census *census)
{
	for (size_t i = 0; i < r->tiles.count; i++) {
		const struct run *run = &r->tiles.run[i];

		census->states[page_state(run->value)] += run->end - run->first;
		if (run->value & PAGE_CACHE_UNKNOWN)
			census->cache_unknown += run->end - run->first;
	}
}

/* Dirty pages by the kernel's sums; private copies are dirty too, and cannot be told apart from the
 * file's. */
static void count_dirty(const struct reclaim *r, struct control_census *census)
{
	struct region_sums *sums;
	size_t n;

	if (reader_smaps(r->reader, &sums, &n, NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (sums[i].start != r->region->start || sums[i].anonymous)
			continue;
		census->has_dirty = true;
		census->dirty =
		    (sums[i].shared_dirty + sums[i].private_dirty) >> reader_page_shift(r->reader);
	}
	free(sums);
}

static int evict(const struct reclaim *r, struct err *err)
{
	unsigned shift = reader_page_shift(r->reader);

	if (r->pidfd < 0)
		return err_set(err, ERR_UNSUPPORTED, "%s", _("this kernel has no pidfd of the process"));
	for (size_t i = 0; i < r->tiles.count; i++) {
		const struct run *run = &r->tiles.run[i];

		if (page_state_resident(page_state(run->value)) &&
		    reclaim_evict(r->pidfd, run->first << shift, (run->end - run->first) << shift, err) < 0)
			return -1;
	}
	return 0;
}

/* Whether a drop could drop anything. If not, it is not tried, because the kernel would still write dirty
 * pages. */
static bool droppable(const struct control_census *before)
{
	return page_sum(before->states, page_state_cached) || before->cache_unknown;
}

static int drop(const struct reclaim *r, int file, struct control_done *done, struct err *err)
{
	unsigned shift = reader_page_shift(r->reader);
	uint64_t offset = r->region->offset + ((r->first << shift) - r->region->start);
	uint64_t bytes = (r->end - r->first) << shift;
	struct control_census *before = &done->before, *after = &done->after;

	before->has_dirty = reclaim_dirty(file, offset, bytes, &before->dirty);
	if (reclaim_drop(file, offset, bytes, err) < 0)
		return -1;
	after->has_dirty = reclaim_dirty(file, offset, bytes, &after->dirty);
	return 0;
}

static int act(const struct reclaim *r, enum control what, struct control_done *done, struct err *err)
{
	int file, result;

	if (what == CONTROL_EVICT)
		return evict(r, err);
	file = reader_open_file(r->reader, r->region, err);
	if (file < 0)
		return -1;
	result = 0;
	if (what == CONTROL_SYNC)
		result = reclaim_sync(file, err);
	else if (droppable(&done->before))
		result = drop(r, file, done, err);
	close(file);
	return result;
}

static int act_and_count(struct reclaim *r, enum control what, struct control_done *done, struct err *err)
{
	*done = (struct control_done){ 0 };
	if (read_pages(r, err) < 0)
		return -1;
	count(r, &done->before);
	if (what == CONTROL_SYNC)
		count_dirty(r, &done->before);
	if (act(r, what, done, err) < 0 || read_pages(r, err) < 0)
		return -1;
	count(r, &done->after);
	if (what == CONTROL_SYNC)
		count_dirty(r, &done->after);
	return 0;
}

static const struct region_attr *find_region(const struct region_list *list, uint64_t address)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->attrs[i].start <= address && address < list->attrs[i].end)
			return &list->attrs[i];
	return NULL;
}

int reclaiming_do(struct reader *reader, int pidfd, enum control what, const struct control_pages *pages,
		  struct err *err)
{
	unsigned shift = reader_page_shift(reader);
	struct reclaim r = { .reader = reader, .pidfd = pidfd, .first = pages->first, .end = pages->end };
	struct region_list regions = { 0 };
	struct control_done unwanted;
	int result = reader_regions(reader, &regions, err);

	if (result == 0) {
		r.region = find_region(&regions, pages->first << shift);
		if (!r.region)
			result = err_set(err, ERR_NOT_FOUND, "%s", _("there is no region"));
	}
	if (result == 0) {
		if (r.end > r.region->end >> shift)
			r.end = r.region->end >> shift;
		result = act_and_count(&r, what, pages->done ? pages->done : &unwanted, err);
	}
	tiles_fini(&r.tiles);
	region_list_fini(&regions);
	return result;
}
