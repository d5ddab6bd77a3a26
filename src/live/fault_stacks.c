/* What a stack costs depends mostly on how much of it is sampled: the kernel copies that many bytes at each
 * fault, whether they are useful or not. So more is sampled if many stacks go on beyond the sample and that
 * part was not seen in earlier stacks either; less if faults come so fast that it would cost too much, or
 * faster than they can be read.
 *
 * A fault in the middle of a system call has the stack of the thread that made the call, with the registers
 * that it will return with. At an exec these are still the old program's: until the new one has run, the kernel
 * alone is the stack. A 32-bit program's stack is not unwound: only the instruction is reported. */
#include "live/fault_stacks.h"

#include <string.h>

#include "symbol/unwind.h"
#include "trace/stopped_stacks.h"

#define SAMPLE_MIN 1024
#define SAMPLE_MAX 32768                    /* a record has 64 KiB at most */
#define BYTES_A_SECOND (UINT64_C(32) << 20) /* of all stacks together, that may be sampled */
#define HELD 100    /* how many times no larger sample is advised, after faults were lost */
#define ENOUGH 32   /* stacks that are enough to decide */
#define CUT_PART 25 /* if one in this many goes on beyond the sample, the sample is too small */

static bool find_file(void *context, uint64_t address, struct unwind_mapping *mapping)
{
	struct fault_stacks *s = context;
	const struct region *region = space_find(s->space, address);
	if (!region)
		return false;
	const struct region_attr *a = &region->attr;
	if (a->kind == REGION_VDSO || !(a->perms & REGION_EXEC) || !a->inode || a->device)
		return stopped_stacks_map_code(s->reader, a, mapping);
	*mapping = (struct unwind_mapping){ .start = a->start,
					    .end = a->end,
					    .offset = a->offset,
					    .module = code_names_hold_bytes(s->names, a),
					    .fd = -1 };
	return mapping->module != NULL;
}

static ptrdiff_t copy_code(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	struct fault_stacks *s = context;
	const struct region *region = space_find(s->space, address);
	if (region)
		return stopped_stacks_copy_code(s->reader, &region->attr, address, bytes, size);
	size_t got = reader_peek(s->reader, address, bytes, size); /* the code may be new */
	return got ? (ptrdiff_t)got : -1;
}

bool fault_stacks_init(struct fault_stacks *s, struct reader *reader, struct code_names *names)
{
	*s = (struct fault_stacks){ .reader = reader, .names = names };
	s->unwinder = unwinder_libunwind.create(&(struct unwind_files){ find_file, copy_code, s });
	return s->unwinder != NULL;
}

void fault_stacks_fini(struct fault_stacks *s)
{
	if (s->unwinder)
		unwinder_libunwind.destroy(s->unwinder);
	s->unwinder = NULL;
}

void fault_stacks_note(struct fault_stacks *s, const struct event *e)
{
	bool code = e->type == EVENT_PROCESS && e->process.exec;
	if (e->type == EVENT_MAP || e->type == EVENT_CHANGE || e->type == EVENT_UNMAP)
		code = e->region.attr.perms & REGION_EXEC && e->region.attr.inode;
	s->stale |= code;
	s->unrun |= e->type == EVENT_PROCESS && e->process.exec;
}

static struct event_stack unwind(struct fault_stacks *s, const struct space *space, int32_t tid,
				 const struct fault_sample *sampled, uint64_t ip)
{
	struct unwind_sample sample = { .tid = tid };
	if (!sampled->wide) {
		s->ips[0] = ip;
		return (struct event_stack){ s->ips, 1, STACK_NARROW, 0 };
	}
	_Static_assert(sizeof sample.regs == sizeof sampled->regs, "one order of registers");
	memcpy(sample.regs, sampled->regs, sizeof sample.regs);
	sample.known = sampled->known;
	sample.stack = sampled->stack;
	sample.length = sampled->stack_length;
	sample.top = s->top;
	s->space = space;
	if (s->stale)
		unwinder_libunwind.flush(s->unwinder);
	s->stale = false;
	return unwinder_libunwind.unwind(s->unwinder, &sample, s->ips, STACK_MAX);
}

