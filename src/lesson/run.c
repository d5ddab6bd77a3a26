/* The marks of the coming steps are armed, as many as there are registers, the wanted one first. At
 * each stop its address says which mark it is. One that is not wanted is counted, and the program goes
 * on; one whose step is a later one means that the steps are not in the program's order. */
#include "lesson/run.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#define POLL_MAX 64
#define STEP_BUDGET_NS (20 * CLOCK_MS)

struct armed_mark {
	const struct lesson_mark *mark;
	uint64_t address;
	unsigned passes; /* how often a thread came there */
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
	struct moments moments;
	struct expect_named *named;
	size_t named_count, named_cap;
	struct expect_facts facts;
	size_t next;     /* the step that lesson_run_go goes to */
	bool moving;     /* on the way to step next - 1 */
	bool on_its_way; /* and has set off */
	bool stopped;    /* an EVENT_STOP came that was not looked at yet: */
	uint64_t stop_address;
	bool stop_at_code;
};

static void take(struct sink *sink, const struct event *e)
{
	struct lesson_run *run = (struct lesson_run *)sink;

	if (e->type != EVENT_STOP || e->pid != run->pid)
		return;
	run->stopped = true;
	run->stop_at_code = e->stop.why == STOP_CODE;
	run->stop_address = e->stop.address;
}

static int find_addresses(struct lesson_run *run, struct err *err)
{
	const struct lesson_folder *f = run->folder;

	run->marks = mem_zalloc((f->marks.count + 1) * sizeof *run->marks);
	for (size_t i = 0; i < f->marks.count; i++) {
		struct err inner = { 0 };
		run->marks[i].mark = &f->marks.list[i];
		if (program_facts_line(run->program, f->source_name, f->marks.list[i].line,
				       &run->marks[i].address, &inner) < 0)
			return err_set(err, inner.code, _("%s:%u: the mark %s cannot be stopped at: %s"),
				       f->source_name, f->marks.list[i].line, f->marks.list[i].name,
				       inner.text);
	}
	return 0;
}

