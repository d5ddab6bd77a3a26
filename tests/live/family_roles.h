/* What the targets of family.c do, and what test and target both know. */
#ifndef TESTS_FAMILY_ROLES_H
#define TESTS_FAMILY_ROLES_H

#include <stdint.h>

#define SELF "/proc/self/exe"
#define PAGES 16
#define FORKS 12
#define BOMB 300
#define PLACE UINT64_C(0x200000000000) /* nothing else is mapped there, not even AddressSanitizer's shadow */

/* Plays the role and ends the program; it writes what the test has to know, and its exit status says whether all was well. */
__attribute__((noreturn)) void family_play(const char *role);

#endif
