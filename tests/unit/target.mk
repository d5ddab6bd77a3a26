unit_programs += unit/test_live
unit_test_live_SOURCES = unit/test_live.c unit/check.h
