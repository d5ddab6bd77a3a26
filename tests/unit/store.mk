# Sessions: the file, and the commands that write and read it.
unit_programs += unit/test_codec unit/test_replay unit/test_replay_notes unit/test_replay_growing
unit_programs += unit/test_replay_damage unit/test_session unit/test_session_damage
replay_sources = unit/replay_check.c unit/replay_check.h unit/world_dump.h unit/session_check.h unit/model_check.h unit/check.h
unit_test_replay_SOURCES = unit/test_replay.c $(replay_sources)
unit_test_replay_notes_SOURCES = unit/test_replay_notes.c $(replay_sources)
unit_test_replay_growing_SOURCES = unit/test_replay_growing.c $(replay_sources)
unit_test_replay_damage_SOURCES = unit/test_replay_damage.c $(replay_sources)
script_tests += cli/session.sh cli/overwrite.sh cli/writers.sh cli/session_format.sh cli/format.sh
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
EXTRA_DIST += cli/claims.py

# make check-claims: every kind of small session that claims much, in every way that the program has; no part of make
# check, as it takes half an hour. CLAIMS: options, such as --table or --kinds paths,stacks; five times as long for
# a build that is not optimised.
check-claims: cli/make_claims
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/cli/claims.py ../src/pagescape cli/make_claims $(srcdir)/session/v1.pgs \
		--seconds $$(case ' $(CFLAGS) ' in *' -O0 '*) echo 25 ;; *) echo 5 ;; esac) $(CLAIMS)
.PHONY: check-claims
