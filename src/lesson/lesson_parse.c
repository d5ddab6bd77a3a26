/* Line by line. The beginning of a line says what it is:
 *
 *     # ...            nothing: a comment
 *     == MARK          a step begins
 *     > ...            a speaker's note
 *     word: ...        a key, of the table below; indented lines and more of it may follow
 *     anything else    narration; a blank line ends a paragraph
 *
 * A line that begins with one or two small words and a colon is always meant as a key, so that a typing error
 * is an error and not narration; \ before it makes it narration. */
#include "lesson/lesson_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "lesson/lesson_words.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* some editors begin UTF-8 with it */
#define STEPS_MAX 1000
#define LINE_MAX_BYTES 4000
#define PASS_MAX 1000000

struct lesson_parser {
	struct lesson *lesson;
	struct lesson_step *step; /* NULL: in the head */
	struct lesson_text *open; /* a key that indented lines go on with; NULL: none */
	bool paragraph;           /* a line of narration goes on with the paragraph */
	unsigned number;          /* of the line */
	struct err *err;
};

static int fail(struct lesson_parser *p, unsigned line, const char *what)
{
	return err_set(p->err, ERR_INPUT, "%s:%u: %s", p->lesson->file, line, what);
}

/* Reports an error of the expectation parser, with its place. */
static int fail_at(struct lesson_parser *p, unsigned line, const struct err *failure)
{
	return fail(p, line, failure->text);
}

static void set_text(struct lesson_parser *p, struct lesson_text *to, const char *text)
{
	to->text = mem_strdup(text);
	to->line = p->number;
	p->open = to;
}

static int take_once(struct lesson_parser *p, struct lesson_text *to, const char *text)
{
	if (to->text)
		return fail(p, p->number, _("it is given twice"));
	set_text(p, to, text);
	return 0;
}

/* Keys, one function each where more is to be done than keeping the text. */

static int take_show(struct lesson_parser *p, const char *text)
{
	struct lesson_shows *shows = p->step ? &p->step->shows : &p->lesson->shows;

	mem_grow(shows->list, shows->cap, shows->count + 1);
	struct lesson_show *show = &shows->list[shows->count++];
	*show = (struct lesson_show){ 0 };
	set_text(p, &show->text, text);
	p->open = NULL;
	return 0;
}

static int take_ask(struct lesson_parser *p, enum lesson_ask kind, const char *text)
{
	if (p->step->question.kind)
		return fail(p, p->number, _("a step asks one question"));
	p->step->question.kind = kind;
	set_text(p, &p->step->question.text, text);
	return 0;
}

static int take_ask_number(struct lesson_parser *p, const char *text)
{
	return take_ask(p, LESSON_ASK_NUMBER, text);
}

static int take_ask_choice(struct lesson_parser *p, const char *text)
{
	return take_ask(p, LESSON_ASK_CHOICE, text);
}

static int take_ask_page(struct lesson_parser *p, const char *text)
{
	return take_ask(p, LESSON_ASK_PAGE, text);
}

static int take_right(struct lesson_parser *p, const char *text)
{
	struct lesson_question *q = &p->step->question;

	if (q->kind != LESSON_ASK_NUMBER && q->kind != LESSON_ASK_PAGE)
		return fail(p, p->number, _("expected \"ask number:\" or \"ask page:\" before it"));
	mem_grow(q->rights, q->right_cap, q->right_count + 1);
	q->rights[q->right_count] = (struct lesson_right){ 0 };
	set_text(p, &q->rights[q->right_count++].text, text);
	return 0;
}

static int take_choice(struct lesson_parser *p, const char *text)
{
	struct lesson_question *q = &p->step->question;

	if (q->kind != LESSON_ASK_CHOICE)
		return fail(p, p->number, _("expected \"ask choice:\" before it"));
	mem_grow(q->choices, q->choice_cap, q->choice_count + 1);
	q->choices[q->choice_count] = (struct lesson_choice){ 0 };
	set_text(p, &q->choices[q->choice_count++].text, text);
	return 0;
}

static int take_when(struct lesson_parser *p, const char *text)
{
	struct lesson_question *q = &p->step->question;

	if (!q->choice_count || q->choices[q->choice_count - 1].condition.text)
		return fail(p, p->number, _("expected \"choice:\" before it"));
	set_text(p, &q->choices[q->choice_count - 1].condition, text);
	return 0;
}

static int take_why(struct lesson_parser *p, const char *text)
{
	if (!p->step->question.kind)
		return fail(p, p->number, _("expected \"ask ...:\" before it"));
	return take_once(p, &p->step->question.why, text);
}

