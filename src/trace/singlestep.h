/* Stops before chosen instructions where there are no debug registers for us: the thread goes on by one
 * instruction at a time, and each time it is looked where it stands. Some microseconds an instruction.
 *
 * Nothing is written into the program's text, and no page of it is touched before the program does so
 * itself.
 *
 * For the thread that traces only, as all of trace/tracees.h; the thread in question stands. */
#ifndef TRACE_SINGLESTEP_H
#define TRACE_SINGLESTEP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct singlestep {
	bool on;      /* the thread goes on like that */
	bool used;    /* it did so once: it may have been interrupted on its way to the end of a step */
	bool by_flag; /* it has the trap flag, which is ours */
};

/* Can threads be stopped like that here? */
bool singlestep_possible(void);
/* Goes on for one instruction, delivering the signal (0: none). `pagemap`: that of its process, open. As
 * ptrace. */
long singlestep_go(struct singlestep *, pid_t tid, int pagemap, int signal);
/* Takes the trap flag away, where it has it. Whenever the thread stands, before it goes on otherwise. */
void singlestep_clean(struct singlestep *, pid_t tid);
/* The thread stands at a SIGTRAP: is that the end of a step? *address is the instruction that comes. */
bool singlestep_is(pid_t tid, uint64_t *address);

#endif
