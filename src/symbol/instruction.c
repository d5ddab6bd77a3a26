/* Capstone decodes; symbol/instruction_arm64.h handles aarch64. Capstone's own access information is not
 * used, because its tables have errors (in 4.0.2 movups, cmpxchg and rol only read what they write). Instead
 * the order of operands decides, as in Intel's manual:
 *
 *     48 89 07       mov [rdi], rax       first of several: written
 *     48 01 07       add [rdi], rax       read and written: the processor checks for writing at once
 *     48 39 07       cmp [rdi], rax       one of the few that only read the first
 *     48 03 07       add rax, [rdi]       not the first: read
 *     f7 37          div [rdi]            alone: by a table, like what names no memory (push rax)
 *     a5             movsd [rdi], [rsi]   two: unknown, if they differ
 *
 * What no table knows is unknown. */
#include "symbol/instruction.h"

#include <capstone.h>
#include <stdlib.h>

#include "base/mem.h"
#include "symbol/instruction_arm64.h"

#define TOUCHED_MAX 64 /* bytes, by one instruction or one iteration of it */
#define RSP 7

struct instructions {
	csh handles[INSTRUCTIONS_KINDS];
	cs_insn *insn; /* the last one decoded, */
	bool decoded;  /* if it is one of x86 */
};

struct instructions *instructions_create(void)
{
	struct instructions *in = mem_zalloc(sizeof *in);
	bool good = cs_open(CS_ARCH_X86, CS_MODE_32, &in->handles[INSTRUCTIONS_X86]) == CS_ERR_OK &&
		    cs_open(CS_ARCH_X86, CS_MODE_64, &in->handles[INSTRUCTIONS_X86_64]) == CS_ERR_OK &&
		    cs_open(CS_ARCH_ARM64, CS_MODE_ARM, &in->handles[INSTRUCTIONS_AARCH64]) == CS_ERR_OK;
	for (int i = 0; good && i < INSTRUCTIONS_KINDS; i++)
		good = cs_option(in->handles[i], CS_OPT_DETAIL, CS_OPT_ON) == CS_ERR_OK;
	if (good && (in->insn = cs_malloc(in->handles[INSTRUCTIONS_X86_64])))
		return in;
	instructions_destroy(in);
	return NULL;
}

void instructions_destroy(struct instructions *in)
{
	if (!in)
		return;
	if (in->insn)
		cs_free(in->insn, 1);
	for (int i = 0; i < INSTRUCTIONS_KINDS; i++)
		if (in->handles[i])
			cs_close(&in->handles[i]);
	free(in);
}

/* Is the memory that its operand names not touched, because it is only an address, or a hint? */
static bool touches_nothing(unsigned id)
{
	switch (id) {
	case X86_INS_LEA:
	case X86_INS_VGATHERPF0DPD:
	case X86_INS_VGATHERPF0DPS:
	case X86_INS_VGATHERPF0QPD:
	case X86_INS_VGATHERPF0QPS:
	case X86_INS_VGATHERPF1DPD:
	case X86_INS_VGATHERPF1DPS:
	case X86_INS_VGATHERPF1QPD:
	case X86_INS_VGATHERPF1QPS:
	case X86_INS_VSCATTERPF0DPD:
	case X86_INS_VSCATTERPF0DPS:
	case X86_INS_VSCATTERPF0QPD:
	case X86_INS_VSCATTERPF0QPS:
	case X86_INS_VSCATTERPF1DPD:
	case X86_INS_VSCATTERPF1DPS:
	case X86_INS_VSCATTERPF1QPD:
	case X86_INS_VSCATTERPF1QPS:
		return true;
	default:
		return false;
	}
}

/* The access to the first of several operands. */
static enum fault_access of_first(unsigned id)
{
	switch (id) {
	case X86_INS_CMP:
	case X86_INS_TEST:
	case X86_INS_BT:
		return FAULT_READ;
	default:
		return FAULT_WRITE;
	}
}

