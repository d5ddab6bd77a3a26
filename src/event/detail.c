#include "event/detail.h"

void page_detail_refuse(struct page_detail *d, uint64_t page, uint32_t word, const char *why)
{
	const struct detail_figure unknown = { .refused = true, .why = why };

	d->page = page;
	d->word = word;
	d->entry = d->frame = d->kflags = d->mapcount = d->cached = unknown;
	d->bytes_len = 0;
	d->bytes_refused = true;
	d->bytes_why = why;
}
