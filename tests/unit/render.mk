# Canvas, glyphs, themes, layout, list; screens are in screens/local.mk.
unit_programs += unit/test_canvas unit/test_drawing unit/test_layout unit/test_process_rows
unit_test_canvas_SOURCES = unit/test_canvas.c unit/check.h
unit_test_canvas_LDADD = $(LDADD) -lm
unit_test_drawing_SOURCES = unit/test_drawing.c unit/check.h
unit_test_process_rows_SOURCES = unit/test_process_rows.c unit/check.h
unit_test_layout_SOURCES = unit/test_layout.c $(scene_sources)
