#include "export/fault_tables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#define ROWS_SHOWN 20  /* of a table */
#define SHARE_SHOWN 10 /* of what a function called: a tenth of it */
#define BELOW_SHOWN 12 /* lines of that */

/* --- by a name --- */

/* Faults come in streaks from one place: a name that is found moves one place towards the beginning, so
 * that the next search is short. */
static struct tally_row *tally_find(struct fault_tally *tally, const char *name)
{
	for (size_t i = 0; i < tally->count; i++) {
		struct tally_row row = tally->rows[i];

		if (strcmp(row.name, name) != 0)
			continue;
		if (i == 0)
			return &tally->rows[0];
		tally->rows[i] = tally->rows[i - 1];
		tally->rows[i - 1] = row;
		return &tally->rows[i - 1];
	}
	mem_grow(tally->rows, tally->cap, tally->count + 1);
	tally->rows[tally->count] = (struct tally_row){ .name = mem_strdup(name), .seen = tally->count };
	return &tally->rows[tally->count++];
}

static void tally_add(struct fault_tally *tally, const char *name, const struct profile_sum *sum)
{
	struct tally_row *row = tally_find(tally, name);

	row->sum.pages += sum->pages;
	row->sum.major += sum->major;
	row->sum.minor += sum->minor;
}

/* Rows with equal sums stay in order of first touch. */
static int tally_compare(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	uint64_t m = x->sum.minor + x->sum.major, n = y->sum.minor + y->sum.major;

	if (x->sum.pages != y->sum.pages)
		return x->sum.pages < y->sum.pages ? 1 : -1;
	return m != n ? (m < n) - (m > n) : (x->seen > y->seen) - (x->seen < y->seen);
}

static void print_heading(FILE *out, const char *heading)
{
	struct strbuf line = { 0 };

	text_right(&line, _("PAGES"), 9);
	text_right(&line, _("MINOR"), 9);
	text_right(&line, _("MAJOR"), 9);
	fprintf(out, "%s  %s\n", line.text, heading);
	strbuf_fini(&line);
}

static void print_row(FILE *out, const struct profile_sum *sum, uint32_t depth, const char *name)
{
	fprintf(out, "%9" PRIu64 " %8" PRIu64 " %8" PRIu64 "  %*s%s\n", sum->pages, sum->minor, sum->major,
		2 * (int)depth, "", name);
}

static void print_more(FILE *out, size_t count, size_t shown)
{
	if (count > shown)
		fprintf(out, _("%29sand %zu more\n"), "", count - shown);
	fputc('\n', out);
}

static void tally_print(struct fault_tally *tally, FILE *out, const char *heading)
{
	if (tally->count > 1)
		qsort(tally->rows, tally->count, sizeof *tally->rows, tally_compare);
	print_heading(out, heading);
	for (size_t i = 0; i < tally->count && i < ROWS_SHOWN; i++)
		print_row(out, &tally->rows[i].sum, 0, tally->rows[i].name);
	print_more(out, tally->count, ROWS_SHOWN);
}

static void tally_fini(struct fault_tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		free(tally->rows[i].name);
	free(tally->rows);
	*tally = (struct fault_tally){ 0 };
}

/* --- by function --- */

/* "fill (demo)", "code without a name (libc.so.6)" */
static void print_node(struct fault_tables *t, FILE *out, const struct profile_node *node)
{
	const char *name = *node->name ? node->name : profile_kind_text(node->kind);

	strbuf_clear(&t->line);
	text_printable(&t->line, name, strlen(name));
	if (*node->object) {
		strbuf_puts(&t->line, " (");
		text_printable(&t->line, node->object, strlen(node->object));
		strbuf_puts(&t->line, ")");
	}
	print_row(out, &node->sum, node->depth, t->line.text);
}

static bool open_all(const void *context, const struct profile_node *node)
{
	(void)context;
	(void)node;
	return true;
}

/* How many of the nodes below a top one were left out. */
struct nodes_left_out {
	size_t nodes;
	uint64_t pages; /* of the uppermost of them, which include those below */
};

