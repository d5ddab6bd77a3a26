/* Memory is there, or the program ends: no caller handles running out of it. */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

static void __attribute__((noreturn)) exhausted(void)
{
	void (*hook)(void) = exhausted_hook;
	exhausted_hook = NULL; /* the hook may run out of memory too */
	if (hook)
		hook();
	fputs(_("pagescape: out of memory\n"), stderr);
	_exit(1);
}

static void *checked(void *memory)
{
	if (!memory)
		exhausted();
	return memory;
}

void *mem_alloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *mem_zalloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *mem_realloc(void *old, size_t size)
{
	return checked(realloc(old, size ? size : 1));
}

#define HUGE_PAGE ((size_t)2 << 20)

void *mem_alloc_large(size_t size)
{
	void *memory;

	if (size < HUGE_PAGE)
		return mem_alloc(size);
	size = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	memory = checked(aligned_alloc(HUGE_PAGE, size));
	(void)madvise(memory, size, MADV_HUGEPAGE); /* kernels without huge pages refuse */
	return memory;
}

void *mem_copy(const void *from, size_t bytes)
{
	return from && bytes ? memcpy(mem_alloc(bytes), from, bytes) : NULL;
}

char *mem_strdup(const char *text)
{
	return checked(strdup(text));
}

char *mem_strndup(const char *text, size_t length)
{
	return checked(strndup(text, length));
}

void mem_grow_bytes(void **array, size_t *cap, size_t need, size_t size)
{
	size_t wanted = *cap ? *cap : 8;
	while (wanted < need) {
		if (wanted > SIZE_MAX / 2 / size)
			exhausted();
		wanted *= 2;
	}
	*array = mem_realloc(*array, wanted * size);
	*cap = wanted;
}
