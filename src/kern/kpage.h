/* /proc/kpageflags and /proc/kpagecount: 8 bytes of every frame of the machine
 * (Documentation/admin-guide/mm/pagemap.rst). */
#ifndef KERN_KPAGE_H
#define KERN_KPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KPAGE_REFERENCED (UINT64_C(1) << 2)
#define KPAGE_DIRTY (UINT64_C(1) << 4)
#define KPAGE_KSM (UINT64_C(1) << 21)
#define KPAGE_ZERO (UINT64_C(1) << 24)
#define KPAGE_MLOCKED (UINT64_C(1) << 33)

/* The PAGE_ flags that kernel flags tell. */
uint32_t kpage_flags(uint64_t kernel_flags);

/* Reads the words of n frames that follow one another from either file. */
bool kpage_read(int fd, uint64_t frame, size_t n, uint64_t *words);

#endif
