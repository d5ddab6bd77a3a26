/* The programs that a process became by exec: the last EXEC_LOG_MAX that were seen. */
#ifndef MODEL_EXEC_LOG_H
#define MODEL_EXEC_LOG_H

#include <stdint.h>

#include "event/event.h"

#define EXEC_LOG_MAX 64
#define EXEC_LOG_COMMAND 120 /* bytes of a command line that are kept, with the 0 at the end */

struct exec_entry {
	uint64_t time_ns;      /* since the watch began */
	uint64_t after_faults; /* how many faults came before it: its place among them */
	char command
	    [EXEC_LOG_COMMAND]; /* its arguments with blanks between them, raw; without any, its name */
};

struct exec_log {
	struct exec_entry *entries; /* EXEC_LOG_MAX, or NULL */
	uint64_t begin, end;        /* [begin, end) are kept, each at its number % EXEC_LOG_MAX */
};

/* Adds what a process became at a time since the watch began, after `after_faults` faults in all. */
void exec_log_add(struct exec_log *, uint64_t time_ns, const struct event_process *, uint64_t after_faults);
/* The exec with this number; NULL if it is not kept. */
const struct exec_entry *exec_log_at(const struct exec_log *, uint64_t number);
/* Renumbers those that are kept, so that the next one gets this number. Keyframes hold only their count, so
 * after a seek those before the keyframe are not kept. */
void exec_log_number(struct exec_log *, uint64_t next);
struct exec_log exec_log_copy(const struct exec_log *); /* a deep copy */
void exec_log_fini(struct exec_log *);                  /* it can be used again */

#endif
