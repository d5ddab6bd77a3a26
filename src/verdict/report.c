/* Section by section. A figure that is not known has a line, too, with the reason. */
#include "verdict/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "verdict/words.h"

#define OWNERS_MAX 12
#define AGE_NS UINT64_C(100000000)

static char *printable(const char *text)
{
	return text_printable_dup(text ? text : "", text ? strlen(text) : 0);
}

static void add(struct report *r, enum report_kind kind, int indent, const char *label, const char *value,
		const char *note)
{
	mem_grow(r->rows, r->cap, r->count + 1);
	r->rows[r->count++] =
	    (struct report_row){ kind,           indent,         printable(label), printable(value),
				 mem_strdup(""), printable(note) };
}

static void add_size(struct report *r, int indent, const char *label, uint64_t bytes, const char *note)
{
	char size[WORDS_SIZE];

	add(r, REPORT_FIGURE, indent, label, words_size(size, bytes), note);
}

/* The figure before is that share of a whole, in hundredths. */
static void set_share(struct report *r, unsigned hundredths, uint64_t bytes, uint64_t whole)
{
	struct report_row *row = &r->rows[r->count - 1];
	char share[WORDS_SIZE];

	free(row->share);
	row->share = mem_strdup(bytes < KERNEL_NONE ? words_share(share, hundredths, bytes, whole) : "");
}

/* With its share of RSS, as one of the parts that make it up, */
static void add_part(struct report *r, const struct verdict *v, const char *label, enum amount_part part,
		     const char *note)
{
	const struct amounts *a = &v->facts.amounts;

	add_size(r, 0, label, a->parts[part], note);
	set_share(r, a->shares[part], a->parts[part], a->rss);
}

/* or not. */
static void add_share(struct report *r, const struct verdict *v, int indent, const char *label,
		      uint64_t bytes, const char *note)
{
	uint64_t rss = v->facts.amounts.rss;

	add_size(r, indent, label, bytes, note);
	set_share(r, words_percent(bytes, rss), bytes, rss);
}

static void add_sentences(struct report *r, const struct verdict *v)
{
	add(r, REPORT_HEADING, 0, _("In short"), "", "");
	for (size_t i = 0; i < v->sentences_count; i++)
		add(r, REPORT_SENTENCE, 0, v->sentences[i].says, v->sentences[i].evidence,
		    v->sentences[i].remedy);
	if (!v->sentences_count)
		add(r, REPORT_NOTE, 0, _("Nothing stands out."), "", "");
}

/* Is a group of figures known, as of the time of the picture if that matters? */
static bool is_known(const struct verdict *v, enum figure_group group)
{
	const struct process_figures *figures = &v->facts.process->figures;

	return figures->known && !figures->read.refused[group] &&
	       (group != FIGURES_SUMS || v->facts.amounts.fresh);
}

/* Why a group of figures is not known; `otherwise` if it is. */
static const char *reason(const struct verdict *v, enum figure_group group, const char *otherwise)
{
	const struct process_figures *figures = &v->facts.process->figures;

	if (is_known(v, group))
		return otherwise;
	if (!figures->known)
		return _("the kernel's own figures were not read");
	if (figures->read.refused[group])
		return figures->read.why[group];
	return _("the kernel's sums were read at another time");
}

/* Where memory without a file can go. */
static void add_swap_room(struct strbuf *out, const struct verdict *v)
{
	const struct amounts *a = &v->facts.amounts;
	uint64_t free = 0;
	char size[WORDS_SIZE];

	switch (amounts_swap_room(&v->facts.process->figures.read,
				  a->parts[AMOUNT_PRIVATE] + a->parts[AMOUNT_SHARED], &free)) {
	case SWAP_ROOM_NONE:
		strbuf_puts(out, _("has to stay: there is no swap"));
		break;
	case SWAP_ROOM_UNKNOWN:
		strbuf_puts(out, _("can only go to swap, if there is any"));
		break;
	case SWAP_ROOM_FULL:
		strbuf_puts(out, _("has to stay: swap is full"));
		break;
	case SWAP_ROOM_SHORT:
		strbuf_printf(out, _("can only go to swap, of which %s is free"), words_size(size, free));
		break;
	case SWAP_ROOM_SMALL:
		strbuf_printf(out, _("can only go to swap, which holds %s"), words_size(size, free));
		break;
	case SWAP_ROOM_ENOUGH:
		strbuf_puts(out, _("can only go to swap"));
		break;
	}
}

