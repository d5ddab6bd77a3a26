/* What all sentences have in common. */
#ifndef VERDICT_SAYING_H
#define VERDICT_SAYING_H

#include "base/strbuf.h"
#include "verdict/sentence.h"

/* Bytes times how much they matter, in hundredths. */
uint64_t saying_weigh(uint64_t bytes, unsigned hundredths);
/* Are they known, worth a sentence at all, and at least so many hundredths of RSS? */
bool saying_matters(const struct facts *, uint64_t bytes, unsigned percent);
/* A figure of the kernel's; not known if it is of another time. */
uint64_t saying_figure(const struct facts *, enum kernel_figure);
/* Fills in the texts, and ends both buffers. `remedy`: translated; "": there is none. */
void saying_keep(struct sentence *, struct strbuf *says, struct strbuf *evidence, const char *remedy);

#endif
