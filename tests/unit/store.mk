# Sessions: the file, and the commands that write and read it.
unit_programs += unit/test_session unit/test_session_damage unit/test_fault_columns
script_tests += cli/session.sh cli/format.sh
unit_test_session_SOURCES = unit/test_session.c unit/session_check.h unit/model_check.h unit/check.h
unit_test_session_damage_SOURCES = unit/test_session_damage.c unit/session_check.h unit/model_check.h unit/check.h
unit_test_fault_columns_SOURCES = unit/test_fault_columns.c unit/check.h
EXTRA_DIST += session/v1.pgs session/v1.lines session/reader.py