static enum fault_access of_float(unsigned id)
{
	switch (id) {
	case X86_INS_FADD:
	case X86_INS_FIADD:
	case X86_INS_FSUB:
	case X86_INS_FISUB:
	case X86_INS_FSUBR:
	case X86_INS_FISUBR:
	case X86_INS_FMUL:
	case X86_INS_FIMUL:
	case X86_INS_FDIV:
	case X86_INS_FIDIV:
	case X86_INS_FDIVR:
	case X86_INS_FIDIVR:
	case X86_INS_FCOM:
	case X86_INS_FCOMP:
	case X86_INS_FICOM:
	case X86_INS_FICOMP:
	case X86_INS_FLD:
	case X86_INS_FILD:
	case X86_INS_FBLD:
	case X86_INS_FLDCW:
	case X86_INS_FLDENV:
	case X86_INS_FRSTOR:
	case X86_INS_LDMXCSR:
	case X86_INS_VLDMXCSR:
	case X86_INS_FXRSTOR:
	case X86_INS_FXRSTOR64:
	case X86_INS_XRSTOR:
	case X86_INS_XRSTOR64:
		return FAULT_READ;
	case X86_INS_FST:
	case X86_INS_FSTP:
	case X86_INS_FIST:
	case X86_INS_FISTP:
	case X86_INS_FISTTP:
	case X86_INS_FBSTP:
	case X86_INS_FNSTCW:
	case X86_INS_FNSTSW:
	case X86_INS_FNSTENV:
	case X86_INS_FNSAVE:
	case X86_INS_STMXCSR:
	case X86_INS_VSTMXCSR:
	case X86_INS_FXSAVE:
	case X86_INS_FXSAVE64:
	case X86_INS_XSAVE:
	case X86_INS_XSAVE64:
	case X86_INS_XSAVEC:
	case X86_INS_XSAVEC64:
	case X86_INS_XSAVEOPT:
	case X86_INS_XSAVEOPT64:
		return FAULT_WRITE;
	default:
		return FAULT_ACCESS_UNKNOWN;
	}
}

/* The access to the only operand. */
static enum fault_access of_single(unsigned id)
{
	switch (id) {
	case X86_INS_MUL:
	case X86_INS_IMUL:
	case X86_INS_DIV:
	case X86_INS_IDIV:
	case X86_INS_JMP:
		return FAULT_READ;
	case X86_INS_INC:
	case X86_INS_DEC:
	case X86_INS_NEG:
	case X86_INS_NOT:
	case X86_INS_CMPXCHG8B:
	case X86_INS_CMPXCHG16B:
	case X86_INS_SETA:
	case X86_INS_SETAE:
	case X86_INS_SETB:
	case X86_INS_SETBE:
	case X86_INS_SETE:
	case X86_INS_SETG:
	case X86_INS_SETGE:
	case X86_INS_SETL:
	case X86_INS_SETLE:
	case X86_INS_SETNE:
	case X86_INS_SETNO:
	case X86_INS_SETNP:
	case X86_INS_SETNS:
	case X86_INS_SETO:
	case X86_INS_SETP:
	case X86_INS_SETS:
		return FAULT_WRITE;
	default:
		return of_float(id);
	}
}

/* The access of an instruction that names no memory, which is usually to the stack. */
static enum fault_access of_implied(unsigned id)
{
	switch (id) {
	case X86_INS_POP:
	case X86_INS_POPF:
	case X86_INS_POPFD:
	case X86_INS_POPFQ:
	case X86_INS_POPAW:
	case X86_INS_POPAL:
	case X86_INS_RET:
	case X86_INS_LEAVE:
	case X86_INS_XLATB:
		return FAULT_READ;
	case X86_INS_PUSH:
	case X86_INS_PUSHF:
	case X86_INS_PUSHFD:
	case X86_INS_PUSHFQ:
	case X86_INS_PUSHAW:
	case X86_INS_PUSHAL:
	case X86_INS_CALL:
	case X86_INS_MASKMOVDQU:
	case X86_INS_VMASKMOVDQU:
	case X86_INS_MASKMOVQ:
		return FAULT_WRITE;
	default:
		return FAULT_ACCESS_UNKNOWN;
	}
}

static enum fault_access of_two(unsigned id)
{
	switch (id) {
	case X86_INS_CMPSB:
	case X86_INS_CMPSW:
	case X86_INS_CMPSD:
	case X86_INS_CMPSQ:
		return FAULT_READ;
	default:
		return FAULT_ACCESS_UNKNOWN;
	}
}

static enum fault_access of(unsigned id, const cs_x86 *x86)
{
	unsigned count = 0, first = 0;
	for (unsigned i = x86->op_count; i-- > 0;)
		if (x86->operands[i].type == X86_OP_MEM) {
			first = i;
			count++;
		}
	if (touches_nothing(id))
		return FAULT_ACCESS_UNKNOWN;
	if (!count)
		return of_implied(id);
	if (count > 1)
		return of_two(id);
	if (first > 0)
		return FAULT_READ;
	return x86->op_count > 1 ? of_first(id) : of_single(id);
}

