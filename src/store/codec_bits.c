#include "store/codec_bits.h"

#include "event/page.h"

_Static_assert(PAGE_NONE == 0 && PAGE_RESERVED == 1 && PAGE_CACHED == 2 && PAGE_ZERO == 3 && PAGE_FILE == 4 &&
		   PAGE_COPY == 5 && PAGE_ANON == 6 && PAGE_SHM == 7 && PAGE_SWAP == 8 && PAGE_GUARD == 9 &&
		   PAGE_UNKNOWN == 10 && PAGE_STATES == 11,
	       "page states are the file's");
_Static_assert(PAGE_EXCLUSIVE == 1 << 4 && PAGE_SHARED == 1 << 5 && PAGE_HUGE == 1 << 6 &&
		   PAGE_DIRTY == 1 << 7 && PAGE_REFERENCED == 1 << 8 && PAGE_LOCKED == 1 << 9 &&
		   PAGE_KSM == 1 << 10 && PAGE_HUGETLB == 1 << 11 && PAGE_CACHE_UNKNOWN == 1 << 12 &&
		   PAGE_POISON == 1 << 13 && PAGE_FLAG_LAST == PAGE_POISON && PAGE_WHY_SHIFT == 13,
	       "page flags are the file's");
_Static_assert(PAGE_WHY_NOT_READ == 0 && PAGE_WHY_DENIED == 1 && PAGE_WHY_SPECIAL == 2 &&
		   PAGE_WHY_OUTSIDE == 3 && PAGE_WHY_ZERO_OR_ANON == 4 && PAGE_WHY_OFF == 5 &&
		   PAGE_WHY_SWAP_OR_MARK == 6 && PAGE_WHY_NOT_OPENED == 7,
	       "reasons are the file's");
_Static_assert(FAULT_ACCESS_UNKNOWN == 0 && FAULT_READ == 1 && FAULT_WRITE == 2 && FAULT_EXEC == 3,
	       "kinds of access are the file's");
#define WHY_BASE 48 /* from this number on the cause is unknown, and the rest is the reason */

_Static_assert(FAULT_CAUSE_UNKNOWN == 0 && FAULT_ZERO_FILL == 1 && FAULT_ZERO_PAGE == 2 &&
		   FAULT_ZERO_REPLACED == 3 && FAULT_FILE_CACHED == 4 && FAULT_FILE_READ == 5 &&
		   FAULT_COW_FILE == 6 && FAULT_COW_FORK == 7 && FAULT_SWAP_IN == 8 && FAULT_SHM == 9 &&
		   FAULT_STACK_GROWTH == 10 && FAULT_GUARD == 11 && FAULT_REUSE == 12 &&
		   FAULT_STACK_END == 13 && FAULT_NO_REGION == 14 && FAULT_NO_RIGHT == 15 &&
		   FAULT_NO_PAGE == 16 && FAULT_WRITE_ENABLE == 17 && FAULT_USERFAULT == 18 &&
		   FAULT_SPECIAL == 19 && FAULT_CAUSES == 20 && FAULT_CAUSES <= WHY_BASE,
	       "causes of faults are the file's");
_Static_assert(FAULT_WHY_REGION == 1 && FAULT_WHY_BEFORE == 2 && FAULT_WHY_ACCESS == 3 &&
		   FAULT_WHY_SAME == 4 && FAULT_WHY_FORK == 5 && FAULT_WHY_USERFAULT == 6 &&
		   FAULT_WHY_GROWTH == 7 && WHY_BASE + FAULT_WHYS <= CODEC_KIND_END >> CODEC_KIND_CAUSE_SHIFT,
	       "reasons why a cause is unknown are the file's");

enum {
	FAULT_IS_MAJOR = 1,
	FAULT_IS_INFERRED = 2,
	FAULT_IS_DEDUCED = 4,
	FAULT_ACCESS_SHIFT = 3,
	FAULT_CAUSE_SHIFT = CODEC_KIND_CAUSE_SHIFT
};

uint32_t codec_get_word(struct cursor *in)
{
	uint32_t word = (uint32_t)bytes_get_bounded(in, PAGE_STATE_MASK | PAGE_FLAGS_MASK);

	if (page_state(word) >= PAGE_STATES)
		in->bad = true;
	return word;
}

int32_t codec_get_tid(struct cursor *in)
{
	return (int32_t)bytes_get_bounded(in, INT32_MAX);
}

unsigned codec_fault_kind(const struct event_fault *f)
{
	unsigned cause = f->cause || !f->why ? (unsigned)f->cause : WHY_BASE + (unsigned)f->why;

	return (f->major ? FAULT_IS_MAJOR : 0u) | (f->inferred ? FAULT_IS_INFERRED : 0u) |
	       (f->deduced ? FAULT_IS_DEDUCED : 0u) | (unsigned)f->access << FAULT_ACCESS_SHIFT |
	       cause << FAULT_CAUSE_SHIFT;
}

bool codec_set_fault_kind(struct event_fault *f, uint64_t kind)
{
	uint64_t cause = kind >> FAULT_CAUSE_SHIFT;

	f->major = kind & FAULT_IS_MAJOR;
	f->inferred = kind & FAULT_IS_INFERRED;
	f->deduced = kind & FAULT_IS_DEDUCED;
	f->access = (enum fault_access)(kind >> FAULT_ACCESS_SHIFT & 3);
	f->cause = cause < WHY_BASE ? (enum fault_cause)cause : FAULT_CAUSE_UNKNOWN;
	f->why = cause < WHY_BASE ? FAULT_WHY_NONE : (enum fault_why)(cause - WHY_BASE);
	return f->cause < FAULT_CAUSES && f->why < FAULT_WHYS;
}
