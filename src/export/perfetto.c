/* perfetto: a trace for https://ui.perfetto.dev.
 *
 * A fault is an instant on its thread's track, named by its cause, with address, region, pages, function and
 * stack. A flow connects the faults of one page, also from a parent to its forked children. Pages that go are
 * instants of their process, named by the call that took them, or by the reason. Counters
 * of each process have the resident bytes by state, and the faults a second; and smaps packets have its
 * regions, at the first whole picture, then at most once a second while memory changes. */
#include "export/exporter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/event_json.h"
#include "export/perfetto_memory.h"
#include "export/perfetto_trace.h"
#include "model/departures.h"

#define CLOCK_REALTIME_ID 1 /* ClockSnapshot.BuiltinClocks */
#define CLOCK_BOOTTIME_ID 6 /* the clock of packets that name none */

struct thread_track {
	int32_t pid, tid;
};

struct perfetto {
	const struct export_job *job;
	struct perfetto_trace trace;
	struct perfetto_memory_tracks memory;
	struct thread_track *threads; /* that have a track */
	size_t thread_count, thread_cap;
	struct hash by_thread; /* index + 1 */
	struct strbuf text;
	uint64_t *frames; /* of the current stack */
	size_t frame_cap;
	const struct event *event;     /* at hand */
	const struct process *process; /* its */
};

static void *open(const struct export_job *job, struct err *err)
{
	struct perfetto *x = mem_zalloc(sizeof *x);
	Perfetto__ClockSnapshot__Clock clocks[] = { PERFETTO__CLOCK_SNAPSHOT__CLOCK__INIT,
						    PERFETTO__CLOCK_SNAPSHOT__CLOCK__INIT },
				       *list[] = { &clocks[0], &clocks[1] };
	Perfetto__ClockSnapshot snapshot = PERFETTO__CLOCK_SNAPSHOT__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	x->job = job;
	x->trace.out = job->out;
	clocks[0].has_clock_id = clocks[0].has_timestamp = clocks[1].has_clock_id = clocks[1].has_timestamp =
	    1;
	clocks[0].clock_id = CLOCK_BOOTTIME_ID;
	clocks[1].clock_id = CLOCK_REALTIME_ID;
	clocks[1].timestamp = job->wall_ns;
	snapshot.n_clocks = job->wall_ns ? 2 : 1;
	snapshot.clocks = list;
	packet.clock_snapshot = &snapshot;
	perfetto_trace_write(&x->trace, &packet);
	return x;
}

/* --- tracks --- */

static char *utf8(struct strbuf *out, const char *raw)
{
	strbuf_clear(out);
	strbuf_add(out, "", 0);
	text_printable(out, raw ? raw : "", raw ? strlen(raw) : 0);
	return out->text;
}

static bool has_thread(const struct perfetto *x, int32_t pid, int32_t tid, uint32_t *hash)
{
	struct hash_iter iter;
	uint32_t number;

	*hash = hash_two((uint64_t)pid, (uint64_t)tid);
	iter = hash_iter(&x->by_thread, *hash);
	while ((number = hash_next(&iter)) &&
	       (x->threads[number - 1].pid != pid || x->threads[number - 1].tid != tid))
		;
	return number != 0;
}

/* A thread's track; once more when it gets a name. */
static uint64_t thread_track(struct perfetto *x, int32_t pid, int32_t tid, const char *name)
{
	Perfetto__ThreadDescriptor thread = PERFETTO__THREAD_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;
	uint32_t hash;
	bool known = has_thread(x, pid, tid, &hash);

	track.uuid = (uint64_t)tid << 32 | PERFETTO_TRACK_THREAD;
	if (known && !name)
		return track.uuid;
	if (!known) {
		mem_grow(x->threads, x->thread_cap, x->thread_count + 1);
		x->threads[x->thread_count++] = (struct thread_track){ pid, tid };
		hash_add(&x->by_thread, hash, (uint32_t)x->thread_count);
	}
	thread.has_pid = thread.has_tid = 1;
	thread.pid = pid;
	thread.tid = tid;
	thread.thread_name = name ? utf8(&x->text, name) : NULL;
	track.has_uuid = 1;
	track.thread = &thread;
	packet.track_descriptor = &track;
	perfetto_trace_write(&x->trace, &packet);
	return track.uuid;
}

