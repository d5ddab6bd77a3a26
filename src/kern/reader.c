/* One process, read: opens the files, keeps them through an exec, and hands their
 * bytes to the parsers. */
#include "kern/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "kern/file.h"
#include "kern/maps.h"
#include "kern/openfile.h"
#include "kern/pagemap.h"
#include "kern/reader_state.h"
#include "kern/smaps.h"
#include "kern/sources.h"
#include "kern/stat.h"

#define MAPS_TRIES 5

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int open_dir(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int read_stat(struct reader *r, struct stat_line *line)
{
	int failed;

	if (r->stat < 0) {
		r->stat = openat(r->process, "stat", O_RDONLY | O_CLOEXEC);
		if (r->stat < 0)
			return errno;
	}
	failed = file_read_fd(r->stat, &r->text);
	if (failed)
		return failed;
	return stat_parse(r->text.text, r->text.len, line) ? 0 : EBADMSG;
}

static int set_gone(const struct reader *r, struct err *err)
{
	return err_set(err, ERR_GONE, _("process %d has ended"), r->pid);
}

static const char *user_name(uint32_t uid, char buf[static 16])
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		return user->pw_name;
	snprintf(buf, 16, "%u", uid);
	return buf;
}

/* Says who may look. A process whose directory is root's though it is not root's own
 * keeps others out by itself (prctl(PR_SET_DUMPABLE), set-user-ID, capabilities). */
static int set_denied(struct reader *r, struct err *err)
{
	struct event_process p = { 0 };
	char buf[16];

	identity_read(&r->identity, r->root, r->process, &p);
	if (p.uid != geteuid())
		return err_set(
		    err, ERR_DENIED,
		    _("process %d belongs to user %s: its memory may be read by that user, or with "
		      "CAP_SYS_PTRACE (sudo)"),
		    r->pid, user_name(p.uid, buf));
	if (p.uid == 0)
		return err_set(
		    err, ERR_DENIED,
		    _("process %d may not be looked at: it has more rights than you, or a security module "
		      "forbids it"),
		    r->pid);
	return err_set(err, ERR_DENIED,
		       _("process %d does not let itself be looked at (it is not dumpable, or a security "
			 "module forbids it): needs CAP_SYS_PTRACE (sudo)"),
		       r->pid);
}

/* A thread that still has memory, where the first one has ended. Returns a directory or -1. */
static int open_living_thread(struct reader *r)
{
	int tasks = open_dir(r->process, "task"), found = -1;
	struct strbuf text = { 0 };

	for (long tid = 0; tasks >= 0 && found < 0;) {
		char name[64];
		struct stat_line line;

		tid = file_next_number(tasks, tid);
		if (tid <= 0)
			break;
		snprintf(name, sizeof name, "%ld/stat", tid);
		if (file_read_at(tasks, name, &text) || !stat_parse(text.text, text.len, &line) ||
		    strchr("ZX", line.figures.counters.state))
			continue;
		snprintf(name, sizeof name, "%ld", tid);
		found = open_dir(tasks, name);
	}
	close_fd(&tasks);
	strbuf_fini(&text);
	return found;
}

/* The thread whose memory is read: the first, or another where that one has ended. */
static int choose_thread(struct reader *r)
{
	struct stat_line line;
	int failed = read_stat(r, &line);

	if (failed)
		return failed;
	close_fd(&r->thread);
	if (strchr("ZX", line.figures.counters.state))
		r->thread = open_living_thread(r);
	else
		r->thread = open_dir(r->process, ".");
	return r->thread < 0 ? ESRCH : 0;
}

int reader_reopen(struct reader *r)
{
	int failed = choose_thread(r);

	if (failed)
		return failed;
	close_fd(&r->maps);
	close_fd(&r->pagemap);
	r->maps = openat(r->thread, "maps", O_RDONLY | O_CLOEXEC);
	if (r->maps < 0)
		return errno;
	if (!r->off[SOURCE_PAGEMAP])
		r->pagemap = openat(r->thread, "pagemap", O_RDONLY | O_CLOEXEC);
	return 0;
}

