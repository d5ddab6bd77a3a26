/* As text:
 *
 *   FORKED   PID  SHARED      COPIED        BY CHILD  BY PARENT
 *   0.012   4250  12345   3000  24.3 %  11.7M   2800        300   until it ended
 *             2100  child   gc_collect_main (python3.11)
 *              300  parent  dict_setitem (python3.11)
 *
 * If both have copied a page, it counts once. */
#include "export/fork_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "export/json.h"

#define SECOND UINT64_C(1000000000)
#define ROWS_SHOWN 10 /* of a child's functions */

/* A function that caused copies. */
struct row {
	char *function, *object; /* raw, owned */
	uint64_t pages;
	bool parent;
};

struct rows {
	struct row *list;
	size_t count, cap;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add(struct rows *rows, const char *function, const char *object, const struct forked_copier *c)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct row *row = &rows->list[i];

		if (row->parent == c->parent && !strcmp(row->function, function) &&
		    !strcmp(row->object, object)) {
			row->pages += c->pages;
			return;
		}
	}
	mem_grow(rows->list, rows->cap, rows->count + 1);
	rows->list[rows->count++] =
	    (struct row){ mem_strdup(function), mem_strdup(object), c->pages, c->parent };
}

static int by_pages(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	return x->parent != y->parent ? x->parent - y->parent : strcmp(x->function, y->function);
}

/* What code is called that still has its names. */
static void add_named(struct rows *rows, const struct world *world, const struct process *child,
		      const struct forked_copier *c)
{
	const struct process *p = c->parent ? world_find(world, child->parent) : child;
	const struct event_symbol *symbol = p ? names_find(p->names, c->ip) : NULL;
	const struct region *code = p ? space_find(p->space, c->ip) : NULL;

	if (symbol && symbol->count)
		add(rows, symbol->frames[0].function, base_name(symbol->object), c);
	else if (c->ip >> 63)
		add(rows, "[kernel]", "", c);
	else
		add(rows, "", symbol ? base_name(symbol->object) : code ? region_name(&code->attr) : "", c);
}

static struct rows rows_of(const struct world *world, const struct process *child)
{
	struct rows rows = { 0 };

	for (size_t i = 0; i < child->forked.copier_count; i++) {
		const struct forked_copier *c = &child->forked.copiers[i];

		if (c->function)
			add(&rows, *c->function || !(c->ip >> 63) ? c->function : "[kernel]",
			    base_name(c->object), c);
		else
			add_named(&rows, world, child, c);
	}
	if (rows.count)
		qsort(rows.list, rows.count, sizeof *rows.list, by_pages);
	return rows;
}

static void rows_fini(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->list[i].function);
		free(rows->list[i].object);
	}
	free(rows->list);
}

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

	return parent > child ? parent : child;
}

