/* A row for each call: its numbers in 64-bit and in 32-bit programs.
 *
 *     mmap   9 in 64 bits, 192 in 32 (as mmap2, whose offset counts pages)
 *
 * The numbers of 32-bit x86 are from arch/x86/entry/syscalls/syscall_32.tbl; there shmat and shmdt are parts
 * of one call, ipc, which takes their arguments in another order. On aarch64 32-bit programs are of ARM, which has
 * other numbers for some (arch/arm/tools/syscall.tbl, the EABI's). */
#include "kern/memcall.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_mlock2
#define SYS_mlock2 (-1)
#endif
#define NONE (-1)
#define IPC_CALL 117
#define IPC_SHMAT 21
#define IPC_SHMDT 22
#define X32_BIT UINT64_C(0x40000000)
#ifdef __aarch64__
#define NARROW(x86, arm) (arm)
#else
#define NARROW(x86, arm) (x86)
#endif
#define OFFSET_UNIT 4096 /* of mmap2, whatever a page is */

static const struct memcall {
	long wide, narrow;
	enum call_kind kind;
	uint64_t ipc; /* which call of ipc; 0: none */
} calls[] = {
	{ SYS_mmap, 192, CALL_MMAP, 0 },
	{ NONE, NARROW(90, NONE), CALL_MMAP_OLD, 0 },
	{ SYS_munmap, 91, CALL_MUNMAP, 0 },
	{ SYS_brk, 45, CALL_BRK, 0 },
	{ SYS_mprotect, 125, CALL_MPROTECT, 0 },
	{ SYS_pkey_mprotect, NARROW(380, 394), CALL_PKEY_MPROTECT, 0 },
	{ SYS_mremap, 163, CALL_MREMAP, 0 },
	{ SYS_remap_file_pages, NARROW(257, 253), CALL_REMAP_FILE_PAGES, 0 },
	{ SYS_madvise, NARROW(219, 220), CALL_MADVISE, 0 },
	{ SYS_msync, 144, CALL_MSYNC, 0 },
	{ SYS_mlock, 150, CALL_MLOCK, 0 },
	{ SYS_mlock2, NARROW(376, 390), CALL_MLOCK2, 0 },
	{ SYS_munlock, 151, CALL_MUNLOCK, 0 },
	{ SYS_mlockall, 152, CALL_MLOCKALL, 0 },
	{ SYS_munlockall, 153, CALL_MUNLOCKALL, 0 },
	{ SYS_shmat, NARROW(397, 305), CALL_SHMAT, 0 },
	{ SYS_shmdt, NARROW(398, 306), CALL_SHMDT, 0 },
	{ NONE, NARROW(IPC_CALL, NONE), CALL_SHMAT, IPC_SHMAT },
	{ NONE, NARROW(IPC_CALL, NONE), CALL_SHMDT, IPC_SHMDT },
};

static bool is(const struct memcall *c, uint64_t number, const uint64_t args[CALL_ARGS], bool narrow)
{
	if (!narrow)
		return c->wide != NONE && (uint64_t)c->wide == (number & ~X32_BIT);
	return c->narrow != NONE && (uint64_t)c->narrow == number &&
	       (!c->ipc || (args[0] & 0xffff) == c->ipc);
}

/* ipc(call, first, second, third, address): shmat's flags are the second, its result is stored at the third. */
static void order_ipc(struct event_call *call, const uint64_t args[CALL_ARGS])
{
	memset(call->args, 0, sizeof call->args);
	if (call->kind == CALL_SHMDT) {
		call->args[0] = args[4];
		return;
	}
	call->args[0] = args[1];
	call->args[1] = args[4];
	call->args[2] = args[2];
}

bool memcall_decode(struct event_call *call, uint64_t number, const uint64_t args[CALL_ARGS], bool narrow)
{
	const struct memcall *row = NULL;

	for (size_t i = 0; !row && i < sizeof calls / sizeof *calls; i++)
		row = is(&calls[i], number, args, narrow) ? &calls[i] : NULL;
	if (!row)
		return false;
	*call = (struct event_call){ .kind = row->kind };
	if (row->ipc)
		order_ipc(call, args);
	else
		memcpy(call->args, args, call_arity(row->kind) * sizeof *args);
	for (size_t i = 0; narrow && i < CALL_ARGS; i++)
		call->args[i] = (uint32_t)call->args[i];
	if (row->kind == CALL_MMAP && narrow)
		call->args[5] *= OFFSET_UNIT;
	if (row->kind == CALL_REMAP_FILE_PAGES)
		call->args[3] *= (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}
