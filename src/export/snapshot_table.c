/* The table of a snapshot: like pmap's, but with what is really in memory.
 *
 *          ADDRESS   SIZE    RSS  CACHE   FILL  PERM KIND     NAME
 *     55d2c0a4f000     8K     8K      -  ■■■■■  r--p rodata   /usr/bin/sleep
 *     55d2c2b1e000   132K     4K      -  ·····  rw-p heap     [heap]
 *     7f1200000000   8.0M      -      -  ·····  rw-p anon
 *
 * A column that would be empty in every line is left out. A dash is a known zero; "?" is a figure that is not
 * known, and "12K+" one of which only a part is. With the kernel's own sums there is PSS, and "16K*" where
 * the kernel's RSS differs from that of the pages. */
#include "export/snapshot_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"

#define FIGURE_COLUMNS 6
#define FILL_COLUMNS 5
#define FILL_MIN_WIDTH 90 /* a narrower screen needs the room for names */

/* What is counted of one region, in pages. */
struct snapshot_row {
	uint64_t pages, counts[PAGE_STATES];
	uint64_t unknown;       /* pages that may be resident or not */
	uint64_t cache_unknown; /* reserved pages that may or may not be in the page cache */
	/* of the kernel's own sums, in bytes */
	uint64_t kernel_rss, pss;
	bool sums_known, sums_unknown; /* in a total: known for some regions, unknown for others */
	bool sums_differ;              /* from what the pages say */
	bool sums_joined;              /* they are of two regions together: the second line has both */
	bool any_joined;               /* of a total */
};

struct snapshot_table {
	FILE *out;
	const struct space *space;
	const struct snapshot_options *options;
	struct snapshot_row *lines; /* one a region */
	struct snapshot_row total;
	int address_columns, perm_columns;
	bool fill, sums, differ; /* which columns there are */
	struct strbuf row;
};

/* The columns of figures, besides the size: those of states, by state, and this one. */
#define ALL_RESIDENT PAGE_NONE

/* Pages of the kernel are unknown, too, but certainly not resident memory of the process. */
static bool may_be_resident(uint32_t word)
{
	return page_state(word) == PAGE_UNKNOWN && page_why(word) != PAGE_WHY_SPECIAL &&
	       page_why(word) != PAGE_WHY_OUTSIDE;
}

static void count_line(struct snapshot_row *line, const struct space *space, const struct region *region)
{
	struct runs_iter iter =
	    runs_iter(space->pages, region_first(space, region), region_end(space, region));
	struct run run;

	line->pages = region_end(space, region) - region_first(space, region);
	while (runs_next(&iter, &run)) {
		line->counts[page_state(run.value)] += run.end - run.first;
		if (may_be_resident(run.value))
			line->unknown += run.end - run.first;
		if (run.value & PAGE_CACHE_UNKNOWN)
			line->cache_unknown += run.end - run.first;
	}
}

/* Pages from the hugetlb pool are resident, but the kernel's figure does not include them. */
static void count_sums(struct snapshot_table *table, size_t i, const struct region *region)
{
	const struct region_sums *sums = snapshot_sums_find(table->options, region);
	struct snapshot_row *line = &table->lines[i];
	uint64_t resident = page_resident(line->counts);

	line->sums_known = sums;
	line->sums_joined = sums ? sums->start != region->attr.start
				 : snapshot_sums_behind(table->options, table->space, region);
	line->sums_unknown = !sums && !line->sums_joined;
	if (!sums)
		return;
	if (line->sums_joined && i)
		resident += page_resident(line[-1].counts);
	line->pss = sums->pss;
	line->kernel_rss = sums->rss + sums->hugetlb;
	line->sums_differ = line->kernel_rss != resident << table->space->page_shift;
}

