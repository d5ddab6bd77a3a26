/* As text:
 *
 *   FORKED AT   CHILD  PARENT   SHARED   COPIED      %     SIZE BY CHILD BY PARENT
 *    0.012331    4250    4242    12345     3000  24.3% 11.7 MiB     2800       300
 *                2100  child   gc_collect_main (python3.11)
 *                 300  parent  dict_setitem (python3.11)
 *             counted until it ended
 *           -    4251    4242  <=12345  unknown      -        -        -         -
 *             its fork was not seen: ...
 *
 * A page that both have copied counts once. */
#include "export/fork_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "compare/parted.h"
#include "export/json.h"
#include "model/forks.h"
#include "verdict/copiers.h"
#include "verdict/words.h"

#define ROWS_SHOWN 10 /* of a child's functions */
#define COLUMNS 79
#define NOTE_COLUMN 12

static const char *until_word(enum forked_stage stage)
{
	static const char *const words[FORKED_STAGES] = {
		[FORKED_EXEC] = "exec",
		[FORKED_END] = "exit",
		[FORKED_PARENT_EXEC] = "parent-exec",
		[FORKED_PARENT_END] = "parent-exit",
	};

	return words[stage];
}

static int who_columns(void)
{
	int parent = text_columns(_("parent")), child = text_columns(_("child"));

	return max(parent, child);
}

static void print_rows(FILE *out, const struct world *world, const struct process *child)
{
	struct copiers rows = copiers_take(world, child);
	struct strbuf who = { 0 };

	for (size_t i = 0; i < rows.count && i < ROWS_SHOWN; i++) {
		const struct copier *row = &rows.list[i];
		char *function = text_printable_dup(row->function, strlen(row->function));
		char *object = text_printable_dup(row->object, strlen(row->object));

		strbuf_clear(&who);
		text_left(&who, row->parent ? _("parent") : _("child"), who_columns());
		fprintf(out, "%18" PRIu64 "  %s  %s%s%s%s\n", row->pages, who.text,
			*function ? function : _("code without a name"), *object ? " (" : "", object,
			*object ? ")" : "");
		free(function);
		free(object);
	}
	strbuf_fini(&who);
	if (rows.count > ROWS_SHOWN)
		fprintf(out, _("%20sand %zu more\n"), "", rows.count - ROWS_SHOWN);
	copiers_fini(&rows);
}

static struct parted parted_of(const struct world *world, const struct process *child, struct source *source)
{
	const struct process *parent = world_find(world, child->parent);

	if (!source || !source->ops->compare || !parent)
		return (struct parted){ 0 };
	return parted_take(source, child, parent);
}

static uint64_t lost_of(const struct world *world, const struct process *child)
{
	return forks_lost(child, world_find(world, child->parent));
}

/* A sentence below the child's line; ends it. */
static void print_note(FILE *out, struct strbuf *note)
{
	struct strbuf lines = { 0 };

	if (!note->len)
		return;
	text_wrap(&lines, note->text, NOTE_COLUMN, NOTE_COLUMN, COLUMNS);
	fprintf(out, "%*s%s\n", NOTE_COLUMN, "", lines.text);
	strbuf_fini(&lines);
	strbuf_clear(note);
}

/* Why the figures are bounds. */
static void note_birth(struct strbuf *note, const struct forked *f)
{
	char span[WORDS_SIZE];

	if (f->whole)
		return;
	if (!f->forked_ns)
		strbuf_puts(note, _("its fork was not seen, nor what was copied before the first look"));
	else
		strbuf_printf(note, _("found %s after its fork: not all that was copied by then is known"),
			      words_span(span, f->looked_ns - min(f->forked_ns, f->looked_ns)));
}

static void note_unknown(struct strbuf *note, uint64_t unknown)
{
	if (unknown)
		strbuf_printf(note,
			      ngettext("%" PRIu64 " page may have been copied or not: that is not known",
				       "%" PRIu64 " pages may have been copied or not: that is not known",
				       (unsigned long)unknown),
			      unknown);
}

static void note_lost(struct strbuf *note, const struct forked *f, uint64_t lost)
{
	if (lost && f->whole)
		strbuf_printf(note,
			      ngettext("%" PRIu64 " fault was lost, and may also have copied a page",
				       "%" PRIu64 " faults were lost, and may also have copied pages",
				       (unsigned long)lost),
			      lost);
	else if (lost)
		strbuf_printf(
		    note,
		    ngettext("%" PRIu64
			     " fault came before it was found, or was lost, and may also have copied a page",
			     "%" PRIu64
			     " faults came before it was found, or were lost, and may also have copied pages",
			     (unsigned long)lost),
		    lost);
}

