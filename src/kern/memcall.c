/* A row a call: its numbers, its name, and a letter for each argument.
 *
 *     mmap   9 in 64 bits, 192 in 32 (as mmap2, whose offset counts pages)   a n p m d o
 *
 *     a  an address, NULL for 0    n  a size, decimal        p  PROT_...    m  MAP_...
 *     d  a file descriptor         o  an offset in bytes     O  in pages    i  a number
 *     f  an address that only counts with the flag MREMAP_FIXED before it
 *     r  MREMAP_...   v  MADV_...  s  MS_...   l  MCL_...   k  MLOCK_...   h  SHM_...
 *
 * Numbers of 32-bit x86 are the kernel's, arch/x86/entry/syscalls/syscall_32.tbl. What the
 * headers at hand do not know yet has its value here. */
#include "kern/memcall.h"

#include <inttypes.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#ifndef SYS_mlock2
#define SYS_mlock2 (-1)
#endif
#define NONE (-1)
#define IPC_CALL 117 /* of 32 bits: shmat and shmdt in one, with others */
#define IPC_SHMAT 21
#define IPC_SHMDT 22
#define X32_BIT UINT64_C(0x40000000)

struct memcall {
	long wide, narrow;
	const char *name, *letters;
	int ipc; /* which of ipc(), 0: none */
};

static const struct memcall calls[] = {
	{ SYS_mmap, 192, "mmap", "anpmdo", 0 },
	{ SYS_munmap, 91, "munmap", "an", 0 },
	{ SYS_brk, 45, "brk", "a", 0 },
	{ SYS_mprotect, 125, "mprotect", "anp", 0 },
	{ SYS_mremap, 163, "mremap", "annrf", 0 },
	{ SYS_madvise, 219, "madvise", "anv", 0 },
	{ SYS_msync, 144, "msync", "ans", 0 },
	{ SYS_mlock, 150, "mlock", "an", 0 },
	{ SYS_mlock2, 376, "mlock2", "ank", 0 },
	{ SYS_munlock, 151, "munlock", "an", 0 },
	{ SYS_mlockall, 152, "mlockall", "l", 0 },
	{ SYS_munlockall, 153, "munlockall", "", 0 },
	{ SYS_shmat, 397, "shmat", "iah", 0 },
	{ SYS_shmdt, 398, "shmdt", "a", 0 },
	{ SYS_pkey_mprotect, 380, "pkey_mprotect", "anpi", 0 },
	{ SYS_remap_file_pages, 257, "remap_file_pages", "anpOm", 0 },
	{ NONE, 90, "mmap", "a", 0 }, /* the old one: its arguments lie in memory, at that address */
	{ NONE, IPC_CALL, "shmat", "-i--a", IPC_SHMAT },
	{ NONE, IPC_CALL, "shmdt", "----a", IPC_SHMDT },
};

struct flag {
	uint64_t value;
	const char *name;
};
#define FLAG(name)                                                                                           \
	{                                                                                                    \
		name, #name                                                                                  \
	}

