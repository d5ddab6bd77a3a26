/* One page, everything: its entry, its frame, what the kernel and the page cache say
 * of it, and, when asked for, its bytes.
 *
 * Bytes are read through /proc/PID/mem, which would bring in a page that is not there:
 * so only where the entry, read a moment before, says present. A page that only the
 * page cache holds is read from the file, which does the process nothing. */
#include "kern/inspect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/mapped_file.h"

static void read_entry(const struct inspector *in, struct page_detail *d)
{
	d->has_entry = process_files_entry(in->files, d->page, &d->entry);
	if (d->has_entry)
		d->entry_why = "";
	else if (in->files->pagemap_off)
		d->entry_why = _("switched off");
	else if (in->files->pagemap < 0)
		d->entry_why = in->files->pagemap_err.text;
	else
		d->entry_why = _("it is outside the process's page tables");
}

static void read_frame(const struct frames *frames, struct page_detail *d)
{
	if (!d->has_entry)
		d->frame_why = d->entry_why;
	else if (!(d->entry & ENTRY_PRESENT))
		d->frame_why = _("no frame is behind it");
	else
		d->frame_why = frames->err.text;
	d->has_frame = *d->frame_why == '\0';
	d->frame = d->has_frame ? pagemap_frame(d->entry) : 0;
}

/* One word of kpageflags or kpagecount. Returns "", or why there is none. */
static const char *read_frame_word(const struct page_detail *d, int fd, const struct err *err, uint64_t *word)
{
	if (!d->has_frame)
		return d->frame_why;
	if (fd < 0)
		return err->text;
	return kpage_read(fd, d->frame, 1, word) ? "" : _("the kernel has nothing on this frame");
}

static void read_mapcount(const struct inspector *in, struct page_detail *d)
{
	d->mapcount_why = d->has_kflags && d->kflags & KPAGE_ZERO
			      ? _("the kernel does not count who maps its zero page")
			      : read_frame_word(d, in->frames->counts, &in->frames->counts_err, &d->mapcount);
	d->has_mapcount = *d->mapcount_why == '\0';
}

static void read_cached(struct inspector *in, const struct region_attr *a, enum page_class class,
			struct page_detail *d)
{
	uint64_t mapped = ENTRY_PRESENT | ENTRY_FILE;
	unsigned char answer = PAGECACHE_NO;

	in->cached_why = (struct err){ 0 };
	d->cached_why = "";
	if (!a || !classify_is_cached(class, a))
		d->cached_why = _("no file is behind it");
	else if (d->has_entry && (d->entry & mapped) == mapped)
		d->cached = true;
	else if (a->hugetlb)
		d->cached_why = _("the kernel does not show it for hugetlb pages");
	else if (in->cache_err->code)
		d->cached_why = in->cache_err->text;
	else if (pagecache_ask(in->cache, a, classify_is_shm(class), d->page, 1, &answer, &in->cached_why))
		d->cached = answer == PAGECACHE_HELD;
	else
		d->cached_why = in->cached_why.text;
	d->has_cached = *d->cached_why == '\0';
	if (page_state(d->word) == PAGE_RESERVED && d->has_cached)
		d->word = pagecache_word(answer);
}

/* The word, as a scan of this one page has it, with all flags. */
static void read_word(const struct inspector *in, const struct region_attr *a, enum page_class class,
		      struct page_detail *d)
{
	struct pages_wanted wanted = {
		.region = a, .class = class, .first = d->page, .end = d->page + 1, .flags = true
	};
	struct tiles tile = { 0 };
	uint64_t done;

	d->word = page_word(PAGE_NONE, 0);
	if (!a)
		return;
	if (pages_read(in->pages, &wanted, &tile, &done, NULL) == 0 && tile.count > 0)
		d->word = tile.run[0].value;
	else
		d->word = page_unknown(PAGE_WHY_NOT_READ);
	tiles_fini(&tile);
}

static size_t read_at(int fd, uint64_t offset, size_t size, uint8_t *bytes)
{
	size_t have = 0;

	while (have < size) {
		ssize_t got = pread(fd, bytes + have, size - have, (off_t)(offset + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return have;
}

static void read_bytes_of_memory(const struct inspector *in, size_t size, struct page_detail *d)
{
	d->bytes_len = process_files_peek(in->files, d->page << in->pages->page_shift, d->bytes, size);
	d->bytes_why = d->bytes_len ? "" : _("the kernel does not allow reading it");
}

static void read_bytes_of_file(struct inspector *in, const struct region_attr *a, size_t size,
			       struct page_detail *d)
{
	int fd = mapped_file_open(in->files->process, a, &in->bytes_why);

	if (fd < 0) {
		d->bytes_why = in->bytes_why.text;
		return;
	}
	d->bytes_len = read_at(fd, a->offset + (d->page << in->pages->page_shift) - a->start, size, d->bytes);
	d->bytes_why = d->bytes_len ? "" : _("the file ends before it");
	close(fd);
}

static void read_bytes(struct inspector *in, const struct region_attr *a, struct page_detail *d)
{
	size_t size = (size_t)1 << in->pages->page_shift;

	if (size > DETAIL_BYTES_MAX)
		size = DETAIL_BYTES_MAX;
	if (in->bytes_err->code)
		d->bytes_why = in->bytes_err->text;
	else if (d->has_entry && d->entry & ENTRY_PRESENT)
		read_bytes_of_memory(in, size, d);
	else if (d->has_cached && d->cached)
		read_bytes_of_file(in, a, size, d);
	else if (!d->has_entry)
		d->bytes_why = d->entry_why;
	else
		d->bytes_why = _("nothing is there: reading it would be a touch, and bring it in");
}

void inspect_page(struct inspector *in, const struct region_attr *a, enum page_class class, uint64_t page,
		  unsigned what, struct page_detail *d)
{
	const struct frames *frames = in->frames;

	d->page = page;
	d->entry = d->frame = d->kflags = d->mapcount = 0;
	d->cached = false;
	d->bytes_len = 0;
	d->bytes_why = _("not asked for");
	read_word(in, a, class, d);
	read_entry(in, d);
	read_frame(frames, d);
	d->kflags_why = read_frame_word(d, frames->flags, &frames->flags_err, &d->kflags);
	d->has_kflags = *d->kflags_why == '\0';
	read_mapcount(in, d);
	read_cached(in, a, class, d);
	if (what & INSPECT_BYTES)
		read_bytes(in, a, d);
}