static void print_left_out(FILE *out, struct nodes_left_out *left)
{
	if (left->nodes)
		fprintf(out,
			ngettext("%31sand smaller ones below it (%zu), %" PRIu64 " page\n",
				 "%31sand smaller ones below it (%zu), %" PRIu64 " pages\n",
				 (unsigned long)left->pages),
			"", left->nodes, left->pages);
	*left = (struct nodes_left_out){ 0 };
}

/* Prints the nodes from top to bottom: up to ROWS_SHOWN top ones, and below them those whose parents were not
 * left out. */
static void print_tree(struct fault_tables *t, struct profile_tree *tree, FILE *out, const char *heading)
{
	uint32_t *order = mem_alloc((tree->count + 1) * sizeof *order), hidden = UINT32_MAX;
	size_t count = profile_tree_order(tree, order, open_all, NULL), tops = 0, below = 0;
	const struct profile_node *top = NULL;
	struct nodes_left_out left = { 0 };

	print_heading(out, heading);
	for (size_t i = 0; i < count; i++) {
		const struct profile_node *node = &tree->nodes[order[i]];

		if (node->depth == 0) {
			print_left_out(out, &left);
			top = node;
			below = 0;
			hidden = tops++ < ROWS_SHOWN ? UINT32_MAX : 0;
		}
		left.nodes += node->depth > hidden && hidden;
		if (node->depth > hidden)
			continue;
		hidden = hidden == 0 ? 0 : UINT32_MAX;
		if (node->depth &&
		    (node->sum.pages * SHARE_SHOWN < top->sum.pages || below++ == BELOW_SHOWN)) {
			hidden = node->depth;
			left.nodes++;
			left.pages += node->sum.pages;
		}
		if (hidden == UINT32_MAX)
			print_node(t, out, node);
	}
	print_left_out(out, &left);
	print_more(out, tops, ROWS_SHOWN);
	free(order);
}

/* --- all of them --- */

void fault_tables_add(struct fault_tables *t, const struct process *p, const struct event *e,
		      const struct region *region)
{
	const struct profile_way leaf = { .by = PROFILE_FUNCTION },
				 own = { .by = PROFILE_OWN, .own = t->own };
	const struct profile_sum sum = { !e->fault.major, e->fault.major, fault_pages(&e->fault) };

	profile_tree_add(&t->functions, &leaf, p, e->fault.ip, &e->stack, &sum);
	if (t->by_own)
		profile_tree_add(&t->own_code, &own, p, e->fault.ip, &e->stack, &sum);
	strbuf_clear(&t->line);
	if (region)
		strbuf_printf(&t->line, "0x%012" PRIx64 " %s%s", region->attr.start,
			      space_region_word(p->space, region), *region_name(&region->attr) ? " " : "");
	text_printable(&t->line, region ? region_name(&region->attr) : "?",
		       region ? strlen(region_name(&region->attr)) : 1);
	tally_add(&t->regions, t->line.text, &sum);
	strbuf_clear(&t->line);
	if (region && *region->attr.path)
		text_printable(&t->line, region->attr.path, strlen(region->attr.path));
	else
		strbuf_puts(&t->line, region ? region_kind_name(region->attr.kind) : "?");
	tally_add(&t->files, t->line.text, &sum);
}

void fault_tables_print(struct fault_tables *t, FILE *out)
{
	if (!t->regions.count) {
		fputs(_("no faults to add up\n"), out);
		return;
	}
	if (t->by_own)
		print_tree(t, &t->own_code, out, _("OWN CODE, AND WHAT IT CALLED"));
	print_tree(t, &t->functions, out, _("FUNCTION"));
	tally_print(&t->regions, out, _("REGION TOUCHED"));
	tally_print(&t->files, out, _("FILE OR KIND OF MEMORY TOUCHED"));
}

void fault_tables_fini(struct fault_tables *t)
{
	profile_tree_fini(&t->functions);
	profile_tree_fini(&t->own_code);
	tally_fini(&t->regions);
	tally_fini(&t->files);
	strbuf_fini(&t->line);
}
