/* /proc/PID/stat: one line of figures (proc_pid_stat(5)).
 *
 *   4242 (my (odd) name) S 4000 4242 4000 34816 4242 4194304 812 0 3 0 12 4 0 0 20 0 1 0 90210 ...
 *   1    2               3 4    5    6    7     8    9       10    12  14 15     20
 *
 * The name is as the process likes it, with parentheses and newlines: the fields are
 * counted from its last parenthesis. */
#include "kern/stat.h"

#include <ctype.h>
#include <string.h>

enum field {
	FIELD_STATE = 3,
	FIELD_TTY_PGRP = 8,
	FIELD_FLAGS = 9,
	FIELD_MINOR = 10,
	FIELD_MAJOR = 12,
	FIELD_USER_TICKS = 14,
	FIELD_SYSTEM_TICKS = 15,
	FIELD_THREADS = 20,
	FIELD_VSIZE = 23,
	FIELD_START_STACK = 28,
};

#define KERNEL_THREAD 0x00200000u /* PF_KTHREAD of include/linux/sched.h */

static void keep(struct stat_line *s, unsigned field, uint64_t number, bool negative)
{
	struct reader_stat *f = &s->figures;

	switch (field) {
	case FIELD_TTY_PGRP:
		f->tty_pgrp = negative ? -(int32_t)number : (int32_t)number;
		break;
	case FIELD_FLAGS:
		s->kernel_thread = number & KERNEL_THREAD;
		break;
	case FIELD_MINOR:
		f->counters.minor = number;
		break;
	case FIELD_MAJOR:
		f->counters.major = number;
		break;
	case FIELD_USER_TICKS:
	case FIELD_SYSTEM_TICKS:
		f->cpu_ticks += number;
		break;
	case FIELD_THREADS:
		f->counters.threads = (uint32_t)number;
		break;
	case FIELD_VSIZE:
		f->vsize = number;
		break;
	case FIELD_START_STACK:
		f->start_stack = number;
		break;
	}
}

bool stat_parse(const char *text, size_t len, struct stat_line *s)
{
	const char *end = text + len, *at = memrchr(text, ')', len);
	unsigned field = FIELD_STATE;

	*s = (struct stat_line){ 0 };
	if (!at || end - at < 4 || at[1] != ' ' || !isalpha((unsigned char)at[2]) || at[3] != ' ')
		return false;
	s->figures.counters.state = at[2];
	for (at += 4; at < end && *at != '\n'; at++) {
		bool negative = *at == '-';
		uint64_t number = 0;

		at += negative;
		for (; at < end && isdigit((unsigned char)*at); at++)
			number = number * 10 + (uint64_t)(*at - '0');
		keep(s, ++field, number, negative);
		if (at == end || *at != ' ')
			break;
	}
	return field >= FIELD_START_STACK;
}
