/* One live source per process; what is asked of the family is asked of one of them.
 *
 *     4242 ./demo ---- 4250 sh -c ... ---- 4251 cc1      alive: a member, with a live source
 *            `-------- 4252 ./demo                       ended: only the world's picture of it
 *     4300 nginx
 *
 * A child comes in by one of two doors. The tracer of a launched program brings it, held at
 * its birth (trace/tracer.h). Otherwise it is found in /proc/PID/task/TID/children. These are read at each look
 * for a process with few threads; for one with many only the first thread's is, and the others once a second,
 * as a thousand threads are a thousand files. If both doors bring the same child, the member is given the
 * tracer.
 *
 * 4242 and 4300 have no parent among them: such a one is the elder of all that come of it, who know by its rings
 * what became of the memory that they have in common, and stays until these have ended. The first member
 * stays to the end, for a launched program has the terminal and the thread that traces.
 *
 * Those that a roster has (kern/roster.h) come in by a third door, of which two may bring the same one. */
#include "live/family.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/tasks.h"
#include "live/program.h"
#include "live/reading.h"
#include "live/unwatched.h"
#include "symbol/modules.h"
#include "trace/tracer.h"

#define FEW_THREADS 16
#define AWAITED_MAX 1024 /* then it is forgotten who was found */
#define ALL_THREADS_NS CLOCK_SECOND
#define BUDGET_MIN_NS (2 * CLOCK_MS)
#define ROSTER_NS CLOCK_SECOND
#define ROSTER_SHARE 100 /* looking through all processes takes one part in so many of the time */

struct family {
	struct source source; /* first */
	struct live_options options;
	struct world *world;
	struct module_share *share;
	struct live *members[FAMILY_MAX];
	size_t count;
	bool launched;     /* the first member was, by us */
	bool children;     /* their children belong to the family */
	uint64_t began_ns; /* see struct live_options */
	uint64_t scan_ns;  /* when to look for children again */
	uint64_t all_ns;   /* ... of all threads, however many */
	struct roster *roster;
	uint64_t roster_ns;              /* when to look for more of them */
	struct task_list threads, found; /* of the member that is asked for its children */
	struct task_list called;         /* that the roster has */
	struct task_list awaited;        /* children that were found, and that a tracer will bring too */
	struct unwatched refused;
};

static struct live *find(const struct family *f, int32_t pid)
{
	for (size_t i = 0; i < f->count; i++)
		if (live_facts(f->members[i]).pid == pid)
			return f->members[i];
	return NULL;
}

static void close_member(struct live *live)
{
	live_source(live)->ops->destroy(live_source(live));
}

static void send_unwatched(struct family *f, struct live *parent, struct sink *sink)
{
	struct event e = { .type = EVENT_LOST, .lost = { 1, "processes" } };
	live_send(parent ? parent : f->members[0], sink, &e);
}

/* Room for one more? The limit of open files was raised as far as it may be: see create. */
static bool is_full(const struct family *f)
{
	return f->count == FAMILY_MAX;
}

static struct live *elder_of(struct live *live)
{
	struct live *elder = live_facts(live).elder;
	return elder ? elder : live;
}

static bool is_elder(const struct family *f, const struct live *live)
{
	for (size_t i = 0; i < f->count; i++)
		if (live_facts(f->members[i]).elder == live)
			return true;
	return false;
}

/* NULL with err. `parent` is NULL for one that none of them has forked. */
static struct live *open_member(struct family *f, int32_t pid, struct live *parent, struct tracer *tracer,
				struct err *err)
{
	if (parent)
		return live_of_child(pid, live_facts(parent).pid, tracer, elder_of(parent), f->world,
				     &f->options, err);
	struct source *source = live_attach(&pid, &f->options, f->world, err);
	return source ? live_of_source(source) : NULL;
}

/* Takes one in. One that has ended already, or may not be looked into, is not. */
static void take_in(struct family *f, int32_t pid, struct live *parent, struct tracer *tracer,
		    struct sink *sink)
{
	struct err err = { 0 };
	if (is_full(f)) {
		tracer_destroy(tracer);
		unwatched_add(&f->refused, pid, false);
		send_unwatched(f, parent, sink);
		return;
	}
	struct live *live = open_member(f, pid, parent, tracer, &err);
	if (live) {
		f->members[f->count++] = live;
		return;
	}
	/* one that is gone is no loss: nothing of it was left to see */
	if (err.code == ERR_GONE || err.code == ERR_NOT_FOUND)
		return;
	unwatched_add(&f->refused, pid, true);
	send_unwatched(f, parent, sink);
}

/* Which member forked it; NULL: none of them. */
static struct live *parent_of(const struct family *f, int32_t pid)
{
	struct status_lines status;
	tasks_status(f->options.reader.proc_root, pid, &status, NULL);
	return find(f, status.parent);
}

