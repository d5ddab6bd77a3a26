#include "store/bounds.h"

#include <string.h>

#include "base/minmax.h"
#define MIB (UINT64_C(1) << 20)
#define MEASURE_EVERY (4 * MIB) /* bytes of growth between two measurements of the world */

#define EVENT_GROWTH 1024          /* bytes that an event may add to a world, besides its own contents */
#define RUN_GROWTH 64              /* bytes for each run of an event; it may split another */
#define WORK_OF_LINE 8             /* printing a line takes as long as noting this many pages */
#define WORK_OF_STACK_FRAME 8      /* a stack frame: naming it takes as long as noting this many pages, */
#define WORK_OF_NEW_STACK_FRAME 24 /* and adding a row to a table if it is new */
#define ACCOUNTS_OF_WORK 2 /* this many processes are checked for shared pages as fast as a page is noted */
#define MOVES_OF_WORK 64   /* this many regions are moved as fast as a page is noted */

/* A bound: a constant, and a factor per byte of the file. */
struct bound {
	uint64_t base, per_byte;
};

static const struct bound raw_bound = { 64 * MIB, 256 };
static const struct bound events_bound = { MIB / 4, 4 };
static const struct bound work_bound = { 32 * MIB, 64 };
static const struct bound spaces_bound = { 48 * MIB, 8 };
static const struct bound logs_bound = { 64 * MIB, 128 };

static uint64_t text_growth(const char *text)
{
	return text ? strlen(text) : 0;
}

static uint64_t args_growth(const char *const *argv)
{
	uint64_t growth = 0;

	for (size_t i = 0; argv && argv[i]; i++)
		growth += EVENT_GROWTH / 8 + text_growth(argv[i]);
	return growth;
}

static uint64_t growth_of(const struct event *e)
{
	switch (e->type) {
	case EVENT_PROCESS:
		return 8 * EVENT_GROWTH + args_growth(e->process.argv) + text_growth(e->process.comm) +
		       text_growth(e->process.exe);
	case EVENT_MAP:
	case EVENT_CHANGE:
		return EVENT_GROWTH + text_growth(e->region.attr.path);
	case EVENT_PAGES:
		return RUN_GROWTH * e->pages.n;
	case EVENT_BEGAN:
		return RUN_GROWTH * e->began.n;
	case EVENT_FORKED:
		return EVENT_GROWTH + RUN_GROWTH * e->forked.n;
	case EVENT_COPIER:
		return EVENT_GROWTH + text_growth(e->copier.function) + text_growth(e->copier.object);
	case EVENT_OUTPUT:
		return EVENT_GROWTH + e->output.len;
	case EVENT_SOURCE:
		return text_growth(e->source.why);
	case EVENT_MARK:
		return EVENT_GROWTH + text_growth(e->mark.text);
	case EVENT_LINES:
		return EVENT_GROWTH + 2 * text_growth(e->lines.text);
	case EVENT_THREAD:
		return EVENT_GROWTH + text_growth(e->thread.name);
	case EVENT_FIGURES:
		return EVENT_GROWTH + kernel_figures_size(e->figures);
	case EVENT_FAULT:
		return EVENT_GROWTH * (1 + (uint64_t)e->fault.before + e->fault.after) / 2;
	case EVENT_STORY:
		return EVENT_GROWTH * e->story.pages / 2;
	case EVENT_TICK:
	case EVENT_COUNTERS:
		return 64;
	default:
		return EVENT_GROWTH;
	}
}

static uint64_t moves(const struct world *world, int32_t pid)
{
	const struct process *p = world ? world_find(world, pid) : NULL;

	return p ? (p->space->count + p->space->ghost_count) / MOVES_OF_WORK : 0;
}

/* Accounts of children that an event may be about (model/forks.h). */
static uint64_t accounts(const struct world *world, int32_t pid)
{
	const struct process *p = world ? world_find(world, pid) : NULL;

	return p && p->forked_any ? world->count / ACCOUNTS_OF_WORK : 0;
}

