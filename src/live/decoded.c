/* The bytes are those of the mapped file, which remain when the process has gone, and do not change
 * meanwhile. Code that a program has written or changed itself is not decoded: nobody knows what it was
 * at the time of the fault. The ELF header says whether it is 64-bit or 32-bit code. */
#include "live/decoded.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/page.h"
#include "symbol/instruction.h"

#define DECODED_MAX 65536
#define KERNEL_BIT (UINT64_C(1) << 63)

void decoded_init(struct decoded *d, struct code_names *names)
{
	*d = (struct decoded){ .names = names };
}

static void forget(struct decoded *d)
{
	hash_clear(&d->by_ip);
	d->count = 0;
}

void decoded_fini(struct decoded *d)
{
	instructions_destroy(d->instructions);
	hash_fini(&d->by_ip);
	free(d->list);
}

void decoded_note(struct decoded *d, const struct event *e)
{
	bool region = e->type == EVENT_MAP || e->type == EVENT_CHANGE || e->type == EVENT_UNMAP;
	if (d->count &&
	    ((e->type == EVENT_PROCESS && e->process.exec) || (region && e->region.attr.perms & REGION_EXEC)))
		forget(d);
}

/* Does the file have what runs there? */
static bool is_of_file(const struct space *space, const struct region_attr *attr, uint64_t ip)
{
	enum page_state state = page_state(runs_at(space->pages, space_page(space, ip)).value);
	if (!(attr->perms & REGION_EXEC) || attr->perms & REGION_WRITE)
		return false;
	return attr->kind == REGION_VDSO || (attr->inode && state != PAGE_COPY && state != PAGE_ANON);
}

/* Is it x86 code, and of how many bits? */
static bool find_width(struct decoded *d, const struct process *process, const struct region_attr *attr,
		       bool *wide)
{
	Elf32_Ehdr header; /* the machine has the same offset in both */
	if (code_names_copy(d->names, process, attr, 0, (uint8_t *)&header, sizeof header) != sizeof header ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return false;
	*wide = header.e_machine == EM_X86_64;
	return *wide || header.e_machine == EM_386;
}

static enum fault_access decode(struct decoded *d, const struct process *process, uint64_t ip)
{
	uint8_t bytes[INSTRUCTION_BYTES];
	const struct region *region = space_find(process->space, ip);
	bool wide;
	if (!region || !is_of_file(process->space, &region->attr, ip) ||
	    !find_width(d, process, &region->attr, &wide))
		return FAULT_ACCESS_UNKNOWN;
	const struct region_attr *attr = &region->attr;
	uint64_t begin = attr->kind == REGION_VDSO ? 0 : attr->offset, left = attr->end - ip;
	size_t count = code_names_copy(d->names, process, attr, begin + (ip - attr->start), bytes,
				       left < sizeof bytes ? (size_t)left : sizeof bytes);
	if (!d->instructions)
		d->instructions = instructions_create();
	return d->instructions ? instructions_access(d->instructions, bytes, count, wide)
			       : FAULT_ACCESS_UNKNOWN;
}

enum fault_access decoded_access(struct decoded *d, const struct process *process, uint64_t ip)
{
	struct hash_iter iter = hash_iter(&d->by_ip, hash_number(ip));
	uint32_t number;
	if (ip & KERNEL_BIT)
		return FAULT_ACCESS_UNKNOWN;
	while ((number = hash_next(&iter)))
		if (d->list[number - 1].ip == ip)
			return d->list[number - 1].access;
	enum fault_access access = decode(d, process, ip);
	if (d->count == DECODED_MAX)
		forget(d);
	mem_grow(d->list, d->cap, d->count + 1);
	d->list[d->count++] = (struct decoded_ip){ ip, access };
	hash_add(&d->by_ip, hash_number(ip), (uint32_t)d->count);
	return access;
}