static void add_line(struct snapshot_row *sum, const struct snapshot_row *line)
{
	sum->pss += line->pss;
	sum->kernel_rss += line->kernel_rss;
	sum->sums_known |= line->sums_known;
	sum->sums_unknown |= line->sums_unknown;
	sum->sums_differ |= line->sums_differ;
	sum->any_joined |= line->sums_joined;
	sum->pages += line->pages;
	sum->unknown += line->unknown;
	sum->cache_unknown += line->cache_unknown;
	for (int state = 0; state < PAGE_STATES; state++)
		sum->counts[state] += line->counts[state];
}

static uint64_t figure_value(const struct snapshot_row *line, enum page_state figure)
{
	return figure == ALL_RESIDENT ? page_resident(line->counts) : line->counts[figure];
}

/* By how much the figure may be larger. */
static uint64_t figure_unknown(const struct snapshot_row *line, enum page_state figure)
{
	return line->unknown + (page_state_cached(figure) ? line->cache_unknown : 0);
}

/* The resident column is always there; the others only if a region has something in it. */
static bool figure_shown(const struct snapshot_table *table, enum page_state figure)
{
	if (figure == ALL_RESIDENT)
		return true;
	return page_state_heading(figure) && (figure_value(&table->total, figure) ||
					      (page_state_cached(figure) && table->total.cache_unknown));
}

static void add_right(struct snapshot_table *table, const char *text, int columns)
{
	strbuf_puts(&table->row, " ");
	text_right(&table->row, text, columns);
}

static void add_left(struct snapshot_table *table, const char *text, int columns)
{
	strbuf_puts(&table->row, " ");
	text_left(&table->row, text, columns);
}

/* Cuts the row to the screen and prints it without blanks at its end. */
static void print_row(struct snapshot_table *table)
{
	struct strbuf *row = &table->row, cut = { 0 };

	if (table->options->columns)
		text_fit(&cut, row->text, table->options->columns, TEXT_CUT_RIGHT, table->options->ascii);
	else
		strbuf_puts(&cut, row->text);
	while (cut.len && cut.text[cut.len - 1] == ' ')
		cut.len--;
	fprintf(table->out, "%.*s\n", (int)cut.len, cut.text);
	strbuf_fini(&cut);
	strbuf_clear(row);
}

/* `mark` follows a figure that is not zero. */
static void add_bytes(struct snapshot_table *table, uint64_t bytes, bool unknown, const char *mark)
{
	char size[16], cell[24];

	text_size(size, bytes);
	snprintf(cell, sizeof cell, "%s%s", bytes ? size : unknown ? "?" : "-", bytes ? mark : "");
	add_right(table, cell, FIGURE_COLUMNS);
}

static void add_size(struct snapshot_table *table, uint64_t pages, uint64_t unknown)
{
	add_bytes(table, pages << table->space->page_shift, unknown, unknown ? "+" : "");
}

/* The kernel's own figures; RSS is empty where it is that of the pages. */
static void add_sums(struct snapshot_table *table, const struct snapshot_row *line)
{
	if (line->sums_joined) {
		if (table->differ)
			add_bytes(table, 0, true, "");
		if (table->sums)
			add_bytes(table, 0, true, "");
		return;
	}
	if (table->differ && line->sums_differ)
		add_bytes(table, line->kernel_rss, false, line->sums_unknown ? "*+" : "*");
	else if (table->differ)
		add_right(table, "", FIGURE_COLUMNS);
	if (table->sums)
		add_bytes(table, line->pss, line->sums_unknown, line->sums_unknown ? "+" : "");
}

static void add_fill(struct snapshot_table *table, const struct snapshot_row *line)
{
	const char *full = table->options->ascii ? "#" : "■", *empty = table->options->ascii ? "." : "·";
	uint64_t resident = page_resident(line->counts);
	uint64_t pages = line->pages ? line->pages : 1;
	uint64_t cells = resident * FILL_COLUMNS / pages, unknown = line->unknown * FILL_COLUMNS / pages;

	if (resident && !cells)
		cells = 1;
	strbuf_puts(&table->row, "  ");
	for (unsigned i = 0; i < FILL_COLUMNS; i++)
		strbuf_puts(&table->row, i < cells ? full : i < cells + unknown ? "?" : empty);
	strbuf_puts(&table->row, " ");
}

