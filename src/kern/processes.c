/* The processes of this machine: a directory each in /proc.
 *
 *   /proc/4242/statm   33800 768 512 4 0 310 0    pages: all addresses, resident, ... */
#include "kern/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "kern/identity.h"
#include "kern/procfile.h"
#include "kern/stat.h"

static char *command_of(struct identity *id)
{
	struct strbuf joined = { 0 }, shown = { 0 };
	bool bare = id->cmdline.len == 0;

	for (size_t i = 0; id->argv[i]; i++) {
		if (i > 0)
			strbuf_puts(&joined, " ");
		strbuf_puts(&joined, id->argv[i]);
	}
	if (bare)
		strbuf_puts(&shown, "[");
	text_printable(&shown, joined.text, joined.len);
	if (bare)
		strbuf_puts(&shown, "]");
	strbuf_fini(&joined);
	return shown.text;
}

/* The name of a user; copied from an earlier entry of the list if possible. */
static char *user_of(uint32_t uid, const struct process_info *list, size_t n)
{
	const struct passwd *user;
	char *text = NULL;

	for (size_t i = n; i-- > 0;) {
		if (list[i].uid == uid)
			return mem_strdup(list[i].user);
	}
	user = getpwuid(uid);
	if (user)
		return text_printable_dup(user->pw_name, strlen(user->pw_name));
	text = mem_alloc(16);
	snprintf(text, 16, "%" PRIu32, uid);
	return text;
}

static void read_sizes(int dir, struct process_info *info)
{
	struct strbuf text = { 0 };
	uint64_t size, resident, page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (procfile_read(dir, "statm", &text, NULL) == 0 &&
	    sscanf(text.text, "%" SCNu64 " %" SCNu64, &size, &resident) == 2) {
		info->virtual_size = size * page;
		info->resident = resident * page;
	}
	strbuf_fini(&text);
}

static enum process_refused may_watch(int dir, uint32_t uid)
{
	int fd = openat(dir, "maps", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return geteuid() && geteuid() != uid ? PROCESS_REFUSED_OTHER_USER
						     : PROCESS_REFUSED_MORE_RIGHTS;
	close(fd);
	return PROCESS_REFUSED_NOT;
}

static bool read_user_process(int dir, struct process_stat *stat)
{
	struct strbuf text = { 0 };
	bool is = procfile_read(dir, "stat", &text, NULL) == 0 && stat_parse(text.text, text.len, stat) &&
		  !stat->kernel_thread;

	strbuf_fini(&text);
	return is;
}

/* Returns whether there is still a process there that belongs in the list. */
static bool read_info(int dir, int32_t pid, struct process_info *info, const struct process_info *list,
		      size_t n)
{
	struct identity id = { 0 };
	struct event_process who = { 0 };
	struct process_stat stat;

	if (!read_user_process(dir, &stat))
		return false;
	identity_read_names(&id, dir, &who, NULL);
	*info = (struct process_info){
		.pid = pid,
		.uid = who.uid,
		.command = command_of(&id),
		.started = stat.start_ticks,
		.refused = may_watch(dir, who.uid),
	};
	info->user = user_of(who.uid, list, n);
	read_sizes(dir, info);
	identity_fini(&id);
	return true;
}

static int compare_pids(const void *left, const void *right)
{
	const struct process_info *a = left, *b = right;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

size_t processes_list(const char *proc_root, struct process_info **list)
{
	int root = open(proc_root ? proc_root : "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = root < 0 ? NULL : fdopendir(root);
	const struct dirent *entry;
	size_t n = 0, cap = 0;

	*list = NULL;
	while (entries && (entry = readdir(entries))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);
		int dir;

		if (*end || pid <= 0 || pid == getpid())
			continue;
		dir = openat(root, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		mem_grow(*list, cap, n + 1);
		n += read_info(dir, (int32_t)pid, &(*list)[n], *list, n);
		close(dir);
	}
	if (entries)
		closedir(entries);
	else if (root >= 0)
		close(root);
	if (n > 0)
		qsort(*list, n, sizeof **list, compare_pids);
	return n;
}

void processes_free(struct process_info *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].user);
		free(list[i].command);
	}
	free(list);
}
