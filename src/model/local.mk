libpagescape_a_SOURCES += \
	model/cause.c \
	model/cause.h \
	model/diff.c \
	model/diff.h \
	model/history.c \
	model/history.h \
	model/observe.c \
	model/observe.h \
	model/observe_regions.c \
	model/output.c \
	model/output.h \
	model/page.c \
	model/page.h \
	model/process_info.h \
	model/region.c \
	model/region.h \
	model/runs.c \
	model/runs.h \
	model/runs_chunk.c \
	model/runs_chunk.h \
	model/space.c \
	model/space.h \
	model/stories.c \
	model/stories.h \
	model/world.c \
	model/world.h
