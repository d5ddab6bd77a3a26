libpagescape_a_SOURCES += \
	export/compare_json.c \
	export/compare_text.c \
	export/compare_print.h \
	export/event_json.c \
	export/event_json.h \
	export/fault_tally.c \
	export/fault_tally.h \
	export/faults.c \
	export/faults.h \
	export/lines.c \
	export/lines.h \
	export/page_changes.c \
	export/page_changes.h \
	export/snapshot.h \
	export/snapshot_json.c \
	export/snapshot_read.c \
	export/snapshot_read.h \
	export/snapshot_runs.c \
	export/snapshot_runs.h \
	export/snapshot_sums.c \
	export/snapshot_sums.h \
	export/snapshot_table.c
