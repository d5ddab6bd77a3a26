/* The kernel's sums say how many of a region's pages are anonymous and how many are dirty, not how many are
 * both. In a shared mapping none is anonymous, so its dirty pages are the file's. In a private one a page
 * that was written is a copy, which is anonymous and dirty; a copy is clean only while it is also in swap. So
 * what is dirty beyond the anonymous pages is the file's, and without swap that is all.
 * (Documentation/filesystems/proc.rst, fs/proc/task_mmu.c.) */
#include "verdict/amounts.h"

#include "base/minmax.h"
#include "verdict/words.h"

const char *part_name(enum amount_part part)
{
	static const char *const names[AMOUNT_PARTS] = {
		[AMOUNT_FILE_CLEAN] = "file_clean", [AMOUNT_FILE_DIRTY] = "file_dirty",
		[AMOUNT_FREED] = "lazily_free",     [AMOUNT_PRIVATE] = "private",
		[AMOUNT_SHARED] = "shared_memory",
	};

	return (unsigned)part < AMOUNT_PARTS ? names[part] : "unknown";
}

static void add_files(struct amounts *a, const struct region_sums *s)
{
	uint64_t dirty = s->shared_dirty + s->private_dirty, file = s->rss - min(s->rss, s->anonymous);
	uint64_t of_file = min(dirty - min(dirty, s->anonymous), file);

	a->file += file;
	a->parts[AMOUNT_FILE_DIRTY] += of_file;
	a->parts[AMOUNT_FILE_CLEAN] += file - of_file;
	if (s->anonymous && s->anonymous != dirty)
		a->dirty_at_least = true; /* cleared elsewhere if it is known that there is no swap */
	if (file)
		a->copies += s->anonymous;
}

/* In a region of only private memory, everything that others map, too, counts; otherwise only the dirty part
 * of that. */
static uint64_t shared_since_fork(const struct region_sums *s)
{
	if (s->kind == REGION_SHM)
		return 0;
	if (s->anonymous == s->rss)
		return s->shared_clean + s->shared_dirty;
	return min(s->shared_dirty, s->anonymous);
}

static void add_sums(struct amounts *a, const struct region_sums *s)
{
	a->rss += s->rss;
	a->parts[AMOUNT_FREED] += s->lazyfree;
	a->parts[AMOUNT_PRIVATE] += s->anonymous - min(s->anonymous, s->lazyfree);
	if (s->kind == REGION_SHM)
		a->parts[AMOUNT_SHARED] += s->rss - min(s->rss, s->anonymous);
	else
		add_files(a, s);
	a->pss += s->pss;
	a->own += s->private_clean + s->private_dirty;
	a->fork += shared_since_fork(s);
	a->swap += s->swap;
	a->locked += s->is_locked ? s->rss : 0;
	a->huge += s->huge;
	a->hugetlb += s->hugetlb;
}

/* Is it a file that the process may write to there? */
static bool is_written(const struct space *space, const struct region_sums *s)
{
	const struct region *region = space_find(space, s->start);
	unsigned both = REGION_WRITE | REGION_MAY_SHARE;

	return region && s->kind != REGION_SHM && (region->attr.perms & both) == both;
}

enum swap_room amounts_swap_room(const struct kernel_figures *f, uint64_t stays, uint64_t *room)
{
	uint64_t all = f->values[KERNEL_MACHINE_SWAP], free = f->values[KERNEL_MACHINE_SWAP_FREE];

	if (!figure_known(all))
		return SWAP_ROOM_UNKNOWN;
	*room = figure_known(free) ? free : all;
	if (all == 0)
		return SWAP_ROOM_NONE;
	if (*room == 0)
		return SWAP_ROOM_FULL;
	if (*room >= stays)
		return SWAP_ROOM_ENOUGH;
	return figure_known(free) ? SWAP_ROOM_SHORT : SWAP_ROOM_SMALL;
}

uint64_t amounts_written(const struct process *p)
{
	const struct kernel_figures *f = &p->figures.read;
	uint64_t written = 0;

	for (size_t i = 0; i < f->sums_count; i++)
		if (is_written(p->space, &f->sums[i]))
			written += f->sums[i].shared_dirty + f->sums[i].private_dirty;
	return written;
}

