/* One object an event:
 *
 *   {"event": "fault", "time": 1.204331876, "pid": 4242, "tid": 4243, "address": "0x7f1200003010",
 *    "ip": "0x55d2c0a4f1c2", "kind": "minor", "access": "write", "access_from": "inferred",
 *    "cause": "zero-fill", "was": "reserved", "now": "anon", "region": {"start": "0x7f1200000000",
 *    "kind": "anon", "path": ""}, "symbol": "fill", "offset": 44, "source": "demo.c:14",
 *    "stack": [{"ip": "0x55d2c0a4f1c2", "symbol": "fill", "offset": 44, "source": "demo.c:14"}, ...]}
 *
 * What is not known is absent. */
#include "export/event_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SECOND 1e9

json_t *event_json_text(const char *bytes)
{
	char *utf8 = text_utf8_dup(bytes, strlen(bytes));
	json_t *json = json_string(utf8);

	free(utf8);
	return json;
}

json_t *event_json_address(uint64_t address)
{
	return json_sprintf("0x%" PRIx64, address);
}

static void set_text(json_t *object, const char *name, const char *bytes)
{
	json_object_set_new(object, name, event_json_text(bytes));
}

/* Unless it is not known. */
static void set_word(json_t *object, const char *name, const char *word)
{
	if (*word)
		set_text(object, name, word);
}

static void set_count(json_t *object, const char *name, uint64_t count)
{
	json_object_set_new(object, name, json_integer((json_int_t)count));
}

static json_t *begin(const struct event *e, const char *what)
{
	json_t *object = json_object();

	json_object_set_new(object, "event", json_string(what));
	json_object_set_new(object, "time", json_real((double)e->time_ns / SECOND));
	json_object_set_new(object, "pid", json_integer(e->pid));
	return object;
}

const char *event_state_name(uint32_t word)
{
	enum page_state state = page_state(word);

	return state == PAGE_UNKNOWN || state == PAGE_NONE ? "" : page_state_name(state);
}

/* "demo.c:14"; json_sprintf takes UTF-8 alone. */
static void set_place(json_t *object, const struct code_frame *frame)
{
	char *utf8 = text_utf8_dup(frame->source, strlen(frame->source));

	if (*utf8 && frame->line)
		json_object_set_new(object, "source", json_sprintf("%s:%" PRIu32, utf8, frame->line));
	else if (*utf8)
		json_object_set_new(object, "source", json_string(utf8));
	free(utf8);
}

/* What is known of an address of code, and of one of the functions that are there: the others
 * were inlined into the last. */
static void set_symbol(json_t *object, const struct event_symbol *symbol, size_t frame)
{
	if (!symbol)
		return;
	if (frame < symbol->count) {
		set_word(object, "symbol", symbol->frames[frame].function);
		if (frame + 1 == symbol->count)
			set_count(object, "offset", symbol->offset);
		else
			json_object_set_new(object, "inlined", json_true());
		set_place(object, &symbol->frames[frame]);
	} else {
		set_word(object, "section", symbol->section);
		set_count(object, "offset", symbol->offset);
	}
	set_word(object, "object", symbol->object);
}

static const struct event_symbol *find(const struct event_names *names, const struct process *p, uint64_t ip)
{
	return p ? names->find(names->context, p, ip) : NULL;
}

static void set_stack(json_t *object, const struct event *e, const struct process *p,
		      const struct event_names *names)
{
	json_t *stack;

	if (!e->stack.count)
		return;
	stack = json_array();
	for (size_t i = 0; i < e->stack.count; i++) {
		const struct event_symbol *symbol = find(names, p, e->stack.ips[i]);
		size_t frame = 0;

		do {
			json_t *entry = json_object();

			json_object_set_new(entry, "ip", event_json_address(e->stack.ips[i]));
			set_symbol(entry, symbol, frame);
			json_array_append_new(stack, entry);
		} while (symbol && ++frame < symbol->count);
	}
	json_object_set_new(object, "stack", stack);
	if (e->stack.cut)
		json_object_set_new(object, "stack_cut", json_true());
}

void event_json_set_region(json_t *object, const struct region *region)
{
	json_t *entry;

	if (!region)
		return;
	entry = json_object();
	json_object_set_new(entry, "start", event_json_address(region->attr.start));
	json_object_set_new(entry, "kind", json_string(region_kind_name(region->attr.kind)));
	set_text(entry, "path", region->attr.path);
	json_object_set_new(object, "region", entry);
}

