/* folded: stacks weighted by the pages that came in by them, as flamegraph.pl and speedscope read them:
 *
 *   main;fill;memset 123
 *
 * The weight of a fault is the page that was touched and the neighbours that came with it. If a session has
 * several processes, or with --top process, each line begins with the process: "demo-4242;main"; with --top
 * region with the region that was touched: "[heap];main". */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/stack_table.h"

struct weight {
	char *stack;
	uint64_t pages;
};

struct folded {
	const struct export_job *job;
	struct weight *list;
	size_t count, cap;
	struct hash hash; /* of the stack's text: index + 1 */
	struct strbuf line;
};

static void add(struct folded *f, const char *stack, uint64_t pages)
{
	uint32_t hash = hash_text(stack), number;
	struct hash_iter iter = hash_iter(&f->hash, hash);

	while ((number = hash_next(&iter)))
		if (!strcmp(f->list[number - 1].stack, stack)) {
			f->list[number - 1].pages += pages;
			return;
		}
	mem_grow(f->list, f->cap, f->count + 1);
	f->list[f->count++] = (struct weight){ mem_strdup(stack), pages };
	hash_add(&f->hash, hash, (uint32_t)f->count);
}

static void *open(const struct export_job *job, struct err *err)
{
	struct folded *f = mem_zalloc(sizeof *f);

	f->job = job;
	return f;
}

/* Appends what is above the stack. */
static void add_top(struct folded *f, const struct process *p, const struct event *e)
{
	const char *region = stack_table_region(space_find(p->space, e->fault.address));
	struct strbuf name = { 0 };

	if (f->job->top == EXPORT_TOP_REGION) {
		text_printable(&name, region, strlen(region));
		export_names_fold(&f->line, name.text);
	} else if (f->job->top == EXPORT_TOP_PROCESS || f->job->names->processes > 1) {
		export_names_fold_process(&f->line, p);
	}
	strbuf_fini(&name);
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct folded *f = context;
	const struct process *p = e->type == EVENT_FAULT ? world_find(f->job->world, e->pid) : NULL;

	if (!p)
		return 0;
	strbuf_clear(&f->line);
	add_top(f, p, e);
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
	hash_fini(&f->hash);
	strbuf_fini(&f->line);
	free(f);
}

const struct exporter export_folded = {
	.name = "folded",
	.help = N_("stacks by pages brought in: flamegraph.pl, speedscope"),
	.takes_span = true,
	.takes_top = true,
	.open = open,
	.before = take,
	.finish = finish,
	.close = close,
};
