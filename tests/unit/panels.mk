# The page panel, its tabs and the overlays.
unit_programs += unit/test_explain screens/test_panels
unit_test_explain_SOURCES = unit/test_explain.c
screens_test_panels_SOURCES = screens/test_panels.c screens/panels_scene.c screens/panels_scene.h $(scene_sources)
