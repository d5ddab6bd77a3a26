/* pages: the pages of files that a run needed, a row each, in the order in which they were first needed: for
 * prefetching (readahead, fadvise, user-space page caches) or ordering functions.
 *
 *   path,offset,how,time,pid,tid,kind,access,function,source,own
 *   /usr/lib/libc.so.6,16384,touched,0.001203000,4242,4242,minor,read,_dl_start,rtld.c:581,
 *
 * `how` is touched, along (with a neighbour's fault: that one's row has the same time) or there. A mapped
 * page does not fault, so it is not known whether a page that came along was touched later. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "compare/touched.h"
#include "export/csv_row.h"
#include "export/exporter.h"

struct pages_export {
	const struct export_job *job;
	struct touched touched;
};

static const struct event_symbol *find_name(void *context, const struct process *p, uint64_t ip)
{
	return names_find(p->names, ip);
}

static void *open(const struct export_job *job, struct err *err)
{
	struct pages_export *x = mem_zalloc(sizeof *x);

	x->job = job;
	x->touched.own = job->own;
	x->touched.names = find_name;
	x->touched.context = (void *)job->names;
	fputs("path,offset,how,time,pid,tid,kind,access,function,source,own\n", job->out);
	return x;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct pages_export *x = context;

	touched_take(&x->touched, x->job->world, e);
	return 0;
}

struct pages_row {
	const struct touched_object *object;
	const struct touched_page *page;
};

static int compare_rows(const void *a, const void *b)
{
	const struct pages_row *x = a, *y = b;

	if (x->page->time_ns != y->page->time_ns)
		return x->page->time_ns < y->page->time_ns ? -1 : 1;
	/* of a fault and those that came along the fault first */
	if (x->page->how != y->page->how)
		return x->page->how > y->page->how ? -1 : 1;
	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return x->page->page < y->page->page ? -1 : x->page->page > y->page->page;
}

static bool is_file(const struct touched_object *o)
{
	return o->named && o->path[0] == '/' && o->kind != REGION_BSS;
}

static void print_row(struct pages_export *x, struct strbuf *out, const struct pages_row *row)
{
	const struct touched_page *page = row->page;
	const struct touched_who *who = &page->who;
	char *const *texts = x->touched.texts.list;

	csv_add_text(out, row->object->path);
	csv_add_count(out, page->page * x->touched.page_size);
	csv_add_text(out, touched_how_name(page->how));
	csv_add_time(out, page->time_ns);
	if (page->how == TOUCHED_THERE) {
		strbuf_puts(out, ",,,,,,,");
	} else {
		strbuf_printf(out, "%" PRId32 ",%" PRId32 ",%s,", who->pid, who->tid,
			      who->major ? "major" : "minor");
		csv_add_text(out, fault_access_name(who->access));
		csv_add_text(out, texts[who->function]);
		csv_add_text(out, texts[who->source]);
		csv_add_text(out, texts[who->own]);
	}
	csv_end_row(out, x->job->out);
}

static int finish(void *context, struct err *err)
{
	struct pages_export *x = context;
	struct touched *t = &x->touched;
	struct strbuf line = { 0 };
	struct pages_row *rows;
	size_t count = 0, n = 0;

	for (size_t i = 0; i < t->count; i++)
		count += is_file(&t->objects[i]) ? t->objects[i].count : 0;
	rows = mem_alloc((count + 1) * sizeof *rows);
	for (size_t i = 0; i < t->count; i++)
		for (size_t j = 0; is_file(&t->objects[i]) && j < t->objects[i].count; j++)
			rows[n++] = (struct pages_row){ &t->objects[i], &t->objects[i].pages[j] };
	if (count > 1)
		qsort(rows, count, sizeof *rows, compare_rows);
	for (size_t i = 0; i < count; i++)
		print_row(x, &line, &rows[i]);
	strbuf_fini(&line);
	free(rows);
	return 0;
}

static void close(void *context)
{
	struct pages_export *x = context;

	touched_fini(&x->touched);
	free(x);
}

const struct exporter export_pages = {
	.name = "pages",
	.help = N_("pages of files in the order needed, and what needed them"),
	.takes_span = true,
	.open = open,
	.before = take,
	.finish = finish,
	.close = close,
};