static void add_figures(struct snapshot_table *table, const struct snapshot_row *line)
{
	add_size(table, line->pages, 0);
	for (int s = ALL_RESIDENT; s < PAGE_STATES; s++) {
		enum page_state figure = (enum page_state)s;

		if (!figure_shown(table, figure))
			continue;
		add_size(table, figure_value(line, figure), figure_unknown(line, figure));
		if (figure == ALL_RESIDENT)
			add_sums(table, line);
	}
	if (table->fill)
		add_fill(table, line);
}

/* The path, cut on its left: a file is known by the end of its name. */
static void add_name(struct snapshot_table *table, const char *path)
{
	char *name = text_printable_dup(path, strlen(path));
	int room = table->options->columns - text_columns(table->row.text) - 1;

	strbuf_puts(&table->row, " ");
	if (table->options->columns && room > 0)
		text_fit(&table->row, name, room, TEXT_CUT_LEFT, table->options->ascii);
	else
		strbuf_puts(&table->row, name);
	free(name);
}

static void print_titles(struct snapshot_table *table)
{
	add_right(table, _("ADDRESS"), table->address_columns - 1);
	add_right(table, _("SIZE"), FIGURE_COLUMNS);
	for (int s = ALL_RESIDENT; s < PAGE_STATES; s++) {
		enum page_state figure = (enum page_state)s;

		if (!figure_shown(table, figure))
			continue;
		add_right(table, figure == ALL_RESIDENT ? _("RSS") : page_state_heading(figure),
			  FIGURE_COLUMNS);
		if (figure == ALL_RESIDENT && table->differ)
			add_right(table, _("RSS*"), FIGURE_COLUMNS);
		if (figure == ALL_RESIDENT && table->sums)
			add_right(table, _("PSS"), FIGURE_COLUMNS);
	}
	if (table->fill)
		add_left(table, _(" FILL"), FILL_COLUMNS + 2);
	add_left(table, _("PERM"), table->perm_columns);
	add_left(table, _("KIND"), 8);
	add_left(table, _("NAME"), 0);
	print_row(table);
}

/* "    7f1200003000     3 anon     exclusive huge", under the line of its region */
static void print_run(struct snapshot_table *table, const struct snapshot_run *run)
{
	char address[24], count[24];

	snprintf(address, sizeof address, "%" PRIx64, space_address(table->space, run->first));
	snprintf(count, sizeof count, "%" PRIu64, run->end - run->first);
	add_right(table, address, table->address_columns + 1);
	add_right(table, count, 10);
	add_left(table, page_state_name(page_state(run->word)), 8);
	if (run->frame)
		strbuf_printf(&table->row, " 0x%" PRIx64, run->frame);
	for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_FLAG_LAST; bit <<= 1)
		if (page_flags(run->word) & bit)
			strbuf_printf(&table->row, " %s", page_flag_name(bit));
	if (page_state(run->word) == PAGE_UNKNOWN)
		strbuf_printf(&table->row, " (%s)", page_why_text(page_why(run->word)));
	print_row(table);
}

static void print_region(struct snapshot_table *table, const struct region *region,
			 const struct snapshot_row *line)
{
	char address[24], perms[5];
	struct snapshot_runs runs;
	struct snapshot_run run;

	snprintf(address, sizeof address, "%" PRIx64, region->attr.start);
	strbuf_printf(&table->row, "%*s", table->address_columns, address);
	add_figures(table, line);
	add_left(table, region_perms_text(perms, region->attr.perms), table->perm_columns);
	add_left(table, space_region_word(table->space, region), 8);
	add_name(table, region->attr.path);
	print_row(table);
	if (!table->options->pages)
		return;
	snapshot_runs_init(&runs, table->space, region, table->options);
	while (snapshot_runs_next(&runs, &run))
		print_run(table, &run);
	snapshot_runs_fini(&runs);
}

