# fish completion for pagescape

function __pagescape_bare
    not __fish_seen_subcommand_from snapshot why faults record replay diff export lesson doctor
end

complete -c pagescape -n __pagescape_bare -xa '(__fish_complete_subcommand)'
complete -c pagescape -n __fish_is_first_token -a snapshot -d 'print a process or a moment'
complete -c pagescape -n __fish_is_first_token -a why -d 'say what memory is made of, and who made it grow'
complete -c pagescape -n __fish_is_first_token -a faults -d 'print each page fault'
complete -c pagescape -n __fish_is_first_token -a record -d 'record a session without a screen'
complete -c pagescape -n __fish_is_first_token -a replay -d 'show a session on the screen'
complete -c pagescape -n __fish_is_first_token -a diff -d 'print differences'
complete -c pagescape -n __fish_is_first_token -a export -d 'convert a session for other tools'
complete -c pagescape -n __fish_is_first_token -a lesson -d 'go through a lesson'
complete -c pagescape -n __fish_is_first_token -a doctor -d 'show what can be seen here'
complete -c pagescape -n '__fish_seen_subcommand_from doctor' -f
complete -c pagescape -n '__fish_seen_subcommand_from record' -xa '(__fish_complete_subcommand)'

complete -c pagescape -s p -l pid -xa '(__fish_complete_pids)' -d 'the process to look at'
complete -c pagescape -l ascii -d 'draw with ASCII characters only'
complete -c pagescape -l proc-root -xa '(__fish_complete_directories)' -d 'read DIR instead of /proc'
complete -c pagescape -s h -l help -d 'print help'
complete -c pagescape -s V -l version -d 'print the version'

complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot why faults replay diff lesson doctor' -s o -l output -r -d 'record or export to FILE'
complete -c pagescape -n 'not __fish_seen_subcommand_from why faults replay diff lesson doctor' -l force -d 'overwrite FILE if it exists'
complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot why diff export replay lesson doctor' -s f -l follow-forks -d 'watch the processes it forks, too'
complete -c pagescape -n '__pagescape_bare; or __fish_seen_subcommand_from replay diff export snapshot' -l theme -xa 'dark light contrast mono' -d colours
complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot replay diff export lesson doctor' -l interval -x -d 'milliseconds between looks'
complete -c pagescape -n '__pagescape_bare; or __fish_seen_subcommand_from replay diff export snapshot' -l do -x -d 'run screen commands first'
complete -c pagescape -n __pagescape_bare -l paused -d 'hold PROGRAM at its first instruction, ready to step'
complete -c pagescape -n '__pagescape_bare; or __fish_seen_subcommand_from replay diff' -l no-mouse -d 'leave the mouse to the terminal'

complete -c pagescape -n '__fish_seen_subcommand_from snapshot why doctor faults diff' -l json -d 'print JSON'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot export' -l at -x -d 'the moment of the session, in seconds'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot diff' -l pages -d 'every page, as runs'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot' -l frames -d 'print frame numbers'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot' -l smaps -d "print the kernel's own sums"

complete -c pagescape -l no-pagemap -d 'do not read page states'
complete -c pagescape -l no-pagemap-scan -d 'do not use PAGEMAP_SCAN'
complete -c pagescape -l no-page-cache -d 'do not ask what the page cache holds'
complete -c pagescape -l no-frames -d 'do not read frame numbers'
complete -c pagescape -l no-kpageflags -d 'do not read kernel flags of frames'
complete -c pagescape -l no-kpagecount -d 'do not read map counts of frames'
complete -c pagescape -l no-counters -d 'do not read fault counters'
complete -c pagescape -l no-smaps -d 'do not read smaps'
complete -c pagescape -l no-bytes -d 'do not read bytes'
complete -c pagescape -l no-symbols -d 'do not read sections and symbols'
complete -c pagescape -l no-faults -d 'do not record page faults'
complete -c pagescape -l no-stacks -d 'do not take stacks of faults'
complete -c pagescape -l no-access -d 'infer whether faults are reads or writes'
complete -c pagescape -n '__fish_seen_subcommand_from faults' -l summary -d 'tables instead of lines'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l from -x -d 'only what happened at or after this time, in seconds'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l to -x -d 'only what happened up to this time, in seconds'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l screen -d 'show both side by side on the screen'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l all -d 'count what differs by chance, too'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l exit-code -d 'exit with 1 if they differ'
complete -c pagescape -n '__fish_seen_subcommand_from export; and not __fish_seen_subcommand_from jsonl csv csv-faults sqlite folded speedscope pprof perfetto svg png pdf asciicast' -xa 'jsonl csv csv-faults sqlite folded speedscope pprof perfetto svg png pdf asciicast'
complete -c pagescape -n '__fish_seen_subcommand_from faults' -l stacks -d 'print the stack of each fault'
complete -c pagescape -n '__fish_seen_subcommand_from faults' -l by-own -d 'tables by own code, too'
complete -c pagescape -n '__fish_seen_subcommand_from faults' -l filter -x -d 'only faults that fit'
complete -c pagescape -n '__pagescape_bare; or __fish_seen_subcommand_from faults replay' -l own -r -d 'own code lies in these directories'
complete -c pagescape -n '__fish_seen_subcommand_from lesson' -xa "(pagescape lesson 2>/dev/null | string match -r '^[^ ]+') (__fish_complete_directories)"
complete -c pagescape -n '__fish_seen_subcommand_from lesson' -l check -d 'try all expectations, without a screen'
complete -c pagescape -n '__fish_seen_subcommand_from lesson' -l new -d 'write a small lesson to start from'
complete -c pagescape -n '__fish_seen_subcommand_from lesson' -l lang -xa 'en ru' -d 'the language'
complete -c pagescape -n '__fish_seen_subcommand_from lesson' -l allow-unknown -d 'what cannot be checked here is no failure'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l top -xa 'process region' -d 'what each stack begins with'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l view -xa 'screen map timeline flame growth' -d 'of a picture'
complete -c pagescape -n '__fish_seen_subcommand_from export snapshot' -l size -x -d 'columns and rows of the screen in a picture'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l speed -x -d 'of a film: how many times as fast'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot' -l picture -r -d 'draw the screen to FILE'