/* --- instants --- */

#define ARGUMENTS_MAX 12

/* An instant being built. */
struct instant {
	struct perfetto_trace *trace;
	Perfetto__TrackEvent event;
	Perfetto__DebugAnnotation arguments[ARGUMENTS_MAX], *list[ARGUMENTS_MAX];
	uint64_t category, flow;
};

static void begin(struct instant *i, struct perfetto *x, uint64_t track, const char *category,
		  const char *name)
{
	*i = (struct instant){ .trace = &x->trace, .event = PERFETTO__TRACK_EVENT__INIT };
	i->category = perfetto_trace_name(&x->trace, PERFETTO_CATEGORY, category);
	i->event.n_category_iids = 1;
	i->event.has_type = i->event.has_name_iid = i->event.has_track_uuid = 1;
	i->event.type = PERFETTO__TRACK_EVENT__TYPE__TYPE_INSTANT;
	i->event.name_iid = perfetto_trace_name(&x->trace, PERFETTO_EVENT, name);
	i->event.track_uuid = track;
}

static Perfetto__DebugAnnotation *add_argument(struct instant *i, const char *name)
{
	Perfetto__DebugAnnotation *argument = &i->arguments[i->event.n_debug_annotations];

	*argument = (Perfetto__DebugAnnotation)PERFETTO__DEBUG_ANNOTATION__INIT;
	argument->has_name_iid = 1;
	argument->name_iid = perfetto_trace_name(i->trace, PERFETTO_ARGUMENT, name);
	i->list[i->event.n_debug_annotations++] = argument;
	return argument;
}

/* Adds an argument unless the text, in UTF-8, is "". */
static void add_text(struct instant *i, const char *name, const char *text)
{
	Perfetto__DebugAnnotation *argument;

	if (!*text)
		return;
	argument = add_argument(i, name);
	argument->has_string_value_iid = 1;
	argument->string_value_iid = perfetto_trace_name(i->trace, PERFETTO_VALUE, text);
}

static void add_count(struct instant *i, const char *name, uint64_t value)
{
	Perfetto__DebugAnnotation *argument = add_argument(i, name);

	argument->has_uint_value = 1;
	argument->uint_value = value;
}

static void add_pointer(struct instant *i, const char *name, uint64_t value)
{
	Perfetto__DebugAnnotation *argument = add_argument(i, name);

	argument->has_pointer_value = 1;
	argument->pointer_value = value;
}

static void add_flow(struct instant *i, uint64_t flow)
{
	i->flow = flow;
	i->event.n_flow_ids = 1;
}

static void write_instant(struct instant *i, uint64_t time_ns)
{
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	/* the instant may have moved since it was begun */
	i->event.category_iids = &i->category;
	i->event.flow_ids = &i->flow;
	i->event.debug_annotations = i->list;
	packet.has_timestamp = 1;
	packet.timestamp = time_ns;
	packet.track_event = &i->event;
	perfetto_trace_write(i->trace, &packet);
}

/* --- events --- */

/* The number of a flow: for an address in all processes that share it by fork. */
static uint64_t page_flow(struct perfetto *x, const struct process *p, uint64_t address)
{
	uint64_t page = address >> p->space->page_shift;

	return (page + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
	       (uint64_t)perfetto_memory_line(&x->memory, p) * UINT64_C(0xff51afd7ed558ccd);
}

static void add_frame(struct perfetto *x, size_t *count, const char *name, uint32_t line)
{
	uint64_t function = perfetto_trace_name(&x->trace, PERFETTO_FUNCTION, name);

	mem_grow(x->frames, x->frame_cap, *count + 1);
	x->frames[(*count)++] = perfetto_trace_frame(&x->trace, function, line);
}

/* Its stack, inlined functions as functions. */
static void add_stack(struct perfetto *x, struct instant *i, const struct process *p, const struct event *e)
{
	size_t count = 0;

	strbuf_clear(&x->text);
	export_names_not_whole(&x->text, &e->stack);
	if (!e->stack.count)
		return;
	if (x->text.len)
		add_frame(x, &count, x->text.text, 0);
	for (size_t at = e->stack.count; at-- > 0;) {
		const struct event_symbol *symbol = names_find(p->names, e->stack.ips[at]);

		for (size_t j = symbol ? symbol->count : 0; j-- > 1;)
			add_frame(x, &count, utf8(&x->text, symbol->frames[j].function),
				  symbol->frames[j].line);
		strbuf_clear(&x->text);
		export_names_function(&x->text, p, symbol, e->stack.ips[at]);
		add_frame(x, &count, x->text.text, symbol && symbol->count ? symbol->frames[0].line : 0);
	}
	i->event.has_callstack_iid = 1;
	i->event.callstack_iid = perfetto_trace_callstack(&x->trace, x->frames, count);
}

static void add_function(struct perfetto *x, struct instant *i, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);

	strbuf_clear(&x->text);
	export_names_function(&x->text, p, symbol, ip);
	add_text(i, "function", x->text.text);
	if (!symbol || !symbol->count || !*symbol->frames[0].source)
		return;
	utf8(&x->text, symbol->frames[0].source);
	if (symbol->frames[0].line)
		strbuf_printf(&x->text, ":%" PRIu32, symbol->frames[0].line);
	add_text(i, "source", x->text.text);
}

