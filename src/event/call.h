/* System calls that change a process's memory: which ones there are, and how they are shown. An event carries
 * the raw numbers, which become text only when it is shown. Flags are those of the recorded system: the names
 * here are those of Linux on x86. */
#ifndef EVENT_CALL_H
#define EVENT_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* As in the session file: new ones go to the end. */
enum call_kind {
	CALL_MMAP,
	CALL_MMAP_OLD, /* of 32-bit programs: its only argument points to the arguments in memory */
	CALL_MUNMAP,
	CALL_BRK,
	CALL_MPROTECT,
	CALL_PKEY_MPROTECT,
	CALL_MREMAP,
	CALL_REMAP_FILE_PAGES,
	CALL_MADVISE,
	CALL_MSYNC,
	CALL_MLOCK,
	CALL_MLOCK2,
	CALL_MUNLOCK,
	CALL_MLOCKALL,
	CALL_MUNLOCKALL,
	CALL_SHMAT,
	CALL_SHMDT,
	CALL_KINDS,
};

#define CALL_ARGS 6

/* A system call that has returned. */
struct event_call {
	int32_t tid;
	enum call_kind kind;
	uint64_t args[CALL_ARGS]; /* in the manual page's order; offsets in bytes; unused ones are 0 */
	uint64_t result;          /* what it returned; meaningless if it failed */
	int error;                /* errno if it failed; else 0 */
	uint64_t start, end;      /* addresses whose pages it may have changed; empty: not known */
};

/* "mmap": as in JSON, never translated. */
const char *call_name(enum call_kind);
/* How many arguments it has. */
size_t call_arity(enum call_kind);
/* Notes how the call ended: result, error (0: none), and the addresses that it was about, which follow from
 * these and its arguments. */
void call_return(struct event_call *, uint64_t result, int error);
/* The address that it is about: what it returned, or else its argument; 0 if it has none. */
uint64_t call_address(const struct event_call *);
/* Appends "NULL, 8388608, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0". */
void call_print_args(struct strbuf *, const struct event_call *);
/* Appends "mmap(NULL, 8192, ...)": the first `most` arguments; CALL_ARGS: all. */
void call_print(struct strbuf *, const struct event_call *, size_t most);

#endif
