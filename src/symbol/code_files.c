/* Which file is it? Maps gives a path and an inode, and the path may lead elsewhere by now:
 *
 *   the very file   found by its inode (kern/openfile.c). Good, unless the inode was deleted
 *                   and given to another file: where the kernel tells the build-id of what
 *                   is mapped, it is compared
 *   another inode   deleted, replaced, or not to be reached by us: what lies at the path now
 *                   is good if it has the build-id of what is mapped, as a package that was
 *                   installed again has
 *
 * The build-id of what is mapped comes from the kernel (reader_build_id), or from the image's
 * first pages in the process's memory, if they are resident.
 *
 * The vdso has no file. Every 64-bit process of this kernel has the same one, so it is read
 * from our own; a 32-bit process's from its memory. */
#include "symbol/code_files.h"

#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "symbol/demangle.h"
#include "symbol/plain_file.h"

#define FILES_MAX 256
#define ID_MAX 64
#define PEEK_BYTES 4096
#define VDSO_MAX 65536

struct code_entry {
	uint32_t dev_major, dev_minor;
	uint64_t inode; /* 0: the vdso */
	int64_t written;
	int root; /* of code_files, which lives longer */
	char *path;
	int refs;               /* atomic */
	pthread_mutex_t lock;   /* held while it is read for the first time */
	pthread_mutex_t use;    /* held while its names are looked up */
	struct stat st;         /* of the file, where it was opened: by that it is shared */
	int fd;                 /* until then; -1 */
	struct code_file *code; /* NULL: why */
	char *why;
};

struct code_share {
	int root; /* -1: not known yet */
	struct stat root_st;
	struct code_entry *entries[FILES_MAX]; /* the oldest first */
	size_t count;
};

struct code_files {
	struct code_share *share; /* or NULL */
	int root;
	bool root_known;
	struct code_entry *entries[FILES_MAX]; /* the oldest first */
	size_t count;
	char *readable; /* the last demangled name */
};

struct code_share *code_share_create(void)
{
	struct code_share *share = mem_zalloc(sizeof *share);
	share->root = -1;
	return share;
}

void code_share_destroy(struct code_share *share)
{
	if (!share)
		return;
	while (share->count > 0)
		code_entry_release(share->entries[--share->count]);
	if (share->root >= 0)
		close(share->root);
	free(share);
}

struct code_files *code_files_create(struct code_share *share)
{
	struct code_files *files = mem_zalloc(sizeof *files);
	files->share = share;
	files->root = -1;
	return files;
}

void code_files_forget(struct code_files *files)
{
	while (files->count > 0)
		code_entry_release(files->entries[--files->count]);
}

void code_files_destroy(struct code_files *files)
{
	if (!files)
		return;
	code_files_forget(files);
	if (files->root >= 0)
		close(files->root);
	free(files->readable);
	free(files);
}

const char *code_files_readable(struct code_files *files, const char *name)
{
	free(files->readable);
	files->readable = demangle(name);
	return files->readable ? files->readable : name;
}

int code_files_root(struct code_files *files, const struct reader *reader)
{
	if (!files->root_known)
		files->root = reader_root(reader);
	files->root_known = true;
	return files->root;
}

struct code_entry *code_entry_hold(struct code_entry *entry)
{
	__atomic_add_fetch(&entry->refs, 1, __ATOMIC_RELAXED);
	return entry;
}

