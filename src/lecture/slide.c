#include "lecture/slide.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "lesson/lesson_words.h"

static char *filled(const struct lesson_text *text, const struct lesson_step *step,
		    const struct expect_facts *facts)
{
	struct strbuf out = { 0 };

	if (!text->text)
		return NULL;
	lesson_words_fill(&out, text->text, &step->figures, facts);
	return out.text ? out.text : mem_strdup("");
}

void slide_question_take(struct slide_question *out, const struct lesson_step *step,
			 const struct expect_facts *facts)
{
	const struct lesson_question *q = &step->question;

	*out = (struct slide_question){ .kind = q->kind };
	if (!q->kind)
		return;
	out->text = filled(&q->text, step, facts);
	out->why = filled(&q->why, step, facts);
	out->choices = mem_zalloc((q->choice_count + 1) * sizeof *out->choices);
	for (size_t i = 0; i < q->choice_count; i++)
		out->choices[out->choice_count++] = filled(&q->choices[i].text, step, facts);
}

void slide_question_fini(struct slide_question *q)
{
	for (size_t i = 0; i < q->choice_count; i++)
		free(q->choices[i]);
	free(q->choices);
	free(q->text);
	free(q->why);
	*q = (struct slide_question){ 0 };
}

/* Of several reasons the first is kept. */
static void note_doubt(struct slide_right *r, const char *why)
{
	if (!r->doubts++)
		r->why = mem_strdup(why);
}

static void take_choice(struct slide_right *r, const struct lesson_question *q,
			const struct expect_facts *facts)
{
	for (size_t i = 0; i < q->choice_count; i++) {
		struct expect_result result;

		expect_judge(facts, q->choices[i].when, &result);
		if (result.outcome == EXPECT_HOLDS) {
			r->known = true;
			r->choice = i;
		} else if (result.outcome == EXPECT_UNKNOWN) {
			note_doubt(r, result.why);
		}
		expect_result_fini(&result);
	}
}

static void take_number(struct slide_right *r, const struct expect_term *term,
			const struct expect_facts *facts)
{
	struct expect_value v = expect_evaluate(facts, term);

	if (v.kind == VALUE_NUMBER && v.low == v.high)
		r->numbers[r->count++] = v.low;
	else if (!value_is_exact(&v))
		note_doubt(r, v.why);
	value_fini(&v);
}

static void take_pages(struct slide_right *r, const struct expect_place *place,
		       const struct expect_facts *facts)
{
	struct expect_where where = { 0 };
	struct expect_value unknown = { 0 };

	if (!expect_find_place(facts, expect_process(facts, 0), place, &where, &unknown))
		note_doubt(r, unknown.why);
	else if (where.count)
		r->pages[r->count++] = where.spans[0];
	value_fini(&unknown);
	expect_where_fini(&where);
}

static void take_right(struct slide_right *r, const struct lesson_question *q,
		       const struct expect_facts *facts)
{
	r->kind = q->kind;
	if (q->kind == LESSON_ASK_CHOICE)
		take_choice(r, q, facts);
	for (size_t i = 0; i < q->right_count && r->count < sizeof r->numbers / sizeof *r->numbers; i++) {
		if (q->rights[i].term)
			take_number(r, q->rights[i].term, facts);
		else
			take_pages(r, q->rights[i].place, facts);
	}
	r->known |= r->count > 0;
	if (!r->known && !r->doubts)
		r->why = mem_strdup(_("none of the answers is right"));
}

static bool is_mapped(uint32_t word)
{
	return page_state_mapped(page_state(word));
}

static void take_frames(struct slide_place *p, const struct process *process,
			const struct expect_facts *facts)
{
	for (size_t i = 0; i < p->count && i < SLIDE_FRAMES && facts->ops; i++) {
		struct err err = { 0 };
		uint64_t frame;

		if (!is_mapped(p->pages[i].word))
			continue;
		if (facts->ops->frame(facts->context, process->pid, p->pages[i].number, &frame, &err) < 0) {
			if (!p->frames_err.code)
				p->frames_err = err;
			continue;
		}
		p->frames = true;
		p->pages[i].frame = frame;
	}
}

static void take_pages_of(struct slide_place *p, const struct expect_where *where)
{
	uint64_t total = 0;

	for (size_t i = 0; i < where->count; i++)
		total += where->spans[i].end - where->spans[i].first;
	p->count = min(total, SLIDE_PAGES);
	p->more = total - p->count;
	p->in_one = where->count == 1;
	p->pages = mem_zalloc((p->count + 1) * sizeof *p->pages);
	for (size_t i = 0, n = 0; i < where->count; i++)
		for (uint64_t page = where->spans[i].first; page < where->spans[i].end && n < p->count;
		     page++)
			p->pages[n++] =
			    (struct slide_page){ .number = page,
						 .word = runs_at(where->process->space->pages, page).value };
}

