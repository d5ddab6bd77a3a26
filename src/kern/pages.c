/* The states of a range of pages, in up to three stages, each from tiles to tiles:
 *
 *   1. what the process's page tables hold: PAGEMAP_SCAN, else entries of pagemap
 *   2. who else maps them, and the kernel's flags of their frames (with `flags` only):
 *      entries of pagemap, kpageflags
 *   3. which pages of a file the page cache holds that the process does not map
 *
 * A long range is read in chunks, so that a time limit can be kept. The files are bound to one address space;
 * when it is gone (exec, exit), a scan finds nothing, without an error. So if nothing was found, an entry is
 * read at the end, which shows that. */
#include "kern/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

#define RANGES 8192         /* asked for in one call of PAGEMAP_SCAN */
#define RANGES_AHEAD 4096   /* the same, where many small regions are scanned at once */
#define CHUNK 16384         /* pages at once, if there are stages; entries read at once */
#define CHUNK_LIMITED 65536 /* pages at once at first, if time is limited */
#define GAP 32              /* pages that are read along: cheaper than another reading */
#define FRAMES 512          /* frames that follow one another, read at once */

/* One call of pages_read. */
struct pages_reading {
	struct pages *p;
	const struct region_attr *a;
	enum page_class class;
	const uint32_t *words; /* by categories */
	uint32_t gap;          /* where there is nothing */
	bool flags;            /* stage 2 is wanted */
	bool cached;           /* stage 3 is wanted */
	bool found;            /* anything was, so the memory was there */
	struct err *err;       /* the caller's */
};

void pages_init(struct pages *p, const struct process_files *files, const struct frames *frames,
		struct pagecache *cache, unsigned page_shift, bool scan_off)
{
	*p = (struct pages){ .files = files, .frames = frames, .cache = cache, .page_shift = page_shift };
	p->marks.captured = files->captured;
	p->marks.guards_have_bit = !files->captured && frames_guards_have_bit();
	words_init(&p->words);
	if (files->pagemap >= 0 && !scan_off)
		p->categories = pagemap_scan_probe(files->pagemap);
	if (scan_off)
		err_set_off(&p->scan_err);
	else if (files->pagemap < 0)
		p->scan_err = files->pagemap_err;
	else if (!p->categories)
		err_set(&p->scan_err, ERR_UNSUPPORTED, "%s",
			_("this kernel does not have it (Linux 6.7 and later do)"));
	p->scan_separates_huge_zero = p->categories && !files->captured && frames_scan_separates_huge_zero();
}

void pages_fini(struct pages *p)
{
	free(p->ahead.ranges);
	free(p->ranges);
	free(p->entries);
	free(p->kflags);
	free(p->answers);
	swap_marks_fini(&p->marks);
	tiles_fini(&p->stage[0]);
	tiles_fini(&p->stage[1]);
}

static void make_room(struct pages *p)
{
	if (p->ranges)
		return;
	p->ranges = mem_alloc(RANGES * sizeof *p->ranges);
	p->entries = mem_alloc(CHUNK * sizeof *p->entries);
	p->kflags = mem_alloc(CHUNK * sizeof *p->kflags);
	p->answers = mem_alloc(CHUNK);
}

/* Is every page of the mapping the file's? In a shared mapping of tmpfs nothing else can be there. */
static bool always_file(const struct pages_reading *r)
{
	return r->class == PAGE_CLASS_SHM_SHARED && !r->a->hugetlb;
}

/* To see whether a page is a file's the kernel reads the page's own record, which is a cache miss
 * for each; in private anonymous memory we know that it is not, except for the huge zero
 * page if a scan does not show that by itself, and in shared memory that it is. */
static unsigned categories_of(const struct pages_reading *r)
{
	bool never_file = r->class == PAGE_CLASS_ANON && !r->a->hugetlb && r->p->scan_separates_huge_zero;

	return never_file || always_file(r) ? r->p->categories & ~PAGEMAP_SCAN_FILE : r->p->categories;
}

/* In private anonymous memory a page that is not exclusive may be the shared zero
 * page; its frame shows it. */
static bool may_be_zero(enum page_class class, uint64_t entry)
{
	uint64_t bits = entry & (PAGEMAP_PRESENT | PAGEMAP_FILE | PAGEMAP_EXCLUSIVE);

	return class == PAGE_CLASS_ANON && bits == PAGEMAP_PRESENT;
}

