#include "ui/lecture/lecture.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "render/reclaim_words.h"
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
	for (size_t i = 0; i < l->count; i++)
		slide_destroy(l->slides[i]);
	free(l->slides);
	free(l->answers);
	score_fini(&l->score);
	answering_fini(&l->answering);
}

/* The answer to a slide's question is known: it is right or wrong, if that can be said. */
static void mark_answer(struct lecture *l, size_t at)
{
	if (l->answers[at].given && l->slides[at]->right.known)
		score_set(&l->score, l->slides[at]->number, lecture_is_right(l->slides[at], &l->answers[at]));
}

/* While its question is put again that is the one before, as when it was put first: its own has the answer. */
static const struct slide *shown(const struct lecture *l)
{
	if (l->again)
		return l->at ? l->slides[l->at - 1] : NULL;
	return l->count ? l->slides[l->at] : NULL;
}

static bool asks(const struct lecture *l)
{
	return l->phase == LECTURE_ASKS || l->phase == LECTURE_WHY;
}

/* Another slide is shown from now on. */
static void show(struct lecture *l, size_t at)
{
	l->at = at;
	l->phase = LECTURE_SHOWS;
	fault_player_end(&l->faults);
	l->pointer = (struct pointer){ 0 };
	mark_answer(l, at);
	if (l->slides[at]->untrue)
		lecture_say(l, l->slides[at]->untrue);
	l->driver->shown(l->driver->context, shown(l), l->score.letters);
}

/* ---- the way to the next step ---- */

