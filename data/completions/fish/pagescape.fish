# fish completion of pagescape

function __pagescape_bare
    not __fish_seen_subcommand_from snapshot faults record replay diff export doctor
end

complete -c pagescape -n __pagescape_bare -xa '(__fish_complete_subcommand)'
complete -c pagescape -n __fish_is_first_token -a snapshot -d 'one look, no screen'
complete -c pagescape -n __fish_is_first_token -a faults -d 'each page fault'
complete -c pagescape -n __fish_is_first_token -a record -d 'record a session, no screen'
complete -c pagescape -n __fish_is_first_token -a replay -d 'the screen on a session'
complete -c pagescape -n __fish_is_first_token -a diff -d 'what differs between two'
complete -c pagescape -n __fish_is_first_token -a export -d 'a session for other tools'
complete -c pagescape -n __fish_is_first_token -a doctor -d 'what this machine lets you see'
complete -c pagescape -n '__fish_seen_subcommand_from doctor' -f
complete -c pagescape -n '__fish_seen_subcommand_from record' -xa '(__fish_complete_subcommand)'

complete -c pagescape -s p -l pid -xa '(__fish_complete_pids)' -d 'the process to look at'
complete -c pagescape -l ascii -d 'draw with ASCII characters only'
complete -c pagescape -l proc-root -xa '(__fish_complete_directories)' -d 'read DIR in place of /proc'
complete -c pagescape -s h -l help -d 'print help'
complete -c pagescape -s V -l version -d 'print the version'

complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot faults replay diff doctor' -s o -l output -r -d 'record or export to FILE'
complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot faults replay diff doctor' -l force -d 'write over a file that is there'
complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot diff export replay doctor' -s f -l follow-forks -d 'watch what it forks, too'
complete -c pagescape -n __pagescape_bare -l theme -xa 'dark light contrast mono' -d colours
complete -c pagescape -n 'not __fish_seen_subcommand_from snapshot diff export doctor' -l interval -x -d 'milliseconds between looks'
complete -c pagescape -n __pagescape_bare -l do -x -d 'run screen commands first'
complete -c pagescape -n __pagescape_bare -l paused -d 'PROGRAM waits before its first instruction, to be stepped'
complete -c pagescape -n __pagescape_bare -l no-mouse -d 'leave the mouse to the terminal'

complete -c pagescape -n '__fish_seen_subcommand_from snapshot doctor faults diff' -l json -d 'print JSON'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot' -l at -x -d 'the moment of the session, in seconds'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot diff' -l pages -d 'every page, as runs'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot' -l frames -d 'with frame numbers'
complete -c pagescape -n '__fish_seen_subcommand_from snapshot' -l smaps -d "with the kernel's own sums"

complete -c pagescape -l no-pagemap -d 'do without page states'
complete -c pagescape -l no-pagemap-scan -d 'do without PAGEMAP_SCAN'
complete -c pagescape -l no-page-cache -d 'do not ask what the page cache holds'
complete -c pagescape -l no-frames -d 'do without frame numbers'
complete -c pagescape -l no-kpageflags -d 'do without kernel flags of frames'
complete -c pagescape -l no-kpagecount -d 'do without map counts of frames'
complete -c pagescape -l no-counters -d 'do without fault counters'
complete -c pagescape -l no-smaps -d 'do without smaps'
complete -c pagescape -l no-bytes -d 'do not show bytes'
complete -c pagescape -l no-symbols -d 'do without sections and symbols'
complete -c pagescape -l no-faults -d 'do without page faults'
complete -c pagescape -l no-stacks -d 'do without the stacks of faults'
complete -c pagescape -l no-access -d 'infer whether faults are reads or writes'
complete -c pagescape -n '__fish_seen_subcommand_from faults' -l summary -d 'tables in place of lines'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l from -x -d 'only what happened from then on, in seconds'
complete -c pagescape -n '__fish_seen_subcommand_from export' -l to -x -d 'only what happened up to then, in seconds'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l screen -d 'both side by side on the screen'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l theme -xa 'dark light contrast mono' -d colours
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l do -x -d 'run screen commands first'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l no-mouse -d 'leave the mouse to the terminal'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l all -d 'what differs by chance, too'
complete -c pagescape -n '__fish_seen_subcommand_from diff' -l exit-code -d 'exit with 1 where they differ'
complete -c pagescape -n '__fish_seen_subcommand_from export; and not __fish_seen_subcommand_from jsonl csv csv-faults sqlite folded' -xa 'jsonl csv csv-faults sqlite folded'
complete -c pagescape -n '__fish_seen_subcommand_from faults' -l stacks -d 'with the stack of each fault'
