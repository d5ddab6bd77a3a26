/* Names of C++ and Rust functions as in their source. */
#ifndef SYMBOL_DEMANGLE_H
#define SYMBOL_DEMANGLE_H

/* "_ZN5store4openEPKc" -> "store::open", "_RNvCs..._4demo4fill" -> "demo::fill": without
 * the arguments' types, and without Rust's hash. NULL for a name that is none of these.
 * The caller frees it. */
char *demangle(const char *name);

#endif
