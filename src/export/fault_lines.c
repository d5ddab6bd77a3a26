/* Page faults as lines:
 *
 *   1.204331876 4243 minor write zero-fill 0x7f1200003010 anon+0x3010 reserved -> anon  fill+0x2c demo.c:14 (demo)
 *
 * and if there is more than one process, when each begins and ends:
 *
 *   0.012331876 4250 forked by 4242: sh -c make
 *   0.013120001 4250 exec: make
 *   0.523199210 4250 exited 0
 *
 * and as JSON, see export/event_json.c. What is not known is "-" in a line. Names must come before the faults
 * that need them: the live source is asked to look them up at once.
 *
 * Or as tables, see export/fault_tables.h. */
#include "export/fault_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/path.h"
#include "base/text.h"
#include "export/fork_report.h"
#include "export/json.h"

static bool in_kernel(uint64_t ip)
{
	return ip >> 63;
}

static const char *or_dash(const char *word)
{
	return *word ? word : "-";
}

static void add_time(struct strbuf *line, uint64_t ns)
{
	strbuf_printf(line, "%" PRIu64 ".%09" PRIu64, ns / CLOCK_SECOND, ns % CLOCK_SECOND);
}

static const struct event_symbol *find_name(void *context, const struct process *process, uint64_t ip)
{
	(void)context;
	return names_find(process->names, ip);
}

static const struct event_names event_names = { find_name, NULL };

/* Prints a line in one call: a lock for each comma would cost more than everything else. */
static void print_line(struct fault_lines *lines)
{
	strbuf_puts(&lines->line, "\n");
	fwrite(lines->line.text, 1, lines->line.len, lines->out);
}

static void print_json(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	strbuf_clear(&lines->line);
	fault_json_add(lines->objects, &lines->line, event, process);
	print_line(lines);
}

static void add_printable(struct strbuf *line, const char *text)
{
	text_printable(line, text, strlen(text));
}

/* "[heap]+0x10" */
static void add_place(struct strbuf *line, const struct region *region, uint64_t address)
{
	const char *name = region_name(&region->attr);

	add_printable(line, *name ? name : region_kind_name(region->attr.kind));
	strbuf_printf(line, "+0x%" PRIx64,
		      address - region->attr.start + (region->attr.inode ? region->attr.offset : 0));
}

/* "demo.c:14" */
static void add_source(struct strbuf *line, const struct code_frame *frame)
{
	if (!*frame->source)
		return;
	strbuf_puts(line, " ");
	add_printable(line, path_name(frame->source));
	if (frame->line)
		strbuf_printf(line, ":%" PRIu32, frame->line);
}

static void add_object(struct strbuf *line, const char *object)
{
	if (!*object)
		return;
	strbuf_puts(line, " (");
	add_printable(line, object);
	strbuf_puts(line, ")");
}

/* "fill+0x2c demo.c:14 (demo)", "[kernel]", "libc.so.6 .text+0x2b0" where the function has no name,
 * the place in its region where nothing is known, or the bare address */
static void add_function(struct strbuf *line, const struct process *process, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(process->names, ip);
	const struct region *region = space_find(process->space, ip);
	struct strbuf name = { 0 };

	if (symbol && (symbol->count || *symbol->object)) {
		names_text(&name, symbol, ip);
		add_printable(line, name.text);
		if (symbol->count) {
			add_source(line, &symbol->frames[0]);
			add_object(line, path_name(symbol->object));
		}
		strbuf_fini(&name);
	} else if (in_kernel(ip)) {
		strbuf_puts(line, "[kernel]");
	} else if (region) {
		add_place(line, region, ip);
	} else {
		strbuf_printf(line, "0x%" PRIx64, ip);
	}
}

/* In a line, "none" is a word like any other: only what is not known is a dash. */
static const char *state_word(uint32_t word)
{
	return page_state(word) == PAGE_NONE ? page_state_name(PAGE_NONE) : or_dash(event_state_name(word));
}

