/* Page faults as lines, and as JSON:
 *
 *   1.204331876 4243 minor write zero-fill 0x7f1200003010 anon+0x3010 reserved -> anon  fill+0x2c (demo)
 *
 *   {"event": "fault", "time": 1.204331876, "pid": 4242, "tid": 4243, "address": "0x7f1200003010",
 *    "ip": "0x55d2c0a4f1c2", "kind": "minor", "access": "write", "access_from": "inferred",
 *    "cause": "zero-fill", "was": "reserved", "now": "anon", "region": {"start": "0x7f1200000000",
 *    "kind": "anon", "path": ""}, "symbol": "fill", "offset": 44}
 *
 * In a line what is not known is "-", in JSON it is absent. */
#include "export/faults.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define SECOND UINT64_C(1000000000)

/* Does the address lie in the function, not somewhere behind the last one that has a name? */
static bool is_named(const struct location *by)
{
	return *by->symbol && (by->size ? by->offset < by->size : by->offset == 0);
}

static bool in_kernel(uint64_t ip)
{
	return ip >> 63;
}

/* "" where it is not known, or where there is no page. */
static const char *state_name(uint32_t word)
{
	enum page_state state = page_state(word);

	return state == PAGE_UNKNOWN || state == PAGE_NONE ? "" : page_state_name(state);
}

static const char *or_dash(const char *word)
{
	return *word ? word : "-";
}

static void add_time(struct strbuf *line, uint64_t ns)
{
	strbuf_printf(line, "%" PRIu64 ".%09" PRIu64, ns / SECOND, ns % SECOND);
}

static void add_json_text(struct strbuf *line, const char *bytes)
{
	char *utf8 = text_utf8_dup(bytes, strlen(bytes));
	json_t *json = json_string(utf8);
	char *quoted = json_dumps(json, JSON_ENCODE_ANY);

	strbuf_puts(line, quoted);
	free(quoted);
	json_decref(json);
	free(utf8);
}

/* , "name": "word", unless it is not known */
static void add_json_word(struct strbuf *line, const char *name, const char *word)
{
	if (*word)
		strbuf_printf(line, ", \"%s\": \"%s\"", name, word);
}

static void add_json_region(struct strbuf *line, const struct region *region)
{
	strbuf_printf(line, ", \"region\": {\"start\": \"0x%" PRIx64 "\", \"kind\": \"%s\", \"path\": ",
		      region->attr.start, region_kind_name(region->attr.kind));
	add_json_text(line, region->attr.path);
	strbuf_puts(line, "}");
}

static void put_json(struct strbuf *line, const struct event *event, const struct region *region,
		     const struct location *by)
{
	const struct event_fault *fault = &event->fault;

	strbuf_puts(line, "{\"event\": \"fault\", \"time\": ");
	add_time(line, event->time_ns);
	strbuf_printf(line,
		      ", \"pid\": %" PRId32 ", \"tid\": %" PRId32 ", \"address\": \"0x%" PRIx64 "\", \"ip\": \"0x%" PRIx64
		      "\", \"kind\": \"%s\"",
		      event->pid, fault->tid, fault->address, fault->ip, fault->major ? "major" : "minor");
	add_json_word(line, "access", fault_access_name(fault->access));
	if (fault->access)
		add_json_word(line, "access_from", fault->inferred ? "inferred" : "kernel");
	add_json_word(line, "cause", fault_cause_name(fault->cause));
	add_json_word(line, "was", state_name(fault->was));
	add_json_word(line, "now", state_name(fault->now));
	if (fault->now & PAGE_HUGE)
		strbuf_puts(line, ", \"huge\": true");
	if (region)
		add_json_region(line, region);
	if (is_named(by)) {
		strbuf_puts(line, ", \"symbol\": ");
		add_json_text(line, by->symbol);
		strbuf_printf(line, ", \"offset\": %" PRIu64, by->offset);
	}
	strbuf_puts(line, "}\n");
}

