/* Requests to the family are passed on to one member:
 *
 *     4242 ./demo ---- 4250 sh -c ... ---- 4251 cc1      alive: a member, with a live source
 *            `-------- 4252 ./demo                       ended: only the world's picture of it
 *     4300 nginx
 *
 * Processes join in three ways. The tracer of a launched program reports its children, held at their birth
 * (trace/tracer.h). Others are found in /proc (live/children.h), or are in a roster (live/roll_call.h). If a
 * child is found in two ways, the existing member is given the tracer.
 *
 * 4242 and 4300 have no parent among the members. Each is the elder of its descendants: its rings show what
 * happens to the memory that they share, so it stays until they have ended. The first member stays to the
 * end, because a launched program has the terminal and the thread that traces. */
#include "live/family.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/perf/ring_pool.h"
#include "kern/reader_share.h"
#include "live/children.h"
#include "live/program.h"
#include "live/reading.h"
#include "symbol/modules.h"
#include "trace/tracer.h"

#define BUDGET_MIN_NS (2 * CLOCK_MS)

struct family {
	struct source source; /* first */
	struct world *world;  /* the caller's */
	struct members members;
	bool launched;      /* we launched the first member */
	bool with_children; /* their children belong to the family */
	uint64_t began_ns;  /* see struct live_options */
	struct children children;
	struct roll_call roll_call;
	struct module_share *share;
	struct ring_pool *pool;
	struct reader_share *readers;
};

static struct live *first_of(const struct family *f)
{
	return members_at(&f->members, 0);
}

static void take_births(struct family *f, struct sink *sink)
{
	struct members *m = &f->members;
	struct tracer *tracer;
	int32_t pid;
	while ((tracer = live_program_take_birth(live_program_of(first_of(f)), &pid))) {
		struct live *found = members_find(m, pid), *parent = members_parent(m, pid);
		if (!found)
			members_take_in(m, pid, parent ? parent : first_of(f), tracer, sink);
		else if (!live_program_adopt(live_program_of(found), tracer))
			tracer_destroy(tracer);
	}
}

/* Sends the end of a member whose first picture could not be taken, or that can no longer be watched. */
static void send_gone(const struct family *f, struct live *live, struct sink *sink)
{
	const struct process *process = world_find(f->world, live_facts(live).pid);
	struct event e = { .type = EVENT_STATUS, .status = { PROCESS_GONE, 0 } };
	if (process && process_alive(process))
		live_send(live, sink, &e);
}

static int step_member(const struct family *f, struct live *live, struct sink *sink, uint64_t budget_ns)
{
	struct err err = { 0 };
	int result = live_source(live)->ops->step(live_source(live), sink, budget_ns, &err);
	if (result < 0)
		send_gone(f, live, sink);
	return result;
}

static bool step_others(struct family *f, struct sink *sink, uint64_t budget_ns)
{
	bool changed = false;
	for (size_t i = 1; i < members_count(&f->members);) {
		changed |= step_member(f, members_at(&f->members, i), sink, budget_ns) != 0;
		if (!members_close_ended(&f->members, i))
			i++;
	}
	return changed;
}

/* If the first of several cannot be read, that does not end the watch. */
static int step_first(struct family *f, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct source *first = live_source(first_of(f));
	if (members_count(&f->members) > 1)
		return step_member(f, first_of(f), sink, budget_ns) != 0;
	return first->ops->step(first, sink, budget_ns, err);
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct family *f = (struct family *)source;
	size_t before = members_count(&f->members);
	take_births(f, sink); /* before their parents' faults, as they may hold the pages */
	uint64_t share = max(budget_ns / before, BUDGET_MIN_NS);
	int result = step_first(f, sink, share, err);
	if (result < 0)
		return -1;
	take_births(f, sink);
	if (f->began_ns) {
		if (f->with_children) {
			children_take(&f->children, &f->members, sink);
			children_send_unseen(&f->members, sink);
		}
		roll_call_take(&f->roll_call, &f->members, sink);
	}
	bool changed = members_count(&f->members) != before;
	changed |= step_others(f, sink, share);
	/* the last output of those that have ended, before the watch counts as over */
	if (live_facts(first_of(f)).ended && members_count(&f->members) < before)
		changed |= step_first(f, sink, share, NULL) > 0;
	return result || changed;
}

static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct family *f = (struct family *)source;
	struct err failure = { 0 };
	int result = -1;
	for (size_t i = 0; i < members_count(&f->members); i++) {
		struct source *member = live_source(members_at(&f->members, i));
		if (member->ops->sweep(member, sink, i ? NULL : &failure) >= 0)
			result = 0;
		else if (i == 0 && !roll_call_is_on(&f->roll_call))
			break; /* named explicitly */
	}
	if (result < 0 && err)
		*err = failure;
	return result;
}

