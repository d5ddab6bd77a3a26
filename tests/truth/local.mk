# make check-truth: each page of real programs against a second reader; no part of make check. As root.
EXTRA_PROGRAMS += truth/shapes
truth_shapes_SOURCES = truth/shapes.c
truth_shapes_LDADD = -lpthread
EXTRA_DIST += truth/check_truth.py truth/second_reader.py truth/files.py truth/running.py truth/workloads.py truth/faults.py
CLEANFILES += truth/shapes truth/shapes32

# TRUTH: options, such as --pages 100 or --only gcc,huge
check-truth: truth/shapes
	-$(CC) -m32 -idirafter /usr/include/`$(CC) -print-multiarch` -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -O1 -o truth/shapes32 $(srcdir)/truth/shapes.c -lpthread
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/truth/check_truth.py ../src/pagescape truth/shapes truth/shapes32 $(TRUTH)
.PHONY: check-truth