static void add_parts(struct report *r, const struct verdict *v)
{
	const struct amounts *a = &v->facts.amounts;
	struct strbuf swap = { 0 };

	add_swap_room(&swap, v);

	if (a->from_sums) {
		add_part(r, v, _("clean pages of files"), AMOUNT_FILE_CLEAN,
			 a->dirty_at_least ? _("can go at once; at most") : _("can go at once"));
		add_part(r, v, _("dirty pages of files"), AMOUNT_FILE_DIRTY,
			 a->dirty_at_least ? _("once written back; at least") : _("once written back"));
		add_part(r, v, _("lazily free"), AMOUNT_FREED, _("freed by the program: can go at once"));
	} else {
		add_size(r, 0, _("pages of files"), a->file, _("can go, dirty ones once written back"));
		set_share(r, a->file_share, a->file, a->rss);
	}
	add_part(r, v, _("private memory"), AMOUNT_PRIVATE, swap.text);
	if (a->copies)
		add_share(r, v, 1, _("copies of files' pages"), a->copies,
			  _("written after they were mapped"));
	add_part(r, v, _("shared memory"), AMOUNT_SHARED, swap.text);
	strbuf_fini(&swap);
}

static void add_of_these(struct report *r, const struct verdict *v)
{
	const uint64_t *values = v->facts.process->figures.read.values;
	const struct amounts *a = &v->facts.amounts;

	if (a->fork && a->fork < KERNEL_NONE)
		add_share(r, v, 0, _("of this: shared since a fork"), a->fork,
			  _("private, but others map it, too"));
	if (a->locked)
		add_share(r, v, 0, _("of this: locked"), a->locked, _("has to stay"));
	if (!a->huge)
		return;
	add_share(r, v, 0, _("of this: in huge pages"), a->huge, "");
	if (figure_known(values[KERNEL_HUGE_READ])) {
		add_share(r, v, 1, _("of which nothing but zeroes"), values[KERNEL_HUGE_ZERO],
			  _("its bytes were read"));
	} else if (a->huge < KERNEL_NONE) {
		add(r, REPORT_FIGURE, 1, _("of which nothing but zeroes"), _("unknown"),
		    reason(v, FIGURES_BYTES, _("not read: why --read reads it")));
	}
}

static void add_resident(struct report *r, const struct verdict *v)
{
	char size[WORDS_SIZE];

	add(r, REPORT_HEADING, 0, _("What is resident, and whether it can go away"),
	    words_size(size, v->facts.amounts.rss), "");
	add_parts(r, v);
	add_of_these(r, v);
	if (!v->facts.amounts.from_sums) {
		struct strbuf text = { 0 };

		strbuf_printf(&text, _("by page states: %s"), reason(v, FIGURES_SUMS, ""));
		add(r, REPORT_NOTE, 0, text.text, "", "");
		strbuf_fini(&text);
	}
}

