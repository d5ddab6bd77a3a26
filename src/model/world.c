/* Applies events. Whatever the sender, the same events give the same world.
 *
 * `generation` grows only when something that is shown became another, so that the
 * screen of a quiet process is not drawn: a reading that says what was known already
 * (the same counters, the same status) leaves it alone. */
#include "model/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

struct process *process_copy(const struct process *p)
{
	struct process *copy = mem_alloc(sizeof *copy);
	*copy = *p;
	copy->argv = copy_argv((const char *const *)p->argv);
	copy->comm = copy_text(p->comm);
	copy->exe = copy_text(p->exe);
	copy->space = space_copy(p->space);
	copy->stories = stories_copy(&p->stories);
	copy->faults = fault_log_copy(&p->faults);
	copy->fault_regions = fault_regions_copy(&p->fault_regions);
	copy->profile = profile_copy(&p->profile);
	copy->stacks = stacks_copy(&p->stacks);
	copy->names = names_copy(p->names);
	copy->threads = threads_copy(&p->threads);
	copy->calls = calls_copy(&p->calls);
	copy->history = history_copy(&p->history);
	copy->output = output_copy(&p->output);
	for (int i = 0; i < SOURCE_KINDS; i++)
		copy->sources[i].why = p->sources[i].why ? mem_strdup(p->sources[i].why) : NULL;
	return copy;
}

void process_destroy(struct process *p)
{
	if (!p)
		return;
	free_argv(p->argv);
	free(p->comm);
	free(p->exe);
	space_destroy(p->space);
	stories_fini(&p->stories);
	fault_log_fini(&p->faults);
	fault_regions_fini(&p->fault_regions);
	profile_fini(&p->profile);
	stacks_fini(&p->stacks);
	names_destroy(p->names);
	threads_fini(&p->threads);
	calls_fini(&p->calls);
	history_fini(&p->history);
	output_fini(&p->output);
	for (int i = 0; i < SOURCE_KINDS; i++)
		free(p->sources[i].why);
	free(p);
}

static void take(struct sink *sink, const struct event *e)
{
	world_apply((struct world *)sink, e);
}

struct world *world_create(void)
{
	struct world *w = mem_zalloc(sizeof *w);
	w->sink.take = take;
	return w;
}

static void note_generation(struct world *w, uint64_t generation)
{
	if (w->cleared_generation < generation)
		w->cleared_generation = generation;
}

static void keep_spares(struct world *w, struct process *p)
{
	if (p->stories.size > w->spare_stories.size) {
		stories_fini(&w->spare_stories);
		w->spare_stories = p->stories;
		stories_clear(&w->spare_stories);
		p->stories = (struct stories){ 0 };
	}
	if (p->faults.cap > w->spare_faults.cap) {
		fault_log_fini(&w->spare_faults);
		w->spare_faults = p->faults;
		fault_log_clear(&w->spare_faults);
		p->faults = (struct fault_log){ 0 };
	}
}

static void take_spares(struct world *w, struct process *p)
{
	p->stories = w->spare_stories;
	p->faults = w->spare_faults;
	w->spare_stories = (struct stories){ 0 };
	w->spare_faults = (struct fault_log){ 0 };
}

void world_clear(struct world *w)
{
	for (size_t i = 0; i < w->count; i++) {
		keep_spares(w, w->processes[i]);
		note_generation(w, w->processes[i]->space->generation);
		note_generation(w, w->processes[i]->space->region_generation);
		process_destroy(w->processes[i]);
	}
	marks_fini(&w->marks);
	w->count = 0;
	w->now_ns = w->ticks = w->dropped = 0;
	w->generation++;
}

void world_destroy(struct world *w)
{
	if (!w)
		return;
	world_clear(w);
	stories_fini(&w->spare_stories);
	fault_log_fini(&w->spare_faults);
	free(w->processes);
	free(w);
}

