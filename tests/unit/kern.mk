# kern: parsers, page states, whole readers
unit_programs += unit/test_faultring unit/test_kin unit/test_kin_faults unit/test_maps unit/test_proc_text unit/test_pagecache unit/test_reader unit/test_reader_captured unit/test_reader_library unit/test_unseen
unit_test_maps_SOURCES = unit/test_maps.c unit/check.h
unit_test_proc_text_SOURCES = unit/test_proc_text.c unit/check.h
unit_test_pagecache_SOURCES = unit/test_pagecache.c unit/check.h
unit_test_reader_SOURCES = unit/test_reader.c unit/reader_check.h unit/check.h
unit_test_reader_captured_SOURCES = unit/test_reader_captured.c unit/reader_check.h unit/check.h
unit_test_reader_library_SOURCES = unit/test_reader_library.c unit/check.h
EXTRA_DIST += fixtures
unit_test_kin_faults_SOURCES = unit/test_kin_faults.c unit/check.h
unit_test_faultring_SOURCES = unit/test_faultring.c unit/check.h
unit_test_unseen_SOURCES = unit/test_unseen.c unit/check.h
unit_test_kin_SOURCES = unit/test_kin.c unit/check.h
unit_programs += unit/test_memcall
unit_test_memcall_SOURCES = unit/test_memcall.c unit/check.h
unit_programs += unit/test_kernel_figures
unit_test_kernel_figures_SOURCES = unit/test_kernel_figures.c unit/check.h
