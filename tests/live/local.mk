# lists its tests:  unit_programs += unit/test_x   unit_test_x_SOURCES = unit/test_x.c   script_tests += live/x.sh
