#include "lecture/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define OPEN '.'
#define RIGHT 'r'
#define WRONG 'w'

void score_init(struct score *s, size_t count, const char *before)
{
	*s = (struct score){ .letters = mem_zalloc(count + 1), .count = count };
	memset(s->letters, OPEN, count);
	for (size_t i = 0; before && i < count && before[i]; i++)
		if (before[i] == RIGHT || before[i] == WRONG)
			s->letters[i] = before[i];
}

void score_fini(struct score *s)
{
	free(s->letters);
	*s = (struct score){ 0 };
}

void score_set(struct score *s, size_t step, bool right)
{
	if (step < s->count)
		s->letters[step] = right ? RIGHT : WRONG;
}

void score_count(const char *letters, unsigned *right, unsigned *asked)
{
	*right = *asked = 0;
	for (; letters && *letters; letters++) {
		*right += *letters == RIGHT;
		*asked += *letters == RIGHT || *letters == WRONG;
	}
}
