unit_programs += unit/test_runs
unit_test_runs_SOURCES = unit/test_runs.c unit/check.h
