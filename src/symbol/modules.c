/* Which file is it? Maps gives a path and an inode, and the path may lead elsewhere by now:
 *
 *   the same inode  good, unless the inode was deleted and given to another file: the build-id
 *                   is compared with that of what is mapped, if that is known
 *   another inode   deleted, replaced, or out of our reach: what is at the path now is good if
 *                   it has the build-id of what is mapped, as a reinstalled package has
 *
 * The build-id of what is mapped comes from the kernel, or from the image's first pages in the process's
 * memory, if they are resident.
 *
 * The vdso has no file. Every 64-bit process of this kernel has the same one, so it is read from our own; a
 * 32-bit process's from its memory. */
#include "symbol/modules.h"

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
#include "base/text.h"
#include "symbol/demangle.h"
#include "symbol/file_blocks.h"
#include "symbol/plain_file.h"

#define MODULES_MAX 256
#define PEEK_BYTES 4096
#define VDSO_MAX 65536

struct module {
	uint32_t dev_major, dev_minor;
	uint64_t inode; /* 0: the vdso */
	int64_t written;
	int root; /* that of the modules, which live longer */
	char *path;
	int refs;             /* atomic */
	pthread_mutex_t lock; /* held while it is read for the first time */
	pthread_mutex_t use;  /* held while its names are looked up */
	struct stat st;       /* of the file, once it was opened: identifies it for sharing */
	int fd;               /* of the file, until it is read; -1 */
	int bytes;            /* an fd of its own for its bytes; -1: none */
	bool tried;           /* to open it */
	struct file_blocks blocks;
	struct known_code *known;   /* NULL: nothing yet */
	struct unwind_sites *sites; /* likewise */
	struct code_file *code;     /* NULL: */
	struct err err;             /* why there is none, once it is read */
};

struct module_share {
	int root; /* -1: not known yet */
	struct stat root_st;
	struct module *all[MODULES_MAX]; /* the oldest first */
	size_t count;
};

struct modules {
	struct module_share *share;
	bool alone; /* the share is its own */
	int root;
	struct module *all[MODULES_MAX]; /* the oldest first */
	size_t count;
	char *readable; /* the last demangled name */
};

struct module_share *module_share_create(void)
{
	struct module_share *share = mem_zalloc(sizeof *share);
	share->root = -1;
	return share;
}

void module_share_destroy(struct module_share *share)
{
	if (!share)
		return;
	while (share->count > 0)
		module_release(share->all[--share->count]);
	if (share->root >= 0)
		close(share->root);
	free(share);
}

struct modules *modules_create(struct module_share *share)
{
	struct modules *modules = mem_zalloc(sizeof *modules);
	modules->share = share ? share : module_share_create();
	modules->alone = !share;
	modules->root = -1;
	return modules;
}

void modules_forget(struct modules *modules)
{
	while (modules->count > 0)
		module_release(modules->all[--modules->count]);
}

void modules_destroy(struct modules *modules)
{
	if (!modules)
		return;
	modules_forget(modules);
	if (modules->alone)
		module_share_destroy(modules->share);
	if (modules->root >= 0)
		close(modules->root);
	free(modules->readable);
	free(modules);
}

const char *modules_readable(struct modules *modules, const char *name)
{
	free(modules->readable);
	modules->readable = demangle(name);
	return modules->readable ? modules->readable : name;
}

void modules_set_root(struct modules *modules, int root)
{
	modules->root = root;
}

int modules_root(const struct modules *modules)
{
	return modules->root;
}

struct module *module_hold(struct module *module)
{
	__atomic_add_fetch(&module->refs, 1, __ATOMIC_RELAXED);
	return module;
}