static void note_given_up(struct strbuf *note, uint64_t pages)
{
	if (pages)
		strbuf_printf(note,
			      ngettext("%" PRIu64
				       " page was unmapped or discarded while it was still shared: it "
				       "was never copied",
				       "%" PRIu64 " pages were unmapped or discarded while they were still "
				       "shared: they were never copied",
				       (unsigned long)pages),
			      pages);
}

/* "now 1795 pages (7.01 MiB) are in another frame than the parent's at the same address" */
static void note_now(struct strbuf *note, const struct parted *now, unsigned page_shift)
{
	char size[WORDS_SIZE];

	if (!now->known)
		return;
	strbuf_printf(note,
		      ngettext("now %" PRIu64
			       " page (%s) is in another frame than the parent's at its address, "
			       "copied since or new in both",
			       "now %" PRIu64 " pages (%s) are in other frames than the parent's at their "
			       "addresses, copied since or new in both",
			       (unsigned long)now->own),
		      now->own, words_size(size, now->own << page_shift));
	if (now->maybe)
		strbuf_printf(note,
			      ngettext("; %" PRIu64 " is shared, but only root sees with whom",
				       "; %" PRIu64 " are shared, but only root sees with whom",
				       (unsigned long)now->maybe),
			      now->maybe);
	else
		strbuf_printf(note,
			      ngettext("; %" PRIu64 " is in the same", "; %" PRIu64 " are in the same",
				       (unsigned long)now->same),
			      now->same);
}

static void print_notes(FILE *out, const struct world *world, const struct process *child,
			struct source *source)
{
	const struct forked *f = &child->forked;
	uint64_t lost = lost_of(world, child);
	struct strbuf note = { 0 };

	note_birth(&note, f);
	print_note(out, &note);
	note_unknown(&note, f->figures.unknown);
	print_note(out, &note);
	note_lost(&note, f, lost);
	print_note(out, &note);
	if (forked_bound(f, lost) != FORKED_EXACT) {
		struct parted now = parted_of(world, child, source);

		note_now(&note, &now, child->space->page_shift);
		print_note(out, &note);
	}
	note_given_up(&note, f->figures.given_up);
	print_note(out, &note);
	strbuf_puts(&note, forked_until_text(f->stage));
	print_note(out, &note);
	strbuf_fini(&note);
}

/* "3000", ">=3000", "-" */
static void put_count(struct strbuf *line, uint64_t count, const char *bound, int columns)
{
	char text[32];

	snprintf(text, sizeof text, "%s%" PRIu64, bound, count);
	text_right(line, *bound && !count ? "-" : text, columns);
}

static void put_figures(struct strbuf *line, const struct process *child, uint64_t lost)
{
	const struct forked *f = &child->forked;
	const struct forked_figures *n = &f->figures;
	enum forked_bound bound = forked_bound(f, lost);
	const char *least = bound == FORKED_EXACT ? "" : ">=";
	char size[WORDS_SIZE], number[FORKED_PERCENT_SIZE], percent[FORKED_PERCENT_SIZE + 1];

	put_count(line, n->shared, f->whole ? "" : "<=", 9);
	if (bound == FORKED_UNKNOWN) {
		text_right(line, _("unknown"), 9);
		text_right(line, "-", 7);
		text_right(line, "-", 9);
	} else {
		put_count(line, n->copied, least, 9);
		snprintf(percent, sizeof percent, "%s%%", forked_percent(number, n, bound == FORKED_EXACT));
		text_right(line, percent, 7);
		text_right(line, words_size(size, n->copied << child->space->page_shift), 9);
	}
	put_count(line, n->by_child, least, 9);
	put_count(line, n->by_parent, least, 10);
}

static void print_child(FILE *out, const struct world *world, const struct process *child,
			struct source *source)
{
	const struct forked *f = &child->forked;
	struct strbuf line = { 0 };

	if (f->forked_ns)
		strbuf_printf(&line, "%10.6f", (double)f->forked_ns / (double)CLOCK_SECOND);
	else
		strbuf_printf(&line, "%10s", "-");
	strbuf_printf(&line, "%8" PRId32 "%8" PRId32, child->pid, child->parent);
	if (f->vfork || !f->known)
		strbuf_printf(&line, "  %s", forked_why_unknown(f));
	else
		put_figures(&line, child, lost_of(world, child));
	fprintf(out, "%s\n", line.text);
	strbuf_fini(&line);
	if (f->vfork || !f->known)
		return;
	print_rows(out, world, child);
	print_notes(out, world, child, source);
}

static void print_titles(FILE *out)
{
	struct strbuf line = { 0 };

	fprintf(out, "%s\n",
		_("Pages that children shared with their parents at the fork, and copied since:"));
	text_right(&line, _("FORKED AT"), 10);
	text_right(&line, _("CHILD"), 8);
	text_right(&line, _("PARENT"), 8);
	text_right(&line, _("SHARED"), 9);
	text_right(&line, _("COPIED"), 9);
	text_right(&line, "%", 7);
	text_right(&line, _("SIZE"), 9);
	text_right(&line, _("BY CHILD"), 9);
	text_right(&line, _("BY PARENT"), 10);
	fprintf(out, "%s\n", line.text);
	strbuf_fini(&line);
}

