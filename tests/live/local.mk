# page states: what the reader sees is the truth
check_PROGRAMS += live/states live/check_states
live_states_SOURCES = live/states.c live/states_file.c live/states_target.c live/states_target.h
# no sanitizer: it has memory of its own, 16 TiB of it, and does not let mlock work
live_states_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
live_states_LDFLAGS =
live_states_LDADD =
live_check_states_SOURCES = live/check_states.c
live_check_states_LDADD = ../src/libpagescape.a $(LTLIBINTL)
check_PROGRAMS += live/lecture_fits
live_lecture_fits_SOURCES = live/lecture_fits.c
script_tests += live/states.sh live/resident.sh live/found_children.sh live/unseen_children.sh live/user_only.sh live/lessons.sh live/lecture_lies.sh live/limits.sh live/pid_namespace.sh live/stepping_nobody.sh
# page faults: each that a target makes is reported
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
# stacks: the same program made in several ways, and a library without symbols
stacks_ways = live/stacks_pie live/stacks_nopie live/stacks_static live/stacks_fp
check_PROGRAMS += $(stacks_ways) live/check_stacks
live_stacks_pie_SOURCES = live/stacks.c
live_stacks_pie_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -fPIE -fomit-frame-pointer
live_stacks_pie_LDFLAGS = -pie
live_stacks_pie_LDADD =
live_stacks_nopie_SOURCES = live/stacks.c
live_stacks_nopie_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O2 -fno-PIE -fomit-frame-pointer
live_stacks_nopie_LDFLAGS = -no-pie
live_stacks_nopie_LDADD =
live_stacks_static_SOURCES = live/stacks.c
live_stacks_static_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -fno-PIE -DSTATIC
live_stacks_static_LDFLAGS = -static
live_stacks_static_LDADD =
live_stacks_fp_SOURCES = live/stacks.c
live_stacks_fp_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O0 -fno-omit-frame-pointer
live_stacks_fp_LDFLAGS =
live_stacks_fp_LDADD =
live_check_stacks_SOURCES = live/check_stacks.c
live_check_stacks_LDADD = ../src/libpagescape.a $(LIBS_LIBS) $(LTLIBINTL)
check_SCRIPTS += live/stacks_library.so
live/stacks_library.so: $(srcdir)/live/stacks_library.c live/$(am__dirstamp)
	$(AM_V_CC)$(CC) -std=gnu11 -O1 -fPIC -fomit-frame-pointer -shared -s -o $@ $(srcdir)/live/stacks_library.c
CLEANFILES += live/stacks_library.so
script_tests += live/stacks.sh live/languages.sh
EXTRA_DIST += live/stacks_library.c
# stacks of some faults alone
check_PROGRAMS += live/sampled
live_sampled_SOURCES = live/sampled.c
live_sampled_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1
live_sampled_LDFLAGS =
live_sampled_LDADD =
script_tests += live/sampled.sh
# many children that live for a moment
check_PROGRAMS += live/brood
live_brood_SOURCES = live/brood.c
live_brood_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1
live_brood_LDFLAGS =
live_brood_LDADD =
script_tests += live/brood.sh
# whose code it was
check_PROGRAMS += live/own_target
live_own_target_SOURCES = live/own_target.c
live_own_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g -fno-builtin
live_own_target_LDFLAGS =
live_own_target_LDADD =
script_tests += live/own.sh
# what is copied by children that are found
check_PROGRAMS += live/forking_target
live_forking_target_SOURCES = live/forking_target.c
live_forking_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g
live_forking_target_LDFLAGS =
live_forking_target_LDADD =
script_tests += live/found_forks.sh live/found_family.sh live/fork_report.sh
EXTRA_DIST += live/found_forks.py live/found_family.py live/why_figures.py live/fork_frames.py
# the verdict: of a program that knows what it holds
check_PROGRAMS += live/why_target live/check_why
live_why_target_SOURCES = live/why_target.c
live_why_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O1 -g
live_why_target_LDFLAGS =
live_why_target_LDADD = -lpthread
live_check_why_SOURCES = live/check_why.c
live_check_why_LDADD = $(LIBS_LIBS) $(LTLIBINTL)
script_tests += live/why.sh live/why_programs.sh
# expectations: each holds, and its opposite does not
script_tests += live/expectations.sh live/check.sh live/exercises.sh
# file by file: of a folder of this name make has a rule of its own, "copy lessons.sh to it"
EXTRA_DIST += live/lessons/truths/en.lesson live/lessons/truths/truths.c live/lessons/forked/en.lesson live/lessons/forked/forked.c \
	live/lessons/small/en.lesson live/lessons/small/small.c \
	live/lessons/stride/de.lesson live/lessons/stride/en.lesson live/lessons/stride/stride.c
# stops at lines where there are no debug registers
check_PROGRAMS += live/single_target live/far_target live/no_debug_registers
live_far_target_SOURCES = live/far_target.c
live_far_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O0 -g
live_far_target_LDADD =
live_single_target_SOURCES = live/single_target.c
live_single_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O0 -g
live_single_target_LDFLAGS = -static
live_single_target_LDADD = -lpthread
live_no_debug_registers_SOURCES = live/no_debug_registers.c
live_no_debug_registers_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
live_no_debug_registers_LDFLAGS =
live_no_debug_registers_LDADD =
script_tests += live/single_steps.sh
script_tests += live/left.sh
# where something is missing
check_PROGRAMS += live/refuse
live_refuse_SOURCES = live/refuse.c
live_refuse_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
live_refuse_LDFLAGS =
live_refuse_LDADD =
script_tests += live/without.sh
