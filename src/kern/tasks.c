/* A thread is a directory, its children are one line:
 *
 *   /proc/4242/task/4242/comm        demo
 *   /proc/4242/task/4242/children    4250 4251
 *
 * (proc(5); the list is exact for children that are not reaped while it is read, which is
 * what is asked for: those that are reaped have ended.) */
#include "kern/tasks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/reader_state.h"

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

int tasks_threads(const struct reader *r, struct task_list *list)
{
	int fd = openat(r->process, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	list->count = 0;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	for (struct dirent *entry; (entry = readdir(dir));)
		if (atoi(entry->d_name) > 0)
			add(list, atoi(entry->d_name));
	closedir(dir);
	return list->count ? 0 : -1;
}

void tasks_name(const struct reader *r, int32_t tid, char name[static TASK_NAME_MAX])
{
	char path[64];
	ssize_t n = -1;

	snprintf(path, sizeof path, "task/%d/comm", (int)tid);
	int fd = openat(r->process, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, name, TASK_NAME_MAX - 1);
		close(fd);
	}
	name[n > 0 ? n : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

static void add_all(struct task_list *list, const char *text)
{
	char *end;

	for (long id; (id = strtol(text, &end, 10)) > 0 && end > text; text = end)
		add(list, (int32_t)id);
}

int tasks_children(const struct reader *r, int32_t tid, struct task_list *list)
{
	struct strbuf text = { 0 };
	char path[64], chunk[4096];
	ssize_t n;

	snprintf(path, sizeof path, "task/%d/children", (int)tid);
	int fd = openat(r->process, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		strbuf_add(&text, chunk, (size_t)n);
	close(fd);
	if (text.len)
		add_all(list, text.text);
	strbuf_fini(&text);
	return 0;
}

int32_t tasks_parent(const char *proc_root, int32_t pid)
{
	char path[4096], line[256];
	int parent = 0;

	snprintf(path, sizeof path, "%s/%d/status", proc_root ? proc_root : "/proc", (int)pid);
	FILE *file = fopen(path, "re");
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "PPid: %d", &parent) == 1)
			break;
	if (file)
		fclose(file);
	return parent;
}
