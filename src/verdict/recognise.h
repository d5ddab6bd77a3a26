/* Who owns a region when only its address, size, rights and neighbours can show it. Each recogniser is a
 * function and a row in owners.c; it claims regions, and says how certain it is, and why. */
#ifndef VERDICT_RECOGNISE_H
#define VERDICT_RECOGNISE_H

#include "model/process.h"

enum owner_kind {
	OWNER_UNKNOWN,
	OWNER_FILE,       /* a mapped file; the name is its path */
	OWNER_SHARED,     /* shared memory */
	OWNER_KERNEL,     /* vdso and such */
	OWNER_STACK,      /* the main thread's */
	OWNER_THREADS,    /* stacks of other threads */
	OWNER_NAMED,      /* [anon:NAME] */
	OWNER_BREAK,      /* [heap], the program break */
	OWNER_MAIN_ARENA, /* the same, with glibc's malloc at work */
	OWNER_ARENA,      /* glibc malloc's thread arenas */
	OWNER_HEAPS, /* full heaps of these, or memory that the program mapped itself: they look the same */
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
	const char *name;   /* raw, of the region's path or untranslated; NULL: the kind says it */
	size_t name_len;    /* 0: all of it */
	const char *ground; /* why it seems so: translatable */
	uint64_t piece;     /* bytes of each of the heaps that it consists of; 0: of none */
	uint64_t
	    split; /* all of this is of the region from that address on; 0: of the whole region. Below it, */
	enum owner_kind below;    /* ... this is possible, */
	const char *below_ground; /* ... and why */
};

/* Which programs and libraries are mapped: other evidence depends on it. */
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

/* Claims the i-th region, if nobody has yet. */
void claim_region(struct recognition *, size_t i, enum owner_kind, enum owner_sure, const char *ground);
/* Private memory without a file: readable and writable, not executable. */
bool region_is_plain(const struct region *);
/* No rights at all, no file. */
bool region_is_barred(const struct region *);

/* The recognisers. Each looks at all regions that are not claimed yet. */
void recognise_named(struct recognition *);
void recognise_files(struct recognition *);
void recognise_addresses(struct recognition *); /* runtimes that choose addresses no one else does */
void recognise_arenas(struct recognition *);
void recognise_v8(struct recognition *);
void recognise_stacks(struct recognition *);
void recognise_code(struct recognition *);
void recognise_allocators(struct recognition *);

#endif
