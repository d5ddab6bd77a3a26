/* Reads one process. This file puts the parts together; each has its own state and does not know the reader:
 *
 *   process_files   the files below /proc/PID, kept through an exec
 *   regions         maps, and what is behind each region (maps, backing, kinds)
 *   pages           the states of ranges of pages, from page tables, frames and page cache
 *   inspector       one page in detail
 *   identity        who it is */
#include "kern/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/common.h"
#include "kern/figures.h"
#include "kern/identity.h"
#include "kern/inspect.h"
#include "kern/image_ends.h"
#include "kern/kinds.h"
#include "kern/machine.h"
#include "kern/mapped_file.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"
#include "kern/reader_share.h"
#include "kern/relatives.h"
#include "kern/smaps.h"
#include "kern/zeroes.h"

#define MAPS_TRIES 5

struct reader {
	unsigned page_shift;
	bool flags;
	bool renewed;                    /* maps shows another address space: an exec */
	struct err status[SOURCE_KINDS]; /* the status of sources that no part keeps */
	struct process_files files;
	struct reader_share *share; /* NULL: with none */
	struct backing backing;
	struct image_ends ends;
	struct frames frames;
	struct pagecache *cache;
	struct pages pages;
	struct inspector inspector;
	struct identity identity;
};

/* Tries a file of the thread whose memory is read. */
static void try_file(const struct process_files *files, const char *name, const char *(*denied)(void),
		     struct err *err)
{
	int fd = procfile_open(files->thread, name, err);

	if (err->code == ERR_DENIED)
		err_set(err, ERR_DENIED, "%s", denied());
	else if (err->code == ERR_NOT_FOUND)
		err_set(err, ERR_UNSUPPORTED, "%s", _("this kernel does not have it"));
	procfile_close(&fd);
}

static const char *denied_text(void)
{
	return _("run as the user of the process, or with CAP_SYS_PTRACE (sudo)");
}

static const char *mem_denied_text(void)
{
	int64_t scope;

	if (machine_number(MACHINE_PTRACE_SCOPE, &scope) && scope != 0)
		return _("kernel.yama.ptrace_scope keeps processes apart; needs CAP_SYS_PTRACE (sudo)");
	return denied_text();
}

static void try_sources(struct reader *r, const bool off[static SOURCE_KINDS])
{
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		if (off[kind] && kind != SOURCE_MAPS)
			err_set_off(&r->status[kind]);
	if (!off[SOURCE_SMAPS])
		try_file(&r->files, "smaps", denied_text, &r->status[SOURCE_SMAPS]);
	if (!off[SOURCE_BYTES])
		try_file(&r->files, "mem", mem_denied_text, &r->status[SOURCE_BYTES]);
}

static int open_for_cache(void *context, const struct region_attr *a, struct err *err)
{
	const struct process_files *files = context;

	return mapped_file_open(files->process, a, err);
}

struct reader *reader_open(int32_t pid, const struct reader_options *options, struct err *err)
{
	const char *root = options->proc_root ? options->proc_root : "/proc";
	struct reader *r = mem_zalloc(sizeof *r);

	r->page_shift = (unsigned)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	r->flags = options->flags;
	if (process_files_open(&r->files, root, pid, options->off[SOURCE_PAGEMAP], err) < 0) {
		process_files_close(&r->files);
		free(r);
		return NULL;
	}
	try_sources(r, options->off);
	r->share = r->files.captured ? NULL : options->share;
	if (r->share)
		backing_init_as(&r->backing, &r->share->backing);
	else
		backing_init(&r->backing, r->files.captured);
	frames_init(&r->frames, r->files.root, r->files.captured, options->off);
	r->cache =
	    pagecache_create(r->page_shift, open_for_cache, &r->files, r->share ? r->share->files : NULL);
	pages_init(&r->pages, &r->files, &r->frames, r->cache, r->page_shift,
		   options->off[SOURCE_PAGEMAP_SCAN]);
	if (options->scan_as_before_617)
		r->pages.scan_separates_huge_zero = false;
	r->inspector = (struct inspector){
		.files = &r->files,
		.frames = &r->frames,
		.pages = &r->pages,
		.cache = r->cache,
		.bytes_err = &r->status[SOURCE_BYTES],
		.cache_err = &r->status[SOURCE_PAGE_CACHE],
	};
	return r;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	pages_fini(&r->pages);
	pagecache_destroy(r->cache);
	frames_fini(&r->frames);
	backing_fini(&r->backing);
	image_ends_fini(&r->ends);
	identity_fini(&r->identity);
	process_files_close(&r->files);
	free(r);
}

