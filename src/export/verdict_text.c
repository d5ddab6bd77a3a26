/* One walk over the rows of the report for each of the two. */
#include "export/verdict_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/signal_name.h"
#include "base/text.h"
#include "verdict/words.h"

#define COLUMNS 80
#define COLUMNS_MIN 40
#define LABEL_COLUMNS 33
#define VALUE_COLUMNS 9
#define SHARE_COLUMNS 6
#define NOTE_COLUMN (LABEL_COLUMNS + 1 + VALUE_COLUMNS + 2) /* without shares */

/* "demo 64", "demo (pid 4242)": what the verdict is about. */
static void add_title(struct strbuf *out, const struct process *p)
{
	struct strbuf words = { 0 };

	for (size_t i = 0; p->identity.argv && p->identity.argv[i]; i++)
		strbuf_printf(&words, "%s%s", i ? " " : "", p->identity.argv[i]);
	if (!words.len)
		strbuf_puts(&words, p->identity.comm);
	text_printable(out, words.text ? words.text : "", words.len);
	strbuf_fini(&words);
}

void verdict_put_state(struct strbuf *out, const struct verdict *v)
{
	const struct process *p = v->facts.process, *last = facts_last(&v->facts);
	char time[WORDS_SIZE], name[16];

	strbuf_printf(out, _("pid %d"), (int)p->pid);
	if (v->facts.arrivals.known)
		strbuf_printf(out, _(", watched for %s"), words_span(time, v->facts.arrivals.span_ns));
	if (last->status == PROCESS_KILLED)
		strbuf_printf(out, _("; killed by %s"), signal_name(last->status_code, name));
	if (v->facts.at_end < KERNEL_NONE)
		strbuf_printf(out, _("; it has ended, with %s resident: this is the largest look at it"),
			      words_size(time, v->facts.at_end));
	else if (!process_alive(p))
		strbuf_puts(out, _("; it has ended: this is the last look before its end"));
}

static void print_wrapped(FILE *out, const char *text, int indent, int column, int columns)
{
	struct strbuf lines = { 0 };

	text_wrap(&lines, text, indent, column, columns);
	fprintf(out, "%s\n", lines.text ? lines.text : "");
	strbuf_fini(&lines);
}

static void print_sentence(FILE *out, const struct report_row *row, int number, int columns)
{
	fprintf(out, " %d. ", number);
	print_wrapped(out, row->label, 4, 4, columns);
	if (*row->value) {
		fputs("    ", out);
		print_wrapped(out, row->value, 4, 4, columns);
	}
	if (*row->note) {
		fputs("    -> ", out);
		print_wrapped(out, row->note, 7, 7, columns);
	}
}

static void print_figure(FILE *out, const struct report_row *row, int share, int columns, bool terminal)
{
	int indent = 2 + 2 * row->indent, room = LABEL_COLUMNS - indent;
	struct strbuf label = { 0 };
	bool whole = !terminal && text_columns(row->label) > room; /* in a file nothing is shortened */
	int used = text_fit(&label, whole ? "" : row->label, room, TEXT_CUT_MIDDLE, 0);

	if (whole)
		fprintf(out, "%*s%s\n", indent, "", row->label);
	strbuf_printf(&label, "%*s", room - used + 1, "");
	text_right(&label, row->value, VALUE_COLUMNS);
	if (*row->share || *row->note)
		text_right(&label, row->share, share);
	fprintf(out, "%*s%s", indent, "", label.text);
	if (*row->note) {
		fputs("  ", out);
		print_wrapped(out, row->note, NOTE_COLUMN + share, NOTE_COLUMN + share, columns);
	} else {
		fputc('\n', out);
	}
	strbuf_fini(&label);
}

void verdict_print_text(FILE *out, const struct verdict *v, int columns)
{
	struct strbuf title = { 0 };
	struct report report;
	int number = 0, share = 0;
	bool terminal = columns;

	columns = columns ? clamp(columns, COLUMNS_MIN, 160) : COLUMNS;
	add_title(&title, v->facts.process);
	fprintf(out, "%s\n", title.text ? title.text : "");
	strbuf_clear(&title);
	verdict_put_state(&title, v);
	print_wrapped(out, title.text, 0, 0, columns);
	report_init(&report, v);
	for (size_t i = 0; i < report.count; i++) {
		const struct report_row *row = &report.rows[i];

		if (row->kind == REPORT_HEADING) {
			share = report_has_shares(&report, i + 1) ? SHARE_COLUMNS : 0;
			fprintf(out, "\n%s%s%s\n", row->label, *row->value ? ": " : "", row->value);
		} else if (row->kind == REPORT_SENTENCE) {
			print_sentence(out, row, ++number, columns);
		} else if (row->kind == REPORT_FIGURE) {
			print_figure(out, row, share, columns, terminal);
		} else {
			fputs("  ", out);
			print_wrapped(out, row->label, 2, 2, columns);
		}
	}
	report_fini(&report);
	strbuf_fini(&title);
}

/* Escapes what has a meaning in markdown. */
static void print_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_{}[]<>#|~$", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* Ends the table where there is one. */
static void end_table(FILE *out, bool *table)
{
	if (*table)
		fputc('\n', out);
	*table = false;
}

static void print_markdown_figure(FILE *out, const struct report_row *row, bool *table)
{
	if (!*table)
		fprintf(out, "| %s | %s | %s | %s |\n|:---|---:|---:|:---|\n", _("What"), _("Value"),
			_("Share"), _("Remark"));
	*table = true;
	fputs("| ", out);
	for (int i = 0; i < row->indent; i++)
		fputs("&nbsp;&nbsp;", out);
	print_escaped(out, row->label);
	fputs(" | ", out);
	print_escaped(out, row->value);
	fputs(" | ", out);
	print_escaped(out, row->share);
	fputs(" | ", out);
	print_escaped(out, row->note);
	fputs(" |\n", out);
}

static void print_markdown_sentence(FILE *out, const struct report_row *row, int number)
{
	fprintf(out, "%d. ", number);
	print_escaped(out, row->label);
	if (*row->value) {
		fputs("  \n   ", out);
		print_escaped(out, row->value);
	}
	if (*row->note) {
		fputs("  \n   → ", out);
		print_escaped(out, row->note);
	}
	fputc('\n', out);
}

void verdict_print_markdown(FILE *out, const struct verdict *v)
{
	struct strbuf text = { 0 };
	struct report report;
	bool table = false;
	int number = 0;

	fputs("# ", out);
	add_title(&text, v->facts.process);
	print_escaped(out, text.text ? text.text : "");
	strbuf_clear(&text);
	verdict_put_state(&text, v);
	fputs("\n\n", out);
	print_escaped(out, text.text);
	fputs("\n", out);
	report_init(&report, v);
	for (size_t i = 0; i < report.count; i++) {
		const struct report_row *row = &report.rows[i];

		if (row->kind != REPORT_FIGURE)
			end_table(out, &table);
		if (row->kind == REPORT_HEADING) {
			fputs("\n## ", out);
			print_escaped(out, row->label);
			fputs(*row->value ? ": " : "", out);
			print_escaped(out, row->value);
			fputs("\n\n", out);
		} else if (row->kind == REPORT_SENTENCE) {
			print_markdown_sentence(out, row, ++number);
		} else if (row->kind == REPORT_FIGURE) {
			print_markdown_figure(out, row, &table);
		} else {
			print_escaped(out, row->label);
			fputs("\n\n", out);
		}
	}
	end_table(out, &table);
	report_fini(&report);
	strbuf_fini(&text);
}