/* Prints what comes below the last child. */
static void print_rest(FILE *out, const struct world *world)
{
	struct strbuf lines = { 0 };
	bool early = false;

	for (size_t i = 0; i < world->count; i++)
		early |= world->processes[i]->forked.whole && world->processes[i]->forked.lost_early;
	if (world->dropped)
		fprintf(out, _("and %" PRIu64 " that ended earlier and were forgotten\n"), world->dropped);
	if (!early)
		return;
	text_wrap(&lines,
		  _("The first fault of a child is the kernel's own, within the fork, before anyone can "
		    "look: where it is not clear which page it copied, it is in none of these figures."),
		  0, 0, COLUMNS);
	fprintf(out, "%s\n", lines.text);
	strbuf_fini(&lines);
}

void fork_report_print(FILE *out, const struct world *world, struct source *source)
{
	bool headed = false;

	for (size_t i = 0; i < world->count; i++) {
		if (world->processes[i]->forked.stage == FORKED_NO)
			continue;
		if (!headed)
			print_titles(out);
		headed = true;
		print_child(out, world, world->processes[i], source);
	}
	if (!headed)
		return;
	print_rest(out, world);
	fputc('\n', out);
}

static json_t *functions_json(const struct world *world, const struct process *child)
{
	struct copiers rows = copiers_take(world, child);
	json_t *list = json_array();

	for (size_t i = 0; i < rows.count; i++) {
		json_t *row = json_object();

		json_object_set_new(row, "by", json_string(rows.list[i].parent ? "parent" : "child"));
		json_object_set_new(row, "pages", json_from_count(rows.list[i].pages));
		json_object_set_new(row, "symbol", json_from_text(rows.list[i].function));
		json_object_set_new(row, "object", json_from_text(rows.list[i].object));
		json_array_append_new(list, row);
	}
	copiers_fini(&rows);
	return list;
}

/* Sets a member, except for a bound of 0, which means nothing. */
static void set_bounded(json_t *object, const char *name, uint64_t count, enum forked_bound bound)
{
	if (count || bound == FORKED_EXACT)
		json_object_set_new(object, name, json_from_count(count));
}

static void set_figures(json_t *object, const struct forked_figures *n, enum forked_bound bound)
{
	json_object_set_new(object, "shared", json_from_count(n->shared));
	json_object_set_new(object, "exact", json_boolean(bound == FORKED_EXACT));
	set_bounded(object, "copied", n->copied, bound);
	set_bounded(object, "by_child", n->by_child, bound);
	set_bounded(object, "by_parent", n->by_parent, bound);
	json_object_set_new(object, "unknown", json_from_count(n->unknown));
	json_object_set_new(object, "given_up", json_from_count(n->given_up));
}

static void set_now(json_t *object, const struct parted *now)
{
	if (!now->known)
		return;
	json_object_set_new(object, "now_same", json_from_count(now->same));
	json_object_set_new(object, "now_shared", json_from_count(now->maybe));
	json_object_set_new(object, "now_own", json_from_count(now->own));
}

static json_t *child_json(const struct world *world, const struct process *child, struct source *source)
{
	const struct forked *f = &child->forked;
	uint64_t lost = lost_of(world, child);
	json_t *object = json_object();

	json_object_set_new(object, "pid", json_integer(child->pid));
	json_object_set_new(object, "parent", json_integer(child->parent));
	if (f->forked_ns)
		json_object_set_new(object, "forked", json_real((double)f->forked_ns / (double)CLOCK_SECOND));
	json_object_set_new(object, "vfork", json_boolean(f->vfork));
	if (until_word(f->stage))
		json_object_set_new(object, "until", json_string(until_word(f->stage)));
	if (!f->known)
		return object;
	json_object_set_new(object, "whole", json_boolean(f->whole));
	json_object_set_new(object, "page_size", json_from_count(UINT64_C(1) << child->space->page_shift));
	set_figures(object, &f->figures, forked_bound(f, lost));
	if (forked_bound(f, lost) != FORKED_EXACT) {
		struct parted now = parted_of(world, child, source);

		set_now(object, &now);
	}
	json_object_set_new(object, "lost", json_from_count(lost));
	json_object_set_new(object, "functions", functions_json(world, child));
	return object;
}

json_t *fork_report_json(const struct world *world, struct source *source)
{
	json_t *list = json_array();

	for (size_t i = 0; i < world->count; i++)
		if (world->processes[i]->forked.stage != FORKED_NO)
			json_array_append_new(list, child_json(world, world->processes[i], source));
	return list;
}
