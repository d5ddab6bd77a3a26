unit_programs += unit/test_runs unit/test_text unit/test_output
unit_test_runs_SOURCES = unit/test_runs.c unit/check.h
unit_test_text_SOURCES = unit/test_text.c unit/check.h
unit_test_output_SOURCES = unit/test_output.c unit/check.h