void code_entry_release(struct code_entry *entry)
{
	if (!entry || __atomic_sub_fetch(&entry->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	code_file_close(entry->code);
	if (entry->fd >= 0)
		close(entry->fd);
	pthread_mutex_destroy(&entry->lock);
	pthread_mutex_destroy(&entry->use);
	free(entry->path);
	free(entry->why);
	free(entry);
}

struct code_file *code_entry_code(struct code_entry *entry, const char **why)
{
	pthread_mutex_lock(&entry->lock);
	if (entry->fd >= 0) {
		struct err err = { 0 };
		entry->code = code_file_open(entry->fd, entry->root, entry->path, &err);
		entry->fd = -1;
		entry->why = mem_strdup(err.text);
	}
	pthread_mutex_unlock(&entry->lock);
	*why = entry->why ? entry->why : "";
	return entry->code;
}

void code_entry_begin(struct code_entry *entry)
{
	pthread_mutex_lock(&entry->use);
}

void code_entry_end(struct code_entry *entry)
{
	pthread_mutex_unlock(&entry->use);
}

const struct elf_file *code_entry_elf(struct code_entry *entry, const char **why)
{
	const struct code_file *code = code_entry_code(entry, why);
	return code ? code_file_elf(code) : NULL;
}

bool code_entry_is_read(struct code_entry *entry)
{
	if (pthread_mutex_trylock(&entry->lock) != 0)
		return false;
	bool read = entry->fd < 0;
	pthread_mutex_unlock(&entry->lock);
	return read;
}

int64_t code_entry_written(const struct code_entry *entry)
{
	return entry->written;
}

struct build_id {
	uint8_t bytes[ID_MAX];
	size_t len;
};

/* From the beginning of the image in memory: the nearest region below that maps the file's. */
static void peek_build_id(struct reader *reader, const struct space *space, const struct region_attr *attr,
			  struct build_id *id)
{
	uint8_t image[PEEK_BYTES];
	for (size_t i = space_find_index(space, attr->start) + 1; i-- > 0;) {
		const struct region_attr *at = i < space->count ? &space->regions[i]->attr : NULL;
		if (!at || at->offset || at->inode != attr->inode || at->dev_major != attr->dev_major ||
		    at->dev_minor != attr->dev_minor)
			continue;
		size_t len = reader_peek(reader, at->start, image, sizeof image);
		if (len)
			id->len = elf_image_build_id((char *)image, len, id->bytes, sizeof id->bytes);
		return;
	}
}

static struct build_id mapped_build_id(struct reader *reader, const struct space *space,
				       const struct region_attr *attr)
{
	struct build_id id = { .len = 0 };
	id.len = reader_build_id(reader, attr->start, id.bytes, sizeof id.bytes);
	if (!id.len)
		peek_build_id(reader, space, attr, &id);
	return id;
}

static bool has_build_id(int fd, const struct build_id *id)
{
	uint8_t found[ID_MAX];
	size_t len = elf_read_build_id(fd, found, sizeof found);
	return len == id->len && memcmp(found, id->bytes, len) == 0;
}

static int refuse(int fd, struct err *err, const char *why)
{
	close(fd);
	return err_set(err, ERR_NOT_FOUND, "%s", why);
}

/* What lies at the path now, in the process's root or ours. */
static int open_at_path(struct code_files *files, struct reader *reader, const struct region_attr *attr,
			struct stat *st)
{
	static const char deleted[] = " (deleted)";
	size_t len = strlen(attr->path), tail = sizeof deleted - 1;
	char *path = mem_strdup(attr->path);
	if (len > tail && !strcmp(path + len - tail, deleted))
		path[len - tail] = '\0';
	int root = code_files_root(files, reader), fd = root < 0 ? -1 : plain_file_open(root, path, st);
	if (fd < 0)
		fd = plain_file_open(-1, path, st);
	free(path);
	return fd;
}

static int open_other(struct code_files *files, struct reader *reader, const struct region_attr *attr,
		      const struct build_id *mapped, struct err *err)
{
	struct stat st;
	int fd = open_at_path(files, reader, attr, &st);
	if (fd < 0)
		return -1;
	if (st.st_ino == attr->inode && major(st.st_dev) == attr->dev_major &&
	    minor(st.st_dev) == attr->dev_minor)
		return fd;
	if (mapped->len && has_build_id(fd, mapped))
		return fd;
	if (mapped->len)
		return refuse(fd, err,
			      _("the file was replaced since it was mapped: its build-id is another"));
	return refuse(
	    fd, err,
	    _("the file is no longer the one that was mapped, and no build-id tells if it is its like"));
}

static int open_mapped(struct code_files *files, struct reader *reader, const struct space *space,
		       const struct region_attr *attr, struct err *err)
{
	struct build_id mapped = mapped_build_id(reader, space, attr);
	int fd = reader_open_file(reader, attr, err);
	if (fd < 0)
		return open_other(files, reader, attr, &mapped, err);
	if (mapped.len && !has_build_id(fd, &mapped))
		return refuse(fd, err,
			      _("the file was replaced since it was mapped: its build-id is another"));
	return fd;
}

/* The bytes of our own vdso: up to its section headers, which lie at its end. */
static size_t own_vdso(const char **bytes)
{
	const ElfW(Ehdr) *header = (const void *)getauxval(AT_SYSINFO_EHDR);
	*bytes = (const char *)header;
	return header ? header->e_shoff + (size_t)header->e_shnum * header->e_shentsize : 0;
}

static int open_vdso(struct reader *reader, const struct region_attr *attr, struct err *err)
{
	uint8_t header[EI_NIDENT] = { 0 };
	char *copy = mem_zalloc(VDSO_MAX);
	const char *bytes;
	size_t len = own_vdso(&bytes), size = attr->end - attr->start, page = (size_t)sysconf(_SC_PAGESIZE);
	/* its first bytes, where they are there to be seen, tell a 32-bit one */
	bool seen = reader_peek(reader, attr->start, header, sizeof header) == sizeof header;
	if ((len + page - 1) / page * page != size || (seen && memcmp(header, bytes, sizeof header) != 0)) {
		len = size <= VDSO_MAX ? reader_peek(reader, attr->start, (uint8_t *)copy, size) : 0;
		bytes = copy;
	}
	int fd = len ? memfd_create("vdso", MFD_CLOEXEC) : -1;
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len) {
		if (fd >= 0)
			close(fd);
		fd = err_set(err, ERR_NOT_FOUND, "%s",
			     _("the kernel's code in this process is not to be read"));
	}
	free(copy);
	return fd;
}

static struct code_entry *make_entry(struct code_files *files, struct reader *reader,
				     const struct space *space, const struct region_attr *attr)
{
	struct code_entry *entry = mem_zalloc(sizeof *entry);
	struct err err = { 0 };
	entry->dev_major = attr->dev_major;
	entry->dev_minor = attr->dev_minor;
	entry->inode = attr->inode;
	entry->root = code_files_root(files, reader);
	entry->path = mem_strdup(attr->path);
	entry->refs = 1;
	pthread_mutex_init(&entry->lock, NULL);
	pthread_mutex_init(&entry->use, NULL);
	if (attr->kind == REGION_VDSO)
		entry->fd = open_vdso(reader, attr, &err);
	else
		entry->fd = open_mapped(files, reader, space, attr, &err);
	if (entry->fd < 0)
		entry->why = mem_strdup(err.text);
	else if (attr->kind != REGION_VDSO && fstat(entry->fd, &entry->st) == 0)
		entry->written = entry->st.st_mtime;
	return entry;
}

/* Files below another root directory may have other debug files: they are not shared. */
static bool has_root_of(struct code_share *share, int root)
{
	struct stat st;
	if (root < 0 || fstat(root, &st) != 0)
		return false;
	if (share->root < 0) {
		share->root = fcntl(root, F_DUPFD_CLOEXEC, 0);
		share->root_st = st;
	}
	return share->root >= 0 && st.st_dev == share->root_st.st_dev && st.st_ino == share->root_st.st_ino;
}

static bool same_file(const struct code_entry *a, const struct code_entry *b)
{
	return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
	       a->st.st_dev == b->st.st_dev && a->st.st_ino == b->st.st_ino &&
	       a->st.st_size == b->st.st_size &&
	       !memcmp(&a->st.st_mtim, &b->st.st_mtim, sizeof a->st.st_mtim) &&
	       !memcmp(&a->st.st_ctim, &b->st.st_ctim, sizeof a->st.st_ctim);
}

static void add_to(struct code_entry *entries[static FILES_MAX], size_t *count, struct code_entry *entry)
{
	if (*count == FILES_MAX) {
		code_entry_release(entries[0]);
		memmove(entries, entries + 1, --*count * sizeof *entries);
	}
	entries[(*count)++] = entry;
}

/* The same file as another process of the family has it, in the place of a fresh entry: that
 * it is the one that is mapped here was found out for the fresh one. */
static struct code_entry *take_shared(struct code_files *files, struct code_entry *fresh)
{
	struct code_share *share = files->share;
	if (!share || fresh->fd < 0 || !fresh->st.st_ino || !has_root_of(share, files->root))
		return fresh;
	for (size_t i = 0; i < share->count; i++)
		if (same_file(share->entries[i], fresh)) {
			code_entry_release(fresh);
			return code_entry_hold(share->entries[i]);
		}
	fresh->root = share->root;
	add_to(share->entries, &share->count, code_entry_hold(fresh));
	return fresh;
}

struct code_entry *code_files_find(struct code_files *files, struct reader *reader, const struct space *space,
				   const struct region_attr *attr)
{
	for (size_t i = 0; i < files->count; i++) {
		struct code_entry *entry = files->entries[i];
		if (entry->inode == attr->inode && entry->dev_major == attr->dev_major &&
		    entry->dev_minor == attr->dev_minor)
			return entry;
	}
	struct code_entry *entry = take_shared(files, make_entry(files, reader, space, attr));
	add_to(files->entries, &files->count, entry);
	return entry;
}