void reader_renew(struct reader *r)
{
	r->renewed = false;
	/* if it fails there is nothing to read, which the next reading reports */
	process_files_reopen(&r->files, NULL);
}

bool reader_is_renewed(const struct reader *r)
{
	return r->renewed;
}

unsigned reader_page_shift(const struct reader *r)
{
	return r->page_shift;
}

const struct err *reader_source(const struct reader *r, enum source_kind kind)
{
	if (r->status[kind].code)
		return &r->status[kind];
	switch (kind) {
	case SOURCE_PAGEMAP:
		return &r->files.pagemap_err;
	case SOURCE_PAGEMAP_SCAN:
		return &r->pages.scan_err;
	case SOURCE_PAGE_CACHE:
		return pagecache_err(r->cache);
	case SOURCE_FRAMES:
		return &r->frames.err;
	case SOURCE_KPAGEFLAGS:
		return &r->frames.flags_err;
	case SOURCE_KPAGECOUNT:
		return &r->frames.counts_err;
	default:
		return &r->status[kind];
	}
}

/* Makes the device numbers of all regions known: mountinfo is read when there is a new one. */
static void learn_backing(struct reader *r, const struct region_list *list)
{
	struct strbuf *text = &r->files.text;
	bool read = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct region_attr *a = &list->attrs[i];

		if (!backing_knows(&r->backing, a)) {
			if (!read && procfile_read(r->files.process, "mountinfo", text, NULL) == 0)
				backing_parse_mountinfo(&r->backing, text->text, text->len, r->files.process);
			read = true;
			if (!backing_knows(&r->backing, a))
				backing_settle(&r->backing, a);
		}
		backing_look_up_node(&r->backing, a, r->files.process);
	}
}

int reader_regions(struct reader *r, struct region_list *list, struct err *err)
{
	for (int try = 0;; try++) {
		int exec = process_files_read_maps(&r->files, err);

		if (exec < 0)
			return -1;
		r->renewed |= exec;

		const struct maps_paths paths = { r->files.captured ? NULL : process_files_is_at, &r->files };
		size_t bad = maps_parse(list, r->files.text.text, r->files.text.len, &paths);

		if (bad)
			return err_set(err, ERR_INPUT, _("line %zu of the maps of process %d is malformed"),
				       bad, r->files.pid);
		if (maps_in_order(list))
			break;
		if (try == MAPS_TRIES) {
			maps_force_order(list);
			break;
		}
	}
	reader_set_kinds(r, list);
	if (!r->files.captured)
		image_ends_split(&r->ends, list, r->cache);
	pagecache_keep(r->cache, list);
	return 0;
}

void reader_set_kinds(struct reader *r, struct region_list *list)
{
	learn_backing(r, list);
	kinds_set(list, &r->backing);
	if (!r->files.captured)
		image_ends_check(&r->ends, list, r->cache);
}

static enum page_class class_of(const struct reader *r, const struct region_attr *a)
{
	return classify_region(a, backing_type(&r->backing, a));
}

int reader_pages(struct reader *r, const struct region_attr *a, uint64_t first, uint64_t end, bool cache,
		 uint64_t max_ns, struct tiles *out, uint64_t *done, struct err *err)
{
	struct pages_wanted wanted = {
		.region = a,
		.class = class_of(r, a),
		.first = first,
		.end = end,
		.flags = r->flags,
		.cache = cache && !r->status[SOURCE_PAGE_CACHE].code,
		.max_ns = max_ns,
	};

	return pages_read(&r->pages, &wanted, out, done, err);
}

uint64_t reader_scan_ahead(struct reader *r, uint64_t first, uint64_t end)
{
	return pages_scan_ahead(&r->pages, first, end);
}

void reader_drop_ahead(struct reader *r)
{
	pages_drop_ahead(&r->pages);
}

