/* A cgroup is a directory; its processes are a line each, and each group below it is a directory
 * (Documentation/admin-guide/cgroup-v2.rst, "cgroup.procs"):
 *
 *   /sys/fs/cgroup/app/cgroup.procs     4242      a number of 0: a process of another pid namespace
 *   /sys/fs/cgroup/app/db/cgroup.procs  4250
 *
 * A process may be listed twice, and numbers come in no order. Reading the file of a threaded group fails
 * with EOPNOTSUPP: its processes are listed in the file of its domain, above it.
 *
 * The name of a process is its comm, of at most 15 bytes, or the last part of what /proc/PID/exe points to,
 * which needs the right to inspect the process. */
#include "kern/roster.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "kern/figures_text.h"
#include "kern/procfile.h"
#include "kern/stat.h"

#define DEPTH_MAX 32 /* of groups below groups */
#define DELETED " (deleted)"

struct roster {
	const char *proc_root;
	char *directory; /* of the cgroup; NULL: none was given */
	bool by_name;
	regex_t name;
	char *words;
	size_t nameless;
	struct strbuf text; /* of the file read last */
};

static void add(struct task_list *list, int32_t pid)
{
	mem_grow(list->ids, list->cap, list->count + 1);
	list->ids[list->count++] = pid;
}

static int compare(const void *left, const void *right)
{
	int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;

	return (a > b) - (a < b);
}

/* Sorts them, and removes duplicates. */
static void sort(struct task_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->ids, list->count, sizeof *list->ids, compare);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || list->ids[kept - 1] != list->ids[i])
			list->ids[kept++] = list->ids[i];
	list->count = kept;
}

static void take_group(struct roster *r, struct task_list *pids)
{
	for (const char *at = r->text.text; *at;) {
		char *end;
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		if (pid > 0 && pid <= INT32_MAX && pid != getpid())
			add(pids, (int32_t)pid);
		r->nameless += pid == 0;
		at = end + strspn(end, "\n");
	}
}

/* Adds the processes of the group in a directory and all groups below it. -1: the group's own processes
 * cannot be read. */
static int add_groups(struct roster *r, int directory, int depth, struct task_list *pids, struct err *err)
{
	int result = procfile_read(directory, "cgroup.procs", &r->text, err), copy = -1;
	const struct dirent *entry;
	DIR *below = NULL;

	if (result == 0)
		take_group(r, pids);
	if (depth < DEPTH_MAX)
		copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy >= 0 && !(below = fdopendir(copy)))
		close(copy);
	while (below && (entry = readdir(below))) {
		int group = -1;

		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			group = procfile_open_dir(directory, entry->d_name, NULL);
		if (group >= 0)
			add_groups(r, group, depth + 1, pids, NULL);
		procfile_close(&group);
	}
	if (below)
		closedir(below);
	return result;
}

static int explain(const char *shown, const struct err *failure, struct err *err)
{
	if (failure->errnum == EOPNOTSUPP)
		return err_set(err, ERR_UNSUPPORTED,
			       _("cgroup %s is threaded: its processes are listed in the group above it"),
			       shown);
	if (failure->code == ERR_NOT_FOUND || failure->errnum == ENODEV)
		return err_set(err, ERR_NOT_FOUND, _("there is no cgroup %s"), shown);
	return err_system(err, failure->errnum, _("cgroup %s cannot be read"), shown);
}

static int list_cgroup(struct roster *r, struct task_list *pids, struct err *err)
{
	struct err failure = { 0 };
	int directory = procfile_open_dir(AT_FDCWD, r->directory, &failure);
	int result = directory < 0 ? -1 : add_groups(r, directory, 0, pids, &failure);

	procfile_close(&directory);
	sort(pids);
	return result == 0 ? 0 : explain(r->directory, &failure, err);
}

static void list_all(const struct roster *r, struct task_list *pids)
{
	int root = procfile_open_dir(AT_FDCWD, r->proc_root ? r->proc_root : "/proc", NULL);
	DIR *entries = root < 0 ? NULL : fdopendir(root);
	const struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (!*end && pid > 0 && pid <= INT32_MAX && pid != getpid())
			add(pids, (int32_t)pid);
	}
	if (entries)
		closedir(entries);
	else
		procfile_close(&root);
	sort(pids);
}

static bool matches(const struct roster *r, const char *name)
{
	return *name && regexec(&r->name, name, 0, NULL, 0) == 0;
}

static bool has_name(struct roster *r, int process)
{

	if (procfile_read(process, "comm", &r->text, NULL) == 0) {
		r->text.text[strcspn(r->text.text, "\n")] = '\0';
		if (matches(r, r->text.text))
			return true;
	}
	if (procfile_read_link(process, "exe", &r->text, NULL) != 0)
		return false;
	if (text_ends(r->text.text, DELETED))
		r->text.text[r->text.len - strlen(DELETED)] = '\0';
	return matches(r, path_name(r->text.text));
}

