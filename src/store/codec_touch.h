/* Bodies of records with a stack, apart from the faults in columns: calls and, in keyframes, which fault
 * touched which pages last, and the profile. */
#ifndef STORE_CODEC_TOUCH_H
#define STORE_CODEC_TOUCH_H

#include "event/event.h"
#include "store/bytes.h"
#include "store/codec_stack.h"

/* Starts from zeroes. */
struct touch_coder {
	struct stack_coder stacks; /* the columns of faults have theirs here, too */
	uint64_t ip;               /* of the story or profile before */
	uint64_t story_page;       /* end of the pages of the story before */
	struct event_fault story;  /* its fault */
};

/* Between blocks. */
void touch_coder_reset(struct touch_coder *);
void touch_coder_fini(struct touch_coder *);

/* CALL, STORY, PROFILE. What is read is valid, or the cursor is bad; a stack is valid until the next call. */
void touch_put_call(struct touch_coder *, struct strbuf *, const struct event *);
void touch_get_call(struct touch_coder *, struct cursor *, struct event *);
void touch_put_story(struct touch_coder *, unsigned page_shift, struct strbuf *, const struct event *);
void touch_get_story(struct touch_coder *, unsigned page_shift, struct cursor *, struct event *);
void touch_put_profile(struct touch_coder *, struct strbuf *, const struct event *);
void touch_get_profile(struct touch_coder *, struct cursor *, struct event *);

#endif