static void go(struct lecture *l)
{
	struct err why = { 0 };

	if (!l->driver->go(l->driver->context, &why)) {
		l->target = 0;
		l->phase = LECTURE_SHOWS;
		lecture_say(l, why.code ? why.text : _("That was the last step. PgUp goes back, q ends."));
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
	if (question->kind == LESSON_ASK_NOTHING || (question->kind == LESSON_ASK_PAGE && !shown(l)))
		go(l);
	else
		put_question(l);
}

static void take_slide(struct lecture *l, struct slide *slide)
{
	size_t cap = l->cap;

	mem_grow(l->slides, l->cap, l->count + 1);
	mem_grow(l->answers, cap, l->count + 1);
	l->slides[l->count] = slide;
	l->answers[l->count] = l->answering.answer;
	l->answering.answer = (struct lecture_answer){ 0 };
	show(l, l->count++);
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
	for (size_t i = 0; i < l->count; i++)
		if (l->slides[i]->number == number)
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
	fault_player_tick(&l->faults, faults_of(shown(l)), now_ns);
}

uint64_t lecture_due_ns(const struct lecture *l)
{
	uint64_t due = l->phase == LECTURE_ON_ITS_WAY ? l->driver->due_ns(l->driver->context) : UINT64_MAX;

	return min_u64(due, l->faults.due_ns);
}

/* ---- answering ---- */

static void answered(struct lecture *l)
{
	if (l->again) {
		l->again = false;
		l->answers[l->at] = l->answering.answer;
		l->answering.answer = (struct lecture_answer){ 0 };
		show(l, l->at);
	} else {
		go(l);
	}
}

static void enter_answer(struct lecture *l)
{
	if (l->phase == LECTURE_ASKS && !answering_take(&l->answering, &l->pointer, shown(l))) {
		lecture_say(l, _("A number is asked for. PgDn goes on without an answer."));
		return;
	}
	if (l->phase == LECTURE_ASKS && answering_ask_why(&l->answering)) {
		l->phase = LECTURE_WHY;
		return;
	}
	answered(l);
}

/* Goes on without an answer; one that was given stays. */
static void skip_question(struct lecture *l)
{
	if (l->again && l->phase == LECTURE_ASKS) {
		l->again = false;
		show(l, l->at);
		return;
	}
	answered(l);
}

static void leave_question(struct lecture *l)
{
	l->again = false;
	l->answering.answer = (struct lecture_answer){ 0 };
	l->phase = LECTURE_SHOWS;
	if (l->count)
		show(l, l->at);
}

/* Keys while a question stands. False: not one of its keys. */
static bool question_key(struct lecture *l, uint32_t key)
{
	if (key == '\n')
		enter_answer(l);
	else if (key == KEY_CODE_PGDN)
		skip_question(l);
	else if (key == KEY_CODE_PGUP)
		leave_question(l);
	else
		return answering_key(&l->answering, &l->pointer, shown(l), key);
	return true;
}

/* ---- keys ---- */

static void forward(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	if (l->phase == LECTURE_ON_ITS_WAY)
		return;
	if (l->faults.shown != FAULT_PLAYER_ALL)
		fault_player_end(&l->faults);
	else if (l->count && l->at + 1 < l->count)
		show(l, l->at + 1);
	else
		set_off(l);
}

static void back(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	if (l->at > 0 && l->phase == LECTURE_SHOWS)
		show(l, l->at - 1);
}

static void first(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	if (l->count && l->phase == LECTURE_SHOWS)
		show(l, 0);
}

static void last(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	if (l->count && l->phase == LECTURE_SHOWS)
		show(l, l->count - 1);
}

/* Says why nothing else can be done now. */
static bool is_busy(struct lecture *l)
{
	if (asks(l))
		lecture_say(l, _("first the question: Enter answers, PgDn goes on without an answer"));
	else if (l->phase == LECTURE_ON_ITS_WAY)
		lecture_say(l, _("the program is on its way to the next step"));
	return l->phase != LECTURE_SHOWS;
}

static void one_by_one(struct lecture *l, uint64_t now_ns)
{
	size_t count = faults_of(shown(l));

	if (is_busy(l))
		return;
	if (!count)
		lecture_say(l, _("There was no page fault here on the way to this step."));
	else
		fault_player_toggle(&l->faults, count, now_ns);
}

static void vote_again(struct lecture *l, uint64_t now_ns)
{
	const struct slide *s = shown(l);

	(void)now_ns;
	if (!s || !s->question.kind || l->phase != LECTURE_SHOWS)
		return;
	if (s->question.kind == LESSON_ASK_PAGE && !l->at) /* there was no page to point at */
		return;
	answering_repeat(&l->answering, &s->question);
	l->again = true;
	fault_player_end(&l->faults);
	put_question(l);
}

static void blank(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	l->blank = !l->blank;
}

static void open_window(struct lecture *l, enum lecture_window window)
{
	l->window = l->window == window ? LECTURE_WINDOW_NONE : window;
	l->window_at = window == LECTURE_WINDOW_CONTENTS && l->count ? (int)l->slides[l->at]->number : 0;
}

static void help(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	open_window(l, LECTURE_WINDOW_HELP);
}

static void contents(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	open_window(l, LECTURE_WINDOW_CONTENTS);
}

static void address(struct lecture *l, uint64_t now_ns)
{
	const struct slide *s = shown(l);

	(void)now_ns;
	/* rather of a place where something is mapped */
	struct pointer *p = &l->pointer;
	while (s && !p->page && p->place + 1 < s->place_count && !*s->places[p->place].kind)
		p->place++;
	open_window(l, LECTURE_WINDOW_ADDRESS);
}

static void output(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	open_window(l, LECTURE_WINDOW_OUTPUT);
}

/* Takes the text's memory. */
static void say_words(struct lecture *l, struct strbuf *words)
{
	snprintf(l->message, sizeof l->message, "%s", words->text);
	strbuf_fini(words);
}

static void say_act(struct lecture *l)
{
	const struct slide_place *place = pointer_place(&l->pointer, shown(l));
	struct strbuf words = { 0 };

	l->act.asked = place;
	if (place)
		lecture_act_words(&words, &l->act, place);
	else
		strbuf_puts(&words, _("there are no pages at this place"));
	say_words(l, &words);
}

/* No process whose pages it shows. Of children only those that live are shown. */
static bool nothing_lives(const struct slide *s)
{
	for (size_t i = 0; i < s->place_count; i++)
		if (s->places[i].child)
			return false;
	return s->ended;
}

/* Only the slide where the program stands can be acted on. */
static void ask_act(struct lecture *l, enum control what)
{
	if (l->driver->recorded || !l->driver->act) {
		lecture_say(l, _("this is a recording: nothing can be done to the process"));
	} else if (is_busy(l)) {
		return;
	} else if (!l->count || l->at + 1 < l->count) {
		lecture_say(l, _("only at the step where the program is: End goes there"));
	} else if (nothing_lives(l->slides[l->at])) {
		lecture_say(l, _("the program has ended"));
	} else {
		if (!pointer_place(&l->pointer, shown(l)))
			pointer_next_place(&l->pointer, shown(l));
		l->act = (struct lecture_act){ .what = what };
		say_act(l);
	}
}

static void act(struct lecture *l, bool whole)
{
	const struct slide_place *p = pointer_place(&l->pointer, shown(l));
	struct control_done done = { 0 };
	struct control_pages pages = lecture_act_pages(p, l->pointer.page, whole);
	struct strbuf words = { 0 };
	struct err err = { 0 };

	pages.done = &done;
	if (l->driver->act(l->driver->context, l->act.what, p->child, &pages, l->slides[l->at], &err) < 0)
		strbuf_puts(&words, err.text);
	else
		reclaim_words(&words, l->act.what, &done);
	say_words(l, &words);
}

static bool act_key(struct lecture *l, uint32_t key)
{
	enum lecture_act_answer answer =
	    l->act.asked ? lecture_act_key(&l->act, &l->pointer, shown(l), key) : LECTURE_ACT_NO;

	if (answer == LECTURE_ACT_ASKS)
		say_act(l);
	else if (answer != LECTURE_ACT_NO)
		act(l, answer == LECTURE_ACT_PLACE);
	return answer != LECTURE_ACT_NO;
}

static void evict(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	ask_act(l, CONTROL_EVICT);
}

static void drop(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	ask_act(l, CONTROL_DROP);
}

static void sync_file(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	ask_act(l, CONTROL_SYNC);
}

static void quit(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	l->quit = l->leaving;
	l->leaving = true;
	if (!l->quit && l->unsaved && l->unsaved->code) {
		struct strbuf words = { 0 };

		strbuf_printf(&words,
			      l->phase == LECTURE_WHY
				  ? _("Ctrl-C again ends it; its place cannot be kept: %s")
				  : _("q again ends it; its place cannot be kept: %s"),
			      l->unsaved->text);
		say_words(l, &words);
	} else if (!l->quit && l->phase == LECTURE_WHY) /* q is a letter there */
		lecture_say(l, _("Ctrl-C again ends the lesson; later, lesson --resume goes on here."));
	else if (!l->quit)
		lecture_say(l, _("q again ends the lesson; later, lesson --resume goes on here."));
}

static const struct {
	uint32_t keys[5];
	void (*run)(struct lecture *, uint64_t now_ns);
} commands[] = {
	{ { KEY_CODE_PGDN, ' ', KEY_CODE_RIGHT, '\n', 'n' }, forward },
	{ { KEY_CODE_PGUP, KEY_CODE_LEFT, KEY_CODE_BACKSPACE, 'p' }, back },
	{ { KEY_CODE_HOME }, first },
	{ { KEY_CODE_END }, last },
	{ { 'f' }, one_by_one },
	{ { 'v' }, vote_again },
	{ { '.', 'b' }, blank },
	{ { 'c' }, contents },
	{ { 'o' }, output },
	{ { 'e' }, evict },
	{ { 'd' }, drop },
	{ { 's' }, sync_file },
	{ { 'a' }, address },
	{ { '?', 'h', KEY_CODE_F1 }, help },
	{ { 'q', KEY_CTRL('c') }, quit },
};

static bool run_command(struct lecture *l, uint32_t key, uint64_t now_ns)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		for (size_t k = 0; k < sizeof commands[i].keys / sizeof *commands[i].keys; k++)
			if (commands[i].keys[k] == key) {
				commands[i].run(l, now_ns);
				return true;
			}
	return false;
}