static uint32_t word_of_maybe_zero(struct pages *p, uint64_t entry, uint32_t word)
{
	uint64_t frame = p->frames->err.code ? 0 : pagemap_frame(entry), kflags;

	if (page_state(word) != PAGE_ANON)
		return word;
	if (frame && p->frames->zero)
		return frame == p->frames->zero ? page_word(PAGE_ZERO, 0) : word;
	if (frame && frames_read_words(p->frames->flags, frame, 1, &kflags))
		return kflags & FRAMES_ZERO ? page_word(PAGE_ZERO, 0) : word;
	return page_unknown(PAGE_WHY_ZERO_OR_ANON);
}

/* Do the categories say that the page is in swap? It may be a mark instead. */
static bool is_swapped(const struct pages_reading *r, unsigned categories)
{
	unsigned others = PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_GUARD | PAGEMAP_SCAN_FILE;

	return (categories & (others | PAGEMAP_SCAN_SWAPPED)) == PAGEMAP_SCAN_SWAPPED &&
	       r->class != PAGE_CLASS_SPECIAL;
}

static uint32_t word_of_swapped(const struct pages_reading *r, uint64_t entry)
{
	bool shared = r->class == PAGE_CLASS_FILE_SHARED || r->class == PAGE_CLASS_SHM_SHARED;

	switch (swap_mark_of(&r->p->marks, r->a, shared, entry)) {
	case SWAP_MARK_WRITE:
		return r->gap;
	case SWAP_MARK_POISON:
		return page_word(PAGE_GUARD, PAGE_POISON);
	case SWAP_MARK_GUARD:
		return page_word(PAGE_GUARD, 0);
	case SWAP_MARK_UNKNOWN:
		return page_unknown(PAGE_WHY_SWAP_OR_MARK);
	default:
		return shared ? r->gap : page_word(PAGE_SWAP, 0);
	}
}

static uint32_t word_of_entry(const struct pages_reading *r, uint64_t entry)
{
	unsigned categories = pagemap_categories(entry);
	uint32_t word = r->words[categories];

	if (is_swapped(r, categories))
		return word_of_swapped(r, entry);
	if (may_be_zero(r->class, entry) && !r->a->hugetlb)
		return word_of_maybe_zero(r->p, entry, word);
	return word == PAGE_RESERVED ? r->gap : word;
}

/* Entries of at most CHUNK pages; those past the end of the file read as nothing. */
static int read_entries(struct pages *p, uint64_t first, uint64_t n, struct err *err)
{
	int64_t got = pagemap_read(p->files->pagemap, first, n, p->entries, err);

	if (got < 0)
		return -1;
	memset(p->entries + got, 0, (n - (uint64_t)got) * sizeof *p->entries);
	return 0;
}

/* Stage 1 by the entries of pagemap. */
static int read_by_entries(const struct pages_reading *r, uint64_t first, uint64_t end, struct tiles *out)
{
	for (uint64_t at = first; at < end;) {
		uint64_t n = min(end - at, CHUNK);

		if (read_entries(r->p, at, n, r->err) < 0)
			return -1;
		for (uint64_t i = 0; i < n;) {
			uint64_t entry = r->p->entries[i], from = i;

			while (i < n && r->p->entries[i] == entry)
				i++;
			tiles_add(out, at + from, at + i, word_of_entry(r, entry));
		}
		at += n;
	}
	return 0;
}

/* Is the memory that pagemap was opened for still there? */
static bool is_alive(struct pages *p, uint64_t page)
{
	uint64_t entry;

	return p->files->captured || pagemap_read(p->files->pagemap, page, 1, &entry, NULL) == 1;
}

uint64_t pages_scan_ahead(struct pages *p, uint64_t first, uint64_t end)
{
	struct scan_ahead *a = &p->ahead;
	uint64_t next;

	pages_drop_ahead(p);
	if (p->files->pagemap < 0 || !p->categories)
		return first;
	if (!a->ranges)
		a->ranges = mem_alloc(RANGES_AHEAD * sizeof *a->ranges);

	int64_t n = pagemap_scan(p->files->pagemap, p->categories, first << p->page_shift,
				 end << p->page_shift, a->ranges, RANGES_AHEAD, &next, NULL);

	if (n < 0 || (!n && !is_alive(p, first))) /* reading them one by one will show why */
		return first;
	a->first = first;
	a->end = next >> p->page_shift;
	a->count = (size_t)n;
	return a->end;
}

