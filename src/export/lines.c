/* Lines for pipes and logs: time, pid, what happened, and to what.
 *
 *   00:00.000 4242 process ./demo 64
 *   00:00.001 4242 map 0x7f1200000000 2048 rw-p anon
 *   00:00.001 4242 pages 0x55d2c0a4f000 2 file  demo+0x0
 *   00:01.204 4242 pages 0x7f1200003000 3 reserved -> anon  anon+0x3000
 *   00:01.310 4242 left 0x7f1200003000 2 anon -> swap swapped
 *   00:01.310 4242 output one round done
 *   00:01.500 4242 fork 4250
 *   00:01.500 4250 process ./demo 64
 *   00:01.700 4242 thread 4251 worker
 *   00:01.900 4242 thread 4251 ended
 *   00:02.000 4242 exit 0
 *
 * The number after an address counts pages. The first look is not a change: it has no arrow, and pages that
 * are only reserved are left out. Lines are made before the world takes the event, so that the world still
 * has what was before. */
#include "export/lines.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "export/page_changes.h"
#include "model/departures.h"

#define OUTPUT_MAX 4096 /* longer lines of the program are printed in pieces */

static void begin(struct lines *lines, const struct event *event, const char *what)
{
	uint64_t ms = event->time_ns / 1000000;

	strbuf_clear(&lines->line);
	strbuf_printf(&lines->line, "%02" PRIu64 ":%02" PRIu64 ".%03" PRIu64 " %" PRId32 " %s", ms / 60000,
		      ms / 1000 % 60, ms % 1000, event->pid, what);
}

static void end(struct lines *lines)
{
	strbuf_puts(&lines->line, "\n");
	fwrite(lines->line.text, 1, lines->line.len, lines->out);
}

static void add_printable(struct lines *lines, const char *text)
{
	text_printable(&lines->line, text, strlen(text));
}

/* " 0x7f1200000000 2048 rw-p anon /dev/zero" */
static void add_region(struct lines *lines, const struct space *space, const struct region_attr *attr)
{
	char perms[5];

	strbuf_printf(&lines->line, " 0x%" PRIx64 " %" PRIu64 " %s %s", attr->start,
		      (attr->end - attr->start) >> space->page_shift, region_perms_text(perms, attr->perms),
		      region_kind_name(attr->kind));
	if (*attr->path) {
		strbuf_puts(&lines->line, " ");
		add_printable(lines, attr->path);
	}
}

/* "  libc.so.6+0x26000": the offset is in the file if there is one. */
static void add_place(struct lines *lines, const struct region *region, uint64_t address)
{
	const char *name = region_name(&region->attr);
	uint64_t offset = address - region->attr.start;

	if (region->attr.inode)
		offset += region->attr.offset;
	strbuf_puts(&lines->line, "  ");
	add_printable(lines, *name ? name : region_kind_name(region->attr.kind));
	strbuf_printf(&lines->line, "+0x%" PRIx64, offset);
}

/* The first event of a child is its birth; the line belongs to its parent. */
static void print_fork(struct lines *lines, const struct event *event)
{
	struct event fork = *event;

	fork.pid = event->process.parent;
	begin(lines, &fork, "fork");
	strbuf_printf(&lines->line, " %" PRId32, event->pid);
	end(lines);
}

/* The first thread begins with its process: it has no line. */
static void print_thread(struct lines *lines, const struct event *event)
{
	if (event->thread.tid == event->pid)
		return;
	begin(lines, event, "thread");
	strbuf_printf(&lines->line, " %" PRId32 " ", event->thread.tid);
	if (event->thread.ended)
		strbuf_puts(&lines->line, "ended");
	else
		add_printable(lines, event->thread.name);
	end(lines);
}

static void print_process(struct lines *lines, const struct process *process, const struct event *event)
{
	bool born = event->process.parent && !event->process.exec && (!process || !process_alive(process));

	if (born)
		print_fork(lines, event);
	begin(lines, event, event->process.exec ? "exec" : "process");
	for (size_t i = 0; event->process.argv[i]; i++) {
		strbuf_puts(&lines->line, " ");
		add_printable(lines, event->process.argv[i]);
	}
	if (!event->process.argv[0]) {
		strbuf_puts(&lines->line, " ");
		add_printable(lines, event->process.comm);
	}
	end(lines);
}

static void print_change(struct lines *lines, const struct process *process, const struct event *event)
{
	const struct region *old =
	    space_find_near(process->space, event->region.id, event->region.attr.start);
	const struct region_attr *now = &event->region.attr;
	bool moved = old && (old->attr.start != now->start || old->attr.end != now->end);
	bool protected = old && old->attr.perms != now->perms;
	char perms[5];

	begin(lines, event, moved ? "resize" : protected ? "protect" : "change");
	add_region(lines, process->space, now);
	if (moved)
		strbuf_printf(&lines->line, "  was 0x%" PRIx64 " %" PRIu64, old->attr.start,
			      (old->attr.end - old->attr.start) >> process->space->page_shift);
	if (protected)
		strbuf_printf(&lines->line, "  was %s", region_perms_text(perms, old->attr.perms));
	end(lines);
}

/* The context for page_changes_each and departures_each. */
struct pages_line {
	struct lines *lines;
	const struct process *process;
	const struct event *event;
};

