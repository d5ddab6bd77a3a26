/* A thread that names code, so that drawing never waits for it. */
#ifndef SYMBOL_SYMBOLIZER_THREAD_H
#define SYMBOL_SYMBOLIZER_THREAD_H

#include "symbol/symbolizer_work.h"

struct symbolizer_thread;

/* Takes over the work. NULL if no thread can be started; then the work stays the caller's. */
struct symbolizer_thread *symbolizer_thread_start(struct symbolizer_work *);
/* Waits for the job under way; the rest is dropped. */
void symbolizer_thread_stop(struct symbolizer_thread *);

/* Hands it a job, which it takes over. */
void symbolizer_thread_ask(struct symbolizer_thread *, struct symbolizer_job *);
/* The next answer, in order, which the caller frees; NULL: none yet. */
struct symbolizer_answer *symbolizer_thread_take(struct symbolizer_thread *);
/* An fd that is readable when there are answers. */
int symbolizer_thread_fd(const struct symbolizer_thread *);
/* How many jobs have an answer that was not taken yet, or none. */
size_t symbolizer_thread_pending(const struct symbolizer_thread *);
/* Drops the jobs that were not begun. */
void symbolizer_thread_forget(struct symbolizer_thread *);

#endif
