# make check-kernels: live tests under other kernels, emulated; no part of make check. Needs qemu-system-x86_64.
EXTRA_DIST += kernels/kernels.py kernels/init.sh

# KERNELS: packages of Debian's, .deb files or vmlinuz; KERNELS_OPTIONS: such as --only states
KERNELS = linux-image-6.1.0-50-amd64
KERNELS_OPTIONS =
check-kernels: $(check_PROGRAMS) truth/shapes
	PYTHONDONTWRITEBYTECODE=1 python3 -u $(srcdir)/kernels/kernels.py .. $(top_srcdir) $(KERNELS_OPTIONS) $(KERNELS)
.PHONY: check-kernels
