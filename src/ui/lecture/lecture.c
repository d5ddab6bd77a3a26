#include "ui/lecture/lecture.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "ui/key.h"

void lecture_say(struct lecture *l, const char *text)
{
	size_t len = strnlen(text, sizeof l->message - 1);

	memcpy(l->message, text, len);
	l->message[len] = '\0';
}

void lecture_init(struct lecture *l, const struct lecture_driver *driver, bool asking)
{
	*l = (struct lecture){ .driver = driver, .asking = asking };
	fault_player_end(&l->faults);
}

void lecture_fini(struct lecture *l)
{
	for (size_t i = 0; i < l->seen.count; i++)
		slide_destroy(l->seen.slides[i]);
	free(l->seen.slides);
	free(l->seen.answers);
	score_fini(&l->score);
	answering_fini(&l->answering);
}

/* The answer to a slide's question is known: it is right or wrong, if that can be said. */
static void mark_answer(struct lecture *l, size_t at)
{
	if (l->seen.answers[at].given && l->seen.slides[at]->right.known)
		score_set(&l->score, l->seen.slides[at]->number,
			  lecture_is_right(l->seen.slides[at], &l->seen.answers[at]));
}

/* While a question is asked again, the shown slide is the previous one, as at first: the question's own slide
 * has the answer. */
const struct slide *lecture_shown(const struct lecture *l)
{
	if (l->again)
		return l->seen.at ? l->seen.slides[l->seen.at - 1] : NULL;
	return l->seen.count ? l->seen.slides[l->seen.at] : NULL;
}

bool lecture_asks(const struct lecture *l)
{
	return l->phase == LECTURE_ASKS || l->phase == LECTURE_WHY;
}

/* Another slide is shown from now on. */
static void show(struct lecture *l, size_t at)
{
	l->seen.at = at;
	l->phase = LECTURE_SHOWS;
	fault_player_end(&l->faults);
	l->pointer = (struct pointer){ 0 };
	mark_answer(l, at);
	if (l->seen.slides[at]->untrue.is)
		lecture_say(l, l->seen.slides[at]->untrue.what);
	l->driver->shown(l->driver->context, lecture_shown(l), l->score.letters);
}

/* ---- the way to the next step ---- */

static void go(struct lecture *l)
{
	struct err err = { 0 };

	if (!l->driver->go(l->driver->context, &err)) {
		l->target = 0;
		l->phase = LECTURE_SHOWS;
		lecture_say(l, err.code ? err.text : _("That was the last step. PgUp goes back, q ends."));
		return;
	}
	l->phase = LECTURE_ON_ITS_WAY;
}

static void put_question(struct lecture *l)
{
	l->phase = LECTURE_ASKS;
	answering_begin(&l->answering);
	l->pointer = (struct pointer){ 0 };
}

/* Asks first, where there is something to ask. */
static void set_off(struct lecture *l)
{
	struct slide_question *question = &l->answering.question;

	slide_question_fini(question);
	if (l->asking && !l->target)
		l->driver->ask(l->driver->context, question);
	/* without a page to point at there is nothing to be answered */
	if (question->kind == LESSON_ASK_NOTHING || (question->kind == LESSON_ASK_PAGE && !lecture_shown(l)))
		go(l);
	else
		put_question(l);
}

static void take_slide(struct lecture *l, struct slide *slide)
{
	size_t cap = l->seen.cap;

	mem_grow(l->seen.slides, l->seen.cap, l->seen.count + 1);
	mem_grow(l->seen.answers, cap, l->seen.count + 1);
	l->seen.slides[l->seen.count] = slide;
	l->seen.answers[l->seen.count] = l->answering.answer;
	l->answering.answer = (struct lecture_answer){ 0 };
	show(l, l->seen.count++);
	if (l->target && slide->number + 1 < l->target)
		set_off(l);
	else
		l->target = 0;
}

static void step_driver(struct lecture *l)
{
	struct slide *slide = NULL;
	struct err err = { 0 };
	int result = l->driver->step(l->driver->context, &slide, &err);

	if (result > 0) {
		take_slide(l, slide);
	} else if (result < 0) {
		l->phase = LECTURE_SHOWS;
		l->target = 0;
		lecture_say(l, err.text);
	}
}

void lecture_begin(struct lecture *l, size_t number, const char *score)
{
	const struct lecture_entry *entries;

	score_init(&l->score, l->driver->contents(l->driver->context, &entries), score);
	l->target = number ? number + 1 : 0;
	set_off(l);
}

size_t lecture_find(const struct lecture *l, size_t number)
{
	for (size_t i = 0; i < l->seen.count; i++)
		if (l->seen.slides[i]->number == number)
			return i;
	return SIZE_MAX;
}

static size_t faults_of(const struct slide *s)
{
	return s ? s->faults.count : 0;
}

void lecture_tick(struct lecture *l, uint64_t now_ns)
{
	if (l->phase == LECTURE_ON_ITS_WAY)
		step_driver(l);
	fault_player_tick(&l->faults, faults_of(lecture_shown(l)), now_ns);
}

uint64_t lecture_due_ns(const struct lecture *l)
{
	uint64_t due = l->phase == LECTURE_ON_ITS_WAY ? l->driver->due_ns(l->driver->context) : UINT64_MAX;

	return min(due, l->faults.due_ns);
}

/* ---- answering ---- */

static void answered(struct lecture *l)
{
	if (l->again) {
		l->again = false;
		l->seen.answers[l->seen.at] = l->answering.answer;
		l->answering.answer = (struct lecture_answer){ 0 };
		show(l, l->seen.at);
	} else {
		go(l);
	}
}

