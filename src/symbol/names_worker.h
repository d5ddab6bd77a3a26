/* A thread that names code, so that nobody who draws has to wait for it. */
#ifndef SYMBOL_NAMES_WORKER_H
#define SYMBOL_NAMES_WORKER_H

#include "symbol/namer.h"

struct names_worker;

/* Takes the namer over. NULL with errno where there is no thread to be had: the namer stays. */
struct names_worker *names_worker_start(struct namer *);
/* Waits for the job that is under way; the rest is dropped. */
void names_worker_stop(struct names_worker *);

void names_worker_ask(struct names_worker *, struct name_job *);
/* The answers that have come, in order; NULL: none. The caller frees each. */
struct name_answer *names_worker_take(struct names_worker *);
/* Readable when there are answers. */
int names_worker_fd(const struct names_worker *);
/* Jobs that were asked and whose answers were not taken. */
size_t names_worker_pending(const struct names_worker *);
/* Drops what was not begun. */
void names_worker_forget(struct names_worker *);

#endif
