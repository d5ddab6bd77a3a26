/* Stops before chosen instructions without debug registers: the thread runs one instruction at a time, and
 * after each we check where it is. This takes some microseconds an instruction. Nothing is written into the
 * program's text, and no page of it is touched before the program does so itself. Only for the thread that
 * traces, like all of trace/tracees.h; the thread in question is stopped. */
#ifndef TRACE_SINGLESTEP_H
#define TRACE_SINGLESTEP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct singlestep {
	bool on;      /* the thread runs like this */
	bool used;    /* it did so before: it may have been interrupted on its way to the end of a step */
	bool by_flag; /* it has the trap flag, set by us */
	uint64_t at;  /* the instruction at which it stands; 0: that has to be asked */
	uint64_t
	    there; /* 1 + the page of an instruction that was in memory, and has been since; 0: none is known */
};

/* Can threads be stopped like this on this machine? */
bool singlestep_possible(void);
/* From now on the thread runs like this. */
void singlestep_begin(struct singlestep *);
/* Does it? And did it ever, so that it may still stop at the end of a step? */
bool singlestep_is_on(const struct singlestep *);
bool singlestep_was_on(const struct singlestep *);
/* Ends single-stepping. The thread must be stopped; its trap flag is cleared (singlestep_clean). */
void singlestep_end(struct singlestep *, pid_t tid);
/* Runs one instruction, delivering the signal (0: none). `pagemap` is an fd of its process's pagemap. A
 * thread that was killed meanwhile runs none: waitpid reports it. */
void singlestep_go(struct singlestep *, pid_t tid, int pagemap, int signal);
/* Clears the trap flag if we have set it. To be called while the thread is stopped, before it continues in
 * another way. */
void singlestep_clean(struct singlestep *, pid_t tid);
/* The address of a stopped thread's next instruction; 0 if that is not known. */
uint64_t singlestep_next(pid_t tid);
/* The thread is stopped at a SIGTRAP: is that the end of a step? *address is the next instruction. */
bool singlestep_is(struct singlestep *, pid_t tid, uint64_t *address);

#endif
