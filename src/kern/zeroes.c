/* Each piece is read only after pagemap has shown that its pages are there: otherwise /proc/PID/mem would
 * bring them in. */
#include "kern/zeroes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "event/page.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"

#define PIECE_PAGES 16

struct zeroes_reading {
	const struct process_files *files;
	unsigned page_shift;
	int mem;
	uint8_t *bytes;
	uint64_t *read, *zero;
};

static bool all_present(const struct zeroes_reading *r, uint64_t first, uint64_t pages)
{
	uint64_t entries[PIECE_PAGES];
	int64_t got =
	    r->files->pagemap < 0 ? -1 : pagemap_read(r->files->pagemap, first, pages, entries, NULL);

	for (int64_t i = 0; i < got; i++)
		if (!(entries[i] & PAGEMAP_PRESENT))
			return false;
	return got == (int64_t)pages;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

static int cannot_read(const struct zeroes_reading *r, int errnum, struct err *err)
{
	return err_system(err, errnum, _("process %d cannot be read"), r->files->pid);
}

static int read_piece(const struct zeroes_reading *r, uint64_t first, uint64_t pages, struct err *err)
{
	size_t page = (size_t)1 << r->page_shift;
	ssize_t got;

	if (!all_present(r, first, pages))
		return 0;
	got = pread(r->mem, r->bytes, pages * page, (off_t)(first << r->page_shift));
	if (got < 0 && (errno == EACCES || errno == EPERM))
		return cannot_read(r, errno, err);
	for (size_t at = 0; got > 0 && at + page <= (size_t)got; at += page) {
		*r->read += page;
		*r->zero += is_zero(r->bytes + at, page) ? page : 0;
	}
	return 0;
}

int zeroes_count(const struct process_files *files, unsigned page_shift, const struct tiles *tiles,
		 uint64_t *read, uint64_t *zero, struct err *err)
{
	struct zeroes_reading r = { .files = files, .page_shift = page_shift, .read = read, .zero = zero };
	struct err failure = { 0 };
	int result = 0;

	r.mem = procfile_open(files->thread, "mem", &failure);
	if (r.mem < 0)
		return cannot_read(&r, failure.errnum, err);
	r.bytes = mem_alloc((size_t)PIECE_PAGES << page_shift);
	for (size_t i = 0; i < tiles->count && result == 0; i++) {
		const struct run *run = &tiles->run[i];

		if (!(run->value & PAGE_HUGE) || !page_state_resident(page_state(run->value)))
			continue;
		for (uint64_t at = run->first; at < run->end && result == 0; at += PIECE_PAGES)
			result = read_piece(&r, at, min(run->end - at, PIECE_PAGES), err);
	}
	free(r.bytes);
	procfile_close(&r.mem);
	return result;
}