void event_json_set_code(json_t *object, const struct event *e, const struct process *p,
			 const struct event_names *names)
{
	set_symbol(object, find(names, p, e->fault.ip), 0);
	set_stack(object, e, p, names);
}

static json_t *fault_json(const struct event *e, const struct process *p, const struct event_names *names)
{
	const struct event_fault *fault = &e->fault;
	json_t *object = begin(e, "fault");

	json_object_set_new(object, "tid", json_integer(fault->tid));
	json_object_set_new(object, "address", event_json_address(fault->address));
	json_object_set_new(object, "ip", event_json_address(fault->ip));
	json_object_set_new(object, "kind", json_string(fault_kind_name(fault)));
	set_word(object, "access", fault_access_name(fault->access));
	if (fault->access)
		set_word(object, "access_from", fault->inferred ? "inferred" : "kernel");
	set_word(object, "cause", fault_cause_name(fault->cause));
	set_word(object, "was", event_state_name(fault->was));
	set_word(object, "now", event_state_name(fault->now));
	if (fault->now & PAGE_HUGE)
		json_object_set_new(object, "huge", json_true());
	if (fault->before)
		set_count(object, "before", fault->before);
	if (fault->after)
		set_count(object, "after", fault->after);
	if (p)
		event_json_set_region(object, space_find(p->space, fault->address));
	event_json_set_code(object, e, p, names);
	return object;
}

static void set_attr(json_t *object, const struct region_attr *attr)
{
	char perms[5];

	json_object_set_new(object, "start", event_json_address(attr->start));
	json_object_set_new(object, "end", event_json_address(attr->end));
	json_object_set_new(object, "perms", json_string(region_perms_text(perms, attr->perms)));
	json_object_set_new(object, "kind", json_string(region_kind_name(attr->kind)));
	set_text(object, "path", attr->path);
	if (attr->inode)
		set_count(object, "offset", attr->offset);
}

/* A change of rights alone is "protect". */
static json_t *change_json(const struct event *e, const struct process *p)
{
	const struct region *old = p ? space_find_near(p->space, e->region.id, e->region.attr.start) : NULL;
	const struct region_attr *now = &e->region.attr;
	bool moved = old && (old->attr.start != now->start || old->attr.end != now->end);
	json_t *object = begin(e, old && !moved && old->attr.perms != now->perms ? "protect" : "change"),
	       *was;
	char perms[5];

	set_attr(object, now);
	if (!old)
		return object;
	was = json_object();
	json_object_set_new(was, "start", event_json_address(old->attr.start));
	json_object_set_new(was, "end", event_json_address(old->attr.end));
	json_object_set_new(was, "perms", json_string(region_perms_text(perms, old->attr.perms)));
	json_object_set_new(object, "was", was);
	return object;
}

static json_t *region_json(const struct event *e)
{
	json_t *object = begin(e, event_type_name(e->type));

	set_attr(object, &e->region.attr);
	return object;
}

static json_t *process_json(const struct event *e)
{
	const struct event_process *process = &e->process;
	json_t *object = begin(e, process->exec ? "exec" : process->parent ? "fork" : "process");
	json_t *command = json_array();

	if (process->parent)
		json_object_set_new(object, "parent", json_integer(process->parent));
	for (size_t i = 0; process->argv && process->argv[i]; i++)
		json_array_append_new(command, event_json_text(process->argv[i]));
	json_object_set_new(object, "command", command);
	set_word(object, "comm", process->comm);
	set_word(object, "exe", process->exe);
	return object;
}

static json_t *status_json(const struct event *e)
{
	static const char *const words[] = {
		[PROCESS_RUNNING] = "running",
		[PROCESS_STOPPED] = "stopped",
		[PROCESS_PAUSED] = "paused",
		[PROCESS_ZOMBIE] = "zombie",
	};
	enum process_status status = e->status.status;
	json_t *object = begin(e, status >= PROCESS_EXITED ? "exit" : "status");

	if (status == PROCESS_EXITED)
		json_object_set_new(object, "code", json_integer(e->status.code));
	else if (status == PROCESS_KILLED)
		json_object_set_new(object, "signal", json_integer(e->status.code));
	else if (status < PROCESS_EXITED)
		json_object_set_new(object, "status", json_string(words[status]));
	return object;
}