static void print_rows(FILE *out, const struct world *world, const struct process *child)
{
	struct rows rows = rows_of(world, child);
	struct strbuf who = { 0 };

	for (size_t i = 0; i < rows.count && i < ROWS_SHOWN; i++) {
		const struct row *row = &rows.list[i];
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
	rows_fini(&rows);
}

static void print_notes(FILE *out, const struct forked *f)
{
	if (!f->whole)
		fprintf(
		    out,
		    _("%20sfirst seen when it already ran: at most so much was shared then, and not all that "
		      "was copied before is known\n"),
		    "");
	if (f->figures.unknown)
		fprintf(out,
			ngettext("%20sand %" PRIu64 " fault that may or may not have copied\n",
				 "%20sand %" PRIu64 " faults that may or may not have copied\n",
				 (unsigned long)f->figures.unknown),
			"", f->figures.unknown);
	if (f->figures.given_up)
		fprintf(out, _("%20s%" PRIu64 " given up by one of the two\n"), "", f->figures.given_up);
}

static void print_child(FILE *out, const struct world *world, const struct process *child)
{
	const struct forked *f = &child->forked;
	const struct forked_figures *n = &f->figures;
	char size[16];

	if (f->forked_ns)
		fprintf(out, "%10.6f", (double)f->forked_ns / (double)SECOND);
	else
		fprintf(out, "%10s", "-");
	fprintf(out, " %7" PRId32 " %7" PRId32 " ", child->pid, child->parent);
	if (f->vfork || !f->known) {
		fprintf(out, " %s\n", forked_why_unknown(f));
		return;
	}
	text_size(size, n->copied << child->space->page_shift);
	fprintf(out, "%8" PRIu64 " %8" PRIu64 " %5.1f%% %7s %8" PRIu64 " %9" PRIu64 "  %s\n", n->shared,
		n->copied, forked_percent(n), size, n->by_child, n->by_parent, forked_until_text(f->stage));
	print_rows(out, world, child);
	print_notes(out, f);
}

static void print_titles(FILE *out)
{
	struct strbuf line = { 0 };

	text_right(&line, _("FORKED AT"), 10);
	text_right(&line, _("CHILD"), 8);
	text_right(&line, _("OF"), 8);
	text_right(&line, _("SHARED"), 9);
	text_right(&line, _("COPIED"), 9);
	text_right(&line, "%", 7);
	text_right(&line, "", 8);
	text_right(&line, _("BY CHILD"), 9);
	text_right(&line, _("BY PARENT"), 10);
	fprintf(out, "%s\n", line.text);
	strbuf_fini(&line);
}

void fork_report_print(FILE *out, const struct world *world)
{
	bool headed = false;

	for (size_t i = 0; i < world->count; i++) {
		if (world->processes[i]->forked.stage == FORKED_NO)
			continue;
		if (!headed)
			print_titles(out);
		headed = true;
		print_child(out, world, world->processes[i]);
	}
	if (headed && world->dropped)
		fprintf(out, _("and %" PRIu64 " that ended earlier and were forgotten\n"), world->dropped);
	if (headed)
		fputc('\n', out);
}

static json_t *functions_json(const struct world *world, const struct process *child)
{
	struct rows rows = rows_of(world, child);
	json_t *list = json_array();

	for (size_t i = 0; i < rows.count; i++) {
		json_t *row = json_object();

		json_object_set_new(row, "by", json_string(rows.list[i].parent ? "parent" : "child"));
		json_object_set_new(row, "pages", json_from_count(rows.list[i].pages));
		json_object_set_new(row, "symbol", json_from_text(rows.list[i].function));
		json_object_set_new(row, "object", json_from_text(rows.list[i].object));
		json_array_append_new(list, row);
	}
	rows_fini(&rows);
	return list;
}

static void set_figures(json_t *object, const struct forked_figures *n)
{
	json_object_set_new(object, "shared", json_from_count(n->shared));
	json_object_set_new(object, "copied", json_from_count(n->copied));
	json_object_set_new(object, "by_child", json_from_count(n->by_child));
	json_object_set_new(object, "by_parent", json_from_count(n->by_parent));
	json_object_set_new(object, "unknown", json_from_count(n->unknown));
	json_object_set_new(object, "given_up", json_from_count(n->given_up));
}

static json_t *child_json(const struct world *world, const struct process *child)
{
	const struct forked *f = &child->forked;
	json_t *object = json_object();

	json_object_set_new(object, "pid", json_integer(child->pid));
	json_object_set_new(object, "parent", json_integer(child->parent));
	if (f->forked_ns)
		json_object_set_new(object, "forked", json_real((double)f->forked_ns / (double)SECOND));
	json_object_set_new(object, "vfork", json_boolean(f->vfork));
	if (until_word(f->stage))
		json_object_set_new(object, "until", json_string(until_word(f->stage)));
	if (!f->known)
		return object;
	json_object_set_new(object, "whole", json_boolean(f->whole));
	json_object_set_new(object, "page_size", json_from_count(UINT64_C(1) << child->space->page_shift));
	set_figures(object, &f->figures);
	json_object_set_new(object, "functions", functions_json(world, child));
	return object;
}

json_t *fork_report_json(const struct world *world)
{
	json_t *list = json_array();

	for (size_t i = 0; i < world->count; i++)
		if (world->processes[i]->forked.stage != FORKED_NO)
			json_array_append_new(list, child_json(world, world->processes[i]));
	return list;
}
