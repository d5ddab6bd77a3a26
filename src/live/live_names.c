/* Names of the code that faults and stacks tell of, told as events of the same source. */
#include "live/live_state.h"

#include <poll.h>

#include "base/clock.h"

#define AWAIT_MS 4
#define PATIENCE_NS (5 * CLOCK_SECOND)

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
	live->names.files = code_files_create(live->options.share);
	if (!live->options.reader.off[SOURCE_SYMBOLS])
		live->names.resolver = resolver_create(live->names.files);
}

void live_names_fini(struct live *live)
{
	resolver_destroy(live->names.resolver);
	code_files_destroy(live->names.files);
}

void live_names_forget(struct live *live)
{
	if (live->names.resolver)
		resolver_forget(live->names.resolver);
	else
		code_files_forget(live->names.files);
}

/* Until all have come. Reading a library's debug information can take as long as rings take to
 * fill: so it is done by the thread even so, and the rings are emptied meanwhile. */
static void await(struct live *live, struct sink *sink)
{
	struct resolver *r = live->names.resolver;
	while (resolver_busy(r)) {
		struct pollfd fd = { .fd = resolver_fd(r), .events = POLLIN };
		poll(&fd, 1, AWAIT_MS);
		live_drain_faults(live, sink);
		live_names_tell(live, sink);
	}
}

void live_names_want(struct live *live, struct sink *sink, const struct event *e)
{
	const struct process *process = world_find(live->world, e->pid);
	struct telling t = { live, sink };
	struct resolver_tell to = { tell, &t };
	struct resolver *r = live->names.resolver;
	if (!r || !process)
		return;
	if (e->type == EVENT_FAULT)
		resolver_ask(r, live->reader, process, e->fault.ip, to);
	for (size_t i = 0; i < e->stack.count; i++)
		resolver_ask(r, live->reader, process, e->stack.ips[i], to);
	if (live->options.names == LIVE_NAMES_NOW)
		await(live, sink);
}

void live_names_tell(struct live *live, struct sink *sink)
{
	const struct process *process = world_find(live->world, live->pid);
	struct telling t = { live, sink };
	if (live->names.resolver && process)
		resolver_tell(live->names.resolver, live->reader, process,
			      (struct resolver_tell){ tell, &t });
}

/* A file that was given to the thread before is only waited for: the page on the screen asks often. */
void live_names_locate(struct live *live, const struct process *process, uint64_t address,
		       struct location *location)
{
	struct live_names *n = &live->names;
	bool wait = live->options.names == LIVE_NAMES_NOW;
	struct code_entry *file =
	    locate_address(n->files, live->reader, process->space, address, wait, location);
	if (!file || (file == n->read_last && resolver_busy(n->resolver)))
		return;
	n->read_last = file;
	if (!resolver_read(n->resolver, live->reader, process, file))
		locate_address(n->files, live->reader, process->space, address, true, location);
}

bool live_names_awaited(struct live *live)
{
	uint64_t now = clock_now_ns();
	if (!live->names.resolver || !resolver_busy(live->names.resolver))
		return false;
	if (!live->names.patience_ns)
		live->names.patience_ns = now + PATIENCE_NS;
	return now < live->names.patience_ns;
}
