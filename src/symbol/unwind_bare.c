/* Three ways to find the caller:
 *
 *     after the call the function does nothing but undo its stack frame, as Python's trampolines do (-X perf):
 *         48 83 c4 08        add $8,%rsp
 *         c3                 ret                       its caller's address is at rsp + 8
 *
 *     it was only just called: its caller's address is at rsp
 *
 *     the frame pointer is kept, as in code that V8, Go or a JVM makes:
 *         [rbp]              the caller's frame pointer
 *         [rbp + 8]          where it continues
 *
 * A result is used only if it is in code and, if that can be read, after a call. */
#include "symbol/unwind_bare.h"

#include <string.h>

#define REG_BP 6 /* by DWARF's numbers */
#define REG_SP 7
#define REG_IP 16
#define UNDO_BYTES 48                    /* length of code that undoes a stack frame */
#define FRAME_REACH (UINT64_C(64) << 20) /* no stack frame is larger */
#define CALL_BYTES 7                     /* the longest call */

/* DWARF's numbers for those in instructions. */
static const uint8_t dwarf_of[16] = { 0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool knows(const struct unwind_state *s, int reg)
{
	return s->known >> reg & 1;
}

/* Does a call end at the end of the bytes? */
static bool ends_with_call(const uint8_t end[CALL_BYTES])
{
	if (end[2] == 0xe8) /* call, relative */
		return true;
	for (size_t length = 2; length <= CALL_BYTES; length++) { /* call through register or memory */
		const uint8_t *at = end + CALL_BYTES - length;

		if (at[0] == 0xff && (at[1] & 0x38) == 0x10)
			return true;
	}
	return false;
}

enum unwind_bare_before unwind_bare_call(const struct unwind_bare_ops *ops, uint64_t address)
{
	uint8_t bytes[CALL_BYTES];
	ptrdiff_t got = ops->code(ops->context, address - CALL_BYTES, bytes, CALL_BYTES);

	if (got < 0)
		return UNWIND_BARE_NO_CODE;
	return got < CALL_BYTES || ends_with_call(bytes) ? UNWIND_BARE_CALL : UNWIND_BARE_NO_CALL;
}

static bool is_after_call(const struct unwind_bare_ops *ops, uint64_t address)
{
	return unwind_bare_call(ops, address) == UNWIND_BARE_CALL;
}

/* Executes one of the instructions that undo a stack frame. Returns its length; 0: it is another one, or fails. */
static size_t undo(const struct unwind_bare_ops *ops, struct unwind_state *s, const uint8_t *at,
		   bool *returned)
{
	int32_t more;
	bool high = at[0] == 0x41;
	uint64_t *sp = &s->regs[REG_SP];

	if (at[0] == 0x48 && at[1] == 0x83 && at[2] == 0xc4) { /* add $byte,%rsp */
		*sp += (uint64_t)(int64_t)(int8_t)at[3];
		return 4;
	}
	if (at[0] == 0x48 && at[1] == 0x81 && at[2] == 0xc4) { /* add $word,%rsp */
		memcpy(&more, at + 3, sizeof more);
		*sp += (uint64_t)(int64_t)more;
		return 7;
	}
	if ((at[high] & 0xf8) == 0x58) { /* pop */
		int reg = dwarf_of[(at[high] & 7) | (high ? 8 : 0)];

		if (reg == REG_SP || !ops->word(ops->context, *sp, &s->regs[reg]))
			return 0;
		s->known |= UINT32_C(1) << reg;
		*sp += 8;
		return 1 + (size_t)high;
	}
	if (at[0] == 0xc9 && knows(s, REG_BP)) { /* leave */
		*sp = s->regs[REG_BP] + 8;
		return ops->word(ops->context, *sp - 8, &s->regs[REG_BP]) ? 1 : 0;
	}
	size_t rep = at[0] == 0xf3;
	if (at[rep] != 0xc3 || !ops->word(ops->context, *sp, &s->regs[REG_IP])) /* ret */
		return 0;
	*sp += 8;
	*returned = true;
	return 1 + rep;
}

static bool undo_frame(const struct unwind_bare_ops *ops, struct unwind_state *s)
{
	uint8_t bytes[UNDO_BYTES + 8] = { 0 };
	ptrdiff_t got = ops->code(ops->context, s->regs[REG_IP], bytes, UNDO_BYTES);
	size_t at = 0, length = 1;
	bool returned = false;

	while (length && !returned && (ptrdiff_t)at < got)
		at += length = undo(ops, s, bytes + at, &returned);
	return returned && is_after_call(ops, s->regs[REG_IP]);
}

static bool step_by_pointer(const struct unwind_bare_ops *ops, struct unwind_state *s)
{
	uint64_t frame = s->regs[REG_BP], above, next;

	if (!knows(s, REG_BP) || frame % 8 || frame < s->regs[REG_SP] ||
	    frame - s->regs[REG_SP] > FRAME_REACH || !ops->word(ops->context, frame + 8, &next) ||
	    !ops->word(ops->context, frame, &above) || !is_after_call(ops, next))
		return false;
	s->regs[REG_BP] = above;
	s->regs[REG_SP] = frame + 16;
	s->regs[REG_IP] = next;
	s->known = UINT32_C(1) << REG_BP | UINT32_C(1) << REG_SP | UINT32_C(1) << REG_IP;
	return true;
}

/* Returns at once, but only to an address after a call: any word may be on the stack. */
static bool return_at_once(const struct unwind_bare_ops *ops, struct unwind_state *s)
{
	uint8_t bytes[CALL_BYTES];
	uint64_t next;

	if (!ops->word(ops->context, s->regs[REG_SP], &next) ||
	    ops->code(ops->context, next - CALL_BYTES, bytes, CALL_BYTES) != CALL_BYTES ||
	    !ends_with_call(bytes))
		return false;
	s->regs[REG_SP] += 8;
	s->regs[REG_IP] = next;
	return true;
}

enum unwind_bare_way unwind_bare_step(const struct unwind_bare_ops *ops, struct unwind_state *s, bool called)
{
	struct unwind_state undone = *s;
	uint8_t first;

	if (called && ops->code(ops->context, s->regs[REG_IP], &first, 1) < 0)
		return UNWIND_BARE_NONE;
	if (called && undo_frame(ops, &undone)) {
		*s = undone;
		return UNWIND_BARE_SURE;
	}
	if (!called && return_at_once(ops, s))
		return UNWIND_BARE_LIKELY;
	return step_by_pointer(ops, s) ? UNWIND_BARE_LIKELY : UNWIND_BARE_NONE;
}
