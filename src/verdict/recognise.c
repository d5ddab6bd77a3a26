/* What is certain: names, files, the kernel's own pages, rights. And what recognisers share. */
#include "verdict/recognise.h"

#include <string.h>

#include "base/i18n.h"

const char *owner_kind_name(enum owner_kind kind)
{
	static const char *const names[OWNER_KINDS] = {
		[OWNER_UNKNOWN] = "unknown",
		[OWNER_FILE] = "file",
		[OWNER_SHARED] = "shared-memory",
		[OWNER_KERNEL] = "kernel",
		[OWNER_STACK] = "main-stack",
		[OWNER_THREADS] = "thread-stacks",
		[OWNER_NAMED] = "named",
		[OWNER_BREAK] = "program-break",
		[OWNER_MAIN_ARENA] = "glibc-main-arena",
		[OWNER_ARENA] = "glibc-arenas",
		[OWNER_HEAPS] = "glibc-heaps-or-anonymous",
		[OWNER_MALLOC_LARGE] = "anonymous",
		[OWNER_ALLOCATOR] = "allocator",
		[OWNER_GO] = "go-heap",
		[OWNER_JAVA_HEAP] = "java-heap",
		[OWNER_JAVA_CODE] = "java-code",
		[OWNER_V8] = "v8-heap",
		[OWNER_V8_LARGE] = "v8-large-objects",
		[OWNER_PYTHON] = "python-arenas",
		[OWNER_CODE] = "code",
		[OWNER_NO_ACCESS] = "no-access",
	};

	return (unsigned)kind < OWNER_KINDS ? names[kind] : "unknown";
}

const char *owner_sure_name(enum owner_sure sure)
{
	static const char *const names[] = { "certain", "likely", "possible" };

	return (unsigned)sure <= OWNER_POSSIBLE ? names[sure] : "possible";
}

void claim_region(struct recognition *r, size_t i, enum owner_kind kind, enum owner_sure sure,
		  const char *ground)
{
	if (!r->claims[i].claimed)
		r->claims[i] =
		    (struct claim){ .claimed = true, .kind = kind, .sure = sure, .ground = ground };
}

bool region_is_plain(const struct region *region)
{
	const struct region_attr *a = &region->attr;

	return a->kind == REGION_ANON && !*a->path && (a->perms & 15) == (REGION_READ | REGION_WRITE);
}

bool region_is_barred(const struct region *region)
{
	const struct region_attr *a = &region->attr;

	return a->kind == REGION_ANON && !*a->path &&
	       !(a->perms & (REGION_READ | REGION_WRITE | REGION_EXEC));
}

/* "[anon:arena]", of shared memory "[anon_shmem:queue]" (prctl(2), PR_SET_VMA_ANON_NAME). */
void recognise_named(struct recognition *r)
{
	static const char *const before[] = { "[anon:", "[anon_shmem:" };

	for (size_t i = 0; i < r->count; i++) {
		const char *path = r->regions[i]->attr.path;

		for (size_t b = 0; b < 2; b++) {
			size_t len = strlen(before[b]), all = strlen(path);

			if (strncmp(path, before[b], len) != 0 || all <= len + 1 || path[all - 1] != ']')
				continue;
			claim_region(r, i, OWNER_NAMED, OWNER_CERTAIN, N_("the program gave it this name"));
			r->claims[i].name = path + len;
			r->claims[i].name_len = all - len - 1;
		}
	}
}

static const char *path_of(const struct recognition *r, size_t i)
{
	return r->regions[space_file_region(r->process->space, i)]->attr.path;
}

void recognise_files(struct recognition *r)
{
	for (size_t i = 0; i < r->count; i++) {
		enum region_kind kind = (enum region_kind)r->regions[i]->attr.kind;

		if (r->claims[i].claimed)
			continue;
		if (kind == REGION_VDSO || kind == REGION_VVAR || kind == REGION_VSYSCALL)
			claim_region(r, i, OWNER_KERNEL, OWNER_CERTAIN,
				     N_("the kernel maps it into every process"));
		else if (kind == REGION_STACK)
			claim_region(r, i, OWNER_STACK, OWNER_CERTAIN, N_("the kernel calls it [stack]"));
		else if (kind == REGION_HEAP)
			claim_region(r, i, OWNER_BREAK, OWNER_CERTAIN, N_("the kernel calls it [heap]"));
		else if (kind == REGION_SHM)
			claim_region(r, i, OWNER_SHARED, OWNER_CERTAIN, N_("it is mapped as shared memory"));
		else if (*path_of(r, i))
			claim_region(r, i, OWNER_FILE, OWNER_CERTAIN, N_("the file is mapped there"));
		if (r->claims[i].kind == OWNER_FILE || r->claims[i].kind == OWNER_SHARED)
			r->claims[i].name = path_of(r, i);
	}
}

void recognise_code(struct recognition *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct region_attr *a = &r->regions[i]->attr;

		if (a->kind == REGION_ANON && a->perms & REGION_EXEC)
			claim_region(r, i, OWNER_CODE, OWNER_CERTAIN,
				     N_("executable memory of no file: code made at run time"));
		else if (region_is_barred(r->regions[i]))
			claim_region(r, i, OWNER_NO_ACCESS, OWNER_CERTAIN,
				     N_("it may be neither read nor written"));
	}
}
