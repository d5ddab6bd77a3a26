/* Looks a page up wherever something is known about it. */
#include "render/page_facts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"

/* The neighbours of a gap. */
static void find_neighbours(struct page_facts *s, const struct space *space)
{
	size_t next = space_find_index(space, s->address);
	s->above = next < space->count ? space->regions[next] : NULL;
	s->below = next > 0 ? space->regions[next - 1] : NULL;
}

struct page_facts page_facts(const struct space *space, uint64_t page, const struct page_detail *detail)
{
	struct page_facts facts = { .page = page, .address = space_address(space, page) };

	facts.region = space_find(space, facts.address);
	facts.relro = facts.region && space_is_relro(space, facts.region);
	facts.word = runs_at(space->pages, page).value;
	facts.since_ms = runs_at(space->since, page).value;
	if (!facts.region)
		find_neighbours(&facts, space);
	if (!detail || detail->page != page)
		return facts;
	facts.detail = detail;
	/* read a moment after the model's reading: the same state with more flags is better */
	if (page_state(detail->word) == page_state(facts.word) || page_state(facts.word) == PAGE_UNKNOWN)
		facts.word = detail->word;
	return facts;
}

const char *page_address_text(char buf[static 24], int bits, uint64_t address)
{
	snprintf(buf, 24, "0x%0*" PRIx64, bits == 32 ? 8 : 12, address);
	return buf;
}

void page_frame_print(struct strbuf *out, const struct page_facts *s)
{
	enum page_state state = page_state(s->word);

	if (s->detail && s->detail->frame.known)
		strbuf_printf(out, _("frame 0x%" PRIx64), s->detail->frame.value);
	else if (page_state_mapped(state) || state == PAGE_UNKNOWN)
		strbuf_puts(out, _("frame ?"));
	else
		strbuf_puts(out, _("no frame"));
}

int page_label(struct area a, int row, const char *label)
{
	const char *const labels[] = { _("PAGE"), _("PLACE"), _("WHO"), _("CAUSE"), _("WHY"), _("NEXT") };
	int width = 0;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		int columns = text_columns(labels[i]);
		width = max(columns, width);
	}
	struct pen pen = PEN(INK_ACCENT);
	pen.style = STYLE_BOLD;
	area_text(a, row, 1, pen, label);
	return width + 3;
}
