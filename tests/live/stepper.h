/* Stepping a live source, for tests: what was reported since the last stop. */
#ifndef TESTS_STEPPER_H
#define TESTS_STEPPER_H

#include "live/watching.h"

#define STEPPER_MAX 4096
#define STEPPER_TIDS 65536

struct stepper_call {
	char name[32], args[256];
	uint64_t result;
	int error;
	int32_t tid;
};

/* A sink before the world that keeps what was reported. */
struct stepper {
	struct sink sink;
	struct watching w;
	bool stopped; /* EVENT_STOP came */
	enum stop_why why;
	int32_t tid;
	unsigned stops; /* since the beginning */
	size_t faults;  /* since the step began, before its stop */
	struct event_fault fault[STEPPER_MAX];
	bool faulted[STEPPER_TIDS]; /* which threads had any, by thread id: there can be more than are kept */
	uint64_t fault_count;       /* since the beginning */
	size_t calls;
	struct stepper_call call[64];
	const char *order_wrong; /* what is missing when a stop comes before what it stopped for */
};

static inline void stepper_take(struct sink *sink, const struct event *e)
{
	struct stepper *t = (struct stepper *)sink;
	if (e->type == EVENT_FAULT) {
		t->fault_count++;
		t->faulted[e->fault.tid % STEPPER_TIDS] = true;
		if (t->faults < STEPPER_MAX)
			t->fault[t->faults++] = e->fault;
	} else if (e->type == EVENT_CALL && t->calls < 64) {
		struct stepper_call *c = &t->call[t->calls++];
		struct strbuf args = { 0 };
		call_print_args(&args, &e->call);
		snprintf(c->name, sizeof c->name, "%s", call_name(e->call.kind));
		snprintf(c->args, sizeof c->args, "%s", args.text);
		strbuf_fini(&args);
		c->result = e->call.result;
		c->error = e->call.error;
		c->tid = e->call.tid;
	} else if (e->type == EVENT_STOP) {
		t->stopped = true;
		t->stops++;
		t->why = e->stop.why;
		t->tid = e->stop.tid;
		if (t->why == STOP_FAULT && !t->faults)
			t->order_wrong = "its fault";
		if (t->why == STOP_CALL && !t->calls)
			t->order_wrong = "its call";
		if (!t->w.process || t->w.process->status != PROCESS_PAUSED)
			t->order_wrong = "that it is paused";
	}
	sink_send(&t->w.world->sink, e);
}

static inline void stepper_watch(struct stepper *t)
{
	watch_step_to(&t->w, &t->sink);
}

#define STEPPER_UNTIL(t, condition)                                                                          \
	for (uint64_t until_ = clock_now_ns() + DEADLINE_NS; !(condition); stepper_watch(t))                 \
		if (clock_now_ns() > until_)                                                                 \
	fail_msg("never: %s", #condition)

/* Launches argv, held before its first instruction, or attaches to pid; with the stacks of faults, or without. */
static inline struct stepper *stepper_begin_with(const char *const argv[], int32_t pid, bool stacks)
{
	struct stepper *t = calloc(1, sizeof *t);
	struct live_options o;
	live_options_init(&o);
	o.faults = true;
	o.stacks = stacks;
	o.paused = argv != NULL;
	t->sink.take = stepper_take;
	t->w = watch_begin(&o, argv, pid);
	return t;
}

static inline struct stepper *stepper_begin(const char *const argv[], int32_t pid)
{
	return stepper_begin_with(argv, pid, false);
}

static inline void stepper_end(struct stepper *t)
{
	watch_end(&t->w);
	free(t);
}

static inline int stepper_control(struct stepper *t, enum control c, struct control_step step,
				  struct err *err)
{
	struct control_arg arg = { .step = step };
	t->stopped = false;
	t->faults = t->calls = 0;
	memset(t->faulted, 0, sizeof t->faulted);
	return t->w.source->ops->control(t->w.source, t->w.pid, c, &arg, err);
}

/* A step, until it is stopped or has ended. */
static inline bool stepper_step(struct stepper *t, struct control_step step)
{
	struct err err = { 0 };
	if (stepper_control(t, CONTROL_STEP, step, &err) != 0)
		fail_msg("%s", err.text);
	STEPPER_UNTIL(t, t->stopped || !process_alive(t->w.process));
	if (t->order_wrong)
		fail_msg("a stop (%s) before %s; %d lost", stop_why_name(t->why), t->order_wrong,
			 (int)t->w.process->course.lost);
	return t->stopped;
}

static inline void stepper_resume(struct stepper *t)
{
	assert_int_equal(stepper_control(t, CONTROL_RESUME, (struct control_step){ 0 }, NULL), 0);
}

static inline void stepper_pause(struct stepper *t)
{
	assert_int_equal(stepper_control(t, CONTROL_PAUSE, (struct control_step){ 0 }, NULL), 0);
	/* if it is stopped already, there is no new stop */
	STEPPER_UNTIL(t, t->stopped || t->w.process->status == PROCESS_PAUSED);
}

static inline void stepper_line(struct stepper *t)
{
	struct control_arg arg = { .bytes = "\n", .len = 1 };
	assert_int_equal(t->w.source->ops->control(t->w.source, t->w.pid, CONTROL_SEND, &arg, NULL), 0);
}

/* The number after a word in what the program wrote. */
static inline uint64_t stepper_number(const struct stepper *t, const char *word)
{
	const char *line, *at;
	for (size_t i = 0; (line = output_line(&t->w.process->output, i)); i++)
		if ((at = strstr(line, word)))
			return strtoull(at + strlen(word), NULL, 0);
	fail_msg("not written: %s", word);
	return 0;
}

#endif