static bool is_code(const struct space *space, uint64_t address)
{
	const struct region *region = space_find(space, address);
	return region && region->attr.perms & REGION_EXEC;
}

/* Undoes a call that was just made, so that the sample is at its return address; false if that is not
 * known. */
#ifdef __aarch64__
#define REG_LINK 30

static bool undo_call(struct fault_sample *sample, uint64_t *from)
{
	*from = sample->regs[REG_LINK];
	return sample->known >> REG_LINK & 1;
}
#else
static bool undo_call(struct fault_sample *sample, uint64_t *from)
{
	if (sample->stack_length < sizeof *from)
		return false;
	memcpy(from, sample->stack, sizeof *from);
	sample->regs[UNWIND_REG_SP] += sizeof *from;
	sample->stack += sizeof *from;
	sample->stack_length -= sizeof *from;
	return true;
}
#endif

/* After a call to an address without code no unwind table helps, but the call has left its return address.
 * False if there is no code at that address either. */
static bool step_back(const struct space *space, struct fault_sample *sample)
{
	uint64_t from;
	if (!sample->wide || !undo_call(sample, &from) || !is_code(space, from - 1))
		return false;
	sample->regs[UNWIND_REG_IP] = from - 1;
	return true;
}

struct event_stack fault_stacks_of(struct fault_stacks *s, const struct space *space, int32_t tid,
				   const struct fault_sample *sample, uint64_t ip)
{
	struct fault_sample caller = *sample;
	if (!s->unwinder)
		return (struct event_stack){ .ips = s->ips };
	if (is_code(space, ip) || !step_back(space, &caller))
		return unwind(s, space, tid, sample, ip);
	struct event_stack stack = unwind(s, space, tid, &caller, ip);
	stack.count -= stack.count == STACK_MAX;
	memmove(s->ips + 1, s->ips, stack.count * sizeof *s->ips);
	s->ips[0] = ip;
	stack.count++;
	return stack;
}

bool fault_stacks_can(const struct fault_stacks *s)
{
	return s->unwinder;
}

void fault_stacks_learn(struct fault_stacks *s, const struct space *space, const struct fault_batch *batch,
			uint64_t top)
{
	struct fault_sample sample;
	s->top = top;
	for (size_t i = 0; s->unwinder && i < batch->deep_count; i++) {
		const struct fault_record *record = &batch->deep[i];
		if (fault_sample_read(fault_batch_sampled(batch, record), record->length, &sample))
			unwind(s, space, record->tid, &sample, record->ip);
	}
}

struct event_stack fault_stacks_get(struct fault_stacks *s, const struct space *space,
				    const struct fault_batch *batch, const struct fault_record *record)
{
	struct fault_sample sample;
	s->unrun = s->unrun && record->ip >> 63;
	if (s->unwinder && s->unrun) {
		s->ips[0] = record->ip;
		return (struct event_stack){ s->ips, 1, STACK_WHOLE, 0 };
	}
	if (s->unwinder && record->unsampled) {
		s->ips[0] = record->ip;
		return (struct event_stack){ s->ips, 1, STACK_NOT_SAMPLED, 0 };
	}
	if (!s->unwinder || !record->length ||
	    !fault_sample_read(fault_batch_sampled(batch, record), record->length, &sample))
		return (struct event_stack){ .ips = s->ips };
	struct event_stack stack = unwind(s, space, record->tid, &sample, record->ip);
	s->taken += sample.wide;
	s->ended += stack.end == STACK_SAMPLE_ENDS;
	return stack;
}

uint32_t fault_stacks_advise(struct fault_stacks *s, uint32_t bytes, uint64_t per_second, uint64_t lost)
{
	bool known = s->taken >= ENOUGH;
	bool often = s->ended * CUT_PART > s->taken;
	uint64_t a_second = bytes * per_second;
	if (lost || known)
		s->taken = s->ended = 0;
	s->held = lost ? HELD : s->held ? s->held - 1 : 0;
	if (lost || a_second > 2 * BYTES_A_SECOND)
		return bytes > SAMPLE_MIN ? bytes / 2 : bytes;
	return known && often && !s->held && bytes < SAMPLE_MAX && 2 * a_second <= BYTES_A_SECOND ? 2 * bytes
												  : bytes;
}
