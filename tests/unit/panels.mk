# The page panel, its tabs and the overlays.
unit_programs += unit/test_explain screens/test_panels screens/test_events
unit_test_explain_SOURCES = unit/test_explain.c
# Tabs, whichever there are.
unit_programs += unit/test_tabs
unit_test_tabs_SOURCES = unit/test_tabs.c unit/check.h
screens_test_panels_SOURCES = screens/test_panels.c screens/panels_scene.c screens/panels_scene.h $(scene_sources)
screens_test_events_SOURCES = screens/test_events.c screens/panels_faults.c screens/panels_scene.c screens/panels_scene.h \
	$(scene_sources)
# Filters of events, the profile of functions.
unit_programs += unit/test_event_filter
unit_test_event_filter_SOURCES = unit/test_event_filter.c unit/check.h
