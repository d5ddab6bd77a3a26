# The command line: options, exports, and the whole program run by scripts.
unit_programs += unit/test_options unit/test_export unit/test_film unit/test_html unit/test_fault_lines unit/test_compare
unit_test_options_SOURCES = unit/test_options.c
unit_test_film_SOURCES = unit/test_film.c unit/check.h
unit_test_html_SOURCES = unit/test_html.c unit/check.h
unit_test_export_SOURCES = unit/test_export.c
unit_test_fault_lines_SOURCES = unit/test_fault_lines.c unit/check.h

check_PROGRAMS += cli/check_snapshot cli/hostile cli/behind cli/standing cli/arenas cli/make_session cli/make_markup cli/make_forks cli/make_freed cli/toucher
cli_standing_SOURCES = cli/standing.c
cli_arenas_SOURCES = cli/arenas.c
# no sanitizer: it has its own idea of what is behind a library
cli_behind_SOURCES = cli/behind.c
cli_behind_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
cli_behind_LDFLAGS =
cli_behind_LDADD =
# no sanitizer: its memory lies elsewhere each time
cli_standing_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
cli_standing_LDFLAGS =
cli_standing_LDADD =
cli_arenas_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
cli_arenas_LDFLAGS =
cli_arenas_LDADD =
cli_toucher_SOURCES = cli/toucher.c
cli_toucher_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
cli_toucher_LDFLAGS =
cli_toucher_LDADD =
cli_make_session_SOURCES = cli/make_session.c cli/making.h
cli_make_session_LDADD = ../src/libpagescape.a $(LIBS_LIBS) $(LTLIBINTL)
cli_make_markup_SOURCES = cli/make_markup.c cli/making.h
cli_make_markup_LDADD = ../src/libpagescape.a $(LIBS_LIBS) $(LTLIBINTL)
cli_make_forks_SOURCES = cli/make_forks.c cli/making.h
cli_make_forks_LDADD = ../src/libpagescape.a $(LIBS_LIBS) $(LTLIBINTL)
cli_make_freed_SOURCES = cli/make_freed.c cli/making.h
cli_make_freed_LDADD = ../src/libpagescape.a $(LIBS_LIBS) $(LTLIBINTL)
cli_check_snapshot_SOURCES = cli/check_snapshot.c
cli_hostile_SOURCES = cli/hostile.c
script_tests += cli/language.sh cli/usage.sh cli/settings.sh cli/snapshot.sh cli/several.sh cli/lines.sh cli/doctor.sh cli/completions.sh cli/manual.sh cli/diff.sh cli/export.sh cli/hostile_function.sh cli/html.sh cli/pictures.sh cli/handout.sh cli/touched.sh cli/why.sh
EXTRA_DIST += cli/tables.sh cli/complete.zsh
script_tests += cli/speedscope.sh
EXTRA_DIST += cli/common.sh cli/columns.py cli/browser.py cli/page.py cli/page_words.py cli/check_page.py
unit_test_compare_SOURCES = unit/test_compare.c unit/model_check.h unit/check.h
EXTRA_DIST += cli/decode.py
