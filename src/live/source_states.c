/* A state is sent again even if only its text has changed, because what is missing can change. What is
 * recorded with faults depends on their rate, so those sources are checked each time. */
#include "live/source_states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#define AGAIN_NS CLOCK_SECOND
#define SAMPLED_MAX 128

void source_states_fini(struct source_states *s)
{
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		free(s->sent[kind].why);
	*s = (struct source_states){ 0 };
}

void source_states_hurry(struct source_states *s)
{
	s->asked_ns = 0;
}

struct source_state {
	bool asked; /* this watch uses it at all */
	bool ok;
	bool partial;    /* as in struct event */
	const char *why; /* why not, or what is missing; else "" */
};

static struct source_state whole(void)
{
	return (struct source_state){ .asked = true, .ok = true, .why = "" };
}

static struct source_state partial(const char *why)
{
	return (struct source_state){ .asked = true, .ok = true, .partial = true, .why = why };
}

static struct source_state refused(const char *why)
{
	return (struct source_state){ .asked = true, .why = why };
}

static struct source_state state_of(const struct err *err)
{
	return err->code ? refused(err->text) : whole();
}

static struct source_state faults_state(const struct fault_reader *faults)
{
	const struct err *err = fault_reader_err(faults);
	if (!fault_reader_is_on(faults))
		return refused(err->text);
	return err->code ? partial(err->text) : whole();
}

static struct source_state stacks_state(const struct source_parts *p, char sampled[static SAMPLED_MAX])
{
	const struct stack_rate *rate = fault_capture_stack_rate(fault_reader_capture(p->faults));
	if (p->off[SOURCE_STACKS])
		return state_of(reader_source(p->reader, SOURCE_STACKS));
	if (!fault_reader_can_unwind(p->faults))
		return refused(_("stacks cannot be unwound on this architecture"));
	if (stack_rate_every(rate) == 1)
		return whole();
	snprintf(sampled, SAMPLED_MAX,
		 stack_rate_is_fixed(rate) ? _("of one fault in %u, as requested")
					   : _("of one fault in %u at present: faults come too fast"),
		 stack_rate_every(rate));
	return partial(sampled);
}

static struct source_state access_state(const struct fault_capture *capture)
{
	const struct faults *rings = fault_capture_rings(capture);
	if (!faults_can_code(rings))
		return refused(faults_code_err(rings)->text);
	return fault_capture_leaves_out_codes(capture) ? partial(_("not at present: faults come too fast"))
						       : whole();
}

/* `text` is room for a reason that has to be composed. */
static struct source_state state_now(const struct source_parts *p, enum source_kind kind,
				     char text[static SAMPLED_MAX])
{
	const struct source_state unasked = { 0 };
	bool on = fault_reader_is_on(p->faults);
	if (kind == SOURCE_FAULTS)
		return fault_reader_is_wanted(p->faults) ? faults_state(p->faults) : unasked;
	if (kind == SOURCE_STACKS)
		return on && fault_reader_wants_stacks(p->faults) ? stacks_state(p, text) : unasked;
	if (kind == SOURCE_ACCESS)
		return on ? access_state(fault_reader_capture(p->faults)) : unasked;
	if (kind == SOURCE_SYMBOLS && !p->off[kind])
		return whole();
	if (kind == SOURCE_MAPS && p->maps_failure->code)
		return state_of(p->maps_failure);
	return state_of(reader_source(p->reader, kind));
}

static void send(struct source_states *s, struct watch *watch, struct sink *sink, enum source_kind kind,
		 const struct source_state *state)
{
	if (s->sent[kind].known && s->sent[kind].ok == state->ok && s->sent[kind].partial == state->partial &&
	    !strcmp(s->sent[kind].why, state->why))
		return;
	free(s->sent[kind].why);
	s->sent[kind].known = true;
	s->sent[kind].ok = state->ok;
	s->sent[kind].partial = state->partial;
	s->sent[kind].why = mem_strdup(state->why);
	struct event e = { .type = EVENT_SOURCE,
			   .source = { kind, state->ok, state->partial, s->sent[kind].why } };
	watch_send(watch, sink, &e);
}

void source_states_send(struct source_states *s, struct watch *watch, struct sink *sink,
			const struct source_parts *parts)
{
	uint64_t now = clock_now_ns();
	bool again = now - s->asked_ns >= AGAIN_NS;
	if (again)
		s->asked_ns = now;
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		char text[SAMPLED_MAX] = "";
		if (!again && !source_kind_with_faults((enum source_kind)kind))
			continue;
		struct source_state state = state_now(parts, (enum source_kind)kind, text);
		if (state.asked)
			send(s, watch, sink, (enum source_kind)kind, &state);
	}
}