void module_release(struct module *module)
{
	if (!module || __atomic_sub_fetch(&module->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	code_file_close(module->code);
	if (module->fd >= 0)
		close(module->fd);
	if (module->bytes >= 0)
		close(module->bytes);
	file_blocks_fini(&module->blocks);
	known_code_destroy(module->known);
	free(module->sites);
	pthread_mutex_destroy(&module->lock);
	pthread_mutex_destroy(&module->use);
	free(module->path);
	free(module);
}

struct code_file *module_code(struct module *module)
{
	pthread_mutex_lock(&module->lock);
	if (module->fd >= 0) {
		module->code = code_file_open(module->fd, module->root, module->path, &module->err);
		module->fd = -1;
	}
	pthread_mutex_unlock(&module->lock);
	return module->code;
}

struct known_code *module_known(struct module *module)
{
	if (!module->known)
		module->known = known_code_create();
	return module->known;
}

struct unwind_sites *module_sites(struct module *module)
{
	if (!module->sites)
		module->sites = mem_zalloc(sizeof *module->sites);
	return module->sites;
}

const struct err *module_err(const struct module *module)
{
	return &module->err;
}

void module_begin(struct module *module)
{
	pthread_mutex_lock(&module->use);
}

void module_end(struct module *module)
{
	pthread_mutex_unlock(&module->use);
}

const struct elf_file *module_elf(struct module *module)
{
	const struct code_file *code = module_code(module);
	return code ? code_file_elf(code) : NULL;
}

bool module_is_read(struct module *module)
{
	if (pthread_mutex_trylock(&module->lock) != 0)
		return false;
	bool read = module->fd < 0;
	pthread_mutex_unlock(&module->lock);
	return read;
}

int64_t module_written(const struct module *module)
{
	return module->written;
}

/* Reads the build-id from the beginning of the image in memory: the nearest region below that maps the file's
 * beginning. */
static void peek_build_id(const struct process_view *process, const struct region_attr *attr,
			  struct build_id *id)
{
	uint8_t image[PEEK_BYTES];
	const struct region *r = process->ops->region_at(process->context, attr->start);
	for (; r; r = process_view_below(process, r)) {
		const struct region_attr *at = &r->attr;
		if (at->offset || at->inode != attr->inode || at->dev_major != attr->dev_major ||
		    at->dev_minor != attr->dev_minor)
			continue;
		size_t len = process->ops->peek(process->context, at->start, image, sizeof image);
		if (len)
			*id = elf_image_build_id((char *)image, len);
		return;
	}
}

static struct build_id mapped_build_id(const struct process_view *process, const struct region_attr *attr)
{
	struct build_id id = { .len = 0 };
	id.len = process->ops->build_id(process->context, attr->start, id.bytes, sizeof id.bytes);
	if (!id.len)
		peek_build_id(process, attr, &id);
	return id;
}

static int refuse(int fd, struct err *err, const char *why)
{
	close(fd);
	return err_set(err, ERR_NOT_FOUND, "%s", why);
}

/* Opens what is at the path now, in the process's root or ours. */
static int open_at_path(struct modules *modules, const struct process_view *process,
			const struct region_attr *attr, struct stat *st)
{
	static const char deleted[] = " (deleted)";
	char *path = mem_strdup(attr->path);
	if (text_ends(path, deleted))
		path[strlen(path) - strlen(deleted)] = '\0';
	int root = modules->root, fd = root < 0 ? -1 : plain_file_open(root, path, st, NULL);
	if (fd < 0)
		fd = plain_file_open(-1, path, st, NULL);
	free(path);
	return fd;
}

static int open_other(struct modules *modules, const struct process_view *process,
		      const struct region_attr *attr, const struct build_id *mapped, struct err *err)
{
	struct stat st;
	int fd = open_at_path(modules, process, attr, &st);
	if (fd < 0)
		return -1;
	if (st.st_ino == attr->inode && major(st.st_dev) == attr->dev_major &&
	    minor(st.st_dev) == attr->dev_minor)
		return fd;
	if (elf_has_build_id(fd, mapped))
		return fd;
	if (mapped->len)
		return refuse(fd, err, _("the file was replaced after it was mapped: its build-id differs"));
	return refuse(fd, err,
		      _("the file is no longer the one that was mapped, and has no build-id to compare"));
}

static int open_mapped(struct modules *modules, const struct process_view *process,
		       const struct region_attr *attr, struct err *err)
{
	struct build_id mapped = mapped_build_id(process, attr);
	int fd = process->ops->open_file(process->context, attr, err);
	if (fd < 0)
		return open_other(modules, process, attr, &mapped, err);
	if (mapped.len && !elf_has_build_id(fd, &mapped))
		return refuse(fd, err, _("the file was replaced after it was mapped: its build-id differs"));
	return fd;
}

/* The bytes of our own vdso: up to its section headers, which are at its end. */
static size_t own_vdso(const char **bytes)
{
	const ElfW(Ehdr) *header = (const void *)getauxval(AT_SYSINFO_EHDR);
	*bytes = (const char *)header;
	return header ? header->e_shoff + (size_t)header->e_shnum * header->e_shentsize : 0;
}

static int open_vdso(const struct process_view *process, const struct region_attr *attr, struct err *err)
{
	uint8_t header[EI_NIDENT] = { 0 };
	char *copy = mem_zalloc(VDSO_MAX);
	const char *bytes;
	size_t len = own_vdso(&bytes), size = attr->end - attr->start, page = (size_t)sysconf(_SC_PAGESIZE);
	/* a 32-bit one begins with other bytes, if they can be seen */
	bool seen = process->ops->peek(process->context, attr->start, header, sizeof header) == sizeof header;
	if ((len + page - 1) / page * page != size || (seen && memcmp(header, bytes, sizeof header) != 0)) {
		len = size <= VDSO_MAX
			  ? process->ops->peek(process->context, attr->start, (uint8_t *)copy, size)
			  : 0;
		bytes = copy;
	}
	int fd = len ? memfd_create("vdso", MFD_CLOEXEC) : -1;
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len) {
		if (fd >= 0)
			close(fd);
		fd = err_set(err, ERR_NOT_FOUND, "%s", _("the kernel's code in this process cannot be read"));
	}
	free(copy);
	return fd;
}

static int open_file(struct modules *modules, const struct process_view *process,
		     const struct region_attr *attr, struct err *err)
{
	return attr->kind == REGION_VDSO ? open_vdso(process, attr, err)
					 : open_mapped(modules, process, attr, err);
}

static struct module *make_module(struct modules *modules, const struct process_view *process,
				  const struct region_attr *attr)
{
	struct module *module = mem_zalloc(sizeof *module);
	module->dev_major = attr->dev_major;
	module->dev_minor = attr->dev_minor;
	module->inode = attr->inode;
	module->root = modules->root;
	module->path = mem_strdup(attr->path);
	module->refs = 1;
	module->bytes = -1;
	pthread_mutex_init(&module->lock, NULL);
	pthread_mutex_init(&module->use, NULL);
	module->fd = open_file(modules, process, attr, &module->err);
	if (module->fd >= 0 && attr->kind != REGION_VDSO && fstat(module->fd, &module->st) == 0)
		module->written = module->st.st_mtime;
	return module;
}

/* Files below another root directory may have other debug files, so they are not shared. */
static bool has_root_of(struct module_share *share, int root)
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

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       !memcmp(&a->st_mtim, &b->st_mtim, sizeof a->st_mtim) &&
	       !memcmp(&a->st_ctim, &b->st_ctim, sizeof a->st_ctim);
}

