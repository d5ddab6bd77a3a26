#include "model/world_size.h"

#include <string.h>

#define ALLOCATION 32 /* the allocator's overhead for a small piece */

static uint64_t text_size(const char *text)
{
	return text ? strlen(text) + ALLOCATION : 0;
}

static uint64_t regions_size(struct region *const *list, size_t n)
{
	uint64_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += sizeof(struct region) + sizeof *list + ALLOCATION + text_size(list[i]->attr.path);
	return size;
}

static uint64_t space_size(const struct space *s)
{
	return sizeof *s + regions_size(s->regions, s->count) + regions_size(s->ghosts, s->ghost_count) +
	       runs_memory(s->pages) + runs_memory(s->since) + runs_memory(s->began);
}

static uint64_t output_size(const struct output *o)
{
	uint64_t size = o->lines ? OUTPUT_LINES * sizeof *o->lines + o->line_cap : 0;

	for (size_t i = 0; i < o->count; i++)
		size += text_size(output_line(o, i));
	return size;
}

static uint64_t threads_size(const struct threads *t)
{
	uint64_t size = t->cap * sizeof *t->list;

	for (size_t i = 0; i < t->count; i++)
		size += text_size(t->list[i].name);
	return size;
}

static uint64_t fault_regions_size(const struct fault_regions *f)
{
	uint64_t size = f->cap * sizeof *f->items + f->hash.size * sizeof *f->hash.slots;

	for (size_t i = 0; i < f->count; i++)
		size += text_size(f->items[i].path);
	return size;
}

static uint64_t fault_history_size(const struct fault_history *f)
{
	return (f->stories.size + f->brought.size) * (sizeof *f->stories.keys + sizeof *f->stories.slots) +
	       f->log.cap * sizeof *f->log.entries + f->profile.cap * sizeof *f->profile.entries +
	       f->profile.hash.size * sizeof *f->profile.hash.slots;
}

static uint64_t forked_size(const struct forked *f)
{
	uint64_t size = (f->pages ? runs_memory(f->pages) : 0) + f->copier_cap * sizeof *f->copiers;

	for (size_t i = 0; i < f->copier_count; i++)
		size += text_size(f->copiers[i].function) + text_size(f->copiers[i].object);
	return size;
}

static void add_process(struct world_size *size, const struct process *p)
{
	const struct process_identity *identity = &p->identity;

	size->spaces += sizeof *p + space_size(p->space) + output_size(&p->output) +
			threads_size(&p->threads) + text_size(identity->comm) + text_size(identity->exe) +
			p->history.cap * sizeof *p->history.samples + fault_regions_size(&p->faults.regions) +
			forked_size(&p->forked);
	for (size_t i = 0; identity->argv && identity->argv[i]; i++)
		size->spaces += sizeof *identity->argv + text_size(identity->argv[i]);
	for (int i = 0; i < SOURCE_KINDS; i++)
		size->spaces += text_size(p->sources[i].why);
	size->spaces += kernel_figures_size(&p->figures.read);
	size->logs += fault_history_size(&p->faults) + p->stacks.cap * sizeof *p->stacks.words +
		      p->stacks.hash.size * sizeof *p->stacks.hash.slots + names_bytes(p->names) +
		      (p->calls.entries ? CALLS_MAX * sizeof *p->calls.entries : 0) +
		      (p->departures.entries ? DEPARTURES_MAX * sizeof *p->departures.entries : 0);
}

struct world_size world_size(const struct world *w)
{
	struct world_size size = { w->cap * sizeof *w->processes + w->marks.cap * sizeof *w->marks.items, 0 };

	for (size_t i = 0; i < w->count; i++)
		add_process(&size, w->processes[i]);
	for (size_t i = 0; i < w->marks.count; i++)
		size.spaces += text_size(w->marks.items[i].text);
	return size;
}
