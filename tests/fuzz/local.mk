# fuzz harnesses of parsers; fuzz/replay.sh runs fuzz/fuzz_NAME on fuzz/corpus/NAME
fuzz_programs = fuzz/fuzz_maps fuzz/fuzz_smaps fuzz/fuzz_stat fuzz/fuzz_entries fuzz/fuzz_pages \
	fuzz/fuzz_mountinfo fuzz/fuzz_identity fuzz/fuzz_session fuzz/fuzz_snapshot fuzz/fuzz_records fuzz/fuzz_rings \
	fuzz/fuzz_code fuzz/fuzz_perf_map fuzz/fuzz_unwind fuzz/fuzz_output fuzz/fuzz_filter fuzz/fuzz_keys fuzz/fuzz_figures fuzz/fuzz_expect fuzz/fuzz_lesson
check_PROGRAMS += $(fuzz_programs)
fuzz_fuzz_maps_SOURCES = fuzz/fuzz_maps.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_smaps_SOURCES = fuzz/fuzz_smaps.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_stat_SOURCES = fuzz/fuzz_stat.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_entries_SOURCES = fuzz/fuzz_entries.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_pages_SOURCES = fuzz/fuzz_pages.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_pages_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ioctl
fuzz_fuzz_mountinfo_SOURCES = fuzz/fuzz_mountinfo.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_identity_SOURCES = fuzz/fuzz_identity.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_session_SOURCES = fuzz/fuzz_session.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_snapshot_SOURCES = fuzz/fuzz_snapshot.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_records_SOURCES = fuzz/fuzz_records.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_rings_SOURCES = fuzz/fuzz_rings.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_code_SOURCES = fuzz/fuzz_code.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_perf_map_SOURCES = fuzz/fuzz_perf_map.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_output_SOURCES = fuzz/fuzz_output.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_filter_SOURCES = fuzz/fuzz_filter.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_keys_SOURCES = fuzz/fuzz_keys.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_expect_SOURCES = fuzz/fuzz_expect.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_lesson_SOURCES = fuzz/fuzz_lesson.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_unwind_SOURCES = fuzz/fuzz_unwind.c fuzz/replay.c fuzz/fuzz.h
fuzz_fuzz_figures_SOURCES = fuzz/fuzz_figures.c fuzz/replay.c fuzz/fuzz.h
script_tests += fuzz/replay.sh
EXTRA_DIST += fuzz/corpus fuzz/fuzz.py

# make fuzz: looks for new inputs with libFuzzer; no part of make check.
# FUZZ: names of harnesses, default all; RUNS and SECONDS: of each, whichever ends first; FUZZ_OPTIONS: such as
# --jobs 2 or --no-merge
FUZZ =
RUNS = 10000000
SECONDS = 3600
FUZZ_OPTIONS =
fuzz:
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/fuzz/fuzz.py $(top_srcdir) fuzz/found --only '$(FUZZ)' \
		--runs $(RUNS) --seconds $(SECONDS) $(FUZZ_OPTIONS)
clean-local:
	rm -rf fuzz/found/build
.PHONY: fuzz
