/* As many marks are armed as there are debug registers, those first that were asked for first. */
#include "lesson/marked_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define MARKS_WANTED_MAX 64

struct wanted_mark {
	char *name; /* owned */
	uint64_t address;
	bool reached;
};

struct marked_run {
	struct sink sink; /* first */
	int32_t pid;
	struct source *source;
	struct world *world;
	struct program_facts *program;
	struct wanted_mark marks[MARKS_WANTED_MAX];
	size_t count;
	bool single_steps;
	bool stands; /* a stop that was not dealt with yet: */
	enum stop_why why;
	uint64_t address;
};

static void take(struct sink *sink, const struct event *e)
{
	struct marked_run *run = (struct marked_run *)sink;

	if (e->type != EVENT_STOP || e->pid != run->pid)
		return;
	run->stands = true;
	run->why = e->stop.why;
	run->address = e->stop.address;
}

struct marked_run *marked_run_create(int32_t pid, struct source *source, struct world *world,
				     struct program_facts *program)
{
	struct marked_run *run = mem_zalloc(sizeof *run);

	run->sink.take = take;
	run->pid = pid;
	run->source = source;
	run->world = world;
	run->program = program;
	return run;
}

void marked_run_single_steps(struct marked_run *run)
{
	run->single_steps = true;
}

void marked_run_destroy(struct marked_run *run)
{
	for (size_t i = 0; run && i < run->count; i++)
		free(run->marks[i].name);
	free(run);
}

int marked_run_want(struct marked_run *run, const char *mark, struct err *err)
{
	struct wanted_mark *m = &run->marks[run->count];

	for (size_t i = 0; i < run->count; i++)
		if (!strcmp(run->marks[i].name, mark))
			return 0;
	if (run->count == MARKS_WANTED_MAX)
		return err_set(err, ERR_INPUT, _("there are more than %d marks"), MARKS_WANTED_MAX);
	if (program_facts_mark(run->program, mark, &m->address, err) < 0)
		return -1;
	m->name = mem_strdup(mark);
	run->count++;
	return 0;
}

struct sink *marked_run_sink(struct marked_run *run)
{
	return &run->sink;
}

static void send_mark(struct marked_run *run, struct sink *sink, const char *name)
{
	struct event e = { .type = EVENT_MARK, .pid = run->pid, .time_ns = run->world->now_ns };

	e.mark.text = name;
	sink_send(sink, &e);
}

static int reach(struct marked_run *run, struct sink *sink, struct err *err)
{
	bool swept = false;

	for (size_t i = 0; i < run->count; i++) {
		struct wanted_mark *m = &run->marks[i];
		if (m->reached || m->address != run->address)
			continue;
		if (!swept && run->source->ops->sweep(run->source, sink, err) < 0)
			return -1;
		swept = m->reached = true;
		send_mark(run, sink, m->name);
	}
	return 0;
}

static int go_on(struct marked_run *run, struct err *err)
{
	struct control_arg arg = { .step = {
				       .kind = STEP_CODE, .count = 1, .single_steps = run->single_steps } };
	struct control_step *step = &arg.step;
	struct err failure = { 0 };

	run->stands = false;
	for (size_t i = 0; i < run->count && step->code_count < STEP_CODE_MAX; i++)
		if (!run->marks[i].reached)
			step->code[step->code_count++] = run->marks[i].address;
	enum control what = step->code_count ? CONTROL_STEP : CONTROL_RESUME;
	if (run->source->ops->control(run->source, run->pid, what, &arg, &failure) == 0 ||
	    failure.code == ERR_GONE)
		return 0;
	if (err)
		*err = failure;
	return -1;
}

int marked_run_tick(struct marked_run *run, struct sink *sink, void (*at_end)(void *), void *context,
		    struct err *err)
{
	if (!run->stands)
		return 0;
	if (run->why == STOP_CODE && reach(run, sink, err) < 0)
		return -1;
	if (run->why == STOP_EXIT) {
		at_end(context);
		send_mark(run, sink, MOMENT_END);
	}
	return go_on(run, err);
}
