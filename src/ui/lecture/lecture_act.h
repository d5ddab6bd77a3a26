/* Evicting, dropping and writing back the pages of a lesson's place, by key, with a confirmation: pressing
 * the key again, as for leaving the lesson. */
#ifndef UI_LECTURE_LECTURE_ACT_H
#define UI_LECTURE_LECTURE_ACT_H

#include "base/strbuf.h"
#include "event/source.h"
#include "ui/lecture/pointer.h"

struct lecture_act {
	bool asked;
	enum control what; /* CONTROL_EVICT, _DROP, _SYNC */
};

enum lecture_act_answer {
	LECTURE_ACT_NO, /* not one of its keys: the question is withdrawn */
	LECTURE_ACT_ASKS,
	LECTURE_ACT_PAGE, /* the page that is pointed at */
	LECTURE_ACT_PLACE,
};

/* The question, for the place that is pointed at, which has to be there; appended. */
void lecture_act_words(struct strbuf *, const struct lecture_act *, const struct slide_place *);
/* The page of this index; whole: its place, or the contiguous part around it. */
struct control_pages lecture_act_pages(const struct slide_place *, size_t page, bool whole);
/* A key while it is asked; it may move the pointer. */
enum lecture_act_answer lecture_act_key(struct lecture_act *, struct pointer *, const struct slide *,
					uint32_t key);

#endif