static json_t *counters_json(const struct event *e)
{
	json_t *object = begin(e, "counters");

	set_count(object, "minor", e->counters.minor);
	set_count(object, "major", e->counters.major);
	set_count(object, "threads", e->counters.threads);
	return object;
}

/* What a program writes may have zero bytes in it. */
static json_t *output_json(const struct event *e)
{
	const char *bytes = e->output.bytes, *end = bytes + e->output.len;
	json_t *object = begin(e, "output");
	struct strbuf text = { 0 };

	for (;;) {
		size_t len = strnlen(bytes, (size_t)(end - bytes));
		char *utf8 = text_utf8_dup(bytes, len);

		strbuf_puts(&text, utf8);
		free(utf8);
		bytes += len;
		if (bytes == end)
			break;
		strbuf_add(&text, bytes++, 1);
	}
	json_object_set_new(object, "text", json_stringn(text.text ? text.text : "", text.len));
	strbuf_fini(&text);
	return object;
}

static json_t *source_json(const struct event *e)
{
	json_t *object = begin(e, "source");

	json_object_set_new(object, "source", json_string(source_kind_name(e->source.kind)));
	json_object_set_new(object, "ok", json_boolean(e->source.ok));
	set_word(object, "why", e->source.why);
	return object;
}

static json_t *call_json(const struct event *e, const struct process *p, const struct event_names *names)
{
	json_t *object = begin(e, "call");
	struct strbuf args = { 0 };

	call_print_args(&args, &e->call);
	json_object_set_new(object, "tid", json_integer(e->call.tid));
	set_text(object, "name", call_name(e->call.kind));
	set_text(object, "args", args.text);
	strbuf_fini(&args);
	if (e->call.error)
		json_object_set_new(object, "errno", json_integer(e->call.error));
	else
		json_object_set_new(object, "result", event_json_address(e->call.result));
	set_stack(object, e, p, names);
	return object;
}

static json_t *stop_json(const struct event *e)
{
	json_t *object = begin(e, "stop");

	json_object_set_new(object, "why", json_string(stop_why_name(e->stop.why)));
	if (e->stop.tid)
		json_object_set_new(object, "tid", json_integer(e->stop.tid));
	return object;
}

static json_t *thread_json(const struct event *e)
{
	json_t *object = begin(e, "thread");

	json_object_set_new(object, "tid", json_integer(e->thread.tid));
	set_text(object, "name", e->thread.name);
	json_object_set_new(object, "ended", json_boolean(e->thread.ended));
	return object;
}

static json_t *mark_json(const struct event *e)
{
	json_t *object = begin(e, "mark");

	set_text(object, "text", e->mark.text);
	return object;
}

static json_t *lost_json(const struct event *e)
{
	json_t *object = begin(e, "lost");

	set_count(object, "count", e->lost.count);
	set_text(object, "where", e->lost.where);
	return object;
}

json_t *event_json(const struct event *e, const struct process *p, const struct event_names *names)
{
	switch (e->type) {
	case EVENT_PROCESS:
		return process_json(e);
	case EVENT_STATUS:
		return status_json(e);
	case EVENT_COUNTERS:
		return counters_json(e);
	case EVENT_MAP:
	case EVENT_UNMAP:
		return region_json(e);
	case EVENT_CHANGE:
		return change_json(e, p);
	case EVENT_FAULT:
		return fault_json(e, p, names);
	case EVENT_OUTPUT:
		return output_json(e);
	case EVENT_SOURCE:
		return source_json(e);
	case EVENT_MARK:
		return mark_json(e);
	case EVENT_LOST:
		return lost_json(e);
	case EVENT_CALL:
		return call_json(e, p, names);
	case EVENT_STOP:
		return stop_json(e);
	case EVENT_THREAD:
		return thread_json(e);
	default:
		return NULL;
	}
}

json_t *event_json_pages(const struct event *e, const struct space *space, const struct page_change *change)
{
	json_t *object = begin(e, "pages");

	json_object_set_new(object, "start", event_json_address(space_address(space, change->first)));
	set_count(object, "pages", change->end - change->first);
	set_word(object, "was", event_state_name(change->was));
	set_word(object, "now", page_state_name(page_state(change->now)));
	event_json_set_region(object, change->region);
	json_object_set_new(object, "seen", json_string("scan"));
	return object;
}