struct process *world_find(const struct world *w, int32_t pid)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->processes[i]->pid == pid)
			return w->processes[i];
	return NULL;
}

static void forget_at(struct world *w, size_t i)
{
	process_destroy(w->processes[i]);
	w->count--;
	memmove(w->processes + i, w->processes + i + 1, (w->count - i) * sizeof *w->processes);
}

/* Makes room where too many have ended: the one that came first goes. */
static void forget_oldest(struct world *w)
{
	size_t ended = 0, oldest = 0;
	for (size_t i = w->count; i-- > 1;)
		if (!process_alive(w->processes[i])) {
			ended++;
			oldest = i;
		}
	if (ended < WORLD_ENDED_MAX)
		return;
	forget_at(w, oldest);
	w->dropped++;
}

/* An ended process whose number another one has got. */
static void forget_namesake(struct world *w, int32_t pid)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->processes[i]->pid == pid) {
			forget_at(w, i);
			w->dropped++;
			return;
		}
}

static struct process *add_process(struct world *w, int32_t pid, unsigned page_shift, uint64_t now_ns)
{
	struct process *p = mem_zalloc(sizeof *p);
	forget_oldest(w);
	p->pid = pid;
	p->born_ns = now_ns;
	p->status = PROCESS_RUNNING;
	take_spares(w, p);
	p->space = space_create(page_shift);
	p->space->generation = p->space->region_generation = w->cleared_generation + 1;
	p->names = names_create();
	mem_grow(w->processes, w->cap, w->count + 1);
	w->processes[w->count++] = p;
	return p;
}

static bool apply_process(struct world *w, int32_t pid, uint64_t now_ns, const struct event_process *e)
{
	struct process *p = world_find(w, pid);
	if (p && !process_alive(p) && e->parent && !e->exec) {
		forget_namesake(w, pid);
		p = NULL;
	}
	if (!p)
		p = add_process(w, pid, e->page_shift, now_ns);
	if (e->exec) {
		space_clear(p->space);
		stories_fini(&p->stories);
		names_clear(p->names);
		profile_fini(&p->profile);
		p->image_faults = p->faults.end;
		p->image_calls = p->calls.end;
		threads_fini(&p->threads);
		p->execs++;
	}
	free_argv(p->argv);
	free(p->comm);
	free(p->exe);
	p->argv = copy_argv(e->argv);
	p->comm = copy_text(e->comm);
	p->exe = copy_text(e->exe);
	p->bits = e->bits;
	p->address_bits = e->address_bits;
	p->uid = e->uid;
	p->launched |= e->launched;
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

static bool apply_counters(struct process *p, const struct event_counters *c)
{
	if (!p->has_counters) {
		p->has_counters = true;
		p->minor_base = c->minor;
		p->major_base = c->major;
	} else if (p->counters.minor == c->minor && p->counters.major == c->major &&
		   p->counters.threads == c->threads && p->counters.state == c->state) {
		return false;
	}
	p->counters = *c;
	return true;
}

static bool apply_source(struct process *p, enum source_kind kind, bool ok, const char *why)
{
	if ((unsigned)kind >= SOURCE_KINDS)
		return false;
	struct source_status *s = &p->sources[kind];
	if (s->known && s->ok == ok && !strcmp(s->why, why ? why : ""))
		return false;
	free(s->why);
	*s = (struct source_status){ .known = true, .ok = ok, .why = copy_text(why) };
	return true;
}

/* The picture is whole: what there is now goes into the history. */
static bool apply_tick(struct process *p, uint64_t now_ns)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	uint64_t before = p->space->generation;
	p->ticks++;
	space_bury(p->space, now_ns);
	space_count(p->space, counts);
	bool noted = history_note(&p->history, now_ns, page_resident(counts),
				  p->counters.minor - p->minor_base, p->counters.major - p->major_base);
	return noted || p->space->generation != before;
}