static int set_open_failed(struct reader *r, int errnum, struct err *err)
{
	if (errnum == EACCES || errnum == EPERM)
		return set_denied(r, err);
	if (errnum == ESRCH || errnum == ENOENT)
		return set_gone(r, err);
	return err_system(err, errnum, _("process %d cannot be read"), r->pid);
}

static int open_process(struct reader *r, const char *root, struct err *err)
{
	char name[16];

	r->root = open_dir(AT_FDCWD, root);
	if (r->root < 0)
		return err_system(err, errno, "%s", root);
	snprintf(name, sizeof name, "%d", r->pid);
	r->process = r->pid > 0 ? open_dir(r->root, name) : -1;
	if (r->process >= 0)
		return 0;
	if (r->pid > 0 && !r->captured && kill(r->pid, 0) < 0 && errno == EPERM)
		return err_set(err, ERR_DENIED,
			       _("process %d is hidden from you (/proc is mounted with hidepid): needs sudo"),
			       r->pid);
	return err_set(err, ERR_NOT_FOUND, _("there is no process %d"), r->pid);
}

static int check_process(struct reader *r, struct err *err)
{
	struct stat_line line;
	int failed = read_stat(r, &line);

	if (failed)
		return set_open_failed(r, failed, err);
	if (line.kernel_thread)
		return err_set(err, ERR_UNSUPPORTED,
			       _("process %d is a thread of the kernel: it has no memory of its own"),
			       r->pid);
	failed = reader_reopen(r);
	if (failed == ESRCH && strchr("ZX", line.figures.counters.state))
		return err_set(
		    err, ERR_GONE,
		    _("process %d has ended (a zombie: its parent has not asked how): it has no memory"),
		    r->pid);
	return failed ? set_open_failed(r, failed, err) : 0;
}

static int open_for_cache(void *context, const struct region_attr *a, const char **why)
{
	const struct reader *r = context;

	return openfile_of_region(r->process, a, why);
}

struct reader *reader_open(int32_t pid, const struct reader_options *options, struct err *err)
{
	const char *root = options->proc_root ? options->proc_root : "/proc";
	struct reader *r = mem_zalloc(sizeof *r);

	r->pid = pid;
	r->captured = strcmp(root, "/proc") != 0;
	memcpy(r->off, options->off, sizeof r->off);
	r->flags = options->flags;
	r->page_shift = (unsigned)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	r->root = r->process = r->thread = -1;
	r->maps = r->pagemap = r->stat = r->kpageflags = r->kpagecount = -1;
	if (open_process(r, root, err) < 0 || check_process(r, err) < 0) {
		reader_close(r);
		return NULL;
	}
	words_init(&r->words);
	backing_init(&r->backing, r->captured);
	r->cache = pagecache_create(r->page_shift, open_for_cache, r);
	sources_try(r);
	return r;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	int *const fds[] = { &r->root,    &r->process, &r->thread,     &r->maps,
			     &r->pagemap, &r->stat,    &r->kpageflags, &r->kpagecount };

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		close_fd(fds[i]);
	backing_fini(&r->backing);
	pagecache_destroy(r->cache);
	identity_fini(&r->identity);
	strbuf_fini(&r->text);
	free(r->ranges);
	free(r->entries);
	free(r->kflags);
	free(r->answers);
	tiles_fini(&r->stage[0]);
	tiles_fini(&r->stage[1]);
	free(r);
}

void reader_renew(struct reader *r)
{
	r->renewed = false;
	/* where it fails there is nothing to read, and the next reading says so */
	reader_reopen(r);
}

bool reader_is_renewed(const struct reader *r)
{
	return r->renewed;
}

unsigned reader_page_shift(const struct reader *r)
{
	return r->page_shift;
}

bool reader_source(const struct reader *r, enum source_kind kind, const char **why)
{
	*why = r->why[kind];
	if (kind == SOURCE_PAGE_CACHE && !**why && pagecache_was_denied(r->cache))
		*why = pagecache_denied_text();
	return **why == '\0';
}

