/* The kernel's clocks, in nanoseconds. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static uint64_t read_clock(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * CLOCK_SECOND + (uint64_t)t.tv_nsec;
}

uint64_t clock_now_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_thread_cpu_ns(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

const char *clock_iso(char buf[static 32], uint64_t wall_ns)
{
	time_t seconds = (time_t)(wall_ns / CLOCK_SECOND);
	struct tm utc;
	gmtime_r(&seconds, &utc);
	size_t at = strftime(buf, 32, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(buf + at, 32 - at, ".%03dZ", (int)(wall_ns % CLOCK_SECOND / 1000000));
	return buf;
}

const char *clock_wall_iso(char buf[static 32])
{
	return clock_iso(buf, read_clock(CLOCK_REALTIME));
}
