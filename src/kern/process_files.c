/* The files of one process: opened, kept across an exec, with an explanation if they cannot be opened. The
 * errno decides the reason: no process, no permission, no descriptor. */
#include "kern/process_files.h"

#include <sys/sysmacros.h>
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/machine.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"

static const char *user_name(int64_t uid, char buf[static 24])
{
	const struct passwd *user = getpwuid((uid_t)uid);

	if (user)
		return user->pw_name;
	snprintf(buf, 24, "%" PRId64, uid);
	return buf;
}

/* Explains which rights are needed to watch it. If the process's directory belongs to root although the
 * process does not, it has shut others out itself (prctl(PR_SET_DUMPABLE), set-user-ID, capabilities). */
static int set_denied(struct process_files *f, struct err *err)
{
	struct status_lines status = { .uid = -1 };
	char buf[24];

	if (procfile_read(f->process, "status", &f->text, NULL) == 0)
		status_parse(f->text.text, &status);
	if (status.uid >= 0 && status.uid != geteuid())
		return err_set(
		    err, ERR_DENIED,
		    _("process %d belongs to user %s: its memory may be read by that user, or with "
		      "CAP_SYS_PTRACE (sudo)"),
		    f->pid, user_name(status.uid, buf));
	if (status.uid == 0)
		return err_set(err, ERR_DENIED,
			       _("process %d may not be inspected: it has more privileges than you, or a "
				 "security module forbids it"),
			       f->pid);
	return err_set(err, ERR_DENIED,
		       _("process %d cannot be inspected (it is not dumpable, or a security "
			 "module forbids it): needs CAP_SYS_PTRACE (sudo)"),
		       f->pid);
}

static int set_gone(const struct process_files *f, struct err *err)
{
	return err_set(err, ERR_GONE, _("process %d has ended"), f->pid);
}

/* Why a file of the process could not be read. */
static int explain(struct process_files *f, const struct err *failure, struct err *err)
{
	switch (failure->code) {
	case ERR_DENIED:
		return set_denied(f, err);
	case ERR_GONE:
	case ERR_NOT_FOUND:
		return set_gone(f, err);
	case ERR_INPUT:
		return err_set(err, ERR_INPUT, _("the figures of process %d are malformed"), f->pid);
	default:
		return err_system(err, failure->errnum, _("process %d cannot be read"), f->pid);
	}
}

/* The failure's text is not used: explain() composes one from its code and errno. The same holds for the
 * functions below. */
static int read_stat(struct process_files *f, struct process_stat *stat, struct err *failure)
{
	if (f->stat < 0)
		f->stat = procfile_open(f->process, "stat", failure);
	if (f->stat < 0 || procfile_read_fd(f->stat, &f->text, failure) < 0)
		return -1;
	return stat_parse(f->text.text, f->text.len, stat) ? 0 : err_set(failure, ERR_INPUT, "stat");
}

static bool is_dead(const struct process_stat *stat)
{
	return stat->counters.state == 'Z' || stat->counters.state == 'X';
}

/* Opens the directory of a thread that still has memory, if the main thread has ended; or -1. */
static int open_living_thread(struct process_files *f, struct err *failure)
{
	int tasks = procfile_open_dir(f->process, "task", failure), found = -1;

	for (long tid = 0; tasks >= 0 && found < 0;) {
		char name[64];
		struct process_stat stat;

		tid = procfile_next_number(tasks, tid, failure);
		if (tid == 0)
			err_set(failure, ERR_GONE, "task");
		if (tid <= 0)
			break;
		snprintf(name, sizeof name, "%ld/stat", tid);
		if (procfile_read(tasks, name, &f->text, NULL) < 0 ||
		    !stat_parse(f->text.text, f->text.len, &stat) || is_dead(&stat))
			continue;
		snprintf(name, sizeof name, "%ld", tid);
		found = procfile_open_dir(tasks, name, failure);
	}
	procfile_close(&tasks);
	return found;
}

/* process_files_reopen, without the explanation. */
static int reopen(struct process_files *f, struct err *failure)
{
	struct process_stat stat;

	if (read_stat(f, &stat, failure) < 0)
		return -1;
	procfile_close(&f->thread);
	procfile_close(&f->maps);
	procfile_close(&f->pagemap);
	f->thread =
	    is_dead(&stat) ? open_living_thread(f, failure) : procfile_open_dir(f->process, ".", failure);
	if (f->thread < 0)
		return -1;
	f->maps = procfile_open(f->thread, "maps", failure);
	if (f->maps < 0)
		return -1;
	f->pagemap_err = (struct err){ 0 };
	if (f->pagemap_off)
		err_set_off(&f->pagemap_err);
	else
		f->pagemap = procfile_open(f->thread, "pagemap", &f->pagemap_err);
	if (f->pagemap_err.code == ERR_DENIED)
		err_set(&f->pagemap_err, ERR_DENIED, "%s",
			_("run as the user of the process, or with CAP_SYS_PTRACE (sudo)"));
	else if (f->pagemap_err.code == ERR_NOT_FOUND)
		err_set(&f->pagemap_err, ERR_UNSUPPORTED, "%s", _("this kernel does not have it"));
	return 0;
}

int process_files_reopen(struct process_files *f, struct err *err)
{
	struct err failure = { 0 };

	return reopen(f, &failure) < 0 ? explain(f, &failure, err) : 0;
}

