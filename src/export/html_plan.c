#include "export/html_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"

#define COMMAND_COLUMNS 400

void plan_init(struct plan *p)
{
	*p = (struct plan){ .begin_ns = UINT64_MAX };
}

void plan_fini(struct plan *p)
{
	for (size_t i = 0; i < p->region_count; i++) {
		free(p->regions[i].name);
		free(p->regions[i].path);
	}
	for (size_t i = 0; i < p->process_count; i++)
		free(p->processes[i].command);
	free(p->regions);
	free(p->processes);
	free(p->late);
	hash_fini(&p->late_by_pid);
	hash_fini(&p->by_id);
	hash_fini(&p->by_pid);
}

static const struct plan_late *find_late(const struct plan *p, int32_t pid)
{
	struct hash_iter iter = hash_iter(&p->late_by_pid, hash_number((uint32_t)pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && p->late[number - 1].pid != pid)
		;
	return number ? &p->late[number - 1] : NULL;
}

/* Leaves out a process for which there is no room. From here on its pid has no process. */
static void leave_out(struct plan *p, int32_t pid)
{
	p->late_processes++;
	if (find_late(p, pid))
		return;
	mem_grow(p->late, p->late_cap, p->late_count + 1);
	p->late[p->late_count++] = (struct plan_late){ pid, p->process_count + p->late_processes };
	hash_add(&p->late_by_pid, hash_number((uint32_t)pid), (uint32_t)p->late_count);
}

int plan_process(const struct plan *p, int32_t pid, size_t seen)
{
	const struct plan_late *late = seen > HTML_PLAN_PROCESSES_MAX ? find_late(p, pid) : NULL;
	struct hash_iter iter = hash_iter(&p->by_pid, hash_number((uint32_t)pid));
	uint32_t number;
	int latest = -1;

	if (late && late->seen <= seen)
		return -1;
	while ((number = hash_next(&iter)))
		if (p->processes[number - 1].pid == pid && number <= seen && (int)number - 1 > latest)
			latest = (int)number - 1;
	return latest;
}

static uint32_t number_of(const struct plan *p, int process, uint64_t id)
{
	struct hash_iter iter = hash_iter(&p->by_id, hash_two((uint64_t)process, id));
	uint32_t number;

	while ((number = hash_next(&iter)))
		if (p->regions[number - 1].process == (uint32_t)process && p->regions[number - 1].id == id)
			break;
	return number;
}

const struct plan_region *plan_region(const struct plan *p, int process, uint64_t id)
{
	uint32_t number = process < 0 ? 0 : number_of(p, process, id);

	return number ? &p->regions[number - 1] : NULL;
}

static char *command_of(const struct event_process *e)
{
	struct strbuf all = { 0 }, cut = { 0 };

	for (size_t i = 0; e->argv && e->argv[i]; i++) {
		if (i)
			strbuf_puts(&all, " ");
		text_printable(&all, e->argv[i], strlen(e->argv[i]));
	}
	if (!all.len && e->comm)
		text_printable(&all, e->comm, strlen(e->comm));
	text_fit(&cut, all.len ? all.text : "?", COMMAND_COLUMNS, TEXT_CUT_RIGHT, false);
	strbuf_fini(&all);
	return cut.text;
}

/* An exec takes all regions away. */
static void end_regions(struct plan *p, int process, uint64_t time_ns)
{
	for (size_t i = p->processes[process].regions_from; i < p->region_count; i++)
		if (p->regions[i].process == (uint32_t)process && p->regions[i].died_ns == UINT64_MAX)
			p->regions[i].died_ns = time_ns;
	p->processes[process].regions_from = p->region_count;
}

/* How many processes there have been so far. */
static size_t seen(const struct plan *p)
{
	return p->process_count + p->late_processes;
}

static void take_process(struct plan *p, const struct event *e)
{
	int at = e->process.exec ? plan_process(p, e->pid, seen(p)) : -1;

	if (at < 0 && p->process_count == HTML_PLAN_PROCESSES_MAX) {
		leave_out(p, e->pid);
		return;
	}
	if (at < 0) {
		mem_grow(p->processes, p->process_cap, p->process_count + 1);
		at = (int)p->process_count++;
		p->processes[at] = (struct plan_process){ .pid = e->pid,
							  .parent = e->process.parent,
							  .page_shift = e->process.page_shift,
							  .born_ns = e->time_ns,
							  .regions_from = p->region_count };
		hash_add(&p->by_pid, hash_number((uint32_t)e->pid), (uint32_t)at + 1);
	}
	free(p->processes[at].command);
	p->processes[at].command = command_of(&e->process);
	if (e->process.exec)
		end_regions(p, at, e->time_ns);
}

static char *name_of(const struct region_attr *attr)
{
	const char *name = region_name(attr);

	return text_printable_dup(*name ? name : region_kind_name(attr->kind),
				  strlen(*name ? name : region_kind_name(attr->kind)));
}

static void add_region(struct plan *p, int process, const struct event *e)
{
	const struct region_attr *attr = &e->region.attr;

	if (p->region_count == HTML_PLAN_REGIONS_MAX) {
		p->left_out++;
		return;
	}
	mem_grow(p->regions, p->region_cap, p->region_count + 1);
	p->regions[p->region_count++] = (struct plan_region){
		.process = (uint32_t)process,
		.id = e->region.id,
		.first = attr->start >> p->processes[process].page_shift,
		.end = attr->end >> p->processes[process].page_shift,
		.born_ns = e->time_ns,
		.died_ns = UINT64_MAX,
		.kind = attr->kind,
		.perms = attr->perms,
		.name = name_of(attr),
		.path = text_printable_dup(attr->path, strlen(attr->path)),
	};
	hash_add(&p->by_id, hash_two((uint64_t)process, e->region.id), (uint32_t)p->region_count);
}

static void take_region(struct plan *p, const struct event *e)
{
	int process = plan_process(p, e->pid, seen(p));
	uint32_t number = process < 0 ? 0 : number_of(p, process, e->region.id);
	const struct region_attr *attr = &e->region.attr;
	struct plan_region *r;
	uint64_t first, end;

	if (process < 0)
		return;
	if (!number) {
		if (e->type != EVENT_UNMAP)
			add_region(p, process, e);
		return;
	}
	r = &p->regions[number - 1];
	if (e->type == EVENT_UNMAP) {
		r->died_ns = e->time_ns;
		return;
	}
	first = attr->start >> p->processes[process].page_shift;
	end = attr->end >> p->processes[process].page_shift;
	r->first = min(first, r->first);
	r->end = max(end, r->end);
	r->perms = attr->perms;
	r->kind = attr->kind;
}

void plan_take(struct plan *p, const struct event *e)
{
	if (e->time_ns < p->begin_ns)
		p->begin_ns = e->time_ns;
	if (e->time_ns > p->end_ns)
		p->end_ns = e->time_ns;
	if (e->type == EVENT_PROCESS)
		take_process(p, e);
	else if (e->type == EVENT_MAP || e->type == EVENT_CHANGE || e->type == EVENT_UNMAP)
		take_region(p, e);
	else if (e->type == EVENT_FAULT)
		p->faults++;
}

/* Units begin at multiples of their size, as cells of the screen do. */
static uint64_t units_at(const struct plan_region *r, unsigned shift)
{
	if (r->end <= r->first)
		return 0;
	return ((r->end - 1) >> shift) - (r->first >> shift) + 1;
}

static uint64_t units_with(struct plan *p, uint64_t most)
{
	uint64_t all = 0;

	for (size_t i = 0; i < p->region_count; i++) {
		struct plan_region *r = &p->regions[i];

		r->shift = 0;
		while (units_at(r, r->shift) > most)
			r->shift++;
		r->unit = (uint32_t)all;
		r->units = (uint32_t)units_at(r, r->shift);
		all += r->units;
	}
	return all;
}

void plan_share_out(struct plan *p)
{
	uint64_t most = HTML_PLAN_UNITS_OF_REGION, all;

	/* the largest regions are made coarser first */
	while ((all = units_with(p, most)) > HTML_PLAN_UNITS_MAX && most > 1)
		most /= 2;
	p->units = (uint32_t)all;
	if (p->begin_ns > p->end_ns)
		p->begin_ns = p->end_ns;
}
