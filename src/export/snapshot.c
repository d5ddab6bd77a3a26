/* The model's runs may differ in bits that have no name outside; such neighbours are one
 * run here. With frame numbers, a run also ends where the next frame is not the next number:
 *
 *   page    0x100  0x101  0x102  0x103
 *   word     anon   anon   anon   file
 *   frame    0x50   0x51   0x90   0x91      runs: 0x100+2 at 0x50, 0x102+1 at 0x90, 0x103+1
 *
 * The kernel's sums were read at another time than the regions: a process that runs on may have other
 * regions by then. Sums count only for exactly the same addresses. */
#include "export/snapshot.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

#define FRAMES 4096 /* frame numbers read at a time */

static uint32_t visible(uint32_t word)
{
	uint32_t shown = word & PAGE_STATE_MASK;

	for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_FLAG_LAST; bit <<= 1)
		if (page_flags(word) & bit && page_flag_name(bit))
			shown |= bit;
	if (page_state(word) == PAGE_UNKNOWN)
		shown |= word & PAGE_WHY_MASK;
	return shown;
}

void snapshot_runs_init(struct snapshot_runs *runs, const struct space *space, const struct region *region,
			const struct snapshot_options *options)
{
	*runs = (struct snapshot_runs){
		.options = options,
		.iter = runs_iter(space->pages, region_first(space, region), region_end(space, region)),
		.frames = options->frames ? mem_alloc(FRAMES * sizeof(uint64_t)) : NULL,
	};
}

void snapshot_runs_fini(struct snapshot_runs *runs)
{
	free(runs->frames);
}

/* Only pages in memory have a frame; others are not looked up, however many there are. */
static bool has_frame(uint32_t word)
{
	return page_state_mapped(page_state(word));
}

static uint64_t frame_of(struct snapshot_runs *runs, uint64_t page, uint64_t end)
{
	if (page < runs->frames_first || page >= runs->frames_first + runs->frames_count) {
		uint64_t want = min(end - page, FRAMES);

		runs->frames_first = page;
		runs->frames_count =
		    runs->options->frames(runs->options->frames_context, page, runs->frames, want);
		if (!runs->frames_count)
			return 0;
	}
	return runs->frames[page - runs->frames_first];
}

/* Cuts run->end to where the sequence of frames ends. */
static void cut_at_frames(struct snapshot_runs *runs, struct snapshot_run *run)
{
	uint64_t page = run->first + 1;

	if (!has_frame(run->word))
		return;
	run->frame = frame_of(runs, run->first, run->end);
	for (; page < run->end; page++)
		if (frame_of(runs, page, run->end) != (run->frame ? run->frame + (page - run->first) : 0))
			break;
	run->end = page;
}

static bool empty(const struct run *run)
{
	return run->first == run->end;
}

/* The next run of the model, `ahead` first, with all that follow it and look the same. */
static bool fill_pending(struct snapshot_runs *runs)
{
	struct run *pending = &runs->pending, *ahead = &runs->ahead;

	if (empty(ahead) && !runs_next(&runs->iter, ahead))
		return false;
	*pending = *ahead;
	pending->value = visible(ahead->value);
	while (runs_next(&runs->iter, ahead)) {
		if (visible(ahead->value) != pending->value)
			return true;
		pending->end = ahead->end;
	}
	ahead->first = ahead->end;
	return true;
}

bool snapshot_runs_next(struct snapshot_runs *runs, struct snapshot_run *out)
{
	if (empty(&runs->pending) && !fill_pending(runs))
		return false;
	*out = (struct snapshot_run){ runs->pending.first, runs->pending.end, runs->pending.value, 0 };
	if (runs->options->frames)
		cut_at_frames(runs, out);
	runs->pending.first = out->end;
	return true;
}

static int compare_place(const void *key, const void *element)
{
	uint64_t address = *(const uint64_t *)key;
	const struct region_sums *sums = element;

	return address < sums->start ? -1 : address >= sums->end;
}

/* The sums of the region that holds an address. */
static const struct region_sums *sums_at(const struct snapshot_options *options, uint64_t address)
{
	return options->sums_count ? bsearch(&address, options->sums, options->sums_count,
					     sizeof *options->sums, compare_place)
				   : NULL;
}

const struct region_sums *snapshot_sums_find(const struct snapshot_options *options,
					     const struct region *region)
{
	const struct region_attr *a = &region->attr;
	const struct region_sums *found = sums_at(options, a->start);

	return found && found->end == a->end && (a->joined || found->start == a->start) ? found : NULL;
}

bool snapshot_sums_behind(const struct snapshot_options *options, const struct space *space,
			  const struct region *region)
{
	const struct region_sums *found = sums_at(options, region->attr.start);
	const struct region *next = space_find(space, region->attr.end);

	return found && next && next->attr.joined && next->attr.start == region->attr.end &&
	       found->start == region->attr.start && found->end == next->attr.end;
}

const char *snapshot_sums_why(const struct snapshot_options *options)
{
	return options->sums_err.code ? options->sums_err.text
				      : _("the region changed before its sums were read");
}
