/* Figures as they appear in sentences. */
#ifndef VERDICT_WORDS_H
#define VERDICT_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define WORDS_SIZE 64 /* bytes */
/* "0", "640 KiB", "41.2 MiB", "1.20 GiB": three digits. "unknown", translated, of KERNEL_UNKNOWN. */
const char *words_size(char buf[static WORDS_SIZE], uint64_t bytes);
/* Hundredths that part is of whole, rounded; 0 if the whole is 0. words_share has the words. */
unsigned words_percent(uint64_t part, uint64_t whole);
/* The same, rounded down: what is at least. */
unsigned words_percent_down(uint64_t part, uint64_t whole);
/* Hundredths that each part is of the whole, rounded so that they add up as the parts do; a part that is not
 * known (KERNEL_UNKNOWN) has none. At most WORDS_PARTS of them. */
#define WORDS_PARTS 16
void words_split(const uint64_t *parts, size_t count, uint64_t whole, unsigned *hundredths);
/* "42 %"; "<1 %" if a part is there but less than that, ">99 %" if it rounds to all and is not. */
const char *words_share(char buf[static WORDS_SIZE], unsigned hundredths, uint64_t part, uint64_t whole);
/* The same of a part that is rounded by itself. */
const char *words_share_of(char buf[static WORDS_SIZE], uint64_t part, uint64_t whole);
/* "0.4 s", "12.4 s", "3 min 20 s", "2 h 5 min" */
const char *words_span(char buf[static WORDS_SIZE], uint64_t ns);

#endif
