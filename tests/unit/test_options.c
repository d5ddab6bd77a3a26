/* Parsing the command line. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/command_line.h"
#include "cmd/option_rows.h"
#include "cmd/options_help.h"
#include "cmd/subcommands.h"

#define WORDS_MAX 16

/* Parses words separated by '|' behind the program's name; the result points into a copy
 * that lives until the next call. */
static int parse(const char *line, struct options *options, struct err *err)
{
	static char copy[512];
	static char *words[WORDS_MAX];
	int count = 1;

	snprintf(copy, sizeof copy, "%s", line);
	words[0] = (char *)"pagescape";
	for (char *word = copy; *line && word; count++) {
		words[count] = word;
		word = strchr(word, '|');
		if (word)
			*word++ = '\0';
	}
	words[count] = NULL;
	return command_line_parse(options, count, words, err);
}

static void assert_parsed(const char *line, struct options *options)
{
	struct err err = { 0 };

	if (parse(line, options, &err) < 0)
		fail_msg("%s: %s", line, err.text);
}

static void assert_refused(const char *line, const char *words)
{
	struct options options;
	struct err err = { 0 };

	if (parse(line, &options, &err) == 0)
		fail_msg("%s was taken", line);
	assert_int_equal(err.code, ERR_USAGE);
	if (!strstr(err.text, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", line, err.text, words);
}

static void test_without_words_watches(void **state)
{
	struct options options;

	assert_parsed("", &options);
	assert_ptr_equal(options.command, subcommands_list()[0]);
	assert_int_equal(options.input.pid, 0);
	assert_null(options.input.program);
	assert_ptr_equal(options.screen.terminal.theme, theme_list()[0]);
	assert_false(options_given(&options, OPTION_THEME));
	assert_int_equal(options.screen.interval_ns, 0);
}

static void test_options_end_at_the_program(void **state)
{
	struct options options;

	assert_parsed("--ascii|sort|-r|--json|snapshot", &options);
	assert_true(options.screen.terminal.ascii);
	assert_false(options.output.json);
	assert_string_equal(options.input.program[0], "sort");
	assert_string_equal(options.input.program[3], "snapshot");
	assert_null(options.input.program[4]);
}

static void test_a_command_goes_on_with_options(void **state)
{
	struct options options;

	assert_parsed("--no-page-cache|snapshot|-p|42|--json", &options);
	assert_ptr_equal(options.command, subcommands_find("snapshot"));
	assert_int_equal(options.input.pid, 42);
	assert_true(options.output.json);
	assert_false(options.output.pages);
	assert_true(options.reader.off[SOURCE_PAGE_CACHE]);
	assert_null(options.input.program);

	assert_parsed("doctor", &options);
	assert_ptr_equal(options.command, subcommands_find("doctor"));
}

static void test_a_separator_makes_a_program_of_it(void **state)
{
	struct options options;

	assert_parsed("--|snapshot|-p|42", &options);
	assert_ptr_equal(options.command, subcommands_list()[0]);
	assert_int_equal(options.input.pid, 0);
	assert_string_equal(options.input.program[0], "snapshot");

	/* a "--" that is an option's argument is no separator */
	assert_parsed("--proc-root|--|snapshot|-p|42", &options);
	assert_string_equal(options.reader.proc_root, "--");
	assert_ptr_equal(options.command, subcommands_find("snapshot"));
}

/* A value goes where its row says, and nowhere else. */
static void test_values_go_to_their_members(void **state)
{
	struct options options;

	assert_parsed("snapshot|--at|1.25|--frames|a", &options);
	assert_int_equal(options.time.at_ns, 1250 * CLOCK_MS);
	assert_true(options.snapshot.frames);
	assert_false(options.snapshot.smaps);
	assert_string_equal(options.input.operands[0], "a");
	assert_true(options_given(&options, OPTION_AT));
	assert_false(options_given(&options, OPTION_SMAPS));
	assert_parsed("export|--to|2|csv-faults|x|-o|y", &options);
	assert_int_equal(options.time.from_ns, 0);
	assert_int_equal(options.time.to_ns, 2 * CLOCK_SECOND);
	assert_string_equal(options.input.operands[1], "x");
	assert_string_equal(options.output.file, "y");
}

static void test_each_option_has_a_row(void **state)
{
	for (enum option_id id = 0; id < OPTION_ROWS; id++) {
		assert_true(option_rows[id].name && option_rows[id].parse && option_rows[id].help);
		for (enum option_id other = 0; other < id; other++)
			assert_string_not_equal(option_rows[other].name, option_rows[id].name);
	}
}

static void test_each_source_can_be_off(void **state)
{
	struct options options;
	char line[64];

	for (int kind = SOURCE_PAGEMAP; kind < SOURCE_KINDS; kind++) {
		snprintf(line, sizeof line, "--no-%s|ls", source_kind_name((enum source_kind)kind));
		for (char *c = line; *c; c++)
			if (*c == '_')
				*c = '-';
		assert_parsed(line, &options);
		for (int other = 0; other < SOURCE_KINDS; other++)
			assert_int_equal(options.reader.off[other], other == kind);
	}
	assert_refused("--no-maps|ls", "unknown");
}

static void test_numbers_and_names(void **state)
{
	struct options options;

	assert_parsed("--interval|100|--theme|light|ls", &options);
	assert_int_equal(options.screen.interval_ns, 100 * CLOCK_MS);
	assert_string_equal(options.screen.terminal.theme->name, "light");
	assert_parsed("-p2147483647", &options);
	assert_int_equal(options.input.pid, INT32_MAX);
	assert_refused("-p|2147483648", "2147483648");
	assert_refused("-p|", "a process id is missing");
	assert_refused("-p|+1", "not a process id");
	assert_refused("--interval|9|ls", "10 to 60000");
	assert_refused("--theme|x\033[31m|ls", "x\\x1b[31m");
}

/* Several, each once, one by one or with commas; not together with other ways of naming them. */
static void test_processes(void **state)
{
	struct options options;

	assert_parsed("-p|42", &options);
	assert_false(options_several(&options));
	assert_parsed("record|-o|x|-p|42,43|-p|44|-p|43", &options);
	assert_int_equal(options.input.pids.count, 3);
	assert_int_equal(options.input.pid, 42);
	assert_int_equal(options.input.pids.list[2], 44);
	assert_true(options_several(&options) && options_running(&options));
	assert_parsed("--cgroup|/app|--name|x", &options);
	assert_string_equal(options.input.cgroup, "/app");
	assert_true(options_several(&options) && options_running(&options));
	assert_parsed("-p|42, 43 , 44", &options);
	assert_int_equal(options.input.pids.count, 3);
	assert_int_equal(options.input.pids.list[1], 43);
	assert_refused("-p|42,", "a process id is missing");
	assert_refused("-p|42, ,43", "a process id is missing");
	assert_refused("-p|42,4 3", "not a process id: 4 3");
	assert_refused("-p|42|--name|x", "mutually exclusive");
	assert_refused("--name|x|cat", "--name or a PROGRAM");
	assert_refused("--cgroup|x|cat", "--cgroup or a PROGRAM");
	assert_refused("doctor|-p|42,43", "one process");
	assert_refused("check|-p|42|-p|43|resident > 0", "one process");
	assert_refused(
	    "-p|1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,"
	    "35,"
	    "36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65",
	    "at most 64");
}

static void test_help_ends_the_parsing(void **state)
{
	struct options options;

	assert_parsed("snapshot|--help|--bogus", &options);
	assert_true(options.help);
	assert_ptr_equal(options.command, subcommands_find("snapshot"));
	assert_parsed("-V|--bogus", &options);
	assert_true(options.version);
}

static void test_options_belong_to_commands(void **state)
{
	assert_refused("snapshot|-p|1|--paused", "snapshot does not take --paused");
	assert_refused("--do|pause|doctor", "doctor does not take --do");
	assert_refused("--do|zoom-in; frobnicate|ls", "no such command: frobnicate");
	assert_refused("--pages|ls", "--pages belongs to another command");
	assert_refused("-p|1|ls", "not both");
}

/* The help of a command names each option that it takes, and no other. */
static void test_help_lists_what_is_taken(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	options_print_help(out, subcommands_find("doctor"));
	fclose(out);
	assert_non_null(strstr(text, "--json"));
	assert_non_null(strstr(text, "pagemap-scan"));
	assert_null(strstr(text, "--theme"));
	assert_null(strstr(text, "--frames"));
	free(text);
}

/* A word that names a session is one; any other, and all behind "--", is the program. */
static void test_session_or_program(void **state)
{
	struct options options;

	assert_parsed("why|" TESTS_DIR "/session/v1.pgs|--at|1", &options);
	assert_non_null(options.input.operands[0]);
	assert_null(options.input.program);
	assert_int_equal(options.time.at_ns, 1000000000);
	assert_parsed("why|" TESTS_DIR "/session/v1.pgs#12@0.5", &options);
	assert_non_null(options.input.operands[0]);
	assert_parsed("why|--|" TESTS_DIR "/session/v1.pgs|--at", &options);
	assert_null(options.input.operands[0]);
	assert_string_equal(options.input.program[1], "--at");
	assert_parsed("why|--json|sort|-r", &options);
	assert_null(options.input.operands[0]);
	assert_string_equal(options.input.program[0], "sort");
	assert_true(options.output.json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session_or_program),
		cmocka_unit_test(test_without_words_watches),
		cmocka_unit_test(test_options_end_at_the_program),
		cmocka_unit_test(test_a_command_goes_on_with_options),
		cmocka_unit_test(test_a_separator_makes_a_program_of_it),
		cmocka_unit_test(test_values_go_to_their_members),
		cmocka_unit_test(test_each_option_has_a_row),
		cmocka_unit_test(test_each_source_can_be_off),
		cmocka_unit_test(test_numbers_and_names),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_help_ends_the_parsing),
		cmocka_unit_test(test_options_belong_to_commands),
		cmocka_unit_test(test_help_lists_what_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
