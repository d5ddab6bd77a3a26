#!/bin/sh
# Stands for the unit tests where they cannot be built.
echo "unit tests: cmocka is missing (libcmocka-dev on Debian, libcmocka-devel on Fedora)"
exit 77
