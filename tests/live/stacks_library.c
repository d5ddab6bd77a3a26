/* A library without symbols, except the one that is looked up in it: the functions called
 * here have no names, but must be unwound through all the same. */
typedef volatile char *page;

void through(void (*call)(page), page at);

static volatile int sum;

__attribute__((noinline)) static void nameless(void (*call)(page), page at)
{
	volatile char local[100];

	local[sum % 100] = 1;
	call(at);
	sum += local[0];
}

void through(void (*call)(page), page at)
{
	nameless(call, at);
	sum++;
}