/* What is no longer of this region is not touched any more; what comes there is another's. */
static void forget_stories(struct process *p, uint64_t id, uint64_t start, uint64_t end)
{
	const struct region *r = space_find_id(p->space, id);
	unsigned shift = p->space->page_shift;
	if (!r)
		return;
	if (start > r->attr.end || end < r->attr.start)
		start = end = r->attr.end;
	if (start > r->attr.start)
		stories_forget(&p->stories, r->attr.start >> shift, start >> shift);
	if (end < r->attr.end)
		stories_forget(&p->stories, end >> shift, r->attr.end >> shift);
}

/* The page that was touched, and what came with it. What was fatal brought no page, and where
 * there is no region it has no place in the story of one that may come there later. */
static void apply_fault(struct process *p, const struct event *e)
{
	const struct event_fault *f = &e->fault;
	uint64_t page = space_page(p->space, f->address);
	uint32_t stack = stacks_add(&p->stacks, &e->stack);
	struct fault_entry entry = {
		.time_ns = e->time_ns,
		.fault = *f,
		.stack = stack,
		.region = fault_regions_number(&p->fault_regions, space_find(p->space, f->address)),
	};

	fault_log_add(&p->faults, &entry);
	if (fault_is_fatal(f->cause)) {
		if (entry.region)
			stories_note(&p->stories, page, e->time_ns, f, stack);
		return;
	}
	profile_add(&p->profile, f, stack);
	threads_count_fault(&p->threads, f->tid, f->major, e->time_ns);
	for (uint64_t at = page < f->before ? 0 : page - f->before; at <= page + f->after; at++)
		stories_note(&p->stories, at, e->time_ns, f, stack);
}

static bool apply_stop(struct process *p, enum stop_why why, int32_t tid)
{
	p->stop.known = true;
	p->stop.count++;
	p->stop.why = why;
	p->stop.tid = tid;
	return true;
}

/* Their places among the faults, by the times of both: those of before the log are before it. */
static void order_calls(struct process *p)
{
	uint64_t fault = p->faults.begin;

	for (uint64_t i = p->calls.begin; i < p->calls.end; i++) {
		struct call_entry *call = &p->calls.entries[i % CALLS_MAX];

		while (fault < p->faults.end && fault_log_at(&p->faults, fault)->time_ns <= call->time_ns)
			fault++;
		call->after_faults = fault;
	}
}

static void apply_past(struct process *p, const struct event_past *past)
{
	stories_clear(&p->stories);
	profile_fini(&p->profile);
	threads_fini(&p->threads);
	p->threads.dropped = past->threads_dropped;
	fault_log_number(&p->faults, past->faults);
	calls_number(&p->calls, past->calls);
	order_calls(p);
	p->image_faults = past->image_faults;
	p->image_calls = past->image_calls;
	p->stop.count = (unsigned)past->stops;
	history_begin(&p->history, past->resident, past->minor, past->major);
	p->execs = (unsigned)past->execs;
	p->changed_ns = past->changed_ns;
	p->space->changed_page = past->changed_page;
	p->space->changed_ns = past->page_changed_ns;
	p->output.bytes = past->output;
}

