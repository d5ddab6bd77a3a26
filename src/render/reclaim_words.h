/* The result of evicting, dropping or writing back pages, in words. */
#ifndef RENDER_RECLAIM_WORDS_H
#define RENDER_RECLAIM_WORDS_H

#include "base/strbuf.h"
#include "event/source.h"

/* "12 of 16 pages evicted: 12 to swap; 4 stay (...)", for CONTROL_EVICT, _DROP, _SYNC. */
void reclaim_words(struct strbuf *, enum control, const struct control_done *);

#endif
