/* A hash table of lists, the newest first. base/hash.h does not suit: it finds one entry for a key, and here
 * many have the same key. A page that parent and children write again and again after each fork would make
 * its list long; between two times that matter only the last one can be an answer, so the others are
 * dropped. */
#include "kern/perf/kin_faults.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/minmax.h"

#define BUCKET_BITS 16
#define BUCKETS (1u << BUCKET_BITS)
#define NONE UINT32_MAX
#define THIN_MIN 4096
/* Faults of one process come in order, except for a few that other processes' rings reported before its
 * own. */
#define OUT_OF_ORDER 16

void kin_faults_fini(struct kin_faults *t)
{
	free(t->list);
	free(t->buckets);
	*t = (struct kin_faults){ 0 };
}

static void clear_buckets(struct kin_faults *t)
{
	memset(t->buckets, 0xff, BUCKETS * sizeof *t->buckets);
}

void kin_faults_forget(struct kin_faults *t)
{
	if (t->count)
		clear_buckets(t);
	t->count = t->thin_at = 0;
}

static uint32_t *bucket(const struct kin_faults *t, int32_t pid, uint64_t page)
{
	return &t->buckets[hash_two(page, (uint32_t)pid) >> (32 - BUCKET_BITS)];
}

static void link_in(struct kin_faults *t, uint32_t i)
{
	uint32_t *head = bucket(t, t->list[i].pid, t->list[i].page);

	t->list[i].next = *head;
	*head = i;
}

bool kin_faults_add(struct kin_faults *t, const struct kin_fault *fault)
{
	if (t->count == KIN_FAULTS_MAX)
		return false;
	if (!t->buckets) {
		t->buckets = mem_alloc(BUCKETS * sizeof *t->buckets);
		clear_buckets(t);
	}
	mem_grow(t->list, t->cap, t->count + 1);
	t->list[t->count] = *fault;
	link_in(t, (uint32_t)t->count++);
	return true;
}

void kin_faults_move(struct kin_faults *t, int32_t by, int32_t pid, uint64_t from_ns)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].by == by && t->list[i].time_ns >= from_ns)
			t->list[i].pid = pid;
	if (t->count)
		clear_buckets(t);
	for (size_t i = 0; i < t->count; i++)
		link_in(t, (uint32_t)i);
}

/* not_by 0: by any process. */
static const struct kin_fault *find_last(const struct kin_faults *t, int32_t pid, int32_t not_by,
					 uint64_t page, uint64_t from_ns, uint64_t to_ns)
{
	const struct kin_fault *last = NULL;
	unsigned looked = 0;

	if (!t->count)
		return NULL;
	for (uint32_t i = *bucket(t, pid, page); i != NONE && looked < OUT_OF_ORDER; i = t->list[i].next) {
		const struct kin_fault *it = &t->list[i];

		if (it->pid != pid || it->page != page || it->time_ns >= to_ns || it->by == not_by)
			continue;
		looked++;
		if (it->time_ns >= from_ns && (!last || it->time_ns > last->time_ns))
			last = it;
	}
	return last;
}

const struct kin_fault *kin_faults_last(const struct kin_faults *t, int32_t pid, uint64_t page,
					uint64_t from_ns, uint64_t to_ns)
{
	return find_last(t, pid, 0, page, from_ns, to_ns);
}

const struct kin_fault *kin_faults_last_by_other(const struct kin_faults *t, int32_t pid, int32_t self,
						 uint64_t page, uint64_t from_ns, uint64_t to_ns)
{
	return find_last(t, pid, self, page, from_ns, to_ns);
}

bool kin_faults_many(const struct kin_faults *t)
{
	return t->count >= max(t->thin_at, THIN_MIN);
}

static int by_page_and_time(const void *x, const void *y)
{
	const struct kin_fault *a = x, *b = y;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	if (a->page != b->page)
		return a->page < b->page ? -1 : 1;
	return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

/* The first of the times that is later than time_ns; FOREVER: none. */
static uint64_t time_after(const uint64_t *times_ns, size_t count, uint64_t time_ns)
{
	size_t at;

	bisect(at, 0, count, times_ns[at] <= time_ns);
	return at < count ? times_ns[at] : UINT64_MAX;
}

/* Is it the last before one of the times, or later than all? */
static bool answers(const struct kin_fault *t, const struct kin_fault *next, const uint64_t *times_ns,
		    size_t count)
{
	if (!next || next->pid != t->pid || next->page != t->page)
		return true;
	if (!count || t->time_ns >= times_ns[count - 1])
		return true;
	return time_after(times_ns, count, t->time_ns) <= next->time_ns;
}

void kin_faults_thin(struct kin_faults *t, const uint64_t *times_ns, size_t count,
		     bool (*stays)(const void *context, int32_t pid, uint64_t time_ns), const void *context)
{
	size_t kept = 0;

	if (!t->count)
		return;
	qsort(t->list, t->count, sizeof *t->list, by_page_and_time);
	for (size_t i = 0; i < t->count; i++)
		if (answers(&t->list[i], i + 1 < t->count ? &t->list[i + 1] : NULL, times_ns, count) &&
		    stays(context, t->list[i].pid, t->list[i].time_ns))
			t->list[kept++] = t->list[i];
	t->count = kept;
	t->thin_at = 2 * kept;
	clear_buckets(t);
	for (size_t i = 0; i < kept; i++)
		link_in(t, (uint32_t)i);
}
