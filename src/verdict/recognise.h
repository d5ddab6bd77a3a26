/* Who owns a region when only its address, size, rights and neighbours can show it. Each recogniser is a
 * function and a row in owners.c; it claims regions, with a certainty and the evidence. */
#ifndef VERDICT_RECOGNISE_H
#define VERDICT_RECOGNISE_H

#include "model/process.h"

enum owner_kind {
	OWNER_UNKNOWN,
	OWNER_FILE,         /* a mapped file; the name is its path */
	OWNER_SHARED,       /* shared memory */
	OWNER_KERNEL,       /* vdso and such */
	OWNER_STACK,        /* the main thread's */
	OWNER_THREADS,      /* stacks of other threads */
	OWNER_NAMED,        /* [anon:NAME] */
	OWNER_BREAK,        /* [heap], the program break */
	OWNER_MAIN_ARENA,   /* the same, used by glibc's malloc */
	OWNER_ARENA,        /* glibc malloc's thread arenas */
	OWNER_HEAPS,        /* full heaps of these, or what the program mapped itself: they look the same */
	OWNER_MALLOC_LARGE, /* large blocks of malloc, or memory that the program mapped itself */
	OWNER_ALLOCATOR,    /* another allocator's */
	OWNER_GO,
	OWNER_JAVA_HEAP,
	OWNER_JAVA_CODE,
	OWNER_V8,
	OWNER_V8_LARGE, /* objects that have a region of their own */
	OWNER_PYTHON,
	OWNER_CODE,      /* code made at run time */
	OWNER_NO_ACCESS, /* address space that is reserved, without any rights */
	OWNER_KINDS,
};
const char *owner_kind_name(enum owner_kind); /* "glibc-arenas": as in JSON, never translated */

enum owner_sure { OWNER_CERTAIN, OWNER_LIKELY, OWNER_POSSIBLE };
const char *owner_sure_name(enum owner_sure); /* "certain": as in JSON, never translated */

/* What is known about one region. */
struct claim {
	bool claimed;
	enum owner_kind kind;
	enum owner_sure sure;
	const char *name;   /* raw, part of the region's path, or untranslated; NULL: the kind says it all */
	size_t name_len;    /* 0: all of it */
	const char *ground; /* the evidence, translatable */
	uint64_t piece;     /* size in bytes of each heap in it; 0: it has none */
	uint64_t split; /* the claim is about the region from this address on; 0: about all of it. Below it */
	enum owner_kind below;    /* ... this kind is possible */
	const char *below_ground; /* ... with this evidence */
};

/* Which programs and libraries are mapped, on which other evidence depends. */
struct mapped {
	bool glibc, jvm, v8, python;
	const char *allocator; /* "jemalloc"; NULL: none but libc's */
};

struct recognition {
	const struct process *process;
	struct region *const *regions; /* by address */
	size_t count;
	struct claim *claims; /* one for each */
	struct mapped mapped;
	const uint64_t *stacks; /* stack pointers, sorted */
	size_t stacks_count;
	uint64_t stack_limit; /* 0: not known */
};

/* Claims the i-th region, unless it is claimed already. */
void claim_region(struct recognition *, size_t i, enum owner_kind, enum owner_sure, const char *ground);
/* Is it private memory without a file, readable and writable, not executable? */
bool region_is_plain(const struct region *);
/* Has it no rights at all, and no file? */
bool region_is_barred(const struct region *);

/* The recognisers. Each looks at all regions that are not claimed yet. */
void recognise_named(struct recognition *);
void recognise_files(struct recognition *);
void recognise_addresses(struct recognition *); /* runtimes that choose distinctive addresses */
void recognise_arenas(struct recognition *);
void recognise_v8(struct recognition *);
void recognise_stacks(struct recognition *);
void recognise_code(struct recognition *);
void recognise_allocators(struct recognition *);

#endif