static const struct flag prot_flags[] = {
	FLAG(PROT_READ),      FLAG(PROT_WRITE),   FLAG(PROT_EXEC),
	FLAG(PROT_GROWSDOWN), FLAG(PROT_GROWSUP), { 0, NULL },
};
/* the lowest bits of these are a number */
static const struct flag map_flags[] = {
	{ 0x10, "MAP_FIXED" },
	{ 0x20, "MAP_ANONYMOUS" },
	{ 0x40, "MAP_32BIT" },
	{ 0x100, "MAP_GROWSDOWN" },
	{ 0x800, "MAP_DENYWRITE" },
	{ 0x1000, "MAP_EXECUTABLE" },
	{ 0x2000, "MAP_LOCKED" },
	{ 0x4000, "MAP_NORESERVE" },
	{ 0x8000, "MAP_POPULATE" },
	{ 0x10000, "MAP_NONBLOCK" },
	{ 0x20000, "MAP_STACK" },
	{ 0x40000, "MAP_HUGETLB" },
	{ 0x80000, "MAP_SYNC" },
	{ 0x100000, "MAP_FIXED_NOREPLACE" },
	{ 0, NULL },
};
static const char *const map_types[16] = {
	[1] = "MAP_SHARED", "MAP_PRIVATE", "MAP_SHARED_VALIDATE", [8] = "MAP_DROPPABLE"
};
static const struct flag remap_flags[] = {
	{ 1, "MREMAP_MAYMOVE" },
	{ 2, "MREMAP_FIXED" },
	{ 4, "MREMAP_DONTUNMAP" },
	{ 0, NULL },
};
static const struct flag sync_flags[] = { FLAG(MS_ASYNC), FLAG(MS_INVALIDATE), FLAG(MS_SYNC), { 0, NULL } };
static const struct flag lockall_flags[] = {
	{ 1, "MCL_CURRENT" }, { 2, "MCL_FUTURE" }, { 4, "MCL_ONFAULT" }, { 0, NULL }
};
static const struct flag lock_flags[] = { { 1, "MLOCK_ONFAULT" }, { 0, NULL } };
static const struct flag shm_flags[] = {
	{ 010000, "SHM_RDONLY" }, { 020000, "SHM_RND" }, { 040000, "SHM_REMAP" },
	{ 0100000, "SHM_EXEC" },  { 0, NULL },
};
/* numbers, not bits */
static const struct flag advices[] = {
	{ 0, "MADV_NORMAL" },          { 1, "MADV_RANDOM" },
	{ 2, "MADV_SEQUENTIAL" },      { 3, "MADV_WILLNEED" },
	{ 4, "MADV_DONTNEED" },        { 8, "MADV_FREE" },
	{ 9, "MADV_REMOVE" },          { 10, "MADV_DONTFORK" },
	{ 11, "MADV_DOFORK" },         { 12, "MADV_MERGEABLE" },
	{ 13, "MADV_UNMERGEABLE" },    { 14, "MADV_HUGEPAGE" },
	{ 15, "MADV_NOHUGEPAGE" },     { 16, "MADV_DONTDUMP" },
	{ 17, "MADV_DODUMP" },         { 18, "MADV_WIPEONFORK" },
	{ 19, "MADV_KEEPONFORK" },     { 20, "MADV_COLD" },
	{ 21, "MADV_PAGEOUT" },        { 22, "MADV_POPULATE_READ" },
	{ 23, "MADV_POPULATE_WRITE" }, { 24, "MADV_DONTNEED_LOCKED" },
	{ 25, "MADV_COLLAPSE" },       { 100, "MADV_HWPOISON" },
	{ 101, "MADV_SOFT_OFFLINE" },  { 102, "MADV_GUARD_INSTALL" },
	{ 103, "MADV_GUARD_REMOVE" },  { 0, NULL },
};

static bool is(const struct memcall *c, uint64_t number, const uint64_t args[6], bool narrow)
{
	if (!narrow)
		return c->wide != NONE && (uint64_t)c->wide == (number & ~X32_BIT);
	return (uint64_t)c->narrow == number && (!c->ipc || (args[0] & 0xffff) == (uint64_t)c->ipc);
}

const struct memcall *memcall_find(uint64_t number, const uint64_t args[6], bool narrow)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (is(&calls[i], number, args, narrow))
			return &calls[i];
	return NULL;
}

const char *memcall_name(const struct memcall *call)
{
	return call->name;
}

/* "A|B", what has no name as a number; `none` where nothing is set. */
static void print_flags(struct strbuf *out, const struct flag *flags, uint64_t value, const char *none)
{
	const char *between = "";

	for (; flags->name; flags++) {
		if (!(value & flags->value))
			continue;
		strbuf_printf(out, "%s%s", between, flags->name);
		value &= ~flags->value;
		between = "|";
	}
	if (value)
		strbuf_printf(out, "%s0x%" PRIx64, between, value);
	else if (!*between)
		strbuf_puts(out, none);
}