void pages_drop_ahead(struct pages *p)
{
	p->ahead.first = p->ahead.end = p->ahead.count = p->ahead.at = 0;
}

/* Adds the tiles of ranges from the page *at on, up to `end`; does not rely on ranges being in order, or
 * within the requested bounds. Only entries show what kind of swapped page one is. */
static int add_ranges(const struct pages_reading *r, const struct scan_range *ranges, size_t n, uint64_t *at,
		      uint64_t end, struct tiles *out)
{
	unsigned shift = r->p->page_shift, categories = categories_of(r);

	for (size_t i = 0; i < n; i++) {
		unsigned found = (unsigned)ranges[i].categories & categories;

		if (always_file(r) && found & PAGEMAP_SCAN_PRESENT)
			found |= PAGEMAP_SCAN_FILE;
		uint32_t word = r->words[found & (PAGEMAP_SCAN_LIMIT - 1)];
		uint64_t begin = max(ranges[i].start >> shift, *at);
		uint64_t until = min(ranges[i].end >> shift, end);

		if (begin >= until)
			continue;
		tiles_add(out, *at, begin, r->gap);
		*at = until;
		if (!is_swapped(r, found))
			tiles_add(out, begin, until, word == PAGE_RESERVED ? r->gap : word);
		else if (read_by_entries(r, begin, until, out) < 0)
			return -1;
	}
	return 0;
}

static bool has_ahead(const struct pages *p, uint64_t first, uint64_t end)
{
	return first >= p->ahead.first && end <= p->ahead.end;
}

/* Stage 1 by what was scanned ahead. */
static int read_ahead(struct pages_reading *r, uint64_t first, uint64_t end, struct tiles *out)
{
	struct scan_ahead *a = &r->p->ahead;
	uint64_t at = first, start = first << r->p->page_shift, stop = end << r->p->page_shift;
	size_t last;

	while (a->at < a->count && a->ranges[a->at].end <= start)
		a->at++;
	for (last = a->at; last < a->count && a->ranges[last].start < stop;)
		last++;
	r->found = true; /* or the scan ahead saw that the memory is there */
	if (add_ranges(r, a->ranges + a->at, last - a->at, &at, end, out) < 0)
		return -1;
	tiles_add(out, at, end, r->gap);
	return 0;
}

/* Stage 1 by PAGEMAP_SCAN. */
static int read_by_scan(struct pages_reading *r, uint64_t first, uint64_t end, struct tiles *out)
{
	struct pages *p = r->p;
	unsigned shift = p->page_shift;
	uint64_t at = first, from = first << shift, stop = end << shift;

	if (has_ahead(p, first, end))
		return read_ahead(r, first, end, out);
	while (from < stop) {
		/* the kernel allocates as many as requested; one more than there can be, so that the result
		 * is complete */
		size_t most = min(((stop - from) >> shift) + 1, RANGES);
		int64_t n = pagemap_scan(p->files->pagemap, categories_of(r), from, stop, p->ranges, most,
					 &from, r->err);

		if (n < 0)
			return -1;
		r->found |= n > 0;
		if (add_ranges(r, p->ranges, (size_t)n, &at, end, out) < 0)
			return -1;
	}
	tiles_add(out, at, end, r->gap);
	return 0;
}

/* Kernels before 6.17 do not distinguish the huge zero page from other huge pages in a scan;
 * only its entries have FILE set in private anonymous memory. */
static int mark_huge_zero(const struct pages_reading *r, const struct tiles *in, struct tiles *out)
{
	uint32_t anon = page_word(PAGE_ANON, PAGE_HUGE), zero = page_word(PAGE_ZERO, PAGE_HUGE);

	for (size_t i = 0; i < in->count; i++) {
		const struct run *tile = &in->run[i];

		if (tile->value != anon) {
			tiles_add(out, tile->first, tile->end, tile->value);
			continue;
		}
		for (uint64_t at = tile->first; at < tile->end;) {
			uint64_t n = min(tile->end - at, CHUNK);

			if (read_entries(r->p, at, n, r->err) < 0)
				return -1;
			for (uint64_t page = 0; page < n; page++)
				tiles_add(out, at + page, at + page + 1,
					  r->p->entries[page] & PAGEMAP_FILE ? zero : anon);
			at += n;
		}
	}
	return 0;
}

