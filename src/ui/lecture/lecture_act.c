#include "ui/lecture/lecture_act.h"

#include "base/i18n.h"

static uint32_t key_of(enum control what)
{
	return what == CONTROL_EVICT ? 'e' : what == CONTROL_DROP ? 'd' : 's';
}

void lecture_act_words(struct strbuf *out, const struct lecture_act *a, const struct slide_place *place)
{
	if (a->what == CONTROL_EVICT)
		strbuf_printf(out, _("e again: evict %s · Enter: its page · Tab, arrows · else: no"),
			      place->name);
	else if (a->what == CONTROL_DROP)
		strbuf_printf(out, _("d again: drop file of %s, write dirty pages · Tab · else: no"),
			      place->name);
	else
		strbuf_printf(out, _("s again: write the file of %s to disk · Tab: point · else: no"),
			      place->name);
}

struct control_pages lecture_act_pages(const struct slide_place *p, size_t page, bool whole)
{
	size_t from = page, to = page;

	while (whole && from > 0 && p->pages[from - 1].number + 1 == p->pages[from].number)
		from--;
	while (whole && to + 1 < p->count && p->pages[to].number + 1 == p->pages[to + 1].number)
		to++;
	return (struct control_pages){ .first = p->pages[from].number,
				       .end = p->pages[to].number + 1 + (whole && p->in_one ? p->more : 0) };
}

enum lecture_act_answer lecture_act_key(struct lecture_act *a, struct pointer *p, const struct slide *s,
					uint32_t key)
{
	bool evicts = a->what == CONTROL_EVICT;

	a->asked = false;
	if (key == key_of(a->what))
		return LECTURE_ACT_PLACE;
	if (evicts && key == '\n')
		return LECTURE_ACT_PAGE;
	if (key == '\t')
		pointer_next_place(p, s);
	else if (!evicts || !pointer_key(p, s, key))
		return LECTURE_ACT_NO;
	a->asked = true;
	return LECTURE_ACT_ASKS;
}
