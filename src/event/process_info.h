/* One line of the list of processes to choose from. */
#ifndef EVENT_PROCESS_INFO_H
#define EVENT_PROCESS_INFO_H

#include <stdbool.h>
#include <stdint.h>

struct process_info {
	int32_t pid;
	uint32_t uid;
	char *user;        /* name, or the number */
	char *command;     /* printable command line, or [comm] */
	uint64_t resident; /* bytes, from statm: approximate */
	uint64_t reserved; /* bytes */
	bool watchable;    /* we can open /proc/PID/maps, and it is not a kernel thread */
};

#endif
