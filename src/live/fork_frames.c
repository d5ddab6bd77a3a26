#include "live/fork_frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/frame_moves.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"
#include "live/reading.h"

#define FRAMES_MAX ((size_t)2 << 20) /* 16 MiB of numbers, for 8 GiB; none are kept beyond */
#define SHARE 10                     /* taking pictures takes at most one part in this many of the time */
#define REGION_NS                                                                                            \
	(20 * CLOCK_MS) /* the most time for one region, in which the kernel cannot skip empty parts */
#define AT_ONCE ((size_t)2048)
#define CHILD_HAD (UINT64_C(1) << 63)

static void picture_fini(struct frame_picture *p)
{
	free(p->runs);
	free(p->frames);
	free(p->later_us);
	*p = (struct frame_picture){ 0 };
}

void fork_frames_fini(struct fork_frames *f)
{
	for (size_t i = 0; i < FORK_FRAMES_KEPT; i++)
		picture_fini(&f->pictures[i]);
}

static bool is_own(uint32_t word)
{
	return page_state_private(page_state(word));
}

static void mark_child(uint64_t *frames, int child, uint64_t first, size_t n)
{
	uint64_t entries[AT_ONCE];
	int64_t got = child < 0 ? 0 : pagemap_read(child, first, n, entries, NULL);

	for (int64_t i = 0; i < got; i++)
		if (pagemap_is_own(entries[i]))
			frames[i] |= CHILD_HAD;
}

/* False: there is no room for more, or the process is gone. */
static bool take_part(struct frame_picture *p, struct reader *reader, int child, uint64_t first, size_t n)
{
	if (p->frame_count + n > FRAMES_MAX)
		return false;
	mem_grow(p->frames, p->frame_cap, p->frame_count + n);
	uint64_t *frames = p->frames + p->frame_count;
	memset(frames, 0, n * sizeof *frames);
	mem_grow(p->later_us, p->later_cap, p->frame_count + n);
	memset(p->later_us + p->frame_count, 0, n * sizeof *p->later_us);
	if (p->numbered && !(n = reader_frames(reader, first, frames, n)))
		return false;
	mem_grow(p->runs, p->cap, p->count + 1);
	p->runs[p->count++] = (struct frame_run){ first, first + n, p->frame_count, clock_now_ns() };
	p->frame_count += n;
	mark_child(frames, child, first, n);
	return true;
}

/* False: no more can be read. */
static bool take_run(struct frame_picture *p, struct reader *reader, int child, const struct run *run)
{
	for (uint64_t page = run->first; is_own(run->value) && page < run->end; page += AT_ONCE)
		if (!take_part(p, reader, child, page,
			       run->end - page < AT_ONCE ? (size_t)(run->end - page) : AT_ONCE))
			return false;
	return true;
}

/* Reads the pages again: the model does not have the latest yet. */
static void take_all(struct frame_picture *p, struct reader *reader, const struct space *space, int child)
{
	bool room = true;
	uint64_t done, ahead = 0;

	for (size_t i = 0; room && i < space->count; i++) {
		const struct region *r = space->regions[i];
		struct tiles tiles = { 0 };

		if (r->attr.perms & REGION_MAY_SHARE || !(r->attr.perms & REGION_WRITE))
			continue;
		if (region_first(space, r) >= ahead)
			ahead = reading_scan_ahead(reader, space, i, region_first(space, r), RUNS_END);
		reader_pages(reader, &r->attr, region_first(space, r), region_end(space, r), false, REGION_NS,
			     &tiles, &done, NULL);
		for (size_t j = 0; room && j < tiles.count; j++)
			room = take_run(p, reader, child, &tiles.run[j]);
		tiles_fini(&tiles);
	}
	reader_drop_ahead(reader);
}