size_t reader_frames(struct reader *r, uint64_t first, uint64_t *frames, size_t n)
{
	int64_t got;

	if (r->files.pagemap < 0 || r->frames.err.code)
		return 0;
	got = pagemap_read(r->files.pagemap, first, n, frames, NULL);
	for (int64_t i = 0; i < got; i++)
		frames[i] = pagemap_frame(frames[i]);
	return got < 0 ? 0 : (size_t)got;
}

int reader_frame_words(const struct reader *r, enum source_kind what, uint64_t frame, size_t n,
		       uint64_t *words, struct err *err)
{
	const struct err *failure = what == SOURCE_KPAGEFLAGS ? &r->frames.flags_err : &r->frames.counts_err;

	if (failure->code)
		return err_set(err, failure->code, "%s", failure->text);
	if (!frames_read_words(what == SOURCE_KPAGEFLAGS ? r->frames.flags : r->frames.counts, frame, n,
			       words))
		return err_set(err, ERR_NOT_FOUND, "%s", _("the kernel has no information on this frame"));
	return 0;
}

int reader_has_own(const struct reader *r, uint64_t page)
{
	uint64_t entry;

	if (r->files.pagemap < 0 || pagemap_read(r->files.pagemap, page, 1, &entry, NULL) != 1)
		return -1;
	return pagemap_is_own(entry);
}

#define ENTRIES_AT_ONCE 512

size_t reader_alone(const struct reader *r, uint64_t first, size_t n, bool *out)
{
	uint64_t entries[ENTRIES_AT_ONCE];
	size_t done = 0;

	while (r->files.pagemap >= 0 && done < n) {
		size_t part = min(n - done, ENTRIES_AT_ONCE);
		int64_t got = pagemap_read(r->files.pagemap, first + done, part, entries, NULL);

		for (int64_t i = 0; i < got; i++)
			out[done + (size_t)i] = entries[i] & PAGEMAP_EXCLUSIVE;
		done += got > 0 ? (size_t)got : 0;
		if (got < (int64_t)part)
			break;
	}
	return done;
}

bool reader_no_relatives(const struct reader *r)
{
	return relatives_none(r->files.root, r->files.pid);
}

int reader_common_pages(const struct reader *a, const struct reader *b, uint64_t first, size_t n,
			uint8_t *out, struct err *err)
{
	const struct common_process one = { a->files.pid, a->files.pagemap, !a->frames.err.code },
				    other = { b->files.pid, b->files.pagemap, !b->frames.err.code };

	return common_pages(&one, &other, first, n, out, err);
}

int reader_stat(struct reader *r, struct process_stat *stat, struct err *err)
{
	if (r->status[SOURCE_COUNTERS].code)
		return err_set(err, ERR_UNSUPPORTED, _("counters: %s"), r->status[SOURCE_COUNTERS].text);
	return process_files_stat(&r->files, stat, err);
}

static int address_bits(const struct reader *r)
{
	int known = r->share ? r->share->address_bits : 0;
	int bits = known ? known : machine_address_bits(r->files.root);

	if (!bits && !r->files.captured)
		bits = machine_probe_address_bits();
	if (r->share)
		r->share->address_bits = bits;
	return bits;
}

int reader_identity(struct reader *r, struct event_process *p, struct err *err)
{
	struct process_stat stat;
	struct err failure = { 0 };

	if (process_files_stat(&r->files, &stat, err) < 0)
		return -1;
	*p = (struct event_process){ .page_shift = r->page_shift, .address_bits = address_bits(r) };
	if (identity_read(&r->identity, r->files.process, p, &failure) < 0)
		return err_system(err, failure.errnum, _("process %d cannot be read"), r->files.pid);
	return 0;
}

int reader_directory(const struct reader *r)
{
	return r->files.process;
}

int reader_inspect(struct reader *r, const struct region_attr *a, uint64_t page, unsigned what,
		   struct page_detail *d, struct err *err)
{
	inspect_page(&r->inspector, a, a ? class_of(r, a) : PAGE_CLASS_ANON, page, what, d);
	return 0;
}

int reader_open_file(struct reader *r, const struct region_attr *a, struct err *err)
{
	struct err failure = { 0 };
	int fd = mapped_file_open(r->files.process, a, &failure);

	return fd < 0 ? err_set(err, failure.code, "%s: %s", region_name(a), failure.text) : fd;
}