static void put_text(struct strbuf *line, const struct process *process, const struct event *event,
		     const struct region *region)
{
	const struct event_fault *fault = &event->fault;

	add_time(line, event->time_ns);
	strbuf_printf(line, " %" PRId32 " %-5s %-5s %-13s 0x%012" PRIx64 " ", fault->tid,
		      fault_kind_name(fault), or_dash(fault_access_name(fault->access)),
		      or_dash(fault_cause_name(fault->cause)), fault->address);
	if (region)
		add_place(line, region, fault->address);
	else
		strbuf_puts(line, page_state(fault->was) == PAGE_NONE ? "unmapped" : "-");
	strbuf_printf(line, " %s -> %s  ", state_word(fault->was), state_word(fault->now));
	add_function(line, process, fault->ip);
	strbuf_puts(line, "\n");
}

/* "    main+0x2c demo.c:31 (demo)", and why no more is known. A caller that was inlined has the place of the call only. */
static void put_callers(struct strbuf *line, const struct process *process, const struct event_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct event_symbol *symbol = names_find(process->names, stack->ips[i]);

		if (i > 0) {
			strbuf_puts(line, "    ");
			add_function(line, process, stack->ips[i]);
			strbuf_puts(line, "\n");
		}
		for (size_t k = 1; symbol && k < symbol->count; k++) {
			strbuf_puts(line, "    ");
			add_printable(line, symbol->frames[k].function);
			add_source(line, &symbol->frames[k]);
			add_object(line, path_name(symbol->object));
			strbuf_puts(line, "\n");
		}
	}
	if (stack->end != STACK_WHOLE)
		strbuf_printf(line, "    %s\n", stack_end_text(stack->end));
}

static void count_kind(struct fault_lines *lines, const struct event_fault *fault)
{
	if (fault_is_fatal(fault->cause))
		lines->sums.fatal++;
	else if (fault->major)
		lines->sums.major++;
	else
		lines->sums.minor++;
}

/* Was the memory gone before it could be seen which pages came with this one? */
static bool is_unsurrounded(const struct event_fault *f)
{
	bool cache = f->cause == FAULT_FILE_CACHED || f->cause == FAULT_FILE_READ || f->cause == FAULT_SHM;

	return cache && !f->before && !f->after && page_state(f->now) == PAGE_UNKNOWN;
}

static void print_fault(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	const struct region *region = space_find(process->space, event->fault.address);
	bool unnamed = false;

	if (lines->filter && !event_filter_event(lines->filter, process, event, &unnamed)) {
		lines->sums.left_out++;
		return;
	}
	count_kind(lines, &event->fault);
	lines->sums.unsampled += event->stack.end == STACK_NOT_SAMPLED;
	lines->sums.unsurrounded += is_unsurrounded(&event->fault);
	lines->sums.stackless +=
	    !event->stack.count && process->sources[SOURCE_STACKS].ok && !fault_is_fatal(event->fault.cause);
	lines->sums.uncoded += event->fault.inferred && process->sources[SOURCE_ACCESS].ok;
	if (lines->summary) {
		if (!fault_is_fatal(event->fault.cause))
			fault_tables_add(&lines->tables, process, event, region);
	} else if (lines->json) {
		print_json(lines, process, event);
	} else {
		strbuf_clear(&lines->line);
		put_text(&lines->line, process, event, region);
		if (lines->stacks)
			put_callers(&lines->line, process, &event->stack);
		fwrite(lines->line.text, 1, lines->line.len, lines->out);
	}
}

static void print_event_json(struct fault_lines *lines, const struct process *process,
			     const struct event *event)
{
	json_t *object = event_json(event, process, &event_names);

	json_print(lines->out, object, EVENT_JSON_FLAGS);
	fputc('\n', lines->out);
}

static void add_command(struct strbuf *line, const struct event_process *process)
{
	if (!process->argv || !process->argv[0])
		add_printable(line, process->comm);
	for (size_t i = 0; process->argv && process->argv[i]; i++) {
		strbuf_puts(line, i ? " " : "");
		add_printable(line, process->argv[i]);
	}
}

static void begin_line(struct fault_lines *lines, const struct event *event)
{
	strbuf_clear(&lines->line);
	add_time(&lines->line, event->time_ns);
	strbuf_printf(&lines->line, " %" PRId32 " ", event->pid);
}

static void print_process(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	if (lines->json) {
		print_event_json(lines, process, event);
		return;
	}
	begin_line(lines, event);
	if (event->process.exec)
		strbuf_puts(&lines->line, _("exec: "));
	else
		strbuf_printf(&lines->line, _("forked by %" PRId32 ": "), event->process.parent);
	add_command(&lines->line, &event->process);
	print_line(lines);
}

