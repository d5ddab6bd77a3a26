/* The functions behind the command table, by file. */
#ifndef UI_COMMAND_PRIVATE_H
#define UI_COMMAND_PRIVATE_H

#include "ui/command.h"

/* command_move.c */
void command_left(struct ui *, const char *);
void command_right(struct ui *, const char *);
void command_up(struct ui *, const char *);
void command_down(struct ui *, const char *);
void command_page_up(struct ui *, const char *);
void command_page_down(struct ui *, const char *);
void command_home(struct ui *, const char *);
void command_end(struct ui *, const char *);
void command_scroll_detail(struct ui *, int lines);

/* command_jump.c */
void command_next_region(struct ui *, const char *);
void command_previous_region(struct ui *, const char *);
void command_next_resident(struct ui *, const char *);
void command_previous_resident(struct ui *, const char *);
void command_next_changed(struct ui *, const char *);
void command_previous_changed(struct ui *, const char *);
void command_chase(struct ui *, const char *);

/* command_find.c */
void command_search(struct ui *, const char *);
void command_search_next(struct ui *, const char *);
void command_search_previous(struct ui *, const char *);
void command_goto(struct ui *, const char *);

/* command_view.c */
void command_zoom_in(struct ui *, const char *);
void command_zoom_out(struct ui *, const char *);
void command_zoom_fit(struct ui *, const char *);
void command_focus_next(struct ui *, const char *);
void command_focus_previous(struct ui *, const char *);
void command_tab(struct ui *, const char *);
void command_theme(struct ui *, const char *);
void command_pause_picture(struct ui *, const char *);
void command_repaint(struct ui *, const char *);
void command_suspend(struct ui *, const char *);
void command_help_show(struct ui *, const char *);
void command_legend(struct ui *, const char *);
void command_prompt(struct ui *, const char *);
void command_enter(struct ui *, const char *);
void command_escape(struct ui *, const char *);

/* command_events.c */
void command_tall(struct ui *, const char *);
void command_events(struct ui *, const char *);
void command_events_filter(struct ui *, const char *);
void command_biography(struct ui *, const char *);
void command_stack(struct ui *, const char *);
void command_functions(struct ui *, const char *);
void command_functions_callers(struct ui *, const char *);
/* Enter and Escape in the lists of events and functions: whether they had a use for it. */
bool command_enter_line(struct ui *);
bool command_escape_events(struct ui *);

/* command_process.c */
void command_processes(struct ui *, const char *);
void command_next_process(struct ui *, const char *);
void command_previous_process(struct ui *, const char *);
void command_show_process(struct ui *, const char *);
void command_beside(struct ui *, const char *);

/* command_regions.c */
void command_sort(struct ui *, const char *);
void command_fold(struct ui *, const char *);
void command_filter(struct ui *, const char *);
void command_kinds(struct ui *, const char *);

/* command_mark.c */
void command_mark(struct ui *, const char *);
void command_compare(struct ui *, const char *);
void command_compare_off(struct ui *, const char *);

/* command_time.c */
void command_timeline(struct ui *, const char *);
void command_play(struct ui *, const char *);
void command_faster(struct ui *, const char *);
void command_slower(struct ui *, const char *);
void command_next_event(struct ui *, const char *);
void command_previous_event(struct ui *, const char *);
void command_next_look(struct ui *, const char *);
void command_previous_look(struct ui *, const char *);
void command_next_change(struct ui *, const char *);
void command_previous_change(struct ui *, const char *);
void command_next_fault(struct ui *, const char *);
void command_previous_fault(struct ui *, const char *);
void command_marks(struct ui *, const char *);
/* In the list of marks: another line; to the time of the selected one. */
void command_move_mark(struct ui *, int lines);
void command_enter_mark(struct ui *);
void command_next_mark(struct ui *, const char *);
void command_previous_mark(struct ui *, const char *);
void command_goto_time(struct ui *, const char *);
void command_note(struct ui *, const char *);
/* A mark with this text, kept for good where that can be; false: told why not. */
bool command_keep_mark(struct ui *, const char *text);
/* So many columns of the timeline on; to a share of the whole, of so many parts. */
void command_scroll_time(struct ui *, int columns);
void command_seek_part(struct ui *, int part, int parts);
/* command_step.c */
void command_step_fault(struct ui *, const char *);
void command_step_region(struct ui *, const char *);
void command_step_page(struct ui *, const char *);
void command_step_call(struct ui *, const char *);
void command_step_count(struct ui *, const char *);
void command_slow_motion(struct ui *, const char *);
void command_run_to_end(struct ui *, const char *);

/* command_target.c */
int command_ask(struct ui *, enum control, const struct control_arg *); /* -1: and has complained */
void command_pause(struct ui *, const char *);
void command_send(struct ui *, const char *);
void command_quit(struct ui *, const char *);
void command_end_program(struct ui *, const char *);
void command_release_program(struct ui *, const char *);

#endif