static void take_births(struct family *f, struct sink *sink)
{
	struct tracer *tracer;
	int32_t pid;
	while ((tracer = live_program_take_birth(live_program_of(f->members[0]), &pid))) {
		struct live *found = find(f, pid), *parent = parent_of(f, pid);
		if (!found)
			take_in(f, pid, parent ? parent : f->members[0], tracer, sink);
		else if (!live_program_adopt(live_program_of(found), tracer))
			tracer_destroy(tracer);
	}
}

/* The tracer is about to bring a child of one that is traced, held at its birth: only one that it has not
 * brought since it was found before comes in by this door. */
static bool is_awaited(struct family *f, struct live *parent, int32_t pid)
{
	for (size_t i = 0; i < f->awaited.count; i++)
		if (f->awaited.ids[i] == pid)
			return false;
	if (!live_facts(parent).traced)
		return false;
	mem_grow(f->awaited.ids, f->awaited.cap, f->awaited.count + 1);
	f->awaited.ids[f->awaited.count++] = pid;
	return true;
}

/* Is a zombie, or was taken in, or is not to be tried again. */
static void take_found(struct family *f, struct live *parent, struct sink *sink)
{
	for (size_t i = 0; i < f->found.count; i++) {
		int32_t pid = f->found.ids[i];
		if (!find(f, pid) && !unwatched_has(&f->refused, pid) && !is_awaited(f, parent, pid))
			take_in(f, pid, parent, NULL, sink);
	}
}

static void find_children(struct family *f, struct live *parent, bool all, struct sink *sink)
{
	f->found.count = 0;
	if (tasks_list(reader_directory(live_facts(parent).reader), &f->threads, NULL) != 0)
		return;
	for (size_t i = 0; i < f->threads.count; i++)
		if (all || f->threads.count <= FEW_THREADS || f->threads.ids[i] == live_facts(parent).pid)
			tasks_children(reader_directory(live_facts(parent).reader), f->threads.ids[i],
				       &f->found, NULL);
	take_found(f, parent, sink);
}

/* Can it have children that no tracer brings? */
static bool is_to_scan(const struct live *live, bool all)
{
	return live_facts(live).started && !live_facts(live).dead && (all || !live_facts(live).traced);
}

static void scan(struct family *f, struct sink *sink)
{
	uint64_t now = clock_now_ns();
	bool all = now >= f->all_ns;
	if (!f->children || now < f->scan_ns || !f->began_ns)
		return;
	f->scan_ns = now + f->options.interval_ns;
	if (all) {
		f->all_ns = now + ALL_THREADS_NS;
		if (!is_full(f))
			unwatched_reconsider(&f->refused);
	}
	/* those that are found on the way are appended, and get their turn */
	for (size_t i = 0; i < f->count; i++)
		if (is_to_scan(f->members[i], all))
			find_children(f, f->members[i], all, sink);
}

/* Those that have come to be of the roster. A cgroup that is there no more has nobody. */
static void call_roster(struct family *f, struct sink *sink)
{
	uint64_t began = clock_now_ns(), took;
	if (!f->roster || began < f->roster_ns || !f->began_ns)
		return;
	if (roster_list(f->roster, &f->called, NULL) != 0)
		f->called.count = 0;
	took = clock_now_ns() - began;
	f->roster_ns = began + took + max_u64(took * ROSTER_SHARE, ROSTER_NS);
	if (!f->children)
		unwatched_forget(&f->refused, &f->called);
	if (!is_full(f))
		unwatched_reconsider(&f->refused);
	for (size_t i = 0; i < f->called.count; i++)
		if (!find(f, f->called.ids[i]) && !unwatched_has(&f->refused, f->called.ids[i]))
			take_in(f, f->called.ids[i], parent_of(f, f->called.ids[i]), NULL, sink);
}

/* One whose first picture could not be taken, or that can no longer be watched. */
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
	for (size_t i = 1; i < f->count;) {
		struct live *live = f->members[i];
		int result = step_member(f, live, sink, budget_ns);
		changed |= result != 0;
		if (!live_facts(live).ended || is_elder(f, live)) {
			i++;
			continue;
		}
		close_member(live);
		f->count--;
		memmove(f->members + i, f->members + i + 1, (f->count - i) * sizeof *f->members);
	}
	return changed;
}