/* A line of output may be printed, with its time and pid. */
static uint64_t lines_of(const char *bytes, size_t len)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static uint64_t work_of(const struct bounds *b, const struct event *e)
{
	switch (e->type) {
	case EVENT_PAGES:
		return e->pages.n;
	case EVENT_BEGAN:
		return 1 + e->began.n;
	case EVENT_FORKED:
		return 1 + e->forked.n;
	case EVENT_OUTPUT:
		return 1 + WORK_OF_LINE * lines_of(e->output.bytes, e->output.len);
	case EVENT_FIGURES:
		return 1 + e->figures->sums_count + e->figures->stacks_count;
	case EVENT_FAULT:
		return 1 + (uint64_t)e->fault.before + e->fault.after + accounts(b->world, e->pid);
	case EVENT_STORY:
		return e->story.pages;
	case EVENT_MAP:
	case EVENT_CHANGE:
	case EVENT_UNMAP:
		return 1 + moves(b->world, e->pid);
	default:
		return 1;
	}
}

/* Most callers in a stack are the same as in the one before. */
static uint64_t work_of_stack(struct bounds *b, const struct event_stack *stack)
{
	size_t n = min(stack->count, STACK_MAX), same = 0;

	if (!n)
		return 0;
	while (same < n && same < b->stack_count &&
	       stack->ips[stack->count - 1 - same] == b->stack[b->stack_count - 1 - same])
		same++;
	memcpy(b->stack, stack->ips + (stack->count - n), n * sizeof *b->stack);
	b->stack_count = n;
	return WORK_OF_STACK_FRAME * n + WORK_OF_NEW_STACK_FRAME * (n - same);
}

void bounds_restart(struct bounds *b)
{
	b->raw = b->events = b->work = b->stack_count = 0;
}

void bounds_watch(struct bounds *b, const struct world *world)
{
	b->world = world;
}

void bounds_count_block(struct bounds *b, uint32_t raw, uint32_t events)
{
	b->raw += raw;
	b->events += events;
}

void bounds_count(struct bounds *b, const struct event *e, bool again)
{
	if (!again) {
		b->events++;
		b->work += work_of(b, e);
		if (e->type == EVENT_FAULT || e->type == EVENT_CALL)
			b->work += work_of_stack(b, &e->stack);
	}
	if (b->world)
		b->grown += growth_of(e);
}

static bool is_within(uint64_t value, const struct bound *bound, uint64_t size)
{
	return value <= bound->base || (value - bound->base) / bound->per_byte <= size;
}

static void measure(struct bounds *b)
{
	if (b->grown < MEASURE_EVERY)
		return;
	b->grown = 0;
	b->measured = world_size(b->world);
}

/* Would the world be within its bounds if it had grown by `grown` since it was measured? */
static bool is_small(const struct bounds *b, uint64_t grown, uint64_t size)
{
	return is_within(b->measured.spaces + grown, &spaces_bound, size) &&
	       is_within(b->measured.logs + grown, &logs_bound, size);
}

bool bounds_hold(struct bounds *b, uint64_t size)
{
	if (!is_within(b->raw, &raw_bound, size) || !is_within(b->events, &events_bound, size) ||
	    !is_within(b->work, &work_bound, size))
		return false;
	return is_small(b, b->grown, size) || (measure(b), is_small(b, 0, size));
}

/* How many bytes the value needs if the recorder may use three quarters of a bound. */
static uint64_t need(uint64_t value, const struct bound *bound)
{
	uint64_t base = bound->base / 4 * 3;

	return value <= base ? 0 : (value - base) / (bound->per_byte * 3) * 4 + 4;
}

uint64_t bounds_need(struct bounds *b)
{
	uint64_t size = max(need(b->raw, &raw_bound), need(b->events, &events_bound));

	measure(b);
	size = max(size, need(b->work, &work_bound));
	size = max(size, need(b->measured.spaces, &spaces_bound));
	return max(size, need(b->measured.logs, &logs_bound));
}
