/* Names as compilers of C++ and Rust write them. */
#include "symbol/demangle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/check.h"

static void test_demangle(void **state)
{
	static const struct {
		const char *from, *to;
	} names[] = {
		{ "_ZN5store4openEPKc", "store::open" },
		{ "_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<int, std::allocator<int> >::push_back" },
		{ "_ZN4demo4fill17h0123456789abcdefE", "demo::fill" },
		{ "_RNvCs1234_4demo4fill", "demo::fill" },
		{ "main", NULL },
		{ "_Z", NULL },
		{ "_R", NULL },
		{ "", NULL },
		{ "_ZN5store4open", NULL },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *found = demangle(names[i].from);
		if (names[i].to)
			assert_string_equal(found ? found : "(not demangled)", names[i].to);
		else
			assert_null(found);
		free(found);
	}
}

/* "The same twice", again and again: 2^60 characters, which would take forever. */
static void test_demangle_bomb(void **state)
{
	char name[2048] = "_Z1fSt4pairIiiE";
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	for (int i = 0; i < 30; i++) {
		char next[32];
		snprintf(next, sizeof next, "St4pairIS%c_S%c_E", digits[i], digits[i]);
		strcat(name, next);
	}
	free(demangle(name));
	name[0] = '_';
	memset(name + 1, 'Z', sizeof name - 2);
	name[sizeof name - 1] = '\0';
	assert_null(demangle(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_demangle),
		cmocka_unit_test(test_demangle_bomb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
