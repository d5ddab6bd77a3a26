/* One page, everything: its entry, its frame, what the kernel and the page cache say
 * of it, and, when asked for, its bytes.
 *
 * Bytes are read through /proc/PID/mem, which would bring in a page that is not there:
 * so only where the entry, read a moment before, says present. A page that only the
 * page cache holds is read from the file, which does the process nothing. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/kpage.h"
#include "kern/openfile.h"
#include "kern/pagemap.h"
#include "kern/reader_state.h"

static void read_entry(struct reader *r, struct page_detail *d)
{
	int64_t got = r->pagemap < 0 ? -1 : pagemap_read(r->pagemap, d->page, 1, &d->entry);

	d->has_entry = got == 1;
	if (d->has_entry)
		d->entry_why = "";
	else if (r->pagemap < 0)
		d->entry_why = r->why[SOURCE_PAGEMAP];
	else
		d->entry_why = _("it is outside of the process's page tables");
}

static void read_frame(struct reader *r, struct page_detail *d)
{
	if (!d->has_entry)
		d->frame_why = d->entry_why;
	else if (!(d->entry & ENTRY_PRESENT))
		d->frame_why = _("no frame is behind it");
	else if (*r->why[SOURCE_FRAMES])
		d->frame_why = r->why[SOURCE_FRAMES];
	else
		d->frame_why = "";
	d->has_frame = *d->frame_why == '\0';
	d->frame = d->has_frame ? pagemap_frame(d->entry) : 0;
}

/* One word of kpageflags or kpagecount. */
static bool read_frame_word(struct reader *r, const struct page_detail *d, enum source_kind kind, int fd,
			    uint64_t *word, const char **why)
{
	if (!d->has_frame)
		*why = d->frame_why;
	else if (fd < 0)
		*why = r->why[kind];
	else if (!kpage_read(fd, d->frame, 1, word))
		*why = _("the kernel tells nothing of this frame");
	else
		*why = "";
	return **why == '\0';
}

static void read_cached(struct reader *r, const struct region_attr *a, struct page_detail *d)
{
	enum page_class class = a ? reader_class(r, a) : CLASS_ANON;
	bool shm = class == CLASS_SHM_PRIVATE || class == CLASS_SHM_SHARED;
	unsigned char answer = PAGECACHE_NO;

	d->cached_why = "";
	if (!a || !classify_is_cached(class, a))
		d->cached_why = _("no file is behind it");
	else if (d->has_entry && (d->entry & (ENTRY_PRESENT | ENTRY_FILE)) == (ENTRY_PRESENT | ENTRY_FILE))
		d->cached = true;
	else if (a->hugetlb)
		d->cached_why = _("the kernel does not tell it of hugetlb pages");
	else if (*r->why[SOURCE_PAGE_CACHE])
		d->cached_why = r->why[SOURCE_PAGE_CACHE];
	else if (pagecache_ask(r->cache, a, shm, d->page, 1, &answer, &d->cached_why))
		d->cached = answer == PAGECACHE_HELD;
	d->has_cached = *d->cached_why == '\0';
	if (page_state(d->word) == PAGE_RESERVED && d->has_cached)
		d->word = pagecache_word(answer);
}

/* The word, as a scan of this one page has it, with all flags. */
static void read_word(struct reader *r, const struct region_attr *a, struct page_detail *d)
{
	struct tiles tile = { 0 };
	uint64_t done;
	bool flags = r->flags;

	d->word = page_word(PAGE_NONE, 0);
	if (!a)
		return;
	r->flags = true;
	if (reader_pages(r, a, d->page, d->page + 1, false, 0, &tile, &done, NULL) == 0 && tile.count > 0)
		d->word = tile.run[0].value;
	else
		d->word = page_unknown(PAGE_WHY_NOT_READ);
	r->flags = flags;
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

static void read_bytes_of_memory(struct reader *r, size_t size, struct page_detail *d)
{
	int fd = *r->why[SOURCE_BYTES] ? -1 : openat(r->thread, "mem", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		d->bytes_len = read_at(fd, d->page << r->page_shift, size, d->bytes);
		close(fd);
	}
	if (*r->why[SOURCE_BYTES])
		d->bytes_why = r->why[SOURCE_BYTES];
	else
		d->bytes_why = d->bytes_len ? "" : _("the kernel does not let it be read");
}

static void read_bytes_of_file(struct reader *r, const struct region_attr *a, size_t size,
			       struct page_detail *d)
{
	const char *why = "";
	int fd = openfile_of_region(r->process, a, &why);

	if (fd < 0) {
		d->bytes_why = why;
		return;
	}
	d->bytes_len = read_at(fd, a->offset + (d->page << r->page_shift) - a->start, size, d->bytes);
	d->bytes_why = d->bytes_len ? "" : _("the file ends before it");
	close(fd);
}

static void read_bytes(struct reader *r, const struct region_attr *a, struct page_detail *d)
{
	size_t size = (size_t)1 << r->page_shift;

	if (size > DETAIL_BYTES_MAX)
		size = DETAIL_BYTES_MAX;
	if (d->has_entry && d->entry & ENTRY_PRESENT)
		read_bytes_of_memory(r, size, d);
	else if (!*r->why[SOURCE_BYTES] && d->has_cached && d->cached)
		read_bytes_of_file(r, a, size, d);
	else if (*r->why[SOURCE_BYTES])
		d->bytes_why = r->why[SOURCE_BYTES];
	else if (!d->has_entry)
		d->bytes_why = d->entry_why;
	else
		d->bytes_why = _("nothing is there: to look would be a touch, and bring it in");
}

int reader_inspect(struct reader *r, const struct region_attr *a, uint64_t page, unsigned what,
		   struct page_detail *d, struct err *err)
{
	d->page = page;
	d->entry = d->frame = d->kflags = d->mapcount = 0;
	d->cached = false;
	d->bytes_len = 0;
	d->bytes_why = _("not asked for");
	read_word(r, a, d);
	read_entry(r, d);
	read_frame(r, d);
	d->has_kflags = read_frame_word(r, d, SOURCE_KPAGEFLAGS, r->kpageflags, &d->kflags, &d->kflags_why);
	d->has_mapcount =
	    read_frame_word(r, d, SOURCE_KPAGECOUNT, r->kpagecount, &d->mapcount, &d->mapcount_why);
	read_cached(r, a, d);
	if (what & INSPECT_BYTES)
		read_bytes(r, a, d);
	return 0;
}
