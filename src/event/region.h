/* A region: a range of addresses that the kernel has granted a process (a VMA), as in /proc/PID/maps. A VMA
 * that holds both a library's bss and what the program mapped right behind it counts as two regions: the
 * kernel merges them, but they are different things. */
#ifndef EVENT_REGION_H
#define EVENT_REGION_H

#include <stdbool.h>
#include <stdint.h>

enum region_kind {
	REGION_TEXT,   /* executable part of an ELF file */
	REGION_RODATA, /* read-only part of an ELF file */
	REGION_DATA,   /* writable part of an ELF file */
	REGION_BSS,    /* anonymous memory right after an ELF file's data */
	REGION_HEAP,   /* [heap] */
	REGION_STACK,  /* [stack] */
	REGION_ANON,   /* private anonymous */
	REGION_FILE,   /* a mapped file that is not a program's image */
	REGION_SHM,    /* shared anonymous, tmpfs, memfd, System V */
	REGION_VDSO,
	REGION_VVAR,
	REGION_VSYSCALL,
	REGION_KINDS,
};

enum region_perm {
	REGION_READ = 1,
	REGION_WRITE = 2,
	REGION_EXEC = 4,
	REGION_MAY_SHARE = 8, /* "s": MAP_SHARED */
};

/* Longest path, in bytes. The kernel opens paths of up to 4,096; a deeper one, made step by step, is cut. */
#define REGION_PATH_MAX 65535

/* What the kernel reports about a region. `path` is raw bytes as the file system has them (maps' \012
 * decoded): make it printable before it is shown. */
struct region_attr {
	uint64_t start, end; /* addresses, [start, end) */
	uint64_t offset;     /* bytes, in the file */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	uint8_t perms;    /* enum region_perm */
	uint8_t kind;     /* enum region_kind */
	bool hugetlb;     /* backed by the hugetlb pool */
	bool device;      /* a character device: its pages are not the process's memory */
	bool joined;      /* the kernel has it in one mapping with the region right before it */
	const char *path; /* "": none; owned by the owner of the attr */
};

/* A region with an identity: the id stays when the region grows, shrinks, is split (the larger half keeps
 * it), merges or changes its protection. */
struct region {
	uint64_t id;             /* from 1, never used again within a process */
	struct region_attr attr; /* attr.path owned by the space */
	uint64_t born_ns;        /* 0: it was there when the watch began */
	uint64_t died_ns;        /* 0: alive */
	uint64_t reach;          /* model/space.c's own: the highest end so far */
};

/* What userfaultfd is registered for in a region. */
enum region_userfault {
	REGION_USERFAULT_ANY = 1, /* it is registered, though perhaps not known for what */
	REGION_USERFAULT_MISSING = 2,
	REGION_USERFAULT_WRITE = 4, /* writes to pages that it has protected from them */
	REGION_USERFAULT_MINOR = 8, /* pages that the file or object has but the process has not mapped */
};

/* The kernel's own sums of a region, as smaps has them, in bytes. */
struct region_sums {
	uint64_t start, end; /* the region's addresses */
	uint64_t rss;        /* resident, without pages from the hugetlb pool */
	uint64_t pss;        /* resident, each page divided by the number of processes that map it */
	uint64_t swap, locked;
	uint64_t hugetlb;   /* resident, from the hugetlb pool */
	uint64_t anonymous; /* resident, not pages of a file: private memory, copies */
	uint64_t lazyfree;  /* of that, freed with MADV_FREE and not reclaimed yet */
	uint64_t huge;      /* resident, mapped as transparent huge pages */
	/* resident, without the hugetlb pool: shared with others or not, written to or not */
	uint64_t shared_clean, shared_dirty, private_clean, private_dirty;
	uint8_t kind;      /* enum region_kind; REGION_KINDS: not known */
	uint8_t userfault; /* enum region_userfault; 0: not registered */
	bool is_locked;    /* mlocked: its resident pages cannot go */
	bool grows_down;   /* by a touch right below it, as a stack does (MAP_GROWSDOWN) */
};

const char *region_kind_name(enum region_kind);    /* "text": JSON and screen, never translated */
int region_kind_parse(const char *name);           /* or -1 */
const char *region_kind_meaning(enum region_kind); /* one translated line */
/* "r-xp" into buf, returned. */
const char *region_perms_text(char buf[static 5], uint8_t perms);
/* Its name for people: the file's base name, "[heap]", "" for anonymous memory. Raw bytes, part of path. */
const char *region_name(const struct region_attr *);
/* Is no access allowed (PROT_NONE)? */
static inline bool region_is_closed(const struct region_attr *a)
{
	return !(a->perms & (REGION_READ | REGION_WRITE | REGION_EXEC));
}
/* Are its pages not the process's, nor the page cache's, but those of the kernel ([vdso], [vvar]) or of a device? */
static inline bool region_is_special(const struct region_attr *a)
{
	return a->device || a->kind == REGION_VDSO || a->kind == REGION_VVAR || a->kind == REGION_VSYSCALL;
}
/* Is a file behind it, an object of shared memory, or the pool of huge pages? A private mapping of /dev/zero has an
 * inode, and yet is anonymous memory. */
static inline bool region_has_file(const struct region_attr *a)
{
	return a->inode && (a->kind != REGION_ANON || a->hugetlb);
}
/* Can the page cache hold its pages: those of a file, or of an object of shared memory? */
static inline bool region_is_cacheable(const struct region_attr *a)
{
	return a->inode && !region_is_special(a) && a->kind != REGION_ANON;
}
/* Is it mapped from the file of that path, or from one that had it and was deleted or replaced ("PATH
 * (deleted)")? */
bool region_is_of_file(const struct region_attr *, const char *path);
bool region_attr_equal(const struct region_attr *a, const struct region_attr *b);
/* Can an address that both regions contain be the same memory in both: the same file at the same offset, or
 * no file? If there is an inode, the path does not count, because it changes when the file is deleted or
 * renamed. */
bool region_same_backing(const struct region_attr *a, const struct region_attr *b);

#endif
