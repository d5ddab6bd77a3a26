/* One live source per process; what is asked of the family is asked of one of them.
 *
 *     4242 ./demo ---- 4250 sh -c ... ---- 4251 cc1      alive: a member, with a live source
 *            `-------- 4252 ./demo                       ended: only the world's picture of it
 *
 * A child comes in by one of two doors. The tracer of a launched program brings it, held at
 * its birth (trace/tracer.h). Otherwise it is found in /proc/PID/task/TID/children. These are read at each look
 * for a process with few threads; for one with many only the first thread's is, and the others once a second,
 * as a thousand threads are a thousand files. If both doors bring the same child, the member is given the
 * tracer.
 *
 * The one that was launched, or attached to, is the root: it stays to the end, for it has
 * the terminal and the thread that traces. */
#include "live/family.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "kern/tasks.h"
#include "live/program.h"
#include "live/reading.h"
#include "symbol/modules.h"
#include "trace/tracer.h"

#define FEW_THREADS 16
#define AWAITED_MAX 1024 /* then it is forgotten who was found */
#define ALL_THREADS_NS CLOCK_SECOND
#define BUDGET_MIN_NS (2 * CLOCK_MS)

/* A child that is not watched: for good if it may not be looked into, else until there is room. */
struct unwatched {
	int32_t pid;
	bool for_good;
};

struct family {
	struct source source; /* first */
	struct live_options options;
	struct world *world;
	struct module_share *share;
	struct live *root; /* is members[0] */
	struct live *members[FAMILY_MAX];
	size_t count;
	uint64_t scan_ns; /* when to look for children again */
	uint64_t all_ns;  /* ... of all threads, however many */
	struct task_list threads, children;
	struct task_list awaited; /* children that were found, and that a tracer will bring too */
	struct unwatched *refused;
	size_t refused_count, refused_cap;
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
	live_send(parent ? parent : f->root, sink, &e);
}

/* Room for one more? The limit of open files was raised as far as it may be: see create. */
static bool is_full(const struct family *f)
{
	return f->count == FAMILY_MAX;
}

static bool was_refused(const struct family *f, int32_t pid)
{
	for (size_t i = 0; i < f->refused_count; i++)
		if (f->refused[i].pid == pid)
			return true;
	return false;
}

static void refuse(struct family *f, int32_t pid, bool for_good)
{
	mem_grow(f->refused, f->refused_cap, f->refused_count + 1);
	f->refused[f->refused_count++] = (struct unwatched){ pid, for_good };
}

/* There is room again. */
static void reconsider(struct family *f)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->refused_count; i++)
		if (f->refused[i].for_good)
			f->refused[kept++] = f->refused[i];
	f->refused_count = kept;
}

/* Takes a child in. One that has ended already, or may not be looked into, is not. */
static void take_in(struct family *f, int32_t pid, struct live *parent, struct tracer *tracer,
		    struct sink *sink)
{
	struct err err = { 0 };
	if (is_full(f)) {
		tracer_destroy(tracer);
		refuse(f, pid, false);
		send_unwatched(f, parent, sink);
		return;
	}
	struct live *live =
	    live_of_child(pid, parent ? live_facts(parent).pid : 0, tracer, f->root, &f->options, &err);
	if (live) {
		f->members[f->count++] = live;
		return;
	}
	/* one that is gone is no loss: nothing of it was left to see */
	if (err.code == ERR_GONE || err.code == ERR_NOT_FOUND)
		return;
	refuse(f, pid, true);
	send_unwatched(f, parent, sink);
}

/* Which member forked it. */
static struct live *parent_of(const struct family *f, int32_t pid)
{
	struct status_lines status;
	tasks_status(f->options.reader.proc_root, pid, &status, NULL);
	struct live *parent = find(f, status.parent);
	return parent ? parent : f->root;
}

