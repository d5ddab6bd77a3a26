/* folded: stacks weighted by the pages that came in by them, as flamegraph.pl and speedscope
 * read them:
 *
 *   main;fill;memset 123
 *
 * The weight of a fault is the page that was touched and the neighbours that came with it. Where
 * a session has several processes each line begins with the process: "demo-4242;main". */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/exporter.h"

struct weight {
	char *stack;
	uint64_t pages;
};

struct folded {
	const struct export_job *job;
	struct weight *list;
	size_t count, cap;
	uint32_t *slots; /* index + 1, by the stack's text */
	size_t size;     /* a power of two */
	struct strbuf line;
};

static uint32_t *find(const struct folded *f, const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	size_t at;

	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
	at = (size_t)(hash ^ hash >> 32) & (f->size - 1);
	while (f->slots[at] && strcmp(f->list[f->slots[at] - 1].stack, text) != 0)
		at = (at + 1) & (f->size - 1);
	return &f->slots[at];
}

static void grow(struct folded *f)
{
	free(f->slots);
	f->size = f->size ? 2 * f->size : 1024;
	f->slots = mem_zalloc(f->size * sizeof *f->slots);
	for (size_t i = 0; i < f->count; i++)
		*find(f, f->list[i].stack) = (uint32_t)i + 1;
}

static void add(struct folded *f, const char *stack, uint64_t pages)
{
	uint32_t *slot;

	if (2 * (f->count + 1) > f->size)
		grow(f);
	slot = find(f, stack);
	if (*slot) {
		f->list[*slot - 1].pages += pages;
		return;
	}
	mem_grow(f->list, f->cap, f->count + 1);
	f->list[f->count++] = (struct weight){ mem_strdup(stack), pages };
	*slot = (uint32_t)f->count;
}

static void *open(const struct export_job *job, struct err *err)
{
	struct folded *f = mem_zalloc(sizeof *f);

	f->job = job;
	return f;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct folded *f = context;
	const struct process *p = e->type == EVENT_FAULT ? world_find(f->job->world, e->pid) : NULL;

	if (!p)
		return 0;
	strbuf_clear(&f->line);
	if (f->job->names->processes > 1) {
		struct strbuf name = { 0 };

		text_printable(&name, p->comm, strlen(p->comm));
		strbuf_printf(&name, "-%" PRId32, p->pid);
		export_names_fold(&f->line, name.text);
		strbuf_fini(&name);
	}
	export_names_fold_stack(&f->line, f->job->names, p, e);
	add(f, f->line.text, UINT64_C(1) + e->fault.before + e->fault.after);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct weight *)a)->stack, ((const struct weight *)b)->stack);
}

static int finish(void *context, struct err *err)
{
	struct folded *f = context;

	if (f->count)
		qsort(f->list, f->count, sizeof *f->list, by_name);
	for (size_t i = 0; i < f->count; i++)
		fprintf(f->job->out, "%s %" PRIu64 "\n", f->list[i].stack, f->list[i].pages);
	return 0;
}

static void close(void *context)
{
	struct folded *f = context;

	for (size_t i = 0; i < f->count; i++)
		free(f->list[i].stack);
	free(f->list);
	free(f->slots);
	strbuf_fini(&f->line);
	free(f);
}

const struct exporter export_folded = {
	.name = "folded",
	.help = N_("stacks by pages brought in: flamegraph.pl, speedscope"),
	.takes_span = true,
	.open = open,
	.take = take,
	.finish = finish,
	.close = close,
};