/* The region of its first mapped page: there may be a hole in front. */
static const struct region *first_region(const struct process *process, const struct expect_where *where)
{
	const struct region *region = space_find(process->space, where->address);

	for (size_t i = 0; i < where->count && !region; i++)
		for (uint64_t page = where->spans[i].first; page < where->spans[i].end && !region; page++) {
			const struct run run = runs_at(process->space->pages, page);

			if (page_state(run.value) != PAGE_NONE)
				region = space_find(process->space, space_address(process->space, page));
			else if (run.end > page)
				page = run.end - 1;
		}
	return region;
}

/* The place in one process. False: it is not there. */
static bool take_place(struct slide_place *p, const struct lesson_show *show, const struct process *process,
		       const struct expect_facts *facts)
{
	struct expect_where where = { 0 };
	struct expect_value unknown = { 0 };
	bool known = expect_find_place(facts, process, show->place, &where, &unknown);
	bool found = known && where.count;

	*p = (struct slide_place){ .name = mem_strdup(show->name), .kind = "", .found = found };
	if (found) {
		const struct region *region = first_region(process, &where);

		p->address = where.address;
		p->kind = region ? region_kind_name(region->attr.kind) : "";
		p->closed = region && region_is_closed(&region->attr);
		if (region)
			region_perms_text(p->rights, region->attr.perms);
		take_pages_of(p, &where);
		take_frames(p, process, facts);
	} else {
		p->why = mem_strdup(known ? _("nothing is mapped there") : unknown.why);
	}
	value_fini(&unknown);
	expect_where_fini(&where);
	return found;
}

static void place_fini(struct slide_place *p)
{
	free(p->name);
	free(p->why);
	free(p->pages);
}

static void take_places(struct slide *s, const struct lesson *lesson, const struct lesson_step *step,
			const struct expect_facts *facts)
{
	const struct lesson_shows *shows = lesson_step_shows(lesson, step);
	size_t cap = 0;

	for (unsigned child = 0; child <= SLIDE_CHILDREN; child++) {
		const struct process *process = expect_process(facts, child);

		for (size_t i = 0; process && i < shows->count; i++) {
			mem_grow(s->places, cap, s->place_count + 1);
			struct slide_place *p = &s->places[s->place_count];

			if (child && !process_alive(process))
				break;
			if (!take_place(p, &shows->list[i], process, facts) && child) {
				place_fini(p);
				continue;
			}
			p->child = child;
			s->place_count++;
		}
	}
}

size_t slide_place_find(const struct slide_place *p, uint64_t number)
{
	if (p->in_one && p->count)
		return number - p->pages->number < p->count ? number - p->pages->number : SIZE_MAX;
	for (size_t i = 0; i < p->count; i++)
		if (p->pages[i].number == number)
			return i;
	return SIZE_MAX;
}

static bool is_shown(const struct slide *s, unsigned child, uint64_t page)
{
	for (size_t i = 0; i < s->place_count; i++) {
		const struct slide_place *p = &s->places[i];

		if (p->child == child && slide_place_find(p, page) != SIZE_MAX)
			return true;
	}
	return false;
}

static void take_faults(struct slide *s, const struct process *process, unsigned child, uint64_t from)
{
	const struct fault_log *log = &process->faults.log;
	size_t cap = s->faults.count;

	for (uint64_t n = max(from, log->begin); n < log->end; n++) {
		const struct fault_entry *e = fault_log_at(log, n);
		uint64_t page = e ? space_page(process->space, e->fault.address) : 0;
		struct slide_fault *f;

		if (!e || !is_shown(s, child, page))
			continue;
		if (s->faults.count == SLIDE_FAULTS) {
			s->faults.left_out++;
			continue;
		}
		mem_grow(s->faults.list, cap, s->faults.count + 1);
		f = &s->faults.list[s->faults.count++];
		*f = (struct slide_fault){
			.fault = e->fault, .page = page, .child = child, .time_ns = e->time_ns
		};
		const struct event_symbol *symbol = names_find(process->names, e->fault.ip);
		f->function = mem_strdup(symbol && symbol->count ? symbol->frames[0].function : "");
	}
}

