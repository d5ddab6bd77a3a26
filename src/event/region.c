/* The words of region kinds, and what a region is called. */
#include "event/region.h"

#include <string.h>

#include "base/i18n.h"
#include "base/path.h"

static const struct {
	const char *name, *meaning;
} kinds[REGION_KINDS] = {
	[REGION_TEXT] = { "text", N_("machine code of a program or library") },
	[REGION_RODATA] = { "rodata", N_("read-only part of a program or library") },
	[REGION_DATA] = { "data", N_("initialised variables of a program or library") },
	[REGION_BSS] = { "bss", N_("variables of a program or library that start as zero") },
	[REGION_HEAP] = { "heap", N_("memory that malloc gets with brk") },
	[REGION_STACK] = { "stack", N_("the first thread's stack; it grows down") },
	[REGION_ANON] = { "anon",
			  N_("private memory without a file: malloc's large blocks, threads' stacks") },
	[REGION_FILE] = { "file", N_("a mapped file") },
	[REGION_SHM] = { "shm", N_("shared memory: shared anonymous, tmpfs, memfd, System V") },
	[REGION_VDSO] = { "vdso", N_("the kernel's code in every process: system calls without a switch") },
	[REGION_VVAR] = { "vvar", N_("the kernel's variables that the vdso reads") },
	[REGION_VSYSCALL] = { "vsyscall", N_("the old, fixed place of the kernel's code") },
};

const char *region_kind_name(enum region_kind kind)
{
	return (unsigned)kind < REGION_KINDS ? kinds[kind].name : "unknown";
}

int region_kind_parse(const char *name)
{
	for (int i = 0; i < REGION_KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return i;
	return -1;
}

const char *region_kind_meaning(enum region_kind kind)
{
	return (unsigned)kind < REGION_KINDS ? _(kinds[kind].meaning) : "";
}

const char *region_perms_text(char buf[static 5], uint8_t perms)
{
	buf[0] = perms & REGION_READ ? 'r' : '-';
	buf[1] = perms & REGION_WRITE ? 'w' : '-';
	buf[2] = perms & REGION_EXEC ? 'x' : '-';
	buf[3] = perms & REGION_MAY_SHARE ? 's' : 'p';
	buf[4] = '\0';
	return buf;
}

const char *region_name(const struct region_attr *attr)
{
	return attr->path[0] == '/' ? path_name(attr->path) : attr->path;
}

bool region_is_of_file(const struct region_attr *attr, const char *path)
{
	size_t len = strlen(path);

	return len && !strncmp(attr->path, path, len) &&
	       (!attr->path[len] || !strcmp(attr->path + len, " (deleted)"));
}

bool region_attr_equal(const struct region_attr *a, const struct region_attr *b)
{
	return a->start == b->start && a->end == b->end && a->offset == b->offset && a->inode == b->inode &&
	       a->dev_major == b->dev_major && a->dev_minor == b->dev_minor && a->perms == b->perms &&
	       a->kind == b->kind && a->hugetlb == b->hugetlb && a->device == b->device &&
	       a->joined == b->joined && !strcmp(a->path, b->path);
}

/* Memory without a file: the kernel may call it [heap] today and nothing tomorrow. */
static bool is_anonymous(const struct region_attr *a)
{
	return a->inode == 0 && (a->kind == REGION_ANON || a->kind == REGION_BSS || a->kind == REGION_HEAP ||
				 a->kind == REGION_STACK);
}

bool region_same_backing(const struct region_attr *a, const struct region_attr *b)
{
	if (a->hugetlb != b->hugetlb || a->device != b->device ||
	    (a->perms & REGION_MAY_SHARE) != (b->perms & REGION_MAY_SHARE))
		return false;
	if (is_anonymous(a) || is_anonymous(b))
		return is_anonymous(a) && is_anonymous(b);
	if (a->inode != b->inode || a->dev_major != b->dev_major || a->dev_minor != b->dev_minor)
		return false;
	if (a->inode == 0)
		return a->kind == b->kind;
	return a->start - a->offset == b->start - b->offset;
}