static void add_cgroup(struct report *r, const struct verdict *v)
{
	const struct kernel_figures *f = &v->facts.process->figures.read;
	const uint64_t *values = f->values;
	struct strbuf note = { 0 };
	char limit[WORDS_SIZE];

	if (!is_known(v, FIGURES_CGROUP)) {
		add(r, REPORT_FIGURE, 0, _("charge of its memory cgroup"), _("unknown"),
		    reason(v, FIGURES_CGROUP, ""));
		return;
	}
	if (figure_known(values[KERNEL_CGROUP_PROCESSES]))
		strbuf_printf(&note,
			      ngettext("for %" PRIu64 " process; ", "for %" PRIu64 " processes; ",
				       (unsigned long)values[KERNEL_CGROUP_PROCESSES]),
			      values[KERNEL_CGROUP_PROCESSES]);
	if (figure_known(values[KERNEL_CGROUP_LIMIT]))
		strbuf_printf(&note, _("limit %s; "), words_size(limit, values[KERNEL_CGROUP_LIMIT]));
	else if (values[KERNEL_CGROUP_LIMIT] == KERNEL_NONE)
		strbuf_puts(&note, _("no limit; "));
	strbuf_puts(&note, f->cgroup ? f->cgroup : "?");
	add_size(r, 0, _("charge of its memory cgroup"), values[KERNEL_CGROUP_CHARGE], note.text);
	add_size(r, 1, _("private memory"), values[KERNEL_CGROUP_ANON], "");
	add_size(r, 1, _("page cache"), values[KERNEL_CGROUP_FILE],
		 _("mapped or not; charged to whoever touched it first"));
	add_size(r, 1, _("the kernel's own"), values[KERNEL_CGROUP_KERNEL], _("page tables, stacks, slabs"));
	strbuf_fini(&note);
}

static void add_nodes(struct report *r, const struct verdict *v)
{
	const struct kernel_figures *f = &v->facts.process->figures.read;

	if (f->nodes_count < 2)
		return;
	for (size_t i = 0; i < f->nodes_count; i++) {
		struct strbuf label = { 0 };

		strbuf_printf(&label, _("on NUMA node %zu"), i);
		if (f->nodes[i])
			add_size(r, 0, label.text, f->nodes[i], "");
		strbuf_fini(&label);
	}
}

static void add_regions(struct report *r, const struct verdict *v)
{
	uint64_t most = v->facts.process->figures.read.values[KERNEL_REGIONS_MAX];
	struct strbuf count = { 0 }, note = { 0 };

	strbuf_printf(&count, "%" PRIu64, v->facts.amounts.regions);
	if (figure_known(most))
		strbuf_printf(&note, _("of at most %" PRIu64), most);
	add(r, REPORT_FIGURE, 0, _("regions"), count.text, note.text ? note.text : "");
	strbuf_fini(&count);
	strbuf_fini(&note);
}

/* If figures are not of the same time as the picture: which. */
static void add_age(struct report *r, const struct verdict *v)
{
	const struct process_figures *figures = &v->facts.process->figures;
	struct strbuf text = { 0 };
	char span[WORDS_SIZE];

	if (!figures->known || v->facts.now_ns < figures->time_ns + AGE_NS)
		return;
	strbuf_printf(&text, _("the kernel's figures were read %s earlier"),
		      words_span(span, v->facts.now_ns - figures->time_ns));
	if (!v->facts.amounts.fresh)
		strbuf_puts(&text, facts_ended(&v->facts)
				       ? _("; for figures of one moment, ask while it runs: why -p PID")
				       : _("; for figures of one moment, ask again"));
	add(r, REPORT_NOTE, 0, text.text, "", "");
	strbuf_fini(&text);
}

/* Figures that are older than the pages do not show the peak. */
static void add_peak(struct report *r, const struct verdict *v, uint64_t peak, const char *status)
{
	if (peak < v->facts.amounts.rss)
		add_size(r, 0, _("peak RSS"), KERNEL_UNKNOWN,
			 _("the kernel's figures were read at another time"));
	else
		add_size(r, 0, _("peak RSS"), peak, status);
}