static uint32_t flags_of_entry(uint32_t word, uint64_t entry, bool has_kflags, uint64_t kflags)
{
	uint32_t flags = entry & PAGEMAP_EXCLUSIVE ? PAGE_EXCLUSIVE : PAGE_SHARED;

	if (!page_state_resident(page_state(word)) || !(entry & PAGEMAP_PRESENT))
		return 0;
	return has_kflags ? flags | frames_flags(kflags) : flags;
}

/* Reads the kernel's flags of the frames of n entries into kflags. Consecutive frames are read at once, even
 * if there are pages without a frame in between. Returns whether they can be read at all. */
static bool read_kflags(struct pages *p, uint64_t n)
{
	uint64_t words[FRAMES];

	if (p->frames->flags < 0 || p->frames->err.code)
		return false;
	memset(p->kflags, 0, n * sizeof *p->kflags);
	for (uint64_t i = 0, stop; i < n; i = stop) {
		uint64_t first = pagemap_frame(p->entries[i]), count = 0, frame;

		for (stop = i; stop < n && count < FRAMES; stop++) {
			frame = pagemap_frame(p->entries[stop]);
			if (frame && frame != first + count)
				break;
			count += frame != 0;
		}
		if (count == 0 || !frames_read_words(p->frames->flags, first, count, words))
			continue;
		for (uint64_t page = i, at = 0; page < stop; page++) {
			if (pagemap_frame(p->entries[page]))
				p->kflags[page] = words[at++];
		}
	}
	return true;
}

static bool has_flags(const struct run *tile)
{
	return page_state_resident(page_state(tile->value));
}

/* Which tiles from i on have their entries read at once: up to the last with flags before a
 * wide gap. Returns the one after it. */
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
static int add_flags(const struct pages_reading *r, const struct tiles *in, struct tiles *out)
{
	struct pages *p = r->p;

	for (size_t i = 0; i < in->count;) {
		if (!has_flags(&in->run[i])) {
			tiles_add(out, in->run[i].first, in->run[i].end, in->run[i].value);
			i++;
			continue;
		}

		size_t stop = end_of_span(in, i);
		uint64_t first = in->run[i].first, n = in->run[stop - 1].end - first;

		if (read_entries(p, first, n, r->err) < 0)
			return -1;

		bool has_kflags = read_kflags(p, n);

		for (; i < stop; i++) {
			const struct run *tile = &in->run[i];

			if (!has_flags(tile)) {
				tiles_add(out, tile->first, tile->end, tile->value);
				continue;
			}
			for (uint64_t page = tile->first; page < tile->end; page++) {
				uint64_t entry = p->entries[page - first];
				uint32_t word =
				    entry & PAGEMAP_PRESENT ? tile->value : word_of_entry(r, entry);

				word |= flags_of_entry(word, entry, has_kflags, p->kflags[page - first]);
				tiles_add(out, page, page + 1, word);
			}
		}
	}
	return 0;
}

/* Stage 3: asks the page cache for what the process does not map. */
static void ask_cache(const struct pages_reading *r, const struct tiles *in, struct tiles *out)
{
	struct pages *p = r->p;
	bool shm = classify_is_shm(r->class);

	for (size_t i = 0; i < in->count; i++) {
		const struct run *tile = &in->run[i];
		uint64_t n = tile->end - tile->first;

		if (page_state(tile->value) != PAGE_RESERVED ||
		    !pagecache_ask(p->cache, r->a, shm, tile->first, n, p->answers, NULL)) {
			tiles_add(out, tile->first, tile->end, tile->value);
			continue;
		}
		for (uint64_t page = 0; page < n; page++)
			tiles_add(out, tile->first + page, tile->first + page + 1,
				  pagecache_word(p->answers[page]));
	}
}

static bool has_stages(const struct pages_reading *r)
{
	struct pages *p = r->p;
	bool huge_zero = p->categories && !p->scan_separates_huge_zero && r->class == PAGE_CLASS_ANON;

	return r->flags || r->cached || huge_zero;
}

