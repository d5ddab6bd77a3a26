libpagescape_a_SOURCES += \
	export/asciicast.c \
	export/chart.c \
	export/chart.h \
	export/chart_flame.c \
	export/chart_growth.c \
	export/chart_map.c \
	export/chart_timeline.c \
	export/comparison.c \
	export/comparison.h \
	export/csv.c \
	export/csv_row.c \
	export/csv_row.h \
	export/drawn.c \
	export/event_json.c \
	export/event_json.h \
	export/export_names.c \
	export/export_names.h \
	export/export_picture.c \
	export/export_picture.h \
	export/exporter.h \
	export/exporters.c \
	export/exporters.h \
	export/fault_lines.c \
	export/fault_lines.h \
	export/fault_tables.c \
	export/fault_tables.h \
	export/family_table.c \
	export/family_table.h \
	export/fork_report.c \
	export/fork_report.h \
	export/flame.c \
	export/flame.h \
	export/folded.c \
	export/growth.c \
	export/growth.h \
	export/html.c \
	export/html_files.h \
	export/html_pack.c \
	export/html_pack.h \
	export/html_plan.c \
	export/html_plan.h \
	export/html_words.c \
	export/html_words.h \
	export/html_changes.c \
	export/html_changes.h \
	export/html_left.c \
	export/html_left.h \
	export/json.c \
	export/json.h \
	export/jsonl.c \
	export/lines.c \
	export/lines.h \
	export/page_changes.c \
	export/page_changes.h \
	export/sharing_report.c \
	export/sharing_report.h \
	export/snapshot.c \
	export/snapshot.h \
	export/snapshot_json.c \
	export/snapshot_json.h \
	export/snapshot_table.c \
	export/snapshot_table.h \
	export/pages.c \
	export/perfetto.c \
	export/perfetto_memory.c \
	export/perfetto_memory.h \
	export/perfetto_trace.c \
	export/perfetto_trace.h \
	export/pprof.c \
	export/protobuf.c \
	export/protobuf.h \
	export/speedscope.c \
	export/sqlite.c \
	export/database_file.c export/database_file.h \
	export/stack_table.c \
	export/stack_table.h \
	export/touched_report.c \
	export/touched_report.h \
	export/verdict_json.c \
	export/verdict_json.h \
	export/verdict_text.c \
	export/verdict_text.h

# messages of other tools' formats: protoc-c makes the code that packs them
packed = export/perfetto.pb-c.c export/perfetto.pb-c.h export/pprof.pb-c.c export/pprof.pb-c.h
EXTRA_DIST = export/perfetto.proto export/pprof.proto
nodist_libpagescape_a_SOURCES = $(packed) export/html_files.c
BUILT_SOURCES = export/perfetto.pb-c.h export/pprof.pb-c.h
CLEANFILES = $(packed) export/html_files.c
SUFFIXES = .proto .pb-c.h .pb-c.c
.proto.pb-c.h:
	$(AM_V_GEN)$(MKDIR_P) export && $(PROTOC_C) --proto_path=$(srcdir)/export --c_out=export $<
export/perfetto.pb-c.c: export/perfetto.pb-c.h
	@touch $@
export/pprof.pb-c.c: export/pprof.pb-c.h
	@touch $@

# the page for a browser, as text in the program: each line of a file a line of a C string
html = $(top_srcdir)/data/html
html_scripts = $(html)/words.js $(html)/data.js $(html)/state.js $(html)/grid.js $(html)/charts.js $(html)/story.js $(html)/main.js
export/html_files.c: $(html)/page.html $(html)/style.css $(html_scripts)
	$(AM_V_GEN)$(MKDIR_P) export && { \
		quote() { sed -e 's/[\\"]/\\&/g' -e 's/^/"/' -e 's/$$/\\n"/' "$$@"; }; \
		echo '#include "export/html_files.h"'; \
		echo 'const char html_page[] ='; quote $(html)/page.html; echo ';'; \
		echo 'const char html_style[] ='; quote $(html)/style.css; echo ';'; \
		echo 'const char html_script[] ='; quote $(html_scripts); echo ';'; \
	} >$@
