#include "verdict/saying.h"

#include "base/mem.h"
#include "verdict/words.h"

#define MIB (UINT64_C(1) << 20)

uint64_t saying_weigh(uint64_t bytes, unsigned hundredths)
{
	return bytes / 100 * hundredths;
}

bool saying_matters(const struct facts *f, uint64_t bytes, unsigned percent)
{
	return bytes < KERNEL_NONE && bytes >= MIB / 4 && words_percent(bytes, f->amounts.rss) >= percent;
}

uint64_t saying_figure(const struct facts *f, enum kernel_figure which)
{
	return f->amounts.fresh ? f->process->figures.read.values[which] : KERNEL_UNKNOWN;
}

void saying_keep(struct sentence *s, struct strbuf *says, struct strbuf *evidence, const char *remedy)
{
	s->says = mem_strdup(says->text);
	s->evidence = mem_strdup(evidence->text ? evidence->text : "");
	s->remedy = mem_strdup(remedy);
	strbuf_fini(says);
	strbuf_fini(evidence);
}
