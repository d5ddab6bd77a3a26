/* Faults come in streaks from one instruction, by one way, to one region. What the object says of these, which
 * has names and paths in it, is made by event_json once and kept as text; what differs from fault to fault are
 * numbers and words of our own, which need no quoting:
 *
 *   {"event": "fault", ... "now": "anon"   , "region": {...}, "symbol": "fill", "offset": 44, "stack": [...]}
 *    written here                            kept by region, ip and stack
 */
#include "export/fault_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SECOND UINT64_C(1000000000)

void fault_json_init(struct fault_json *f, const struct event_names *names)
{
	memset(f, 0, sizeof *f);
	f->names = *names;
}

void fault_json_fini(struct fault_json *f)
{
	for (size_t i = 0; i < FAULT_JSON_KEPT; i++) {
		strbuf_fini(&f->tails[i].text);
		free(f->tails[i].ips);
	}
}

static int add_dumped(const char *bytes, size_t len, void *out)
{
	strbuf_add(out, bytes, len);
	return 0;
}

static void add_object(struct strbuf *out, json_t *object)
{
	json_dump_callback(object, add_dumped, out, EVENT_JSON_FLAGS);
	json_decref(object);
}

/* ", "region": {...}, "symbol": ...}" */
static void make_tail(struct fault_json *f, struct fault_tail *tail, const struct event *e,
		      const struct process *p, const struct region *region)
{
	json_t *object = json_object();
	struct strbuf text = { 0 };

	event_json_set_region(object, region);
	event_json_set_code(object, e, p, &f->names);
	add_object(&text, object);
	strbuf_clear(&tail->text);
	if (strcmp(text.text, "{}") != 0)
		strbuf_puts(&tail->text, ", ");
	strbuf_puts(&tail->text, text.text + 1); /* without the bracket */
	strbuf_fini(&text);
}

static uint64_t hash_of(const struct event *e, uint64_t region)
{
	uint64_t hash = e->fault.ip ^ region << 40;

	for (size_t i = 0; i < e->stack.count; i++)
		hash = (hash ^ e->stack.ips[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return hash * UINT64_C(0x9e3779b97f4a7c15);
}

static bool same_stack(const struct fault_tail *tail, const struct event_stack *stack)
{
	return tail->count == stack->count && tail->cut == stack->cut &&
	       (!stack->count || !memcmp(tail->ips, stack->ips, stack->count * sizeof *stack->ips));
}

static void keep_stack(struct fault_tail *tail, const struct event_stack *stack)
{
	free(tail->ips);
	tail->ips = mem_alloc((stack->count + 1) * sizeof *tail->ips);
	if (stack->count)
		memcpy(tail->ips, stack->ips, stack->count * sizeof *stack->ips);
	tail->count = stack->count;
	tail->cut = stack->cut;
}

static const struct strbuf *tail_of(struct fault_json *f, const struct event *e, const struct process *p)
{
	const struct region *region = space_find(p->space, e->fault.address);
	uint64_t id = region ? region->id : 0;
	struct fault_tail *tail = &f->tails[hash_of(e, id) >> 32 & (FAULT_JSON_KEPT - 1)];

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

static void add_head(struct strbuf *out, const struct event *e)
{
	const struct event_fault *fault = &e->fault;

	strbuf_printf(out,
		      "{\"event\": \"fault\", \"time\": %" PRIu64 ".%09" PRIu64 ", \"pid\": %" PRId32
		      ", \"tid\": %" PRId32 ", \"address\": \"0x%" PRIx64 "\", \"ip\": \"0x%" PRIx64
		      "\", \"kind\": \"%s\"",
		      e->time_ns / SECOND, e->time_ns % SECOND, e->pid, fault->tid, fault->address, fault->ip,
		      fault_kind_name(fault));
	add_word(out, ", \"access\": \"", fault_access_name(fault->access));
	if (fault->access)
		add_word(out, ", \"access_from\": \"", fault->inferred ? "inferred" : "kernel");
	add_word(out, ", \"cause\": \"", fault_cause_name(fault->cause));
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

	add_head(out, e);
	strbuf_add(out, tail->text, tail->len);
}
