/* What the cases of causes.c share: memory, files, and faults that are made and written down. */
#ifndef TESTS_CAUSE_TARGET_H
#define TESTS_CAUSE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE ((size_t)4096)
#define FILE_PAGES 64

/* A case: what it is called, and the function that makes its faults. */
struct cause_case {
	const char *name;
	void (*touch)(void);
};

/* Each file's cases, up to one without a name. */
extern const struct cause_case plain_cases[], fork_cases[], moved_cases[], userfault_cases[], again_cases[];

/* What is expected goes to the file at `path`; other files that the cases need are named after it. */
void target_begin(const char *path);
void target_end(void);

/* Ends the program if something is not as it must be. */
void must(int good, const char *what);

/* Writes down a fault that this thread is about to make. `rest`: BEFORE AFTER HUGE (cause_cases.h). Where this kernel has no
 * zero page, what is read is filled, and writing it after that is no fault. */
void expect(volatile char *at, const char *cause, const char *access, const char *rest);
/* The same for a fault that a thread has made. `hidden`: only frames show what others did with their pages, so a cause that is
 * marked as deduced may be another. */
void expect_of(int tid, volatile char *at, const char *cause, const char *access, const char *rest,
	       bool hidden);
/* Has what was written down in the file: before a fork, so that the child does not write it once more. */
void expect_flush(void);
/* Writes to, or reads, so many pages, one byte each, the first one's at `at`: each is a fault that is expected. */
void touch_writing(volatile char *at, size_t pages, const char *cause, const char *rest);
void touch_reading(volatile char *at, size_t pages, const char *cause, const char *rest);

/* Waits until the page is in that state: the test answers. False where it did not get there. */
bool until(volatile char *at, const char *state);

/* Private anonymous memory, of small pages. */
volatile char *map_memory(size_t bytes);
void unmap(volatile char *at, size_t bytes);
/* The page's entry in /proc/self/pagemap. */
uint64_t entry_of(volatile char *at);
/* A file of FILE_PAGES pages full of `byte`, each in the page cache. */
int cached_file(int byte);

/* A fresh page waits in a list of its processor, and MADV_PAGEOUT looks only into the list of the processor that it runs on:
 * so both must be the same. */
void stay_on_processor(void);

/* A child that shares the memory as it is at its birth, and does nothing until it is released. */
struct sharer {
	pid_t pid;
	int pipe;
};

struct sharer sharer_begin(void);
void sharer_end(const struct sharer *s);

#endif
