/* The marks of the coming steps are armed, as many as there are registers, the wanted one first. At each stop
 * its address says which mark it is.
 *
 *     the wanted step's     there
 *     a later step's        the process is parked until its step is wanted. In the program itself that
 *                           means that the steps are not in its order; a child has an order of its own.
 *     none of these         counted, and it goes on
 *
 * A child also stops at its birth, until its parent stops, or waits: if the parent stops at a mark after
 * fork, the child has not run yet; if the parent waits for it, it continues. */
#include "lesson/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/signal_name.h"
#include "base/mem.h"
#include "lesson/record.h"

#define NOT_PARKED SIZE_MAX

struct armed_mark {
	const struct lesson_mark *mark;
	uint64_t address;
	unsigned passes[2]; /* how often the program, and children, came there */
};

/* A process that has stopped, at least once. */
struct run_process {
	int32_t pid;
	bool stands;
	bool fresh;   /* the stop was not looked at yet: */
	bool at_exit; /* it is about to end */
	bool at_code; /* it is before an armed instruction: */
	uint64_t address;
	size_t parked;  /* the number of the step that it stands at */
	bool newborn;   /* it has run nothing yet */
	uint64_t ticks; /* pictures of its parent by then */
};

struct lesson_run {
	struct sink sink; /* first */
	const struct lesson_folder *folder;
	const struct lesson *lesson;
	struct source *source;
	struct world *world;
	int32_t pid;
	struct program_facts *program;
	struct armed_mark *marks; /* one for each of the folder's */
	struct run_process *processes;
	size_t process_count, process_cap;
	struct moments moments;
	struct expect_named *named;
	size_t named_count, named_cap;
	struct expect_facts facts;
	size_t next; /* the step that lesson_run_go goes to */
	bool single_steps;
	bool moving;     /* on the way to step next - 1 */
	bool on_its_way; /* and has set off */
};

static struct run_process *process_of(struct lesson_run *run, int32_t pid)
{
	for (size_t i = 0; i < run->process_count; i++)
		if (run->processes[i].pid == pid)
			return &run->processes[i];
	mem_grow(run->processes, run->process_cap, run->process_count + 1);
	struct run_process *p = &run->processes[run->process_count++];
	*p = (struct run_process){ .pid = pid, .parked = NOT_PARKED };
	p->newborn = pid != run->pid;
	return p;
}

static const struct process *parent_of(const struct lesson_run *run, int32_t pid)
{
	const struct process *p = world_find(run->world, pid);

	return p && p->parent ? world_find(run->world, p->parent) : NULL;
}

static uint64_t parent_ticks(const struct lesson_run *run, int32_t pid)
{
	const struct process *parent = parent_of(run, pid);

	return parent ? parent->course.ticks : 0;
}

/* May its parent still reach a mark, because it runs, or was not looked at since? */
static bool parent_goes_on(const struct lesson_run *run, const struct run_process *p)
{
	const struct process *parent = parent_of(run, p->pid);

	if (!parent || !process_alive(parent))
		return false;
	return parent->course.ticks < p->ticks + 2 || !strchr("SD", parent->counters.now.state);
}

static void take(struct sink *sink, const struct event *e)
{
	struct lesson_run *run = (struct lesson_run *)sink;

	if (e->type != EVENT_STOP)
		return;
	struct run_process *p = process_of(run, e->pid);
	p->stands = p->fresh = true;
	p->parked = NOT_PARKED;
	p->ticks = parent_ticks(run, e->pid);
	p->at_exit = e->stop.why == STOP_EXIT;
	p->at_code = e->stop.why == STOP_CODE;
	p->address = e->stop.address;
}

static int find_addresses(struct lesson_run *run, struct err *err)
{
	const struct lesson_folder *f = run->folder;

	run->marks = mem_zalloc((f->marks.count + 1) * sizeof *run->marks);
	for (size_t i = 0; i < f->marks.count; i++) {
		struct err failure = { 0 };
		run->marks[i].mark = &f->marks.list[i];
		if (program_facts_line(run->program, f->source_name, f->marks.list[i].line,
				       &run->marks[i].address, &failure) < 0)
			return err_set(
			    err, failure.code, _("%s:%u: the program cannot be stopped at the mark %s: %s"),
			    f->source_name, f->marks.list[i].line, f->marks.list[i].name, failure.text);
	}
	return 0;
}

static void name_places(struct lesson_run *run, const struct lesson_shows *shows)
{
	for (size_t i = 0; i < shows->count; i++) {
		const struct lesson_show *show = &shows->list[i];
		if (show->place->kind != EXPECT_PLACE_VARIABLE || !show->place->length)
			continue;
		mem_grow(run->named, run->named_cap, run->named_count + 1);
		run->named[run->named_count++] = (struct expect_named){ show->name, show->place };
	}
}

