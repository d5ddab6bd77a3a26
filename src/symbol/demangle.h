/* Names of C++ and Rust functions as in the source. */
#ifndef SYMBOL_DEMANGLE_H
#define SYMBOL_DEMANGLE_H

/* "_ZN5store4openEPKc" -> "store::open", "_RNvCs..._4demo4fill" -> "demo::fill": without
 * the arguments' types, and without Rust's hash. NULL for a name of another kind.
 * The caller frees it. */
char *demangle(const char *name);

#endif