/* The first one's thread has the news of all, even if it has ended itself. */
static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct family *f = (struct family *)source;
	size_t n = 0;
	int fd = live_facts(first_of(f)).tracer_fd;
	if (cap && live_facts(first_of(f)).ended && fd >= 0 && members_count(&f->members) > 1)
		fds[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	for (size_t i = 0; i < members_count(&f->members) && n < cap; i++)
		n += live_source(members_at(&f->members, i))
			 ->ops->poll_fds(live_source(members_at(&f->members, i)), fds + n, cap - n);
	return n;
}

static uint64_t due_ns(struct source *source)
{
	struct family *f = (struct family *)source;
	uint64_t due = UINT64_MAX;
	for (size_t i = 0; i < members_count(&f->members); i++) {
		uint64_t next = live_source(members_at(&f->members, i))
				    ->ops->due_ns(live_source(members_at(&f->members, i)));
		due = min(due, next);
	}
	if (due != UINT64_MAX && f->with_children)
		due = min(due, children_due_ns(&f->children));
	return min(due, roll_call_due_ns(&f->roll_call));
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
	struct live *live = members_find(&((struct family *)source)->members, pid);
	if (live)
		live_source(live)->ops->focus(live_source(live), pid, first, end);
}

static void locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	struct family *f = (struct family *)source;
	struct live *live = members_find(&f->members, pid);
	if (live) {
		live_source(live)->ops->locate(live_source(live), pid, address, location);
		return;
	}
	*location = (struct location){ .file = "", .section = "", .symbol = "" };
	location->why =
	    world_find(f->world, pid) ? _("the process has ended") : _("this process is not watched");
}

static int inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
		   struct page_detail *detail, struct err *err)
{
	struct family *f = (struct family *)source;
	struct live *live = members_find(&f->members, pid);
	const struct process *process = world_find(f->world, pid);
	if (live)
		return live_source(live)->ops->inspect(live_source(live), pid, page, what, detail, err);
	if (!process)
		return err_set(err, ERR_NOT_FOUND, _("process %d is not watched"), pid);
	reading_inspect_dead(process, page, detail);
	locate(source, pid, space_address(process->space, page), &detail->location);
	return 0;
}

static int compare(struct source *source, int32_t a, int32_t b, uint64_t first, size_t n, uint8_t *out,
		   struct err *err)
{
	struct family *f = (struct family *)source;
	struct live *left = members_find(&f->members, a), *right = members_find(&f->members, b);
	if (!left || !right || live_facts(left).dead || live_facts(right).dead)
		return err_set(err, ERR_GONE, _("process %d has ended"),
			       (int)(left && !live_facts(left).dead ? b : a));
	return reader_common_pages(live_facts(left).reader, live_facts(right).reader, first, n, out, err);
}

static int64_t read_frames(struct source *source, int32_t pid, uint64_t first, size_t n, uint64_t *frames,
			   struct err *err)
{
	struct live *live = members_find(&((struct family *)source)->members, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), (int)pid);
	return live_source(live)->ops->frames(live_source(live), pid, first, n, frames, err);
}

static int read_frame_words(struct source *source, int32_t pid, enum source_kind what, uint64_t frame,
			    size_t n, uint64_t *words, struct err *err)
{
	struct live *live = members_find(&((struct family *)source)->members, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), (int)pid);
	return live_source(live)->ops->frame_words(live_source(live), pid, what, frame, n, words, err);
}

/* Is it a request to the launched program, whichever member of its family is shown? */
static bool is_for_launched(const struct family *f, enum control control)
{
	if (!f->launched)
		return false;
	return control == CONTROL_SEND || control == CONTROL_END || control == CONTROL_RELEASE ||
	       control == CONTROL_RESIZE;
}

/* The program has ended, but its terminal has not: its children have it. */
static int control_orphans(struct family *f, enum control what, const struct control_arg *arg,
			   struct err *err)
{
	int result = live_program_control_orphans(live_program_of(first_of(f)), what, arg,
						  live_facts(members_at(&f->members, 1)).pid, err);
	if (result == 0 && what == CONTROL_RELEASE)
		members_close_others(&f->members);
	return result;
}

static int control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
		   struct err *err)
{
	struct family *f = (struct family *)source;
	bool for_launched = is_for_launched(f, what);
	struct live *live = for_launched ? first_of(f) : members_find(&f->members, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), pid);
	if (for_launched && live_facts(live).program_ended && members_count(&f->members) > 1)
		return control_orphans(f, what, arg, err);
	if (for_launched && what == CONTROL_RELEASE)
		members_close_others(&f->members);
	return live_source(live)->ops->control(live_source(live), live_facts(live).pid, what, arg, err);
}

