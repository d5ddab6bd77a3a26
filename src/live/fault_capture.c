/* Capturing faults costs the process time: the kernel copies the top of a stack, and an error code costs as
 * much as everything else. So when there are many faults only some have their stacks, and error codes are
 * recorded only while there are few. A child has small rings until it has many faults. */
#include "live/fault_capture.h"

#include "base/clock.h"
#include "base/i18n.h"

#define RATE_NS (20 * CLOCK_MS)
#define SMALL_FAULTS 20000 /* faults a second: above this even a child gets larger rings, */
#define SMALL_AT_ONCE (SMALL_FAULTS / (CLOCK_SECOND / RATE_NS)) /* as soon as this many have come */
#define CODES_OFF 20000 /* faults a second: above this error codes are not recorded, */
#define CODES_ON 2000   /* and below this they are again, */
#define CODES_CALM 25   /* after this many times in a row */

void fault_capture_open(struct fault_capture *c, struct watch *watch, const struct faults_options *options)
{
	*c = (struct fault_capture){ .watch = watch, .options = *options };
	stack_rate_init(&c->stack_rate, options->stack_every);
	c->options.stack_every = stack_rate_every(&c->stack_rate);
	c->rings = faults_open(watch->pid, &c->options, &c->lack);
	c->rate.since_ns = clock_now_ns();
	c->rate.calm = CODES_CALM; /* until measured otherwise */
	if (c->rings && faults_user_only(c->rings))
		err_set(&c->lack, ERR_DENIED, "%s",
			_("in user mode only; those within system calls need root (sudo) or CAP_PERFMON"));
}

void fault_capture_close(struct fault_capture *c)
{
	faults_close(c->rings);
	c->rings = NULL;
}

void fault_capture_refuse(struct fault_capture *c, const struct err *failure)
{
	c->lack = *failure;
}

struct faults *fault_capture_rings(const struct fault_capture *c)
{
	return c->rings;
}

const struct err *fault_capture_err(const struct fault_capture *c)
{
	return &c->lack;
}

const struct stack_rate *fault_capture_stack_rate(const struct fault_capture *c)
{
	return &c->stack_rate;
}

uint32_t fault_capture_sampled(const struct fault_capture *c)
{
	return c->rings ? c->options.stack_bytes : 0;
}

bool fault_capture_takes_heirs(const struct fault_capture *c)
{
	return c->options.heirs;
}

bool fault_capture_leaves_out_codes(const struct fault_capture *c)
{
	return c->codes_off;
}

uint64_t fault_capture_drained_ns(const struct fault_capture *c)
{
	return c->drained_ns;
}

uint64_t fault_capture_lost(const struct fault_capture *c)
{
	return c->rate.lost;
}

void fault_capture_drain(struct fault_capture *c, struct sink *sink, struct fault_batch *batch,
			 uint64_t until_ns, struct fault_balance *balance)
{
	size_t first = batch->count, later;
	if (!c->rings)
		return;
	faults_drain(c->rings, batch, until_ns);
	c->drained_ns = clock_now_ns();
	later = batch->count;
	while (later > first && batch->records[later - 1].time_ns > fault_balance_counted_ns(balance))
		later--;
	fault_balance_note(balance, batch->count - first, batch->count - later);
	struct event e = { .type = EVENT_LOST, .lost = { batch->lost, LOST_FAULTS } };
	c->rate.lost += batch->lost;
	c->rate.count += batch->count - first;
	if (batch->lost)
		watch_send(c->watch, sink, &e);
	batch->lost = 0;
}

static void adjust_codes(struct fault_capture *c)
{
	if (c->rate.per_second > CODES_OFF)
		c->rate.calm = 0;
	else if (c->rate.per_second < CODES_ON)
		c->rate.calm++;
	if (c->rate.calm == 0 || c->rate.calm >= CODES_CALM) {
		c->codes_off = c->rate.calm == 0;
		faults_set_codes(c->rings, !c->codes_off);
	}
}

bool fault_capture_measure(struct fault_capture *c, struct fault_load *load)
{
	uint64_t now = clock_now_ns(), since = now - c->rate.since_ns;
	bool may_grow = c->rings && faults_may_grow(c->rings);
	bool many = may_grow && !c->refused && c->rate.count > SMALL_AT_ONCE;
	if (!c->rings || (since < RATE_NS && !many))
		return false;
	c->rate.per_second = c->rate.count * CLOCK_SECOND / since;
	if (faults_can_code(c->rings))
		adjust_codes(c);
	if (c->options.stack_bytes)
		stack_rate_note(&c->stack_rate, c->rate.count, since);
	c->small = may_grow && (c->rate.lost || c->rate.per_second > SMALL_FAULTS);
	*load = (struct fault_load){ c->options.stack_bytes,
				     c->rate.per_second / stack_rate_every(&c->stack_rate), c->rate.lost };
	c->rate.since_ns = now;
	c->rate.count = c->rate.lost = 0;
	return true;
}

bool fault_capture_is_outgrown(const struct fault_capture *c, uint32_t stack_bytes)
{
	return c->small || stack_rate_every(&c->stack_rate) != c->options.stack_every ||
	       stack_bytes != c->options.stack_bytes;
}

bool fault_capture_replace(struct fault_capture *c, uint32_t stack_bytes, struct sink *sink,
			   struct fault_batch *batch, uint64_t until_ns, struct fault_balance *balance)
{
	struct err failure = { 0 };
	struct faults_options options = c->options;
	options.stack_bytes = stack_bytes;
	options.stack_every = stack_rate_every(&c->stack_rate);
	options.smaller -= c->small;
	struct faults *next = faults_open(c->watch->pid, &options, &failure);
	uint64_t now = clock_now_ns();
	c->refused = !next;
	if (!next)
		return false;
	faults_begin(next, now);
	faults_stop(c->rings);
	faults_end(c->rings, now);
	fault_capture_drain(c, sink, batch, until_ns ? until_ns : clock_now_ns(), balance);
	faults_inherit(next, c->rings);
	faults_close(c->rings);
	c->rings = next;
	c->options = options;
	c->small = false;
	if (c->codes_off)
		faults_set_codes(next, false);
	return true;
}
