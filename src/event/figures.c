/* The kernel's own figures: their names, and how they are kept. */
#include "event/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const names[KERNEL_FIGURES] = {
	[KERNEL_SIZE] = "size",
	[KERNEL_RSS] = "rss",
	[KERNEL_RSS_PEAK] = "rss_peak",
	[KERNEL_RSS_SHARED] = "rss_shared_memory",
	[KERNEL_PAGE_TABLES] = "page_tables",
	[KERNEL_LOCKED_SIZE] = "locked_size",
	[KERNEL_PINNED] = "pinned",
	[KERNEL_SWAPPED] = "swapped",
	[KERNEL_STACK_LIMIT] = "stack_limit",
	[KERNEL_REGIONS_MAX] = "regions_max",
	[KERNEL_MACHINE_MEMORY] = "machine_memory",
	[KERNEL_MACHINE_SWAP] = "machine_swap",
	[KERNEL_MACHINE_SWAP_FREE] = "machine_swap_free",
	[KERNEL_CGROUP_CHARGE] = "cgroup_charge",
	[KERNEL_CGROUP_LIMIT] = "cgroup_limit",
	[KERNEL_CGROUP_ANON] = "cgroup_anon",
	[KERNEL_CGROUP_FILE] = "cgroup_file",
	[KERNEL_CGROUP_SHARED] = "cgroup_shared_memory",
	[KERNEL_CGROUP_MAPPED] = "cgroup_mapped",
	[KERNEL_CGROUP_KERNEL] = "cgroup_kernel",
	[KERNEL_CGROUP_PROCESSES] = "cgroup_processes",
	[KERNEL_HUGE_READ] = "huge_read",
	[KERNEL_HUGE_ZERO] = "huge_zero",
	[KERNEL_MALLOC_USED] = "malloc_used",
	[KERNEL_MALLOC_FREE] = "malloc_free",
	[KERNEL_MALLOC_TOP] = "malloc_top",
	[KERNEL_MALLOC_TRIMMABLE] = "malloc_trimmable",
};

static const char *const groups[FIGURE_GROUPS] = {
	[FIGURES_STATUS] = "status", [FIGURES_SUMS] = "sums",     [FIGURES_CGROUP] = "cgroup",
	[FIGURES_NODES] = "nodes",   [FIGURES_STACKS] = "stacks", [FIGURES_BYTES] = "bytes",
};

const char *figure_name(enum kernel_figure figure)
{
	return (unsigned)figure < KERNEL_FIGURES ? names[figure] : "unknown";
}

const char *figure_group_name(enum figure_group group)
{
	return (unsigned)group < FIGURE_GROUPS ? groups[group] : "unknown";
}

void kernel_figures_init(struct kernel_figures *f)
{
	*f = (struct kernel_figures){ 0 };
	for (int i = 0; i < KERNEL_FIGURES; i++)
		f->values[i] = KERNEL_UNKNOWN;
}

void kernel_figures_fini(struct kernel_figures *f)
{
	for (int i = 0; i < FIGURE_GROUPS; i++)
		free(f->why[i]);
	free(f->cgroup);
	free(f->sums);
	free(f->stacks);
	free(f->nodes);
	kernel_figures_init(f);
}

struct kernel_figures kernel_figures_copy(const struct kernel_figures *from)
{
	struct kernel_figures copy = *from;

	for (int i = 0; i < FIGURE_GROUPS; i++)
		copy.why[i] = from->refused[i] ? mem_strdup(from->why[i]) : NULL;
	copy.cgroup = from->cgroup ? mem_strdup(from->cgroup) : NULL;
	copy.sums = mem_copy(from->sums, from->sums_count * sizeof *from->sums);
	copy.stacks = mem_copy(from->stacks, from->stacks_count * sizeof *from->stacks);
	copy.nodes = mem_copy(from->nodes, from->nodes_count * sizeof *from->nodes);
	return copy;
}

uint64_t kernel_figures_size(const struct kernel_figures *f)
{
	uint64_t size = f->sums_count * sizeof *f->sums + f->stacks_count * sizeof *f->stacks +
			f->nodes_count * sizeof *f->nodes + (f->cgroup ? strlen(f->cgroup) : 0);

	for (int i = 0; i < FIGURE_GROUPS; i++)
		size += f->refused[i] ? strlen(f->why[i]) : 0;
	return size;
}

void kernel_figures_refuse(struct kernel_figures *f, enum figure_group group, const char *why)
{
	free(f->why[group]);
	f->refused[group] = true;
	f->why[group] = mem_strdup(why);
}
