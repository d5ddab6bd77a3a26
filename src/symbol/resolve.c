/* The table of what was asked has, for each address, an identity of what was mapped there:
 *
 *     a file       its inode and by how much it was moved: mapped again in the same place it
 *                  is the same code
 *     anything     the region's id, which no other region ever has
 *
 * Regions change seldom and addresses are asked for with every fault, so an entry also has the
 * number of the last change of regions up to which its identity was compared.
 *
 * Where no region is known yet, or no perf map names code that was made at run time, the
 * address is kept and asked for again, a few times, at growing distances. */
#include "symbol/resolve.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "symbol/plain_file.h"
#include "symbol/names_worker.h"

#define TABLE_MIN 1024
#define ASKED_MAX ((size_t)1 << 20)
#define PENDING_MAX 65536
#define AGAIN_MAX 1024
#define AGAIN_TRIES 8
#define AGAIN_NS (100 * CLOCK_MS)

struct asked {
	uint64_t ip;         /* 0: free */
	uint64_t identity;   /* 0: no region was there */
	uint64_t generation; /* of the regions */
	bool unnamed;        /* it was told that no perf map names it */
};

struct again {
	uint64_t ip, due_ns;
	int tries;
};

struct resolver {
	struct code_files *files;
	struct namer *namer; /* until a worker has it */
	struct names_worker *worker;
	unsigned epoch;
	struct asked *table;
	size_t size, count;
	struct again again[AGAIN_MAX];
	size_t again_count;
};

struct resolver *resolver_create(struct code_files *files)
{
	struct resolver *r = mem_zalloc(sizeof *r);
	r->files = files;
	r->size = TABLE_MIN;
	r->table = mem_zalloc(r->size * sizeof *r->table);
	return r;
}

void resolver_destroy(struct resolver *r)
{
	if (!r)
		return;
	names_worker_stop(r->worker);
	namer_destroy(r->namer);
	free(r->table);
	free(r);
}

void resolver_forget(struct resolver *r)
{
	r->epoch++;
	r->count = r->again_count = 0;
	memset(r->table, 0, r->size * sizeof *r->table);
	if (r->worker)
		names_worker_forget(r->worker);
	code_files_forget(r->files);
}

static struct asked *slot_of(const struct resolver *r, uint64_t ip)
{
	size_t at = (size_t)(ip * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (r->size - 1);
	while (r->table[at].ip && r->table[at].ip != ip)
		at = (at + 1) & (r->size - 1);
	return &r->table[at];
}

static void grow(struct resolver *r)
{
	struct asked *old = r->table;
	size_t size = r->size;
	r->size *= 2;
	r->table = mem_zalloc(r->size * sizeof *r->table);
	for (size_t i = 0; i < size; i++)
		if (old[i].ip)
			*slot_of(r, old[i].ip) = old[i];
	free(old);
}

static uint64_t identity_of(const struct region *region)
{
	const struct region_attr *a = &region->attr;
	uint64_t hash = region->id;
	if (a->inode) {
		hash = a->inode * UINT64_C(0x9e3779b97f4a7c15);
		hash = (hash ^ a->dev_major ^ (uint64_t)a->dev_minor << 32) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= a->start - a->offset;
	}
	return hash ? hash : 1;
}

/* The map that the process wrote itself: what somebody else has put there is not believed. */
static int open_perf_map(struct resolver *r, struct reader *reader, const struct process *process)
{
	char path[64];
	struct stat st;
	int root = code_files_root(r->files, reader);
	snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)reader_own_pid(reader));
	int fd = plain_file_open(root, path, &st);
	if (fd >= 0 && st.st_uid != process->uid) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Memory that is known for what it is, and holds no code. */
static const char *no_code(const struct region_attr *attr)
{
	if (attr->kind == REGION_VVAR)
		return _("the kernel's own data, lent to every process");
	if (attr->kind == REGION_VSYSCALL)
		return _("the kernel's old entry point, at the same address everywhere: no file behind it");
	return attr->device ? _("a device: it has no sections or symbols") : "";
}

static struct name_job *make_job(struct resolver *r, struct reader *reader, const struct process *process,
				 const struct region *region, uint64_t ip)
{
	struct name_job *job = mem_zalloc(sizeof *job);
	const struct region_attr *attr = region ? &region->attr : NULL;
	job->ip = ip;
	job->epoch = r->epoch;
	job->perf_map = -1;
	job->object = mem_strdup(attr ? attr->path : "");
	job->why = attr ? no_code(attr) : _("no region holds this address");
	if (!attr || *job->why)
		return job;
	job->identity = identity_of(region);
	job->offset = ip - attr->start + (attr->inode ? attr->offset : 0);
	if (attr->inode || attr->kind == REGION_VDSO)
		job->file = code_entry_hold(code_files_find(r->files, reader, process->space, attr));
	if (attr->kind != REGION_VDSO && attr->kind != REGION_TEXT)
		job->perf_map = open_perf_map(r, reader, process);
	return job;
}

static void keep_for_later(struct resolver *r, uint64_t ip)
{
	for (size_t i = 0; i < r->again_count; i++)
		if (r->again[i].ip == ip)
			return;
	if (r->again_count < AGAIN_MAX)
		r->again[r->again_count++] = (struct again){ ip, clock_now_ns() + AGAIN_NS, 0 };
}

