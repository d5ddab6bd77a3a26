/* What is known about one page: the model's page word, the region or the gap that it is in, and the source's
 * detail of this very page. */
#ifndef RENDER_PAGE_FACTS_H
#define RENDER_PAGE_FACTS_H

#include <stdint.h>

#include "base/strbuf.h"
#include "event/source.h"
#include "model/space.h"
#include "render/canvas.h"

struct page_facts {
	uint64_t page, address;
	uint32_t word;                      /* just read if it was, else the model's */
	uint32_t since_ms;                  /* 0: since the watch began */
	const struct region *region;        /* NULL: a gap */
	bool relro;                         /* see space_is_relro */
	const struct region *below, *above; /* of a gap: its neighbours, NULL for none */
	const struct page_detail *detail;   /* of this very page, or NULL */
};

/* Collects them. `detail` may be NULL, or of another page; then it is ignored. */
struct page_facts page_facts(const struct space *, uint64_t page, const struct page_detail *detail);

/* "0x55d2c1f0b000", with as many digits as an address of `bits` bits can have. */
const char *page_address_text(char buf[static 24], int bits, uint64_t address);

/* "frame 0x115034"; "no frame"; "frame ?" if there is one, or may be, that we are not allowed to see. */
void page_frame_print(struct strbuf *, const struct page_facts *);

/* Draws a label at the left edge; returns the column for its text, which is the same for all labels. */
int page_label(struct area, int row, const char *label);

#endif
