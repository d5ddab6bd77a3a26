/* Everything about one page: its entry, its frame, what the kernel and the page cache know about it, and, if
 * requested, its bytes.
 *
 * Bytes are read through /proc/PID/mem, which would bring in a page that is not there: so they are read only
 * if the entry, read a moment before, says present. A page that only the page cache holds is read from the
 * file, which does not affect the process. */
#include "kern/inspect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/mapped_file.h"

static struct detail_figure known(uint64_t value)
{
	return (struct detail_figure){ .known = true, .value = value, .why = "" };
}

static struct detail_figure unknown(const char *why)
{
	return (struct detail_figure){ .refused = true, .why = why };
}

static struct detail_figure read_entry(const struct inspector *in, uint64_t page)
{
	uint64_t entry;

	if (process_files_entry(in->files, page, &entry))
		return known(entry);
	if (in->files->pagemap < 0)
		return unknown(in->files->pagemap_err.text);
	return unknown(_("it is outside the process's page tables"));
}

static struct detail_figure read_frame(const struct frames *frames, const struct detail_figure *entry)
{
	if (!entry->known)
		return *entry;
	if (!(entry->value & PAGEMAP_PRESENT))
		return unknown(_("no frame is behind it"));
	if (frames->err.code)
		return unknown(frames->err.text);
	return known(pagemap_frame(entry->value));
}

/* One word of kpageflags or kpagecount, open as `fd`, or not open, for the reason in err. */
static struct detail_figure read_frame_word(const struct detail_figure *frame, int fd, const struct err *err)
{
	uint64_t word;

	if (!frame->known)
		return *frame;
	if (fd < 0)
		return unknown(err->text);
	if (!frames_read_words(fd, frame->value, 1, &word))
		return unknown(_("the kernel has no information on this frame"));
	return known(word);
}

static struct detail_figure read_mapcount(const struct frames *frames, const struct page_detail *d)
{
	if (d->kflags.known && d->kflags.value & FRAMES_ZERO)
		return unknown(_("the kernel does not count who maps its zero page"));
	return read_frame_word(&d->frame, frames->counts, &frames->counts_err);
}

static struct detail_figure ask_cache(struct inspector *in, const struct region_attr *a,
				      enum page_class class, uint64_t page, unsigned char *answer)
{
	if (a->hugetlb)
		return unknown(_("the kernel does not show it for hugetlb pages"));
	if (in->cache_err->code)
		return unknown(in->cache_err->text);
	if (!pagecache_ask(in->cache, a, classify_is_shm(class), page, 1, answer, &in->cached_err))
		return unknown(in->cached_err.text);
	return known(*answer == PAGECACHE_HELD);
}

/* If a page is only reserved from its file, its word says whether it is cached. */
static void read_cached(struct inspector *in, const struct region_attr *a, enum page_class class,
			struct page_detail *d)
{
	const uint64_t mapped = PAGEMAP_PRESENT | PAGEMAP_FILE;
	unsigned char answer = PAGECACHE_NO;

	in->cached_err = (struct err){ 0 };
	if (!a || !classify_is_cached(class, a))
		d->cached = unknown(_("no file is behind it"));
	else if (d->entry.known && (d->entry.value & mapped) == mapped)
		d->cached = known(1);
	else
		d->cached = ask_cache(in, a, class, d->page, &answer);
	if (page_state(d->word) == PAGE_RESERVED && d->cached.known)
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

static void refuse_bytes(struct page_detail *d, const char *why)
{
	d->bytes_refused = true;
	d->bytes_why = why;
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
	if (!d->bytes_len)
		refuse_bytes(d, _("the kernel does not allow reading it"));
}

static void read_bytes_of_file(struct inspector *in, const struct region_attr *a, size_t size,
			       struct page_detail *d)
{
	int fd = mapped_file_open(in->files->process, a, &in->bytes_file_err);

	if (fd < 0) {
		refuse_bytes(d, in->bytes_file_err.text);
		return;
	}
	d->bytes_len = read_at(fd, a->offset + (d->page << in->pages->page_shift) - a->start, size, d->bytes);
	if (!d->bytes_len)
		refuse_bytes(d, _("the file ends before it"));
	close(fd);
}

/* Has the page the bytes that the page cache holds? A private mapping may have a copy instead, in memory or in swap:
 * it has none if the entry was read, and is empty. */
static bool is_as_in_file(const struct region_attr *a, const struct page_detail *d)
{
	return d->cached.known && d->cached.value &&
	       (a->perms & REGION_MAY_SHARE || page_state_cached(page_state(d->word)));
}

static void read_bytes(struct inspector *in, const struct region_attr *a, struct page_detail *d)
{
	size_t size = (size_t)1 << in->pages->page_shift;

	if (size > DETAIL_BYTES_MAX)
		size = DETAIL_BYTES_MAX;
	if (in->bytes_err->code)
		refuse_bytes(d, in->bytes_err->text);
	else if (d->entry.known && d->entry.value & PAGEMAP_PRESENT)
		read_bytes_of_memory(in, size, d);
	else if (is_as_in_file(a, d))
		read_bytes_of_file(in, a, size, d);
	else if (!d->entry.known)
		refuse_bytes(d, d->entry.why);
	else
		refuse_bytes(d, _("nothing is there: reading it would be a touch, and bring it in"));
}

void inspect_page(struct inspector *in, const struct region_attr *a, enum page_class class, uint64_t page,
		  unsigned what, struct page_detail *d)
{
	const struct frames *frames = in->frames;

	d->page = page;
	d->bytes_len = 0;
	d->bytes_refused = false;
	d->bytes_why = "";
	read_word(in, a, class, d);
	d->entry = read_entry(in, page);
	d->frame = read_frame(frames, &d->entry);
	d->kflags = read_frame_word(&d->frame, frames->flags, &frames->flags_err);
	d->mapcount = read_mapcount(frames, d);
	read_cached(in, a, class, d);
	if (what & INSPECT_BYTES)
		read_bytes(in, a, d);
}
