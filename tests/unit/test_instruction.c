/* What instructions do with memory: each by its bytes, as an assembler makes them. */
#include "symbol/instruction.h"

#include <stdio.h>

#include "event/event.h"
#include "unit/check.h"

#define NONE FAULT_ACCESS_UNKNOWN

static const struct {
	const char *text, *bytes;
	enum fault_access access;
} known[] = {
	{ "mov rax, [rdi]", "48 8b 07", FAULT_READ },
	{ "mov [rdi], rax", "48 89 07", FAULT_WRITE },
	{ "mov byte [rdi], 1", "c6 07 01", FAULT_WRITE },
	{ "mov rax, fs:[0x28]", "64 48 8b 04 25 28 00 00 00", FAULT_READ },
	{ "movzx eax, byte [rdi]", "0f b6 07", FAULT_READ },
	{ "movsxd rax, [rdi]", "48 63 07", FAULT_READ },
	{ "movnti [rdi], rax", "48 0f c3 07", FAULT_WRITE },
	{ "movbe [rdi], eax", "0f 38 f1 07", FAULT_WRITE },
	{ "movbe eax, [rdi]", "0f 38 f0 07", FAULT_READ },
	{ "cmove rax, [rdi]", "48 0f 44 07", FAULT_READ },
	{ "add [rdi], rax", "48 01 07", FAULT_WRITE },
	{ "add rax, [rdi]", "48 03 07", FAULT_READ },
	{ "lock add [rdi], rax", "f0 48 01 07", FAULT_WRITE },
	{ "inc dword [rdi]", "ff 07", FAULT_WRITE },
	{ "neg qword [rdi]", "48 f7 1f", FAULT_WRITE },
	{ "not dword [rdi]", "f7 17", FAULT_WRITE },
	{ "rol dword [rdi], cl", "d3 07", FAULT_WRITE },
	{ "shl dword [rdi], 1", "d1 27", FAULT_WRITE },
	{ "rcr dword [rdi], 3", "c1 1f 03", FAULT_WRITE },
	{ "shld [rdi], eax, cl", "0f a5 07", FAULT_WRITE },
	{ "bts [rdi], eax", "0f ab 07", FAULT_WRITE },
	{ "bt [rdi], eax", "0f a3 07", FAULT_READ },
	{ "cmp [rdi], rax", "48 39 07", FAULT_READ },
	{ "cmp rax, [rdi]", "48 3b 07", FAULT_READ },
	{ "cmp dword [rdi], 5", "83 3f 05", FAULT_READ },
	{ "test [rdi], eax", "85 07", FAULT_READ },
	{ "test byte [rdi], 1", "f6 07 01", FAULT_READ },
	{ "mul qword [rdi]", "48 f7 27", FAULT_READ },
	{ "imul rax, [rdi], 3", "48 6b 07 03", FAULT_READ },
	{ "idiv dword [rdi]", "f7 3f", FAULT_READ },
	{ "sete [rdi]", "0f 94 07", FAULT_WRITE },
	{ "seta [rdi]", "0f 97 07", FAULT_WRITE },
	{ "xchg [rdi], rax", "48 87 07", FAULT_WRITE },
	{ "xadd [rdi], eax", "0f c1 07", FAULT_WRITE },
	{ "cmpxchg [rdi], rcx", "48 0f b1 0f", FAULT_WRITE },
	{ "lock cmpxchg [rdi], ecx", "f0 0f b1 0f", FAULT_WRITE },
	{ "cmpxchg8b [rdi]", "0f c7 0f", FAULT_WRITE },
	{ "cmpxchg16b [rdi]", "48 0f c7 0f", FAULT_WRITE },
	{ "popcnt rax, [rdi]", "f3 48 0f b8 07", FAULT_READ },
	/* the stack */
	{ "push rbp", "55", FAULT_WRITE },
	{ "push 1", "6a 01", FAULT_WRITE },
	{ "push [rdi]", "ff 37", NONE },
	{ "pop rbp", "5d", FAULT_READ },
	{ "pop [rdi]", "8f 07", NONE },
	{ "pushfq", "9c", FAULT_WRITE },
	{ "popfq", "9d", FAULT_READ },
	{ "call 0x10", "e8 0b 00 00 00", FAULT_WRITE },
	{ "call rax", "ff d0", FAULT_WRITE },
	{ "call [rdi]", "ff 17", NONE },
	{ "ret", "c3", FAULT_READ },
	{ "ret 8", "c2 08 00", FAULT_READ },
	{ "leave", "c9", FAULT_READ },
	{ "enter 16, 0", "c8 10 00 00", NONE },
	{ "jmp rax", "ff e0", NONE },
	{ "jmp [rdi]", "ff 27", FAULT_READ },
	{ "jmp 0x10", "eb 0e", NONE },
	/* strings */
	{ "stosb", "aa", FAULT_WRITE },
	{ "rep stosb", "f3 aa", FAULT_WRITE },
	{ "rep stosq", "f3 48 ab", FAULT_WRITE },
	{ "lodsb", "ac", FAULT_READ },
	{ "scasb", "ae", FAULT_READ },
	{ "repne scasb", "f2 ae", FAULT_READ },
	{ "cmpsb", "a6", FAULT_READ },
	{ "repe cmpsd", "f3 a7", FAULT_READ },
	{ "repe cmpsq", "f3 48 a7", FAULT_READ },
	{ "movsb", "a4", NONE },
	{ "rep movsb", "f3 a4", NONE },
	{ "rep movsd", "f3 a5", NONE },
	{ "rep movsq", "f3 48 a5", NONE },
	{ "xlatb", "d7", FAULT_READ },
	/* vectors */
	{ "movaps xmm0, [rdi]", "0f 28 07", FAULT_READ },
	{ "movaps [rdi], xmm0", "0f 29 07", FAULT_WRITE },
	{ "movups xmm0, [rdi]", "0f 10 07", FAULT_READ },
	{ "movups [rdi], xmm0", "0f 11 07", FAULT_WRITE },
	{ "movsd xmm0, [rdi]", "f2 0f 10 07", FAULT_READ },
	{ "movsd [rdi], xmm0", "f2 0f 11 07", FAULT_WRITE },
	{ "movq [rdi], xmm0", "66 0f d6 07", FAULT_WRITE },
	{ "movhps [rdi], xmm0", "0f 17 07", FAULT_WRITE },
	{ "movdqa xmm0, [rdi]", "66 0f 6f 07", FAULT_READ },
	{ "movdqa [rdi], xmm0", "66 0f 7f 07", FAULT_WRITE },
	{ "movntdq [rdi], xmm0", "66 0f e7 07", FAULT_WRITE },
	{ "cmpltsd xmm0, [rdi]", "f2 0f c2 07 01", FAULT_READ },
	{ "pcmpeqb xmm0, [rdi]", "66 0f 74 07", FAULT_READ },
	{ "pextrb [rdi], xmm0, 1", "66 0f 3a 14 07 01", FAULT_WRITE },
	{ "maskmovdqu xmm0, xmm1", "66 0f f7 c1", FAULT_WRITE },
	{ "vmovdqu ymm0, [rdi]", "c5 fe 6f 07", FAULT_READ },
	{ "vmovdqu [rdi], ymm0", "c5 fe 7f 07", FAULT_WRITE },
	{ "vpcmpeqb ymm0, ymm0, [rdi]", "c5 fd 74 07", FAULT_READ },
	{ "vpminub ymm0, ymm0, [rdi]", "c5 fd da 07", FAULT_READ },
	{ "vextracti128 [rdi], ymm0, 1", "c4 e3 7d 39 07 01", FAULT_WRITE },
	{ "vmaskmovps ymm0, ymm1, [rdi]", "c4 e2 75 2c 07", FAULT_READ },
	{ "vmaskmovps [rdi], ymm1, ymm0", "c4 e2 75 2e 07", FAULT_WRITE },
	{ "vpgatherdd ymm0, [rdi+ymm1], ymm2", "c4 e2 6d 90 04 0f", FAULT_READ },
	{ "vmovdqu64 zmm0, [rdi]", "62 f1 fe 48 6f 07", FAULT_READ },
	{ "vmovdqu64 [rdi], zmm0", "62 f1 fe 48 7f 07", FAULT_WRITE },
	{ "vgatherpf0dps [rdi+zmm1] {k1}", "62 f2 7d 49 c6 0c 0f", NONE },
	/* floating point and state */
	{ "fld qword [rdi]", "dd 07", FAULT_READ },
	{ "fst qword [rdi]", "dd 17", FAULT_WRITE },
	{ "fstp qword [rdi]", "dd 1f", FAULT_WRITE },
	{ "fstp tbyte [rdi]", "db 3f", FAULT_WRITE },
	{ "fistp word [rdi]", "df 1f", FAULT_WRITE },
	{ "fadd dword [rdi]", "d8 07", FAULT_READ },
	{ "fldcw [rdi]", "d9 2f", FAULT_READ },
	{ "fnstcw [rdi]", "d9 3f", FAULT_WRITE },
	{ "fnstenv [rdi]", "d9 37", FAULT_WRITE },
	{ "frstor [rdi]", "dd 27", FAULT_READ },
	{ "fld1", "d9 e8", NONE },
	{ "ldmxcsr [rdi]", "0f ae 17", FAULT_READ },
	{ "stmxcsr [rdi]", "0f ae 1f", FAULT_WRITE },
	{ "fxsave [rdi]", "0f ae 07", FAULT_WRITE },
	{ "fxrstor [rdi]", "0f ae 0f", FAULT_READ },
	{ "xsave [rdi]", "0f ae 27", FAULT_WRITE },
	{ "xsavec [rdi]", "0f c7 27", FAULT_WRITE },
	{ "xsaveopt [rdi]", "0f ae 37", FAULT_WRITE },
	{ "xrstor [rdi]", "0f ae 2f", FAULT_READ },
	/* no access, or one that is not a program's */
	{ "lea rax, [rdi]", "48 8d 07", NONE },
	{ "nop", "90", NONE },
	{ "nop dword [rdi]", "0f 1f 07", NONE },
	{ "endbr64", "f3 0f 1e fa", NONE },
	{ "prefetcht0 [rdi]", "0f 18 0f", NONE },
	{ "prefetchw [rdi]", "0f 0d 0f", NONE },
	{ "clflush [rdi]", "0f ae 3f", NONE },
	{ "clflushopt [rdi]", "66 0f ae 3f", NONE },
	{ "clwb [rdi]", "66 0f ae 37", NONE },
	{ "ptwrite [rdi]", "f3 0f ae 27", NONE },
	{ "clrssbsy [rdi]", "f3 0f ae 37", NONE },
	{ "movdir64b rax, [rdi]", "66 0f 38 f8 07", NONE },
	{ "invlpg [rdi]", "0f 01 3f", NONE },
	{ "mov rax, rdi", "48 89 f8", NONE },
	{ "add rax, rdi", "48 01 f8", NONE },
	{ "syscall", "0f 05", NONE },
	{ "ud2", "0f 0b", NONE },
	{ "not an instruction", "06", NONE },
	{ "cut off", "48 8b", NONE },
	{ "nothing", "", NONE },
};

