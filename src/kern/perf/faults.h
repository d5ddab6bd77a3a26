/* Every page fault of a process, counted one by one by the kernel's perf software events: which thread
 * touched which address, from which instruction, when, and whether it had to wait for a disk; with the
 * thread's registers and the top of its stack, if asked for.
 *
 * The process is not stopped. After opening, its faults are reported, those of later threads too, as well as
 * what it maps, and when it forks or becomes another program. The faults of its children are not, but
 * what children touch before they are found can be noted for their kin (heirs). Only faults
 * that were handled are reported: a segmentation fault was not, nor was the touch of a guard page (see
 * trace/fatal.h). */
#ifndef KERN_PERF_FAULTS_H
#define KERN_PERF_FAULTS_H

#include "base/err.h"
#include "kern/perf/faultring.h"
#include "kern/perf/kin.h"
#include "kern/perf/unseen.h"

struct faults;

struct faults_options {
	uint32_t stack_bytes; /* to be sampled of each stack; 0: neither stacks nor registers */
	uint32_t stack_every; /* one in so many minor faults of a thread has its stack sampled; 0: each */
	/* rings a quarter as large, so many times: for one of many, while its faults are few */
	unsigned smaller;
	bool held;              /* it was launched, and what it forks is held until announced (kin_watch) */
	struct ring_pool *pool; /* that rings are taken from and given back to; NULL: none */
	bool heirs; /* what it forks is found late, but what that touches is known to its kin from birth */
	bool codes; /* the processor's error codes too, if the kernel has them (tracefs, root) */
};

#define FAULTS_SMALLEST 2 /* times a quarter */

/* ERR_DENIED (the text says what would allow it), ERR_GONE, ERR_UNSUPPORTED, or ERR_SYSTEM if there are no
 * descriptors left, or no memory that may be locked. */
struct faults *faults_open(int32_t pid, const struct faults_options *, struct err *);
void faults_close(struct faults *);
/* May it be opened anew with larger rings: was it opened with smaller ones, and is there memory for others? */
bool faults_may_grow(const struct faults *);
/* No more faults come, but what has come can be drained. */
void faults_stop(struct faults *);

/* Faults in user mode alone: those within system calls do not come. */
bool faults_user_only(const struct faults *);
/* Can error codes be read? They come from opening on; faults_set_codes switches them off and on, because they
 * cost the process about as much as counting the faults does. */
bool faults_can_code(const struct faults *);
/* Why they cannot: ERR_DENIED, ERR_UNSUPPORTED, with what would allow it; ERR_NONE if they can. */
const struct err *faults_code_err(const struct faults *);
void faults_set_codes(struct faults *, bool on);
/* The last code of a thread, if it was at this address and no fault has followed it among the drained ones:
 * then it belongs to a fault that ended in a signal. */
bool faults_last_code(const struct faults *, int32_t tid, uint64_t address, uint32_t *code);
/* Faults before begin, and from end on, are left out. */
void faults_begin(struct faults *, uint64_t clock_ns);
uint64_t faults_begun(const struct faults *); /* 0: none are */
void faults_end(struct faults *, uint64_t clock_ns);
/* Takes over from another, which was drained and is about to be closed, what it knows of the process's kin,
 * and the events that report their forks, exits and execs. */
void faults_inherit(struct faults *, struct faults *from);
/* What has happened to it and to those that it forked, as far as it was drained. */
struct kin *faults_kin(const struct faults *);
/* It is of the kin of another: what it does from now on is noted there too. What was before is left
 * out, where the elder has it. */
void faults_join(struct faults *, struct faults *elder);
/* Those that it forked, as far as it was drained, and that did not join. Empty without `heirs`. */
struct unseen *faults_unseen(struct faults *);
/* Are the rings filling? Asking does not empty them. */
bool faults_filling(const struct faults *);
/* An fd to poll: readable when the rings fill, and at an exec. */
int faults_fd(const struct faults *);
/* Appends what has come up to the time `until_ns`, in order of time. A batch has bounds: after
 * FAULTS_BYTES_MAX of stacks, faults come without theirs, and what is more than FAULTS_MAX stays in the
 * rings. */
#define FAULTS_BYTES_MAX ((size_t)48 << 20)
#define FAULTS_MAX ((size_t)1 << 18)
void faults_drain(struct faults *, struct fault_batch *, uint64_t until_ns);

#endif
