/* A thread is a directory, its children are one line:
 *
 *   /proc/4242/task/4242/comm        demo
 *   /proc/4242/task/4242/children    4250 4251
 *
 * (proc(5); the list is exact for children that are not reaped while it is read. Only those are wanted: the
 * others have ended.) */
#include "kern/tasks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "kern/procfile.h"

void task_list_fini(struct task_list *list)
{
	free(list->ids);
	*list = (struct task_list){ 0 };
}

static void add(struct task_list *list, int32_t id)
{
	mem_grow(list->ids, list->cap, list->count + 1);
	list->ids[list->count++] = id;
}

int tasks_list(int process, struct task_list *list, struct err *err)
{
	struct err failure = { 0 };
	int fd = procfile_open_dir(process, "task", &failure);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !dir)
		err_system(&failure, errno, "%s", "task");
	list->count = 0;
	if (dir) {
		for (struct dirent *entry; (entry = readdir(dir));)
			if (atoi(entry->d_name) > 0)
				add(list, atoi(entry->d_name));
		closedir(dir);
	} else {
		procfile_close(&fd);
	}
	if (list->count)
		return 0;
	if (dir || failure.code == ERR_GONE || failure.code == ERR_NOT_FOUND)
		return err_set(err, ERR_GONE, "%s", _("the process has ended"));
	if (err)
		*err = failure;
	return -1;
}

int tasks_list_of(int32_t pid, struct task_list *list, struct err *err)
{
	struct err failure = { 0 };
	int process = procfile_open_process(NULL, pid, &failure), result;

	list->count = 0;
	if (process < 0 && failure.code == ERR_NOT_FOUND)
		return err_set(err, ERR_GONE, "%s", _("the process has ended"));
	if (process < 0) {
		if (err)
			*err = failure;
		return -1;
	}
	result = tasks_list(process, list, err);
	close(process);
	return result;
}

bool tasks_has(int32_t pid, int32_t tid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d", (int)pid, (int)tid);
	return access(path, F_OK) == 0;
}

void tasks_name(int process, int32_t tid, char name[static TASK_NAME_MAX])
{
	char path[64];
	ssize_t n = -1;

	snprintf(path, sizeof path, "task/%d/comm", (int)tid);
	int fd = procfile_open(process, path, NULL);
	if (fd >= 0) {
		n = read(fd, name, TASK_NAME_MAX - 1);
		close(fd);
	}
	name[max(n, 0)] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

int tasks_children(int process, int32_t tid, struct task_list *list, struct err *err)
{
	struct strbuf text = { 0 };
	char path[64], *end;
	int result;

	snprintf(path, sizeof path, "task/%d/children", (int)tid);
	result = procfile_read(process, path, &text, err);
	if (result == 0) {
		const char *at = text.text;

		for (long id; (id = strtol(at, &end, 10)) > 0 && end > at; at = end)
			add(list, (int32_t)id);
	}
	strbuf_fini(&text);
	return result;
}

int tasks_status(const char *proc_root, int32_t tid, struct status_lines *status, struct err *err)
{
	struct strbuf text = { 0 };
	int dir = procfile_open_process(proc_root, tid, err), result = -1;

	*status = (struct status_lines){ .uid = -1 };
	if (dir >= 0) {
		result = procfile_read(dir, "status", &text, err);
		close(dir);
	}
	if (result == 0)
		status_parse(text.text, status);
	strbuf_fini(&text);
	return result;
}

int32_t tasks_process(const char *proc_root, int32_t tid)
{
	struct status_lines status;

	return tasks_status(proc_root, tid, &status, NULL) == 0 && status.process ? status.process : tid;
}