static void apply_story(struct process *p, const struct event *e)
{
	uint32_t stack = stacks_add(&p->stacks, &e->stack);

	for (uint64_t i = 0; i < e->story.pages; i++)
		stories_note(&p->stories, e->story.first + i, e->time_ns, &e->story.fault, stack);
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

/* What a keyframe tells. */
static void apply_kept(struct process *p, const struct event *e)
{
	if (e->type == EVENT_PAST)
		apply_past(p, &e->past);
	else if (e->type == EVENT_STORY)
		apply_story(p, e);
	else if (e->type == EVENT_SAMPLE)
		apply_sample(p, e);
	else if (e->type == EVENT_PROFILE)
		profile_put(&p->profile, &e->profile, stacks_add(&p->stacks, &e->stack));
}

static bool apply_to_process(struct process *p, const struct event *e)
{
	uint64_t before = p->space->generation;
	switch (e->type) {
	case EVENT_STATUS:
		return apply_status(p, e->status.status, e->status.code, e->time_ns);
	case EVENT_COUNTERS:
		return apply_counters(p, &e->counters);
	case EVENT_MAP:
		space_map(p->space, e->region.id, &e->region.attr, e->time_ns);
		break;
	case EVENT_CHANGE:
		forget_stories(p, e->region.id, e->region.attr.start, e->region.attr.end);
		space_change(p->space, e->region.id, &e->region.attr, e->time_ns);
		break;
	case EVENT_UNMAP:
		forget_stories(p, e->region.id, e->region.attr.end, e->region.attr.end);
		space_unmap(p->space, e->region.id, e->region.attr.start, e->time_ns);
		break;
	case EVENT_PAGES:
		space_set_pages(p->space, e->pages.tiles, e->pages.n, e->time_ns);
		break;
	case EVENT_OUTPUT:
		output_add(&p->output, e->output.bytes, e->output.len);
		return e->output.len > 0;
	case EVENT_SOURCE:
		return apply_source(p, e->source.kind, e->source.ok, e->source.why);
	case EVENT_LOST:
		p->lost += e->lost.count;
		return e->lost.count > 0;
	case EVENT_TICK:
		return apply_tick(p, e->time_ns);
	case EVENT_FAULT:
		apply_fault(p, e);
		return true;
	case EVENT_SYMBOL:
		names_add(p->names, &e->symbol);
		return true;
	case EVENT_LINES:
		names_add_lines(p->names, e->lines.path, e->lines.first, e->lines.text);
		return true;
	case EVENT_CALL:
		calls_add(&p->calls, e->time_ns, &e->call, stacks_add(&p->stacks, &e->stack), p->faults.end);
		return true;
	case EVENT_STOP:
		return apply_stop(p, e->stop.why, e->stop.tid);
	case EVENT_PAST:
	case EVENT_STORY:
	case EVENT_SAMPLE:
	case EVENT_PROFILE:
		apply_kept(p, e);
		return true;
	case EVENT_THREAD:
		return apply_thread(p, &e->thread, e->time_ns);
	case EVENT_PROCESS:
	case EVENT_MARK:
		break;
	}
	return p->space->generation != before;
}

/* Applies it and notes when something of the process became another: not that a tick
 * came, nor that a thread went to sleep. */
static bool apply_and_note(struct process *p, const struct event *e)
{
	uint64_t faults = p->counters.minor + p->counters.major;
	bool changed = apply_to_process(p, e);
	bool news = e->type != EVENT_TICK && e->type < EVENT_PAST &&
		    (e->type != EVENT_COUNTERS || faults != p->counters.minor + p->counters.major);
	if (changed && news && e->time_ns > p->changed_ns)
		p->changed_ns = e->time_ns;
	return changed;
}

void world_apply(struct world *w, const struct event *e)
{
	bool changed = false;
	if (e->time_ns > w->now_ns)
		w->now_ns = e->time_ns;
	if (e->type == EVENT_TICK)
		w->ticks++;
	if (e->type == EVENT_MARK) {
		marks_add(&w->marks, e->time_ns, e->pid, e->mark.text);
		changed = true;
	} else if (e->type == EVENT_PROCESS) {
		changed = apply_process(w, e->pid, e->time_ns, &e->process);
	} else {
		struct process *p = world_find(w, e->pid);
		if (e->type == EVENT_PAST)
			w->dropped = e->past.dropped;
		if (p)
			changed = apply_and_note(p, e);
	}
	if (changed)
		w->generation++;
}

bool process_alive(const struct process *p)
{
	return p->status == PROCESS_RUNNING || p->status == PROCESS_STOPPED || p->status == PROCESS_PAUSED;
}