static const struct {
	const char *text, *bytes;
	enum fault_access access;
} narrow[] = {
	{ "mov eax, [edi]", "8b 07", FAULT_READ },
	{ "inc eax; not a prefix", "40", NONE },
	{ "dec eax; not a prefix", "48", NONE },
	{ "mov [0x8000], eax", "a3 00 80 00 00", FAULT_WRITE },
	{ "mov eax, [0x8000]", "a1 00 80 00 00", FAULT_READ },
	{ "pushal", "60", FAULT_WRITE },
	{ "popal", "61", FAULT_READ },
	{ "push es", "06", FAULT_WRITE },
	{ "pushfd", "9c", FAULT_WRITE },
	{ "call gs:[0x10]", "65 ff 15 10 00 00 00", NONE },
};

static const struct {
	const char *text, *bytes;
	enum fault_access access;
} arm64[] = {
	{ "ldr x1, [x0]", "01 00 40 f9", FAULT_READ },
	{ "ldr w1, [x0, x2, lsl #2]", "01 78 62 b8", FAULT_READ },
	{ "ldr x1, [x0], #16", "01 04 41 f8", FAULT_READ },
	{ "ldr x1, .+8", "41 00 00 58", FAULT_READ },
	{ "ldrb w1, [x0]", "01 00 40 39", FAULT_READ },
	{ "ldrsw x1, [x0]", "01 00 80 b9", FAULT_READ },
	{ "ldp x1, x2, [x0]", "01 08 40 a9", FAULT_READ },
	{ "ldpsw x1, x2, [x0]", "01 08 40 69", FAULT_READ },
	{ "ldur x1, [x0, #-8]", "01 80 5f f8", FAULT_READ },
	{ "ldxr x1, [x0]", "01 7c 5f c8", FAULT_READ },
	{ "ldaxr x1, [x0]", "01 fc 5f c8", FAULT_READ },
	{ "ldar w1, [x0]", "01 fc df 88", FAULT_READ },
	{ "ldr q0, [x0]", "00 00 c0 3d", FAULT_READ },
	{ "ld1 {v0.16b, v1.16b}, [x0]", "00 a0 40 4c", FAULT_READ },
	{ "ldnp x1, x2, [x0]", "01 08 40 a8", FAULT_READ },
	{ "ldtr x1, [x0]", "01 08 40 f8", FAULT_READ },
	{ "str x1, [x0]", "01 00 00 f9", FAULT_WRITE },
	{ "str x1, [x0, #16]!", "01 0c 01 f8", FAULT_WRITE },
	{ "strb w1, [x0]", "01 00 00 39", FAULT_WRITE },
	{ "strh w1, [x0, x2]", "01 68 22 78", FAULT_WRITE },
	{ "stp x29, x30, [sp, #-16]!", "fd 7b bf a9", FAULT_WRITE },
	{ "stur w1, [x0, #-4]", "01 c0 1f b8", FAULT_WRITE },
	{ "stxr w3, x1, [x0]", "01 7c 03 c8", FAULT_WRITE },
	{ "stlxr w3, x1, [x0]", "01 fc 03 c8", FAULT_WRITE },
	{ "stlr w1, [x0]", "01 fc 9f 88", FAULT_WRITE },
	{ "str q0, [x0]", "00 00 80 3d", FAULT_WRITE },
	{ "st1 {v0.16b}, [x0], #16", "00 70 9f 4c", FAULT_WRITE },
	{ "stnp x1, x2, [x0]", "01 08 00 a8", FAULT_WRITE },
	{ "sttr x1, [x0]", "01 08 00 f8", FAULT_WRITE },
	{ "dc zva, x0", "20 74 0b d5", FAULT_WRITE },
	{ "ldadd w1, w2, [x0]", "02 00 21 b8", NONE },
	{ "ldaddal x1, x2, [x0]", "02 00 e1 f8", NONE },
	{ "stadd w1, [x0]", "1f 00 21 b8", NONE },
	{ "swp x1, x2, [x0]", "02 80 21 f8", NONE },
	{ "cas x1, x2, [x0]", "02 7c a1 c8", NONE },
	{ "prfm pldl1keep, [x0]", "00 00 80 f9", NONE },
	{ "dc civac, x0", "20 7e 0b d5", NONE },
	{ "ic ivau, x0", "20 75 0b d5", NONE },
	{ "add x0, x1, x2", "20 00 02 8b", NONE },
	{ "bl .", "00 00 00 94", NONE },
	{ "ret", "c0 03 5f d6", NONE },
	{ "svc #0", "01 00 00 d4", NONE },
	{ "mrs x0, tpidr_el0", "40 d0 3b d5", NONE },
	{ "nop", "1f 20 03 d5", NONE },
};