static void take_course(struct slide *s, const struct expect_facts *facts, struct slide_before *before)
{
	const struct process *p = expect_process(facts, 0);
	uint64_t counts[PAGE_STATES] = { 0 };

	if (!p)
		return;
	take_faults(s, p, 0, before->logged);
	before->logged = p->faults.log.end;
	for (unsigned child = 1; child <= SLIDE_CHILDREN; child++) {
		const struct process *c = expect_process(facts, child);

		if (!c)
			continue;
		take_faults(s, c, child, before->child_logged[child - 1]);
		before->child_logged[child - 1] = c->faults.log.end;
	}
	s->counters.known = p->counters.known;
	s->counters.minor = process_minor(p) - before->minor;
	s->counters.major = process_major(p) - before->major;
	before->minor = process_minor(p);
	before->major = process_major(p);
	space_add_counts(p->space, counts);
	s->counters.resident = page_resident(counts);
	s->page_size = UINT64_C(1) << p->space->page_shift;
	s->address_bits = p->identity.address_bits;
	s->ended = !process_alive(p);
	for (size_t i = 0, n = 0; i < SLIDE_OUTPUT; i++) {
		const char *line = output_line(&p->output, SLIDE_OUTPUT - 1 - i);

		if (line && (*line || n))
			s->output[n++] = mem_strdup(line);
	}
}

/* Takes the first expectation that fails here: the speaker has to know. */
static void take_untrue(struct slide_untrue *untrue, const struct lesson *lesson,
			const struct lesson_step *step, const struct expect_facts *facts)
{
	struct strbuf words = { 0 }, shown = { 0 };

	for (size_t i = 0; i < step->expect_count && !untrue->is; i++) {
		struct expect_result r;

		expect_judge(facts, step->expects[i].expect, &r);
		if (r.outcome == EXPECT_FAILS) {
			strbuf_printf(&words, _("does not hold: %s:%u: "), lesson->file,
				      step->expects[i].text.line);
			expect_explain(&words, step->expects[i].expect, &r);
			text_printable(&shown, words.text, words.len);
			*untrue = (struct slide_untrue){ .is = true, .what = shown.text };
		}
		expect_result_fini(&r);
	}
	strbuf_fini(&words);
}

/* The line of the last step, up to this one, that has one. */
static unsigned last_line(const struct lesson *lesson, const struct lesson_marks *marks, size_t number)
{
	for (size_t i = number + 1; i-- > 0;) {
		const struct lesson_mark *mark = lesson_marks_find(marks, lesson->steps[i].mark);

		if (mark)
			return mark->line;
	}
	return 0;
}

struct slide *slide_take(const struct lesson *lesson, const struct lesson_marks *marks, size_t number,
			 const struct expect_facts *facts, struct slide_before *before)
{
	const struct lesson_step *step = &lesson->steps[number];
	const struct lesson_mark *mark = lesson_marks_find(marks, step->mark);
	struct slide *s = mem_zalloc(sizeof *s);

	s->step = number;
	s->steps = lesson->step_count;
	s->line = mark ? mark->line : 0;
	s->near = last_line(lesson, marks, number);
	s->title = filled(&step->title, step, facts);
	s->text = filled(&step->text, step, facts);
	s->notes = filled(&step->notes, step, facts);
	s->explain = filled(&step->question.explain, step, facts);
	slide_question_take(&s->question, step, facts);
	take_right(&s->right, &step->question, facts);
	take_places(s, lesson, step, facts);
	take_course(s, facts, before);
	take_untrue(&s->untrue, lesson, step, facts);
	return s;
}

static void places_fini(struct slide *s)
{
	for (size_t i = 0; i < s->place_count; i++)
		place_fini(&s->places[i]);
	free(s->places);
	s->places = NULL;
	s->place_count = 0;
}

void slide_take_pages(struct slide *s, const struct lesson *lesson, const struct expect_facts *facts)
{
	const struct process *p = expect_process(facts, 0);
	uint64_t counts[PAGE_STATES] = { 0 };

	places_fini(s);
	take_places(s, lesson, &lesson->steps[s->step], facts);
	if (!p)
		return;
	space_add_counts(p->space, counts);
	s->counters.resident = page_resident(counts);
}

void slide_destroy(struct slide *s)
{
	if (!s)
		return;
	places_fini(s);
	for (size_t i = 0; i < s->faults.count; i++)
		free(s->faults.list[i].function);
	for (size_t i = 0; i < SLIDE_OUTPUT; i++)
		free(s->output[i]);
	free(s->faults.list);
	free(s->title);
	free(s->text);
	free(s->notes);
	free(s->explain);
	free(s->right.why);
	free(s->untrue.what);
	slide_question_fini(&s->question);
	free(s);
}
