/* What kind each region of a reading of maps is.
 *
 * maps names a few ([heap], [stack], [vdso]); the backing of the others shows their kind:
 * - memory that belongs to tmpfs, memfd, System V or shared anonymous mappings is shm,
 *   unless a program runs from there;
 * - a file with some part mapped private and executable is a program's or a
 *   library's image: text, rodata, data by protection;
 * - writable anonymous memory that begins where an image's data ends is its bss. */
#include "kern/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct file_key {
	uint64_t device, inode;
};

static struct file_key key_of(const struct region_attr *a)
{
	return (struct file_key){ (uint64_t)a->dev_major << 32 | a->dev_minor, a->inode };
}

static int compare_keys(const void *left, const void *right)
{
	const struct file_key *a = left, *b = right;

	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return (a->device > b->device) - (a->device < b->device);
}

/* The files that are mapped private and executable, sorted. */
struct images {
	struct file_key *keys;
	size_t count, cap;
};

static void images_collect(struct images *images, const struct region_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct region_attr *a = &list->attrs[i];

		if (!a->inode || !(a->perms & REGION_EXEC) || a->perms & REGION_MAY_SHARE)
			continue;
		mem_grow(images->keys, images->cap, images->count + 1);
		images->keys[images->count++] = key_of(a);
	}
	if (images->count > 0)
		qsort(images->keys, images->count, sizeof *images->keys, compare_keys);
}

static bool images_hold(const struct images *images, const struct region_attr *a)
{
	struct file_key key = key_of(a);

	return images->count > 0 &&
	       bsearch(&key, images->keys, images->count, sizeof key, compare_keys) != NULL;
}

/* By the name that the kernel gave it, or -1. */
static int kind_by_name(const char *path)
{
	static const struct {
		const char *prefix;
		enum region_kind kind;
	} names[] = {
		{ "[heap]", REGION_HEAP },         { "[stack", REGION_STACK },
		{ "[vdso", REGION_VDSO },          { "[vvar", REGION_VVAR },
		{ "[vsyscall]", REGION_VSYSCALL }, { "[uprobes]", REGION_VDSO },
		{ "[sigpage]", REGION_VDSO },      { "[vectors]", REGION_VDSO },
		{ "[anon_shmem:", REGION_SHM },    { "[anon:", REGION_ANON },
	};

	if (path[0] != '[')
		return -1;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (text_begins(path, names[i].prefix))
			return names[i].kind;
	}
	return -1;
}

static enum region_kind kind_of_image(const struct region_attr *a)
{
	if (a->perms & REGION_EXEC)
		return REGION_TEXT;
	return a->perms & REGION_WRITE ? REGION_DATA : REGION_RODATA;
}

static bool is_bss(const struct region_attr *a, const struct region_attr *before, bool before_is_image)
{
	return before && before_is_image && before->end == a->start && before->kind != REGION_TEXT &&
	       a->perms & REGION_WRITE && !(a->perms & REGION_MAY_SHARE) && a->path[0] == '\0';
}

static enum region_kind kind_of_file(const struct region_attr *a, enum backing_type type,
				     const struct images *images)
{
	bool shared = a->perms & REGION_MAY_SHARE;

	if (!shared && images_hold(images, a))
		return kind_of_image(a);
	if (type == BACKING_SHM)
		return REGION_SHM;
	if (type == BACKING_HUGETLB && shared)
		return REGION_SHM;
	if (type == BACKING_HUGETLB)
		return backing_is_anonymous_huge(a) ? REGION_ANON : REGION_SHM;
	return REGION_FILE;
}

void kinds_set(struct region_list *list, const struct backing *backing)
{
	struct images images = { 0 };
	const struct region_attr *before = NULL;
	bool before_is_image = false;

	images_collect(&images, list);
	for (size_t i = 0; i < list->count; i++) {
		struct region_attr *a = &list->attrs[i];
		enum backing_type type = backing_type(backing, a);
		int named = kind_by_name(a->path);

		a->hugetlb = type == BACKING_HUGETLB;
		a->device = type == BACKING_DEVICE;
		if (named >= 0)
			a->kind = (uint8_t)named;
		else if (type == BACKING_NONE)
			a->kind = is_bss(a, before, before_is_image) ? REGION_BSS : REGION_ANON;
		else
			a->kind = (uint8_t)kind_of_file(a, type, &images);
		before = a;
		before_is_image = a->inode && images_hold(&images, a);
	}
	free(images.keys);
}
