/* A ring that grows, by four each time, to its greatest size: so only a quarter is copied and touched again
 * each time. */
#include "model/fault_log.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"

#define CAP_MIN 256 /* FAULT_LOG_MAX is this times a power of four */
#define GROWTH 4

static void grow(struct fault_log *log)
{
	size_t cap = log->cap ? GROWTH * log->cap : CAP_MIN;
	struct fault_entry *entries = mem_alloc_large(cap * sizeof *entries);

	for (uint64_t i = log->begin; i < log->end; i++)
		entries[i & (cap - 1)] = log->entries[i & (log->cap - 1)];
	free(log->entries);
	log->entries = entries;
	log->cap = cap;
}

void fault_log_add(struct fault_log *log, const struct fault_entry *entry)
{
	if (log->end - log->begin == log->cap && log->cap < FAULT_LOG_MAX)
		grow(log);
	if (log->end - log->begin == log->cap)
		log->begin++;
	log->entries[log->end++ & (log->cap - 1)] = *entry;
}

const struct fault_entry *fault_log_at(const struct fault_log *log, uint64_t number)
{
	if (number < log->begin || number >= log->end)
		return NULL;
	return &log->entries[number & (log->cap - 1)];
}

void fault_log_number(struct fault_log *log, uint64_t next)
{
	struct fault_log old = *log;
	struct fault_entry *moved;
	uint64_t kept = old.end - old.begin;

	kept = min(kept, next);
	log->begin = next - kept;
	log->end = next;
	if (!kept || ((log->begin ^ (old.end - kept)) & (log->cap - 1)) == 0)
		return; /* each has its place already */
	moved = mem_alloc(kept * sizeof *moved);
	for (uint64_t i = 0; i < kept; i++)
		moved[i] = log->entries[(old.end - kept + i) & (log->cap - 1)];
	for (uint64_t i = 0; i < kept; i++)
		log->entries[(log->begin + i) & (log->cap - 1)] = moved[i];
	free(moved);
}

void fault_log_clear(struct fault_log *log)
{
	log->begin = log->end = 0;
}

struct fault_log fault_log_copy(const struct fault_log *log)
{
	struct fault_log copy = *log;

	copy.entries = mem_copy(log->entries, log->cap * sizeof *copy.entries);
	return copy;
}

void fault_log_fini(struct fault_log *log)
{
	free(log->entries);
	*log = (struct fault_log){ 0 };
}
