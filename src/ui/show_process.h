/* Chooses which process is shown, and which two side by side. */
#ifndef UI_SHOW_PROCESS_H
#define UI_SHOW_PROCESS_H

#include "ui/state.h"

/* Shows another process of the world, as it was left when it was last shown. */
void ui_show_process(struct ui *, int32_t pid);
/* Call it after events: the world may have forgotten a process that had ended. */
void ui_find_process(struct ui *);
/* The world may have been cleared, or time have passed: finds the process again (or the first one,
 * if it does not exist at that time), and where the source stands in time. */
void ui_update_time(struct ui *);
/* The process shown and another one side by side; the end of that. */
void ui_begin_pair(struct ui *, const struct process *other);
void ui_end_pair(struct ui *);
/* Shows two processes that were compared side by side, with the cursor at the first difference. The world is
 * their stage; they stay the caller's. */
void ui_compare(struct ui *, const struct aligned *);

#endif
