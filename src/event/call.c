/* A row for each call: its name, and a letter for each argument.
 *
 *     a  an address, NULL for 0    n  a size, decimal        p  PROT_...    m  MAP_...
 *     d  a file descriptor         o  an offset in bytes     i  a number
 *     f  an address that counts only with MREMAP_FIXED in the flags before it
 *     r  MREMAP_...   v  MADV_...  s  MS_...   l  MCL_...   k  MLOCK_...   h  SHM_...
 *
 * The values are those of Linux on x86, whatever system shows them. */
#include "event/call.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static const struct {
	const char *name, *letters;
	bool gives; /* its result is an address */
} calls[CALL_KINDS] = {
	[CALL_MMAP] = { "mmap", "anpmdo", true },
	[CALL_MMAP_OLD] = { "mmap", "a", true },
	[CALL_MUNMAP] = { "munmap", "an", false },
	[CALL_BRK] = { "brk", "a", false },
	[CALL_MPROTECT] = { "mprotect", "anp", false },
	[CALL_PKEY_MPROTECT] = { "pkey_mprotect", "anpi", false },
	[CALL_MREMAP] = { "mremap", "annrf", true },
	[CALL_REMAP_FILE_PAGES] = { "remap_file_pages", "anpom", false },
	[CALL_MADVISE] = { "madvise", "anv", false },
	[CALL_MSYNC] = { "msync", "ans", false },
	[CALL_MLOCK] = { "mlock", "an", false },
	[CALL_MLOCK2] = { "mlock2", "ank", false },
	[CALL_MUNLOCK] = { "munlock", "an", false },
	[CALL_MLOCKALL] = { "mlockall", "l", false },
	[CALL_MUNLOCKALL] = { "munlockall", "", false },
	[CALL_SHMAT] = { "shmat", "iah", true },
	[CALL_SHMDT] = { "shmdt", "a", false },
};

struct flag {
	uint64_t value;
	const char *name;
};

static const struct flag prot_flags[] = {
	{ 1, "PROT_READ" },
	{ 2, "PROT_WRITE" },
	{ 4, "PROT_EXEC" },
	{ 0x1000000, "PROT_GROWSDOWN" },
	{ 0x2000000, "PROT_GROWSUP" },
	{ 0, NULL },
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
static const struct flag sync_flags[] = {
	{ 1, "MS_ASYNC" }, { 2, "MS_INVALIDATE" }, { 4, "MS_SYNC" }, { 0, NULL }
};
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

/* "A|B"; bits without a name as a number; `none` if no bit is set. */
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
		strbuf_printf(out, value ? "0x%" PRIx64 : "%" PRIx64, value);
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

const char *call_name(enum call_kind kind)
{
	return (unsigned)kind < CALL_KINDS ? calls[kind].name : "";
}

size_t call_arity(enum call_kind kind)
{
	return strlen(calls[kind].letters);
}

void call_return(struct event_call *call, uint64_t result, int error)
{
	uint64_t size = call->args[call->kind == CALL_MREMAP ? 2 : 1], start;

	call->result = result;
	call->error = error;
	call->start = call->end = 0;
	if (error || !text_begins(calls[call->kind].letters, "an"))
		return;
	start = calls[call->kind].gives ? result : call->args[0];
	if (start + size > start) {
		call->start = start;
		call->end = start + size;
	}
}

uint64_t call_address(const struct event_call *call)
{
	if (calls[call->kind].gives && !call->error)
		return call->result;
	return calls[call->kind].letters[0] == 'a' ? call->args[0] : 0;
}

#define REMAP_FIXED 2

static size_t count_args(const struct event_call *call)
{
	size_t count = call_arity(call->kind);

	return call->kind == CALL_MREMAP && !(call->args[3] & REMAP_FIXED) ? count - 1 : count;
}

static void print_args(struct strbuf *out, const struct event_call *call, size_t most)
{
	size_t count = count_args(call);

	for (size_t i = 0; i < count && i < most; i++) {
		strbuf_puts(out, i ? ", " : "");
		print_one(out, calls[call->kind].letters[i], call->args[i]);
	}
	if (count > most)
		strbuf_puts(out, ", ...");
}

void call_print_args(struct strbuf *out, const struct event_call *call)
{
	strbuf_puts(out, "");
	print_args(out, call, CALL_ARGS);
}

void call_print(struct strbuf *out, const struct event_call *call, size_t most)
{
	strbuf_printf(out, "%s(", call_name(call->kind));
	print_args(out, call, most);
	strbuf_puts(out, ")");
}
