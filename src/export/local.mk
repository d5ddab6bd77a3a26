libpagescape_a_SOURCES += \
	export/comparison.c \
	export/comparison.h \
	export/csv.c \
	export/event_json.c \
	export/event_json.h \
	export/export_names.c \
	export/export_names.h \
	export/exporter.c \
	export/exporter.h \
	export/fault_lines.c \
	export/fault_lines.h \
	export/folded.c \
	export/json.c \
	export/json.h \
	export/jsonl.c \
	export/lines.c \
	export/lines.h \
	export/page_changes.c \
	export/page_changes.h \
	export/snapshot.c \
	export/snapshot.h \
	export/snapshot_json.c \
	export/snapshot_json.h \
	export/snapshot_table.c \
	export/snapshot_table.h \
	export/sqlite.c
