/* Passes each event of a process on to the part that it is about. */
#include "model/process.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

static void free_argv(char **argv)
{
	for (size_t i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

static char **copy_argv(const char *const *argv)
{
	size_t n = 0;
	while (argv && argv[n])
		n++;
	char **copy = mem_alloc((n + 1) * sizeof *copy);
	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(argv[i]);
	copy[n] = NULL;
	return copy;
}

static char *copy_text(const char *text)
{
	return mem_strdup(text ? text : "");
}

static struct process_identity identity_copy(const struct process_identity *from)
{
	struct process_identity copy = *from;

	copy.argv = copy_argv((const char *const *)from->argv);
	copy.comm = copy_text(from->comm);
	copy.exe = copy_text(from->exe);
	return copy;
}

static void identity_fini(struct process_identity *id)
{
	free_argv(id->argv);
	free(id->comm);
	free(id->exe);
}

static void identity_take(struct process_identity *id, const struct event_process *e)
{
	struct process_identity old = *id;

	*id = (struct process_identity){
		.argv = copy_argv(e->argv),
		.comm = copy_text(e->comm),
		.exe = copy_text(e->exe),
		.bits = e->bits,
		.address_bits = e->address_bits,
		.uid = e->uid,
		.launched = old.launched || e->launched,
		.recorded_launch = old.recorded_launch || e->recorded_launch,
	};
	identity_fini(&old);
}

/* Returns whether they changed. */
static bool counters_take(struct process_counters *c, const struct event_counters *now)
{
	if (!c->known) {
		c->known = true;
		c->first = *now;
	} else if (c->now.minor == now->minor && c->now.major == now->major &&
		   c->now.threads == now->threads && c->now.state == now->state) {
		return false;
	}
	c->now = *now;
	return true;
}

/* A session file may have a refused source without a reason; then there is nothing more to show. */
static bool source_take(struct source_status *s, bool ok, bool partial, const char *reason)
{
	bool given = reason && *reason;
	const char *why = given ? reason : ok ? "" : _("denied");
	if (s->known && s->ok == ok && s->partial == partial && !strcmp(s->why, why))
		return false;
	free(s->why);
	*s = (struct source_status){ .known = true, .ok = ok, .partial = partial, .why = copy_text(why) };
	return true;
}

static bool stop_take(struct process_stop *stop, enum stop_why why, int32_t tid)
{
	*stop = (struct process_stop){ .known = true, .count = stop->count + 1, .why = why, .tid = tid };
	return true;
}

static bool figures_take(struct process_figures *f, const struct kernel_figures *now, uint64_t time_ns)
{
	kernel_figures_fini(&f->read);
	*f = (struct process_figures){ .known = true, .time_ns = time_ns, .read = kernel_figures_copy(now) };
	return true;
}

static void figures_forget(struct process_figures *f)
{
	kernel_figures_fini(&f->read);
	f->known = false;
	f->time_ns = 0;
}

struct process *process_create(int32_t pid, unsigned page_shift, uint64_t now_ns)
{
	struct process *p = mem_zalloc(sizeof *p);

	p->pid = pid;
	p->course.born_ns = now_ns;
	p->status = PROCESS_RUNNING;
	p->space = space_create(page_shift);
	p->names = names_create();
	kernel_figures_init(&p->figures.read);
	for (int i = 0; i < SOURCE_KINDS; i++)
		p->sources[i].why = mem_strdup("");
	return p;
}

struct process *process_copy(const struct process *p)
{
	struct process *copy = mem_alloc(sizeof *copy);
	*copy = *p;
	copy->identity = identity_copy(&p->identity);
	copy->space = space_copy(p->space);
	copy->faults = fault_history_copy(&p->faults);
	copy->stacks = stacks_copy(&p->stacks);
	copy->names = names_copy(p->names);
	copy->departures = departures_copy(&p->departures);
	copy->execs = exec_log_copy(&p->execs);
	copy->forked = forked_copy(&p->forked);
	copy->threads = threads_copy(&p->threads);
	copy->calls = calls_copy(&p->calls);
	copy->history = history_copy(&p->history);
	copy->output = output_copy(&p->output);
	copy->figures.read = kernel_figures_copy(&p->figures.read);
	for (int i = 0; i < SOURCE_KINDS; i++)
		copy->sources[i].why = mem_strdup(p->sources[i].why);
	return copy;
}

void process_destroy(struct process *p)
{
	if (!p)
		return;
	identity_fini(&p->identity);
	space_destroy(p->space);
	fault_history_fini(&p->faults);
	stacks_fini(&p->stacks);
	names_destroy(p->names);
	forked_fini(&p->forked);
	departures_fini(&p->departures);
	exec_log_fini(&p->execs);
	threads_fini(&p->threads);
	calls_fini(&p->calls);
	history_fini(&p->history);
	output_fini(&p->output);
	kernel_figures_fini(&p->figures.read);
	for (int i = 0; i < SOURCE_KINDS; i++)
		free(p->sources[i].why);
	free(p);
}

bool process_alive(const struct process *p)
{
	return p->status == PROCESS_RUNNING || p->status == PROCESS_STOPPED || p->status == PROCESS_PAUSED;
}

uint64_t process_minor(const struct process *p)
{
	return p->counters.now.minor - p->counters.first.minor;
}

uint64_t process_major(const struct process *p)
{
	return p->counters.now.major - p->counters.first.major;
}

static bool apply_process(struct process *p, const struct event_process *e, uint64_t now_ns)
{
	if (e->exec) {
		exec_log_add(&p->execs, now_ns, e, p->faults.log.end);
		space_clear(p->space);
		fault_history_exec(&p->faults);
		names_clear(p->names);
		p->calls.image = p->calls.end;
		threads_fini(&p->threads);
		figures_forget(&p->figures);
		p->course.execs++;
	}
	if (e->parent && !e->exec && !p->parent)
		forked_begin(&p->forked, e);
	identity_take(&p->identity, e);
	p->parent = e->parent;
	return true;
}

static bool apply_status(struct process *p, enum process_status status, int code, uint64_t now_ns)
{
	if (status != PROCESS_PAUSED)
		p->stop.known = false;
	if (p->status == status && p->status_code == code)
		return false;
	p->status = status;
	p->status_code = code;
	if (!process_alive(p))
		threads_end_all(&p->threads, now_ns);
	return true;
}

static void set_began(struct process *p, enum began began)
{
	p->course.began = began;
	p->space->began_known = began == BEGAN_SEEN;
}

/* The picture is whole: what is there now goes into the history. */
static bool apply_tick(struct process *p, uint64_t now_ns)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	uint64_t before = p->space->generation;
	p->course.ticks++;
	space_bury(p->space, now_ns);
	if (p->course.began == BEGAN_NOT) {
		set_began(p, BEGAN_SEEN);
		p->course.began_resident = space_begin(p->space);
	}
	space_add_counts(p->space, counts);
	bool noted =
	    history_note(&p->history, now_ns, page_resident(counts), process_minor(p), process_major(p));
	return noted || p->space->generation != before;
}

static void forget_pages(void *process, uint64_t first, uint64_t end)
{
	struct process *p = process;
	fault_history_forget(&p->faults, first, end);
}

/* Memory that a region has given up, all but [start, end), loses its stories, unless it lives on in another
 * region: what comes there next is other memory. */
static void forget_stories(struct process *p, const struct region_attr *old, uint64_t start, uint64_t end)
{
	start = clamp(start, old->start, old->end);
	end = clamp(end, start, old->end);
	space_each_given_up(p->space, old, old->start, start, forget_pages, p);
	space_each_given_up(p->space, old, end, old->end, forget_pages, p);
}

static void apply_fault(struct process *p, const struct event *e)
{
	const struct event_fault *f = &e->fault;

	fault_history_add(&p->faults, e->time_ns, f, stacks_add(&p->stacks, &e->stack),
			  space_page(p->space, f->address), space_find(p->space, f->address));
	if (!fault_is_fatal(f->cause))
		threads_count_fault(&p->threads, f->tid, f->major, e->time_ns);
}

/* Sets the calls' places among the faults by time: those from before the log come before it. */
static void order_calls(struct process *p)
{
	const struct fault_log *log = &p->faults.log;
	uint64_t fault = log->begin;

	for (uint64_t i = p->calls.begin; i < p->calls.end; i++) {
		struct call_entry *call = &p->calls.entries[i % CALLS_MAX];

		while (fault < log->end && fault_log_at(log, fault)->time_ns <= call->time_ns)
			fault++;
		call->after_faults = fault;
	}
}

static void order_departures(struct process *p)
{
	const struct fault_log *log = &p->faults.log;
	uint64_t fault = log->begin;

	for (uint64_t i = p->departures.begin; i < p->departures.end; i++) {
		struct departure *d = &p->departures.entries[i % DEPARTURES_MAX];

		while (fault < log->end && fault_log_at(log, fault)->time_ns <= d->time_ns)
			fault++;
		d->after_faults = fault;
	}
}

static void apply_past(struct process *p, const struct event_past *past)
{
	/* an old recording: its tick is not that of the first picture */
	if (!p->course.began_kept)
		set_began(p, BEGAN_UNKNOWN);
	fault_history_begin(&p->faults, past->faults, past->image_faults);
	forked_fini(&p->forked); /* what is known follows */
	threads_fini(&p->threads);
	p->threads.dropped = past->threads_dropped;
	calls_number(&p->calls, past->calls);
	order_calls(p);
	departures_number(&p->departures, past->departures);
	order_departures(p);
	p->calls.image = past->image_calls;
	p->stop.count = (unsigned)past->stops;
	history_begin(&p->history, past->resident, past->minor, past->major);
	p->course.execs = (unsigned)past->execs;
	exec_log_number(&p->execs, past->execs);
	p->course.changed_ns = past->changed_ns;
	p->space->changed_page = past->changed_page;
	p->space->changed_ns = past->page_changed_ns;
	p->output.bytes = past->output;
}

static void apply_story(struct process *p, const struct event *e)
{
	uint32_t stack = stacks_add(&p->stacks, &e->stack);

	for (uint64_t i = 0; i < e->story.pages; i++)
		fault_history_story(&p->faults, e->story.first + i, e->time_ns, &e->story.fault, stack);
}

static void apply_sample(struct process *p, const struct event *e)
{
	struct sample sample = {
		.time_ns = e->time_ns,
		.resident = e->sample.resident,
		.minor = e->sample.minor,
		.major = e->sample.major,
		.quiet_ns = e->sample.quiet_ns,
	};

	history_add(&p->history, &sample);
}

static bool apply_thread(struct process *p, const struct event_thread *e, uint64_t now_ns)
{
	bool news = threads_note(&p->threads, e->tid, e->name, e->ended, now_ns);

	if (e->minor || e->major)
		threads_set_faults(&p->threads, e->tid, e->minor, e->major);
	return news;
}

static void apply_began(struct process *p, const struct event_began *e)
{
	space_set_began(p->space, e->tiles, e->n, e->more);
	set_began(p, e->began);
	p->course.began_resident = e->resident;
	p->course.began_kept = true;
}

/* Applies events that only keyframes have. */
static void apply_kept(struct process *p, const struct event *e)
{
	if (e->type == EVENT_PAST)
		apply_past(p, &e->past);
	else if (e->type == EVENT_BEGAN)
		apply_began(p, &e->began);
	else if (e->type == EVENT_STORY)
		apply_story(p, e);
	else if (e->type == EVENT_SAMPLE)
		apply_sample(p, e);
	else if (e->type == EVENT_FORKED)
		forked_put(&p->forked, &e->forked);
	else if (e->type == EVENT_COPIER)
		forked_put_copier(&p->forked, &e->copier);
	else if (e->type == EVENT_LEFT)
		departures_add(&p->departures, e->time_ns, &e->left, p->faults.log.end);
	else if (e->type == EVENT_PROFILE)
		profile_put(&p->faults.profile, &e->profile, stacks_add(&p->stacks, &e->stack));
}

struct departing {
	struct process *process;
	uint64_t time_ns;
};

static void note_departure(void *context, const struct event_left *left)
{
	struct departing *d = context;

	departures_add(&d->process->departures, d->time_ns, left, d->process->faults.log.end);
}

/* Applies events about regions and pages. */
static bool apply_to_space(struct process *p, const struct event *e)
{
	const struct region_attr *attr = &e->region.attr;
	uint64_t before = p->space->generation;
	bool gives_up = e->type == EVENT_CHANGE || e->type == EVENT_UNMAP;
	const struct region *r = gives_up ? space_find_near(p->space, e->region.id, attr->start) : NULL;
	const struct region_attr old = r ? r->attr : (struct region_attr){ 0 };

	departures_each(p->space, &p->calls, e, note_departure, &(struct departing){ p, e->time_ns });
	if (e->type == EVENT_MAP) {
		space_map(p->space, e->region.id, attr, e->time_ns);
	} else if (e->type == EVENT_CHANGE) {
		space_change(p->space, e->region.id, attr, e->time_ns);
	} else if (e->type == EVENT_UNMAP) {
		space_unmap(p->space, e->region.id, attr->start, e->time_ns);
	} else if (e->type == EVENT_PAGES) {
		space_set_pages(p->space, e->pages.tiles, e->pages.n, e->time_ns);
	}
	if (r)
		forget_stories(p, &old, e->type == EVENT_CHANGE ? attr->start : old.end,
			       e->type == EVENT_CHANGE ? attr->end : old.end);
	return p->space->generation != before;
}

static void apply_names(struct names *names, const struct event *e)
{
	if (e->type == EVENT_SYMBOL)
		names_add(names, &e->symbol);
	else
		names_add_lines(names, e->lines.path, e->lines.first, e->lines.text);
}

static uint64_t *lost_of(struct process_course *c, enum lost_what what)
{
	switch (what) {
	case LOST_PROCESSES:
		return &c->unseen;
	case LOST_THEIR_FAULTS:
		return &c->unseen_faults;
	case LOST_FAULTS:
		break;
	}
	return &c->lost;
}

static bool apply(struct process *p, const struct event *e)
{
	switch (e->type) {
	case EVENT_STATUS:
		return apply_status(p, e->status.status, e->status.code, e->time_ns);
	case EVENT_COUNTERS:
		return counters_take(&p->counters, &e->counters);
	case EVENT_MAP:
	case EVENT_CHANGE:
	case EVENT_UNMAP:
	case EVENT_PAGES:
		return apply_to_space(p, e);
	case EVENT_OUTPUT:
		output_add(&p->output, e->output.bytes, e->output.len);
		return e->output.len > 0;
	case EVENT_SOURCE:
		return (unsigned)e->source.kind < SOURCE_KINDS &&
		       source_take(&p->sources[e->source.kind], e->source.ok, e->source.partial,
				   e->source.why);
	case EVENT_LOST:
		*lost_of(&p->course, e->lost.what) += e->lost.count;
		return e->lost.count > 0;
	case EVENT_TICK:
		return apply_tick(p, e->time_ns);
	case EVENT_FAULT:
		apply_fault(p, e);
		return true;
	case EVENT_SYMBOL:
	case EVENT_LINES:
		apply_names(p->names, e);
		return true;
	case EVENT_CALL:
		calls_add(&p->calls, e->time_ns, &e->call, stacks_add(&p->stacks, &e->stack),
			  p->faults.log.end);
		return true;
	case EVENT_STOP:
		return stop_take(&p->stop, e->stop.why, e->stop.tid);
	case EVENT_PAST:
	case EVENT_STORY:
	case EVENT_SAMPLE:
	case EVENT_PROFILE:
	case EVENT_FORKED:
	case EVENT_COPIER:
	case EVENT_BEGAN:
	case EVENT_LEFT:
		apply_kept(p, e);
		return true;
	case EVENT_THREAD:
		return apply_thread(p, &e->thread, e->time_ns);
	case EVENT_FIGURES:
		return figures_take(&p->figures, e->figures, e->time_ns);
	case EVENT_PROCESS:
		return apply_process(p, &e->process, e->time_ns);
	case EVENT_MARK:
		break;
	}
	return false;
}

/* Applies it and notes when something of the process changed. A tick, a thread that goes to sleep, and a page
 * cache that others fill or empty do not count. */
bool process_apply(struct process *p, const struct event *e)
{
	const struct event_counters *now = &p->counters.now;
	uint64_t faults = now->minor + now->major, own = p->space->own_generation;
	bool changed = apply(p, e);
	bool quiet = e->type == EVENT_TICK || e->type == EVENT_PROCESS || e->type == EVENT_FIGURES ||
		     e->type >= EVENT_PAST;
	bool news = !quiet && (e->type != EVENT_COUNTERS || faults != now->minor + now->major) &&
		    (e->type != EVENT_PAGES || own != p->space->own_generation);
	if (changed && news && e->time_ns > p->course.changed_ns)
		p->course.changed_ns = e->time_ns;
	return changed;
}

bool process_growth(const struct process *p, int64_t *pages)
{
	uint64_t counts[PAGE_STATES] = { 0 };

	if (p->course.began != BEGAN_SEEN)
		return false;
	space_add_counts(p->space, counts);
	*pages = (int64_t)page_resident(counts) - (int64_t)p->course.began_resident;
	return true;
}

#define RATE_NS (5 * CLOCK_SECOND)
#define RATE_LEAST_NS CLOCK_SECOND

double process_growth_rate(const struct process *p, uint64_t now_ns)
{
	const struct sample *then = NULL, *sample;

	/* a sample describes its time and what follows, until the next one */
	for (size_t i = 0; (sample = history_at(&p->history, i)); i++) {
		then = sample;
		if (sample->time_ns + RATE_NS <= now_ns)
			break;
	}
	if (!then || then->time_ns + RATE_LEAST_NS > now_ns)
		return 0;
	return ((double)p->history.resident - (double)then->resident) * 1e9 /
	       (double)(then->time_ns + RATE_NS <= now_ns ? RATE_NS : now_ns - then->time_ns);
}
