/* The target of causes.c: faults made on purpose, each case writing down what must be reported. */
#ifndef TESTS_CAUSE_CASES_H
#define TESTS_CAUSE_CASES_H

/* Runs the case of that name and writes to the file at `path` a line for each fault that must be reported:
 *
 *   TID ADDRESS CAUSE ACCESS BEFORE AFTER HUGE      "-": anything
 *
 * The faults of each thread are reported in the order in which it wrote them down. Asks on its output when it
 * waits for a state to be seen ("until 0xADDRESS STATE"), and reads y or n.
 * Ends at once: a sanitizer cannot look for leaks in a traced process. */
__attribute__((noreturn)) void cause_case_run(const char *name, const char *path);

#endif
