# The page panel, its tabs and the overlays.
unit_programs += unit/test_explain
unit_test_explain_SOURCES = unit/test_explain.c
