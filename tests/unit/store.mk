# Sessions: the file, and the commands that write and read it.
unit_programs += unit/test_codec unit/test_replay unit/test_session unit/test_session_damage
unit_test_replay_SOURCES = unit/test_replay.c unit/world_dump.h unit/session_check.h unit/model_check.h unit/check.h
script_tests += cli/session.sh cli/overwrite.sh cli/session_format.sh cli/format.sh
unit_test_session_SOURCES = unit/test_session.c unit/session_check.h unit/model_check.h unit/check.h
unit_test_session_damage_SOURCES = unit/test_session_damage.c unit/session_check.h unit/model_check.h unit/check.h
EXTRA_DIST += session/v1.pgs session/v1.lines session/v1-whole.pgs session/record.sh session/read_session.py session/reader.py
unit_test_codec_SOURCES = unit/test_codec.c unit/check.h
unit_programs += unit/test_fault_columns
unit_test_fault_columns_SOURCES = unit/test_fault_columns.c unit/check.h
check_PROGRAMS += cli/make_claims
cli_make_claims_SOURCES = cli/make_claims.c
cli_make_claims_LDADD = ../src/libpagescape.a $(LIBS_LIBS) $(LTLIBINTL)
script_tests += cli/claims.sh
