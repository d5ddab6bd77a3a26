/* Names of the code that faults and stacks tell of, told as events of the same source. */
#include "live/live_state.h"

#include <poll.h>

#include "base/clock.h"

#define AWAIT_MS 4
#define PATIENCE_NS (5 * CLOCK_SECOND)

/* What the symbolizer asks about the process. */
struct asking {
	struct reader *reader;
	const struct space *space;
};

static const struct region *region_at(void *context, uint64_t address)
{
	const struct asking *a = context;
	return space_find(a->space, address);
}

static const struct region *region_below(void *context, uint64_t address)
{
	const struct asking *a = context;
	size_t i = space_find_index(a->space, address);
	if (i < a->space->count && a->space->regions[i]->attr.start < address)
		return a->space->regions[i];
	return i > 0 ? a->space->regions[i - 1] : NULL;
}

static int open_file(void *context, const struct region_attr *attr, struct err *err)
{
	const struct asking *a = context;
	return reader_open_file(a->reader, attr, err);
}

static size_t build_id(void *context, uint64_t address, uint8_t *id, size_t size)
{
	const struct asking *a = context;
	return reader_build_id(a->reader, address, id, size);
}

static size_t peek(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	const struct asking *a = context;
	return reader_peek(a->reader, address, bytes, size);
}

static int32_t own_pid(void *context)
{
	const struct asking *a = context;
	return reader_own_pid(a->reader);
}

static struct process_view view_of(const struct process *process, struct asking *a)
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
		.uid = process->uid,
		.page_size = UINT64_C(1) << process->space->page_shift,
		.generation = process->space->region_generation,
		.ops = &ops,
		.context = a,
	};
}

struct telling {
	struct live *live;
	struct sink *sink;
};

static void tell(void *context, struct event *e)
{
	struct telling *t = context;
	live_send(t->live, t->sink, e);
}

void live_names_open(struct live *live)
{
	live->names.modules = modules_create(live->options.share);
	if (!live->options.reader.off[SOURCE_SYMBOLS])
		live->names.symbolizer = symbolizer_create(live->names.modules);
}

void live_names_fini(struct live *live)
{
	symbolizer_destroy(live->names.symbolizer);
	modules_destroy(live->names.modules);
}

void live_names_forget(struct live *live)
{
	if (live->names.symbolizer)
		symbolizer_forget(live->names.symbolizer);
	else
		modules_forget(live->names.modules);
}

/* Until all have come. Reading a library's debug information can take as long as rings take to
 * fill: so it is done by the thread even so, and the rings are emptied meanwhile. */
static void await(struct live *live, struct sink *sink)
{
	struct symbolizer *s = live->names.symbolizer;
	while (symbolizer_busy(s)) {
		struct pollfd fd = { .fd = symbolizer_fd(s), .events = POLLIN };
		poll(&fd, 1, AWAIT_MS);
		live_drain_faults(live, sink);
		live_names_tell(live, sink);
	}
}

void live_names_want(struct live *live, struct sink *sink, const struct event *e)
{
	const struct process *process = world_find(live->world, e->pid);
	struct telling t = { live, sink };
	struct symbolizer_out to = { tell, &t };
	struct symbolizer *s = live->names.symbolizer;
	if (!s || !process)
		return;
	struct asking asking = { live->reader, process->space };
	struct process_view view = view_of(process, &asking);
	if (e->type == EVENT_FAULT)
		symbolizer_ask(s, &view, e->fault.ip, to);
	for (size_t i = 0; i < e->stack.count; i++)
		symbolizer_ask(s, &view, e->stack.ips[i], to);
	if (live->options.names == LIVE_NAMES_NOW)
		await(live, sink);
}

void live_names_tell(struct live *live, struct sink *sink)
{
	const struct process *process = world_find(live->world, live->pid);
	struct telling t = { live, sink };
	if (!live->names.symbolizer || !process)
		return;
	struct asking asking = { live->reader, process->space };
	struct process_view view = view_of(process, &asking);
	symbolizer_deliver(live->names.symbolizer, &view, (struct symbolizer_out){ tell, &t });
}

/* A file that was given to the thread before is only waited for: the page on the screen asks often. */
void live_names_locate(struct live *live, const struct process *process, uint64_t address,
		       struct location *location)
{
	struct live_names *n = &live->names;
	bool wait = live->options.names == LIVE_NAMES_NOW;
	struct asking asking = { live->reader, process->space };
	struct process_view view = view_of(process, &asking);
	struct module *file = locate_address(n->modules, &view, address, wait, location);
	if (!file || (file == n->read_last && symbolizer_busy(n->symbolizer)))
		return;
	n->read_last = file;
	if (!symbolizer_read(n->symbolizer, &view, file))
		locate_address(n->modules, &view, address, true, location);
}

bool live_names_awaited(struct live *live)
{
	uint64_t now = clock_now_ns();
	if (!live->names.symbolizer || !symbolizer_busy(live->names.symbolizer))
		return false;
	if (!live->names.patience_ns)
		live->names.patience_ns = now + PATIENCE_NS;
	return now < live->names.patience_ns;
}
