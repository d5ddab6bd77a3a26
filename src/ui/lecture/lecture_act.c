/* The key pressed once more is the confirmation, as it is for leaving the lesson. Only the slide where the
 * program stands can be acted on; its pages are taken anew afterwards, its words stay as they were. */
#include "ui/lecture/lecture_act.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "render/reclaim_words.h"
#include "ui/key.h"
#include "ui/lecture/lecture.h"

static uint32_t key_of(enum control what)
{
	return what == CONTROL_EVICT ? 'e' : what == CONTROL_DROP ? 'd' : 's';
}

static void say_what(struct lecture *l)
{
	const char *name = lecture_pointed(l)->name;

	if (l->act == CONTROL_EVICT)
		snprintf(l->message, sizeof l->message,
			 _("e again: evict %s · Enter: this page · Tab, arrows: point · else: no"), name);
	else if (l->act == CONTROL_DROP)
		snprintf(l->message, sizeof l->message,
			 _("d again: drop the file of %s from the page cache · Tab: point · else: no"), name);
	else
		snprintf(l->message, sizeof l->message,
			 _("s again: write the file of %s to its disk · Tab: point · else: no"), name);
}

void lecture_act_ask(struct lecture *l, enum control what)
{
	const char *why_not = NULL;

	if (l->driver->recorded || !l->driver->act)
		why_not = _("this is a recording: nothing can be done to the process");
	else if (l->phase != LECTURE_SHOWS || !l->count || l->at + 1 < l->count)
		why_not = _("only where the program stands: End goes there");
	else if (!lecture_pointed(l))
		why_not = _("this step shows no pages");
	if (why_not) {
		snprintf(l->message, sizeof l->message, "%s", why_not);
		return;
	}
	l->act = what;
	l->act_asked = true;
	say_what(l);
}

/* The page that is pointed at; whole: its place, or what follows each other of one that is in pieces. */
static struct control_pages pages_of(const struct lecture *l, const struct slide_place *p, bool whole)
{
	size_t from = l->page, to = l->page;

	while (whole && from > 0 && p->pages[from - 1].number + 1 == p->pages[from].number)
		from--;
	while (whole && to + 1 < p->count && p->pages[to].number + 1 == p->pages[to + 1].number)
		to++;
	return (struct control_pages){ .first = p->pages[from].number,
				       .end = p->pages[to].number + 1 + (whole && p->in_one ? p->more : 0) };
}

static void act(struct lecture *l, bool whole)
{
	const struct slide_place *p = lecture_pointed(l);
	struct control_done done = { 0 };
	struct control_pages pages = pages_of(l, p, whole);
	struct strbuf words = { 0 };
	struct err err = { 0 };

	pages.done = &done;
	if (l->driver->act(l->driver->context, l->act, p->child, &pages, l->slides[l->at], &err) < 0) {
		snprintf(l->message, sizeof l->message, "%.390s", err.text);
		return;
	}
	reclaim_words(&words, l->act, &done);
	snprintf(l->message, sizeof l->message, "%s", words.text);
	strbuf_fini(&words);
}

static void next_place(struct lecture *l)
{
	size_t count = l->slides[l->at]->place_count;

	l->page = 0;
	do {
		l->place = (l->place + 1) % count;
	} while (!lecture_pointed(l));
}

bool lecture_act_key(struct lecture *l, uint32_t key)
{
	bool evicts = l->act == CONTROL_EVICT;

	l->act_asked = false;
	if (key == key_of(l->act) || (evicts && key == '\n')) {
		act(l, key != '\n');
		return true;
	}
	if (key == '\t')
		next_place(l);
	else if (!evicts || !lecture_point_key(l, key))
		return false;
	l->act_asked = true;
	say_what(l);
	return true;
}
