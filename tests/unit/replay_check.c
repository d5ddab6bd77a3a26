#include "replay_check.h"

#include "world_dump.h"

/* --- a watch in which everything occurs --- */

static void send_name(struct watch *w, int process, uint64_t ip)
{
	static const struct code_frame frames[] = { { "inner", "a.c", 3 }, { "outer", "a.c", 30 } };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){ .ip = ip,
					  .object = "/bin/demo",
					  .section = ".text",
					  .offset = ip & 0xff,
					  .frames = frames,
					  .count = ip % 3,
					  .why = "no lines" };
	watch_send(w, &e, process);
	e = (struct event){ .type = EVENT_LINES };
	e.lines.path = "a.c";
	e.lines.first = (uint32_t)(ip % 7);
	e.lines.text = "first\n\tsecond\n";
	watch_send(w, &e, process);
}

void live_send_fault(struct watch *w, int process)
{
	uint64_t ips[5], page = 16 + check_random(&w->random) % 100;
	struct event e = { .type = EVENT_FAULT };

	for (int i = 0; i < 5; i++)
		ips[i] = 0x400000 + check_random(&w->random) % 8;
	e.fault = (struct event_fault){ .address = page * PAGE + 123,
					.ip = ips[0],
					.tid = 100 + (int)(check_random(&w->random) % 3),
					.major = check_random(&w->random) % 2,
					.access = FAULT_READ,
					.cause = FAULT_FILE_CACHED,
					.was = PAGE_CACHED,
					.now = PAGE_FILE,
					.before = (uint16_t)(check_random(&w->random) % 3),
					.after = (uint16_t)(check_random(&w->random) % 9) };
	e.stack = (struct event_stack){ ips, check_random(&w->random) % 6,
					(enum stack_end)(check_random(&w->random) % STACK_ENDS), 0 };
	w->time_ns -= w->time_ns ? 1000 : 0; /* it happened a little before it was reported */
	watch_send(w, &e, process);
	w->time_ns += w->time_ns ? 1000 : 0;
	if (check_random(&w->random) % 4 == 0)
		send_name(w, process, ips[0]);
}

/* Memory in common with its parent, of which some is copied. */
static void send_forked(struct watch *w, int process)
{
	uint64_t first = watch_attr(0, SLOT_PAGES).start / PAGE;
	struct run tile = { first, first + SLOT_PAGES, PAGE_ANON | PAGE_SHARED };
	struct event e = { 0 };

	e.region.id = 1;
	e.region.attr = watch_attr(0, SLOT_PAGES);
	e.type = EVENT_UNMAP; /* of one of that number that has not ended, maybe */
	watch_send(w, &e, process);
	e.type = EVENT_MAP;
	watch_send(w, &e, process);
	e = (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } };
	watch_send(w, &e, process);
	e = (struct event){ .type = EVENT_TICK };
	watch_send(w, &e, process);
	for (unsigned n = check_random(&w->random) % 20; n; n--) {
		e = (struct event){ .type = EVENT_FAULT };
		e.fault =
		    (struct event_fault){ .address = (first + check_random(&w->random) % SLOT_PAGES) * PAGE,
					  .ip = 0x400000 + check_random(&w->random) % 8,
					  .tid = 100,
					  .access = FAULT_WRITE,
					  .cause = check_random(&w->random) % 4 ? FAULT_COW_FORK
										: FAULT_CAUSE_UNKNOWN,
					  .was = PAGE_ANON,
					  .now = PAGE_ANON };
		watch_send(w, &e, check_random(&w->random) % 2 ? process : 0);
	}
	tile = (struct run){ first, first + 3, PAGE_RESERVED };
	e = (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } };
	if (check_random(&w->random) % 2)
		watch_send(w, &e, process);
}

/* It starts, lives, ends; and its pid comes again. */
static void send_child(struct watch *w, int process)
{
	static const char *const argv[] = { "child", NULL };
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "child",
					    .exe = "/tmp/child",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48,
					    .parent = 100,
					    .forked_ns = w->time_ns,
					    .unrun = check_random(&w->random) % 2,
					    .vfork = check_random(&w->random) % 8 == 0 };
	watch_send(w, &e, process);
	if (check_random(&w->random) % 4)
		send_forked(w, process);
	e = (struct event){ .type = EVENT_THREAD, .thread = { 105, "first", false, 0, 0 } };
	watch_send(w, &e, process);
	live_send_fault(w, process);
	e = (struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 3 } };
	if (check_random(&w->random) % 2)
		watch_send(w, &e, process);
}

static void send_kernel_figures(struct watch *w, int process)
{
	struct region_sums sums = { .start = 0x400000, .end = 0x500000, .kind = REGION_TEXT, .rss = 4096 };
	struct stack_pointer stack = { 101, 0x7ffff000 };
	uint64_t random = w->time_ns, node = check_random(&random); /* the rest goes on as without them */
	struct kernel_figures f;
	struct event e = { .type = EVENT_FIGURES, .figures = &f };

	kernel_figures_init(&f);
	for (int i = 0; i < KERNEL_FIGURES; i++)
		f.values[i] = check_random(&random) % 3 ? check_random(&random) : KERNEL_UNKNOWN;
	sums.private_dirty = UINT64_C(1024) * (check_random(&random) % 100);
	f.sums = &sums;
	f.sums_count = 1;
	f.stacks = &stack;
	f.stacks_count = check_random(&random) % 2;
	f.nodes = &node;
	f.nodes_count = 1;
	watch_send(w, &e, process);
}