static void take_sums(struct amounts *a, const struct kernel_figures *f)
{
	for (size_t i = 0; i < f->sums_count; i++)
		add_sums(a, &f->sums[i]);
	if (f->values[KERNEL_MACHINE_SWAP] == 0 && a->swap == 0)
		a->dirty_at_least = false;
}

/* Without sums: page states distinguish private from shared and from files, not clean from dirty. */
static void take_states(struct amounts *a, const uint64_t *counts, unsigned shift)
{
	a->parts[AMOUNT_FILE_CLEAN] = a->parts[AMOUNT_FILE_DIRTY] = a->parts[AMOUNT_FREED] = KERNEL_UNKNOWN;
	a->parts[AMOUNT_PRIVATE] = page_sum(counts, page_state_private) << shift;
	a->file = page_sum(counts, page_state_of_file) << shift;
	a->parts[AMOUNT_SHARED] = (page_sum(counts, page_state_of_cache) << shift) - a->file;
	a->rss = a->seen;
	a->swap = page_sum(counts, page_state_swapped) << shift;
	a->pss = a->own = a->fork = a->locked = a->huge = a->hugetlb = KERNEL_UNKNOWN;
}

/* Figures are read less often than pages. They still count if the process has not changed since, or if as
 * much of it is resident, give or take a twentieth. */
static bool are_fresh(const struct process *p, uint64_t resident)
{
	const struct kernel_figures *f = &p->figures.read;
	uint64_t rss = 0;

	for (size_t i = 0; i < f->sums_count; i++)
		rss += f->sums[i].rss + f->sums[i].hugetlb;
	if (!f->sums_count)
		rss = f->values[KERNEL_RSS];
	return p->figures.known && (p->figures.time_ns >= p->course.changed_ns ||
				    max(rss, resident) - min(rss, resident) <= resident / 20);
}

/* Files count as a whole if their parts are not known. */
static void take_shares(struct amounts *a)
{
	uint64_t parts[AMOUNT_PARTS + 1];
	unsigned shares[AMOUNT_PARTS + 1];

	for (int i = 0; i < AMOUNT_PARTS; i++)
		parts[i] = a->parts[i];
	parts[AMOUNT_PARTS] = a->from_sums ? 0 : a->file;
	words_split(parts, AMOUNT_PARTS + 1, a->rss, shares);
	for (int i = 0; i < AMOUNT_PARTS; i++)
		a->shares[i] = shares[i];
	a->file_share = shares[AMOUNT_PARTS];
}

/* Resident pages of the hugetlb pool, which the kernel does not count in RSS. */
static uint64_t pool_pages(const struct space *space)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < space->count; i++) {
		const struct region *r = space->regions[i];
		uint64_t counts[RUNS_VALUES] = { 0 };

		if (!r->attr.hugetlb)
			continue;
		runs_count(space->pages, region_first(space, r), region_end(space, r), counts);
		pages += page_resident(counts);
	}
	return pages;
}

void amounts_take(struct amounts *a, const struct process *p)
{
	uint64_t counts[PAGE_STATES] = { 0 }, reserved = 0;
	unsigned shift = p->space->page_shift;

	*a = (struct amounts){ .regions = p->space->count };
	space_add_counts(p->space, counts);
	for (size_t i = 0; i < p->space->count; i++) {
		const struct region_attr *r = &p->space->regions[i]->attr;

		reserved += r->end - r->start;
		a->regions -= r->joined;
	}
	a->reserved = reserved;
	a->seen = (page_resident(counts) - pool_pages(p->space)) << shift;
	a->fresh = are_fresh(p, page_resident(counts) << shift);
	a->from_sums = a->fresh && p->figures.read.sums_count;
	a->taken_ns = p->figures.time_ns;
	if (a->from_sums)
		take_sums(a, &p->figures.read);
	else
		take_states(a, counts, shift);
	take_shares(a);
	a->copies = page_sum(counts, page_state_copied) << shift;
	a->zero_page = page_sum(counts, page_state_zeroes) << shift;
}
