/* What each harness has: libFuzzer's entry point. make check gives it the files of its corpus (replay.c), make fuzz
 * has libFuzzer look for new ones (fuzz.py). */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a harness may have: damages an input of `size` bytes in a buffer of `max`, as it likes; returns the new
 * size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
/* What it can use for a part of it: damages any bytes. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

#endif
