/* The states of a range of pages, in up to three stages, each from tiles to tiles:
 *
 *   1. what the process's page tables hold: PAGEMAP_SCAN, else entries of pagemap
 *   2. who else has it, and what the kernel thinks of its frame (with `flags` only):
 *      entries of pagemap, kpageflags
 *   3. what the page cache holds of a file's pages that the process has not
 *
 * A long range is done in chunks, so that a limit of time can be kept. The files hold
 * on to one address space; when it is gone (exec, exit), a scan finds nothing without
 * an error. Therefore, where nothing was found, an entry is read last: that says so. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "kern/kpage.h"
#include "kern/pagemap.h"
#include "kern/reader_state.h"

#define RANGES 8192         /* asked for in one call of PAGEMAP_SCAN */
#define CHUNK 16384         /* pages, where there are stages; entries read at once */
#define CHUNK_LIMITED 65536 /* pages, to begin with where time is limited */
#define GAP 32              /* pages read along rather than asked around */
#define FRAMES 512          /* frames that follow one another, read at once */

struct look {
	struct reader *r;
	const struct region_attr *a;
	enum page_class class;
	const uint32_t *words; /* by categories */
	uint32_t gap;          /* where there is nothing */
	bool cached;           /* stage 3 is wanted */
	bool found;            /* anything: so the memory was there */
};

enum page_class reader_class(const struct reader *r, const struct region_attr *a)
{
	return classify_region(a, backing_type(&r->backing, a));
}

static void make_room(struct reader *r)
{
	if (r->ranges)
		return;
	r->ranges = mem_alloc(RANGES * sizeof *r->ranges);
	r->entries = mem_alloc(CHUNK * sizeof *r->entries);
	r->kflags = mem_alloc(CHUNK * sizeof *r->kflags);
	r->answers = mem_alloc(CHUNK);
}

/* Whether a page is a file's the kernel sees in the page's own record, which is a miss of the
 * processor's cache for each; in private anonymous memory it is known, but for the huge zero
 * page where a scan does not tell that by itself. */
static unsigned categories_of(const struct look *l)
{
	bool known = l->class == CLASS_ANON && !l->a->hugetlb && l->r->scan_tells_huge_zero;

	return known ? l->r->categories & ~SCAN_FILE : l->r->categories;
}

/* Stage 1 by PAGEMAP_SCAN. */
static int look_by_scan(struct look *l, uint64_t first, uint64_t end, struct tiles *out)
{
	struct reader *r = l->r;
	unsigned shift = r->page_shift;
	uint64_t at = first, from = first << shift, stop = end << shift;
	unsigned categories = categories_of(l);

	while (from < stop) {
		int64_t n = pagescan(r->pagemap, categories, from, stop, r->ranges, RANGES, &from);

		if (n < 0)
			return -1;
		l->found |= n > 0;
		for (int64_t i = 0; i < n; i++) {
			const struct scan_range *range = &r->ranges[i];
			uint32_t word = l->words[range->categories & (SCAN_LIMIT - 1)];

			tiles_add(out, at, range->start >> shift, l->gap);
			at = range->end >> shift;
			tiles_add(out, range->start >> shift, at, word == PAGE_RESERVED ? l->gap : word);
		}
	}
	tiles_add(out, at, end, l->gap);
	return 0;
}

/* In private anonymous memory a page that is not exclusive may be the shared zero
 * page; its frame tells. */
static bool may_be_zero(enum page_class class, uint64_t entry)
{
	uint64_t bits = entry & (ENTRY_PRESENT | ENTRY_FILE | ENTRY_EXCLUSIVE);

	return class == CLASS_ANON && bits == ENTRY_PRESENT;
}