/* A length that is given to a place in any step holds in all, the head's first. */
static void name_all_places(struct lesson_run *run)
{
	name_places(run, &run->lesson->shows);
	for (size_t i = 0; i < run->lesson->step_count; i++)
		name_places(run, &run->lesson->steps[i].shows);
}

struct kept_terms {
	struct lesson_run *run;
	const char *mark; /* terms of this mark are kept */
	struct err *err;
};

/* A typing error must not pass as something that happens to be unknown. */
static int look_for_variable(void *context, struct expect_term *term, unsigned line)
{
	struct kept_terms *s = context;
	const char *name = expect_variable_name(term);
	struct err failure = { 0 };

	if (!name || expect_errno(name) || program_facts_has(s->run->program, name, &failure) == 0)
		return 0;
	return err_set(s->err, failure.code, "%s:%u: %s", s->run->lesson->file, line, failure.text);
}

static int check_variables(struct lesson_run *run, struct err *err)
{
	struct kept_terms s = { run, NULL, err };

	for (size_t i = 0; i < run->lesson->step_count; i++)
		if (lesson_visit_step(&run->lesson->steps[i], look_for_variable, &s) < 0)
			return -1;
	return 0;
}

struct lesson_run *lesson_run_create(const struct lesson_folder *folder, int32_t pid, struct source *source,
				     struct world *world, struct err *err)
{
	struct lesson_run *run = mem_zalloc(sizeof *run);

	run->sink.take = take;
	run->folder = folder;
	run->lesson = folder->lesson;
	run->source = source;
	run->world = world;
	run->pid = pid;
	run->program = program_facts_create(folder->program, folder->source_name, pid, source, world);
	name_all_places(run);
	if (find_addresses(run, err) == 0 && check_variables(run, err) == 0)
		return run;
	lesson_run_destroy(run);
	return NULL;
}

void lesson_run_destroy(struct lesson_run *run)
{
	if (!run)
		return;
	program_facts_destroy(run->program);
	moments_fini(&run->moments);
	free(run->named);
	free(run->marks);
	free(run->processes);
	free(run);
}

void lesson_run_single_steps(struct lesson_run *run)
{
	run->single_steps = true;
}

void lesson_run_begin(const struct lesson_run *run, struct sink *sink)
{
	lesson_record_texts(run->folder, run->world, run->pid, sink);
}

struct sink *lesson_run_sink(struct lesson_run *run)
{
	return &run->sink;
}

size_t lesson_run_step(const struct lesson_run *run)
{
	return run->next ? run->next - 1 : 0;
}

const struct expect_facts *lesson_run_facts(struct lesson_run *run)
{
	run->facts = (struct expect_facts){
		.world = run->world,
		.pid = run->pid,
		.moments = &run->moments,
		.named = run->named,
		.named_count = run->named_count,
		.ops = &program_facts_ops,
		.context = run->program,
	};
	return &run->facts;
}

static bool same_stop(const struct lesson_step *a, const struct lesson_step *b)
{
	return !strcmp(a->mark, b->mark) && a->pass == b->pass && a->in_child == b->in_child;
}

static const struct lesson_step *wanted(const struct lesson_run *run)
{
	return &run->lesson->steps[run->next - 1];
}

static struct armed_mark *find_mark(struct lesson_run *run, const char *name)
{
	for (size_t i = 0; i < run->folder->marks.count; i++)
		if (!strcmp(run->marks[i].mark->name, name))
			return &run->marks[i];
	return NULL;
}

bool lesson_run_go(struct lesson_run *run)
{
	if (run->next == run->lesson->step_count)
		return false;
	run->next++;
	run->moving = true;
	return true;
}

/* The addresses of the coming steps' marks, of the program itself or of children. */
static void arm(struct lesson_run *run, bool child, struct control_step *step)
{
	for (size_t i = run->next - 1; i < run->lesson->step_count && step->code_count < STEP_CODE_MAX; i++) {
		const struct armed_mark *m = find_mark(run, run->lesson->steps[i].mark);
		bool there = !m || run->lesson->steps[i].in_child != child;
		for (size_t k = 0; !there && k < step->code_count; k++)
			there = step->code[k] == m->address;
		if (!there)
			step->code[step->code_count++] = m->address;
	}
}

static const struct process *process(const struct lesson_run *run)
{
	return world_find(run->world, run->pid);
}

