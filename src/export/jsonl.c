/* jsonl: all events, one JSON object per line. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "export/event_json.h"
#include "export/exporter.h"
#include "export/json.h"

struct jsonl {
	struct event_names names;
	struct fault_json *faults;
	struct strbuf line;
	const struct export_job *job;
	const struct event *event;
	const struct process *process;
};

static const struct event_symbol *find_name(void *context, const struct process *process, uint64_t ip)
{
	return names_find(process->names, ip);
}

static int print(struct jsonl *j, json_t *object)
{
	json_print(j->job->out, object, EVENT_JSON_FLAGS);
	fputc('\n', j->job->out);
	return 0;
}

static int print_pages(void *context, const struct page_change *change)
{
	struct jsonl *j = context;

	return print(j, event_json_pages(j->event, j->process->space, change));
}

static void print_left(void *context, const struct event_left *left)
{
	struct jsonl *j = context;

	print(j, event_json_left(j->event, j->process->space, left));
}

static void *open(const struct export_job *job, struct err *err)
{
	struct jsonl *j = mem_zalloc(sizeof *j);

	j->job = job;
	j->names = (struct event_names){ find_name, (void *)(uintptr_t)job->names };
	j->faults = fault_json_create(&j->names);
	return j;
}

/* Most events are faults or threads, which have a faster way. */
static void print_line(struct jsonl *j)
{
	strbuf_clear(&j->line);
	if (j->event->type == EVENT_FAULT)
		fault_json_add(j->faults, &j->line, j->event, j->process);
	else
		thread_json_add(&j->line, j->event);
	strbuf_puts(&j->line, "\n");
	fwrite(j->line.text, 1, j->line.len, j->job->out);
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct jsonl *j = context;
	json_t *object;

	j->event = e;
	j->process = world_find(j->job->world, e->pid);
	if (j->process)
		departures_each(j->process->space, &j->process->calls, e, print_left, j);
	if (e->type == EVENT_PAGES)
		return j->process ? page_changes_each(j->process->space, e, print_pages, j) : 0;
	if ((e->type == EVENT_FAULT && j->process) || e->type == EVENT_THREAD) {
		print_line(j);
		return 0;
	}
	object = event_json(e, j->process, &j->names);
	return object ? print(j, object) : 0;
}

static void close(void *context)
{
	struct jsonl *j = context;

	fault_json_destroy(j->faults);
	strbuf_fini(&j->line);
	free(j);
}

const struct exporter export_jsonl = {
	.name = "jsonl",
	.help = N_("all events, one JSON object per line"),
	.takes_span = true,
	.open = open,
	.before = take,
	.close = close,
};