static void destroy(struct source *source)
{
	struct family *f = (struct family *)source;
	members_fini(&f->members);
	children_fini(&f->children);
	roll_call_fini(&f->roll_call);
	module_share_destroy(f->share);
	ring_pool_destroy(f->pool);
	reader_share_destroy(f->readers);
	free(f);
}

static const struct source_ops family_ops = {
	.poll_fds = poll_fds,
	.due_ns = due_ns,
	.step = step,
	.sweep = sweep,
	.focus = focus,
	.inspect = inspect,
	.locate = locate,
	.control = control,
	.compare = compare,
	.frames = read_frames,
	.frame_words = read_frame_words,
	.destroy = destroy,
};

/* Each member needs a dozen open files. Done after the launch, so that the program does not inherit the
 * limit. */
static void raise_file_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Makes a family without members. */
static struct family *create(const struct live_options *options, struct world *world)
{
	struct family *f = mem_zalloc(sizeof *f);
	f->source.ops = &family_ops;
	f->share = module_share_create();
	f->pool = ring_pool_create();
	f->readers = reader_share_create();
	f->world = world;
	struct live_options of_each = *options;
	of_each.share = f->share;
	of_each.pool = f->pool;
	of_each.reader.share = f->readers;
	of_each.began_ns = &f->began_ns;
	members_init(&f->members, world, &of_each);
	return f;
}

/* Completes a family that has a member. *pid is set to the first one's. */
static struct source *begin(struct family *f, int32_t *pid)
{
	*pid = live_facts(first_of(f)).pid;
	members_set_interval(&f->members, live_facts(first_of(f)).interval_ns);
	return &f->source;
}

/* The same with a single member; NULL if it could not be watched. */
static struct source *begin_with(struct family *f, struct source *only, int32_t *pid)
{
	if (!only) {
		destroy(&f->source);
		return NULL;
	}
	members_add(&f->members, live_of_source(only));
	raise_file_limit();
	return begin(f, pid);
}

struct source *family_attach(int32_t *pid, const struct live_options *options, struct world *world,
			     struct err *err)
{
	struct live_options with = *options;
	with.heirs = true;
	struct family *f = create(&with, world);
	f->with_children = true;
	children_note(&f->children, options->reader.proc_root,
		      tasks_process(options->reader.proc_root, *pid));
	struct source *source =
	    begin_with(f, live_attach(pid, members_options(&f->members), world, err), pid);
	if (source)
		children_open(&f->children, &f->members);
	return source;
}

struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *options,
			     struct world *world, int32_t *pid, struct err *err)
{
	struct live_options with = *options;
	with.forks = true;
	struct family *f = create(&with, world);
	f->with_children = f->launched = true;
	return begin_with(f, live_launch(argv, rows, columns, members_options(&f->members), world, pid, err),
			  pid);
}

static int open_named(struct members *m, struct children *children, const struct family_choice *choice,
		      struct err *err)
{
	const char *root = members_options(m)->reader.proc_root;
	for (size_t i = 0; i < choice->count; i++) {
		int32_t pid = tasks_process(root, choice->pids[i]);
		if (members_find(m, pid))
			continue;
		if (choice->children)
			children_note(children, root, pid);
		if (members_full(m))
			return err_set(err, ERR_USAGE, _("at most %d processes can be watched at a time"),
				       MEMBERS_MAX);
		if (members_open(m, pid, err) != 0)
			return -1;
	}
	return 0;
}

struct source *family_attach_all(const struct family_choice *choice, int32_t *first,
				 const struct live_options *options, struct world *world, struct err *err)
{
	struct live_options with = *options;
	with.heirs = choice->children;
	with.several = choice->count > 1 || choice->roster;
	struct family *f = create(&with, world);
	struct members *m = &f->members;
	f->with_children = choice->children;
	roll_call_init(&f->roll_call, choice->roster, choice->children);
	raise_file_limit();
	if (open_named(m, &f->children, choice, err) != 0 ||
	    (choice->roster && roll_call_begin(&f->roll_call, m, &choice->report, err) != 0)) {
		destroy(&f->source);
		return NULL;
	}
	for (size_t i = 0; f->with_children && choice->roster && i < members_count(m); i++)
		children_note(&f->children, options->reader.proc_root, live_facts(members_at(m, i)).pid);
	if (f->with_children)
		children_open(&f->children, m);
	return begin(f, first);
}
