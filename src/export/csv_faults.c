/* csv-faults: a row a fault. The stack is one field, outermost function first, as in "folded". */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "export/csv_row.h"
#include "export/event_json.h"
#include "export/exporter.h"
#include "export/fold.h"

struct csv_faults {
	const struct export_job *job;
	struct strbuf row, stack;
};

static void *open(const struct export_job *job, struct err *err)
{
	struct csv_faults *c = mem_zalloc(sizeof *c);

	c->job = job;
	fputs("time,pid,tid,kind,access,access_from,cause,address,was,now,huge,before,after,region_start,"
	      "region_kind,"
	      "path,ip,function,offset,object,source,line,stack\n",
	      job->out);
	return c;
}

static void add_region(struct strbuf *row, const struct region *region)
{
	if (!region) {
		strbuf_puts(row, ",,,");
		return;
	}
	csv_address(row, region->attr.start);
	csv_text(row, region_kind_name(region->attr.kind));
	csv_text(row, region->attr.path);
}

static void add_symbol(struct strbuf *row, const struct event_symbol *symbol)
{
	if (!symbol) {
		strbuf_puts(row, ",,,,,");
		return;
	}
	csv_text(row, symbol->count ? symbol->frames[0].function : "");
	csv_count(row, symbol->offset);
	csv_text(row, symbol->object);
	csv_text(row, symbol->count ? symbol->frames[0].source : "");
	if (symbol->count && symbol->frames[0].line)
		csv_count(row, symbol->frames[0].line);
	else
		csv_empty(row);
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct csv_faults *c = context;
	const struct process *p = e->type == EVENT_FAULT ? world_find(c->job->world, e->pid) : NULL;
	const struct event_fault *f = &e->fault;
	struct strbuf *row = &c->row;

	if (!p)
		return 0;
	csv_time(row, e->time_ns);
	strbuf_printf(row, "%" PRId32 ",%" PRId32 ",%s,", e->pid, f->tid, fault_kind_name(f));
	csv_text(row, fault_access_name(f->access));
	csv_text(row, !f->access ? "" : f->inferred ? "inferred" : "kernel");
	csv_text(row, fault_cause_name(f->cause));
	csv_address(row, f->address);
	csv_text(row, event_state_name(f->was));
	csv_text(row, event_state_name(f->now));
	strbuf_printf(row, "%d,%u,%u,", f->now & PAGE_HUGE ? 1 : 0, f->before, f->after);
	add_region(row, space_find(p->space, f->address));
	csv_address(row, f->ip);
	add_symbol(row, export_names_find(c->job->names, p, f->ip));
	strbuf_clear(&c->stack);
	fold_stack(&c->stack, c->job->names, p, e);
	csv_text(row, e->stack.count ? c->stack.text : "");
	csv_end(row, c->job->out);
	return 0;
}

static void close(void *context)
{
	struct csv_faults *c = context;

	strbuf_fini(&c->row);
	strbuf_fini(&c->stack);
	free(c);
}

const struct exporter export_csv_faults = {
	.name = "csv-faults",
	.help = N_("page faults, a row each"),
	.takes_span = true,
	.open = open,
	.take = take,
	.close = close,
};
