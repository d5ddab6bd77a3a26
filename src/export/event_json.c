/* One object for each event:
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

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/json.h"
#include "model/departures.h"

static void set_text(json_t *object, const char *name, const char *bytes)
{
	json_object_set_new(object, name, json_from_text(bytes));
}

/* If it is known. */
static void set_word(json_t *object, const char *name, const char *word)
{
	if (*word)
		set_text(object, name, word);
}

static void set_count(json_t *object, const char *name, uint64_t count)
{
	json_object_set_new(object, name, json_from_count(count));
}

static json_t *begin(const struct event *e, const char *what)
{
	json_t *object = json_object();

	json_object_set_new(object, "event", json_string(what));
	json_object_set_new(object, "time", json_real((double)e->time_ns / (double)CLOCK_SECOND));
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

/* What is known about an address of code, for one of the functions there: all but the last are inlined. */
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

	if (e->stack.end == STACK_NOT_SAMPLED)
		json_object_set_new(object, "stack_sampled", json_false());
	if (!e->stack.count || e->stack.end == STACK_NOT_SAMPLED)
		return;
	stack = json_array();
	for (size_t i = 0; i < e->stack.count; i++) {
		const struct event_symbol *symbol = find(names, p, e->stack.ips[i]);
		size_t frame = 0;

		do {
			json_t *entry = json_object();

			json_object_set_new(entry, "ip", json_from_address(e->stack.ips[i]));
			set_symbol(entry, symbol, frame);
			json_array_append_new(stack, entry);
		} while (symbol && ++frame < symbol->count);
	}
	json_object_set_new(object, "stack", stack);
	if (stack_is_cut(e->stack.end))
		json_object_set_new(object, "stack_cut", json_true());
	set_word(object, "stack_cut_why", stack_end_name(e->stack.end));
	if (e->stack.deduced)
		set_count(object, "stack_deduced", e->stack.deduced);
}

static void set_region(json_t *object, const struct region *region)
{
	json_t *entry;

	if (!region)
		return;
	entry = json_object();
	json_object_set_new(entry, "start", json_from_address(region->attr.start));
	json_object_set_new(entry, "kind", json_string(region_kind_name(region->attr.kind)));
	set_text(entry, "path", region->attr.path);
	json_object_set_new(object, "region", entry);
}

static void set_code(json_t *object, const struct event *e, const struct process *p,
		     const struct event_names *names)
{
	set_symbol(object, find(names, p, e->fault.ip), 0);
	set_stack(object, e, p, names);
}

static json_t *fault_object(const struct event *e, const struct process *p, const struct event_names *names)
{
	const struct event_fault *fault = &e->fault;
	json_t *object = begin(e, "fault");

	json_object_set_new(object, "tid", json_integer(fault->tid));
	json_object_set_new(object, "address", json_from_address(fault->address));
	json_object_set_new(object, "ip", json_from_address(fault->ip));
	json_object_set_new(object, "kind", json_string(fault_kind_name(fault)));
	set_word(object, "access", fault_access_name(fault->access));
	if (fault->access)
		set_word(object, "access_from", fault->inferred ? "inferred" : "kernel");
	set_word(object, "cause", fault_cause_name(fault->cause));
	set_word(object, "cause_from", fault_cause_from(fault));
	set_word(object, "cause_why", fault_why_text(fault->why));
	set_word(object, "was", event_state_name(fault->was));
	set_word(object, "now", event_state_name(fault->now));
	if (fault->now & PAGE_HUGE)
		json_object_set_new(object, "huge", json_true());
	if (fault->before)
		set_count(object, "before", fault->before);
	if (fault->after)
		set_count(object, "after", fault->after);
	if (p)
		set_region(object, space_find(p->space, fault->address));
	set_code(object, e, p, names);
	return object;
}

static void set_attr(json_t *object, const struct region_attr *attr)
{
	char perms[5];

	json_object_set_new(object, "start", json_from_address(attr->start));
	json_object_set_new(object, "end", json_from_address(attr->end));
	json_object_set_new(object, "perms", json_string(region_perms_text(perms, attr->perms)));
	json_object_set_new(object, "kind", json_string(region_kind_name(attr->kind)));
	set_text(object, "path", attr->path);
	if (attr->inode)
		set_count(object, "offset", attr->offset);
	if (attr->joined)
		json_object_set_new(object, "joined", json_true());
}

