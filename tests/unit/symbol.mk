unit_programs += unit/test_elf unit/test_instruction unit/test_names_of_code unit/test_symbolizer unit/test_unended_names \
	unit/test_unwind unit/test_unwind_row unit/test_unwind_frames unit/test_unwind_bare unit/test_unwind_memo \
	unit/test_demangle unit/test_perf_map
unit_test_elf_SOURCES = unit/test_elf.c unit/check.h
unit_test_instruction_SOURCES = unit/test_instruction.c unit/check.h
unit_test_names_of_code_SOURCES = unit/test_names_of_code.c unit/check.h
unit_test_symbolizer_SOURCES = unit/test_symbolizer.c unit/check.h
unit_test_unended_names_SOURCES = unit/test_unended_names.c unit/check.h
unit_test_unwind_SOURCES = unit/test_unwind.c unit/check.h
unit_test_unwind_frames_SOURCES = unit/test_unwind_frames.c unit/check.h
unit_test_unwind_bare_SOURCES = unit/test_unwind_bare.c unit/check.h
unit_test_unwind_memo_SOURCES = unit/test_unwind_memo.c unit/check.h
unit_test_demangle_SOURCES = unit/test_demangle.c unit/check.h
unit_test_perf_map_SOURCES = unit/test_perf_map.c unit/check.h
unit_test_unwind_row_SOURCES = unit/test_unwind_row.c unit/check.h
