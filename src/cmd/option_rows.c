/* A row an option. Where an option means something else to a command, that has words of its own for it
 * (cmd/subcommand.h). */
#include "cmd/option_rows.h"

#include <stddef.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "cmd/options.h"

#define SETTING(id, name, letter, argument, parse, member, help, when)                                       \
	[id] = { name, letter, argument, parse, offsetof(struct options, member), help, when }
#define OPTION(id, name, letter, argument, parse, member, help)                                              \
	SETTING(id, name, letter, argument, parse, member, help, OPTION_SETTING_NEVER)

const struct option_row option_rows[OPTION_ROWS] = {
	OPTION(OPTION_PID, "pid", 'p', N_("PID"), option_pids, input.pids,
	       N_("the process to look at; of several: PID,PID")),
	OPTION(OPTION_CGROUP, "cgroup", 0, N_("PATH"), option_text, input.cgroup,
	       N_("instead of -p: all processes of a cgroup")),
	OPTION(OPTION_NAME, "name", 0, N_("REGEX"), option_text, input.name,
	       N_("instead of -p: all processes whose name fits")),
	OPTION(OPTION_OUTPUT, "output", 'o', N_("FILE"), option_text, output.file,
	       N_("record or export to FILE; - is standard output")),
	SETTING(OPTION_FOLLOW_FORKS, "follow-forks", 'f', NULL, option_flag, input.forks,
		N_("also watch the processes it forks"), OPTION_SETTING_ALWAYS),
	OPTION(OPTION_FORCE, "force", 0, NULL, option_flag, output.force, N_("overwrite FILE if it exists")),
	OPTION(OPTION_AT, "at", 0, N_("SECONDS"), option_seconds, time.at_ns,
	       N_("the moment of the SESSION; default: its end")),
	OPTION(OPTION_FOR, "for", 0, N_("SECONDS"), option_seconds, time.for_ns,
	       N_("watch for this long, and show what was added")),
	OPTION(OPTION_FROM, "from", 0, N_("SECONDS"), option_seconds, time.from_ns,
	       N_("only what happened at or after this time")),
	OPTION(OPTION_TO, "to", 0, N_("SECONDS"), option_seconds, time.to_ns,
	       N_("only what happened up to this time")),
	OPTION(OPTION_TOP, "top", 0, N_("WHAT"), option_top, top,
	       N_("begin each stack with its process or the region touched")),
	SETTING(OPTION_THEME, "theme", 0, N_("NAME"), option_theme, screen.terminal.theme,
		N_("colours: dark, light, contrast, mono"), OPTION_SETTING_ALWAYS),
	OPTION(OPTION_VIEW, "view", 0, N_("VIEW"), option_view, picture.view,
	       N_("of a picture: screen, map, timeline, flame, growth")),
	OPTION(OPTION_SIZE, "size", 0, N_("COLUMNSxROWS"), option_size, picture.columns,
	       N_("of a picture of the screen; 120x36 unless given")),
	OPTION(OPTION_SPEED, "speed", 0, N_("FACTOR"), option_speed, picture.speed,
	       N_("of a film: how many times the original speed")),
	OPTION(OPTION_PICTURE, "picture", 0, N_("FILE"), option_text, picture.file,
	       N_("draw the screen to FILE.svg, .png or .pdf")),
	SETTING(OPTION_ASCII, "ascii", 0, NULL, option_flag, screen.terminal.ascii,
		N_("draw with ASCII characters only"), OPTION_SETTING_ALWAYS),
	SETTING(OPTION_INTERVAL, "interval", 0, N_("MS"), option_interval, screen.interval_ns,
		N_("milliseconds between looks"), OPTION_SETTING_ALWAYS),
	SETTING(OPTION_DO, "do", 0, N_("COMMANDS"), option_commands, screen.commands,
		N_("run screen commands first: \"zoom-in; follow\""), OPTION_SETTING_ON_SCREEN),
	OPTION(OPTION_PAUSED, "paused", 0, NULL, option_flag, input.paused,
	       N_("hold PROGRAM at its first instruction, ready to step")),
	SETTING(OPTION_NO_MOUSE, "no-mouse", 0, NULL, option_flag, screen.terminal.no_mouse,
		N_("leave the mouse to the terminal"), OPTION_SETTING_ALWAYS),
	OPTION(OPTION_JSON, "json", 0, NULL, option_flag, output.json, N_("print JSON")),
	OPTION(OPTION_MARKDOWN, "markdown", 0, NULL, option_flag, why.markdown,
	       N_("print markdown, to paste into a report")),
	OPTION(OPTION_READ, "read", 0, NULL, option_flag, why.read,
	       N_("read its memory: zeroes, free chunks of malloc")),
	OPTION(OPTION_SUMMARY, "summary", 0, NULL, option_flag, faults.summary,
	       N_("tables by function, region and file")),
	OPTION(OPTION_FILTER, "filter", 0, N_("WORDS"), option_text, faults.filter,
	       N_("only faults that match: \"cause:cow region:heap in:main\"")),
	OPTION(OPTION_BY_OWN, "by-own", 0, NULL, option_flag, faults.by_own,
	       N_("tables by own code, and what it called")),
	SETTING(OPTION_OWN, "own", 0, N_("PATHS"), option_paths, screen.own,
		N_("own code lies in these directories, DIR:DIR"), OPTION_SETTING_ALWAYS),
	OPTION(OPTION_STACKS, "stacks", 0, NULL, option_flag, faults.stacks,
	       N_("print the stack of each fault (--json always does)")),
	OPTION(OPTION_SAMPLE, "sample", 0, N_("N"), option_sample, input.sample,
	       N_("take the stack of one fault in N; default: adapts")),
	OPTION(OPTION_PAGES, "pages", 0, NULL, option_flag, output.pages,
	       N_("every page, as runs of equal neighbours")),
	OPTION(OPTION_FRAMES, "frames", 0, NULL, option_flag, snapshot.frames,
	       N_("print frame numbers (root); implies --pages")),
	OPTION(OPTION_SMAPS, "smaps", 0, NULL, option_flag, snapshot.smaps,
	       N_("print the kernel's own sums of each region")),
	OPTION(OPTION_EXIT_CODE, "exit-code", 0, NULL, option_flag, diff.exit_code,
	       N_("exit with 1 if they differ")),
	OPTION(OPTION_SCREEN, "screen", 0, NULL, option_flag, diff.screen,
	       N_("show both side by side on the screen")),
	OPTION(OPTION_TOUCHED, "touched", 0, NULL, option_flag, diff.touched,
	       N_("compare what two runs touched, not their state")),
	OPTION(OPTION_ALL, "all", 0, NULL, option_flag, all,
	       N_("all lessons; all differences, by chance or not")),
	OPTION(OPTION_EXPECT, "expect", 0, N_("FILE"), option_text, check.file,
	       N_("read expectations from FILE, one a line")),
	OPTION(OPTION_JUNIT, "junit", 0, N_("FILE"), option_text, report.junit,
	       N_("write the results to FILE as JUnit XML")),
	OPTION(OPTION_TIMEOUT, "timeout", 0, N_("SECONDS"), option_seconds, check.timeout_ns,
	       N_("end a program that has not ended by then")),
	OPTION(OPTION_CHECK, "check", 0, NULL, option_flag, lesson.check,
	       N_("try all expectations, without a screen")),
	OPTION(OPTION_NEW, "new", 0, NULL, option_flag, lesson.make,
	       N_("write a small lesson to start from")),
	OPTION(OPTION_ALLOW_UNKNOWN, "allow-unknown", 0, NULL, option_flag, report.allow_unknown,
	       N_("do not fail for what cannot be checked here")),
	OPTION(OPTION_NOTES, "notes", 0, NULL, option_flag, lesson.notes,
	       N_("speaker's notes, in a second terminal")),
	OPTION(OPTION_RESUME, "resume", 0, NULL, option_flag, lesson.resume,
	       N_("resume the last lecture where it was left")),
	OPTION(OPTION_HANDOUT, "handout", 0, N_("FILE"), option_text, lesson.handout,
	       N_("write it to FILE.html or .pdf, to hand out")),
	OPTION(OPTION_WORKSHEET, "worksheet", 0, NULL, option_flag, lesson.worksheet,
	       N_("of a handout: room to write, no answers")),
	OPTION(OPTION_SINGLE_STEPS, "single-steps", 0, NULL, option_flag, input.single_steps,
	       N_("stop at lines by single steps, without debug registers")),
	OPTION(OPTION_NO_QUESTIONS, "no-questions", 0, NULL, option_flag, lesson.no_questions,
	       N_("leave out the questions")),
	OPTION(OPTION_PROC_ROOT, "proc-root", 0, N_("DIR"), option_text, reader.proc_root,
	       N_("read DIR instead of /proc (for tests)")),
	SETTING(OPTION_LANG, "lang", 0, N_("CODE"), option_text, language, N_("the language: en, ru"),
		OPTION_SETTING_ALWAYS),
	OPTION(OPTION_NO_CONFIG, "no-config", 0, NULL, option_flag, settings.ignored,
	       N_("do not read the settings file")),
	OPTION(OPTION_HELP, "help", 'h', NULL, option_flag, help, N_("print this help")),
	OPTION(OPTION_VERSION, "version", 'V', NULL, option_flag, version, N_("print the version")),
};

const char *option_name(enum option_id id)
{
	return id < OPTION_ROWS ? option_rows[id].name : "no-SOURCE";
}

char *option_source_name(enum source_kind kind)
{
	struct strbuf name = { 0 };

	strbuf_printf(&name, "no-%s", source_kind_name(kind));
	for (char *c = name.text; *c; c++)
		if (*c == '_')
			*c = '-';
	return name.text;
}
