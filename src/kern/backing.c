/* What is behind a mapping, by its device number.
 *
 * Shared anonymous memory, memfds and System V segments are files of a tmpfs that the kernel mounts for
 * itself; hugetlb memory is files of one hugetlbfs for each size. These mounts are in no list, but an empty
 * memfd has their device numbers. Those that are mounted for everyone are in mountinfo
 * (proc_pid_mountinfo(5)):
 *
 *   36 25 0:32 / /dev/shm rw,nosuid shared:4 - tmpfs tmpfs rw,size=65536k
 *   id parent device root mount options [tags] - type source options
 *
 * "rootfs", which an initramfs is unpacked into, is a tmpfs or only the page cache, as the kernel was started
 * (Documentation/filesystems/ramfs-rootfs-initramfs.rst): statfs shows which.
 *
 * Nodes below /dev are checked one by one: a private mapping of /dev/zero is anonymous memory, mappings of
 * other character devices are not memory at all. */
#include "kern/backing.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define HUGE_SHIFT_BITS 26  /* where memfd_create has the logarithm of the size */
#define HUGE_SHIFT_FIRST 14 /* from 16 KiB */
#define HUGE_SHIFT_LAST 35  /* to 32 GiB: the range over all architectures */

static const struct backing_device *find_device(const struct backing *b, uint32_t major, uint32_t minor)
{
	for (size_t i = 0; i < b->count; i++) {
		if (b->devices[i].major == major && b->devices[i].minor == minor)
			return &b->devices[i];
	}
	return NULL;
}

static void add_device(struct backing *b, uint32_t major, uint32_t minor, enum backing_type type)
{
	if (find_device(b, major, minor))
		return;
	mem_grow(b->devices, b->cap, b->count + 1);
	b->devices[b->count++] = (struct backing_device){ major, minor, type };
}

static void add_memfd(struct backing *b, unsigned flags, enum backing_type type)
{
	int fd = memfd_create("pagescape", MFD_CLOEXEC | flags);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0)
		add_device(b, major(st.st_dev), minor(st.st_dev), type);
	close(fd);
}

void backing_init(struct backing *b, bool by_path)
{
	*b = (struct backing){ .by_path = by_path };
	if (by_path)
		return;
	add_memfd(b, 0, BACKING_SHM);
	for (unsigned shift = HUGE_SHIFT_FIRST; shift < HUGE_SHIFT_LAST; shift++)
		add_memfd(b, MFD_HUGETLB | shift << HUGE_SHIFT_BITS, BACKING_HUGETLB);
}

void backing_init_as(struct backing *b, const struct backing *kernel)
{
	*b = (struct backing){ .by_path = kernel->by_path };
	for (size_t i = 0; i < kernel->count; i++)
		add_device(b, kernel->devices[i].major, kernel->devices[i].minor, kernel->devices[i].type);
}

void backing_fini(struct backing *b)
{
	free(b->devices);
	free(b->nodes);
	*b = (struct backing){ 0 };
}

static enum backing_type type_of_filesystem(const char *name)
{
	static const struct {
		const char *name;
		enum backing_type type;
	} types[] = {
		{ "tmpfs", BACKING_SHM },       { "hugetlbfs", BACKING_HUGETLB },
		{ "devtmpfs", BACKING_DEVICE }, { "sysfs", BACKING_DEVICE },
		{ "proc", BACKING_DEVICE },     { "debugfs", BACKING_DEVICE },
		{ "tracefs", BACKING_DEVICE },
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(types[i].name, name) == 0)
			return types[i].type;
	}
	return BACKING_FILE;
}