static int take_explain(struct lesson_parser *p, const char *text)
{
	if (!p->step->question.kind)
		return fail(p, p->number, _("expected \"ask ...:\" before it"));
	return take_once(p, &p->step->question.explain, text);
}

static int take_expect(struct lesson_parser *p, const char *text)
{
	struct lesson_step *s = p->step;

	mem_grow(s->expects, s->expect_cap, s->expect_count + 1);
	s->expects[s->expect_count] = (struct lesson_expect){ 0 };
	set_text(p, &s->expects[s->expect_count++].text, text);
	return 0;
}

static int take_title(struct lesson_parser *p, const char *text)
{
	return take_once(p, p->step ? &p->step->title : &p->lesson->title, text);
}

#define HEAD_TEXT(member)                                                                                    \
	static int take_##member(struct lesson_parser *p, const char *text)                                  \
	{                                                                                                    \
		return take_once(p, &p->lesson->member, text);                                               \
	}
HEAD_TEXT(about)
HEAD_TEXT(translates)
HEAD_TEXT(program)
HEAD_TEXT(needs)
HEAD_TEXT(compile)
HEAD_TEXT(args)

enum { IN_HEAD = 1, IN_STEP = 2 };

static const struct lesson_key {
	const char *name;
	unsigned where;
	bool fact; /* only in the text that has the facts */
	int (*take)(struct lesson_parser *, const char *text);
} keys[] = {
	{ "title", IN_HEAD | IN_STEP, false, take_title },
	{ "about", IN_HEAD, false, take_about },
	{ "translates", IN_HEAD, false, take_translates },
	{ "program", IN_HEAD, true, take_program },
	{ "needs", IN_HEAD, true, take_needs },
	{ "compile", IN_HEAD, true, take_compile },
	{ "args", IN_HEAD, true, take_args },
	{ "show", IN_HEAD | IN_STEP, true, take_show },
	{ "ask number", IN_STEP, false, take_ask_number },
	{ "ask choice", IN_STEP, false, take_ask_choice },
	{ "ask page", IN_STEP, false, take_ask_page },
	{ "right", IN_STEP, true, take_right },
	{ "choice", IN_STEP, false, take_choice },
	{ "when", IN_STEP, true, take_when },
	{ "why", IN_STEP, false, take_why },
	{ "explain", IN_STEP, false, take_explain },
	{ "expect", IN_STEP, true, take_expect },
};
#define KEYS (sizeof keys / sizeof *keys)

