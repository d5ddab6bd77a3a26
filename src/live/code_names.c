/* Code is named by the thread that reads files. This file turns its answers into events, and answers its
 * questions about the process. */
#include "live/code_names.h"

#include <poll.h>

#include "base/clock.h"
#include "symbol/locate.h"

#define AWAIT_MS 4
#define PATIENCE_NS (5 * CLOCK_SECOND)

/* What the symbolizer asks about the process. */
struct named_process {
	struct reader *reader;
	const struct space *space;
};

static const struct region *region_at(void *context, uint64_t address)
{
	const struct named_process *a = context;
	return space_find(a->space, address);
}

static const struct region *region_below(void *context, uint64_t address)
{
	const struct named_process *a = context;
	size_t i = space_find_index(a->space, address);
	if (i < a->space->count && a->space->regions[i]->attr.start < address)
		return a->space->regions[i];
	return i > 0 ? a->space->regions[i - 1] : NULL;
}

static int open_file(void *context, const struct region_attr *attr, struct err *err)
{
	const struct named_process *a = context;
	return reader_open_file(a->reader, attr, err);
}

static size_t build_id(void *context, uint64_t address, uint8_t *id, size_t size)
{
	const struct named_process *a = context;
	return reader_build_id(a->reader, address, id, size);
}

static size_t peek(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	const struct named_process *a = context;
	return reader_peek(a->reader, address, bytes, size);
}

static int32_t own_pid(void *context)
{
	const struct named_process *a = context;
	return reader_own_pid(a->reader);
}

static struct process_view view_of(const struct process *process, struct named_process *a)
{
	static const struct process_view_ops ops = {
		.region_at = region_at,
		.region_below = region_below,
		.open_file = open_file,
		.build_id = build_id,
		.peek = peek,
		.own_pid = own_pid,
	};
	return (struct process_view){
		.uid = process->identity.uid,
		.page_size = UINT64_C(1) << process->space->page_shift,
		.generation = process->space->region_generation,
		.ops = &ops,
		.context = a,
	};
}

struct sending {
	struct watch *watch;
	struct sink *sink;
};

static void send(void *context, struct event *e)
{
	struct sending *s = context;
	watch_send(s->watch, s->sink, e);
}

void code_names_init(struct code_names *n, struct watch *watch, struct reader *reader,
		     struct module_share *share, bool at_once, bool off)
{
	*n = (struct code_names){ .watch = watch, .reader = reader, .at_once = at_once };
	n->modules = modules_create(share);
	modules_set_root(n->modules, reader_root(reader)); /* cannot be opened once it has ended */
	if (!off)
		n->symbolizer = symbolizer_create(n->modules);
}

void code_names_fini(struct code_names *n)
{
	symbolizer_destroy(n->symbolizer);
	modules_destroy(n->modules);
}

void code_names_set_meanwhile(struct code_names *n, void (*meanwhile)(void *context, struct sink *),
			      void *context)
{
	n->meanwhile = meanwhile;
	n->context = context;
}

void code_names_forget(struct code_names *n)
{
	if (n->symbolizer)
		symbolizer_forget(n->symbolizer);
	else
		modules_forget(n->modules);
}

int code_names_fd(const struct code_names *n)
{
	return n->symbolizer ? symbolizer_fd(n->symbolizer) : -1;
}

/* Waits for all pending names, at most until that time. Reading a library's debug information can take as long as the
 * rings take to fill, so even here the thread does it, and the rings are emptied meanwhile. */
static void await(struct code_names *n, struct sink *sink, uint64_t until_ns)
{
	while (symbolizer_busy(n->symbolizer) && clock_now_ns() < until_ns) {
		struct pollfd fd = { .fd = symbolizer_fd(n->symbolizer), .events = POLLIN };
		poll(&fd, 1, AWAIT_MS);
		if (n->meanwhile)
			n->meanwhile(n->context, sink);
		code_names_send(n, sink);
	}
}

void code_names_want(struct code_names *n, struct sink *sink, const struct event *e)
{
	const struct process *process = world_find(n->watch->world, e->pid);
	struct sending s = { n->watch, sink };
	struct symbolizer_out to = { send, &s };
	if (!n->symbolizer || !process)
		return;
	struct named_process asking = { n->reader, process->space };
	struct process_view view = view_of(process, &asking);
	if (e->type == EVENT_FAULT)
		symbolizer_ask(n->symbolizer, &view, e->fault.ip, to);
	for (size_t i = 0; i < e->stack.count; i++)
		symbolizer_ask(n->symbolizer, &view, e->stack.ips[i], to);
	if (n->at_once)
		await(n, sink, UINT64_MAX);
}

void code_names_finish(struct code_names *n, struct sink *sink, uint64_t max_ns)
{
	code_names_send(n, sink);
	if (n->symbolizer)
		await(n, sink, clock_now_ns() + max_ns);
}

void code_names_send(struct code_names *n, struct sink *sink)
{
	const struct process *process = watch_process(n->watch);
	struct sending s = { n->watch, sink };
	if (!n->symbolizer || !process)
		return;
	struct named_process asking = { n->reader, process->space };
	struct process_view view = view_of(process, &asking);
	symbolizer_deliver(n->symbolizer, &view, (struct symbolizer_out){ send, &s });
}

/* A file that is already queued is not queued again: the page on the screen asks often. */
void code_names_locate(struct code_names *n, const struct process *process, uint64_t address,
		       struct location *location)
{
	struct named_process asking = { n->reader, process->space };
	struct process_view view = view_of(process, &asking);
	struct module *file = locate_address(n->modules, &view, address, n->at_once, location);
	if (!file || (file == n->read_last && symbolizer_busy(n->symbolizer)))
		return;
	n->read_last = file;
	if (!symbolizer_read(n->symbolizer, &view, file))
		locate_address(n->modules, &view, address, true, location);
}

size_t code_names_copy(struct code_names *n, const struct process *process, const struct region_attr *attr,
		       uint64_t offset, uint8_t *bytes, size_t size)
{
	struct named_process asking = { n->reader, process->space };
	struct process_view view = view_of(process, &asking);
	return modules_copy(n->modules, &view, attr, offset, bytes, size);
}

struct module *code_names_hold_bytes(struct code_names *n, const struct region_attr *attr)
{
	const struct process *process = watch_process(n->watch);
	struct named_process asking = { n->reader, process->space };
	struct process_view view = view_of(process, &asking);
	struct module *module = modules_find_bytes(n->modules, &view, attr);
	return module ? module_hold(module) : NULL;
}

bool code_names_awaited(struct code_names *n)
{
	uint64_t now = clock_now_ns();
	if (!n->symbolizer || !symbolizer_busy(n->symbolizer))
		return false;
	if (!n->patience_ns)
		n->patience_ns = now + PATIENCE_NS;
	return now < n->patience_ns;
}
