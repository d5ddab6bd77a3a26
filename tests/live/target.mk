unit_programs += live/harmless live/launched live/step
live_harmless_SOURCES = live/harmless.c live/watching.h unit/check.h
live_launched_SOURCES = live/launched.c live/watching.h unit/check.h
live_step_SOURCES = live/step.c live/stepping.h live/watching.h unit/check.h
