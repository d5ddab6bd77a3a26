/* Faults as columns of small numbers, as there are many of them: all faults of a block make
 * one column of threads, one of instructions, and so on, each of which packs well by itself.
 *
 * pagescape-session(5), "Faults", has the columns to the byte. */
#ifndef STORE_FAULT_COLUMNS_H
#define STORE_FAULT_COLUMNS_H

#include "event/event.h"
#include "store/bytes.h"
#include "store/codec_stack.h"
#include "store/recent.h"
#include "store/time_column.h"

/* The numbers are the file's for ever. */
enum fault_column {
	FAULT_COLUMN_KIND,   /* 1 + the place among the recent kinds; 0: a new one, see NEWS */
	FAULT_COLUMN_THREAD, /* the same for threads */
	FAULT_COLUMN_IP,     /* the same for instructions; a new one is in NEW_IP */
	FAULT_COLUMN_PAGE,   /* near a recent one; 0: in FAR_PAGE */
	FAULT_COLUMN_OFFSET, /* in the page, from that of the same instruction's last fault: low 7 bits */
	FAULT_COLUMN_OFFSET_REST,
	FAULT_COLUMN_TIME,      /* since the fault before: its magnitude */
	FAULT_COLUMN_TIME_BITS, /* the bits below */
	FAULT_COLUMN_NEWS,
	FAULT_COLUMN_NEW_IP,
	FAULT_COLUMN_FAR_PAGE,
	FAULT_COLUMN_NEIGHBOURS,
	FAULT_COLUMN_STACK,
	FAULT_COLUMN_NEW_STACK,
	FAULT_COLUMNS
};

/* Starts from zeroes; reset between blocks. It either writes or reads. */
struct fault_columns {
	struct recent kinds, threads, ips, pages;
	uint64_t page, ip; /* of the fault before */
	struct time_column times;
	uint64_t count; /* faults that were put */
	struct strbuf out[FAULT_COLUMNS];
	struct cursor in[FAULT_COLUMNS];
};

/* Between blocks. */
void fault_columns_reset(struct fault_columns *);
void fault_columns_fini(struct fault_columns *);

/* The fault is the event's, or that of its story. */
void fault_columns_put(struct fault_columns *, struct stack_coder *, unsigned page_shift,
		       const struct event *, const struct event_fault *);
/* How many were put since the last reset. */
uint64_t fault_columns_count(const struct fault_columns *);
/* Roughly how many bytes are in all columns so far. */
size_t fault_columns_size(const struct fault_columns *);
/* Completes the columns, and appends the body of the record of columns up to its first
 * column; all of these follow. */
void fault_columns_finish(struct fault_columns *, struct strbuf *head);
/* The bytes of a column, complete after fault_columns_finish; valid until the next reset. */
const struct strbuf *fault_columns_column(const struct fault_columns *, enum fault_column);

/* Begins reading the body of a record of columns, whose bytes must stay valid. */
void fault_columns_open(struct fault_columns *, struct cursor *body);
/* Reads the next fault. False if the columns are malformed, or there are no more. */
bool fault_columns_get(struct fault_columns *, struct stack_coder *, unsigned page_shift, struct event *);

#endif
