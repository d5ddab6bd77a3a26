# make soak: an hour of watching, a line a minute; no part of make check.
EXTRA_DIST += soak/soak.py

# SOAK: options, such as --minutes 5
soak:
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/soak/soak.py ../src/pagescape $(SOAK)
.PHONY: soak