/* A change of permissions only is "protect". */
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
	json_object_set_new(was, "start", json_from_address(old->attr.start));
	json_object_set_new(was, "end", json_from_address(old->attr.end));
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
	if (process->forked_ns)
		json_object_set_new(object, "forked",
				    json_real((double)process->forked_ns / (double)CLOCK_SECOND));
	if (process->vfork)
		json_object_set_new(object, "vfork", json_true());
	for (size_t i = 0; process->argv && process->argv[i]; i++)
		json_array_append_new(command, json_from_text(process->argv[i]));
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

static json_t *output_json(const struct event *e)
{
	json_t *object = begin(e, "output");

	json_object_set_new(object, "text", json_from_bytes(e->output.bytes, e->output.len));
	return object;
}

static json_t *source_json(const struct event *e)
{
	json_t *object = begin(e, "source");

	json_object_set_new(object, "source", json_string(source_kind_name(e->source.kind)));
	json_object_set_new(object, "ok", json_boolean(e->source.ok));
	set_word(object, "why", e->source.why);
	if (e->source.partial)
		json_object_set_new(object, "partial", json_true());
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
		json_object_set_new(object, "result", json_from_address(e->call.result));
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
	set_text(object, "where", lost_name(e->lost.what));
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
		return fault_object(e, p, names);
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

json_t *event_json_left(const struct event *e, const struct space *space, const struct event_left *left)
{
	json_t *object = begin(e, "left");

	json_object_set_new(object, "start", json_from_address(space_address(space, left->first)));
	set_count(object, "pages", left->end - left->first);
	set_word(object, "was", event_state_name(left->was));
	set_word(object, "now", event_state_name(left->now));
	json_object_set_new(object, "reason", json_string(left_reason_name(left->reason)));
	set_word(object, "reason_from", left_reason_from(left->reason));
	if (left->reason == LEFT_CALL) {
		json_object_set_new(object, "call", json_string(call_name(left->call)));
		json_object_set_new(object, "tid", json_integer(left->tid));
	}
	set_region(object, space_find(space, space_address(space, left->first)));
	return object;
}

json_t *event_json_pages(const struct event *e, const struct space *space, const struct page_change *change)
{
	json_t *object = begin(e, "pages");

	json_object_set_new(object, "start", json_from_address(space_address(space, change->first)));
	set_count(object, "pages", change->end - change->first);
	set_word(object, "was", event_state_name(change->was));
	set_word(object, "now", page_state_name(page_state(change->now)));
	set_region(object, change->region);
	json_object_set_new(object, "seen", json_string("scan"));
	return object;
}

/* Faults come in streaks from one instruction, with one stack, to one region. The end of their objects, with
 * names and paths, is made once and kept as text; the beginning, which differs from fault to fault, consists
 * of numbers and words of our own, which need no escapes:
 *
 *   {"event": "fault", ... "now": "anon"   , "region": {...}, "symbol": "fill", "offset": 44, "stack": [...]}
 *    written each time                       kept by region, ip and stack */
#define TAILS 2048

struct fault_tail {
	bool known;
	const struct process *process;
	uint64_t ip, region;
	uint64_t regions, names; /* generations */
	uint64_t *ips;           /* of the stack; owned */
	size_t count, deduced;
	enum stack_end end;
	struct strbuf text;
};

struct fault_json {
	struct event_names names;
	struct fault_tail tails[TAILS]; /* by a hash of region, ip and stack */
};

struct fault_json *fault_json_create(const struct event_names *names)
{
	struct fault_json *f = mem_zalloc(sizeof *f);

	f->names = *names;
	return f;
}

void fault_json_destroy(struct fault_json *f)
{
	for (size_t i = 0; i < TAILS; i++) {
		strbuf_fini(&f->tails[i].text);
		free(f->tails[i].ips);
	}
	free(f);
}

/* ", "region": {...}, "symbol": ...}" */
static void make_tail(struct fault_json *f, struct fault_tail *tail, const struct event *e,
		      const struct process *p, const struct region *region)
{
	json_t *object = json_object();
	struct strbuf text = { 0 };

	set_region(object, region);
	set_code(object, e, p, &f->names);
	json_append(&text, object, EVENT_JSON_FLAGS);
	strbuf_clear(&tail->text);
	if (strcmp(text.text, "{}") != 0)
		strbuf_puts(&tail->text, ", ");
	strbuf_puts(&tail->text, text.text + 1); /* without the bracket */
	strbuf_fini(&text);
}

static uint32_t hash_of(const struct event *e, uint64_t region)
{
	return hash_two(e->fault.ip ^ region << 40, hash_words(e->stack.ips, e->stack.count));
}

static bool same_stack(const struct fault_tail *tail, const struct event_stack *stack)
{
	return tail->count == stack->count && tail->end == stack->end && tail->deduced == stack->deduced &&
	       (!stack->count || !memcmp(tail->ips, stack->ips, stack->count * sizeof *stack->ips));
}

static void keep_stack(struct fault_tail *tail, const struct event_stack *stack)
{
	free(tail->ips);
	tail->ips = mem_alloc((stack->count + 1) * sizeof *tail->ips);
	if (stack->count)
		memcpy(tail->ips, stack->ips, stack->count * sizeof *stack->ips);
	tail->count = stack->count;
	tail->end = stack->end;
	tail->deduced = stack->deduced;
}

static const struct strbuf *tail_of(struct fault_json *f, const struct event *e, const struct process *p)
{
	const struct region *region = space_find(p->space, e->fault.address);
	uint64_t id = region ? region->id : 0;
	struct fault_tail *tail = &f->tails[hash_of(e, id) & (TAILS - 1)];

	if (tail->known && tail->process == p && tail->ip == e->fault.ip && tail->region == id &&
	    tail->regions == p->space->region_generation && tail->names == names_generation(p->names) &&
	    same_stack(tail, &e->stack))
		return &tail->text;
	make_tail(f, tail, e, p, region);
	tail->known = true;
	tail->process = p;
	tail->ip = e->fault.ip;
	tail->region = id;
	tail->regions = p->space->region_generation;
	tail->names = names_generation(p->names);
	keep_stack(tail, &e->stack);
	return &tail->text;
}

static void add_word(struct strbuf *out, const char *key, const char *word)
{
	if (!*word)
		return;
	strbuf_puts(out, key);
	strbuf_puts(out, word);
	strbuf_puts(out, "\"");
}

static void add_head(struct strbuf *out, const struct event *e, const char *what, int32_t tid)
{
	strbuf_printf(out,
		      "{\"event\": \"%s\", \"time\": %" PRIu64 ".%09" PRIu64 ", \"pid\": %" PRId32
		      ", \"tid\": %" PRId32,
		      what, e->time_ns / CLOCK_SECOND, e->time_ns % CLOCK_SECOND, e->pid, tid);
}

static void add_fault_head(struct strbuf *out, const struct event *e)
{
	const struct event_fault *fault = &e->fault;

	add_head(out, e, "fault", fault->tid);
	strbuf_printf(out, ", \"address\": \"0x%" PRIx64 "\", \"ip\": \"0x%" PRIx64 "\", \"kind\": \"%s\"",
		      fault->address, fault->ip, fault_kind_name(fault));
	add_word(out, ", \"access\": \"", fault_access_name(fault->access));
	if (fault->access)
		add_word(out, ", \"access_from\": \"", fault->inferred ? "inferred" : "kernel");
	add_word(out, ", \"cause\": \"", fault_cause_name(fault->cause));
	add_word(out, ", \"cause_from\": \"", fault_cause_from(fault));
	add_word(out, ", \"cause_why\": \"", fault_why_text(fault->why));
	add_word(out, ", \"was\": \"", event_state_name(fault->was));
	add_word(out, ", \"now\": \"", event_state_name(fault->now));
	if (fault->now & PAGE_HUGE)
		strbuf_puts(out, ", \"huge\": true");
	if (fault->before)
		strbuf_printf(out, ", \"before\": %u", fault->before);
	if (fault->after)
		strbuf_printf(out, ", \"after\": %u", fault->after);
}

void fault_json_add(struct fault_json *f, struct strbuf *out, const struct event *e, const struct process *p)
{
	const struct strbuf *tail = tail_of(f, e, p);

	add_fault_head(out, e);
	strbuf_add(out, tail->text, tail->len);
}

void thread_json_add(struct strbuf *out, const struct event *e)
{
	add_head(out, e, "thread", e->thread.tid);
	strbuf_puts(out, ", \"name\": ");
	json_append_text(out, e->thread.name);
	strbuf_puts(out, e->thread.ended ? ", \"ended\": true}" : ", \"ended\": false}");
}
