/* Files are found by device and inode, as in maps. While a file is open no other can get its numbers. On file
 * systems where maps and stat show different numbers (btrfs, overlayfs) two files may have the same ones in
 * maps: such a file is for its owner only, and so is one that an owner could not open.
 *
 * The number of files is bounded; the one unused for longest goes first. */
#include "kern/open_files.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

#define FILES_MAX 256
/* Lists in buckets, not base/hash.h, because single entries are removed. */
#define BUCKET_BITS 9
#define BUCKETS (1u << BUCKET_BITS)
#define RETRY_NS (2 * CLOCK_SECOND) /* what could not be opened is tried again */

struct open_files {
	struct open_file *buckets[BUCKETS];
	size_t count;
	uint64_t questions, keep_ns;
};

struct open_files *open_files_create(uint64_t keep_ns)
{
	struct open_files *files = mem_zalloc(sizeof *files);

	files->keep_ns = keep_ns;
	return files;
}

static void close_file(struct open_file *f)
{
	if (f->window)
		munmap(f->window, f->window_length);
	if (f->fd >= 0)
		close(f->fd);
	f->window = NULL;
	f->window_length = 0;
	f->fd = -1;
}

static void remove_file(struct open_files *files, struct open_file **link)
{
	struct open_file *f = *link;

	*link = f->next;
	close_file(f);
	free(f);
	files->count--;
}

/* Removes the files that a function selects. */
static void remove_those(struct open_files *files, bool (*goes)(const struct open_file *, const void *),
			 const void *context)
{
	for (size_t b = 0; files->count && b < BUCKETS; b++) {
		for (struct open_file **link = &files->buckets[b]; *link;) {
			if (goes(*link, context))
				remove_file(files, link);
			else
				link = &(*link)->next;
		}
	}
}

static bool is_any(const struct open_file *f, const void *context)
{
	return true;
}

void open_files_destroy(struct open_files *files)
{
	if (!files)
		return;
	remove_those(files, is_any, NULL);
	free(files);
}

static bool is_owned_by(const struct open_file *f, const void *owner)
{
	return f->only_for == owner;
}

void open_files_leave(struct open_files *files, const void *owner)
{
	remove_those(files, is_owned_by, owner);
}

static struct open_file **bucket_of(struct open_files *files, const struct region_attr *a)
{
	return &files->buckets[hash_two(a->inode, a->dev_minor) >> (32 - BUCKET_BITS)];
}

/* Finds a file: one that is for all is preferred to the owner's own. */
static struct open_file *find_file(struct open_files *files, const void *owner, const struct region_attr *a)
{
	struct open_file *own = NULL;

	for (struct open_file *f = *bucket_of(files, a); f; f = f->next) {
		if (f->inode != a->inode || f->dev_major != a->dev_major || f->dev_minor != a->dev_minor)
			continue;
		if (!f->only_for)
			return f;
		if (f->only_for == owner)
			own = f;
	}
	return own;
}

static void remove_oldest(struct open_files *files)
{
	struct open_file **oldest = NULL;

	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct open_file **link = &files->buckets[b]; *link; link = &(*link)->next) {
			if (!oldest || (*link)->used < (*oldest)->used)
				oldest = link;
		}
	}
	if (oldest)
		remove_file(files, oldest);
}

/* Are its numbers unique, in the maps of every process? */
static bool has_own_numbers(const struct open_file *f)
{
	struct stat st;

	return f->fd >= 0 && fstat(f->fd, &st) == 0 && st.st_ino == f->inode &&
	       st.st_dev == makedev(f->dev_major, f->dev_minor);
}

static void open_file(struct open_files *files, const struct open_files_asker *asker, struct open_file *f,
		      const struct region_attr *a)
{
	f->err = f->cache_err = (struct err){ 0 };
	f->cache_ns = 0;
	f->fd = asker->open(asker->context, a, &f->err);
	f->tried_ns = clock_now_ns();
	f->only_for = has_own_numbers(f) ? NULL : asker->owner;
}

static struct open_file *add_file(struct open_files *files, const struct region_attr *a)
{
	struct open_file **bucket, *f = mem_zalloc(sizeof *f);

	if (files->count == FILES_MAX)
		remove_oldest(files);
	bucket = bucket_of(files, a);
	f->next = *bucket;
	f->inode = a->inode;
	f->dev_major = a->dev_major;
	f->dev_minor = a->dev_minor;
	f->fd = -1;
	f->mapped_ns = clock_now_ns();
	*bucket = f;
	files->count++;
	return f;
}

struct open_file *open_files_get(struct open_files *files, const struct open_files_asker *asker,
				 const struct region_attr *a)
{
	struct open_file *f = find_file(files, asker->owner, a);
	bool known = f;

	if (!known)
		f = add_file(files, a);
	if (!known || (f->fd < 0 && clock_now_ns() - f->tried_ns > RETRY_NS))
		open_file(files, asker, f, a);
	f->used = ++files->questions;
	return f;
}

static bool is_unmapped(const struct open_file *f, const void *since_ns)
{
	return f->mapped_ns < *(const uint64_t *)since_ns;
}

void open_files_keep(struct open_files *files, const void *owner, const struct region_list *list)
{
	uint64_t now = clock_now_ns(), since = now > files->keep_ns ? now - files->keep_ns : 0;

	if (files->count == 0)
		return;
	for (size_t i = 0; i < list->count; i++) {
		struct open_file *f = list->attrs[i].inode ? find_file(files, owner, &list->attrs[i]) : NULL;

		if (f)
			f->mapped_ns = now;
	}
	remove_those(files, is_unmapped, &since);
}
