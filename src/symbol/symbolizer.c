/* The table of requested addresses has, for each, the identity of what was mapped there:
 *
 *     a file       its inode and its load bias: mapped again at the same place it is the same code
 *     otherwise    the region's id, which no other region ever has
 *
 * Regions seldom change but every fault makes a request, so an entry also has the generation of the regions
 * up to which its identity was checked.
 *
 * If no region is known yet, or no perf map names code made at run time, the address is kept and looked up
 * again a few times, at growing intervals. */
#include "symbol/symbolizer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "symbol/plain_file.h"
#include "symbol/symbolizer_thread.h"

#define ASKED_MAX ((size_t)1 << 20)
#define PENDING_MAX 65536
#define AGAIN_MAX 1024
#define AGAIN_TRIES 8
#define AGAIN_NS (100 * CLOCK_MS)

struct asked_address {
	uint64_t ip;
	uint64_t identity;   /* 0: no region was there */
	uint64_t generation; /* of the regions */
	bool unnamed;        /* it was reported as not being in any perf map */
};

struct again {
	uint64_t ip, due_ns;
	int tries;
};

struct symbolizer {
	struct modules *modules;
	struct symbolizer_work *work; /* until the thread has it */
	struct symbolizer_thread *thread;
	unsigned epoch;
	struct asked_address *asked;
	size_t count, cap;
	struct hash hash; /* of their addresses; numbers are indices and one */
	struct again again[AGAIN_MAX];
	size_t again_count;
};

struct symbolizer *symbolizer_create(struct modules *modules)
{
	struct symbolizer *s = mem_zalloc(sizeof *s);
	s->modules = modules;
	return s;
}

void symbolizer_destroy(struct symbolizer *s)
{
	if (!s)
		return;
	symbolizer_thread_stop(s->thread);
	symbolizer_work_destroy(s->work);
	free(s->asked);
	hash_fini(&s->hash);
	free(s);
}

void symbolizer_forget(struct symbolizer *s)
{
	s->epoch++;
	s->count = s->again_count = 0;
	hash_clear(&s->hash);
	if (s->thread)
		symbolizer_thread_forget(s->thread);
	modules_forget(s->modules);
}

/* The entry of an address; NULL: it was not requested. Valid until the next one is added. */
static struct asked_address *find_asked(const struct symbolizer *s, uint64_t ip)
{
	struct hash_iter iter = hash_iter(&s->hash, hash_number(ip));
	for (uint32_t number; (number = hash_next(&iter));)
		if (s->asked[number - 1].ip == ip)
			return &s->asked[number - 1];
	return NULL;
}

static struct asked_address *add_asked(struct symbolizer *s, uint64_t ip)
{
	mem_grow(s->asked, s->cap, s->count + 1);
	s->asked[s->count++] = (struct asked_address){ .ip = ip };
	hash_add(&s->hash, hash_number(ip), (uint32_t)s->count);
	return &s->asked[s->count - 1];
}

/* Represents the file, which is not compared itself, so it needs 64 bits, unlike base/hash.h. */
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

/* Opens the map that the process wrote itself; another user's is not trusted. */
static int open_perf_map(struct symbolizer *s, const struct process_view *process)
{
	char path[64];
	struct stat st;
	int root = modules_root(s->modules);
	snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)process->ops->own_pid(process->context));
	int fd = plain_file_open(root, path, &st, NULL);
	if (fd >= 0 && st.st_uid != process->uid) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Can there be code in a region (NULL: none)? -1 with err if there certainly is none. */
static int check_code(const struct region_attr *attr, struct err *err)
{
	if (!attr)
		return err_set(err, ERR_NOT_FOUND, "%s", _("no region holds this address"));
	if (attr->kind == REGION_VVAR)
		return err_set(err, ERR_NOT_FOUND, "%s",
			       _("the kernel's own data, mapped into every process"));
	if (attr->kind == REGION_VSYSCALL)
		return err_set(
		    err, ERR_NOT_FOUND, "%s",
		    _("the kernel's old entry point, at the same address everywhere: no file behind it"));
	if (attr->device)
		return err_set(err, ERR_NOT_FOUND, "%s", _("a device: it has no sections or symbols"));
	return 0;
}

static struct symbolizer_job *make_job(struct symbolizer *s, const struct process_view *process,
				       const struct region *region, uint64_t ip)
{
	struct symbolizer_job *job = mem_zalloc(sizeof *job);
	const struct region_attr *attr = region ? &region->attr : NULL;
	job->ip = ip;
	job->epoch = s->epoch;
	job->perf_map = -1;
	job->object = mem_strdup(attr ? attr->path : "");
	if (check_code(attr, &job->refusal) < 0)
		return job;
	job->identity = identity_of(region);
	job->offset = ip - attr->start + (attr->inode ? attr->offset : 0);
	if (attr->inode || attr->kind == REGION_VDSO)
		job->module = module_hold(modules_find(s->modules, process, attr));
	if (attr->kind != REGION_VDSO && attr->kind != REGION_TEXT)
		job->perf_map = open_perf_map(s, process);
	return job;
}

static void keep_for_later(struct symbolizer *s, uint64_t ip)
{
	for (size_t i = 0; i < s->again_count; i++)
		if (s->again[i].ip == ip)
			return;
	if (s->again_count < AGAIN_MAX)
		s->again[s->again_count++] = (struct again){ ip, clock_now_ns() + AGAIN_NS, 0 };
}

