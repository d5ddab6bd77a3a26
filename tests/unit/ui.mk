# Commands, the prompt, the mouse; the list of processes to choose from.
unit_programs += unit/test_command unit/test_command_move unit/test_command_program unit/test_command_events
unit_programs += unit/test_command_step unit/test_command_time unit/test_input unit/test_chooser unit/test_compared
unit_test_compared_SOURCES = unit/test_compared.c unit/model_check.h unit/check.h
desk_sources = unit/desk.c unit/desk.h $(scene_sources)
unit_test_command_SOURCES = unit/test_command.c $(desk_sources)
unit_test_command_move_SOURCES = unit/test_command_move.c $(desk_sources)
unit_test_command_program_SOURCES = unit/test_command_program.c $(desk_sources)
unit_test_input_SOURCES = unit/test_input.c $(desk_sources)
unit_test_command_events_SOURCES = unit/test_command_events.c $(desk_sources)
unit_test_command_step_SOURCES = unit/test_command_step.c $(desk_sources)
unit_test_command_time_SOURCES = unit/test_command_time.c $(scene_sources)
unit_test_chooser_SOURCES = unit/test_chooser.c $(scene_sources)
