script_tests += packaging/versions.sh
# Packages. Outside make check: both need much time, the second one root and a mirror of Debian.
EXTRA_DIST += packaging/reproducible.sh packaging/debian.sh
check-reproducible:
	SRCDIR='$(abs_srcdir)' BUILDDIR='$(abs_builddir)' bash $(srcdir)/packaging/reproducible.sh
check-package:
	SRCDIR='$(abs_srcdir)' bash $(srcdir)/packaging/debian.sh
.PHONY: check-reproducible check-package