static void print_end(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	if (lines->json) {
		print_event_json(lines, process, event);
		return;
	}
	begin_line(lines, event);
	if (event->status.status == PROCESS_EXITED)
		strbuf_printf(&lines->line, _("exited %d"), event->status.code);
	else if (event->status.status == PROCESS_KILLED)
		strbuf_printf(&lines->line, _("killed by signal %d (%s)"), event->status.code,
			      strsignal(event->status.code));
	else
		strbuf_puts(&lines->line, _("ended"));
	print_line(lines);
}

/* A filter can ask for execs; forks and ends are no kind of event that it knows, and are always printed. */
static bool is_wanted(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	if (!lines->filter || !process || !event->process.exec)
		return true;
	strbuf_clear(&lines->line);
	add_command(&lines->line, &event->process);
	return event_filter_exec_event(lines->filter, process, lines->line.text);
}

static void print_life(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	if (!lines->processes || lines->summary)
		return;
	if (event->type == EVENT_PROCESS && (event->process.exec || event->process.parent)) {
		if (is_wanted(lines, process, event))
			print_process(lines, process, event);
	} else if (event->type == EVENT_STATUS && event->status.status >= PROCESS_EXITED) {
		print_end(lines, process, event);
	}
}

static void print_lost(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	bool processes = event->lost.what == LOST_PROCESSES;
	*(processes ? &lines->sums.lost_processes : &lines->sums.lost) += event->lost.count;
	if (lines->json)
		print_event_json(lines, process, event);
	else if (processes)
		fprintf(lines->out,
			ngettext("lost: %" PRIu64 " process\n", "lost: %" PRIu64 " processes\n",
				 (unsigned long)event->lost.count),
			event->lost.count);
	else
		fprintf(lines->out,
			ngettext("lost: %" PRIu64 " fault\n", "lost: %" PRIu64 " faults\n",
				 (unsigned long)event->lost.count),
			event->lost.count);
}

struct left_line {
	struct fault_lines *lines;
	const struct process *process;
	const struct event *event;
};

static void print_left(void *context, const struct event_left *left)
{
	struct left_line *l = context;

	json_print(l->lines->out, event_json_left(l->event, l->process->space, left), EVENT_JSON_FLAGS);
	fputc('\n', l->lines->out);
}

static void print(struct sink *sink, const struct event *event)
{
	struct fault_lines *lines = (struct fault_lines *)sink;
	const struct process *process = world_find(lines->world, event->pid);

	if (process && lines->json && !lines->filter)
		departures_each(process->space, &process->calls, event, print_left,
				&(struct left_line){ lines, process, event });
	if (event->type == EVENT_FAULT && process)
		print_fault(lines, process, event);
	else if (event->type == EVENT_LOST)
		print_lost(lines, process, event);
	else if (event->type == EVENT_OUTPUT)
		fwrite(event->output.bytes, 1, event->output.len, lines->program);
	else if (event->type == EVENT_SOURCE && event->source.kind == SOURCE_ACCESS)
		lines->sums.codes_were_off |= event->source.partial;
	print_life(lines, process, event);
}

void fault_lines_init(struct fault_lines *lines, FILE *out, FILE *program, const struct world *world,
		      bool json)
{
	*lines = (struct fault_lines){
		.sink = { .before = print }, .out = out, .program = program, .world = world, .json = json
	};
	lines->objects = fault_json_create(&event_names);
}

void fault_lines_print_header(const struct fault_lines *lines)
{
	if (!lines->json && !lines->summary)
		fputs(_("# time thread kind access cause address place was -> now function\n"), lines->out);
}

