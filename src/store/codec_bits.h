/* Small parts that are common to several bodies: page words, the kind of a fault, thread numbers. */
#ifndef STORE_CODEC_BITS_H
#define STORE_CODEC_BITS_H

#include "event/event.h"
#include "store/bytes.h"

/* A page word; the cursor is bad if there is no such state. */
uint32_t codec_get_word(struct cursor *);
/* A thread number; the cursor is bad if it cannot be one. */
int32_t codec_get_tid(struct cursor *);

/* Major, inferred, deduced, access and cause, or why that is unknown, in one number, below CODEC_KIND_END. */
#define CODEC_KIND_CAUSE_SHIFT 5
#define CODEC_KIND_END (64 << CODEC_KIND_CAUSE_SHIFT)
unsigned codec_fault_kind(const struct event_fault *);
/* False if there is no such kind. */
bool codec_set_fault_kind(struct event_fault *, uint64_t kind);

#endif