static void name_places(struct lesson_run *run, const struct lesson_shows *shows)
{
	for (size_t i = 0; i < shows->count; i++) {
		const struct lesson_show *show = &shows->list[i];
		if (show->place->kind != PLACE_VARIABLE || !show->place->length)
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

struct search {
	struct lesson_run *run;
	const char *mark; /* terms of this mark are kept */
	struct err *err;
};

/* A slip of the pen must not pass as something that happens to be unknown. */
static int look_for_variable(void *context, struct expect_term *term, unsigned line)
{
	struct search *s = context;
	const char *name = expect_variable_name(term);
	struct err inner = { 0 };

	if (!name || expect_errno(name) || program_facts_has(s->run->program, name, &inner) == 0)
		return 0;
	return err_set(s->err, inner.code, "%s:%u: %s", s->run->lesson->file, line, inner.text);
}

static int check_variables(struct lesson_run *run, struct err *err)
{
	struct search s = { run, NULL, err };

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
	run->program = program_facts_create(folder->program, pid, source, world);
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
	free(run);
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

/* The addresses of the coming steps' marks. */
static void arm(struct lesson_run *run, struct control_step *step)
{
	for (size_t i = run->next - 1; i < run->lesson->step_count && step->code_count < STEP_CODE_MAX; i++) {
		const struct armed_mark *m = find_mark(run, run->lesson->steps[i].mark);
		bool there = !m || run->lesson->steps[i].in_child;
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

/* Lets it go on, towards the step that is wanted. */
static int go_on(struct lesson_run *run, struct err *err)
{
	struct control_arg arg = { .step = { .kind = STEP_CODE, .count = 1 } };

	if (!strcmp(wanted(run)->mark, LESSON_END))
		return run->source->ops->control(run->source, run->pid, CONTROL_RESUME, NULL, err);
	arm(run, &arg.step);
	return run->source->ops->control(run->source, run->pid, CONTROL_STEP, &arg, err);
}

static int come_to_unwanted(struct lesson_run *run, const struct armed_mark *m, struct err *err)
{
	const struct lesson_step *step = wanted(run);

	for (size_t i = run->next; i < run->lesson->step_count; i++) {
		const struct lesson_step *later = &run->lesson->steps[i];
		if (!strcmp(later->mark, m->mark->name) && later->pass == m->passes && !later->in_child)
			return err_set(
			    err, ERR_INPUT,
			    _("%s:%u: the program comes to %s before %s: expected the steps in its order"),
			    run->lesson->file, step->line, later->mark, step->mark);
	}
	return 0;
}

/* It stands. 1: where it is wanted; 0: it has to go on; -1: lost. */
static int look_at_stop(struct lesson_run *run, struct err *err)
{
	const struct lesson_step *step = wanted(run);

	run->stopped = false;
	if (!run->stop_at_code)
		return 0;
	for (size_t i = 0; i < run->folder->marks.count; i++) {
		struct armed_mark *m = &run->marks[i];
		if (m->address != run->stop_address)
			continue;
		m->passes++;
		if (!strcmp(m->mark->name, step->mark) && m->passes == step->pass)
			return 1;
		if (come_to_unwanted(run, m, err) < 0)
			return -1;
	}
	return 0;
}

static int keep(void *context, struct expect_term *term, unsigned line)
{
	struct search *s = context;

	if (term->mark && !strcmp(term->mark, s->mark))
		expect_keep(lesson_run_facts(s->run), term);
	return 0;
}

/* What later steps want to know of this moment. */
static void keep_terms(struct lesson_run *run)
{
	struct search s = { run, wanted(run)->mark, NULL };

	for (size_t i = run->next; i < run->lesson->step_count; i++)
		lesson_visit_step(&run->lesson->steps[i], keep, &s);
}

static enum lesson_run_state arrive(struct lesson_run *run, struct sink *sink, struct err *err)
{
	run->moving = false;
	if (process_alive(process(run)) && run->source->ops->sweep(run->source, sink, err) < 0)
		return LESSON_RUN_LOST;
	keep_terms(run);
	return LESSON_RUN_THERE;
}

static enum lesson_run_state lose(struct lesson_run *run, struct err *err)
{
	const struct process *p = process(run);
	const struct lesson_step *step = wanted(run);

	run->moving = false;
	if (p && p->status == PROCESS_KILLED)
		err_set(err, ERR_GONE, _("%s:%u: the program was killed by SIG%s before it came to %s"),
			run->lesson->file, step->line, sigabbrev_np(p->status_code), step->mark);
	else
		err_set(err, ERR_GONE, _("%s:%u: the program ended before it came to %s for the %uth time"),
			run->lesson->file, step->line, step->mark, step->pass);
	return LESSON_RUN_LOST;
}

/* The first call behind lesson_run_go: it is there already, or has to move. */
static enum lesson_run_state set_off(struct lesson_run *run, struct sink *sink, struct err *err)
{
	const struct lesson_step *step = wanted(run);
	const struct lesson_step *before = run->next > 1 ? step - 1 : NULL;

	if (!before && !strcmp(step->mark, LESSON_START))
		return arrive(run, sink, err);
	if (before && same_stop(before, step)) {
		run->moving = false;
		return LESSON_RUN_THERE;
	}
	moments_add(&run->moments, before ? before->mark : LESSON_START, run->world);
	run->stopped = false;
	if (!process_alive(process(run)))
		return strcmp(step->mark, LESSON_END) ? lose(run, err) : arrive(run, sink, err);
	return go_on(run, err) < 0 ? LESSON_RUN_LOST : LESSON_RUN_ON_ITS_WAY;
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
	if (!process_alive(process(run))) {
		run->on_its_way = false;
		return strcmp(step->mark, LESSON_END) ? lose(run, err) : arrive(run, sink, err);
	}
	if (!run->stopped)
		return LESSON_RUN_ON_ITS_WAY;
	int there = look_at_stop(run, err);
	run->on_its_way = there == 0;
	if (there > 0)
		return arrive(run, sink, err);
	return there < 0 || go_on(run, err) < 0 ? LESSON_RUN_LOST : LESSON_RUN_ON_ITS_WAY;
}

static void wait_for(struct source *source, uint64_t until_ns)
{
	struct pollfd fds[POLL_MAX];
	size_t count = source->ops->poll_fds(source, fds, POLL_MAX);
	uint64_t now = clock_now_ns(), due = source->ops->due_ns(source);

	due = due < until_ns ? due : until_ns;
	poll(fds, count, due > now ? (int)((due - now) / CLOCK_MS + 1) : 0);
}

int lesson_run_next(struct lesson_run *run, struct sink *sink, uint64_t patience_ns, struct err *err)
{
	uint64_t until = clock_now_ns() + patience_ns;
	enum lesson_run_state state;

	if (!lesson_run_go(run))
		return 0;
	while ((state = lesson_run_tick(run, sink, err)) == LESSON_RUN_ON_ITS_WAY) {
		wait_for(run->source, until);
		if (run->source->ops->step(run->source, sink, STEP_BUDGET_NS, err) < 0)
			return -1;
		if (clock_now_ns() > until)
			return err_set(err, ERR_SYSTEM,
				       _("%s:%u: the program has not come to %s after %u seconds"),
				       run->lesson->file, wanted(run)->line, wanted(run)->mark,
				       (unsigned)(patience_ns / CLOCK_SECOND));
	}
	return state == LESSON_RUN_THERE ? 1 : -1;
}