/* To step `number` of the plan, before or after the one shown. */
static void jump(struct lecture *l, size_t number)
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
	if (l->count && number < l->slides[l->count - 1]->number) {
		lecture_say(l, _("That step was skipped."));
		return;
	}
	l->target = number + 1;
	set_off(l);
}

static struct lecture_window_view window_view(const struct lecture *l)
{
	struct lecture_window_view v = { .window = l->window,
					 .at = l->window_at,
					 .slides = l->slides,
					 .slide_count = l->count,
					 .shown = shown(l),
					 .place = l->pointer.place,
					 .page = l->pointer.page };

	v.entry_count = l->driver->contents(l->driver->context, &v.entries);
	return v;
}

static bool window_key(struct lecture *l, uint32_t key)
{
	int step = key == KEY_CODE_UP     ? -1
		   : key == KEY_CODE_DOWN ? 1
		   : key == KEY_CODE_PGUP ? -8
		   : key == KEY_CODE_PGDN ? 8
					  : 0;

	struct lecture_window_view view = window_view(l);

	if (l->window == LECTURE_WINDOW_NONE)
		return false;
	if (key == KEY_ESCAPE || key == 'q')
		l->window = LECTURE_WINDOW_NONE;
	else if (l->window == LECTURE_WINDOW_ADDRESS)
		return pointer_key(&l->pointer, shown(l), key); /* other keys do what they do without it */
	else if (key == '\n' && l->window == LECTURE_WINDOW_CONTENTS)
		jump(l, (size_t)l->window_at);
	else if (key == KEY_CODE_HOME)
		l->window_at = 0;
	else if (key == KEY_CODE_END)
		l->window_at = lecture_window_last(&view);
	else if (step)
		l->window_at = clamp_int(l->window_at + step, 0, lecture_window_last(&view));
	else
		return false;
	return true;
}

void lecture_key(struct lecture *l, uint32_t key, uint64_t now_ns)
{
	bool was_leaving = l->leaving;

	l->message[0] = '\0';
	l->leaving = false;
	if (l->blank && key != 'q' && key != KEY_CTRL('c')) {
		l->blank = false; /* any key shows the picture again, and does nothing else */
		return;
	}
	if (window_key(l, key) || act_key(l, key))
		return;
	if (asks(l) && key != KEY_CTRL('c') && question_key(l, key))
		return;
	l->leaving = was_leaving && (key == 'q' || key == KEY_CTRL('c'));
	run_command(l, key, now_ns); /* Esc and F5, which clickers send, do nothing */
}

/* ---- the picture ---- */

bool lecture_show(const struct lecture *l, struct area a)
{
	const struct slide *s = shown(l);
	struct lecture_picture p = {
		.slide = s,
		.phase = l->blank ? LECTURE_BLANK : l->phase,
		.recorded = l->driver->recorded || (l->count && s != l->slides[l->count - 1]),
		.question = &l->answering.question,
		.typed = l->answering.typed,
		.choice = l->answering.choice,
		.answer = s && s->question.kind && l->asking ? &l->answers[l->at] : NULL,
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
	struct lecture_window_view view = window_view(l);
	if (!l->blank)
		lecture_window_draw(&view, a);
	return fits;
}