static bool same_file(const struct module *a, const struct module *b)
{
	return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
	       is_unchanged(&a->st, &b->st);
}

static void add_to(struct module *all[static MODULES_MAX], size_t *count, struct module *module)
{
	if (*count == MODULES_MAX) {
		module_release(all[0]);
		memmove(all, all + 1, --*count * sizeof *all);
	}
	all[(*count)++] = module;
}

/* Replaces a new file by the same one that another process of the family has. The new one was already checked
 * to be what is mapped here. */
static struct module *take_shared(struct modules *modules, struct module *fresh)
{
	struct module_share *share = modules->share;
	if (fresh->fd < 0 || !fresh->st.st_ino || !has_root_of(share, modules->root))
		return fresh;
	for (size_t i = 0; i < share->count; i++)
		if (same_file(share->all[i], fresh)) {
			module_release(fresh);
			return module_hold(share->all[i]);
		}
	fresh->root = share->root;
	add_to(share->all, &share->count, module_hold(fresh));
	return fresh;
}

/* Is it surely the file that is mapped here, as it was when it was read? While a descriptor of ours holds the file, no
 * other has its inode; but several may where maps shows other device numbers than stat, as on btrfs. */
static bool is_held(const struct module *module, const struct region_attr *attr)
{
	struct stat now;
	return module->bytes >= 0 && module->inode == attr->inode && module->dev_major == attr->dev_major &&
	       module->dev_minor == attr->dev_minor && module->st.st_ino == attr->inode &&
	       module->st.st_dev == makedev(attr->dev_major, attr->dev_minor) &&
	       fstat(module->bytes, &now) == 0 && is_unchanged(&module->st, &now);
}

/* A module that another process of the family has found; NULL: none. */
static struct module *find_shared(struct modules *modules, const struct region_attr *attr)
{
	struct module_share *share = modules->share;
	if (!attr->inode || !has_root_of(share, modules->root))
		return NULL;
	for (size_t i = 0; i < share->count; i++)
		if (is_held(share->all[i], attr))
			return module_hold(share->all[i]);
	return NULL;
}

struct module *modules_find(struct modules *modules, const struct process_view *process,
			    const struct region_attr *attr)
{
	for (size_t i = 0; i < modules->count; i++) {
		struct module *module = modules->all[i];
		if (module->inode == attr->inode && module->dev_major == attr->dev_major &&
		    module->dev_minor == attr->dev_minor)
			return module;
	}
	struct module *module = find_shared(modules, attr);
	if (!module)
		module = take_shared(modules, make_module(modules, process, attr));
	add_to(modules->all, &modules->count, module);
	return module;
}

struct module *modules_find_bytes(struct modules *modules, const struct process_view *process,
				  const struct region_attr *attr)
{
	struct module *module = modules_find(modules, process, attr);
	if (!module->tried)
		module->bytes = open_file(modules, process, attr, NULL);
	module->tried = true;
	return module->bytes < 0 ? NULL : module;
}

size_t module_copy(struct module *module, uint64_t offset, void *bytes, size_t size)
{
	return file_blocks_read(&module->blocks, module->bytes, offset, bytes, size);
}

int module_bytes_fd(const struct module *module)
{
	return module->bytes;
}

size_t modules_copy(struct modules *modules, const struct process_view *process,
		    const struct region_attr *attr, uint64_t offset, uint8_t *bytes, size_t size)
{
	struct module *module = modules_find_bytes(modules, process, attr);
	return module ? module_copy(module, offset, bytes, size) : 0;
}
