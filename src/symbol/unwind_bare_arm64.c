/* Two ways to find the caller:
 *
 *     it has called nothing yet: the link register, x30, holds the return address
 *
 *     the frame pointer is kept, as in code that V8, Go or a JVM makes:
 *         [x29]              the caller's frame pointer
 *         [x29 + 8]          where it continues
 *
 * The record does not show where the stack frame ends; most compilers put the record at its bottom, so
 * the caller's record is taken as the end of this one. A result is used only if it is in code and, if that
 * can be read, after a call:
 *
 *     94 00 00 10        bl   relative
 *     d6 3f 00 60        blr  by register; d63f/d73f: with authentication
 *
 * See "Procedure Call Standard for the Arm 64-bit Architecture", 6.4.6 "The Frame Pointer". */
#include "symbol/unwind_bare.h"

#include <string.h>

#define REG_FP 29 /* by DWARF's numbers */
#define REG_LR 30
#define REG_SP 31
#define REG_PC 32
#define FRAME_REACH (UINT64_C(64) << 20) /* no stack frame is larger */
#define CALL_BYTES 4

static bool knows(const struct unwind_state *s, int reg)
{
	return s->known >> reg & 1;
}

static bool is_call(uint32_t instruction)
{
	return (instruction & 0xfc000000) == 0x94000000 || (instruction & 0xfefff000) == 0xd63f0000;
}

enum unwind_bare_before unwind_bare_arm64_call(const struct unwind_bare_ops *ops, uint64_t address)
{
	uint8_t bytes[CALL_BYTES];
	uint32_t instruction;
	ptrdiff_t got = ops->code(ops->context, address - CALL_BYTES, bytes, CALL_BYTES);

	if (got < 0)
		return UNWIND_BARE_NO_CODE;
	if (got < CALL_BYTES)
		return UNWIND_BARE_CALL;
	memcpy(&instruction, bytes, sizeof instruction);
	return is_call(instruction) ? UNWIND_BARE_CALL : UNWIND_BARE_NO_CALL;
}

static bool is_after_call(const struct unwind_bare_ops *ops, uint64_t address)
{
	return address % 4 == 0 && unwind_bare_arm64_call(ops, address) == UNWIND_BARE_CALL;
}

static bool step_by_pointer(const struct unwind_bare_ops *ops, struct unwind_state *s)
{
	uint64_t frame = s->regs[REG_FP], above, next;

	if (!knows(s, REG_FP) || frame % 8 || frame < s->regs[REG_SP] ||
	    frame - s->regs[REG_SP] > FRAME_REACH || !ops->word(ops->context, frame + 8, &next) ||
	    !ops->word(ops->context, frame, &above) || !is_after_call(ops, next))
		return false;
	s->regs[REG_FP] = above;
	s->regs[REG_SP] = above > frame && above - frame <= FRAME_REACH ? above : frame + 16;
	s->regs[REG_PC] = s->regs[REG_LR] = next;
	s->known =
	    UINT64_C(1) << REG_FP | UINT64_C(1) << REG_LR | UINT64_C(1) << REG_SP | UINT64_C(1) << REG_PC;
	return true;
}

enum unwind_bare_way unwind_bare_arm64_step(const struct unwind_bare_ops *ops, struct unwind_state *s,
					    bool called)
{
	uint8_t first;

	if (called && ops->code(ops->context, s->regs[REG_PC], &first, 1) < 0)
		return UNWIND_BARE_NONE;
	if (!called && knows(s, REG_LR) && s->regs[REG_LR] != s->regs[REG_PC] &&
	    is_after_call(ops, s->regs[REG_LR])) {
		s->regs[REG_PC] = s->regs[REG_LR];
		s->known &= ~(UINT64_C(1) << REG_LR); /* the caller has saved its own return address */
		return UNWIND_BARE_LIKELY;
	}
	return step_by_pointer(ops, s) ? UNWIND_BARE_LIKELY : UNWIND_BARE_NONE;
}
