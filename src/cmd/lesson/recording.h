/* Visits a recorded lesson from its first step to its last. */
#ifndef CMD_LESSON_RECORDING_H
#define CMD_LESSON_RECORDING_H

#include "lesson/lesson_folder.h"
#include "expect/facts.h"

/* Calls the visitor with each step of a recording and the facts of its moment; returns its folder, which is
 * the caller's. NULL with err. */
typedef void lesson_step_visitor(void *context, const struct lesson_folder *, size_t step,
				 const struct expect_facts *);
struct lesson_folder *lesson_visit_recording(const char *path, const char *language, lesson_step_visitor *,
					     void *context, struct err *);

#endif
