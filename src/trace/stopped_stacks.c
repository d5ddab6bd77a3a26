/* What unwinding has learned about files is valid until other code is mapped. Executable regions in maps,
 * which is read for each stack, show that. */
#include "trace/stopped_stacks.h"

#include <stdlib.h>
#include <sys/auxv.h>

#include "base/mem.h"
#include "kern/reader.h"
#include "symbol/unwind.h"

struct stopped_stacks {
	pid_t pid;
	struct reader *reader; /* NULL: not opened yet */
	struct region_list regions;
	uint64_t code;             /* a hash of the executable regions */
	struct unwinder *unwinder; /* NULL: there is none for this machine */
};

bool stopped_stacks_map_code(struct reader *reader, const struct region_attr *attr,
			     struct unwind_mapping *mapping)
{
	struct err err = { 0 };
	if (!(attr->perms & REGION_EXEC))
		return false;
	*mapping = (struct unwind_mapping){ attr->start, attr->end, attr->offset, NULL, -1, NULL, 0 };
	if (attr->kind == REGION_VDSO) {                                      /* ours has the same contents */
		mapping->bytes = (const uint8_t *)getauxval(AT_SYSINFO_EHDR); /* NOLINT: an address */
		mapping->size = attr->end - attr->start;
		return mapping->bytes != NULL;
	}
	if (!attr->inode || attr->device)
		return false;
	mapping->fd = reader_open_file(reader, attr, &err);
	return mapping->fd >= 0;
}

ptrdiff_t stopped_stacks_copy_code(struct reader *reader, const struct region_attr *attr, uint64_t address,
				   uint8_t *bytes, size_t size)
{
	uint64_t left = attr->end - address;
	if (!(attr->perms & REGION_EXEC) && attr->inode)
		return -1;
	size_t got = reader_peek(reader, address, bytes, left < size ? (size_t)left : size);
	/* programs that generate code change its rights all the time: it may have been code, or may become
	 * code again */
	return got || attr->perms & REGION_EXEC ? (ptrdiff_t)got : -1;
}

static const struct region_attr *region_at(const struct stopped_stacks *s, uint64_t address)
{
	for (size_t i = 0; i < s->regions.count; i++) {
		const struct region_attr *attr = &s->regions.attrs[i];
		if (attr->start <= address && address < attr->end)
			return attr;
	}
	return NULL;
}

static bool find_file(void *context, uint64_t address, struct unwind_mapping *mapping)
{
	struct stopped_stacks *s = context;
	const struct region_attr *attr = region_at(s, address);
	return attr && stopped_stacks_map_code(s->reader, attr, mapping);
}

static ptrdiff_t copy_code(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	struct stopped_stacks *s = context;
	const struct region_attr *attr = region_at(s, address);
	return attr ? stopped_stacks_copy_code(s->reader, attr, address, bytes, size) : -1;
}

struct stopped_stacks *stopped_stacks_create(pid_t pid)
{
	struct stopped_stacks *s = mem_zalloc(sizeof *s);
	s->pid = pid;
	s->unwinder = unwinder_stopped.create(&(struct unwind_files){ find_file, copy_code, s });
	return s;
}

void stopped_stacks_destroy(struct stopped_stacks *s)
{
	if (!s)
		return;
	if (s->unwinder)
		unwinder_stopped.destroy(s->unwinder);
	reader_close(s->reader);
	region_list_fini(&s->regions);
	free(s);
}

/* Represents the regions, which are not kept, so it needs 64 bits, unlike base/hash.h. */
static uint64_t code_of(const struct region_list *regions)
{
	uint64_t hash = 1;
	for (size_t i = 0; i < regions->count; i++) {
		const struct region_attr *a = &regions->attrs[i];
		const uint64_t of[] = { a->start, a->end, a->offset, a->inode,
					(uint64_t)a->dev_major << 32 | a->dev_minor };
		for (size_t k = 0; a->perms & REGION_EXEC && k < sizeof of / sizeof *of; k++)
			hash = (hash ^ of[k]) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	}
	return hash;
}

static bool read_regions(struct stopped_stacks *s)
{
	struct reader_options options = { 0 };
	if (!s->reader)
		s->reader = reader_open(s->pid, &options, NULL);
	if (!s->reader || reader_regions(s->reader, &s->regions, NULL) != 0)
		return false;
	if (reader_is_renewed(s->reader))
		reader_renew(s->reader);
	uint64_t code = code_of(&s->regions);
	if (code != s->code)
		unwinder_stopped.flush(s->unwinder);
	s->code = code;
	return true;
}

void stopped_stacks_get(struct stopped_stacks *s, pid_t tid, struct stopped_stack *stack)
{
	struct unwind_sample sample = { .tid = tid };
	struct process_stat stat;
	stack->count = stack->deduced = 0;
	stack->end = STACK_NO_TABLES;
	if (s->unwinder && read_regions(s)) {
		sample.top = reader_stat(s->reader, &stat, NULL) == 0 ? stat.start_stack : 0;
		struct event_stack found =
		    unwinder_stopped.unwind(s->unwinder, &sample, stack->ips, STACK_MAX);
		stack->count = found.count;
		stack->end = found.end;
		stack->deduced = found.deduced;
	}
}
