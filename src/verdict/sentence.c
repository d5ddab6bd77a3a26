#include "verdict/sentence.h"

#include "base/mem.h"
#include "verdict/words.h"

#define MIB (UINT64_C(1) << 20)

const char *sentence_kind_name(enum sentence_kind kind)
{
	static const char *const names[SENTENCE_KINDS] = {
		[SENTENCE_GROWTH] = "growth",
		[SENTENCE_UNSEEN] = "unseen",
		[SENTENCE_GROWING] = "still-growing",
		[SENTENCE_PRIVATE] = "private",
		[SENTENCE_FILES] = "clean-files",
		[SENTENCE_FREED] = "lazily-free",
		[SENTENCE_FORK] = "shared-since-fork",
		[SENTENCE_COPIED] = "copied-since-fork",
		[SENTENCE_LOCKED] = "locked",
		[SENTENCE_OWNER] = "owner",
		[SENTENCE_ARENAS] = "arenas",
		[SENTENCE_STACKS] = "thread-stacks",
		[SENTENCE_MALLOC_FREE] = "malloc-free",
		[SENTENCE_HUGE_ZERO] = "huge-zero",
		[SENTENCE_HUGE] = "huge",
		[SENTENCE_SWAP] = "swap",
		[SENTENCE_REGIONS] = "regions",
		[SENTENCE_PAGE_TABLES] = "page-tables",
		[SENTENCE_DIRTY] = "dirty-files",
		[SENTENCE_CGROUP] = "cgroup",
		[SENTENCE_PEAK] = "peak",
		[SENTENCE_NODES] = "nodes",
	};

	return (unsigned)kind < SENTENCE_KINDS ? names[kind] : "unknown";
}

uint64_t sentence_weigh(uint64_t bytes, unsigned hundredths)
{
	return bytes / 100 * hundredths;
}

bool sentence_matters(const struct facts *f, uint64_t bytes, unsigned percent)
{
	return bytes < KERNEL_NONE && bytes >= MIB / 4 && words_percent(bytes, f->amounts.rss) >= percent;
}

uint64_t sentence_figure(const struct facts *f, enum kernel_figure which)
{
	return f->amounts.fresh ? f->process->figures.read.values[which] : KERNEL_UNKNOWN;
}

void sentence_keep(struct sentence *s, struct strbuf *says, struct strbuf *evidence, const char *remedy)
{
	s->says = mem_strdup(says->text);
	s->evidence = mem_strdup(evidence->text ? evidence->text : "");
	s->remedy = mem_strdup(remedy);
	strbuf_fini(says);
	strbuf_fini(evidence);
}
