#include "lecture/slide_words.h"

#include "base/i18n.h"

bool lecture_is_right(const struct slide *s, const struct lecture_answer *a)
{
	const struct slide_right *r = &s->right;

	if (!r->known || !a->given)
		return false;
	if (r->kind == LESSON_ASK_CHOICE)
		return a->choice == r->choice;
	for (size_t i = 0; i < r->count; i++) {
		if (r->kind == LESSON_ASK_NUMBER && r->numbers[i] == a->number)
			return true;
		if (r->kind == LESSON_ASK_PAGE && r->pages[i].first <= a->page && a->page < r->pages[i].end)
			return true;
	}
	return false;
}

/* "page 5 of area" */
void lecture_page_words(struct strbuf *out, const struct slide *s, uint64_t page)
{
	for (size_t i = 0; i < s->place_count; i++) {
		const struct slide_place *p = &s->places[i];

		size_t at = p->child ? SIZE_MAX : slide_place_find(p, page);

		if (at != SIZE_MAX) {
			strbuf_printf(out, _("page %zu of %s"), at, p->name);
			return;
		}
	}
	strbuf_printf(out, _("page 0x%llx"), (unsigned long long)page);
}

/* "pages 0 to 15 of area" */
static void span_words(struct strbuf *out, const struct slide *s, struct page_span span)
{
	for (size_t i = 0; i < s->place_count && span.end > span.first + 1; i++) {
		const struct slide_place *p = &s->places[i];
		size_t from = p->child ? SIZE_MAX : slide_place_find(p, span.first);
		size_t to = p->child ? SIZE_MAX : slide_place_find(p, span.end - 1);

		if (from == SIZE_MAX || to == SIZE_MAX)
			continue;
		if (from == 0 && to == p->count - 1 && !p->more)
			strbuf_printf(out, _("any page of %s"), p->name);
		else
			strbuf_printf(out, _("pages %zu to %zu of %s"), from, to, p->name);
		return;
	}
	lecture_page_words(out, s, span.first);
}

void lecture_right_words(struct strbuf *out, const struct slide *s)
{
	const struct slide_right *r = &s->right;

	if (!r->known)
		strbuf_printf(out, _("unknown: %s"), r->why);
	else if (r->kind == LESSON_ASK_CHOICE)
		strbuf_puts(out, s->question.choices[r->choice]);
	for (size_t i = 0; i < r->count; i++) {
		strbuf_puts(out, i ? _(" or ") : "");
		if (r->kind == LESSON_ASK_NUMBER)
			strbuf_printf(out, "%lld", (long long)r->numbers[i]);
		else
			span_words(out, s, r->pages[i]);
	}
}

void lecture_answer_words(struct strbuf *out, const struct slide *s, const struct lecture_answer *a)
{
	if (s->right.kind == LESSON_ASK_CHOICE)
		strbuf_puts(out, a->choice < s->question.choice_count ? s->question.choices[a->choice] : "");
	else if (s->right.kind == LESSON_ASK_NUMBER)
		strbuf_printf(out, "%lld", (long long)a->number);
	else
		lecture_page_words(out, s, a->page);
}

/* The causes of the step's faults, each with how often. */
void lecture_faults_words(struct strbuf *out, const struct slide *s)
{
	unsigned counts[FAULT_CAUSES] = { 0 };
	const char *separator = ": ";

	strbuf_printf(out, _("faults here %llu"), (unsigned long long)(s->faults.count + s->faults.left_out));
	for (size_t i = 0; i < s->faults.count; i++)
		counts[s->faults.list[i].fault.cause]++;
	for (int cause = 0; cause < FAULT_CAUSES; cause++) {
		if (!counts[cause])
			continue;
		strbuf_printf(out, "%s%s", separator, fault_cause_name((enum fault_cause)cause));
		if (counts[cause] > 1)
			strbuf_printf(out, " ×%u", counts[cause]);
		separator = ", ";
	}
}

/* What is known of all of it, besides the faults. */
void lecture_counters_words(struct strbuf *out, const struct slide *s, bool brief)
{
	if (s->counters.known && s->ended)
		strbuf_printf(out, _("whole process, until it ended: minor +%llu, major +%llu"),
			      (unsigned long long)s->counters.minor, (unsigned long long)s->counters.major);
	else if (s->counters.known && brief)
		strbuf_printf(out, _("whole process: minor +%llu, major +%llu"),
			      (unsigned long long)s->counters.minor, (unsigned long long)s->counters.major);
	else if (s->counters.known)
		strbuf_printf(out,
			      ngettext("whole process: minor +%llu, major +%llu, %llu page resident",
				       "whole process: minor +%llu, major +%llu, %llu pages resident",
				       (unsigned long)s->counters.resident),
			      (unsigned long long)s->counters.minor, (unsigned long long)s->counters.major,
			      (unsigned long long)s->counters.resident);
}