static void add_outside(struct report *r, const struct verdict *v)
{
	struct owner stacks = owners_sum(&v->facts.owners, OWNER_THREADS);
	const uint64_t *values = v->facts.process->figures.read.values;
	const struct amounts *a = &v->facts.amounts;
	const char *status = reason(v, FIGURES_STATUS, "");

	add(r, REPORT_HEADING, 0, _("What RSS does not show"), "", "");
	add_age(r, v);
	add_size(r, 0, _("PSS"), a->pss, reason(v, FIGURES_SUMS, _("each page divided by how many map it")));
	add_size(r, 0, _("USS"), a->own,
		 reason(v, FIGURES_SUMS, _("mapped by no one else: its end frees it")));
	add_peak(r, v, values[KERNEL_RSS_PEAK], status);
	add_size(r, 0, _("in swap"), a->swap, "");
	if (a->hugetlb && a->hugetlb < KERNEL_NONE)
		add_size(r, 0, _("from the hugetlb pool"), a->hugetlb, _("resident, but not in RSS"));
	add_size(r, 0, _("page tables"), values[KERNEL_PAGE_TABLES], status);
	add_size(r, 0, _("virtual size"), a->reserved, _("of all regions, there or not"));
	if (stacks.regions)
		add_size(r, 1, _("for thread stacks"), stacks.reserved, "");
	add_regions(r, v);
	add_cgroup(r, v);
	add_nodes(r, v);
}

/* What malloc has, if it was read. */
static void add_malloc(struct report *r, const struct verdict *v)
{
	const uint64_t *values = v->facts.process->figures.read.values;

	if (!v->facts.amounts.fresh || !figure_known(values[KERNEL_MALLOC_USED]) ||
	    !values[KERNEL_MALLOC_USED])
		return;
	add_size(r, 0, _("in malloc's heaps: in use"), values[KERNEL_MALLOC_USED],
		 _("by their chunks, which were read"));
	add_size(r, 1, _("free, in between"), values[KERNEL_MALLOC_FREE], "");
	add_size(r, 1, _("free, at the top"), values[KERNEL_MALLOC_TOP], "");
	add_size(r, 1, _("free, as whole resident pages"), values[KERNEL_MALLOC_TRIMMABLE],
		 _("malloc_trim(0) gives them back"));
}

static const char *sure_text(enum owner_sure sure)
{
	return sure == OWNER_LIKELY ? _("likely: ") : sure == OWNER_POSSIBLE ? _("possible: ") : "";
}

static void add_owners(struct report *r, const struct verdict *v)
{
	const struct owners *o = &v->facts.owners;
	uint64_t rest = 0, rest_regions = 0;

	add(r, REPORT_HEADING, 0, _("Who owns it"), "", "");
	for (size_t i = 0; i < o->count; i++) {
		const struct owner *owner = &o->list[i];
		struct strbuf note = { 0 };
		char reserved[WORDS_SIZE];

		if (i >= OWNERS_MAX) {
			rest += owner->resident;
			rest_regions += owner->regions;
			continue;
		}
		strbuf_printf(&note,
			      ngettext("of %s in %" PRIu64 " region", "of %s in %" PRIu64 " regions",
				       (unsigned long)owner->regions),
			      words_size(reserved, owner->reserved), owner->regions);
		if (owner->sure != OWNER_CERTAIN || owner->kind == OWNER_THREADS ||
		    owner->kind == OWNER_ARENA)
			strbuf_printf(&note, "; %s%s", sure_text(owner->sure), _(owner->ground));
		add_size(r, 0, owner_title(owner), owner->resident, note.text);
		strbuf_fini(&note);
	}
	if (rest_regions) {
		struct strbuf note = { 0 };

		strbuf_printf(&note,
			      ngettext("%zu more, %" PRIu64 " region", "%zu more, %" PRIu64 " regions",
				       (unsigned long)rest_regions),
			      o->count - OWNERS_MAX, rest_regions);
		add_size(r, 0, _("all others"), rest, note.text);
		strbuf_fini(&note);
	}
	add_malloc(r, v);
}

static void add_row(struct report *r, const struct arrival_row *row, uint64_t came, const char *name,
		    const char *beside)
{
	add_size(r, 1, name, row->bytes, beside);
	set_share(r, row->share, row->bytes, came);
}

static void add_others(struct report *r, const struct arrival_rows *rows, uint64_t came)
{
	if (!rows->others)
		return;
	add_size(r, 1, _("all others"), rows->others, "");
	set_share(r, rows->others_share, rows->others, came);
}

