/* The bytes are those of the mapped file, which remain when the process has gone, and do not change
 * meanwhile. Code that a program has written or changed itself is read from its memory, if its bytes agree
 * with the fault. The ELF header shows the processor. */
#include "live/decoded.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/page.h"
#include "symbol/instruction.h"

#define DECODED_MAX 65536
#define KERNEL_BIT (UINT64_C(1) << 63)
#define PAGE_LEAST 4096
#define COPIED_AT_ONCE 64
#define RSI 4 /* DWARF's numbers */
#define RDI 5

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

/* Is the code that runs there the file's? */
static bool is_of_file(const struct space *space, const struct region_attr *attr, uint64_t ip)
{
	enum page_state state = page_state(runs_at(space->pages, space_page(space, ip)).value);
	if (!(attr->perms & REGION_EXEC) || attr->perms & REGION_WRITE)
		return false;
	return attr->kind == REGION_VDSO || (region_has_file(attr) && !page_state_private(state));
}

/* Finds the processor of the code. False: none that we can decode. */
static bool find_kind(struct decoded *d, const struct process *process, const struct region_attr *attr,
		      enum instructions_kind *kind)
{
	Elf32_Ehdr header; /* e_machine has the same offset in both classes */
	if (code_names_copy(d->names, process, attr, 0, (uint8_t *)&header, sizeof header) != sizeof header ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return false;
	switch (header.e_machine) {
	case EM_386:
		*kind = INSTRUCTIONS_X86;
		return true;
	case EM_X86_64:
		*kind = INSTRUCTIONS_X86_64;
		return true;
	case EM_AARCH64:
		*kind = INSTRUCTIONS_AARCH64;
		return true;
	default:
		return false;
	}
}

static enum fault_access decode(struct decoded *d, const struct process *process, uint64_t ip, bool *copies)
{
	uint8_t bytes[INSTRUCTION_BYTES];
	const struct region *region = space_find(process->space, ip);
	enum instructions_kind kind;
	if (!region || !is_of_file(process->space, &region->attr, ip) ||
	    !find_kind(d, process, &region->attr, &kind))
		return FAULT_ACCESS_UNKNOWN;
	const struct region_attr *attr = &region->attr;
	uint64_t begin = attr->kind == REGION_VDSO ? 0 : attr->offset, left = attr->end - ip;
	size_t count = code_names_copy(d->names, process, attr, begin + (ip - attr->start), bytes,
				       left < sizeof bytes ? (size_t)left : sizeof bytes);
	if (!d->instructions)
		d->instructions = instructions_create();
	if (!d->instructions)
		return FAULT_ACCESS_UNKNOWN;
	enum fault_access access = instructions_access(d->instructions, bytes, count, kind);
	*copies = instructions_copies(d->instructions);
	return access;
}

static const struct decoded_ip *find(struct decoded *d, const struct process *process, uint64_t ip)
{
	struct hash_iter iter = hash_iter(&d->by_ip, hash_number(ip));
	uint32_t number;
	while ((number = hash_next(&iter)))
		if (d->list[number - 1].ip == ip)
			return &d->list[number - 1];
	bool copies = false;
	enum fault_access access = decode(d, process, ip, &copies);
	if (d->count == DECODED_MAX)
		forget(d);
	mem_grow(d->list, d->cap, d->count + 1);
	d->list[d->count++] = (struct decoded_ip){ ip, access, copies };
	hash_add(&d->by_ip, hash_number(ip), (uint32_t)d->count);
	return &d->list[d->count - 1];
}

/* Does the register point to the touched page? The instruction may copy several bytes at once. */
static bool is_at(const struct fault_sample *sample, unsigned reg, uint64_t address)
{
	uint64_t page = address / PAGE_LEAST, at = sample->regs[reg];
	return (at - (COPIED_AT_ONCE - 1)) / PAGE_LEAST == page || at / PAGE_LEAST == page ||
	       (at + (COPIED_AT_ONCE - 1)) / PAGE_LEAST == page;
}

static enum fault_access copy_access(const struct fault_record *r, const uint8_t *sampled)
{
	struct fault_sample sample;
	if (!sampled || !fault_sample_read(sampled, r->length, &sample) || !sample.wide)
		return FAULT_ACCESS_UNKNOWN;
	bool from = is_at(&sample, RSI, r->address), to = is_at(&sample, RDI, r->address);
	return from == to ? FAULT_ACCESS_UNKNOWN : to ? FAULT_WRITE : FAULT_READ;
}

enum fault_access decoded_access(struct decoded *d, const struct process *process,
				 const struct fault_record *r, const uint8_t *sampled)
{
	if (r->ip & KERNEL_BIT)
		return FAULT_ACCESS_UNKNOWN;
	if (r->decoded > 1)
		return (enum fault_access)(r->decoded - 1);
	const struct decoded_ip *code = find(d, process, r->ip);
	return code->copies ? copy_access(r, sampled) : code->access;
}

/* Are the sampled registers enough to compute what an instruction touches? */
#define REGS_SUFFICE (FAULTRING_REGS == INSTRUCTION_REGS)

/* Bytes of code that were read for a batch, by some of its instructions. */
#define PEEKED 64
struct peeked {
	struct peeked_code {
		uint64_t ip;
		uint8_t bytes[INSTRUCTION_BYTES];
		size_t count;
	} codes[PEEKED];
	uint64_t decoded_ip; /* of the instruction that was decoded last */
};

static bool decode_now(struct decoded *d, struct reader *reader, struct peeked *p, uint64_t ip)
{
	struct peeked_code *code = &p->codes[hash_number(ip) % PEEKED];
	if (p->decoded_ip == ip)
		return true;
	if (code->ip != ip) {
		code->ip = ip;
		code->count = reader_peek(reader, ip, code->bytes, sizeof code->bytes);
	}
	if (!d->instructions)
		d->instructions = instructions_create();
	if (!code->count || !d->instructions)
		return false;
	instructions_access(d->instructions, code->bytes, code->count, INSTRUCTIONS_X86_64);
	p->decoded_ip = ip;
	return true;
}

/* What the bytes that are at the instruction now do to the address, if they are read in time. */
static enum fault_access peek(struct decoded *d, struct reader *reader, struct peeked *p,
			      const struct fault_record *r, const uint8_t *sampled)
{
	struct fault_sample sample;
	bool known = REGS_SUFFICE && sampled && fault_sample_read(sampled, r->length, &sample) && sample.wide;
	return known && decode_now(d, reader, p, r->ip)
		   ? instructions_touch(d->instructions, sample.regs, r->address)
		   : FAULT_ACCESS_UNKNOWN;
}

void decoded_peek(struct decoded *d, struct reader *reader, const struct process *process,
		  struct fault_batch *batch)
{
	const struct region *region = NULL;
	struct peeked peeked = { .decoded_ip = 0 };
	size_t i = batch->count;
	while (i && !batch->records[i - 1].decoded)
		i--;
	for (; i < batch->count; i++) {
		struct fault_record *r = &batch->records[i];
		bool known = r->has_code || r->ip & KERNEL_BIT;
		r->decoded = 1;
		if (!known && (!region || r->ip < region->attr.start || r->ip >= region->attr.end))
			region = space_find(process->space, r->ip);
		if (!known && !(region && is_of_file(process->space, &region->attr, r->ip)))
			r->decoded =
			    (uint8_t)(1 + peek(d, reader, &peeked, r, fault_batch_sampled(batch, r)));
	}
}