static uint32_t word_of_maybe_zero(struct reader *r, uint64_t entry, uint32_t word)
{
	uint64_t frame = r->off[SOURCE_FRAMES] ? 0 : pagemap_frame(entry), kflags;

	if (page_state(word) != PAGE_ANON)
		return word;
	if (frame && r->zero_frame)
		return frame == r->zero_frame ? page_word(PAGE_ZERO, 0) : word;
	if (frame && kpage_read(r->kpageflags, frame, 1, &kflags))
		return kflags & KPAGE_ZERO ? page_word(PAGE_ZERO, 0) : word;
	return page_unknown(PAGE_WHY_ZERO_OR_ANON);
}

static uint32_t word_of_entry(const struct look *l, uint64_t entry)
{
	uint32_t word = l->words[pagemap_categories(entry)];

	if (may_be_zero(l->class, entry) && !l->a->hugetlb)
		return word_of_maybe_zero(l->r, entry, word);
	return word == PAGE_RESERVED ? l->gap : word;
}

/* Entries of at most CHUNK pages; those behind the end of the file read as nothing. */
static int read_entries(struct reader *r, uint64_t first, uint64_t n)
{
	int64_t got = pagemap_read(r->pagemap, first, n, r->entries);

	if (got < 0)
		return -1;
	memset(r->entries + got, 0, (n - (uint64_t)got) * sizeof *r->entries);
	return 0;
}

/* Stage 1 by the entries of pagemap. */
static int look_by_entries(const struct look *l, uint64_t first, uint64_t end, struct tiles *out)
{
	for (uint64_t at = first; at < end;) {
		uint64_t n = end - at < CHUNK ? end - at : CHUNK;

		if (read_entries(l->r, at, n) < 0)
			return -1;
		for (uint64_t i = 0; i < n;) {
			uint64_t entry = l->r->entries[i], from = i;

			while (i < n && l->r->entries[i] == entry)
				i++;
			tiles_add(out, at + from, at + i, word_of_entry(l, entry));
		}
		at += n;
	}
	return 0;
}

/* Kernels before 6.17 do not tell the huge zero page from other huge pages in a scan;
 * its entries have FILE set, those of no other page in private anonymous memory. */
static int tell_huge_zero(const struct look *l, const struct tiles *in, struct tiles *out)
{
	uint32_t anon = page_word(PAGE_ANON, PAGE_HUGE), zero = page_word(PAGE_ZERO, PAGE_HUGE);

	for (size_t i = 0; i < in->count; i++) {
		const struct run *tile = &in->run[i];

		if (tile->value != anon) {
			tiles_add(out, tile->first, tile->end, tile->value);
			continue;
		}
		for (uint64_t at = tile->first; at < tile->end;) {
			uint64_t n = tile->end - at < CHUNK ? tile->end - at : CHUNK;

			if (read_entries(l->r, at, n) < 0)
				return -1;
			for (uint64_t p = 0; p < n; p++)
				tiles_add(out, at + p, at + p + 1,
					  l->r->entries[p] & ENTRY_FILE ? zero : anon);
			at += n;
		}
	}
	return 0;
}

static uint32_t flags_of_entry(uint32_t word, uint64_t entry, bool has_kflags, uint64_t kflags)
{
	uint32_t flags = entry & ENTRY_EXCLUSIVE ? PAGE_EXCLUSIVE : PAGE_SHARED;

	if (!page_state_resident(page_state(word)) || !(entry & ENTRY_PRESENT))
		return 0;
	return has_kflags ? flags | kpage_flags(kflags) : flags;
}

/* The kernel's flags of the frames behind n entries, into kflags. Frames that follow one
 * another are read at once, also where there are pages without a frame in between.
 * Returns whether they can be told at all. */