static void add_printable(struct strbuf *line, const char *text)
{
	text_printable(line, text, strlen(text));
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "[heap]+0x10" */
static void add_place(struct strbuf *line, const struct region *region, uint64_t address)
{
	const char *name = region_name(&region->attr);

	add_printable(line, *name ? name : region_kind_name(region->attr.kind));
	strbuf_printf(line, "+0x%" PRIx64,
		      address - region->attr.start + (region->attr.inode ? region->attr.offset : 0));
}

/* "fill+0x2c (demo)", "[kernel]", "libc.so.6+0x2b0" where the function has no name, or the
 * bare address */
static void add_function(struct strbuf *line, const struct space *space, uint64_t ip, const struct location *by)
{
	if (in_kernel(ip)) {
		strbuf_puts(line, "[kernel]");
		return;
	}
	if (!is_named(by)) {
		const struct region *region = space_find(space, ip);

		if (region)
			add_place(line, region, ip);
		else
			strbuf_printf(line, "0x%" PRIx64, ip);
		return;
	}
	add_printable(line, by->symbol);
	strbuf_printf(line, "+0x%" PRIx64, by->offset);
	if (*by->file) {
		strbuf_puts(line, " (");
		add_printable(line, base_name(by->file));
		strbuf_puts(line, ")");
	}
}

static void put_text(struct strbuf *line, const struct space *space, const struct event *event,
		     const struct region *region, const struct location *by)
{
	const struct event_fault *fault = &event->fault;

	add_time(line, event->time_ns);
	strbuf_printf(line, " %" PRId32 " %s %-5s %-13s 0x%012" PRIx64 " ", fault->tid,
		      fault->major ? "major" : "minor", or_dash(fault_access_name(fault->access)),
		      or_dash(fault_cause_name(fault->cause)), fault->address);
	if (region)
		add_place(line, region, fault->address);
	else
		strbuf_puts(line, "-");
	strbuf_printf(line, " %s -> %s  ", or_dash(state_name(fault->was)), or_dash(state_name(fault->now)));
	add_function(line, space, fault->ip, by);
	strbuf_puts(line, "\n");
}

/* Into the tables: the function without the place in it, and the touched region and file. */
static void count_fault(struct fault_lines *lines, const struct space *space, const struct event *event,
			const struct region *region, const struct location *by)
{
	const struct region *code = space_find(space, event->fault.ip);
	const char *name = in_kernel(event->fault.ip) ? "[kernel]" : is_named(by) ? by->symbol : "?";
	struct strbuf *line = &lines->line;

	strbuf_clear(line);
	add_printable(line, name);
	if (code && *region_name(&code->attr)) {
		strbuf_puts(line, " (");
		add_printable(line, region_name(&code->attr));
		strbuf_puts(line, ")");
	}
	fault_tally_add(&lines->functions, line->text, event->fault.major);
	strbuf_clear(line);
	if (region)
		strbuf_printf(line, "0x%012" PRIx64 " %s%s", region->attr.start, region_kind_name(region->attr.kind),
			      *region_name(&region->attr) ? " " : "");
	add_printable(line, region ? region_name(&region->attr) : "?");
	fault_tally_add(&lines->regions, line->text, event->fault.major);
	strbuf_clear(line);
	add_printable(line, !region ? "?" : *region->attr.path ? region->attr.path : region_kind_name(region->attr.kind));
	fault_tally_add(&lines->files, line->text, event->fault.major);
}

static void print_fault(struct fault_lines *lines, const struct process *process, const struct event *event)
{
	const struct region *region = space_find(process->space, event->fault.address);
	struct location by = {.file = "", .section = "", .symbol = "", .why = ""};

	if (event->fault.major)
		lines->major++;
	else
		lines->minor++;
	if (!in_kernel(event->fault.ip))
		lines->source->ops->locate(lines->source, event->pid, event->fault.ip, &by);
	if (lines->tables) {
		count_fault(lines, process->space, event, region, &by);
		return;
	}
	strbuf_clear(&lines->line);
	if (lines->json)
		put_json(&lines->line, event, region, &by);
	else
		put_text(&lines->line, process->space, event, region, &by);
	fwrite(lines->line.text, 1, lines->line.len, lines->out);
}

static void print_lost(struct fault_lines *lines, const struct event *event)
{
	lines->lost += event->lost.count;
	if (!lines->json) {
		fprintf(lines->out, _("lost: %" PRIu64 " faults\n"), event->lost.count);
		return;
	}
	strbuf_clear(&lines->line);
	add_time(&lines->line, event->time_ns);
	fprintf(lines->out,
		"{\"event\": \"lost\", \"time\": %s, \"pid\": %" PRId32 ", \"count\": %" PRIu64 ", \"where\": \"%s\"}\n",
		lines->line.text, event->pid, event->lost.count, event->lost.where);
}

static void take(struct sink *sink, const struct event *event)
{
	struct fault_lines *lines = (struct fault_lines *)sink;
	const struct process *process = world_find(lines->world, event->pid);

	if (event->type == EVENT_FAULT && process)
		print_fault(lines, process, event);
	else if (event->type == EVENT_LOST)
		print_lost(lines, event);
	else if (event->type == EVENT_OUTPUT)
		fwrite(event->output.bytes, 1, event->output.len, lines->program);
	world_apply(lines->world, event);
}

void fault_lines_init(struct fault_lines *lines, FILE *out, FILE *program, struct world *world, struct source *source,
		      bool json)
{
	*lines = (struct fault_lines){
		.sink = {.take = take}, .out = out, .program = program, .world = world, .source = source, .json = json};
}

void fault_lines_print_summary(struct fault_lines *lines, bool user_only)
{
	if (lines->tables) {
		fault_tally_print(&lines->functions, lines->out, _("FUNCTION THAT TOUCHED"));
		fault_tally_print(&lines->regions, lines->out, _("REGION TOUCHED"));
		fault_tally_print(&lines->files, lines->out, _("FILE OR KIND OF MEMORY TOUCHED"));
	}
	if (lines->json)
		fprintf(lines->out,
			"{\"event\": \"summary\", \"minor\": %" PRIu64 ", \"major\": %" PRIu64 ", \"lost\": %" PRIu64
			", \"user_only\": %s}\n",
			lines->minor, lines->major, lines->lost, user_only ? "true" : "false");
	else
		fprintf(lines->out, _("%" PRIu64 " minor, %" PRIu64 " major, %" PRIu64 " lost%s\n"), lines->minor,
			lines->major, lines->lost, user_only ? _(", in user mode only") : "");
}

void fault_lines_fini(struct fault_lines *lines)
{
	fault_tally_fini(&lines->functions);
	fault_tally_fini(&lines->regions);
	fault_tally_fini(&lines->files);
	strbuf_fini(&lines->line);
}