/* That the first of several cannot be seen is not the end of the watch. */
static int step_first(struct family *f, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	if (f->count > 1)
		return step_member(f, f->members[0], sink, budget_ns) != 0;
	return live_source(f->members[0])->ops->step(live_source(f->members[0]), sink, budget_ns, err);
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct family *f = (struct family *)source;
	size_t before = f->count;
	if (f->awaited.count > AWAITED_MAX)
		f->awaited.count = 0;
	take_births(f, sink); /* before their parents' faults, whose pages they may hold */
	uint64_t share = budget_ns / f->count > BUDGET_MIN_NS ? budget_ns / f->count : BUDGET_MIN_NS;
	int result = step_first(f, sink, share, err);
	if (result < 0)
		return -1;
	take_births(f, sink);
	scan(f, sink);
	call_roster(f, sink);
	bool changed = f->count != before;
	changed |= step_others(f, sink, share);
	/* the last output of those that have ended, before anyone takes all to be over */
	if (live_facts(f->members[0]).ended && f->count < before)
		changed |= step_first(f, sink, share, NULL) > 0;
	return result || changed;
}

static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct family *f = (struct family *)source;
	struct err failure = { 0 };
	int result = -1;
	for (size_t i = 0; i < f->count; i++) {
		struct source *member = live_source(f->members[i]);
		if (member->ops->sweep(member, sink, i ? NULL : &failure) >= 0)
			result = 0;
		else if (i == 0 && !f->roster)
			break; /* it was named */
	}
	if (result < 0 && err)
		*err = failure;
	return result;
}

/* The first one's thread has the news of all, even when it itself has ended. */
static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct family *f = (struct family *)source;
	size_t n = 0;
	int fd = live_facts(f->members[0]).tracer_fd;
	if (cap && live_facts(f->members[0]).ended && fd >= 0 && f->count > 1)
		fds[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	for (size_t i = 0; i < f->count && n < cap; i++)
		n += live_source(f->members[i])->ops->poll_fds(live_source(f->members[i]), fds + n, cap - n);
	return n;
}

static uint64_t due_ns(struct source *source)
{
	struct family *f = (struct family *)source;
	uint64_t due = UINT64_MAX;
	for (size_t i = 0; i < f->count; i++) {
		uint64_t next = live_source(f->members[i])->ops->due_ns(live_source(f->members[i]));
		due = next < due ? next : due;
	}
	if (due != UINT64_MAX && f->children)
		due = min_u64(due, f->scan_ns);
	return f->roster ? min_u64(due, f->roster_ns) : due;
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
	struct live *live = find((struct family *)source, pid);
	if (live)
		live_source(live)->ops->focus(live_source(live), pid, first, end);
}

static void locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	struct family *f = (struct family *)source;
	struct live *live = find(f, pid);
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
	struct live *live = find(f, pid);
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
	struct live *left = find(f, a), *right = find(f, b);
	if (!left || !right || live_facts(left).dead || live_facts(right).dead)
		return err_set(err, ERR_GONE, _("process %d has ended"),
			       (int)(left && !live_facts(left).dead ? b : a));
	return reader_common_pages(live_facts(left).reader, live_facts(right).reader, first, n, out, err);
}

static int64_t read_frames(struct source *source, int32_t pid, uint64_t first, size_t n, uint64_t *frames,
			   struct err *err)
{
	struct live *live = find((struct family *)source, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), (int)pid);
	return live_source(live)->ops->frames(live_source(live), pid, first, n, frames, err);
}

static int read_frame_words(struct source *source, int32_t pid, enum source_kind what, uint64_t frame,
			    size_t n, uint64_t *words, struct err *err)
{
	struct live *live = find((struct family *)source, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), (int)pid);
	return live_source(live)->ops->frame_words(live_source(live), pid, what, frame, n, words, err);
}

/* Before the thread that traces them goes; each child comes behind its elder. */
static void close_children(struct family *f)
{
	while (f->count > 1)
		close_member(f->members[--f->count]);
}

/* What is asked of the launched program, whichever member of its family is shown. */
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
	int result = live_program_control_orphans(live_program_of(f->members[0]), what, arg,
						  live_facts(f->members[1]).pid, err);
	if (result == 0 && what == CONTROL_RELEASE)
		close_children(f);
	return result;
}

static int control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
		   struct err *err)
{
	struct family *f = (struct family *)source;
	bool for_launched = is_for_launched(f, what);
	struct live *live = for_launched ? f->members[0] : find(f, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), pid);
	if (for_launched && live_facts(live).program_ended && f->count > 1)
		return control_orphans(f, what, arg, err);
	if (for_launched && what == CONTROL_RELEASE)
		close_children(f);
	return live_source(live)->ops->control(live_source(live), live_facts(live).pid, what, arg, err);
}

