/* jsonl: all events, one JSON object a line. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "export/event_json.h"
#include "export/exporter.h"

struct jsonl {
	const struct export_job *job;
	const struct event *event;
	const struct process *process;
};

static const struct event_symbol *find_name(void *context, const struct process *process, uint64_t ip)
{
	return export_names_find(context, process, ip);
}

static int print(struct jsonl *j, json_t *object)
{
	json_dumpf(object, j->job->out, EVENT_JSON_FLAGS);
	fputc('\n', j->job->out);
	json_decref(object);
	return 0;
}

static int print_pages(void *context, const struct page_change *change)
{
	struct jsonl *j = context;

	return print(j, event_json_pages(j->event, j->process->space, change));
}

static void *open(const struct export_job *job, struct err *err)
{
	struct jsonl *j = mem_zalloc(sizeof *j);

	j->job = job;
	return j;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct jsonl *j = context;
	struct event_names names = {find_name, (void *)(uintptr_t)j->job->names};
	json_t *object;

	j->event = e;
	j->process = world_find(j->job->world, e->pid);
	if (e->type == EVENT_PAGES)
		return j->process ? page_changes_each(j->process->space, e, print_pages, j) : 0;
	object = event_json(e, j->process, &names);
	return object ? print(j, object) : 0;
}

const struct exporter export_jsonl = {
	.name = "jsonl",
	.help = N_("all events, a JSON object a line"),
	.open = open,
	.take = take,
	.close = free,
};
