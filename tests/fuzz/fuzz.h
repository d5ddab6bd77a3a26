/* What each harness has: libFuzzer's entry point. With clang, and -fsanitize=fuzzer in
 * place of replay.c, the same harness looks for new inputs by itself. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