static size_t read_bytes(const char *text, uint8_t *bytes)
{
	size_t n = 0;
	unsigned byte;
	for (; sscanf(text + 3 * n, "%2x", &byte) == 1; n++)
		bytes[n] = (uint8_t)byte;
	return n;
}

static void check_one(struct instructions *in, const char *text, const char *hex, enum instructions_kind kind,
		      enum fault_access access)
{
	uint8_t bytes[INSTRUCTION_BYTES + 1] = { 0 };
	size_t n = read_bytes(hex, bytes);
	enum fault_access got = instructions_access(in, bytes, n, kind);
	if (got != access)
		fail_msg("%s: '%s', not '%s'", text, fault_access_name(got), fault_access_name(access));
	/* what follows makes no difference */
	if (access && instructions_access(in, bytes, INSTRUCTION_BYTES, kind) != access)
		fail_msg("%s, followed by others", text);
}

static void test_known(void **state)
{
	struct instructions *in = instructions_create();
	(void)state;
	assert_non_null(in);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		check_one(in, known[i].text, known[i].bytes, INSTRUCTIONS_X86_64, known[i].access);
	for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++)
		check_one(in, narrow[i].text, narrow[i].bytes, INSTRUCTIONS_X86, narrow[i].access);
	for (size_t i = 0; i < sizeof arm64 / sizeof arm64[0]; i++)
		check_one(in, arm64[i].text, arm64[i].bytes, INSTRUCTIONS_AARCH64, arm64[i].access);
	instructions_destroy(in);
}

