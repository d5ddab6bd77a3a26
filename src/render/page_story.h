/* Who touched a page last, from where, and what the kernel did; and why the page went. */
#ifndef RENDER_PAGE_STORY_H
#define RENDER_PAGE_STORY_H

#include "model/world.h"
#include "render/page_facts.h"

/* The page's last fault, if the page is still as that fault left it, so that its cause explains the state;
 * else NULL. */
const struct event_fault *page_story_why(const struct process *, const struct page_facts *, uint64_t now_ns);
/* Draws from a row on, at most `rows` rows: WENT if the page went and has not come back, WHO, and CAUSE if
 * there is room. What came after now_ns is left out. Returns the rows used, 0 if nothing is known. */
int page_story_draw(struct area, int row, int rows, const struct process *, const struct page_facts *,
		    uint64_t now_ns);

#endif