/* NULL: nothing. */
static void add_region(struct perfetto *x, struct instant *i, const struct region *region)
{
	if (!region)
		return;
	const char *name = region_name(&region->attr);

	add_text(i, "region",
		 utf8(&x->text, *name ? name : region_kind_name((enum region_kind)region->attr.kind)));
}

static void write_fault(struct perfetto *x, const struct process *p, const struct event *e)
{
	const struct event_fault *f = &e->fault;
	const struct region *region = space_find(p->space, f->address);
	uint64_t track = thread_track(x, p->pid, f->tid, NULL);
	struct instant i;

	perfetto_memory_count_fault(&x->memory, &x->trace, p, e);
	begin(&i, x, track, "fault", fault_cause_name(f->cause));
	add_pointer(&i, "address", f->address);
	add_region(x, &i, region);
	add_text(&i, "kind", fault_kind_name(f));
	add_text(&i, "access", fault_access_name(f->access));
	add_text(&i, "was", page_state(f->was) == PAGE_UNKNOWN ? "" : page_state_name(page_state(f->was)));
	add_text(&i, "now", page_state(f->now) == PAGE_UNKNOWN ? "" : page_state_name(page_state(f->now)));
	add_count(&i, "pages", fault_pages(f));
	add_text(&i, "cause_from", fault_cause_from(f));
	add_function(x, &i, p, f->ip);
	add_stack(x, &i, p, e);
	add_flow(&i, page_flow(x, p, f->address));
	write_instant(&i, e->time_ns);
}

static void write_call(struct perfetto *x, const struct process *p, const struct event *e)
{
	uint64_t track = thread_track(x, p->pid, e->call.tid, NULL);
	struct instant i;

	begin(&i, x, track, "call", call_name(e->call.kind));
	strbuf_clear(&x->text);
	call_print(&x->text, &e->call, CALL_ARGS);
	add_text(&i, "call", x->text.text);
	if (e->call.error)
		add_text(&i, "error", strerror(e->call.error));
	else
		add_pointer(&i, "result", e->call.result);
	write_instant(&i, e->time_ns);
}

static void write_left(void *context, const struct event_left *left)
{
	struct perfetto *x = context;
	const struct process *p = x->process;
	uint64_t address = space_address(p->space, left->first);
	const char *reason = left_reason_name(left->reason);
	struct instant i;

	begin(&i, x, (uint64_t)p->pid << 32 | PERFETTO_TRACK_PROCESS, "left",
	      left->reason == LEFT_CALL ? call_name(left->call) : reason);
	add_pointer(&i, "address", address);
	add_count(&i, "pages", left->end - left->first);
	add_region(x, &i, space_find(p->space, address));
	add_text(&i, "was", event_state_name(left->was));
	add_text(&i, "now", event_state_name(left->now));
	add_text(&i, "reason", reason);
	add_text(&i, "reason_from", left_reason_from(left->reason));
	if (left->reason == LEFT_CALL)
		add_count(&i, "tid", (uint64_t)left->tid);
	write_instant(&i, x->event->time_ns);
}

