# make bench: measures against references in the same run; no part of make check.
bench_programs = bench/target bench/scan bench/window bench/session bench/toucher bench/capture
EXTRA_PROGRAMS += $(bench_programs)
bench_target_SOURCES = bench/target.c
bench_target_LDADD =
bench_scan_SOURCES = bench/scan.c
bench_window_SOURCES = bench/window.c
bench_window_LDADD = ../src/libpagescape.a
bench_session_SOURCES = bench/session.c
bench_toucher_SOURCES = bench/toucher.c
bench_toucher_LDADD =
bench_capture_SOURCES = bench/capture.c
bench_capture_LDADD =
EXTRA_DIST += bench/bench bench/growth bench/growth.awk bench/guard
CLEANFILES += $(bench_programs) bench/growth.points bench/growth.svg

bench: $(bench_programs)
	$(AM_TESTS_ENVIRONMENT) DEMO='$(abs_top_builddir)/data/demos/demo'; export DEMO; \
		bash $(srcdir)/bench/bench $(BENCH)

# Some of it as numbers of instructions, which another day gives again: for .ci/run.
check-cost: bench/target bench/session
	$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/bench/guard
.PHONY: bench check-cost
