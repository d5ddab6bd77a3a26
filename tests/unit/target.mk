unit_programs += unit/test_elf unit/test_live unit/test_names_of_code unit/test_namer unit/test_stack_growth
unit_test_elf_SOURCES = unit/test_elf.c unit/check.h
unit_test_live_SOURCES = unit/test_live.c unit/check.h
unit_test_names_of_code_SOURCES = unit/test_names_of_code.c unit/check.h
unit_programs += unit/test_unwind
unit_test_unwind_SOURCES = unit/test_unwind.c unit/check.h
unit_test_namer_SOURCES = unit/test_namer.c unit/check.h
unit_test_stack_growth_SOURCES = unit/test_stack_growth.c unit/check.h
