# The command line: options, exports, and the whole program run by scripts.
unit_programs += unit/test_options unit/test_export unit/test_fault_lines
unit_test_options_SOURCES = unit/test_options.c
unit_test_export_SOURCES = unit/test_export.c
unit_test_fault_lines_SOURCES = unit/test_fault_lines.c unit/check.h

check_PROGRAMS += cli/check_snapshot cli/hostile
cli_check_snapshot_SOURCES = cli/check_snapshot.c
cli_hostile_SOURCES = cli/hostile.c
script_tests += cli/usage.sh cli/snapshot.sh cli/lines.sh cli/doctor.sh cli/completions.sh cli/manual.sh
EXTRA_DIST += cli/common.sh