/* "34021 pages of 4K: 33200 reserved, 310 cached" */
static void print_total(struct snapshot_table *table)
{
	const char *separator = ": ";
	char size[16];

	add_right(table, _("total"), table->address_columns - 1);
	add_figures(table, &table->total);
	print_row(table);
	strbuf_printf(&table->row,
		      ngettext("\n%" PRIu64 " page of %s", "\n%" PRIu64 " pages of %s",
			       (unsigned long)table->total.pages),
		      table->total.pages, text_size(size, UINT64_C(1) << table->space->page_shift));
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		if (table->total.counts[state]) {
			strbuf_printf(&table->row, "%s%" PRIu64 " %s", separator, table->total.counts[state],
				      page_state_name((enum page_state)state));
			separator = ", ";
		}
	fprintf(table->out, "%s\n", table->row.text);
	strbuf_clear(&table->row);
}

/* What could not be seen, and why. */
static void print_notes(struct snapshot_table *table, const struct process *process)
{
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		const struct source_status *status = &process->sources[kind];

		if (kind == SOURCE_STACKS || kind == SOURCE_ACCESS)
			continue; /* of faults, not of pages */
		if (status->known && !status->ok)
			fprintf(table->out, _("not seen: %s: %s\n"), source_kind_name((enum source_kind)kind),
				status->why);
	}
	if (table->differ)
		fputs(_("* the kernel's own figure (smaps), where it differs from that of the pages\n"),
		      table->out);
	if (table->total.any_joined)
		fprintf(table->out, _("not seen: %s: %s\n"), source_kind_name(SOURCE_SMAPS),
			_("the kernel counts a bss together with what is mapped right after it"));
	if (table->options->smaps && table->total.sums_unknown && process->sources[SOURCE_SMAPS].ok)
		fprintf(table->out, _("not seen: %s: %s\n"), source_kind_name(SOURCE_SMAPS),
			snapshot_sums_why(table->options));
	if (process->status == PROCESS_RUNNING)
		fputs(_("The process was running: figures may be from different moments.\n"), table->out);
}

/* "pid 4242  ./demo 64" */
static void print_heading(struct snapshot_table *table, const struct process *process)
{
	strbuf_printf(&table->row, "pid %" PRId32 " ", process->pid);
	for (char **arg = process->identity.argv; arg && *arg; arg++) {
		strbuf_puts(&table->row, " ");
		text_printable(&table->row, *arg, strlen(*arg));
	}
	if (!process->identity.argv || !process->identity.argv[0]) {
		strbuf_puts(&table->row, " ");
		text_printable(&table->row, process->identity.comm, strlen(process->identity.comm));
	}
	print_row(table);
}

void snapshot_print_table(FILE *out, const struct process *process, const struct snapshot_options *options)
{
	const struct space *space = process->space;
	struct snapshot_table table = { .out = out, .space = space, .options = options };
	uint64_t highest = space->count ? space->regions[space->count - 1]->attr.start : 0;

	table.lines = mem_zalloc((space->count + 1) * sizeof *table.lines);
	table.perm_columns = max(text_columns(_("PERM")), 4);
	table.address_columns = snprintf(NULL, 0, "%" PRIx64, highest);
	if (table.address_columns < 8)
		table.address_columns = 8;
	table.fill = !options->columns || options->columns >= FILL_MIN_WIDTH;
	for (size_t i = 0; i < space->count; i++) {
		count_line(&table.lines[i], space, space->regions[i]);
		count_sums(&table, i, space->regions[i]);
		add_line(&table.total, &table.lines[i]);
	}
	table.sums = table.total.sums_known;
	table.differ = table.total.sums_differ;
	print_heading(&table, process);
	print_titles(&table);
	for (size_t i = 0; i < space->count; i++)
		print_region(&table, space->regions[i], &table.lines[i]);
	print_total(&table);
	print_notes(&table, process);
	free(table.lines);
	strbuf_fini(&table.row);
}