/* Makes the device numbers of all regions known: mountinfo is read when there is a new one. */
static void learn_backing(struct reader *r, const struct region_list *list)
{
	bool read = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct region_attr *a = &list->attrs[i];

		if (!backing_knows(&r->backing, a)) {
			if (!read && file_read_at(r->process, "mountinfo", &r->text) == 0)
				backing_parse_mountinfo(&r->backing, r->text.text, r->text.len);
			read = true;
			if (!backing_knows(&r->backing, a))
				backing_settle(&r->backing, a);
		}
		backing_look_up_node(&r->backing, a, r->process);
	}
}

/* Reads maps once. An exec leaves us with the files of memory that is no more. */
static int read_maps(struct reader *r, struct err *err)
{
	int failed = 0;

	strbuf_clear(&r->text);
	if (r->maps >= 0) /* else it was refused after an exec */
		failed = file_read_fd(r->maps, &r->text);
	if (!failed && r->text.len == 0) {
		failed = reader_reopen(r);
		if (!failed)
			failed = file_read_fd(r->maps, &r->text);
		if (!failed && r->text.len == 0)
			failed = ESRCH;
		r->renewed |= !failed;
	}
	return failed ? set_open_failed(r, failed, err) : 0;
}

int reader_regions(struct reader *r, struct region_list *list, struct err *err)
{
	for (int try = 0;; try++) {
		if (read_maps(r, err) < 0)
			return -1;

		size_t bad = maps_parse(list, r->text.text, r->text.len);

		if (bad)
			return err_set(err, ERR_INPUT, _("line %zu of the maps of process %d makes no sense"),
				       bad, r->pid);
		if (maps_in_order(list))
			break;
		if (try == MAPS_TRIES) {
			maps_force_order(list);
			break;
		}
	}
	reader_tell_kinds(r, list);
	pagecache_keep(r->cache, list);
	return 0;
}

void reader_tell_kinds(struct reader *r, struct region_list *list)
{
	learn_backing(r, list);
	maps_tell_kinds(list, &r->backing);
}

int reader_stat(struct reader *r, struct reader_stat *st, struct err *err)
{
	struct stat_line line;
	int failed;

	if (r->off[SOURCE_COUNTERS])
		return err_set(err, ERR_UNSUPPORTED, _("counters: %s"), r->why[SOURCE_COUNTERS]);
	failed = read_stat(r, &line);
	if (failed == ESRCH || failed == ENOENT)
		return set_gone(r, err);
	if (failed == EBADMSG)
		return err_set(err, ERR_INPUT, _("the figures of process %d make no sense"), r->pid);
	if (failed)
		return err_system(err, failed, _("the figures of process %d"), r->pid);
	*st = line.figures;
	return 0;
}

int reader_identity(struct reader *r, struct event_process *p, struct err *err)
{
	struct stat_line line;

	if (read_stat(r, &line))
		return set_gone(r, err);
	*p = (struct event_process){ .page_shift = r->page_shift };
	identity_read(&r->identity, r->root, r->process, p);
	return 0;
}

int reader_open_file(struct reader *r, const struct region_attr *a, struct err *err)
{
	const char *why;
	int fd = openfile_of_region(r->process, a, &why);

	return fd < 0 ? err_set(err, ERR_NOT_FOUND, "%s: %s", region_name(a), why) : fd;
}

int reader_smaps(struct reader *r, struct region_sums **entries, size_t *count, struct err *err)
{
	int failed;
	size_t bad;

	*entries = NULL;
	*count = 0;
	if (r->off[SOURCE_SMAPS])
		return err_set(err, ERR_UNSUPPORTED, _("smaps: %s"), r->why[SOURCE_SMAPS]);
	failed = file_read_at(r->thread, "smaps", &r->text);
	if (failed)
		return set_open_failed(r, failed, err);
	bad = smaps_parse(entries, count, r->text.text, r->text.len);
	if (bad) {
		free(*entries);
		*entries = NULL;
		return err_set(err, ERR_INPUT, _("line %zu of the smaps of process %d makes no sense"), bad,
			       r->pid);
	}
	return 0;
}