/* Lets it go on, towards the coming steps. */
static int go_on(struct lesson_run *run, struct run_process *p, struct err *err)
{
	struct control_arg arg = { .step = {
				       .kind = STEP_CODE, .count = 1, .single_steps = run->single_steps } };
	struct err failure = { 0 };

	p->stands = p->fresh = p->newborn = false;
	arm(run, p->pid != run->pid, &arg.step);
	enum control what = arg.step.code_count ? CONTROL_STEP : CONTROL_RESUME;
	if (run->source->ops->control(run->source, p->pid, what, &arg, &failure) == 0 ||
	    failure.code == ERR_GONE)
		return 0;
	if (err)
		*err = failure;
	return -1;
}

/* Continues all that are stopped, except those that are parked at a coming step. */
static int all_go_on(struct lesson_run *run, struct err *err)
{
	bool ending = !strcmp(wanted(run)->mark, MOMENT_END);

	for (size_t i = 0; i < run->process_count; i++) {
		struct run_process *p = &run->processes[i];
		bool parked = p->parked != NOT_PARKED && p->parked + 1 >= run->next && !ending;
		if (p->stands && !parked && go_on(run, p, err) < 0)
			return -1;
	}
	return 0;
}

static int keep(void *context, struct expect_term *term, unsigned line)
{
	struct kept_terms *s = context;

	if (term->mark && !strcmp(term->mark, s->mark))
		expect_keep(lesson_run_facts(s->run), term);
	return 0;
}

/* Keeps what later steps need to know about this moment. */
static void keep_terms(struct lesson_run *run)
{
	struct kept_terms s = { run, wanted(run)->mark, NULL };

	for (size_t i = run->next; i < run->lesson->step_count; i++)
		lesson_visit_step(&run->lesson->steps[i], keep, &s);
}

static int keep_last(void *context, struct expect_term *term, unsigned line)
{
	struct kept_terms *s = context;

	expect_keep_last(lesson_run_facts(s->run), term);
	return 0;
}

/* Its memory will be gone when the last steps are looked at: what they want of it is kept. Looking for the
 * places has their variables known, too. */
static void keep_end(struct lesson_run *run)
{
	struct kept_terms s = { run, MOMENT_END, NULL };
	const struct expect_facts *facts = lesson_run_facts(run);

	for (size_t i = 0; i < run->lesson->step_count; i++) {
		const struct lesson_step *step = &run->lesson->steps[i];
		const struct lesson_shows *shows = lesson_step_shows(run->lesson, step);
		if (strcmp(step->mark, MOMENT_END))
			continue;
		lesson_visit_step(step, keep_last, &s);
		for (size_t k = 0; k < shows->count; k++) {
			struct expect_where where = { 0 };
			struct expect_value unknown = { 0 };
			expect_find_place(facts, expect_process(facts, 0), shows->list[k].place, &where,
					  &unknown);
			expect_where_fini(&where);
			value_fini(&unknown);
		}
	}
}

/* The coming step that a process is at by coming to a mark; NOT_PARKED: none. */
static size_t find_step(const struct lesson_run *run, const struct armed_mark *m, bool child)
{
	for (size_t i = run->next - 1; i < run->lesson->step_count; i++) {
		const struct lesson_step *step = &run->lesson->steps[i];
		if (step->in_child == child && !strcmp(step->mark, m->mark->name) &&
		    step->pass == m->passes[child])
			return i;
	}
	return NOT_PARKED;
}

static int fail_order(const struct lesson_run *run, size_t later, struct err *err)
{
	return err_set(
	    err, ERR_INPUT,
	    _("%s:%u: the program reaches %s before %s: expected the steps in the program's order"),
	    run->lesson->file, wanted(run)->line, run->lesson->steps[later].mark, wanted(run)->mark);
}

/* The program itself may have gone beyond a step while children were looked at. */
static int check_order(struct lesson_run *run, struct err *err)
{
	const struct run_process *p = process_of(run, run->pid);
	bool beyond = p->stands && p->parked != NOT_PARKED && p->parked + 1 > run->next;

	return beyond && !wanted(run)->in_child ? fail_order(run, p->parked, err) : 0;
}

/* A process has stopped. 1: where it is wanted; 0: not; -1: lost. */
static int look_at_stop(struct lesson_run *run, struct run_process *p, struct err *err)
{
	bool child = p->pid != run->pid;

	if (p->newborn && !wanted(run)->in_child && parent_goes_on(run, p))
		return 0; /* looked at again after the next step of the source */
	p->fresh = false;
	if (p->at_exit && !child)
		keep_end(run);
	for (size_t i = 0; p->at_code && i < run->folder->marks.count; i++) {
		struct armed_mark *m = &run->marks[i];
		if (m->address != p->address)
			continue;
		m->passes[child]++;
		size_t step = find_step(run, m, child);
		if (step != NOT_PARKED)
			p->parked = step;
	}
	if (p->parked == run->next - 1)
		return 1;
	if (p->parked != NOT_PARKED)
		return child || wanted(run)->in_child ? 0 : fail_order(run, p->parked, err);
	return go_on(run, p, err);
}

