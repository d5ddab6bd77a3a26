/* csv: regions over time. After each complete look, a row for each region that differs from its last row; one
 * without pages when it is gone. So the state of a region at any time is its last row before that time.
 *
 * csv-faults: a row for each fault. The stack is one field, outermost function first, as in "folded".
 *
 * csv-left: a row for each stretch of pages that went, and why.
 *
 * Both follow RFC 4180, but lines end with a newline alone. What is not known is an empty field; text is
 * printable (base/text.h), as it is in "sqlite", so that tables can be joined. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "export/csv_row.h"
#include "export/event_json.h"
#include "export/exporter.h"

/* A region as its last row has it. */
struct csv_region {
	int32_t pid;
	uint64_t id;
	struct region_attr attr; /* path: owned */
	uint64_t counts[PAGE_STATES];
	uint64_t seen; /* number of the tick */
};

/* When a process was looked at last. */
struct looked {
	int32_t pid;
	uint64_t generation;
};

struct regions_table {
	const struct export_job *job;
	struct csv_region *known; /* by pid and id */
	size_t count, cap;
	struct looked *looked;
	size_t looked_count, looked_cap;
	struct hash looked_by_pid; /* numbers of these, from 1 on */
	uint64_t ticks;
	struct strbuf row;
};

static void print_row(struct regions_table *c, uint64_t time_ns, const struct csv_region *k)
{
	uint64_t pages = 0;
	char perms[5];

	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		pages += k->counts[state];
	csv_add_time(&c->row, time_ns);
	csv_add_count(&c->row, (uint64_t)k->pid);
	csv_add_count(&c->row, k->id);
	csv_add_address(&c->row, k->attr.start);
	csv_add_address(&c->row, k->attr.end);
	csv_add_text(&c->row, region_perms_text(perms, k->attr.perms));
	csv_add_text(&c->row, region_kind_name(k->attr.kind));
	csv_add_text(&c->row, k->attr.path);
	csv_add_count(&c->row, k->attr.offset);
	csv_add_count(&c->row, pages);
	csv_add_count(&c->row, page_resident(k->counts));
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		csv_add_count(&c->row, k->counts[state]);
	csv_end_row(&c->row, c->job->out);
}

static void *regions_open(const struct export_job *job, struct err *err)
{
	struct regions_table *c = mem_zalloc(sizeof *c);

	c->job = job;
	strbuf_puts(&c->row, "time,pid,region,start,end,perms,kind,path,offset,pages,resident,");
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		csv_add_text(&c->row, page_state_name((enum page_state)state));
	csv_end_row(&c->row, job->out);
	return c;
}

/* The index at which (pid, id) is, or would be inserted. */
static size_t find(const struct regions_table *c, int32_t pid, uint64_t id)
{
	size_t at;

	bisect(at, 0, c->count, c->known[at].pid < pid || (c->known[at].pid == pid && c->known[at].id < id));
	return at;
}

static struct csv_region *get(struct regions_table *c, int32_t pid, uint64_t id)
{
	size_t at = find(c, pid, id);

	if (at < c->count && c->known[at].pid == pid && c->known[at].id == id)
		return &c->known[at];
	mem_grow(c->known, c->cap, c->count + 1);
	memmove(&c->known[at + 1], &c->known[at], (c->count++ - at) * sizeof *c->known);
	c->known[at] = (struct csv_region){ .pid = pid, .id = id };
	return &c->known[at];
}

static void look_at_region(struct regions_table *c, uint64_t time_ns, const struct process *p,
			   const struct region *r)
{
	struct csv_region *k = get(c, p->pid, r->id);
	uint64_t counts[PAGE_STATES] = { 0 };

	k->seen = c->ticks;
	space_add_region_counts(p->space, r, counts);
	if (k->attr.path && region_attr_equal(&k->attr, &r->attr) &&
	    !memcmp(counts, k->counts, sizeof counts))
		return;
	free((char *)(uintptr_t)k->attr.path);
	k->attr = r->attr;
	k->attr.path = mem_strdup(r->attr.path);
	memcpy(k->counts, counts, sizeof counts);
	print_row(c, time_ns, k);
}