/* How far the function is known, shown beside its name. */
static const char *beside_function(const struct arrival_row *row)
{
	switch (row->who) {
	case ARRIVAL_NO_STACK:
		return _("its stack was not taken: who called it is not known");
	case ARRIVAL_NOT_SAMPLED:
		return _("its stack was not sampled: who called it is not known");
	default:
		return *row->source ? row->source : row->object;
	}
}

static const char *why_unseen(const struct arrivals *g)
{
	return !g->faults ? _("faults are not seen here")
	       : g->user_only
		   ? _("faults within system calls, such as read(), are seen only with root or CAP_PERFMON")
	       : g->lost ? _("they came without a fault, or the fault was lost, as some were")
			 : _("they came without a fault, or before faults were watched");
}

static void add_functions(struct report *r, const struct arrivals *g)
{
	struct strbuf text = { 0 };

	add(r, REPORT_NOTE, 0, _("by the function that first touched it, own code if there is any:"), "", "");
	for (size_t i = 0; i < g->functions.count; i++) {
		const struct arrival_row *row = &g->functions.list[i];

		strbuf_clear(&text);
		arrival_function(&text, row);
		add_row(r, row, g->came, text.text, beside_function(row));
	}
	add_others(r, &g->functions, g->came);
	if (g->unseen) {
		add_size(r, 1, _("no fault seen"), g->unseen, why_unseen(g));
		set_share(r, g->unseen_share, g->unseen, g->came);
	}
	strbuf_fini(&text);
}

static void add_places(struct report *r, const struct arrivals *g)
{
	char address[24];

	add(r, REPORT_NOTE, 0, _("by file or kind of memory:"), "", "");
	for (size_t i = 0; i < g->files.count; i++) {
		const struct arrival_row *row = &g->files.list[i];

		add_row(r, row, g->came, *row->name ? row->name : row->object, "");
	}
	add_others(r, &g->files, g->came);
	add(r, REPORT_NOTE, 0, _("by region:"), "", "");
	for (size_t i = 0; i < g->regions.count; i++) {
		const struct arrival_row *row = &g->regions.list[i];

		snprintf(address, sizeof address, "0x%" PRIx64, row->start);
		add_row(r, row, g->came, *row->name ? row->name : row->object, address);
	}
	add_others(r, &g->regions, g->came);
}

static void add_growth(struct report *r, const struct verdict *v)
{
	const struct arrivals *g = &v->facts.arrivals;
	struct strbuf text = { 0 };
	char time[WORDS_SIZE], size[WORDS_SIZE];

	if (!g->known) {
		add(r, REPORT_HEADING, 0, _("What came since the beginning"), _("unknown"), "");
		add(r, REPORT_NOTE, 0, _("one look only: --for SECONDS watches for a while"), "", "");
		return;
	}
	add(r, REPORT_HEADING, 0, _("What came since the beginning, and is still there"),
	    words_size(size, g->came), "");
	strbuf_printf(&text, _("watched for %s"), words_span(time, g->span_ns));
	add_size(r, 0, _("there since the first look"), g->stayed, text.text);
	if (g->net_known) {
		strbuf_clear(&text);
		strbuf_printf(&text, "%s%s", g->net < 0 ? "-" : "+",
			      words_size(size, (uint64_t)(g->net < 0 ? -g->net : g->net)));
		add(r, REPORT_FIGURE, 0, _("net growth"), text.text, _("what came minus what went"));
	}
	if (g->came) {
		add_functions(r, g);
		add_places(r, g);
	}
	strbuf_fini(&text);
}

void report_init(struct report *r, const struct verdict *v)
{
	*r = (struct report){ 0 };
	add_sentences(r, v);
	add_resident(r, v);
	add_outside(r, v);
	add_owners(r, v);
	add_growth(r, v);
}

bool report_has_shares(const struct report *r, size_t at)
{
	for (; at < r->count && r->rows[at].kind != REPORT_HEADING; at++)
		if (*r->rows[at].share)
			return true;
	return false;
}

void report_fini(struct report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->rows[i].label);
		free(r->rows[i].value);
		free(r->rows[i].share);
		free(r->rows[i].note);
	}
	free(r->rows);
	*r = (struct report){ 0 };
}