static void destroy(struct source *source)
{
	struct family *f = (struct family *)source;
	close_children(f);
	if (f->count)
		close_member(f->members[0]);
	task_list_fini(&f->threads);
	task_list_fini(&f->found);
	task_list_fini(&f->called);
	task_list_fini(&f->awaited);
	roster_destroy(f->roster);
	unwatched_fini(&f->refused);
	module_share_destroy(f->share);
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

/* A dozen open files each: after the launch, so that the program does not inherit the limit. */
static void raise_file_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Without any member yet. */
static struct family *create(const struct live_options *options, struct world *world)
{
	struct family *f = mem_zalloc(sizeof *f);
	f->source.ops = &family_ops;
	f->options = *options;
	f->options.share = f->share = module_share_create();
	f->options.began_ns = &f->began_ns;
	f->world = world;
	return f;
}

/* With the first one; NULL where it could not be watched. */
static struct source *begin(struct family *f, struct source *first)
{
	if (!first) {
		destroy(&f->source);
		return NULL;
	}
	f->members[f->count++] = live_of_source(first);
	f->options.interval_ns = live_facts(f->members[0]).interval_ns;
	raise_file_limit();
	return &f->source;
}

struct source *family_attach(int32_t *pid, const struct live_options *options, struct world *world,
			     struct err *err)
{
	struct family *f = create(options, world);
	f->children = true;
	return begin(f, live_attach(pid, &f->options, world, err));
}

struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *options,
			     struct world *world, int32_t *pid, struct err *err)
{
	struct family *f = create(options, world);
	f->children = f->launched = true;
	f->options.follow = true;
	return begin(f, live_launch(argv, rows, columns, &f->options, world, pid, err));
}

static int join_named(struct family *f, const struct family_choice *choice, struct err *err)
{
	for (size_t i = 0; i < choice->count; i++) {
		int32_t pid = tasks_process(f->options.reader.proc_root, choice->pids[i]);
		if (find(f, pid))
			continue;
		if (is_full(f))
			return err_set(err, ERR_USAGE, _("at most %d processes can be watched at a time"),
				       FAMILY_MAX);
		struct live *live = open_member(f, pid, parent_of(f, pid), NULL, err);
		if (!live)
			return -1;
		f->members[f->count++] = live;
	}
	return 0;
}

static void leave_out(struct family *f, const struct family_choice *choice, int32_t pid,
		      const struct err *why)
{
	if (why->code == ERR_GONE || why->code == ERR_NOT_FOUND)
		return; /* it came and went */
	unwatched_add(&f->refused, pid, true);
	if (choice->left_out)
		choice->left_out(choice->context, pid, why);
}

static void leave_out_rest(struct family *f, const struct family_choice *choice, size_t at)
{
	struct err why = { 0 };
	err_set(&why, ERR_UNSUPPORTED, _("%zu more are not watched: at most %d can be at a time"),
		f->called.count - at, FAMILY_MAX);
	for (; at < f->called.count; at++)
		unwatched_add(&f->refused, f->called.ids[at], false);
	if (choice->left_out)
		choice->left_out(choice->context, 0, &why);
}

static int join_roster(struct family *f, const struct family_choice *choice, struct err *err)
{
	if (roster_list(f->roster, &f->called, err) != 0)
		return -1;
	for (size_t i = 0; i < f->called.count; i++) {
		int32_t pid = f->called.ids[i];
		struct err why = { 0 };
		if (find(f, pid))
			continue;
		if (is_full(f)) {
			leave_out_rest(f, choice, i);
			break;
		}
		struct live *live = open_member(f, pid, parent_of(f, pid), NULL, &why);
		if (live)
			f->members[f->count++] = live;
		else
			leave_out(f, choice, pid, &why);
	}
	if (f->count)
		return 0;
	if (f->called.count)
		return err_set(err, ERR_DENIED, _("%s: none of the processes there can be watched"),
			       roster_words(f->roster));
	if (roster_nameless(f->roster))
		return err_set(err, ERR_NOT_FOUND,
			       _("%s: its processes are of another pid namespace, and have no number here"),
			       roster_words(f->roster));
	return err_set(err, ERR_NOT_FOUND, _("%s: there is no such process"), roster_words(f->roster));
}

struct source *family_attach_all(const struct family_choice *choice, int32_t *first,
				 const struct live_options *options, struct world *world, struct err *err)
{
	struct family *f = create(options, world);
	f->children = choice->children;
	f->options.several = choice->count > 1 || choice->roster;
	f->roster = choice->roster;
	raise_file_limit();
	if (join_named(f, choice, err) != 0 || (f->roster && join_roster(f, choice, err) != 0)) {
		destroy(&f->source);
		return NULL;
	}
	f->options.interval_ns = live_facts(f->members[0]).interval_ns;
	f->roster_ns = clock_now_ns() + ROSTER_NS;
	*first = live_facts(f->members[0]).pid;
	return &f->source;
}
