/*     <testsuite name="demo" tests="3" failures="1" skipped="1">
 *       <testcase classname="demo" name="resident of area = 3"/>
 *       <testcase classname="demo" name="faults = 2"><failure message="it is 50"/></testcase>
 *       <testcase classname="demo" name="frame of area = 1"><skipped message="..."/></testcase>
 */
#include "cmd/check_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/output_file.h"
#include "expect/ambiguous.h"
#include "export/json.h"

static const char *outcome_word(enum expect_outcome outcome)
{
	static const char *const names[] = { "holds", "fails", "unknown" };

	return names[outcome];
}

static char *copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

void check_report_add_text(struct check_report *r, const char *where, const char *text,
			   enum expect_outcome outcome, const char *actual, const char *why)
{
	mem_grow(r->cases, r->cap, r->count + 1);
	r->cases[r->count++] = (struct check_case){ .where = copy(where),
						    .text = mem_strdup(text),
						    .outcome = outcome,
						    .actual = copy(actual),
						    .why = copy(why) };
	r->holds += outcome == EXPECT_HOLDS;
	r->fails += outcome == EXPECT_FAILS;
	r->unknown += outcome == EXPECT_UNKNOWN;
}

static void add(struct check_report *r, const char *where, const struct expect *e,
		const struct expect_result *result)
{
	struct strbuf actual = { 0 };

	if (result->left.kind != VALUE_UNKNOWN)
		value_print(&actual, &result->left, 1);
	if (result->left.kind == VALUE_TEXT && !actual.len)
		strbuf_puts(&actual, "\"\"");
	check_report_add_text(r, where, e->text, result->outcome, actual.text,
			      result->outcome == EXPECT_UNKNOWN ? result->why : NULL);
	strbuf_fini(&actual);
}

void check_report_judge(struct check_report *r, const char *where, struct expect *e,
			const struct expect_facts *facts)
{
	struct expect_result result;
	const char *word;

	expect_judge(facts, e, &result);
	add(r, where, e, &result);
	word = result.outcome == EXPECT_HOLDS ? NULL : expect_ambiguous(facts, e);
	if (word) {
		struct strbuf note = { 0 };
		strbuf_printf(
		    &note, _("the program also has a variable %s: to mean that one, write \"variable %s\""),
		    word, word);
		r->cases[r->count - 1].note = note.text;
	}
	expect_result_fini(&result);
}

void check_report_fini(struct check_report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->cases[i].where);
		free(r->cases[i].text);
		free(r->cases[i].actual);
		free(r->cases[i].why);
		free(r->cases[i].note);
	}
	free(r->cases);
	*r = (struct check_report){ 0 };
}

static void print_printable(FILE *out, const char *text)
{
	struct strbuf printable = { 0 };

	text_printable(&printable, text, strlen(text));
	fputs(printable.text ? printable.text : "", out);
	strbuf_fini(&printable);
}

/* "it is 3 pages" */
static void print_verdict(FILE *out, const struct check_case *c)
{
	if (c->outcome == EXPECT_UNKNOWN) {
		fprintf(out, _("cannot be checked here: %s"), c->why);
	} else if (c->actual) {
		struct strbuf actual = { 0 };
		text_printable(&actual, c->actual, strlen(c->actual));
		fprintf(out, _("it is %s"), actual.text);
		strbuf_fini(&actual);
	} else {
		fputs(_("it does not hold"), out);
	}
}

void check_report_print_sum(FILE *out, const struct check_report *r)
{
	print_printable(out, r->name);
	if (r->holds + r->fails + r->unknown == 0)
		fputs(_(": no expectations"), out);
	fprintf(out, _(": %u hold, %u fail, %u cannot be checked here\n"), r->holds, r->fails, r->unknown);
}

void check_report_print(FILE *out, const struct check_report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct check_case *c = &r->cases[i];
		if (c->outcome == EXPECT_HOLDS)
			continue;
		if (c->where)
			fprintf(out, "%s: ", c->where);
		print_printable(out, c->text);
		fputs(": ", out);
		print_verdict(out, c);
		if (c->note)
			fprintf(out, " (%s)", c->note);
		fputc('\n', out);
	}
	check_report_print_sum(out, r);
}

static void set_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_from_text(text));
}

void check_report_print_json(FILE *out, const struct check_report *r)
{
	json_t *all = json_object(), *list = json_array();

	for (size_t i = 0; i < r->count; i++) {
		const struct check_case *c = &r->cases[i];
		json_t *one = json_object();
		set_text(one, "where", c->where);
		set_text(one, "expect", c->text);
		set_text(one, "outcome", outcome_word(c->outcome));
		set_text(one, "actual", c->actual);
		set_text(one, "why", c->why);
		set_text(one, "note", c->note);
		json_array_append_new(list, one);
	}
	set_text(all, "schema", "pagescape.check/1");
	set_text(all, "name", r->name);
	json_object_set_new(all, "holds", json_from_count(r->holds));
	json_object_set_new(all, "fails", json_from_count(r->fails));
	json_object_set_new(all, "unknown", json_from_count(r->unknown));
	json_object_set_new(all, "expectations", list);
	json_print(out, all, JSON_INDENT(2));
	fputc('\n', out);
}

/* Prints text in an attribute: made printable first, because XML does not allow control characters. */
static void print_xml(FILE *out, const char *text)
{
	char *printable = text_printable_dup(text, strlen(text));

	for (const char *at = printable; *at; at++) {
		if (*at == '<')
			fputs("&lt;", out);
		else if (*at == '>')
			fputs("&gt;", out);
		else if (*at == '&')
			fputs("&amp;", out);
		else if (*at == '"')
			fputs("&quot;", out);
		else
			fputc(*at, out);
	}
	free(printable);
}

static void print_case(FILE *out, const char *name, const struct check_case *c)
{
	fputs("  <testcase classname=\"", out);
	print_xml(out, name);
	fputs("\" name=\"", out);
	if (c->where) {
		print_xml(out, c->where);
		fputs(": ", out);
	}
	print_xml(out, c->text);
	if (c->outcome == EXPECT_HOLDS) {
		fputs("\"/>\n", out);
		return;
	}
	fprintf(out, "\"><%s message=\"", c->outcome == EXPECT_FAILS ? "failure" : "skipped");
	if (c->outcome == EXPECT_UNKNOWN)
		print_xml(out, c->why);
	else if (c->actual) {
		fputs("it is ", out);
		print_xml(out, c->actual);
	}
	fputs("\"/></testcase>\n", out);
}

int check_report_write_junit(const char *path, const struct check_report *r, struct err *err)
{
	struct output_file file;

	if (output_file_open(&file, path, NULL, true, err) < 0)
		return -1;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"", file.out);
	print_xml(file.out, r->name);
	fprintf(file.out, "\" tests=\"%zu\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n", r->count,
		r->fails, r->unknown);
	for (size_t i = 0; i < r->count; i++)
		print_case(file.out, r->name, &r->cases[i]);
	fputs("</testsuite>\n", file.out);
	return output_file_finish(&file, err);
}

int check_report_status(const struct check_report *r, bool allow_unknown)
{
	return r->fails || (r->unknown && !allow_unknown) || (!r->holds && !r->unknown);
}
