/* What the target of check_states is made of (states.c). */
#ifndef TESTS_STATES_TARGET_H
#define TESTS_STATES_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#define HUGE_SIZE ((size_t)2 << 20)

extern size_t page;           /* its size */
extern const char *directory; /* for files */

/* Ends the program if something is not as it must be. */
void must(bool good, const char *what);
/* Prints that this machine cannot make the scene, and why. */
void skip(const char *scene, const char *why);
/* Prints what must be seen of this many pages: WORD and FLAGs (states.c). */
void expect(const char *scene, const void *at, size_t count, const char *word);

/* Memory that can be read and written, with mmap's flags. */
char *map(size_t pages, int flags, int fd);
/* Such memory at a multiple of `align`. */
char *map_aligned(size_t size, size_t align, int flags, int fd);
void read_page(const char *at);
/* A file of the directory, so many pages long; its descriptor. */
int make_file(const char *name, size_t pages);

/* The pages of files and of shared memory (states_file.c). A page of a private file that the page cache drops meanwhile
 * would be expected wrongly: so it comes last. */
void make_shared_files(void);
void make_private_file(void);

#endif
