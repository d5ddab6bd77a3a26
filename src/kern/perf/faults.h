/* Every page fault of a process, counted one by one by the kernel's perf software events: which thread
 * touched which address, from which instruction, when, and whether it had to wait for a disk; with the
 * thread's registers and the top of its stack, if asked for.
 *
 * The process is not stopped. After opening, its faults are reported, including those of later threads, as
 * well as what it maps, and when it forks or execs. The faults of its children are not, but what children
 * touch before they are found can be noted for their kin (`heirs`). Only faults that were handled are
 * reported: a segmentation fault is not, nor is the touch of a guard page (see trace/fatal.h). */
#ifndef KERN_PERF_FAULTS_H
#define KERN_PERF_FAULTS_H

#include "base/err.h"
#include "kern/perf/faultring.h"
#include "kern/perf/kin.h"
#include "kern/perf/unseen.h"

struct faults;

struct faults_options {
	uint32_t stack_bytes; /* how much is sampled of each stack; 0: neither stacks nor registers */
	uint32_t stack_every; /* one in so many minor faults of a thread has its stack sampled; 0: each */
	/* how many times the ring size is divided by four: for one of many processes, while its faults are
	 * few */
	unsigned smaller;
	bool held;              /* it was launched, and what it forks is held until announced (kin_watch) */
	struct ring_pool *pool; /* rings are taken from it and given back to it; NULL: none */
	bool heirs; /* children are found late, but what they touch from birth on is known to the kin */
	bool codes; /* the processor's error codes too, if the kernel has them (tracefs, root) */
};

#define FAULTS_SMALLEST 2 /* times a quarter */

/* The caller ends it with faults_close. NULL with err: ERR_DENIED (the text says what would allow it),
 * ERR_GONE, ERR_UNSUPPORTED, or ERR_SYSTEM if there are no descriptors left, or no memory that may be
 * locked. */
struct faults *faults_open(int32_t pid, const struct faults_options *, struct err *);
void faults_close(struct faults *);
/* Is it worth opening anew with larger rings: was it opened with smaller ones, and may we lock more
 * memory? */
bool faults_may_grow(const struct faults *);
/* No more faults come, but what has come can be drained. */
void faults_stop(struct faults *);

/* Does it report only faults in user mode, none from within system calls? */
bool faults_user_only(const struct faults *);
/* Can error codes be read? They are on after opening. faults_set_codes switches them off and on, because they
 * cost the process about as much as counting the faults does. */
bool faults_can_code(const struct faults *);
/* Why they cannot: ERR_DENIED or ERR_UNSUPPORTED, whose text says what would allow it; ERR_NONE if they
 * can. */
const struct err *faults_code_err(const struct faults *);
void faults_set_codes(struct faults *, bool on);
/* The last error code of a thread, if it is for this address and no drained fault has followed it: then it
 * belongs to a fault that ended in a signal. False: there is none. */
bool faults_last_code(const struct faults *, int32_t tid, uint64_t address, uint32_t *code);
/* Faults before `begin`, and those from `end` on, are left out. */
void faults_begin(struct faults *, uint64_t clock_ns);
uint64_t faults_begun(const struct faults *); /* 0: none are */
void faults_end(struct faults *, uint64_t clock_ns);
/* Takes over from another, which was drained and is about to be closed, what it knows about the process's
 * kin, and the events that report forks, exits and execs. */
void faults_inherit(struct faults *, struct faults *from);
/* What happened to it and to the processes that it forked, as far as drained. */
struct kin *faults_kin(const struct faults *);
/* Joins the kin of another: what the process does from now on is noted there, too. What was before is left
 * out where the elder has it. */
void faults_join(struct faults *, struct faults *elder);
/* The processes that it forked, as far as drained, and that did not join. Empty without `heirs`. */
struct unseen *faults_unseen(struct faults *);
/* Are the rings filling? Asking does not empty them. */
bool faults_filling(const struct faults *);
/* An fd to poll: readable when the rings fill, and at an exec. */
int faults_fd(const struct faults *);
/* Appends what has come up to the time `until_ns`, in order of time. A batch is bounded: beyond
 * FAULTS_BYTES_MAX of stacks, faults come without theirs, and beyond FAULTS_MAX faults the rest stays in the
 * rings. */
#define FAULTS_BYTES_MAX ((size_t)48 << 20)
#define FAULTS_MAX ((size_t)1 << 18)
void faults_drain(struct faults *, struct fault_batch *, uint64_t until_ns);

#endif
