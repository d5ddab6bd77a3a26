/* States are compared by their texts, which say more than whether a source is there: half of the faults
 * may be missing. */
#include "live/source_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define AGAIN_NS CLOCK_SECOND

void source_states_fini(struct source_states *s)
{
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		free(s->sent[kind].why);
	*s = (struct source_states){ 0 };
}

void source_states_hurry(struct source_states *s)
{
	s->looked_ns = 0;
}

static void send(struct source_states *s, struct watch *watch, struct sink *sink, enum source_kind kind,
		 const struct source_state *state)
{
	if (s->sent[kind].known && s->sent[kind].ok == state->ok && !strcmp(s->sent[kind].why, state->why))
		return;
	free(s->sent[kind].why);
	s->sent[kind].known = true;
	s->sent[kind].ok = state->ok;
	s->sent[kind].why = mem_strdup(state->why);
	struct event e = { .type = EVENT_SOURCE, .source = { kind, state->ok, s->sent[kind].why } };
	watch_send(watch, sink, &e);
}

void source_states_send(struct source_states *s, struct watch *watch, struct sink *sink,
			struct source_state (*state)(const void *context, enum source_kind),
			const void *context)
{
	uint64_t now = clock_now_ns();
	if (now - s->looked_ns < AGAIN_NS)
		return;
	s->looked_ns = now;
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		struct source_state now_is = state(context, (enum source_kind)kind);
		if (now_is.asked)
			send(s, watch, sink, (enum source_kind)kind, &now_is);
	}
}
