/* Reads the figures, file by file. */
#include "kern/figures.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "kern/figures_text.h"
#include "kern/procfile.h"
#include "kern/tasks.h"

#define LIMIT_NONE (UINT64_C(1) << 62) /* cgroup v1 shows a number near 2^63 if there is no limit */

static bool read_or_refuse(int dir, const char *name, struct strbuf *text, enum figure_group group,
			   struct kernel_figures *f)
{
	struct err err = { 0 };

	if (procfile_read(dir, name, text, &err) == 0)
		return true;
	if (!f->refused[group])
		kernel_figures_refuse(f, group, err.text);
	return false;
}

static void read_status(const struct figures_files *files, struct strbuf *text, struct kernel_figures *f)
{
	if (read_or_refuse(files->thread, "status", text, FIGURES_STATUS, f))
		figures_parse_status(text->text, f);
	if (procfile_read(files->process, "limits", text, NULL) == 0)
		figures_parse_limits(text->text, f);
	if (procfile_read(files->root, "sys/vm/max_map_count", text, NULL) == 0 &&
	    sscanf(text->text, "%" SCNu64, &f->values[KERNEL_REGIONS_MAX]) != 1)
		f->values[KERNEL_REGIONS_MAX] = KERNEL_UNKNOWN;
	if (procfile_read(files->root, "meminfo", text, NULL) == 0) {
		figures_text_number(text->text, "MemTotal", &f->values[KERNEL_MACHINE_MEMORY]);
		figures_text_number(text->text, "SwapTotal", &f->values[KERNEL_MACHINE_SWAP]);
		figures_text_number(text->text, "SwapFree", &f->values[KERNEL_MACHINE_SWAP_FREE]);
	}
}

/* The number in a file of a cgroup; "max" is no limit. KERNEL_UNKNOWN if there is no number. */
static uint64_t cgroup_number(int dir, const char *name, struct strbuf *text)
{
	uint64_t number;

	if (procfile_read(dir, name, text, NULL) < 0)
		return KERNEL_UNKNOWN;
	if (text_begins(text->text, "max"))
		return KERNEL_NONE;
	if (sscanf(text->text, "%" SCNu64, &number) != 1)
		return KERNEL_UNKNOWN;
	return number >= LIMIT_NONE ? KERNEL_NONE : number;
}

/* The lowest limit of the group and of those that contain it, as far as they are mounted here. */
static uint64_t lowest_limit(struct memory_cgroup *group, struct strbuf *text)
{
	const char *name = group->legacy ? "memory.limit_in_bytes" : "memory.max";
	uint64_t lowest = KERNEL_UNKNOWN;

	for (;;) {
		int dir = procfile_open_dir(AT_FDCWD, group->directory.text, NULL);
		char *slash = strrchr(group->directory.text, '/');

		if (dir >= 0) {
			uint64_t limit = cgroup_number(dir, name, text);

			lowest = min(limit, lowest);
			procfile_close(&dir);
		}
		if (!slash || (size_t)(slash - group->directory.text) < group->top)
			return lowest;
		*slash = '\0';
	}
}

static uint64_t count_lines(const char *text)
{
	uint64_t lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

static void read_group(int dir, struct memory_cgroup *group, struct strbuf *text, struct kernel_figures *f)
{
	f->values[KERNEL_CGROUP_CHARGE] =
	    cgroup_number(dir, group->legacy ? "memory.usage_in_bytes" : "memory.current", text);
	if (procfile_read(dir, "memory.stat", text, NULL) == 0)
		figures_parse_memory_stat(text->text, group->legacy, f);
	if (group->legacy)
		f->values[KERNEL_CGROUP_KERNEL] = cgroup_number(dir, "memory.kmem.usage_in_bytes", text);
	if (procfile_read(dir, "cgroup.procs", text, NULL) == 0)
		f->values[KERNEL_CGROUP_PROCESSES] = count_lines(text->text);
	if (!figure_known(f->values[KERNEL_CGROUP_CHARGE]))
		kernel_figures_refuse(f, FIGURES_CGROUP,
				      _("the kernel does not say what this cgroup is charged"));
	f->values[KERNEL_CGROUP_LIMIT] = lowest_limit(group, text);
}

static void read_cgroup(const struct figures_files *files, struct strbuf *text, struct kernel_figures *f)
{
	struct memory_cgroup group = { 0 };
	struct strbuf mountinfo = { 0 };
	struct err err = { 0 };
	int dir = -1;

	if (files->captured) {
		kernel_figures_refuse(f, FIGURES_CGROUP, _("read from files"));
	} else if (read_or_refuse(files->process, "cgroup", text, FIGURES_CGROUP, f) &&
		   read_or_refuse(files->root, "self/mountinfo", &mountinfo, FIGURES_CGROUP, f)) {
		if (figures_parse_cgroup(text->text, mountinfo.text, &group, &err) == 0)
			dir = procfile_open_dir(AT_FDCWD, group.directory.text, &err);
		if (group.path.len)
			f->cgroup = mem_strdup(group.path.text);
		if (dir >= 0)
			read_group(dir, &group, text, f);
		else
			kernel_figures_refuse(f, FIGURES_CGROUP, err.text);
		procfile_close(&dir);
	}
	memory_cgroup_fini(&group);
	strbuf_fini(&mountinfo);
}

static void read_nodes(const struct figures_files *files, struct strbuf *text, struct kernel_figures *f)
{
	if (!read_or_refuse(files->thread, "numa_maps", text, FIGURES_NODES, f))
		return;
	if (figures_parse_numa(text->text, f))
		return;
	f->nodes_count = 0;
	kernel_figures_refuse(f, FIGURES_NODES, _("numa_maps is malformed"));
}

/* A running thread has no stack pointer to read; if one thread may not be read, the others may not either. */
static void read_stacks(const struct figures_files *files, struct strbuf *text, struct kernel_figures *f)
{
	struct task_list tasks = { 0 };
	struct err err = { 0 };
	uint64_t address;
	size_t cap = 0;

	if (tasks_list(files->process, &tasks, &err) < 0)
		kernel_figures_refuse(f, FIGURES_STACKS, err.text);
	for (size_t i = 0; i < tasks.count && i < FIGURES_STACKS_MAX; i++) {
		char name[64];

		err = (struct err){ 0 };
		snprintf(name, sizeof name, "task/%d/syscall", (int)tasks.ids[i]);
		if (procfile_read(files->process, name, text, &err) < 0) {
			if (err.code == ERR_GONE || (err.code == ERR_NOT_FOUND && i > 0))
				continue; /* a thread that ended meanwhile */
			kernel_figures_refuse(f, FIGURES_STACKS, err.text);
			break;
		}
		if (!figures_parse_syscall(text->text, &address))
			continue;
		mem_grow(f->stacks, cap, f->stacks_count + 1);
		f->stacks[f->stacks_count++] = (struct stack_pointer){ tasks.ids[i], address };
	}
	task_list_fini(&tasks);
}

void figures_read(const struct figures_files *files, struct kernel_figures *f)
{
	struct strbuf text = { 0 };

	read_status(files, &text, f);
	read_cgroup(files, &text, f);
	read_nodes(files, &text, f);
	read_stacks(files, &text, f);
	strbuf_fini(&text);
}
