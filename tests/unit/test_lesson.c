/* The text of a lesson: its contents, and the errors, with file and line, for a wrong one. */
#include "unit/model_check.h"

#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"
#include "lesson/lesson_marks.h"
#include "lesson/lesson_parse.h"
#include "lesson/lesson_words.h"

#define HEAD "title: T\nabout: A\nshow: area[4 pages]\n\n"

static struct lesson *parse(const char *text, struct err *err)
{
	return lesson_parse("en.lesson", text, strlen(text), err);
}

static struct lesson *parse_well(const char *text)
{
	struct err err = { 0 };
	struct lesson *l = parse(text, &err);

	if (!l)
		fail_msg("%s", err.text);
	return l;
}

static void test_whole(void **state)
{
	struct lesson *l = parse_well("# comment\n" HEAD "needs: root, swap\nargs: 3 4\n"
				      "== start\n"
				      "title: One\n"
				      "\n"
				      "A line\nand its end.\n"
				      "\n"
				      "Another.\n"
				      "  a table\n"
				      "\\note: no key\n"
				      "> a note\n>and more\n"
				      "== touched 3\r\n"
				      "title: Two\n"
				      "ask number: How\n"
				      "  many?\n"
				      "right: resident of area\n"
				      "right: 7\n"
				      "why: Why?\n"
				      "explain: So.\n"
				      "show: heap\n"
				      "expect: resident of area = 1 page\n"
				      "== touched in child\n"
				      "title: Three\n"
				      "ask choice: Which?\n"
				      "choice: this\n"
				      "when: resident = 1\n"
				      "choice: that\n"
				      "when: resident != 1\n");
	const struct lesson_step *s = l->steps;

	assert_string_equal(l->title.text, "T");
	assert_string_equal(l->language, "en");
	assert_string_equal(l->shows.list[0].name, "area");
	assert_true(lesson_needs_has(l->needs.text, "root") && lesson_needs_has(l->needs.text, "swap") &&
		    !lesson_needs_has(l->needs.text, "huge"));
	assert_int_equal(l->step_count, 3);
	assert_string_equal(s[0].text.text, "A line and its end.\nAnother.\n  a table\nnote: no key");
	assert_string_equal(s[0].notes.text, "a note\nand more");
	assert_string_equal(s[1].mark, "touched");
	assert_int_equal(s[1].pass, 3);
	assert_int_equal(s[1].line, 19);
	assert_string_equal(s[1].question.text.text, "How many?");
	assert_int_equal(s[1].question.right_count, 2);
	assert_string_equal(lesson_step_shows(l, &s[1])->list[0].name, "heap");
	assert_string_equal(lesson_step_shows(l, &s[0])->list[0].name, "area");
	assert_true(s[2].in_child && s[2].pass == 1);
	assert_int_equal(s[2].question.choice_count, 2);
	lesson_destroy(l);
	(void)state;
}

#define STEP HEAD "== start\ntitle: S\n" /* six lines */

static const struct {
	const char *text, *said;
} wrong[] = {
	{ "", "en.lesson:1: the head has no title: line" },
	{ "title: T\n", "en.lesson:1: expected a step (== MARK)" },
	{ "title: T\ntitle: U\n", "en.lesson:2: it is given twice" },
	{ "title: T\nhello\n", "en.lesson:2: expected a key (title: ...) or a step (== MARK)" },
	{ "title: T\ncolour: red\n",
	  "en.lesson:2: expected a key of the head (title, about, translates, program, needs, "
	  "compile, args, show), found \"colour:\"" },
	{ "title:\n", "en.lesson:1: expected something after the colon" },
	{ "title: T\n> note\n", "en.lesson:2: speaker's notes belong to a step (== MARK)" },
	{ "title: T\nneeds: roots\n== start\ntitle: S\n",
	  "en.lesson:2: expected root, frames, faults, swap, huge, 32-bit or zero-page after needs:" },
	{ "title: T\nshow: area[\n== start\ntitle: S\n",
	  "en.lesson:2: expected a number, a figure, or the name of a variable, found the end" },
	{ HEAD "==\n", "en.lesson:5: expected the name of a mark after ==" },
	{ HEAD "== 3\n", "en.lesson:5: expected the name of a mark after ==" },
	{ HEAD "== a b\n", "en.lesson:5: expected a number, \"in child\", or nothing, after the mark" },
	{ HEAD "== a\n\nText.\n", "en.lesson:5: the step has no title: line" },
	{ STEP "expct: 1 = 1\n", NULL },
	{ STEP "expect: resident of = 1\n", "en.lesson:7: expected a place, found \"=\"" },
	{ STEP "right: 3\n", "en.lesson:7: expected \"ask number:\" or \"ask page:\" before it" },
	{ STEP "choice: 3\n", "en.lesson:7: expected \"ask choice:\" before it" },
	{ STEP "when: 1 = 1\n", "en.lesson:7: expected \"choice:\" before it" },
	{ STEP "why: 3\n", "en.lesson:7: expected \"ask ...:\" before it" },
	{ STEP "explain: 3\n", "en.lesson:7: expected \"ask ...:\" before it" },
	{ STEP "ask number: N?\n", "en.lesson:7: expected a \"right:\" line for this question" },
	{ STEP "ask number: N?\nright: of\nask page: P?\n", "en.lesson:9: a step asks one question" },
	{ STEP "ask number: N?\nright: 1 +\n",
	  "en.lesson:8: expected a number, a figure, or the name of a variable, found the end" },
	{ STEP "ask choice: N?\nchoice: a\nwhen: 1 = 1\n",
	  "en.lesson:7: expected at least two \"choice:\" lines" },
	{ STEP "ask choice: N?\nchoice: a\nchoice: b\nwhen: 1 = 1\n",
	  "en.lesson:8: expected a \"when:\" line for this choice" },
	{ STEP "\nA {resident\n", "en.lesson:8: expected } after { ({{ stands for a brace itself)" },
	{ STEP "\nA {resident of}.\n", "en.lesson:8: {resident of}: expected a place, found the end" },
	{ STEP "\nA {resident|page}.\n", "en.lesson:8: expected two or three forms of the word after |" },
};

