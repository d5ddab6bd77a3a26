/* Consecutive frames are read together:
 *
 *     page    100   101   102   103   104
 *     frame  0x7a  0x7b  0x7c     -  0x19      two runs, two readings
 */
#include "model/physical.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

#define FRAMES 4096 /* read at a time */

size_t physical_run(const uint64_t *frames, size_t n)
{
	size_t length = 1;

	while (length < n && frames[length] == frames[0] + length)
		length++;
	return length;
}

void physical_add_frames(struct physical_totals *t, uint64_t first, const uint64_t *frames, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool goes_on = frames[i] && frames[i] == t->next_frame && first + i == t->next_page;

		t->resident++;
		t->next_page = first + i + 1;
		t->next_frame = frames[i] ? frames[i] + 1 : 0;
		if (!frames[i])
			continue;
		t->framed++;
		t->runs += !goes_on;
		t->last_run = goes_on ? t->last_run + 1 : 1;
		t->longest = max(t->longest, t->last_run);
	}
}

void physical_add_counts(struct physical_totals *t, const uint64_t *counts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		t->none += counts[i] == 0;
		t->once += counts[i] == 1;
		t->twice += counts[i] == 2;
		t->more += counts[i] > 2;
	}
}

/* The state of physical_take. */
struct taking {
	struct physical *p;
	const struct process *process;
	struct source *source;
	struct physical_budget left;
};

/* False, with err, if it cannot be read. */
static bool read_words(struct taking *t, enum source_kind what, uint64_t frame, size_t n, uint64_t *words,
		       struct err *err)
{
	const struct source_ops *ops = t->source->ops;

	return !err->code && ops->frame_words(t->source, t->process->pid, what, frame, n, words, err) == 0;
}

/* The frames of n pages; 0 also for what could not be read. False, with err, if none can be. */
static bool read_frames(struct taking *t, uint64_t first, size_t n, uint64_t *frames)
{
	int64_t got = t->source->ops->frames(t->source, t->process->pid, first, n, frames, &t->p->err);

	for (size_t i = got > 0 ? (size_t)got : 0; i < n; i++)
		frames[i] = 0;
	return got >= 0;
}

static void set_row(struct taking *t, struct physical_row *row, uint64_t page, const uint64_t *frame,
		    uint64_t before)
{
	*row = (struct physical_row){ .page = page,
				      .word = runs_at(t->process->space->pages, page).value,
				      .frame = *frame };
	if (!row->frame)
		return;
	row->has_step = before != 0;
	row->step = row->has_step ? (int64_t)(row->frame - before) : 0;
	/* if the kernel has nothing on one frame, the others may still be read */
	struct err of_flags = t->p->flags_err, of_count = t->p->counts_err;
	row->has_flags = read_words(t, SOURCE_KPAGEFLAGS, row->frame, 1, &row->flags, &of_flags);
	row->has_count = read_words(t, SOURCE_KPAGECOUNT, row->frame, 1, &row->count, &of_count);
	if (of_flags.code != ERR_NOT_FOUND)
		t->p->flags_err = of_flags;
	if (of_count.code != ERR_NOT_FOUND)
		t->p->counts_err = of_count;
}

/* The rows from `first` on. The page before the first one gives its step, if the region has one. */
static bool take_rows(struct taking *t, uint64_t first, size_t n)
{
	uint64_t frames[2 * PHYSICAL_AROUND + 2];
	size_t extra = first > t->p->first;

	if (!read_frames(t, first - extra, n + extra, frames))
		return false;
	for (size_t i = 0; i < n; i++)
		set_row(t, &t->p->rows[i], first + i, &frames[i + extra],
			i + extra ? frames[i + extra - 1] : 0);
	t->p->count = n;
	return true;
}

/* Counts n frames of consecutive pages as far as the budget goes. Returns how many. */
static size_t count_frames(struct taking *t, uint64_t first, const uint64_t *frames, size_t n)
{
	uint64_t counts[512];
	size_t i = 0, run;

	for (; i < n && t->left.reads; i += run) {
		run = frames[i] ? physical_run(&frames[i], min(n - i, 512)) : 1;
		physical_add_frames(&t->p->totals, first + i, &frames[i], run);
		if (!frames[i] || t->p->counts_err.code)
			continue;
		struct err err = { 0 };
		if (read_words(t, SOURCE_KPAGECOUNT, frames[i], run, counts, &err))
			physical_add_counts(&t->p->totals, counts, run);
		t->left.reads--;
	}
	return i;
}

/* Counts pages [first, end), all of them resident. Returns where it was cut; `end` if it was not. */
static uint64_t count_pages(struct taking *t, uint64_t *frames, uint64_t first, uint64_t end)
{
	while (first < end) {
		size_t n = (size_t)min(min(end - first, FRAMES), t->left.pages);
		size_t counted =
		    n && read_frames(t, first, n, frames) ? count_frames(t, first, frames, n) : 0;

		if (!counted)
			return first;
		t->left.pages -= counted;
		first += counted;
	}
	return end;
}

static void take_totals(struct taking *t)
{
	struct physical *p = t->p;
	struct runs_iter iter = runs_iter(t->process->space->pages, p->first, p->end);
	uint64_t *frames = mem_alloc(FRAMES * sizeof *frames);
	struct run run;

	p->counted_until = p->end;
	while (p->counted_until == p->end && runs_next(&iter, &run)) {
		uint64_t until = page_state_resident(page_state(run.value))
				     ? count_pages(t, frames, run.first, run.end)
				     : run.end;

		if (until < run.end)
			p->counted_until = until;
	}
	free(frames);
}

void physical_take(struct physical *p, const struct process *process, struct source *source, uint64_t page,
		   struct physical_budget budget)
{
	const struct space *space = process->space;
	const struct region *region = page < RUNS_END ? space_find(space, space_address(space, page)) : NULL;
	struct taking t = { p, process, source, budget };
	uint64_t first;

	*p = (struct physical){ .page_shift = space->page_shift };
	if (!source->ops->frames || !source->ops->frame_words) {
		err_set(&p->err, ERR_UNSUPPORTED, "%s", _("frame numbers are not in a recording"));
		return;
	}
	if (!region)
		return;
	p->first = region_first(space, region);
	p->end = region_end(space, region);
	first = page - min(page - p->first, PHYSICAL_AROUND);
	p->at = (size_t)(page - first);
	if (take_rows(&t, first, (size_t)(min(p->end, page + PHYSICAL_AROUND + 1) - first)))
		take_totals(&t);
}
