/* The kernel's clocks; the monotonic one also stamps faults. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_MS UINT64_C(1000000)
#define CLOCK_SECOND UINT64_C(1000000000)

uint64_t clock_now_ns(void);        /* CLOCK_MONOTONIC */
uint64_t clock_thread_cpu_ns(void); /* processor time that the calling thread has used */
const char *clock_iso(char buf[static 32],
		      uint64_t wall_ns); /* ns since 1970, UTC, as "2026-11-22T10:15:00.123Z" */
/* The same for the current time. */
const char *clock_wall_iso(char buf[static 32]);

#endif