static bool read_kflags(struct reader *r, uint64_t n)
{
	uint64_t words[FRAMES];

	if (r->kpageflags < 0 || r->off[SOURCE_FRAMES])
		return false;
	memset(r->kflags, 0, n * sizeof *r->kflags);
	for (uint64_t i = 0, stop; i < n; i = stop) {
		uint64_t first = pagemap_frame(r->entries[i]), count = 0, frame;

		for (stop = i; stop < n && count < FRAMES; stop++) {
			frame = pagemap_frame(r->entries[stop]);
			if (frame && frame != first + count)
				break;
			count += frame != 0;
		}
		if (count == 0 || !kpage_read(r->kpageflags, first, count, words))
			continue;
		for (uint64_t p = i, at = 0; p < stop; p++) {
			if (pagemap_frame(r->entries[p]))
				r->kflags[p] = words[at++];
		}
	}
	return true;
}

static bool has_flags(const struct run *tile)
{
	return page_state_resident(page_state(tile->value));
}

/* The tiles from i on whose entries are read at once: to the last with flags before a
 * wide gap. Returns the one behind. */
static size_t end_of_span(const struct tiles *in, size_t i)
{
	size_t end = i + 1;

	for (size_t next = end; next < in->count && in->run[next].first - in->run[end - 1].end <= GAP;
	     next++) {
		if (has_flags(&in->run[next]))
			end = next + 1;
	}
	return end;
}

/* Stage 2: adds the flags to resident pages. A page that is gone since stage 1 is
 * taken as its entry is now. */
static int add_flags(const struct look *l, const struct tiles *in, struct tiles *out)
{
	struct reader *r = l->r;

	for (size_t i = 0; i < in->count;) {
		if (!has_flags(&in->run[i])) {
			tiles_add(out, in->run[i].first, in->run[i].end, in->run[i].value);
			i++;
			continue;
		}

		size_t stop = end_of_span(in, i);
		uint64_t first = in->run[i].first, n = in->run[stop - 1].end - first;

		if (read_entries(r, first, n) < 0)
			return -1;

		bool has_kflags = read_kflags(r, n);

		for (; i < stop; i++) {
			const struct run *tile = &in->run[i];

			if (!has_flags(tile)) {
				tiles_add(out, tile->first, tile->end, tile->value);
				continue;
			}
			for (uint64_t p = tile->first; p < tile->end; p++) {
				uint64_t entry = r->entries[p - first];
				uint32_t word = entry & ENTRY_PRESENT ? tile->value : word_of_entry(l, entry);

				word |= flags_of_entry(word, entry, has_kflags, r->kflags[p - first]);
				tiles_add(out, p, p + 1, word);
			}
		}
	}
	return 0;
}

/* Stage 3: asks the page cache for what the process does not map. */
static void ask_cache(const struct look *l, const struct tiles *in, struct tiles *out)
{
	struct reader *r = l->r;
	bool shm = l->class == CLASS_SHM_PRIVATE || l->class == CLASS_SHM_SHARED;
	const char *why;

	for (size_t i = 0; i < in->count; i++) {
		const struct run *tile = &in->run[i];
		uint64_t n = tile->end - tile->first;

		if (page_state(tile->value) != PAGE_RESERVED ||
		    !pagecache_ask(r->cache, l->a, shm, tile->first, n, r->answers, &why)) {
			tiles_add(out, tile->first, tile->end, tile->value);
			continue;
		}
		for (uint64_t p = 0; p < n; p++)
			tiles_add(out, tile->first + p, tile->first + p + 1, pagecache_word(r->answers[p]));
	}
}

static bool has_stages(const struct look *l)
{
	struct reader *r = l->r;
	bool huge_zero = r->categories && !r->scan_tells_huge_zero && l->class == CLASS_ANON;

	return r->flags || l->cached || huge_zero;
}

static int look_at_tables(struct look *l, uint64_t first, uint64_t end, struct tiles *out)
{
	return l->r->categories ? look_by_scan(l, first, end, out) : look_by_entries(l, first, end, out);
}

