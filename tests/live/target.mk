unit_programs += live/family live/several live/sharing live/physical live/harmless live/launched live/lost live/names
live_harmless_SOURCES = live/harmless.c live/watching.h unit/check.h
live_launched_SOURCES = live/launched.c live/watching.h unit/check.h
live_lost_SOURCES = live/lost.c unit/check.h
live_names_SOURCES = live/names.c live/watching.h unit/check.h
# the target of live/names: it has names and lines to be found
check_PROGRAMS += live/named
live_named_SOURCES = live/named.c
live_named_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g
live_named_LDFLAGS =
live_named_LDADD =
script_tests += live/names_nobody.sh live/several_nobody.sh
unit_programs += live/step live/step_calls live/step_threads live/step_undisturbed
step_headers = live/step_launch.h live/step_target.h live/stepper.h live/watching.h unit/check.h
live_step_SOURCES = live/step.c $(step_headers)
live_step_calls_SOURCES = live/step_calls.c $(step_headers)
live_step_threads_SOURCES = live/step_threads.c $(step_headers)
live_step_undisturbed_SOURCES = live/step_undisturbed.c $(step_headers)
EXTRA_DIST += live/step32.c
unit_programs += live/causes
live_causes_SOURCES = live/causes.c live/cause_cases.c live/cause_cases.h live/cause_target.c live/cause_target.h \
	live/cause_plain.c live/cause_fork.c live/cause_moved.c live/cause_userfault.c \
	live/cause_again.c live/watching.h unit/check.h
live_family_SOURCES = live/family.c live/family_roles.c live/family_roles.h live/watching.h unit/check.h
live_several_SOURCES = live/several.c live/watching.h unit/check.h
live_physical_SOURCES = live/physical.c live/watching.h unit/check.h
live_sharing_SOURCES = live/sharing.c live/watching.h unit/check.h
check_PROGRAMS += live/step_target
live_step_target_SOURCES = live/step_target.c live/step_target.h
live_step_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g
live_step_target_LDFLAGS =
live_step_target_LDADD =
# killed while stepping
check_PROGRAMS += live/step_kill
live_step_kill_SOURCES = live/step_kill.c live/watching.h unit/check.h
script_tests += live/step_kill.sh
# touches that are answered with a signal
unit_programs += live/fatal
live_fatal_SOURCES = live/fatal.c live/stepper.h live/watching.h unit/check.h
check_PROGRAMS += live/fatal_target
live_fatal_target_SOURCES = live/fatal_target.c
live_fatal_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g
live_fatal_target_LDFLAGS =
live_fatal_target_LDADD =
unit_programs += live/remapped
live_remapped_SOURCES = live/remapped.c live/watching.h unit/check.h
unit_programs += live/execs
live_execs_SOURCES = live/execs.c live/watching.h unit/check.h
# evicted, dropped, written back
unit_programs += live/reclaimed
live_reclaimed_SOURCES = live/reclaimed.c live/watching.h unit/check.h
script_tests += live/reclaimed_swap.sh
