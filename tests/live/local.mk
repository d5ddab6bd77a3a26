# page states: what the reader sees is the truth
check_PROGRAMS += live/states live/check_states
live_states_SOURCES = live/states.c
# no sanitizer: it has memory of its own, 16 TiB of it, and does not let mlock work
live_states_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
live_states_LDFLAGS =
live_states_LDADD =
live_check_states_SOURCES = live/check_states.c
live_check_states_LDADD = ../src/libpagescape.a $(LTLIBINTL)
script_tests += live/states.sh live/resident.sh
# page faults: each that a target makes is told
check_PROGRAMS += live/faults
live_faults_SOURCES = live/faults.c
live_faults_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g
live_faults_LDFLAGS =
live_faults_LDADD =
script_tests += live/faults.sh
EXTRA_DIST += live/common.sh
# recording: what was written stays readable
check_PROGRAMS += live/walker
live_walker_SOURCES = live/walker.c
live_walker_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
live_walker_LDFLAGS =
live_walker_LDADD =
script_tests += live/record_killed.sh