/* Some editors begin a text with it. */
static void test_byte_order_mark(void **state)
{
	struct lesson *l = parse_well("\xef\xbb\xbf" HEAD "== start\ntitle: One\n");

	assert_string_equal(l->title.text, "T");
	lesson_destroy(l);
}

static void test_wrong(void **state)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err err = { 0 };
		struct lesson *l = parse(wrong[i].text, &err);
		if (l)
			fail_msg("%s: taken for a lesson", wrong[i].text);
		assert_int_equal(err.code, ERR_INPUT);
		assert_true(strncmp(err.text, "en.lesson:", 10) == 0);
		if (wrong[i].said && strcmp(err.text, wrong[i].said))
			fail_msg("%s: said \"%s\", expected \"%s\"", wrong[i].text, err.text, wrong[i].said);
	}
	(void)state;
}

static const char facts_text[] =
    HEAD "== start\ntitle: One\n\nText.\n> note\nask choice: Q?\nchoice: a\nwhen: 1 = 1\n"
	 "choice: b\nwhen: 1 = 2\nexplain: E\n== a\ntitle: Two\n";

static const struct {
	const char *text, *said; /* NULL: it fits */
} translations[] = {
	{ "== start\ntitle: Eins\n\nTxt.\n> n\nask choice: F?\nchoice: x\nchoice: y\nexplain: W\n== "
	  "a\ntitle: Zwei\n",
	  NULL },
	{ "== a\ntitle: Zwei\n", "de.lesson:3: expected the step \"start\", as in the other language" },
	{ "== start\ntitle: Eins\n\nTxt.\nask choice: F?\nchoice: x\nchoice: y\nexplain: W\n",
	  "de.lesson:3: speaker's notes must be in both languages, or in none" },
	{ "== start\ntitle: Eins\n> n\nask choice: F?\nchoice: x\nchoice: y\nexplain: W\n",
	  "de.lesson:3: narration must be in both languages, or in none" },
	{ "== start\ntitle: Eins\n\nTxt.\n> n\n",
	  "de.lesson:3: the question of the other language is missing in this step" },
	{ "== start\ntitle: Eins\n\nTxt.\n> n\nask choice: F?\nchoice: x\nchoice: y\nchoice: z\nexplain: W\n",
	  "de.lesson:8: not as many answers as in the other language" },
	{ "== start\ntitle: Eins\n\nTxt.\n> n\nask choice: F?\nchoice: x\nchoice: y\n",
	  "de.lesson:8: why: and explain: must be in both languages, or in none" },
	{ "== start\ntitle: Eins\n\nTxt.\n> n\nask choice: F?\nchoice: x\nchoice: y\nexplain: W\n",
	  "de.lesson: the step \"a\" of the other language is missing at the end" },
	{ "== start\ntitle: Eins\n\nTxt.\n> n\nask choice: F?\nchoice: x\nchoice: y\nexplain: W\n== "
	  "a\ntitle: Zwei\n"
	  "== b\ntitle: Drei\n",
	  "de.lesson:14: the other language has no such step" },
	{ "== start\ntitle: Eins\nexpect: 1 = 1\n",
	  "de.lesson:5: this belongs in the text that is translated, and only there" },
};