static void print_totals_json(const struct fault_lines *lines, bool user_only)
{
	fprintf(lines->out, "{\"event\": \"summary\", \"minor\": %" PRIu64 ", \"major\": %" PRIu64,
		lines->sums.minor, lines->sums.major);
	if (lines->sums.fatal)
		fprintf(lines->out, ", \"fatal\": %" PRIu64, lines->sums.fatal);
	if (lines->filter)
		fprintf(lines->out, ", \"left_out\": %" PRIu64, lines->sums.left_out);
	if (lines->sums.unsampled)
		fprintf(lines->out, ", \"stacks_not_sampled\": %" PRIu64, lines->sums.unsampled);
	if (lines->sums.stackless)
		fprintf(lines->out, ", \"stacks_not_kept\": %" PRIu64, lines->sums.stackless);
	if (lines->sums.unsurrounded)
		fprintf(lines->out, ", \"neighbours_not_seen\": %" PRIu64, lines->sums.unsurrounded);
	if (lines->sums.codes_were_off)
		fprintf(lines->out, ", \"access_not_reported\": %" PRIu64, lines->sums.uncoded);
	if (lines->sums.lost_processes)
		fprintf(lines->out, ", \"lost_processes\": %" PRIu64, lines->sums.lost_processes);
	fprintf(lines->out, ", \"lost\": %" PRIu64 ", \"user_only\": %s}\n", lines->sums.lost,
		user_only ? "true" : "false");
}

/* Prints an object for each child. */
static void print_forks_json(const struct fault_lines *lines, struct source *source)
{
	json_t *list = fork_report_json(lines->world, source), *child;
	size_t i;

	json_array_foreach(list, i, child)
	{
		json_t *object = json_pack("{ss}", "event", "forked");

		json_object_update(object, child);
		json_print(lines->out, object, EVENT_JSON_FLAGS);
		fputc('\n', lines->out);
	}
	json_decref(list);
}

static void print_totals(const struct fault_lines *lines, bool user_only)
{
	fprintf(lines->out, _("%" PRIu64 " minor, %" PRIu64 " major, %" PRIu64 " lost%s"), lines->sums.minor,
		lines->sums.major, lines->sums.lost, user_only ? _(", in user mode only") : "");
	if (lines->sums.fatal)
		fprintf(lines->out, _("; %" PRIu64 " fatal"), lines->sums.fatal);
	if (lines->filter)
		fprintf(lines->out, _("; %" PRIu64 " left out by the filter"), lines->sums.left_out);
	fputc('\n', lines->out);
	if (lines->sums.lost_processes)
		fprintf(lines->out,
			ngettext("%" PRIu64
				 " process of the family was not watched; its faults count as lost\n",
				 "%" PRIu64
				 " processes of the family were not watched; their faults count as lost\n",
				 (unsigned long)lines->sums.lost_processes),
			lines->sums.lost_processes);
	if (lines->sums.unsampled)
		fprintf(lines->out,
			ngettext("%" PRIu64 " stack was not sampled, to slow the program less\n",
				 "%" PRIu64 " stacks were not sampled, to slow the program less\n",
				 (unsigned long)lines->sums.unsampled),
			lines->sums.unsampled);
	if (lines->sums.stackless)
		fprintf(lines->out,
			ngettext("%" PRIu64 " stack was not kept: too many were waiting\n",
				 "%" PRIu64 " stacks were not kept: too many were waiting\n",
				 (unsigned long)lines->sums.stackless),
			lines->sums.stackless);
	if (lines->sums.unsurrounded)
		fprintf(lines->out,
			ngettext("for %" PRIu64
				 " fault on a file, the pages that came along are not known: its memory was "
				 "gone by then\n",
				 "for %" PRIu64
				 " faults on files, the pages that came along are not known: their memory "
				 "was gone by then\n",
				 (unsigned long)lines->sums.unsurrounded),
			lines->sums.unsurrounded);
	if (lines->sums.codes_were_off && lines->sums.uncoded)
		fprintf(lines->out,
			ngettext("at times faults came too fast for the processor's codes: for %" PRIu64
				 " fault, read or write was inferred\n",
				 "at times faults came too fast for the processor's codes: for %" PRIu64
				 " faults, read or write was inferred\n",
				 (unsigned long)lines->sums.uncoded),
			lines->sums.uncoded);
}

void fault_lines_print_summary(struct fault_lines *lines, struct source *source, bool user_only)
{
	if (lines->summary)
		fault_tables_print(&lines->tables, lines->out);
	if (lines->processes && lines->json)
		print_forks_json(lines, source);
	else if (lines->processes)
		fork_report_print(lines->out, lines->world, source);
	if (lines->json)
		print_totals_json(lines, user_only);
	else
		print_totals(lines, user_only);
}

void fault_lines_fini(struct fault_lines *lines)
{
	fault_tables_fini(&lines->tables);
	fault_json_destroy(lines->objects);
	strbuf_fini(&lines->line);
}