/* How long the key at a line's beginning is, up to its colon; 0: it begins with none. */
static size_t key_length(const char *line)
{
	size_t first = strspn(line, "abcdefghijklmnopqrstuvwxyz");
	size_t second = line[first] == ' ' ? strspn(line + first + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
	size_t length = second ? first + 1 + second : first;

	return first && line[length] == ':' && (line[length + 1] == ' ' || !line[length + 1]) ? length : 0;
}

static int fail_key(struct lesson_parser *p, const char *line, size_t length)
{
	struct strbuf text = { 0 };
	unsigned where = p->step ? IN_STEP : IN_HEAD;

	strbuf_puts(&text, p->step ? _("expected a key of a step (") : _("expected a key of the head ("));
	for (size_t i = 0, n = 0; i < KEYS; i++)
		if (keys[i].where & where)
			strbuf_printf(&text, "%s%s", n++ ? ", " : "", keys[i].name);
	strbuf_printf(&text, _("), found \"%.*s:\""), (int)length, line);
	fail(p, p->number, text.text);
	strbuf_fini(&text);
	return -1;
}

static int take_key(struct lesson_parser *p, const char *line, size_t length)
{
	unsigned where = p->step ? IN_STEP : IN_HEAD;
	const char *text = line + length + 1;

	text += strspn(text, " \t");
	for (size_t i = 0; i < KEYS; i++) {
		if (strlen(keys[i].name) != length || memcmp(keys[i].name, line, length) != 0 ||
		    !(keys[i].where & where))
			continue;
		if (keys[i].fact && p->lesson->translates.text)
			return fail(p, p->number,
				    _("this belongs in the text that is translated, and only there"));
		if (!*text)
			return fail(p, p->number, _("expected something after the colon"));
		p->paragraph = false;
		return keys[i].take(p, text);
	}
	return fail_key(p, line, length);
}

static bool is_mark_name(const char *name, size_t length)
{
	if (!length || name[0] == '-' || (name[0] >= '0' && name[0] <= '9'))
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") >= length;
}

/* "filled", "filled 3", "written in child" */
static int take_step(struct lesson_parser *p, const char *text)
{
	struct lesson *l = p->lesson;

	text += strspn(text, " \t");
	size_t length = strcspn(text, " \t");
	if (!is_mark_name(text, length))
		return fail(p, p->number, _("expected the name of a mark after =="));
	if (l->step_count == STEPS_MAX)
		return fail(p, p->number, _("a lesson has at most 1000 steps"));
	mem_grow(l->steps, l->step_cap, l->step_count + 1);
	p->step = &l->steps[l->step_count++];
	*p->step = (struct lesson_step){ .mark = mem_strndup(text, length), .pass = 1, .line = p->number };
	p->open = NULL;
	p->paragraph = false;
	text += length;
	text += strspn(text, " \t");
	if (*text >= '1' && *text <= '9') {
		char *end;
		unsigned long pass = strtoul(text, &end, 10);
		if (pass > PASS_MAX || (*end && *end != ' ' && *end != '\t'))
			return fail(p, p->number,
				    _("expected a number: which time the program reaches the mark"));
		p->step->pass = (unsigned)pass;
		text = end + strspn(end, " \t");
	}
	if (text_begins(text, "in child")) {
		p->step->in_child = true;
		text += 8;
	}
	if (text[strspn(text, " \t")])
		return fail(p, p->number, _("expected a number, \"in child\", or nothing, after the mark"));
	return 0;
}

static void append(struct lesson_text *to, unsigned line, const char *between, const char *text)
{
	struct strbuf all = { 0 };

	if (to->text)
		strbuf_printf(&all, "%s%s", to->text, between);
	else
		to->line = line;
	strbuf_puts(&all, text);
	free(to->text);
	to->text = all.text;
}

static int take_narration(struct lesson_parser *p, const char *line)
{
	bool indented = *line == ' ' || *line == '\t';

	if (indented && p->open) {
		append(p->open, p->number, " ", line + strspn(line, " \t"));
		return 0;
	}
	if (!p->step)
		return fail(p, p->number, _("expected a key (title: ...) or a step (== MARK)"));
	if (*line == '\\')
		line++;
	append(&p->step->text, p->number, p->paragraph && !indented ? " " : "\n", line);
	p->paragraph = !indented;
	p->open = NULL;
	return 0;
}

static int take_line(struct lesson_parser *p, const char *line)
{
	size_t key;

	if (*line == '#')
		return 0;
	if (!line[strspn(line, " \t")]) {
		p->paragraph = false;
		p->open = NULL;
		return 0;
	}
	if (text_begins(line, "=="))
		return take_step(p, line + 2);
	if (*line == '>') {
		if (!p->step)
			return fail(p, p->number, _("speaker's notes belong to a step (== MARK)"));
		line++;
		append(&p->step->notes, p->number, "\n", line + (*line == ' '));
		p->paragraph = false;
		p->open = NULL;
		return 0;
	}
	key = key_length(line);
	return key ? take_key(p, line, key) : take_narration(p, line);
}

/* The parts of a line that are a language of their own, once the line is whole. */

static int parse_show(struct lesson_parser *p, struct lesson_show *show)
{
	struct err failure = { 0 };

	show->place = expect_parse_place(show->text.text, &failure);
	if (!show->place)
		return fail_at(p, show->text.line, &failure);
	show->name = show->place->name && show->place->kind == EXPECT_PLACE_VARIABLE
			 ? mem_strdup(show->place->name)
			 : mem_strdup(show->text.text);
	return 0;
}

static int parse_shows(struct lesson_parser *p, struct lesson_shows *shows)
{
	for (size_t i = 0; i < shows->count; i++)
		if (parse_show(p, &shows->list[i]) < 0)
			return -1;
	return 0;
}

static int parse_expect(struct lesson_parser *p, const struct lesson_text *text, struct expect **out)
{
	struct err failure = { 0 };

	*out = expect_parse(text->text, &failure);
	return *out ? 0 : fail_at(p, text->line, &failure);
}

static int parse_words(struct lesson_parser *p, struct lesson_step *s, const struct lesson_text *text)
{
	struct err failure = { 0 };

	if (!text->text || lesson_words_parse(&s->figures, text->text, text->line, &failure) == 0)
		return 0;
	return fail_at(p, text->line, &failure);
}

static int parse_right(struct lesson_parser *p, const struct lesson_question *q, struct lesson_right *right)
{
	struct err failure = { 0 };

	if (q->kind == LESSON_ASK_NUMBER)
		right->term = expect_parse_term(right->text.text, &failure);
	else
		right->place = expect_parse_place(right->text.text, &failure);
	return right->term || right->place ? 0 : fail_at(p, right->text.line, &failure);
}

static int finish_question(struct lesson_parser *p, struct lesson_step *s, bool facts)
{
	struct lesson_question *q = &s->question;

	if (!q->kind)
		return 0;
	if (q->kind == LESSON_ASK_CHOICE && q->choice_count < 2)
		return fail(p, q->text.line, _("expected at least two \"choice:\" lines"));
	if (facts && q->kind != LESSON_ASK_CHOICE && !q->right_count)
		return fail(p, q->text.line, _("expected a \"right:\" line for this question"));
	for (size_t i = 0; i < q->right_count; i++)
		if (parse_right(p, q, &q->rights[i]) < 0)
			return -1;
	for (size_t i = 0; i < q->choice_count; i++) {
		struct lesson_choice *c = &q->choices[i];
		if (parse_words(p, s, &c->text) < 0)
			return -1;
		if (facts && !c->condition.text)
			return fail(p, c->text.line, _("expected a \"when:\" line for this choice"));
		if (facts && parse_expect(p, &c->condition, &c->when) < 0)
			return -1;
	}
	const struct lesson_text *words[] = { &q->text, &q->why, &q->explain };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (parse_words(p, s, words[i]) < 0)
			return -1;
	return 0;
}

static int finish_step(struct lesson_parser *p, struct lesson_step *s, bool facts)
{
	if (!s->title.text)
		return fail(p, s->line, _("the step has no title: line"));
	if (parse_words(p, s, &s->title) < 0 || parse_words(p, s, &s->text) < 0 ||
	    parse_shows(p, &s->shows) < 0)
		return -1;
	for (size_t i = 0; i < s->expect_count; i++)
		if (parse_expect(p, &s->expects[i].text, &s->expects[i].expect) < 0)
			return -1;
	return finish_question(p, s, facts);
}

static int check_needs(struct lesson_parser *p)
{
	if (lesson_needs_known(p->lesson->needs.text))
		return 0;
	return fail(p, p->lesson->needs.line,
		    _("expected root, frames, faults, swap, huge, 32-bit or zero-page after needs:"));
}

static int finish(struct lesson_parser *p)
{
	struct lesson *l = p->lesson;
	bool facts = !l->translates.text;

	if (!l->title.text)
		return fail(p, 1, _("the head has no title: line"));
	if (!l->step_count)
		return fail(p, p->number, _("expected a step (== MARK)"));
	if (check_needs(p) < 0 || parse_shows(p, &l->shows) < 0)
		return -1;
	for (size_t i = 0; i < l->step_count; i++)
		if (finish_step(p, &l->steps[i], facts) < 0)
			return -1;
	return 0;
}

/* Blanks at the end, and the carriage return of other systems, mean nothing. */
static char *cut_line(const char *start, size_t length)
{
	while (length && strchr(" \t\r", start[length - 1]))
		length--;
	return mem_strndup(start, length);
}

/* Is there a character that moves a terminal's cursor, or changes the direction of writing? The words are
 * shown as they are. */
static bool has_control(const char *line, size_t length)
{
	uint32_t c;

	for (size_t i = 0; i < length; i += text_decode(line + i, length - i, &c))
		if (text_decode(line + i, length - i, &c) && c != '\t' && c != '\r' &&
		    text_char_is_control(c))
			return true;
	return false;
}

static int parse_lines(struct lesson_parser *p, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);
		p->number++;
		if (len > LINE_MAX_BYTES)
			return fail(p, p->number, _("the line is longer than 4000 bytes"));
		if (memchr(at, '\0', len))
			return fail(p, p->number, _("the line has a NUL in it"));
		if (has_control(at, len))
			return fail(p, p->number, _("the line has a control character in it"));
		char *line = cut_line(at, len);
		int result = take_line(p, line);
		free(line);
		if (result < 0)
			return -1;
		at += len + 1;
	}
	return finish(p);
}

/* "ru.lesson": "ru" */
static char *language_of(const char *file)
{
	const char *name = path_name(file);

	return mem_strndup(name, strcspn(name, "."));
}

struct lesson *lesson_parse(const char *file, const char *bytes, size_t length, struct err *err)
{
	struct lesson_parser p = { .lesson = mem_zalloc(sizeof *p.lesson), .err = err };
	size_t mark = strlen(BYTE_ORDER_MARK);

	p.lesson->file = mem_strdup(file);
	p.lesson->language = language_of(file);
	if (length >= mark && !memcmp(bytes, BYTE_ORDER_MARK, mark)) {
		bytes += mark;
		length -= mark;
	}
	if (parse_lines(&p, bytes, length) == 0)
		return p.lesson;
	lesson_destroy(p.lesson);
	return NULL;
}
