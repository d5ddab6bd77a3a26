# Golden screens: GENERATE=1 make check TESTS=screens/test_screens writes golden/ anew.
scene_sources = screens/scene_builder.c screens/scene_builder.h screens/scene_programs.c unit/check.h
unit_programs += screens/test_screens screens/test_family screens/test_compared screens/test_time
screens_test_compared_SOURCES = screens/test_compared.c $(scene_sources)
screens_test_time_SOURCES = screens/test_time.c $(scene_sources)
screens_test_family_SOURCES = screens/test_family.c $(scene_sources)
screens_test_screens_SOURCES = screens/test_screens.c $(scene_sources)
EXTRA_DIST += screens/golden
unit_programs += screens/test_why
screens_test_why_SOURCES = screens/test_why.c $(scene_sources)
unit_programs += screens/test_russian
screens_test_russian_SOURCES = screens/test_russian.c screens/panels_faults.c screens/panels_scene.c \
	screens/panels_scene.h $(scene_sources)