static int print_pages(void *context, const struct page_change *change)
{
	const struct pages_line *of = context;
	const struct space *space = of->process->space;
	struct strbuf *line = &of->lines->line;
	bool first_look = of->process->course.ticks == 0;
	enum page_state now = page_state(change->now);

	if (first_look && page_state_untouched(now) && !page_state_cached(now))
		return 0;
	begin(of->lines, of->event, "pages");
	strbuf_printf(line, " 0x%" PRIx64 " %" PRIu64 " ", space_address(space, change->first),
		      change->end - change->first);
	if (!first_look && page_state(change->was) != PAGE_NONE)
		strbuf_printf(line, "%s -> ", page_state_name(page_state(change->was)));
	strbuf_puts(line, page_state_name(now));
	add_place(of->lines, change->region, space_address(space, change->first));
	end(of->lines);
	return 0;
}

static void print_left(void *context, const struct event_left *left)
{
	const struct pages_line *of = context;

	begin(of->lines, of->event, "left");
	strbuf_printf(&of->lines->line, " 0x%" PRIx64 " %" PRIu64 " %s -> %s %s",
		      space_address(of->process->space, left->first), left->end - left->first,
		      page_state_name(page_state(left->was)), page_state_name(page_state(left->now)),
		      left->reason == LEFT_CALL ? call_name(left->call) : left_reason_name(left->reason));
	end(of->lines);
}

static void print_status(struct lines *lines, const struct event *event)
{
	static const char *const words[] = {
		[PROCESS_RUNNING] = "running",
		[PROCESS_STOPPED] = "stopped",
		[PROCESS_PAUSED] = "paused",
		[PROCESS_ZOMBIE] = "zombie",
	};
	int code = event->status.code;

	switch (event->status.status) {
	case PROCESS_EXITED:
		begin(lines, event, "exit");
		strbuf_printf(&lines->line, " %d", code);
		break;
	case PROCESS_KILLED:
		begin(lines, event, "exit");
		strbuf_printf(&lines->line, " signal %d (%s)", code, strsignal(code));
		break;
	case PROCESS_GONE:
		begin(lines, event, "exit");
		break;
	default:
		begin(lines, event, words[event->status.status]);
	}
	end(lines);
}

static void flush_output(struct lines *lines, const struct event *event)
{
	begin(lines, event, "output ");
	text_printable(&lines->line, lines->output.text, lines->output.len);
	end(lines);
	strbuf_clear(&lines->output);
}

/* Output arrives in pieces of any size; a line of the program becomes a line here. */
static void print_output(struct lines *lines, const struct event *event)
{
	lines->output_pid = event->pid;
	for (size_t i = 0; i < event->output.len; i++) {
		char c = event->output.bytes[i];

		if (c == '\n')
			flush_output(lines, event);
		else if (c != '\r')
			strbuf_add(&lines->output, &c, 1);
		if (lines->output.len >= OUTPUT_MAX)
			flush_output(lines, event);
	}
}

static void print_source(struct lines *lines, const struct event *event)
{
	if (event->source.ok)
		return;
	begin(lines, event, "source ");
	strbuf_printf(&lines->line, "%s denied: ", source_kind_name(event->source.kind));
	add_printable(lines, event->source.why);
	end(lines);
}

static void print_mark(struct lines *lines, const struct event *event)
{
	begin(lines, event, "mark ");
	add_printable(lines, event->mark.text);
	end(lines);
}

static void print_lost(struct lines *lines, const struct event *event)
{
	begin(lines, event, "lost");
	strbuf_printf(&lines->line, " %" PRIu64 " %s", event->lost.count, lost_name(event->lost.what));
	end(lines);
}

static void print_event(struct lines *lines, const struct process *process, const struct event *event)
{
	struct pages_line of = { lines, process, event };

	if (process)
		departures_each(process->space, &process->calls, event, print_left, &of);
	switch (event->type) {
	case EVENT_PROCESS:
		print_process(lines, process, event);
		break;
	case EVENT_STATUS:
		if (lines->output.len && event->status.status >= PROCESS_ZOMBIE)
			flush_output(lines, event);
		print_status(lines, event);
		break;
	case EVENT_MAP:
	case EVENT_UNMAP:
		if (!process)
			break;
		begin(lines, event, event_type_name(event->type));
		add_region(lines, process->space, &event->region.attr);
		end(lines);
		break;
	case EVENT_CHANGE:
		if (process)
			print_change(lines, process, event);
		break;
	case EVENT_PAGES:
		if (process)
			page_changes_each(process->space, event, print_pages, &of);
		break;
	case EVENT_OUTPUT:
		print_output(lines, event);
		break;
	case EVENT_SOURCE:
		print_source(lines, event);
		break;
	case EVENT_MARK:
		print_mark(lines, event);
		break;
	case EVENT_LOST:
		print_lost(lines, event);
		break;
	case EVENT_THREAD:
		print_thread(lines, event);
		break;
	default: /* faults have a command of their own; the others are too many, or shown by another line */
		break;
	}
}

static void print(struct sink *sink, const struct event *event)
{
	struct lines *lines = (struct lines *)sink;

	print_event(lines, world_find(lines->world, event->pid), event);
}

void lines_init(struct lines *lines, FILE *out, const struct world *world)
{
	*lines = (struct lines){ .sink = { .before = print }, .out = out, .world = world };
}

void lines_fini(struct lines *lines)
{
	if (lines->output.len)
		flush_output(lines,
			     &(struct event){ .time_ns = lines->world->now_ns, .pid = lines->output_pid });
	strbuf_fini(&lines->output);
	strbuf_fini(&lines->line);
}