static void tell_answer(struct resolver *r, struct name_answer *answer, struct resolver_tell to)
{
	struct asked *asked = slot_of(r, answer->symbol.ip);
	if (!answer->symbol.ip || answer->epoch != r->epoch || asked->ip != answer->symbol.ip ||
	    asked->identity != answer->identity || (answer->again && asked->unnamed)) {
		name_answer_free(answer);
		return;
	}
	struct event e = { .type = EVENT_SYMBOL, .symbol = answer->symbol };
	to.tell(to.context, &e);
	for (size_t i = 0; i < answer->chunk_count; i++) {
		const struct text_chunk *chunk = &answer->chunks[i];
		e = (struct event){ .type = EVENT_LINES,
				    .lines = { chunk->path, chunk->first, chunk->text } };
		to.tell(to.context, &e);
	}
	if (answer->again)
		keep_for_later(r, answer->symbol.ip);
	asked->unnamed |= answer->again;
	name_answer_free(answer);
}

/* Says whether there is a thread. */
static bool start_namer(struct resolver *r, struct reader *reader, const struct process *process)
{
	if (!r->namer && !r->worker)
		r->namer = namer_create(code_files_root(r->files, reader), process->uid);
	if (!r->worker && (r->worker = names_worker_start(r->namer)))
		r->namer = NULL;
	return r->worker != NULL;
}

/* Where there is no thread to be had it is done at once. */
static void give(struct resolver *r, struct reader *reader, const struct process *process,
		 struct name_job *job, struct resolver_tell to)
{
	if (start_namer(r, reader, process))
		names_worker_ask(r->worker, job);
	else
		tell_answer(r, namer_work(r->namer, job), to);
}

static bool is_full(const struct resolver *r)
{
	return r->count >= ASKED_MAX || (r->worker && names_worker_pending(r->worker) >= PENDING_MAX);
}

/* Asks, whatever was asked before. */
static void ask(struct resolver *r, struct reader *reader, const struct process *process, struct asked *slot,
		uint64_t ip, struct resolver_tell to)
{
	const struct region *region = space_find(process->space, ip);
	struct name_job *job = make_job(r, reader, process, region, ip);
	bool fresh = !slot->ip;
	bool same = !fresh && slot->identity == job->identity;
	*slot = (struct asked){ ip, job->identity, process->space->region_generation, same && slot->unnamed };
	if (fresh && 2 * ++r->count > r->size)
		grow(r);
	give(r, reader, process, job, to);
}

void resolver_ask(struct resolver *r, struct reader *reader, const struct process *process, uint64_t ip,
		  struct resolver_tell to)
{
	const struct space *space = process->space;
	struct asked *slot = slot_of(r, ip);
	if (ip == 0 || ip >> 63 || (slot->ip == ip && slot->generation == space->region_generation) ||
	    is_full(r))
		return;
	const struct region *region = space_find(space, ip);
	if (slot->ip == ip && region && slot->identity == identity_of(region)) {
		slot->generation = space->region_generation;
		return;
	}
	if (region)
		ask(r, reader, process, slot, ip, to);
	else
		keep_for_later(r, ip);
}

static void ask_again(struct resolver *r, struct reader *reader, const struct process *process,
		      struct resolver_tell to)
{
	uint64_t now = r->again_count ? clock_now_ns() : 0;
	size_t kept = 0, count = r->again_count;
	struct again due[AGAIN_MAX];
	size_t due_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct again *a = &r->again[i];
		if (a->due_ns > now) {
			r->again[kept++] = *a;
			continue;
		}
		due[due_count++] = *a;
		a->due_ns = now + (AGAIN_NS << ++a->tries);
		if (a->tries < AGAIN_TRIES)
			r->again[kept++] = *a;
	}
	r->again_count = kept;
	for (size_t i = 0; i < due_count && !is_full(r); i++)
		if (space_find(process->space, due[i].ip) || due[i].tries + 1 == AGAIN_TRIES)
			ask(r, reader, process, slot_of(r, due[i].ip), due[i].ip, to);
}

void resolver_tell(struct resolver *r, struct reader *reader, const struct process *process,
		   struct resolver_tell to)
{
	struct name_answer *answer;
	while (r->worker && (answer = names_worker_take(r->worker)))
		tell_answer(r, answer, to);
	ask_again(r, reader, process, to);
}

bool resolver_read(struct resolver *r, struct reader *reader, const struct process *process,
		   struct code_entry *file)
{
	if (!start_namer(r, reader, process))
		return false;
	struct name_job *job = mem_zalloc(sizeof *job);
	job->epoch = r->epoch;
	job->file = code_entry_hold(file);
	job->object = mem_strdup("");
	job->perf_map = -1;
	job->why = "";
	names_worker_ask(r->worker, job);
	return true;
}

int resolver_fd(const struct resolver *r)
{
	return r->worker ? names_worker_fd(r->worker) : -1;
}

bool resolver_busy(const struct resolver *r)
{
	return r->worker && names_worker_pending(r->worker) > 0;
}
