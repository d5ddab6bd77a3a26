/* A thread that names code, so that nobody who draws has to wait for it. */
#ifndef SYMBOL_SYMBOLIZER_THREAD_H
#define SYMBOL_SYMBOLIZER_THREAD_H

#include "symbol/symbolizer_work.h"

struct symbolizer_thread;

/* Takes the work over. NULL with errno where there is no thread to be had: the work stays. */
struct symbolizer_thread *symbolizer_thread_start(struct symbolizer_work *);
/* Waits for the job that is under way; the rest is dropped. */
void symbolizer_thread_stop(struct symbolizer_thread *);

void symbolizer_thread_ask(struct symbolizer_thread *, struct symbolizer_job *);
/* The answers that have come, in order; NULL: none. The caller frees each. */
struct symbolizer_answer *symbolizer_thread_take(struct symbolizer_thread *);
/* Readable when there are answers. */
int symbolizer_thread_fd(const struct symbolizer_thread *);
/* Jobs that were asked and whose answers were not taken. */
size_t symbolizer_thread_pending(const struct symbolizer_thread *);
/* Drops what was not begun. */
void symbolizer_thread_forget(struct symbolizer_thread *);

#endif
