/* For people, what several hold, by size; then what each has alone, and the sums:
 *
 *   Held together, by frame
 *      ONCE     SUM  HELD BY         WHAT
 *      1.2M    2.4M  4242 4250       libc.so.6
 *      256K    512K  4242 4250       [heap]
 *
 *     alone    104K  4242
 *     alone    8.0M  4250
 *     sum     11.0M  of what is resident in each
 *     once     9.5M  each frame counted once
 *     all      1.5M  held by each of the 2
 *
 * As JSON (sizes in pages):
 *
 *   {"by": "frame", "resident": 2816, "once": 2432, "by_all": 384, "rows": [
 *    {"what": "file", "path": "/usr/lib/libc.so.6", "holders": [4242, 4250], "pages": [300, 300], "once": 300}, ...]}
 *
 * `what` is file, copy (private copies of the file's pages) or the kind of region. */
#include "export/sharing_report.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "export/json.h"
#include "render/sharing_words.h"

static const char *size_text(char text[static 16], const struct sharing *s, uint64_t pages)
{
	return text_size(text, pages << s->page_shift);
}

#define HOLDERS_COLUMNS 24

/* Two words or figures in columns of their own, then what is said of them. */
static void print_line(FILE *out, const char *first, const char *second, const char *words)
{
	struct strbuf line = { 0 };

	text_right(&line, first, 8);
	text_right(&line, second, 8);
	fprintf(out, "%s  %s\n", line.text, words);
	strbuf_fini(&line);
}

static void print_row(FILE *out, const struct sharing *s, const struct sharing_row *row)
{
	struct strbuf holders = { 0 }, object = { 0 }, words = { 0 };
	char once[16], sum[16];

	sharing_add_holders(&holders, s, row);
	sharing_add_object(&object, &s->objects[row->object]);
	text_left(&words, holders.text, HOLDERS_COLUMNS);
	strbuf_printf(&words, " %s", object.text);
	print_line(out, size_text(once, s, row->once), size_text(sum, s, sharing_sum(s, row)), words.text);
	strbuf_fini(&words);
	strbuf_fini(&holders);
	strbuf_fini(&object);
}

static void print_titles(FILE *out)
{
	struct strbuf words = { 0 };

	text_left(&words, _("HELD BY"), HOLDERS_COLUMNS);
	strbuf_printf(&words, " %s", _("WHAT"));
	print_line(out, _("ONCE"), _("SUM"), words.text);
	strbuf_fini(&words);
}

static void print_together(FILE *out, const struct sharing *s, size_t most)
{
	size_t count = sharing_together(s), shown;
	uint64_t rest = 0;
	char text[16];

	shown = most && count > most ? most : count;
	if (count)
		print_titles(out);
	for (size_t i = 0; i < shown; i++)
		print_row(out, s, &s->rows[i]);
	for (size_t i = shown; i < count; i++)
		rest += s->rows[i].once;
	if (shown < count)
		fprintf(out,
			ngettext("%8s          in %zu more row (--json has all)\n",
				 "%8s          in %zu more rows (--json has all)\n", count - shown),
			size_text(text, s, rest), count - shown);
	if (count)
		fputc('\n', out);
}

static void print_sums(FILE *out, const struct sharing *s, const struct err *err)
{
	struct strbuf by_all = { 0 };
	char text[16];

	strbuf_printf(&by_all, _("held by each of the %zu"), s->count);
	print_line(out, _("sum"), size_text(text, s, s->resident), _("of what is resident in each"));
	print_line(out, _("once"), size_text(text, s, s->once),
		   s->by_frame ? _("each frame counted once") : _("each page of a file counted once"));
	print_line(out, _("all"), size_text(text, s, s->by_all), by_all.text);
	strbuf_fini(&by_all);
	if (s->unread)
		print_line(out, "", size_text(text, s, s->unread),
			   _("not counted: it had moved when its frame was read"));
	if (s->by_frame)
		return;
	fprintf(out, _("By file and offset: %s.\n"), err->text);
	if (s->perhaps)
		fprintf(
		    out,
		    _("%s of private memory is also mapped by others, since a fork; which ones is unknown,\n"
		      "so what is counted once may be less.\n"),
		    size_text(text, s, s->perhaps));
}

static void print_alone(FILE *out, const struct sharing *s, size_t process)
{
	char size[16], pid[16];

	snprintf(pid, sizeof pid, "%d", (int)s->pids[process]);
	print_line(out, _("alone"), size_text(size, s, sharing_alone(s, process)), pid);
}

void sharing_print(FILE *out, const struct sharing *s, const struct err *err, size_t rows)
{
	if (!s->count)
		return;
	fputs(s->by_frame ? _("Held together, by frame\n") : _("Held together, as far as can be known\n"),
	      out);
	print_together(out, s, rows);
	for (size_t i = 0; i < s->count; i++)
		print_alone(out, s, i);
	print_sums(out, s, err);
}

static json_t *row_json(const struct sharing *s, const struct sharing_row *row)
{
	const struct sharing_object *o = &s->objects[row->object];
	json_t *object = json_object(), *holders = json_array(), *pages = json_array();
	const char *what = o->copies ? "copy" : *o->path && o->inode ? "file" : region_kind_name(o->kind);

	for (size_t i = 0; i < s->count; i++) {
		if (!sharing_is_held_by(row, i))
			continue;
		json_array_append_new(holders, json_integer(s->pids[i]));
		json_array_append_new(pages, json_from_count(row->held[i]));
	}
	json_object_set_new(object, "what", json_string(what));
	if (*o->path)
		json_object_set_new(object, "path", json_from_text(o->path));
	json_object_set_new(object, "holders", holders);
	json_object_set_new(object, "pages", pages);
	json_object_set_new(object, "once", json_from_count(row->once));
	return object;
}

json_t *sharing_json(const struct sharing *s, const struct err *err)
{
	json_t *object = json_object(), *rows = json_array();

	json_object_set_new(object, "by", json_string(s->by_frame ? "frame" : "file"));
	if (!s->by_frame)
		json_object_set_new(object, "why", json_from_text(err->text));
	json_object_set_new(object, "resident", json_from_count(s->resident));
	json_object_set_new(object, s->by_frame ? "once" : "once_at_most", json_from_count(s->once));
	json_object_set_new(object, s->by_frame ? "by_all" : "by_all_at_least", json_from_count(s->by_all));
	if (!s->by_frame)
		json_object_set_new(object, "perhaps_shared", json_from_count(s->perhaps));
	if (s->unread)
		json_object_set_new(object, "unread", json_from_count(s->unread));
	for (size_t i = 0; i < s->rows_count; i++)
		json_array_append_new(rows, row_json(s, &s->rows[i]));
	json_object_set_new(object, "rows", rows);
	return object;
}
