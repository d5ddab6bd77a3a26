/* Memory that is there or ends the program.
 *
 * No caller handles exhaustion: the one hook set by main restores the terminal
 * and lets the target go, then the program exits 1. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Called once before the program ends for lack of memory; NULL for none. */
void mem_on_exhausted(void (*hook)(void));

/* Memory, which the caller frees; never NULL: running out of it ends the program. */
void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
/* Memory of a large table: of huge pages, where the kernel has them, so that touching it the
 * first time and finding things in it cost less. Freed with free; not for mem_realloc. */
void *mem_alloc_large(size_t size);
void *mem_realloc(void *old, size_t size);
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t length);

/* Grows *array (elements of `size` bytes, *cap allocated) to hold at least
 * `need` elements, doubling. Use the macro. */
void mem_grow_bytes(void **array, size_t *cap, size_t need, size_t size);
#define mem_grow(array, cap, need)                                                                           \
	((need) <= (cap) ? (void)0 : mem_grow_bytes((void **)&(array), &(cap), (need), sizeof *(array)))

#endif
