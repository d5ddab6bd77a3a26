unit_programs += unit/test_live unit/test_stack_growth unit/test_remap unit/test_seen unit/test_stack_rate unit/test_execs unit/test_touches
unit_test_execs_SOURCES = unit/test_execs.c unit/check.h
unit_test_live_SOURCES = unit/test_live.c unit/check.h
unit_test_stack_growth_SOURCES = unit/test_stack_growth.c unit/check.h
unit_test_remap_SOURCES = unit/test_remap.c unit/check.h
unit_test_seen_SOURCES = unit/test_seen.c unit/check.h
unit_test_stack_rate_SOURCES = unit/test_stack_rate.c unit/check.h
unit_test_touches_SOURCES = unit/test_touches.c unit/check.h
