/* csv: regions over time. A row whenever a region is not what its last row says, at the moments
 * at which the picture was whole; when it is gone, one of no pages. So the row that holds for a
 * region at a time is its last one before. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "export/csv_row.h"
#include "export/exporter.h"

/* A region as its last row has it. */
struct known {
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

struct csv {
	const struct export_job *job;
	struct known *known; /* by pid and id */
	size_t count, cap;
	struct looked *looked;
	size_t looked_count, looked_cap;
	uint64_t ticks;
	struct strbuf row;
};

static void print_row(struct csv *c, uint64_t time_ns, const struct known *k)
{
	uint64_t pages = 0;
	char perms[5];

	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		pages += k->counts[state];
	csv_time(&c->row, time_ns);
	csv_count(&c->row, (uint64_t)k->pid);
	csv_count(&c->row, k->id);
	csv_address(&c->row, k->attr.start);
	csv_address(&c->row, k->attr.end);
	csv_text(&c->row, region_perms_text(perms, k->attr.perms));
	csv_text(&c->row, region_kind_name(k->attr.kind));
	csv_text(&c->row, k->attr.path);
	csv_count(&c->row, k->attr.offset);
	csv_count(&c->row, pages);
	csv_count(&c->row, page_resident(k->counts));
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		csv_count(&c->row, k->counts[state]);
	csv_end(&c->row, c->job->out);
}

static void *open(const struct export_job *job, struct err *err)
{
	struct csv *c = mem_zalloc(sizeof *c);

	c->job = job;
	strbuf_puts(&c->row, "time,pid,region,start,end,perms,kind,path,offset,pages,resident,");
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		csv_text(&c->row, page_state_name((enum page_state)state));
	csv_end(&c->row, job->out);
	return c;
}

/* Where (pid, id) is, or belongs. */
static size_t find(const struct csv *c, int32_t pid, uint64_t id)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct known *k = &c->known[middle];

		if (k->pid < pid || (k->pid == pid && k->id < id))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct known *get(struct csv *c, int32_t pid, uint64_t id)
{
	size_t at = find(c, pid, id);

	if (at < c->count && c->known[at].pid == pid && c->known[at].id == id)
		return &c->known[at];
	mem_grow(c->known, c->cap, c->count + 1);
	memmove(&c->known[at + 1], &c->known[at], (c->count++ - at) * sizeof *c->known);
	c->known[at] = (struct known){ .pid = pid, .id = id };
	return &c->known[at];
}

static void look_at_region(struct csv *c, uint64_t time_ns, const struct process *p, const struct region *r)
{
	struct known *k = get(c, p->pid, r->id);
	uint64_t counts[PAGE_STATES] = { 0 };

	k->seen = c->ticks;
	space_count_region(p->space, r, counts);
	if (k->attr.path && region_attr_equal(&k->attr, &r->attr) &&
	    !memcmp(counts, k->counts, sizeof counts))
		return;
	free((char *)(uintptr_t)k->attr.path);
	k->attr = r->attr;
	k->attr.path = mem_strdup(r->attr.path);
	memcpy(k->counts, counts, sizeof counts);
	print_row(c, time_ns, k);
}

/* Those of the process that this look has not seen are gone. */
static void bury(struct csv *c, uint64_t time_ns, const struct process *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		struct known *k = &c->known[i];

		if (k->pid != p->pid || k->seen == c->ticks) {
			c->known[kept++] = *k;
			continue;
		}
		memset(k->counts, 0, sizeof k->counts);
		print_row(c, time_ns, k);
		free((char *)(uintptr_t)k->attr.path);
	}
	c->count = kept;
}

static bool is_news(struct csv *c, const struct process *p)
{
	for (size_t i = 0; i < c->looked_count; i++)
		if (c->looked[i].pid == p->pid) {
			bool news = c->looked[i].generation != p->space->generation;

			c->looked[i].generation = p->space->generation;
			return news;
		}
	mem_grow(c->looked, c->looked_cap, c->looked_count + 1);
	c->looked[c->looked_count++] = (struct looked){ p->pid, p->space->generation };
	return true;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct csv *c = context;
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

static void close(void *context)
{
	struct csv *c = context;

	for (size_t i = 0; i < c->count; i++)
		free((char *)(uintptr_t)c->known[i].attr.path);
	free(c->known);
	free(c->looked);
	strbuf_fini(&c->row);
	free(c);
}

const struct exporter export_csv = {
	.name = "csv",
	.help = N_("regions over time: a row whenever one is another"),
	.open = open,
	.take = take,
	.close = close,
};
