/* Bodies of records about processes: what they are, their state, how they ended. */
#ifndef STORE_CODEC_PROCESS_H
#define STORE_CODEC_PROCESS_H

#include "event/event.h"
#include "store/bytes.h"

/* Starts from zeroes. */
struct process_coder {
	uint64_t minor, major; /* of the counters before */
	const char **argv;
	size_t argv_cap;
};
#define CODER_ARGS_MAX (1u << 20) /* of a program: a kernel's limit on their bytes is below that */

/* Between blocks. */
void process_coder_reset(struct process_coder *);
void process_coder_fini(struct process_coder *);

/* A pair of functions for each type of event. What is read is valid, or the cursor is bad; its texts point
 * into the cursor's bytes, and are valid as long as these are. */
void process_put_process(struct process_coder *, unsigned page_shift, struct strbuf *, const struct event *);
void process_get_process(struct process_coder *, unsigned page_shift, struct cursor *, struct event *);
void process_put_status(struct process_coder *, struct strbuf *, const struct event *);
void process_get_status(struct process_coder *, struct cursor *, struct event *);
void process_put_counters(struct process_coder *, struct strbuf *, const struct event *);
void process_get_counters(struct process_coder *, struct cursor *, struct event *);
void process_put_output(struct process_coder *, struct strbuf *, const struct event *);
void process_get_output(struct process_coder *, struct cursor *, struct event *);
void process_put_source(struct process_coder *, struct strbuf *, const struct event *);
void process_get_source(struct process_coder *, struct cursor *, struct event *);
void process_put_mark(struct process_coder *, struct strbuf *, const struct event *);
void process_get_mark(struct process_coder *, struct cursor *, struct event *);
void process_put_lost(struct process_coder *, struct strbuf *, const struct event *);
void process_get_lost(struct process_coder *, struct cursor *, struct event *);
void process_put_stop(struct process_coder *, struct strbuf *, const struct event *);
void process_get_stop(struct process_coder *, struct cursor *, struct event *);
void process_put_thread(struct process_coder *, struct strbuf *, const struct event *);
void process_get_thread(struct process_coder *, struct cursor *, struct event *);
void process_put_past(struct process_coder *, struct strbuf *, const struct event *);
void process_get_past(struct process_coder *, struct cursor *, struct event *);
void process_put_sample(struct process_coder *, struct strbuf *, const struct event *);
void process_get_sample(struct process_coder *, struct cursor *, struct event *);

#endif
