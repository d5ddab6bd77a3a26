/* Evicting, dropping and writing back the pages of a lesson's place, by key: asked first. */
#ifndef UI_LECTURE_LECTURE_ACT_H
#define UI_LECTURE_LECTURE_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"

struct lecture;

/* Asks whether the place that is pointed at should be evicted (CONTROL_EVICT), dropped, written back. */
void lecture_act_ask(struct lecture *, enum control);
/* A key while that is asked. False: it was none of its keys, and nothing is asked any more. */
bool lecture_act_key(struct lecture *, uint32_t key);

#endif