static int read_tables(struct pages_reading *r, uint64_t first, uint64_t end, struct tiles *out)
{
	return r->p->categories ? read_by_scan(r, first, end, out) : read_by_entries(r, first, end, out);
}

/* All stages of one chunk; the last puts its tiles after those of `out`. */
static int read_in_stages(struct pages_reading *r, uint64_t first, uint64_t end, struct tiles *out)
{
	struct pages *p = r->p;
	struct tiles *now = &p->stage[0], *next = &p->stage[1], *spare;

	now->count = 0;
	if (read_tables(r, first, end, now) < 0)
		return -1;
	if (p->categories && !p->scan_separates_huge_zero && r->class == PAGE_CLASS_ANON) {
		next->count = 0;
		if (mark_huge_zero(r, now, next) < 0)
			return -1;
		spare = now, now = next, next = spare;
	}
	if (r->flags) {
		next->count = 0;
		if (add_flags(r, now, next) < 0)
			return -1;
		spare = now, now = next, next = spare;
	}
	if (r->cached) {
		ask_cache(r, now, out);
		return 0;
	}
	for (size_t i = 0; i < now->count; i++)
		tiles_add(out, now->run[i].first, now->run[i].end, now->run[i].value);
	return 0;
}

static int read_all(struct pages_reading *r, uint64_t first, uint64_t end, uint64_t max_ns, struct tiles *out,
		    uint64_t *done)
{
	bool stages = has_stages(r);
	uint64_t chunk = stages ? CHUNK : max_ns ? CHUNK_LIMITED : end - first;
	uint64_t began = max_ns ? clock_now_ns() : 0, last = began;

	for (*done = first; *done < end;) {
		uint64_t stop = end - *done > chunk ? *done + chunk : end;

		if (stages ? read_in_stages(r, *done, stop, out) < 0 : read_tables(r, *done, stop, out) < 0)
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

/* If there is no page map to read. */
static uint32_t word_without_pagemap(const struct process_files *files)
{
	return page_unknown(files->pagemap_err.code == ERR_OFF      ? PAGE_WHY_OFF
			    : files->pagemap_err.code == ERR_SYSTEM ? PAGE_WHY_NOT_OPENED
								    : PAGE_WHY_DENIED);
}

static int explain_failure(const struct pages *p, struct err *err)
{
	if (!err)
		return -1;
	return err->code == ERR_GONE
		   ? err_set(err, ERR_GONE, _("process %d has ended"), p->files->pid)
		   : err_system(err, err->errnum, _("the page map of process %d"), p->files->pid);
}

int pages_read(struct pages *p, const struct pages_wanted *wanted, struct tiles *out, uint64_t *done,
	       struct err *err)
{
	const struct region_attr *a = wanted->region;
	bool cached = classify_is_cached(wanted->class, a) && !region_is_closed(a);
	struct pages_reading r = {
		.p = p,
		.a = a,
		.class = wanted->class,
		.words = p->words.word[a->hugetlb][wanted->class],
		.flags = wanted->flags,
		.cached = cached && wanted->cache && !a->hugetlb,
		.err = err,
	};

	*done = wanted->end;
	if (wanted->class == PAGE_CLASS_OUTSIDE || p->files->pagemap < 0) {
		tiles_add(out, wanted->first, wanted->end,
			  wanted->class == PAGE_CLASS_OUTSIDE ? page_unknown(PAGE_WHY_OUTSIDE)
							      : word_without_pagemap(p->files));
		return 0;
	}
	make_room(p);
	p->marks.thread = p->files->thread;
	r.gap = r.words[0] | (cached ? PAGE_CACHE_UNKNOWN : 0);
	if (page_state(r.gap) == PAGE_RESERVED && region_is_closed(a))
		r.gap = page_word(PAGE_GUARD, 0); /* nothing is there, and no access can bring it in */
	if (read_all(&r, wanted->first, wanted->end, wanted->max_ns, out, done) < 0)
		return explain_failure(p, err);
	if (!r.found && !is_alive(p, wanted->first))
		return err_set(err, ERR_GONE,
			       _("the memory of process %d is gone: it has ended, or become another program"),
			       p->files->pid);
	return 0;
}