static void send_more(struct watch *w, int process)
{
	uint64_t ips[2] = { 0x7f0000, 0x400001 };
	struct event e = { 0 };

	switch (check_random(&w->random) % 12) {
	case 0:
		e.type = EVENT_CALL;
		e.call = (struct event_call){ .tid = 101, .kind = CALL_MMAP, .args = { 0, 4096 } };
		call_return(&e.call, check_random(&w->random), 0);
		e.stack = (struct event_stack){ ips, 2, STACK_WHOLE, 0 };
		break;
	case 1:
		e = (struct event){ .type = EVENT_STATUS, .status = { PROCESS_PAUSED, 0 } };
		watch_send(w, &e, process);
		e = (struct event){ .type = EVENT_STOP, .stop = { .why = STOP_FAULT, .tid = 102 } };
		break;
	case 2:
		e = (struct event){ .type = EVENT_THREAD,
				    .thread = { 101 + (int)(check_random(&w->random) % 4), "worker",
						check_random(&w->random) % 3 == 0, 0, 0 } };
		break;
	case 3:
		e = (struct event){ .type = EVENT_OUTPUT,
				    .output = { "\xe2\x82", 2 } }; /* half a character */
		break;
	case 4:
		e = (struct event){ .type = EVENT_OUTPUT, .output = { "\xac\tx\r", 4 } };
		break;
	case 5:
		e = (struct event){ .type = EVENT_OUTPUT, .output = { "\033]0;title", 9 } };
		break;
	case 6:
		send_child(w, 2 + (int)(check_random(&w->random) % 3));
		return;
	default:
		if (w->time_ns % 16 == 0)
			send_kernel_figures(w, process);
		live_send_fault(w, process);
		return;
	}
	watch_send(w, &e, process);
}

static void send_exec(struct watch *w, int process)
{
	static const char *const argv[] = { "./other", NULL };
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "other",
					    .exe = "/tmp/other",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48,
					    .exec = true,
					    .parent = 100 };
	watch_send(w, &e, process);
	memset(w->ids[process], 0, sizeof w->ids[process]);
}

void live_send_all(struct watch *w, unsigned looks)
{
	watch_begin(w);
	for (unsigned i = 0; i < looks; i++) {
		watch_look(w);
		if (i % 97 == 96)
			send_exec(w, (int)(i & 1));
		for (unsigned n = check_random(&w->random) % 6; n; n--)
			send_more(w, (int)(check_random(&w->random) % 2));
	}
}

/* --- what was live, at each time --- */

static void keep_picture(struct live *live)
{
	mem_grow(live->pictures, live->cap, live->count + 1);
	live->pictures[live->count++] = (struct live_picture){ live->world->now_ns, world_dump(live->world) };
}

void live_take(struct sink *sink, const struct event *e)
{
	struct live *live = (struct live *)sink;

	if (e->time_ns > live->world->now_ns && live->world->ticks)
		keep_picture(live);
	world_apply(live->world, e);
	sink_send(live->recorder, e);
	live->events++;
}

void live_record(struct live *live, const char *path, unsigned looks, uint64_t seed, uint64_t key_every)
{
	struct session_writer_options options = { .force = true,
						  .page_shift = SHIFT,
						  .key_every = key_every };
	struct session_writer *writer;
	struct watch watch = { .sink = &live->sink, .random = seed };

	*live = (struct live){ .sink = { .take = live_take }, .world = world_create() };
	options.world = live->world;
	writer = session_writer_create(path, &options, NULL);
	live->recorder = session_writer_sink(writer);
	live_send_all(&watch, looks);
	keep_picture(live);
	assert_int_equal(session_writer_close(writer, NULL), 0);
}

void live_fini(struct live *live)
{
	for (size_t i = 0; i < live->count; i++)
		free(live->pictures[i].dump);
	free(live->pictures);
	world_destroy(live->world);
}

/* --- replaying it --- */

void replay_open(struct replaying *r, const char *path, struct spool *spool)
{
	struct err err = { 0 };

	r->session = session_open(spool ? spool_path(spool) : path, &err);
	if (!r->session)
		fail_msg("%s", err.text);
	r->world = world_create();
	r->source = replay_create(r->session, r->world, spool ? NULL : path, spool);
	r->time = r->source->ops->time;
	if (r->source->ops->sweep(r->source, &r->world->sink, &err) < 0)
		fail_msg("%s", err.text);
	r->time->play(r->source, false);
}

void replay_close(struct replaying *r)
{
	r->source->ops->destroy(r->source);
	session_close(r->session);
	world_destroy(r->world);
}

struct time_status replay_status(struct replaying *r)
{
	struct time_status status;

	r->time->status(r->source, &status);
	return status;
}

/* The last moment that is not after the time. */
const struct live_picture *live_at(const struct live *live, uint64_t time_ns)
{
	size_t i = live->count - 1;

	while (i > 0 && live->pictures[i].time_ns > time_ns)
		i--;
	return &live->pictures[i];
}

void replay_check_now(struct replaying *r, const struct live_picture *picture)
{
	char *dump = world_dump(r->world);

	world_dump_check(picture->dump, dump);
	free(dump);
}

void replay_check_at(struct replaying *r, const struct live *live, uint64_t time_ns)
{
	assert_int_equal(r->time->seek(r->source, &r->world->sink, time_ns, NULL), 0);
	replay_check_now(r, live_at(live, time_ns));
	assert_int_equal(replay_status(r).now_ns, time_ns);
}