/* All stages of one chunk; the last puts its tiles behind those of `out`. */
static int look_in_stages(struct look *l, uint64_t first, uint64_t end, struct tiles *out)
{
	struct reader *r = l->r;
	struct tiles *now = &r->stage[0], *next = &r->stage[1], *spare;

	now->count = 0;
	if (look_at_tables(l, first, end, now) < 0)
		return -1;
	if (r->categories && !r->scan_tells_huge_zero && l->class == CLASS_ANON) {
		next->count = 0;
		if (tell_huge_zero(l, now, next) < 0)
			return -1;
		spare = now, now = next, next = spare;
	}
	if (r->flags) {
		next->count = 0;
		if (add_flags(l, now, next) < 0)
			return -1;
		spare = now, now = next, next = spare;
	}
	if (l->cached) {
		ask_cache(l, now, out);
		return 0;
	}
	for (size_t i = 0; i < now->count; i++)
		tiles_add(out, now->run[i].first, now->run[i].end, now->run[i].value);
	return 0;
}

/* Is the memory that pagemap was opened for still there? */
static bool is_alive(struct reader *r, uint64_t page)
{
	uint64_t entry;

	return r->captured || pagemap_read(r->pagemap, page, 1, &entry) == 1;
}

static int look_at_all(struct look *l, uint64_t first, uint64_t end, uint64_t max_ns, struct tiles *out,
		       uint64_t *done)
{
	bool stages = has_stages(l);
	uint64_t chunk = stages ? CHUNK : max_ns ? CHUNK_LIMITED : end - first;
	uint64_t began = max_ns ? clock_now_ns() : 0, last = began;

	for (*done = first; *done < end;) {
		uint64_t stop = end - *done > chunk ? *done + chunk : end;

		if (stages ? look_in_stages(l, *done, stop, out) < 0
			   : look_at_tables(l, *done, stop, out) < 0)
			return -1;
		*done = stop;
		if (max_ns == 0)
			continue;

		uint64_t now = clock_now_ns();

		if (now - began >= max_ns)
			break;
		if (!stages && now - last < max_ns / 8)
			chunk *= 2;
		last = now;
	}
	return 0;
}

int reader_pages(struct reader *r, const struct region_attr *a, uint64_t first, uint64_t end, bool cache,
		 uint64_t max_ns, struct tiles *out, uint64_t *done, struct err *err)
{
	enum page_class class = reader_class(r, a);
	struct look l = { .r = r, .a = a, .class = class, .words = r->words.word[a->hugetlb][class] };
	bool cached = classify_is_cached(class, a);

	*done = end;
	if (class == CLASS_OUTSIDE || r->pagemap < 0) {
		tiles_add(out, first, end,
			  class == CLASS_OUTSIDE   ? page_unknown(PAGE_WHY_OUTSIDE)
			  : r->off[SOURCE_PAGEMAP] ? page_unknown(PAGE_WHY_OFF)
						   : page_unknown(PAGE_WHY_DENIED));
		return 0;
	}
	make_room(r);
	l.gap = l.words[0] | (cached ? PAGE_CACHE_UNKNOWN : 0);
	l.cached = cached && cache && !a->hugetlb && !r->off[SOURCE_PAGE_CACHE];
	if (look_at_all(&l, first, end, max_ns, out, done) < 0)
		return errno == ESRCH ? err_set(err, ERR_GONE, _("process %d has ended"), r->pid)
				      : err_system(err, errno, _("the page map of process %d"), r->pid);
	if (!l.found && !is_alive(r, first))
		return err_set(
		    err, ERR_GONE,
		    _("the memory of process %d is no more: it has ended, or become another program"),
		    r->pid);
	return 0;
}

size_t reader_frames(struct reader *r, uint64_t first, uint64_t *frames, size_t n)
{
	int64_t got;

	if (r->pagemap < 0 || *r->why[SOURCE_FRAMES])
		return 0;
	got = pagemap_read(r->pagemap, first, n, frames);
	for (int64_t i = 0; i < got; i++)
		frames[i] = pagemap_frame(frames[i]);
	return got < 0 ? 0 : (size_t)got;
}
