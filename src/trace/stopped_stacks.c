/* What unwinding learned of files holds until other code is mapped: maps, which is read for
 * each stack, shows that by the regions that can be executed. */
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
	uint64_t code;             /* a hash: other executable regions have another */
	struct unwinder *unwinder; /* NULL: none for this machine */
};

bool stopped_stacks_map_code(struct reader *reader, const struct region_attr *attr,
			     struct unwind_mapping *mapping)
{
	struct err err = { 0 };
	if (!(attr->perms & REGION_EXEC))
		return false;
	*mapping = (struct unwind_mapping){ attr->start, attr->end, attr->offset, -1, NULL, 0 };
	if (attr->kind == REGION_VDSO) {                                      /* ours is the same */
		mapping->bytes = (const uint8_t *)getauxval(AT_SYSINFO_EHDR); /* NOLINT: an address */
		mapping->size = attr->end - attr->start;
		return mapping->bytes != NULL;
	}
	if (!attr->inode || attr->device)
		return false;
	mapping->fd = reader_open_file(reader, attr, &err);
	return mapping->fd >= 0;
}

static bool find_file(void *context, uint64_t address, struct unwind_mapping *mapping)
{
	struct stopped_stacks *s = context;
	for (size_t i = 0; i < s->regions.count; i++) {
		const struct region_attr *attr = &s->regions.attrs[i];
		if (attr->start <= address && address < attr->end)
			return stopped_stacks_map_code(s->reader, attr, mapping);
	}
	return false;
}

struct stopped_stacks *stopped_stacks_create(pid_t pid)
{
	struct stopped_stacks *s = mem_zalloc(sizeof *s);
	s->pid = pid;
	s->unwinder = unwinder_stopped.create(&(struct unwind_files){ find_file, s });
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
	enum stack_end end = STACK_NO_TABLES;
	struct process_stat stat;
	stack->count = 0;
	if (s->unwinder && read_regions(s)) {
		sample.top = reader_stat(s->reader, &stat, NULL) == 0 ? stat.start_stack : 0;
		stack->count = unwinder_stopped.unwind(s->unwinder, &sample, stack->ips, STACK_MAX, &end);
	}
	stack->end = end;
}
