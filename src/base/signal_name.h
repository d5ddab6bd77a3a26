/* Names of signals, never translated. */
#ifndef BASE_SIGNAL_NAME_H
#define BASE_SIGNAL_NAME_H

/* "SIGSEGV"; "signal 42", in buf, for one without a name of its own. */
const char *signal_name(int number, char buf[static 16]);

#endif
