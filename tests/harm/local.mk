# make check-harm: what it costs to be watched, and whether the watched survive; no part of make check.
EXTRA_PROGRAMS += harm/victim
harm_victim_SOURCES = harm/victim.c
harm_victim_LDADD =
EXTRA_DIST += harm/check_harm.py
CLEANFILES += harm/victim

# HARM: options, such as cost, or kills --kills 50
check-harm: harm/victim
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/harm/check_harm.py ../src/pagescape harm/victim $(HARM)
.PHONY: check-harm