/* Writes the end of the process's regions that this look has not seen. */
static void bury(struct regions_table *c, uint64_t time_ns, const struct process *p)
{
	size_t at = find(c, p->pid, 0), kept = at;

	for (; at < c->count && c->known[at].pid == p->pid; at++) {
		struct csv_region *k = &c->known[at];

		if (k->seen == c->ticks) {
			c->known[kept++] = *k;
			continue;
		}
		memset(k->counts, 0, sizeof k->counts);
		print_row(c, time_ns, k);
		free((char *)(uintptr_t)k->attr.path);
	}
	if (kept == at)
		return;
	memmove(&c->known[kept], &c->known[at], (c->count - at) * sizeof *c->known);
	c->count -= at - kept;
}

static bool is_news(struct regions_table *c, const struct process *p)
{
	struct hash_iter iter = hash_iter(&c->looked_by_pid, hash_number((uint32_t)p->pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && c->looked[number - 1].pid != p->pid)
		;
	if (number) {
		bool news = c->looked[number - 1].generation != p->space->generation;

		c->looked[number - 1].generation = p->space->generation;
		return news;
	}
	mem_grow(c->looked, c->looked_cap, c->looked_count + 1);
	c->looked[c->looked_count++] = (struct looked){ p->pid, p->space->generation };
	hash_add(&c->looked_by_pid, hash_number((uint32_t)p->pid), (uint32_t)c->looked_count);
	return true;
}

static int regions_take(void *context, const struct event *e, struct err *err)
{
	struct regions_table *c = context;
	const struct process *p;

	if (e->type != EVENT_TICK)
		return 0;
	c->ticks++;
	/* a tick is of one process, or of all of them */
	for (size_t i = 0; i < c->job->world->count; i++) {
		p = c->job->world->processes[i];
		if (!is_news(c, p))
			continue;
		for (size_t j = 0; j < p->space->count; j++)
			look_at_region(c, e->time_ns, p, p->space->regions[j]);
		bury(c, e->time_ns, p);
	}
	return 0;
}

static void regions_close(void *context)
{
	struct regions_table *c = context;

	for (size_t i = 0; i < c->count; i++)
		free((char *)(uintptr_t)c->known[i].attr.path);
	free(c->known);
	free(c->looked);
	hash_fini(&c->looked_by_pid);
	strbuf_fini(&c->row);
	free(c);
}

const struct exporter export_csv = {
	.name = "csv",
	.help = N_("regions over time: a row for each change"),
	.open = regions_open,
	.before = regions_take,
	.close = regions_close,
};

struct faults_table {
	const struct export_job *job;
	struct strbuf row, stack;
};

static void *faults_open(const struct export_job *job, struct err *err)
{
	struct faults_table *c = mem_zalloc(sizeof *c);

	c->job = job;
	fputs("time,pid,tid,kind,access,access_from,cause,cause_from,cause_why,address,was,now,huge,before,"
	      "after,"
	      "region_start,"
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
	csv_add_address(row, region->attr.start);
	csv_add_text(row, region_kind_name(region->attr.kind));
	csv_add_text(row, region->attr.path);
}

static void add_symbol(struct strbuf *row, const struct event_symbol *symbol)
{
	if (!symbol) {
		strbuf_puts(row, ",,,,,");
		return;
	}
	csv_add_text(row, symbol->count ? symbol->frames[0].function : "");
	csv_add_count(row, symbol->offset);
	csv_add_text(row, symbol->object);
	csv_add_text(row, symbol->count ? symbol->frames[0].source : "");
	if (symbol->count && symbol->frames[0].line)
		csv_add_count(row, symbol->frames[0].line);
	else
		csv_add_empty(row);
}

static int faults_take(void *context, const struct event *e, struct err *err)
{
	struct faults_table *c = context;
	const struct process *p = e->type == EVENT_FAULT ? world_find(c->job->world, e->pid) : NULL;
	const struct event_fault *f = &e->fault;
	struct strbuf *row = &c->row;

	if (!p)
		return 0;
	csv_add_time(row, e->time_ns);
	strbuf_printf(row, "%" PRId32 ",%" PRId32 ",%s,", e->pid, f->tid, fault_kind_name(f));
	csv_add_text(row, fault_access_name(f->access));
	csv_add_text(row, !f->access ? "" : f->inferred ? "inferred" : "kernel");
	csv_add_text(row, fault_cause_name(f->cause));
	csv_add_text(row, fault_cause_from(f));
	csv_add_text(row, fault_why_text(f->why));
	csv_add_address(row, f->address);
	csv_add_text(row, event_state_name(f->was));
	csv_add_text(row, event_state_name(f->now));
	strbuf_printf(row, "%d,%u,%u,", f->now & PAGE_HUGE ? 1 : 0, f->before, f->after);
	add_region(row, space_find(p->space, f->address));
	csv_add_address(row, f->ip);
	add_symbol(row, names_find(p->names, f->ip));
	strbuf_clear(&c->stack);
	export_names_fold_stack(&c->stack, c->job->names, p, e);
	csv_add_text(row, e->stack.count ? c->stack.text : "");
	csv_end_row(row, c->job->out);
	return 0;
}

static void faults_close(void *context)
{
	struct faults_table *c = context;

	strbuf_fini(&c->row);
	strbuf_fini(&c->stack);
	free(c);
}

const struct exporter export_csv_faults = {
	.name = "csv-faults",
	.help = N_("page faults, one row each"),
	.takes_span = true,
	.open = faults_open,
	.before = faults_take,
	.close = faults_close,
};

struct left_table {
	const struct export_job *job;
	const struct event *event;
	const struct process *process;
	struct strbuf row;
};

static void *left_open(const struct export_job *job, struct err *err)
{
	struct left_table *c = mem_zalloc(sizeof *c);

	c->job = job;
	fputs("time,pid,start,pages,was,now,reason,reason_from,call,tid,region_start,region_kind,path\n",
	      job->out);
	return c;
}

static void add_left(void *context, const struct event_left *left)
{
	struct left_table *c = context;
	const struct space *space = c->process->space;
	struct strbuf *row = &c->row;

	csv_add_time(row, c->event->time_ns);
	strbuf_printf(row, "%" PRId32 ",", c->event->pid);
	csv_add_address(row, space_address(space, left->first));
	csv_add_count(row, left->end - left->first);
	csv_add_text(row, event_state_name(left->was));
	csv_add_text(row, event_state_name(left->now));
	csv_add_text(row, left_reason_name(left->reason));
	csv_add_text(row, left_reason_from(left->reason));
	csv_add_text(row, left->reason == LEFT_CALL ? call_name(left->call) : "");
	if (left->tid)
		csv_add_count(row, (uint64_t)left->tid);
	else
		csv_add_empty(row);
	add_region(row, space_find(space, space_address(space, left->first)));
	csv_end_row(row, c->job->out);
}

static int left_take(void *context, const struct event *e, struct err *err)
{
	struct left_table *c = context;

	c->event = e;
	c->process = world_find(c->job->world, e->pid);
	if (c->process)
		departures_each(c->process->space, &c->process->calls, e, add_left, c);
	return 0;
}

static void left_close(void *context)
{
	struct left_table *c = context;

	strbuf_fini(&c->row);
	free(c);
}

const struct exporter export_csv_left = {
	.name = "csv-left",
	.help = N_("pages that went, and why: one row per stretch"),
	.takes_span = true,
	.open = left_open,
	.before = left_take,
	.close = left_close,
};
