/* Gives a harness each file of a corpus, and damaged copies of each: bytes changed, parts cut out or doubled.
 * The damage is the same each time. A large corpus gets fewer copies of each file.
 *
 * With LIBFUZZER defined there is nothing here: libFuzzer has the main function. */
#include "fuzz/fuzz.h"

#ifndef LIBFUZZER

#include <dirent.h>
#include <stdio.h>

#define DAMAGED_MOST 300 /* copies of a file */
#define DAMAGED_ALL 3000 /* copies of all files, unless they are more than that themselves */
#define SIZE_MAX_READ (1 << 20)

static uint64_t seed = 1;

static size_t random_below(size_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return n ? (size_t)(seed >> 33) % n : 0;
}

/* A copy of its own size, so that a sanitizer sees each byte read beyond it. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		exit(99);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	static const char special[] = "\0\n -:)(/\\0129afx\xff";
	size_t at = random_below(size), len = random_below(size - at + 1) % 64;

	switch (size ? random_below(4) : 0) {
	case 0:
		if (size)
			data[at] = (uint8_t)random_below(256);
		return size;
	case 1:
		data[at] = (uint8_t)special[random_below(sizeof special)];
		return size;
	case 2:
		memmove(data + at, data + at + len, size - at - len);
		return size - len;
	default:
		if (len > max - size)
			return size;
		memmove(data + at + len, data + at, size - at);
		return size + len;
	}
}

/* Of a harness that has none. */
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned how)
{
	return LLVMFuzzerMutate(data, size, max);
}

static void replay(const char *path, int copies)
{
	static uint8_t whole[SIZE_MAX_READ], copy[2 * SIZE_MAX_READ];
	FILE *f = fopen(path, "rb");
	size_t size;

	if (!f) {
		perror(path);
		exit(1);
	}
	size = fread(whole, 1, sizeof whole, f);
	fclose(f);
	run(whole, size);
	for (int i = 0; i < copies; i++) {
		size_t left = size;

		memcpy(copy, whole, size);
		for (size_t times = 1 + random_below(8); times > 0; times--)
			left = LLVMFuzzerCustomMutator(copy, left, sizeof copy,
						       (unsigned)random_below(UINT32_MAX));
		run(copy, left);
	}
}

int main(int argc, char **argv)
{
	struct dirent **names = NULL;
	int n = argc == 2 ? scandir(argv[1], &names, NULL, alphasort) : -1, files = 0, copies;

	if (n < 0) {
		fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 2;
	}
	copies = DAMAGED_ALL / (n + 1) + 1;
	copies = copies < DAMAGED_MOST ? copies : DAMAGED_MOST;
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof path, "%s/%s", argv[1], names[i]->d_name);
		if (names[i]->d_name[0] != '.') {
			replay(path, copies);
			files++;
		}
		free(names[i]);
	}
	free(names);
	printf("%d files, %d damaged copies of each\n", files, copies);
	return files == 0;
}

#endif