/* The type of rootfs, if it is the process's root. */
static enum backing_type type_of_root(int process, dev_t device)
{
	int root = openat(process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	struct statfs fs;
	bool tmpfs = root >= 0 && fstat(root, &st) == 0 && st.st_dev == device && fstatfs(root, &fs) == 0 &&
		     fs.f_type == TMPFS_MAGIC;

	if (root >= 0)
		close(root);
	return tmpfs ? BACKING_SHM : BACKING_FILE;
}

static void parse_mount(struct backing *b, char *line, int process)
{
	unsigned device[2];
	char *rest = strstr(line, " - ");
	char type[32];

	if (!rest || sscanf(rest, " - %31s", type) != 1)
		return;
	if (sscanf(line, "%*u %*u %u:%u ", &device[0], &device[1]) != 2)
		return;
	add_device(b, device[0], device[1],
		   strcmp(type, "rootfs") == 0 ? type_of_root(process, makedev(device[0], device[1]))
					       : type_of_filesystem(type));
}

void backing_parse_mountinfo(struct backing *b, const char *text, size_t len, int process)
{
	char *copy = mem_strndup(text, len), *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		parse_mount(b, line, process);
	free(copy);
}

bool backing_is_anonymous_huge(const struct region_attr *a)
{
	return text_begins(a->path, "/anon_hugepage");
}

/* For a captured tree: by the names that the kernel gives its own files. */
static enum backing_type type_by_path(const struct region_attr *a)
{
	static const char *const shm[] = { "/memfd:", "/SYSV", "/dev/zero (deleted)", "[anon_shmem:" };

	if (a->dev_major != 0)
		return BACKING_NONE;
	if (backing_is_anonymous_huge(a))
		return BACKING_HUGETLB;
	for (size_t i = 0; i < sizeof shm / sizeof *shm; i++) {
		if (text_begins(a->path, shm[i]))
			return BACKING_SHM;
	}
	return BACKING_NONE;
}

bool backing_knows(const struct backing *b, const struct region_attr *a)
{
	return a->inode == 0 || (b->by_path && type_by_path(a) != BACKING_NONE) ||
	       find_device(b, a->dev_major, a->dev_minor);
}

void backing_settle(struct backing *b, const struct region_attr *a)
{
	add_device(b, a->dev_major, a->dev_minor, a->path[0] == '/' ? BACKING_FILE : BACKING_DEVICE);
}

static const struct backing_node *find_node(const struct backing *b, const struct region_attr *a)
{
	for (size_t i = 0; i < b->node_count; i++) {
		const struct backing_node *node = &b->nodes[i];

		if (node->inode == a->inode && node->major == a->dev_major && node->minor == a->dev_minor)
			return node;
	}
	return NULL;
}

static bool is_node(const struct region_attr *a)
{
	return a->inode && text_begins(a->path, "/dev/") && !text_begins(a->path, "/dev/shm/");
}

/* For a process that has ended, and so has no root any more: do we have the same node at that path? */
static bool is_own_node(const struct region_attr *a, struct stat *st)
{
	return stat(a->path, st) == 0 && st->st_ino == a->inode && major(st->st_dev) == a->dev_major &&
	       minor(st->st_dev) == a->dev_minor;
}

static enum backing_type type_of_node(const struct backing *b, const struct region_attr *a, int process)
{
	const struct backing_device *device = find_device(b, a->dev_major, a->dev_minor);
	char path[4096 + 8];
	struct stat st;

	snprintf(path, sizeof path, "root%s", a->path);
	if ((fstatat(process, path, &st, 0) < 0 || st.st_ino != a->inode) && !is_own_node(a, &st))
		return device ? device->type : BACKING_FILE;
	if (!S_ISCHR(st.st_mode))
		return device && device->type != BACKING_DEVICE ? device->type : BACKING_SHM;
	if (st.st_rdev == makedev(1, 5) && !(a->perms & REGION_MAY_SHARE))
		return BACKING_NONE;
	return BACKING_DEVICE;
}

void backing_look_up_node(struct backing *b, const struct region_attr *a, int process)
{
	if (!is_node(a) || backing_is_anonymous_huge(a) || find_node(b, a))
		return;
	mem_grow(b->nodes, b->node_cap, b->node_count + 1);
	b->nodes[b->node_count++] =
	    (struct backing_node){ a->dev_major, a->dev_minor, a->inode, type_of_node(b, a, process) };
}

enum backing_type backing_type(const struct backing *b, const struct region_attr *a)
{
	const struct backing_device *device;
	const struct backing_node *node;

	if (a->inode == 0)
		return BACKING_NONE;
	if (is_node(a) && (node = find_node(b, a)))
		return node->type;
	if (b->by_path && type_by_path(a) != BACKING_NONE)
		return type_by_path(a);
	device = find_device(b, a->dev_major, a->dev_minor);
	return device ? device->type : BACKING_FILE;
}
