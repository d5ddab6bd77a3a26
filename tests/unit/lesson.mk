unit_programs += unit/test_expect unit/test_lesson
unit_test_expect_SOURCES = unit/test_expect.c unit/model_check.h unit/check.h
unit_test_lesson_SOURCES = unit/test_lesson.c unit/model_check.h unit/check.h