static void test_copying(void **state)
{
	static const struct {
		const char *bytes;
		bool copies;
	} all[] = {
		{ "f3 a4", true },        /* rep movsb */
		{ "f3 48 a5", true },     /* rep movsq */
		{ "a5", true },           /* movsd, of four bytes */
		{ "f2 0f 10 07", false }, /* movsd xmm0, [rdi] */
		{ "f3 aa", false },       /* rep stosb */
		{ "f3 a6", false },       /* repe cmpsb */
		{ "48 89 07", false },    /* mov [rdi], rax */
		{ "06", false },          /* none */
	};
	struct instructions *in = instructions_create();
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		uint8_t bytes[INSTRUCTION_BYTES + 1] = { 0 };
		size_t n = read_bytes(all[i].bytes, bytes);
		enum fault_access access = instructions_access(in, bytes, n, true);
		if (instructions_copies(in) != all[i].copies)
			fail_msg("%s: copies: %d", all[i].bytes, !all[i].copies);
		assert_true(!all[i].copies || access == FAULT_ACCESS_UNKNOWN);
	}
	instructions_destroy(in);
}

/* Bytes that are anything at all. */
static void test_noise(void **state)
{
	struct instructions *in = instructions_create();
	uint8_t bytes[INSTRUCTION_BYTES];
	uint32_t seed = 1;
	(void)state;
	for (int i = 0; i < 100000; i++) {
		for (size_t k = 0; k < sizeof bytes; k++)
			bytes[k] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
		enum fault_access access = instructions_access(
		    in, bytes, 1 + seed % sizeof bytes, (enum instructions_kind)(i % INSTRUCTIONS_KINDS));
		assert_true(access == FAULT_ACCESS_UNKNOWN || access == FAULT_READ || access == FAULT_WRITE);
	}
	instructions_destroy(in);
	instructions_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_copying), cmocka_unit_test(test_known),
					    cmocka_unit_test(test_noise) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
