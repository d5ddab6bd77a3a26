#include "ui/lecture/lecture_keys.h"

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/reclaim_words.h"
#include "ui/key.h"

static void forward(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	lecture_forward(l);
}

static void back(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	lecture_back(l);
}

static void first(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	lecture_first(l);
}

static void last(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	lecture_last(l);
}

static void ask_again(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	lecture_ask_again(l);
}

static void blank(struct lecture *l, uint64_t now_ns)
{
	(void)now_ns;
	l->blank = !l->blank;
}

static void open_window(struct lecture *l, enum lecture_window window)
{
	l->window = l->window == window ? LECTURE_WINDOW_NONE : window;
	l->window_at =
	    window == LECTURE_WINDOW_CONTENTS && l->seen.count ? (int)l->seen.slides[l->seen.at]->number : 0;
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
	const struct slide *s = lecture_shown(l);

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
	const struct slide_place *place = pointer_place(&l->pointer, lecture_shown(l));
	struct strbuf words = { 0 };

	l->act.asked = place;
	if (place)
		lecture_act_words(&words, &l->act, place);
	else
		strbuf_puts(&words, _("there are no pages at this place"));
	say_words(l, &words);
}

/* Is no process alive whose pages it shows? Of children only living ones are shown. */
static bool nothing_lives(const struct slide *s)
{
	for (size_t i = 0; i < s->place_count; i++)
		if (s->places[i].child)
			return false;
	return s->ended;
}

/* Only the slide at which the program is stopped can be acted on. */
static void ask_act(struct lecture *l, enum control what)
{
	if (l->driver->recorded || !l->driver->act) {
		lecture_say(l, _("this is a recording: nothing can be done to the process"));
	} else if (lecture_is_busy(l)) {
		return;
	} else if (!l->seen.count || l->seen.at + 1 < l->seen.count) {
		lecture_say(l, _("only at the step where the program is: End goes there"));
	} else if (nothing_lives(l->seen.slides[l->seen.at])) {
		lecture_say(l, _("the program has ended"));
	} else {
		if (!pointer_place(&l->pointer, lecture_shown(l)))
			pointer_next_place(&l->pointer, lecture_shown(l));
		l->act = (struct lecture_act){ .what = what };
		say_act(l);
	}
}

static void act(struct lecture *l, bool whole)
{
	const struct slide_place *p = pointer_place(&l->pointer, lecture_shown(l));
	struct control_done done = { 0 };
	struct control_pages pages = lecture_act_pages(p, l->pointer.page, whole);
	struct strbuf words = { 0 };
	struct err err = { 0 };

	pages.done = &done;
	if (l->driver->act(l->driver->context, l->act.what, p->child, &pages, l->seen.slides[l->seen.at],
			   &err) < 0)
		strbuf_puts(&words, err.text);
	else
		reclaim_words(&words, l->act.what, &done);
	say_words(l, &words);
}

static bool act_key(struct lecture *l, uint32_t key)
{
	enum lecture_act_answer answer =
	    l->act.asked ? lecture_act_key(&l->act, &l->pointer, lecture_shown(l), key) : LECTURE_ACT_NO;

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
	{ { 'f' }, lecture_play_faults },
	{ { 'v' }, ask_again },
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

static bool window_key(struct lecture *l, uint32_t key)
{
	int step = key == KEY_CODE_UP     ? -1
		   : key == KEY_CODE_DOWN ? 1
		   : key == KEY_CODE_PGUP ? -8
		   : key == KEY_CODE_PGDN ? 8
					  : 0;

	struct lecture_window_view view = lecture_window(l);

	if (l->window == LECTURE_WINDOW_NONE)
		return false;
	if (key == KEY_ESCAPE || key == 'q')
		l->window = LECTURE_WINDOW_NONE;
	else if (l->window == LECTURE_WINDOW_ADDRESS)
		return pointer_key(&l->pointer, lecture_shown(l),
				   key); /* other keys have their usual meaning */
	else if (key == '\n' && l->window == LECTURE_WINDOW_CONTENTS)
		lecture_jump(l, (size_t)l->window_at);
	else if (key == KEY_CODE_HOME)
		l->window_at = 0;
	else if (key == KEY_CODE_END)
		l->window_at = lecture_window_last(&view);
	else if (step)
		l->window_at = clamp(l->window_at + step, 0, lecture_window_last(&view));
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
	if (lecture_asks(l) && key != KEY_CTRL('c') && lecture_question_key(l, key))
		return;
	l->leaving = was_leaving && (key == 'q' || key == KEY_CTRL('c'));
	run_command(l, key, now_ns); /* Esc and F5, which clickers send, do nothing */
}