/* Does the process have memory? Kernel threads have none, and ended processes no longer have any. */
static bool has_memory(struct roster *r, int process)
{
	struct process_stat stat;

	return procfile_read(process, "stat", &r->text, NULL) == 0 &&
	       stat_parse(r->text.text, r->text.len, &stat) && !stat.kernel_thread &&
	       stat.counters.state != 'Z' && stat.counters.state != 'X';
}

static bool fits(struct roster *r, int32_t pid)
{
	int process = procfile_open_process(r->proc_root, pid, NULL);
	bool does = process >= 0 && (!r->by_name || has_name(r, process)) && has_memory(r, process);

	procfile_close(&process);
	return does;
}

int roster_list(struct roster *r, struct task_list *pids, struct err *err)
{
	size_t kept = 0;

	pids->count = 0;
	r->nameless = 0;
	if (!r->directory)
		list_all(r, pids);
	else if (list_cgroup(r, pids, err) != 0)
		return -1;
	for (size_t i = 0; i < pids->count; i++)
		if (fits(r, pids->ids[i]))
			pids->ids[kept++] = pids->ids[i];
	pids->count = kept;
	return 0;
}

size_t roster_nameless(const struct roster *r)
{
	return r->nameless;
}

const char *roster_words(const struct roster *r)
{
	return r->words;
}

static bool is_cgroup(const char *directory)
{
	struct strbuf path = { 0 };
	bool is;

	strbuf_printf(&path, "%s/cgroup.procs", directory);
	is = access(path.text, F_OK) == 0;
	strbuf_fini(&path);
	return is;
}

/* Its directory in the hierarchy of a version; the caller frees. NULL: there is none. *mounted: is there the hierarchy? */
static char *find_in(const char *mountinfo, const char *path, bool legacy, bool *mounted)
{
	struct memory_cgroup group = { .legacy = legacy };
	char *found = NULL;

	strbuf_printf(&group.path, "/%s", path + strspn(path, "/"));
	if (figures_find_cgroup(mountinfo, &group)) {
		*mounted = true;
		if (is_cgroup(group.directory.text))
			found = mem_strdup(group.directory.text);
	}
	memory_cgroup_fini(&group);
	return found;
}

/* The directory of a group; the caller frees. NULL with err. */
static char *find_cgroup(const char *path, const char *shown, struct err *err)
{
	struct strbuf mountinfo = { 0 };
	bool mounted = false;
	char *found = NULL;

	if (*path == '/' && is_cgroup(path))
		return mem_strdup(path);
	if (procfile_read(AT_FDCWD, "/proc/self/mountinfo", &mountinfo, NULL) == 0) {
		found = find_in(mountinfo.text, path, false, &mounted);
		if (!found)
			found = find_in(mountinfo.text, path, true, &mounted);
	}
	strbuf_fini(&mountinfo);
	if (!found && mounted)
		err_set(err, ERR_NOT_FOUND, _("there is no cgroup %s"), shown);
	else if (!found)
		err_set(err, ERR_NOT_FOUND,
			_("cgroup %s: no hierarchy that has it is mounted; name its directory"), shown);
	return found;
}

static int compile(struct roster *r, const char *name, const char *shown, struct err *err)
{
	int wrong = regcomp(&r->name, name, REG_EXTENDED | REG_NOSUB);
	char why[160];

	r->by_name = wrong == 0;
	if (!wrong)
		return 0;
	regerror(wrong, &r->name, why, sizeof why);
	return err_set(err, ERR_USAGE, _("not a regular expression: %s: %s"), shown, why);
}

struct roster *roster_create(const struct roster_options *options, struct err *err)
{
	struct roster *r = mem_zalloc(sizeof *r);
	struct strbuf words = { 0 };
	char *group = options->cgroup ? text_printable_dup(options->cgroup, strlen(options->cgroup)) : NULL;
	char *name = options->name ? text_printable_dup(options->name, strlen(options->name)) : NULL;
	int result = 0;

	r->proc_root = options->proc_root;
	if (group)
		strbuf_printf(&words, _("cgroup %s"), group);
	if (name) {
		strbuf_puts(&words, group ? ", " : "");
		strbuf_printf(&words, _("name %s"), name);
	}
	r->words = words.text;
	if (name)
		result = compile(r, options->name, name, err);
	if (group && result == 0 && !(r->directory = find_cgroup(options->cgroup, group, err)))
		result = -1;
	free(group);
	free(name);
	if (result == 0)
		return r;
	roster_destroy(r);
	return NULL;
}

void roster_destroy(struct roster *r)
{
	if (!r)
		return;
	if (r->by_name)
		regfree(&r->name);
	strbuf_fini(&r->text);
	free(r->directory);
	free(r->words);
	free(r);
}