static void print_map_flags(struct strbuf *out, uint64_t value)
{
	const char *type = map_types[value & 0xf];
	uint64_t huge =
	    value & 0x40000 ? value >> 26 & 0x3f : 0; /* MAP_HUGE_2MB: which size, as a power of two */

	if (type)
		strbuf_puts(out, type);
	else
		strbuf_printf(out, "0x%x", (unsigned)(value & 0xf));
	value &= ~(UINT64_C(0xf) | huge << 26);
	if (value)
		strbuf_puts(out, "|");
	if (value)
		print_flags(out, map_flags, value, "");
	if (huge)
		strbuf_printf(out, "|%d<<MAP_HUGE_SHIFT", (int)huge);
}

static void print_advice(struct strbuf *out, uint64_t value)
{
	for (const struct flag *advice = advices; advice->name; advice++)
		if (advice->value == value) {
			strbuf_puts(out, advice->name);
			return;
		}
	strbuf_printf(out, "%" PRIu64, value);
}

static void print_address(struct strbuf *out, uint64_t value)
{
	if (value)
		strbuf_printf(out, "0x%" PRIx64, value);
	else
		strbuf_puts(out, "NULL");
}

static void print_offset(struct strbuf *out, uint64_t value)
{
	if (value)
		strbuf_printf(out, "0x%" PRIx64, value);
	else
		strbuf_puts(out, "0");
}

static void print_one(struct strbuf *out, char letter, uint64_t value)
{
	switch (letter) {
	case 'a':
	case 'f':
		print_address(out, value);
		break;
	case 'n':
		strbuf_printf(out, "%" PRIu64, value);
		break;
	case 'd':
	case 'i':
		strbuf_printf(out, "%d", (int)(uint32_t)value);
		break;
	case 'p':
		print_flags(out, prot_flags, value, "PROT_NONE");
		break;
	case 'm':
		print_map_flags(out, value);
		break;
	case 'o':
		print_offset(out, value);
		break;
	case 'O':
		print_offset(out, value * 4096);
		break;
	case 'r':
		print_flags(out, remap_flags, value, "0");
		break;
	case 's':
		print_flags(out, sync_flags, value, "0");
		break;
	case 'l':
		print_flags(out, lockall_flags, value, "0");
		break;
	case 'k':
		print_flags(out, lock_flags, value, "0");
		break;
	case 'h':
		print_flags(out, shm_flags, value, "0");
		break;
	case 'v':
		print_advice(out, value);
		break;
	default:
		break;
	}
}

/* mmap2 of 32 bits counts in pages of 4096 bytes what mmap counts in bytes. */
static char letter_of(const struct memcall *call, size_t i, bool narrow)
{
	char letter = call->letters[i];
	return letter == 'o' && narrow ? 'O' : letter;
}

void memcall_print(struct strbuf *out, const struct memcall *call, const uint64_t args[6], bool narrow)
{
	const char *between = "";

	strbuf_puts(out, "");
	for (size_t i = 0; call->letters[i]; i++) {
		char letter = letter_of(call, i, narrow);
		if (letter == '-' || (letter == 'f' && !(args[i - 1] & 2)))
			continue;
		strbuf_puts(out, between);
		print_one(out, letter, narrow ? (uint32_t)args[i] : args[i]);
		between = ", ";
	}
}

bool memcall_range(const struct memcall *call, const uint64_t args[6], uint64_t result, uint64_t *start,
		   uint64_t *end)
{
	bool moves = call->wide == SYS_mremap, gives = moves || call->wide == SYS_mmap;
	uint64_t size = moves ? args[2] : args[1];

	if (call->letters[0] != 'a' || call->letters[1] != 'n' || !size)
		return false;
	*start = gives ? result : args[0];
	*end = *start + size;
	return *start < *end;
}
