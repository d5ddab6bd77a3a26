/* Memory is there, or the program ends.
 *
 * No caller handles running out of it: the hook that main sets restores the terminal and lets the target go,
 * then the program exits with 1. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Called once before the program ends because memory ran out; NULL for none. */
void mem_on_exhausted(void (*hook)(void));

/* Memory, which the caller frees; never NULL. */
void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
/* Memory for a large table: huge pages where the kernel has them, so that touching it for the first time and
 * searching it cost less. The caller frees it with free; mem_realloc cannot take it. */
void *mem_alloc_large(size_t size);
void *mem_realloc(void *old, size_t size);
/* A copy of that many bytes, which the caller frees; NULL for NULL or for 0 bytes. */
void *mem_copy(const void *, size_t bytes);
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t length);

/* Grows *array (elements of `size` bytes, room for *cap) to hold at least `need` elements, by doubling. Use
 * the macro. */
void mem_grow_bytes(void **array, size_t *cap, size_t need, size_t size);
#define mem_grow(array, cap, need)                                                                           \
	((need) <= (cap) ? (void)0 : mem_grow_bytes((void **)&(array), &(cap), (need), sizeof *(array)))

#endif
