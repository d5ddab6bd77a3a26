/* The kernel's cheap figures of a process or a thread. stat is one line (proc_pid_stat(5)):
 *
 *   4242 (my (odd) name) S 4000 4242 4000 34816 4242 4194304 812 0 3 0 12 4 0 0 20 0 1 0 90210 ...
 *   1    2               3 4    5    6    7     8    9       10    12  14 15     20
 *
 * The name is whatever the process chose, with parentheses and newlines: the fields are counted from the last
 * parenthesis.
 *
 * status has a line for each figure (proc_pid_status(5)):
 *
 *   Name:\tdemo
 *   Tgid:\t4242
 *   NSpid:\t4242\t17                        in our pid namespace first, in the innermost last
 *   Uid:\t1000\t1000\t1000\t1000             real, effective, saved, file system
 *   SigCgt:\t0000000180004002
 */
#include "kern/stat.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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
	FIELD_START_TICKS = 22,
	FIELD_VSIZE = 23,
	FIELD_START_CODE = 26,
	FIELD_START_STACK = 28,
};

/* PF_KTHREAD and PF_FORKNOEXEC of include/linux/sched.h */
#define KERNEL_THREAD 0x00200000u
#define FORKED_NO_EXEC 0x00000040u

static void keep(struct process_stat *f, unsigned field, uint64_t number, bool negative)
{
	switch (field) {
	case FIELD_TTY_PGRP:
		f->tty_pgrp = negative ? -(int32_t)number : (int32_t)number;
		break;
	case FIELD_FLAGS:
		f->kernel_thread = number & KERNEL_THREAD;
		f->unexeced = number & FORKED_NO_EXEC;
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
	case FIELD_START_TICKS:
		f->start_ticks = number;
		break;
	case FIELD_VSIZE:
		f->vsize = number;
		break;
	case FIELD_START_CODE:
		f->start_code = number;
		break;
	case FIELD_START_STACK:
		f->start_stack = number;
		break;
	}
}

bool stat_parse(const char *text, size_t len, struct process_stat *s)
{
	const char *end = text + len, *at = memrchr(text, ')', len);
	unsigned field = FIELD_STATE;

	*s = (struct process_stat){ 0 };
	if (!at || end - at < 4 || at[1] != ' ' || !isalpha((unsigned char)at[2]) || at[3] != ' ')
		return false;
	s->counters.state = at[2];
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
	/* an exec gives the stack a provisional address, and the final one together with that of the code */
	if (!s->start_code)
		s->start_stack = 0;
	return field >= FIELD_START_STACK;
}

/* The text after the name of a line, or NULL. A name holds no newline: the kernel escapes it. */
static const char *line_named(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, name, len) == 0)
			return at + len;
		if (!*at)
			break;
	}
	return NULL;
}

static uint64_t hexadecimal(const char *text, const char *name)
{
	const char *at = line_named(text, name);

	return at ? strtoull(at, NULL, 16) : 0;
}

static int32_t number_of(const char *at)
{
	long number = at ? strtol(at, NULL, 10) : 0;

	return number > 0 && number <= INT32_MAX ? (int32_t)number : 0;
}

static int32_t last_number(const char *at)
{
	int32_t last = 0;

	while (at && *at == '\t') {
		char *end;

		strtol(at, &end, 10);
		if (end == at)
			break;
		last = number_of(at);
		at = end;
	}
	return last;
}

void status_parse(const char *text, struct status_lines *s)
{
	const char *uid = line_named(text, "Uid:");
	unsigned effective;

	*s = (struct status_lines){
		.process = number_of(line_named(text, "Tgid:")),
		.parent = number_of(line_named(text, "PPid:")),
		.own_pid = last_number(line_named(text, "NSpid:")),
		.uid = uid && sscanf(uid, "%*u %u", &effective) == 1 ? (int64_t)effective : -1,
		.capabilities = hexadecimal(text, "CapEff:"),
		.has_signals = line_named(text, "SigCgt:") != NULL,
		.blocked = hexadecimal(text, "SigBlk:"),
		.ignored = hexadecimal(text, "SigIgn:"),
		.caught = hexadecimal(text, "SigCgt:"),
	};
}