/* Something that happened to the process as a whole. */
static void write_plain(struct perfetto *x, int32_t pid, uint64_t time_ns, const char *category,
			const char *name, const char *argument, uint64_t value)
{
	struct instant i;

	begin(&i, x, (uint64_t)pid << 32 | PERFETTO_TRACK_PROCESS, category, name);
	if (argument)
		add_count(&i, argument, value);
	write_instant(&i, time_ns);
}

/* Writes a fork on both tracks, with a flow between them. */
static void write_birth(struct perfetto *x, const struct event *e)
{
	const struct process *parent =
	    e->process.parent ? world_find(x->job->world, e->process.parent) : NULL;
	uint64_t flow = (uint64_t)e->pid << 32 | PERFETTO_TRACK_PROCESS;
	struct instant i;

	if (!parent)
		return;
	perfetto_memory_process(&x->memory, &x->trace, parent);
	begin(&i, x, (uint64_t)parent->pid << 32 | PERFETTO_TRACK_PROCESS, "process", "fork");
	add_count(&i, "child", (uint64_t)e->pid);
	add_flow(&i, flow);
	write_instant(&i, e->time_ns);
	begin(&i, x, (uint64_t)e->pid << 32 | PERFETTO_TRACK_PROCESS, "process", "forked");
	add_count(&i, "parent", (uint64_t)parent->pid);
	add_flow(&i, flow);
	write_instant(&i, e->time_ns);
}

static void write_process(struct perfetto *x, const struct event *e)
{
	perfetto_memory_new_process(&x->memory, &x->trace, e);
	if (e->process.exec)
		write_plain(x, e->pid, e->time_ns, "process", "exec", NULL, 0);
	else
		write_birth(x, e);
}

static void write_end(struct perfetto *x, const struct event *e)
{
	if (e->status.status == PROCESS_EXITED)
		write_plain(x, e->pid, e->time_ns, "process", "exited", "status", (uint64_t)e->status.code);
	else if (e->status.status == PROCESS_KILLED)
		write_plain(x, e->pid, e->time_ns, "process", "killed", "signal", (uint64_t)e->status.code);
	else if (e->status.status == PROCESS_GONE)
		write_plain(x, e->pid, e->time_ns, "process", "ended", NULL, 0);
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct perfetto *x = context;
	const struct process *p = world_find(x->job->world, e->pid);

	if (e->type == EVENT_PROCESS)
		write_process(x, e);
	if (!p && e->type == EVENT_MARK &&
	    x->job->world->count) /* marks are of the moment, not of a process */
		p = x->job->world->processes[0];
	if (!p)
		return 0;
	perfetto_memory_process(&x->memory, &x->trace, p);
	x->event = e;
	x->process = p;
	departures_each(p->space, &p->calls, e, write_left, x);
	switch (e->type) {
	case EVENT_FAULT:
		write_fault(x, p, e);
		break;
	case EVENT_CALL:
		write_call(x, p, e);
		break;
	case EVENT_THREAD:
		if (!e->thread.ended)
			thread_track(x, p->pid, e->thread.tid, e->thread.name);
		break;
	case EVENT_STATUS:
		write_end(x, e);
		break;
	case EVENT_MARK:
		write_plain(x, p->pid, e->time_ns, "mark", utf8(&x->text, e->mark.text), NULL, 0);
		break;
	case EVENT_LOST:
		write_plain(x, e->pid, e->time_ns, "lost", "lost", lost_name(e->lost.what), e->lost.count);
		break;
	case EVENT_TICK:
		perfetto_memory_tick(&x->memory, &x->trace, p, e->time_ns);
		break;
	default:
		break;
	}
	return 0;
}

static int finish(void *context, struct err *err)
{
	struct perfetto *x = context;

	perfetto_memory_finish(&x->memory, &x->trace, x->job->world);
	return 0;
}

static void close(void *context)
{
	struct perfetto *x = context;

	perfetto_memory_fini(&x->memory);
	perfetto_trace_fini(&x->trace);
	free(x->threads);
	hash_fini(&x->by_thread);
	strbuf_fini(&x->text);
	free(x->frames);
	free(x);
}

const struct exporter export_perfetto = {
	.name = "perfetto",
	.binary = true,
	.help = N_("a trace of faults, counters and regions: ui.perfetto.dev"),
	.takes_span = true,
	.open = open,
	.before = take,
	.finish = finish,
	.close = close,
};