/* Newer instructions that differ from older ones only by a prefix, which the decoder ignores: of group 15,
 * for example f3 0f ae /4, ptwrite, which reads, where 0f ae /4, xsave, writes. */
static bool is_ambiguous(const cs_insn *insn)
{
	bool prefixed = false;
	size_t i = 0;
	for (; i < insn->size && insn->bytes[i] != 0x0f; i++)
		prefixed |= insn->bytes[i] == 0x66 || insn->bytes[i] == 0xf2 || insn->bytes[i] == 0xf3;
	return prefixed && i + 1 < insn->size && insn->bytes[i + 1] == 0xae;
}

enum fault_access instructions_access(struct instructions *in, const uint8_t *bytes, size_t count,
				      enum instructions_kind kind)
{
	uint64_t address = 0;
	bool one = cs_disasm_iter(in->handles[kind], &bytes, &count, &address, in->insn);
	in->decoded = one && kind != INSTRUCTIONS_AARCH64 && !is_ambiguous(in->insn);
	if (in->decoded)
		return of(in->insn->id, &in->insn->detail->x86);
	return one && kind == INSTRUCTIONS_AARCH64 ? instruction_arm64_access(in->insn)
						   : FAULT_ACCESS_UNKNOWN;
}

/* There is also a movsd for floating point numbers: only one of its operands is memory. */
bool instructions_copies(const struct instructions *in)
{
	const cs_x86 *x86 = &in->insn->detail->x86;
	switch (in->decoded ? in->insn->id : 0) {
	case X86_INS_MOVSB:
	case X86_INS_MOVSW:
	case X86_INS_MOVSD:
	case X86_INS_MOVSQ:
		return x86->op_count == 2 && x86->operands[0].type == X86_OP_MEM &&
		       x86->operands[1].type == X86_OP_MEM;
	default:
		return false;
	}
}

/* The DWARF number of a 64-bit register; -1: it is not one. */
static int number_of(unsigned reg)
{
	static const unsigned short regs[INSTRUCTION_REGS] = {
		X86_REG_RAX, X86_REG_RDX, X86_REG_RCX, X86_REG_RBX, X86_REG_RSI, X86_REG_RDI,
		X86_REG_RBP, X86_REG_RSP, X86_REG_R8,  X86_REG_R9,  X86_REG_R10, X86_REG_R11,
		X86_REG_R12, X86_REG_R13, X86_REG_R14, X86_REG_R15, X86_REG_RIP,
	};
	for (int i = 0; i < INSTRUCTION_REGS; i++)
		if (regs[i] == reg)
			return i;
	return -1;
}

static bool add_register(unsigned reg, int64_t scale, const uint64_t *regs, uint64_t *sum)
{
	int number = reg == X86_REG_INVALID ? 0 : number_of(reg);
	if (reg != X86_REG_INVALID && number >= 0)
		*sum += regs[number] * (uint64_t)scale;
	return number >= 0;
}

static bool is_near(uint64_t address, uint64_t at)
{
	return address - at < TOUCHED_MAX;
}

/* Is the address the one that an operand names, or within the bytes from there on? */
static bool names(const struct instructions *in, const cs_x86_op *op, const uint64_t *regs, uint64_t address)
{
	const x86_op_mem *m = &op->mem;
	uint64_t at = (uint64_t)m->disp + (m->base == X86_REG_RIP ? in->insn->size : 0);
	bool segment = m->segment == X86_REG_FS || m->segment == X86_REG_GS;
	return !segment && add_register(m->base, 1, regs, &at) &&
	       add_register(m->index, m->scale, regs, &at) && is_near(address, at);
}

enum fault_access instructions_touch(const struct instructions *in,
				     const uint64_t regs[static INSTRUCTION_REGS], uint64_t address)
{
	const cs_x86 *x86 = &in->insn->detail->x86;
	unsigned count = 0, named = 0, which = 0;
	for (unsigned i = 0; in->decoded && i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM) {
			count++;
			if (names(in, &x86->operands[i], regs, address)) {
				named++;
				which = i;
			}
		}
	if (!in->decoded || (count && named != 1))
		return FAULT_ACCESS_UNKNOWN;
	if (instructions_copies(in))
		return which ? FAULT_READ : FAULT_WRITE;
	if (!count && !is_near(address, regs[RSP] - TOUCHED_MAX / 2)) /* below or above the stack pointer */
		return FAULT_ACCESS_UNKNOWN;
	return of(in->insn->id, x86);
}