static void try_translation(const char *body, const char *said)
{
	struct strbuf text = { 0 };
	struct err err = { 0 };
	struct lesson *facts = parse_well(facts_text);

	strbuf_printf(&text, "title: D\ntranslates: en\n%s", body);
	struct lesson *words = lesson_parse("de.lesson", text.text, text.len, &err);
	if (words && lesson_match(facts, words, &err) == 0) {
		assert_null(said);
		lesson_translate(facts, words);
		assert_string_equal(facts->title.text, "D");
		assert_string_equal(facts->steps[0].question.choices[1].text.text, "y");
		assert_non_null(facts->steps[0].question.choices[1].when);
		words = NULL;
	} else if (!said || strcmp(err.text, said)) {
		fail_msg("%s: said \"%s\", expected \"%s\"", body, err.text, said ? said : "nothing");
	}
	lesson_destroy(words);
	lesson_destroy(facts);
	strbuf_fini(&text);
}

static void test_translations(void **state)
{
	for (size_t i = 0; i < sizeof translations / sizeof *translations; i++)
		try_translation(translations[i].text, translations[i].said);
	(void)state;
}

static const char source[] =
    "int main(void)\n{\n\tone(); /* @one */\n\ttwo();   //   @two-b  \n\tmail(\"a@b\"); /* at @x */\n}\n";

static void test_marks(void **state)
{
	struct lesson_marks marks;
	struct err err = { 0 };

	assert_int_equal(lesson_marks_parse(&marks, "m.c", source, strlen(source), &err), 0);
	assert_int_equal(marks.count, 2);
	assert_int_equal(lesson_marks_find(&marks, "one")->line, 3);
	assert_int_equal(lesson_marks_find(&marks, "two-b")->line, 4);
	struct lesson *l = parse_well(HEAD "== one\ntitle: S\nexpect: faults since three = 1\n");
	assert_int_equal(lesson_check_marks(l, &marks, "m.c", &err), -1);
	assert_string_equal(err.text,
			    "en.lesson:7: there is no mark three: expected a comment /* @three */ in m.c");
	lesson_destroy(l);
	l = parse_well(HEAD "== one\ntitle: S\n== four\ntitle: T\n");
	assert_int_equal(lesson_check_marks(l, &marks, "m.c", &err), -1);
	assert_string_equal(err.text,
			    "en.lesson:7: there is no mark four: expected a comment /* @four */ in m.c");
	lesson_destroy(l);
	lesson_marks_fini(&marks);
	assert_int_equal(lesson_marks_parse(&marks, "m.c", "x; /* @a */\ny; /* @a */\n", 24, &err), -1);
	assert_string_equal(err.text, "m.c:2: the mark a is set twice: expected another name");
	assert_int_equal(lesson_marks_parse(&marks, "m.c", "x; /* @end */\n", 14, &err), -1);
	assert_string_equal(err.text, "m.c:1: no mark can be called end: expected another name");
	(void)state;
}

static void assert_words(const char *text, const char *filled)
{
	struct world *world = world_create();
	struct lesson_figures figures = { 0 };
	struct moments moments = { 0 };
	struct expect_facts facts = { .world = world, .pid = 1, .moments = &moments };
	struct strbuf out = { 0 };

	check_process(world, 1);
	assert_int_equal(lesson_words_parse(&figures, text, 1, NULL), 0);
	lesson_words_fill(&out, text, &figures, &facts);
	assert_string_equal(out.text, filled);
	strbuf_fini(&out);
	for (size_t i = 0; i < figures.count; i++) {
		free(figures.list[i].expression);
		expect_term_destroy(figures.list[i].term);
	}
	free(figures.list);
	world_destroy(world);
}

static void test_words(void **state)
{
	assert_words("none", "none");
	assert_words("{{{2 + 3}}", "{5}");
	assert_words("{1|page|pages}, {2|page|pages}, {0|page|pages}", "1 page, 2 pages, 0 pages");
	assert_words("{1|а|б|в} {3|а|б|в} {5|а|б|в} {11|а|б|в} {12|а|б|в} {21|а|б|в} {112|а|б|в} {122|а|б|в}",
		     "1 а 3 б 5 в 11 в 12 в 21 а 112 в 122 б");
	assert_words("{64 * page-size} at {0x1000} {6 bytes} {byte of 0x1000}",
		     "256 KiB at 0x1000 6 bytes unknown");
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_byte_order_mark),
		cmocka_unit_test(test_wrong), cmocka_unit_test(test_translations),
		cmocka_unit_test(test_marks), cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