/* PROCMAP_QUERY (Linux 6.11, include/uapi/linux/fs.h), not in the headers of older systems: the information
 * of maps for one address, and the build-id. The kernel takes it from the file that is mapped, deleted or
 * not, whether we may open it or not. */
struct map_query {
	uint64_t size, flags, address;
	uint64_t vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
	uint32_t dev_major, dev_minor;
	uint32_t name_size, build_id_size;
	uint64_t name, build_id;
};
#define MAP_QUERY _IOWR('f', 17, struct map_query)
#define MAP_QUERY_OR_NEXT 0x10 /* the region of the address, or else the next one */

size_t reader_build_id(struct reader *r, uint64_t address, uint8_t *id, size_t size)
{
	struct map_query query = {
		.size = sizeof query,
		.address = address,
		.build_id_size = (uint32_t)size,
		.build_id = (uintptr_t)id,
	};

	if (r->files.captured || r->files.maps < 0 || ioctl(r->files.maps, MAP_QUERY, &query) != 0)
		return 0;
	return query.build_id_size <= size ? query.build_id_size : 0;
}

bool reader_is_unmapped(const struct reader *r, uint64_t first, uint64_t end)
{
	unsigned shift = reader_page_shift(r);
	struct map_query query = {
		.size = sizeof query,
		.flags = MAP_QUERY_OR_NEXT,
		.address = first << shift,
	};

	if (r->files.captured || r->files.maps < 0)
		return false;
	if (ioctl(r->files.maps, MAP_QUERY, &query) != 0)
		return errno == ENOENT; /* none up to the end of its memory */
	return query.vma_start >= end << shift;
}

size_t reader_peek(struct reader *r, uint64_t address, uint8_t *bytes, size_t size)
{
	return r->status[SOURCE_BYTES].code ? 0 : process_files_peek(&r->files, address, bytes, size);
}

int reader_root(const struct reader *r)
{
	return r->files.captured ? -1 : openat(r->files.process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int32_t reader_own_pid(struct reader *r)
{
	struct status_lines status = { 0 };

	if (procfile_read(r->files.process, "status", &r->files.text, NULL) == 0)
		status_parse(r->files.text.text, &status);
	return status.own_pid ? status.own_pid : r->files.pid;
}

int reader_smaps(struct reader *r, struct region_sums **entries, size_t *count, struct err *err)
{
	size_t bad;

	*entries = NULL;
	*count = 0;
	if (r->status[SOURCE_SMAPS].code)
		return err_set(err, ERR_UNSUPPORTED, _("smaps: %s"), r->status[SOURCE_SMAPS].text);
	if (process_files_read(&r->files, "smaps", err) < 0)
		return -1;
	bad = smaps_parse(entries, count, r->files.text.text, r->files.text.len);
	if (bad) {
		free(*entries);
		*entries = NULL;
		return err_set(err, ERR_INPUT, _("line %zu of the smaps of process %d is malformed"), bad,
			       r->files.pid);
	}
	return 0;
}

bool reader_has_userfaultfd(const struct reader *r)
{
	return process_files_have_userfaultfd(&r->files);
}

uint64_t reader_descriptors(const struct reader *r)
{
	return process_files_descriptors(&r->files);
}

void reader_figures(struct reader *r, struct kernel_figures *f)
{
	struct figures_files files = { r->files.root, r->files.process, r->files.thread, r->files.captured };
	struct err err = { 0 };

	kernel_figures_init(f);
	if (reader_smaps(r, &f->sums, &f->sums_count, &err) < 0)
		kernel_figures_refuse(f, FIGURES_SUMS, err.text);
	figures_read(&files, f);
}

int reader_zeroes(struct reader *r, const struct region_attr *a, struct kernel_figures *f, struct err *err)
{
	struct tiles tiles = { 0 };
	uint64_t done;
	int result = -1;

	if (r->status[SOURCE_BYTES].code)
		return err_set(err, r->status[SOURCE_BYTES].code, "%s", r->status[SOURCE_BYTES].text);
	if (reader_pages(r, a, a->start >> r->page_shift, a->end >> r->page_shift, false, 0, &tiles, &done,
			 err) == 0)
		result = zeroes_count(&r->files, r->page_shift, &tiles, &f->values[KERNEL_HUGE_READ],
				      &f->values[KERNEL_HUGE_ZERO], err);
	tiles_fini(&tiles);
	return result;
}
