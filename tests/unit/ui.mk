# Commands, the prompt, the mouse; the list of processes to choose from.
unit_programs += unit/test_command unit/test_command_time unit/test_chooser unit/test_compared
unit_test_compared_SOURCES = unit/test_compared.c unit/model_check.h unit/check.h
unit_test_command_SOURCES = unit/test_command.c $(scene_sources)
unit_test_command_time_SOURCES = unit/test_command_time.c $(scene_sources)
unit_test_chooser_SOURCES = unit/test_chooser.c $(scene_sources)
