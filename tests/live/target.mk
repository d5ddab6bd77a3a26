unit_programs += live/harmless live/launched
live_harmless_SOURCES = live/harmless.c live/watching.h unit/check.h
live_launched_SOURCES = live/launched.c live/watching.h unit/check.h
