/* One line of the list of processes to choose from. */
#ifndef EVENT_PROCESS_INFO_H
#define EVENT_PROCESS_INFO_H

#include <stdbool.h>
#include <stdint.h>

/* Why a process cannot be watched. */
enum process_refused {
	PROCESS_REFUSED_NOT,        /* it can be */
	PROCESS_REFUSED_OTHER_USER, /* it is another user's, and we are not root */
	PROCESS_REFUSED_MORE_RIGHTS, /* it has more rights than we have, or is protected: the kernel refuses it nevertheless */
};

struct process_info {
	int32_t pid;
	uint32_t uid;
	char *user;                   /* name, or the number */
	char *command;                /* printable command line, or [comm] */
	uint64_t resident;            /* bytes, from statm: approximate */
	uint64_t virtual_size;        /* bytes: the size of all regions */
	uint64_t started;             /* clock ticks since the machine booted */
	enum process_refused refused; /* what opening /proc/PID/maps gave */
};

#endif
