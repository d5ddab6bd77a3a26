unit_programs += unit/test_stories unit/test_threads unit/test_observe unit/test_output unit/test_runs unit/test_text unit/test_world
unit_test_observe_SOURCES = unit/test_observe.c unit/model_check.h unit/check.h
unit_test_output_SOURCES = unit/test_output.c unit/check.h
unit_test_runs_SOURCES = unit/test_runs.c unit/check.h
unit_test_text_SOURCES = unit/test_text.c unit/check.h
unit_test_world_SOURCES = unit/test_world.c unit/model_check.h unit/check.h
unit_test_stories_SOURCES = unit/test_stories unit/test_threads.c unit/check.h
unit_test_threads_SOURCES = unit/test_threads.c unit/check.h