static void enter_answer(struct lecture *l)
{
	if (l->phase == LECTURE_ASKS && !answering_take(&l->answering, &l->pointer, lecture_shown(l))) {
		lecture_say(l, _("A number is asked for. PgDn goes on without an answer."));
		return;
	}
	if (l->phase == LECTURE_ASKS && answering_ask_why(&l->answering)) {
		l->phase = LECTURE_WHY;
		return;
	}
	answered(l);
}

/* Continues without an answer; an earlier answer stays. */
static void skip_question(struct lecture *l)
{
	if (l->again && l->phase == LECTURE_ASKS) {
		l->again = false;
		show(l, l->seen.at);
		return;
	}
	answered(l);
}

static void leave_question(struct lecture *l)
{
	l->again = false;
	l->answering.answer = (struct lecture_answer){ 0 };
	l->phase = LECTURE_SHOWS;
	if (l->seen.count)
		show(l, l->seen.at);
}

bool lecture_question_key(struct lecture *l, uint32_t key)
{
	if (key == '\n')
		enter_answer(l);
	else if (key == KEY_CODE_PGDN)
		skip_question(l);
	else if (key == KEY_CODE_PGUP)
		leave_question(l);
	else
		return answering_key(&l->answering, &l->pointer, lecture_shown(l), key);
	return true;
}

/* ---- from slide to slide ---- */

void lecture_forward(struct lecture *l)
{
	if (l->phase == LECTURE_ON_ITS_WAY)
		return;
	if (l->faults.shown != FAULT_PLAYER_ALL)
		fault_player_end(&l->faults);
	else if (l->seen.count && l->seen.at + 1 < l->seen.count)
		show(l, l->seen.at + 1);
	else
		set_off(l);
}

void lecture_back(struct lecture *l)
{
	if (l->seen.at > 0 && l->phase == LECTURE_SHOWS)
		show(l, l->seen.at - 1);
}

void lecture_first(struct lecture *l)
{
	if (l->seen.count && l->phase == LECTURE_SHOWS)
		show(l, 0);
}

void lecture_last(struct lecture *l)
{
	if (l->seen.count && l->phase == LECTURE_SHOWS)
		show(l, l->seen.count - 1);
}

bool lecture_is_busy(struct lecture *l)
{
	if (lecture_asks(l))
		lecture_say(l, _("first the question: Enter answers, PgDn goes on without an answer"));
	else if (l->phase == LECTURE_ON_ITS_WAY)
		lecture_say(l, _("the program is on its way to the next step"));
	return l->phase != LECTURE_SHOWS;
}

void lecture_play_faults(struct lecture *l, uint64_t now_ns)
{
	size_t count = faults_of(lecture_shown(l));

	if (lecture_is_busy(l))
		return;
	if (!count)
		lecture_say(l, _("There was no page fault here on the way to this step."));
	else
		fault_player_toggle(&l->faults, count, now_ns);
}

void lecture_ask_again(struct lecture *l)
{
	const struct slide *s = lecture_shown(l);

	if (!s || !s->question.kind || l->phase != LECTURE_SHOWS)
		return;
	if (s->question.kind == LESSON_ASK_PAGE && !l->seen.at) /* there was no page to point at */
		return;
	answering_repeat(&l->answering, &s->question);
	l->again = true;
	fault_player_end(&l->faults);
	put_question(l);
}

void lecture_jump(struct lecture *l, size_t number)
{
	l->window = LECTURE_WINDOW_NONE;
	if (l->phase == LECTURE_ON_ITS_WAY)
		return;
	size_t seen = lecture_find(l, number);
	leave_question(l);
	if (seen != SIZE_MAX) {
		show(l, seen);
		return;
	}
	if (l->seen.count && number < l->seen.slides[l->seen.count - 1]->number) {
		lecture_say(l, _("That step was skipped."));
		return;
	}
	l->target = number + 1;
	set_off(l);
}

struct lecture_window_view lecture_window(const struct lecture *l)
{
	struct lecture_window_view v = { .window = l->window,
					 .at = l->window_at,
					 .slides = l->seen.slides,
					 .slide_count = l->seen.count,
					 .shown = lecture_shown(l),
					 .place = l->pointer.place,
					 .page = l->pointer.page };

	v.entry_count = l->driver->contents(l->driver->context, &v.entries);
	return v;
}

/* ---- the picture ---- */

bool lecture_show(const struct lecture *l, struct area a)
{
	const struct slide *s = lecture_shown(l);
	struct lecture_picture p = {
		.slide = s,
		.phase = l->blank ? LECTURE_BLANK : l->phase,
		.recorded = l->driver->recorded || (l->seen.count && s != l->seen.slides[l->seen.count - 1]),
		.question = &l->answering.question,
		.typed = l->answering.typed,
		.choice = l->answering.choice,
		.answer = s && s->question.kind && l->asking ? &l->seen.answers[l->seen.at] : NULL,
		.pointing = (l->phase == LECTURE_ASKS && l->answering.question.kind == LESSON_ASK_PAGE) ||
			    l->act.asked || l->window == LECTURE_WINDOW_ADDRESS,
		.place = l->pointer.place,
		.page = l->pointer.page,
		.faults_shown = l->faults.shown,
		.message = *l->message ? l->message : NULL,
	};

	score_count(l->score.letters, &p.right, &p.asked);
	l->driver->around(l->driver->context, s ? s->number : 0, &p.lesson, &p.source);
	bool fits = lecture_draw(a, &p);
	struct lecture_window_view view = lecture_window(l);
	if (!l->blank)
		lecture_window_draw(&view, a);
	return fits;
}
