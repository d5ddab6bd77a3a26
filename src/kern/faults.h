/* Every page fault of a process, counted one by one by the kernel's perf software events:
 * who touched which address, from where, when, and whether it took a disk.
 *
 * The process is not stopped. Faults of its threads, those to come too, are told from
 * opening on; of children that it forks they are not. Only faults that were handled are
 * told: a segmentation fault is none. */
#ifndef KERN_FAULTS_H
#define KERN_FAULTS_H

#include "base/err.h"
#include "kern/faultring.h"

struct faults;

/* ERR_DENIED (the text says what would allow it), ERR_GONE, ERR_UNSUPPORTED. */
struct faults *faults_open(int32_t pid, struct err *);
void faults_close(struct faults *);

/* Faults in user mode alone: those within system calls are not told here. */
bool faults_user_only(const struct faults *);
/* An fd to poll: readable when the rings fill. */
int faults_fd(const struct faults *);
/* Fills batch anew with what has come, in order of time. */
void faults_drain(struct faults *, struct fault_batch *);

#endif