static int look_at_stops(struct lesson_run *run, struct err *err)
{
	int there = 0;

	for (size_t i = 0; i < run->process_count && there == 0; i++)
		if (run->processes[i].fresh)
			there = look_at_stop(run, &run->processes[i], err);
	return there;
}

/* One that was parked at the step before it was wanted. */
static bool is_parked_there(const struct lesson_run *run)
{
	for (size_t i = 0; i < run->process_count; i++)
		if (run->processes[i].stands && run->processes[i].parked == run->next - 1)
			return true;
	return false;
}

/* For recordings: sends the facts of all steps of a stop when the program gets there. */
static void record(struct lesson_run *run, struct sink *sink)
{
	for (size_t i = run->next - 1; i < run->lesson->step_count; i++) {
		if (!same_stop(&run->lesson->steps[i], wanted(run)))
			break;
		lesson_record_step(run->lesson, i, lesson_run_facts(run), sink);
	}
}

static enum lesson_run_state arrive(struct lesson_run *run, struct sink *sink, struct err *err)
{
	run->moving = false;
	if (process_alive(process(run)) && run->source->ops->sweep(run->source, sink, err) < 0)
		return LESSON_RUN_LOST;
	keep_terms(run);
	record(run, sink);
	return LESSON_RUN_THERE;
}

static enum lesson_run_state lose(struct lesson_run *run, struct err *err)
{
	const struct process *p = process(run);
	const struct lesson_step *step = wanted(run);

	char buf[16];

	run->moving = false;
	if (p && p->status == PROCESS_KILLED)
		err_set(err, ERR_GONE, _("%s:%u: the program was killed by %s before it reached %s"),
			run->lesson->file, step->line, signal_name(p->status_code, buf), step->mark);
	else
		err_set(err, ERR_GONE, _("%s:%u: the program ended before it reached %s"), run->lesson->file,
			step->line, step->mark);
	return LESSON_RUN_LOST;
}

/* Have all processes ended that could reach the step? */
static bool is_over(const struct lesson_run *run, const struct lesson_step *step)
{
	for (size_t i = 0; step->in_child && i < run->world->count; i++)
		if (process_alive(run->world->processes[i]))
			return false;
	return !process_alive(process(run));
}

/* The first call after lesson_run_go: it is there already, or has to move. */
static enum lesson_run_state set_off(struct lesson_run *run, struct sink *sink, struct err *err)
{
	const struct lesson_step *step = wanted(run);
	const struct lesson_step *before = run->next > 1 ? step - 1 : NULL;

	if (!before && !strcmp(step->mark, MOMENT_START))
		return arrive(run, sink, err);
	if (before && same_stop(before, step)) {
		run->moving = false;
		return LESSON_RUN_THERE;
	}
	moments_add(&run->moments, before ? before->mark : MOMENT_START, run->world);
	if (is_over(run, step))
		return strcmp(step->mark, MOMENT_END) ? lose(run, err) : arrive(run, sink, err);
	int there = look_at_stops(run, err);
	if (there > 0 || (there == 0 && is_parked_there(run)))
		return arrive(run, sink, err);
	if (there < 0 || check_order(run, err) < 0)
		return LESSON_RUN_LOST;
	return all_go_on(run, err) < 0 ? LESSON_RUN_LOST : LESSON_RUN_ON_ITS_WAY;
}

enum lesson_run_state lesson_run_tick(struct lesson_run *run, struct sink *sink, struct err *err)
{
	if (!run->next || !run->moving)
		return LESSON_RUN_THERE;
	const struct lesson_step *step = wanted(run);
	if (!run->on_its_way) {
		run->on_its_way = true;
		enum lesson_run_state state = set_off(run, sink, err);
		run->on_its_way = state == LESSON_RUN_ON_ITS_WAY;
		return state;
	}
	if (is_over(run, step)) {
		run->on_its_way = false;
		return strcmp(step->mark, MOMENT_END) ? lose(run, err) : arrive(run, sink, err);
	}
	int there = look_at_stops(run, err);
	run->on_its_way = there == 0;
	if (there > 0)
		return arrive(run, sink, err);
	return there < 0 ? LESSON_RUN_LOST : LESSON_RUN_ON_ITS_WAY;
}
