# The command line: options, exports, and the whole program run by scripts.
unit_programs += unit/test_export
unit_test_export_SOURCES = unit/test_export.c
