# page states: what the reader sees is the truth
check_PROGRAMS += live/states live/check_states
live_states_SOURCES = live/states.c
live_states_LDADD =
live_check_states_SOURCES = live/check_states.c
live_check_states_LDADD = ../src/libpagescape.a $(LTLIBINTL)
script_tests += live/states.sh live/resident.sh
EXTRA_DIST += live/common.sh