static void emit_answer(struct symbolizer *s, struct symbolizer_answer *answer, struct symbolizer_out to)
{
	if (answer->module)
		known_code_add(module_known(answer->module), answer->at, &answer->symbol);
	struct asked_address *asked = find_asked(s, answer->symbol.ip);
	if (!answer->symbol.ip || answer->epoch != s->epoch || !asked ||
	    asked->identity != answer->identity || (answer->again && asked->unnamed)) {
		symbolizer_answer_free(answer);
		return;
	}
	if (answer->again)
		keep_for_later(s, answer->symbol.ip);
	asked->unnamed |= answer->again;
	struct event e = { .type = EVENT_SYMBOL, .symbol = answer->symbol };
	to.emit(to.context, &e);
	for (size_t i = 0; i < answer->chunk_count; i++) {
		const struct text_chunk *chunk = &answer->chunks[i];
		e = (struct event){ .type = EVENT_LINES,
				    .lines = { chunk->path, chunk->first, chunk->text } };
		to.emit(to.context, &e);
	}
	symbolizer_answer_free(answer);
}

/* Returns whether there is a thread. */
static bool start_thread(struct symbolizer *s, const struct process_view *process)
{
	if (!s->work && !s->thread)
		s->work = symbolizer_work_create(modules_root(s->modules), process->uid);
	if (!s->thread && (s->thread = symbolizer_thread_start(s->work)))
		s->work = NULL;
	return s->thread != NULL;
}

/* Gives a job to the thread; without one it is done at once. */
static void give(struct symbolizer *s, const struct process_view *process, struct symbolizer_job *job,
		 struct symbolizer_out to)
{
	if (start_thread(s, process))
		symbolizer_thread_ask(s->thread, job);
	else
		emit_answer(s, symbolizer_work_do(s->work, job), to);
}

static bool is_full(const struct symbolizer *s)
{
	return s->count >= ASKED_MAX || (s->thread && symbolizer_thread_pending(s->thread) >= PENDING_MAX);
}

/* Another process of the family may already have looked up the same place of the same file. */
static bool emit_known(const struct symbolizer_job *job, struct symbolizer_out to)
{
	const struct event_symbol *known =
	    job->module ? known_code_find(module_known(job->module), job->offset) : NULL;
	if (!known)
		return false;
	struct event e = { .type = EVENT_SYMBOL, .symbol = *known };
	e.symbol.ip = job->ip;
	e.symbol.object = job->object;
	to.emit(to.context, &e);
	return true;
}

/* Requests an address, even if it was requested before. */
static void ask(struct symbolizer *s, const struct process_view *process, uint64_t ip,
		struct symbolizer_out to)
{
	const struct region *region = process->ops->region_at(process->context, ip);
	struct symbolizer_job *job = make_job(s, process, region, ip);
	struct asked_address *asked = find_asked(s, ip);
	bool same = asked && asked->identity == job->identity;
	if (!asked)
		asked = add_asked(s, ip);
	*asked = (struct asked_address){ ip, job->identity, process->generation, same && asked->unnamed };
	if (emit_known(job, to))
		symbolizer_job_free(job);
	else
		give(s, process, job, to);
}

void symbolizer_ask(struct symbolizer *s, const struct process_view *process, uint64_t ip,
		    struct symbolizer_out to)
{
	struct asked_address *asked = find_asked(s, ip);
	if (ip == 0 || ip >> 63 || (asked && asked->generation == process->generation) || is_full(s))
		return;
	const struct region *region = process->ops->region_at(process->context, ip);
	if (asked && region && asked->identity == identity_of(region)) {
		asked->generation = process->generation;
		return;
	}
	if (region)
		ask(s, process, ip, to);
	else
		keep_for_later(s, ip);
}

static void ask_again(struct symbolizer *s, const struct process_view *process, struct symbolizer_out to)
{
	uint64_t now = s->again_count ? clock_now_ns() : 0;
	size_t kept = 0, count = s->again_count;
	struct again due[AGAIN_MAX];
	size_t due_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct again *a = &s->again[i];
		if (a->due_ns > now) {
			s->again[kept++] = *a;
			continue;
		}
		due[due_count++] = *a;
		a->due_ns = now + (AGAIN_NS << ++a->tries);
		if (a->tries < AGAIN_TRIES)
			s->again[kept++] = *a;
	}
	s->again_count = kept;
	for (size_t i = 0; i < due_count && !is_full(s); i++)
		if (process->ops->region_at(process->context, due[i].ip) || due[i].tries + 1 == AGAIN_TRIES)
			ask(s, process, due[i].ip, to);
}

void symbolizer_deliver(struct symbolizer *s, const struct process_view *process, struct symbolizer_out to)
{
	struct symbolizer_answer *answer;
	while (s->thread && (answer = symbolizer_thread_take(s->thread)))
		emit_answer(s, answer, to);
	ask_again(s, process, to);
}

bool symbolizer_read(struct symbolizer *s, const struct process_view *process, struct module *module)
{
	if (!start_thread(s, process))
		return false;
	struct symbolizer_job *job = mem_zalloc(sizeof *job);
	job->epoch = s->epoch;
	job->module = module_hold(module);
	job->object = mem_strdup("");
	job->perf_map = -1;
	symbolizer_thread_ask(s->thread, job);
	return true;
}

int symbolizer_fd(const struct symbolizer *s)
{
	return s->thread ? symbolizer_thread_fd(s->thread) : -1;
}

bool symbolizer_busy(const struct symbolizer *s)
{
	return s->thread && symbolizer_thread_pending(s->thread) > 0;
}