static int open_process(struct process_files *f, const char *root, struct err *err)
{
	struct err failure = { 0 };
	char name[16];

	if (!f->captured && machine_check_proc(err) < 0)
		return -1;
	f->root = procfile_open_dir(AT_FDCWD, root, err);
	if (f->root < 0)
		return -1;
	snprintf(name, sizeof name, "%d", (int)f->pid);
	if (f->pid > 0)
		f->process = procfile_open_dir(f->root, name, &failure);
	if (f->process >= 0)
		return 0;
	if (failure.code == ERR_SYSTEM)
		return explain(f, &failure, err);
	if (f->pid > 0 && !f->captured && kill(f->pid, 0) < 0 && errno == EPERM)
		return err_set(err, ERR_DENIED,
			       _("process %d is hidden from you (/proc is mounted with hidepid): needs sudo"),
			       f->pid);
	return err_set(err, ERR_NOT_FOUND, _("there is no process %d"), f->pid);
}

int process_files_open(struct process_files *f, const char *root, int32_t pid, bool pagemap_off,
		       struct err *err)
{
	struct process_stat stat;
	struct err failure = { 0 };

	*f = (struct process_files){
		.pid = pid,
		.captured = procfile_is_captured(root),
		.root = -1,
		.process = -1,
		.thread = -1,
		.maps = -1,
		.pagemap = -1,
		.stat = -1,
		.pagemap_off = pagemap_off,
	};
	if (open_process(f, root, err) < 0)
		return -1;
	if (read_stat(f, &stat, &failure) < 0)
		return explain(f, &failure, err);
	if (stat.kernel_thread)
		return err_set(err, ERR_UNSUPPORTED,
			       _("process %d is a thread of the kernel: it has no memory of its own"), pid);
	if (reopen(f, &failure) == 0)
		return 0;
	if (failure.code == ERR_GONE && is_dead(&stat))
		return err_set(
		    err, ERR_GONE,
		    _("process %d has ended (a zombie, its parent has not waited for it): it has no memory"),
		    pid);
	return explain(f, &failure, err);
}

void process_files_close(struct process_files *f)
{
	procfile_close(&f->root);
	procfile_close(&f->process);
	procfile_close(&f->thread);
	procfile_close(&f->maps);
	procfile_close(&f->pagemap);
	procfile_close(&f->stat);
	strbuf_fini(&f->text);
}

int process_files_stat(struct process_files *f, struct process_stat *stat, struct err *err)
{
	struct err failure = { 0 };

	return read_stat(f, stat, &failure) < 0 ? explain(f, &failure, err) : 0;
}

int process_files_read(struct process_files *f, const char *name, struct err *err)
{
	struct err failure = { 0 };

	return procfile_read(f->thread, name, &f->text, &failure) < 0 ? explain(f, &failure, err) : 0;
}

int process_files_read_maps(struct process_files *f, struct err *err)
{
	struct err failure = { 0 };

	strbuf_clear(&f->text);
	/* it is closed if reopening was refused after an exec */
	if (f->maps >= 0 && procfile_read_fd(f->maps, &f->text, &failure) < 0)
		return explain(f, &failure, err);
	if (f->text.len > 0)
		return 0;
	if (reopen(f, &failure) < 0 || procfile_read_fd(f->maps, &f->text, &failure) < 0)
		return explain(f, &failure, err);
	return f->text.len == 0 ? set_gone(f, err) : 1;
}

bool process_files_is_at(void *files, const struct region_attr *a, const char *path)
{
	const struct process_files *f = files;
	struct strbuf below = { 0 };
	struct stat st;

	strbuf_printf(&below, "root%s", path);
	bool found = fstatat(f->process, below.text, &st, AT_SYMLINK_NOFOLLOW) == 0;
	strbuf_fini(&below);
	return found && st.st_ino == a->inode && major(st.st_dev) == a->dev_major &&
	       minor(st.st_dev) == a->dev_minor;
}

bool process_files_entry(const struct process_files *f, uint64_t page, uint64_t *entry)
{
	return f->pagemap >= 0 && pagemap_read(f->pagemap, page, 1, entry, NULL) == 1;
}

size_t process_files_peek(const struct process_files *f, uint64_t address, uint8_t *bytes, size_t size)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE), entry;
	int fd = procfile_open(f->thread, "mem", NULL);
	size_t have = 0;

	while (fd >= 0 && have < size) {
		uint64_t at = address + have, left = page_size - at % page_size;
		size_t want = size - have < left ? size - have : (size_t)left;

		if (!process_files_entry(f, at / page_size, &entry) || !(entry & PAGEMAP_PRESENT))
			break;
		ssize_t got = pread(fd, bytes + have, want, (off_t)at);
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	procfile_close(&fd);
	return have;
}

/* A descriptor's link reads "anon_inode:[userfaultfd]" (fs/userfaultfd.c). */
#define USERFAULTFD "anon_inode:[userfaultfd]"

bool process_files_have_userfaultfd(const struct process_files *f)
{
	int fd = f->captured ? -1 : openat(f->process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char link[sizeof USERFAULTFD];
	const struct dirent *entry;
	bool found = false;

	if (!dir) {
		procfile_close(&fd);
		return false;
	}
	while (!found && (entry = readdir(dir))) {
		ssize_t got = readlinkat(fd, entry->d_name, link, sizeof link);
		found = got == sizeof USERFAULTFD - 1 && !memcmp(link, USERFAULTFD, sizeof USERFAULTFD - 1);
	}
	closedir(dir);
	return found;
}

uint64_t process_files_descriptors(const struct process_files *f)
{
	struct stat st;

	return !f->captured && fstatat(f->process, "fd", &st, 0) == 0 ? (uint64_t)st.st_size : 0;
}