static void take_births(struct family *f, struct sink *sink)
{
	struct tracer *tracer;
	int32_t pid;
	while ((tracer = live_program_take_birth(live_program_of(f->root), &pid))) {
		struct live *found = find(f, pid);
		if (!found)
			take_in(f, pid, parent_of(f, pid), tracer, sink);
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
	for (size_t i = 0; i < f->children.count; i++) {
		int32_t pid = f->children.ids[i];
		if (!find(f, pid) && !was_refused(f, pid) && !is_awaited(f, parent, pid))
			take_in(f, pid, parent, NULL, sink);
	}
}

static void find_children(struct family *f, struct live *parent, bool all, struct sink *sink)
{
	f->children.count = 0;
	if (tasks_list(reader_directory(live_facts(parent).reader), &f->threads, NULL) != 0)
		return;
	for (size_t i = 0; i < f->threads.count; i++)
		if (all || f->threads.count <= FEW_THREADS || f->threads.ids[i] == live_facts(parent).pid)
			tasks_children(reader_directory(live_facts(parent).reader), f->threads.ids[i],
				       &f->children, NULL);
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
	if (now < f->scan_ns || !live_facts(f->root).started)
		return;
	f->scan_ns = now + f->options.interval_ns;
	if (all) {
		f->all_ns = now + ALL_THREADS_NS;
		if (!is_full(f))
			reconsider(f);
	}
	/* those that are found on the way are appended, and get their turn */
	for (size_t i = 0; i < f->count; i++)
		if (is_to_scan(f->members[i], all))
			find_children(f, f->members[i], all, sink);
}

/* A child whose first picture could not be taken, or that can no longer be watched. */
static void send_gone(const struct family *f, struct live *live, struct sink *sink)
{
	const struct process *process = world_find(f->world, live_facts(live).pid);
	struct event e = { .type = EVENT_STATUS, .status = { PROCESS_GONE, 0 } };
	if (process && process_alive(process))
		live_send(live, sink, &e);
}

static int step_child(const struct family *f, struct live *live, struct sink *sink, uint64_t budget_ns)
{
	struct err err = { 0 };
	int result = live_source(live)->ops->step(live_source(live), sink, budget_ns, &err);
	if (result < 0)
		send_gone(f, live, sink);
	return result;
}

static bool step_children(struct family *f, struct sink *sink, uint64_t budget_ns)
{
	bool changed = false;
	for (size_t i = 1; i < f->count;) {
		struct live *live = f->members[i];
		int result = step_child(f, live, sink, budget_ns);
		changed |= result != 0;
		if (result >= 0 && !live_facts(live).ended) {
			i++;
			continue;
		}
		close_member(live);
		f->count--;
		memmove(f->members + i, f->members + i + 1, (f->count - i) * sizeof *f->members);
	}
	return changed;
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct family *f = (struct family *)source;
	size_t before = f->count;
	if (f->awaited.count > AWAITED_MAX)
		f->awaited.count = 0;
	take_births(f, sink); /* before their parents' faults, whose pages they may hold */
	uint64_t share = budget_ns / f->count > BUDGET_MIN_NS ? budget_ns / f->count : BUDGET_MIN_NS;
	int result = live_source(f->root)->ops->step(live_source(f->root), sink, share, err);
	if (result < 0)
		return -1;
	take_births(f, sink);
	scan(f, sink);
	bool changed = f->count != before;
	changed |= step_children(f, sink, share);
	/* the last output of those that have ended, before anyone takes all to be over */
	if (live_facts(f->root).ended && f->count < before)
		changed |= live_source(f->root)->ops->step(live_source(f->root), sink, share, err) > 0;
	return result || changed;
}

static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct family *f = (struct family *)source;
	int result = live_source(f->root)->ops->sweep(live_source(f->root), sink, err);
	for (size_t i = 1; result >= 0 && i < f->count; i++)
		live_source(f->members[i])->ops->sweep(live_source(f->members[i]), sink, NULL);
	return result;
}

/* The root's thread has the news of all, even when the root itself has ended. */
static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct family *f = (struct family *)source;
	size_t n = 0;
	int fd = live_facts(f->root).tracer_fd;
	if (cap && live_facts(f->root).ended && fd >= 0 && f->count > 1)
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
	return due == UINT64_MAX || due < f->scan_ns ? due : f->scan_ns;
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

/* Before the thread that traces them goes. */
static void close_children(struct family *f)
{
	while (f->count > 1)
		close_member(f->members[--f->count]);
}

/* What is asked of the launched program, whichever member of its family is shown. */
static bool is_for_root(enum control control)
{
	return control == CONTROL_SEND || control == CONTROL_END || control == CONTROL_RELEASE ||
	       control == CONTROL_RESIZE;
}

/* The program has ended, but its terminal has not: its children have it. */
static int control_orphans(struct family *f, enum control what, const struct control_arg *arg,
			   struct err *err)
{
	int result = live_program_control_orphans(live_program_of(f->root), what, arg,
						  live_facts(f->members[1]).pid, err);
	if (result == 0 && what == CONTROL_RELEASE)
		close_children(f);
	return result;
}

static int control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
		   struct err *err)
{
	struct family *f = (struct family *)source;
	struct live *live = is_for_root(what) ? f->root : find(f, pid);
	if (!live)
		return err_set(err, ERR_GONE, _("process %d has ended"), pid);
	if (is_for_root(what) && live_facts(f->root).program_ended && f->count > 1)
		return control_orphans(f, what, arg, err);
	if (what == CONTROL_RELEASE)
		close_children(f);
	return live_source(live)->ops->control(live_source(live), live_facts(live).pid, what, arg, err);
}

static void destroy(struct source *source)
{
	struct family *f = (struct family *)source;
	close_children(f);
	close_member(f->root);
	task_list_fini(&f->threads);
	task_list_fini(&f->children);
	task_list_fini(&f->awaited);
	free(f->refused);
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

/* `options` has the share, which the family owns from now on. */
static struct source *create(struct source *root, const struct live_options *options, struct world *world)
{
	if (!root) {
		module_share_destroy(options->share);
		return NULL;
	}
	struct family *f = mem_zalloc(sizeof *f);
	f->source.ops = &family_ops;
	f->root = f->members[0] = live_of_source(root);
	f->count = 1;
	f->options = *options;
	f->options.interval_ns = live_facts(f->root).interval_ns;
	f->world = world;
	f->share = options->share;
	raise_file_limit();
	return &f->source;
}

struct source *family_attach(int32_t *pid, const struct live_options *options, struct world *world,
			     struct err *err)
{
	struct live_options sharing = *options;
	sharing.share = module_share_create();
	return create(live_attach(pid, &sharing, world, err), &sharing, world);
}

struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *options,
			     struct world *world, int32_t *pid, struct err *err)
{
	struct live_options following = *options;
	following.follow = true;
	following.share = module_share_create();
	return create(live_launch(argv, rows, columns, &following, world, pid, err), &following, world);
}