bool fork_frames_take(struct fork_frames *f, struct reader *reader, const struct space *space, int32_t child)
{
	uint64_t began = clock_thread_cpu_ns(), moves = 0;
	struct frame_picture *p = &f->pictures[f->next];

	if (clock_now_ns() < f->next_ns)
		return false;
	bool numbered = !reader_source(reader, SOURCE_FRAMES)->code && frame_moves_read(&moves);
	if (!numbered && !child)
		return false;
	f->next = (f->next + 1) % FORK_FRAMES_KEPT;
	p->count = p->frame_count = 0;
	p->child = child;
	p->numbered = numbered;
	p->moves = moves;
	int pagemap = child ? pagemap_open_of(child) : -1;
	take_all(p, reader, space, pagemap);
	procfile_close(&pagemap);
	f->next_ns = clock_now_ns() + (clock_thread_cpu_ns() - began) * SHARE;
	return true;
}

/* The picture that was taken `back` pictures before the latest. */
static struct frame_picture *picture_at(const struct fork_frames *f, size_t back)
{
	return (struct frame_picture *)&f
	    ->pictures[(f->next + 2 * FORK_FRAMES_KEPT - 1 - back) % FORK_FRAMES_KEPT];
}

void fork_frames_forget_child(struct fork_frames *f)
{
	picture_at(f, 0)->child = 0;
}

static void forget(struct frame_picture *p, uint64_t first, uint64_t end)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct frame_run *run = &p->runs[i];
		uint64_t from = max(run->first, first);

		for (uint64_t page = from; page < run->end && page < end; page++)
			p->frames[run->at + page - run->first] &= CHILD_HAD;
	}
}

void fork_frames_forget(struct fork_frames *f, uint64_t first, uint64_t end)
{
	for (size_t i = 0; i < FORK_FRAMES_KEPT; i++)
		forget(&f->pictures[i], first, end);
}

/* The run that has a page; NULL: none. */
static const struct frame_run *find_run(const struct frame_picture *p, uint64_t page)
{
	size_t at;

	bisect(at, 0, p->count, p->runs[at].end <= page);
	return at < p->count && p->runs[at].first <= page ? &p->runs[at] : NULL;
}

static size_t index_of(const struct frame_run *run, uint64_t page)
{
	return run->at + (size_t)(page - run->first);
}

bool fork_frames_child_had(const struct fork_frames *f, int32_t child, uint64_t page, uint64_t time_ns)
{
	for (size_t i = 0; i < FORK_FRAMES_KEPT; i++) {
		const struct frame_picture *p = &f->pictures[i];
		const struct frame_run *run = p->child == child ? find_run(p, page) : NULL;

		if (run && run->taken_ns >= time_ns && p->frames[index_of(run, page)] & CHILD_HAD)
			return true;
	}
	return false;
}

/* The frame that it had at that time. */
static void note_frame(struct frame_picture *p, const struct frame_run *run, size_t i, uint64_t now,
		       uint64_t now_ns)
{
	uint64_t later_us = (now_ns - run->taken_ns) / 1000 + 1;

	p->frames[i] = (p->frames[i] & CHILD_HAD) | (later_us < UINT32_MAX ? now : 0);
	p->later_us[i] = (uint32_t)later_us;
}

/* A picture that was taken while the kernel handled the fault does not show how the page was before: the
 * record is written a moment after the page gets its new frame. */
struct frame_answer fork_frames_fault(struct fork_frames *f, struct reader *reader, uint64_t page,
				      const struct fault_record *r, bool read, bool ask)
{
	struct frame_answer answer = { 0 };
	uint64_t now = 0;

	if (read && reader_frames(reader, page, &now, 1) != 1)
		now = 0;
	uint64_t now_ns = clock_now_ns();
	for (size_t back = 0; back < FORK_FRAMES_KEPT; back++) {
		struct frame_picture *p = picture_at(f, back);
		const struct frame_run *run = p->numbered ? find_run(p, page) : NULL;
		size_t i = run ? index_of(run, page) : 0;

		uint64_t taken_ns = run ? run->taken_ns + UINT64_C(1000) * p->later_us[i] : UINT64_MAX;
		if (taken_ns >= r->time_ns)
			continue;
		uint64_t before = p->frames[i] & ~CHILD_HAD;
		if (ask && !answer.known && taken_ns < r->after_ns && before && now)
			answer = (struct frame_answer){ true, before == now, p->moves };
		note_frame(p, run, i, now, now_ns);
	}
	return answer;
}
