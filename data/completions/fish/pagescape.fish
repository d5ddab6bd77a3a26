# fish completion for pagescape

# the commands, each with what it does
function __pagescape_commands
    printf '%s\t%s\n' \
        snapshot 'print a process or a moment' \
        why 'say what memory is made of, and who made it grow' \
        faults 'print each page fault' \
        record 'record a session without a screen' \
        replay 'show a session on the screen' \
        diff 'print differences' \
        export 'convert a session for other tools' \
        check 'check expectations' \
        lesson 'go through a lesson' \
        doctor 'show what can be seen here' \
        help 'explain a command, keys or states'
end

# the words before the cursor that neither are options nor belong to one
function __pagescape_words
    set -l words (commandline -opc)
    set -l skip no
    for word in $words[2..-1]
        if test $skip = yes
            set skip no
            continue
        end
        switch $word
            case -p -o --pid --cgroup --name --output --at --for --from --to --top --theme --view --size --speed --picture --interval --do --filter --own --sample --expect --junit --lang --handout --timeout --proc-root
                set skip yes
            case '-*'
            case '*'
                echo $word
        end
    end
end

# the command: the first of these words; "program" if it is none, "watch" where there is none
function __pagescape_command
    set -l words (__pagescape_words)
    if not set -q words[1]
        echo watch
    else if contains -- $words[1] (__pagescape_commands | string replace -r '\t.*' '')
        echo $words[1]
    else
        echo program
    end
end

function __pagescape_is
    contains -- (__pagescape_command) $argv
end

# how many operands the command has before the cursor: __pagescape_operands N
function __pagescape_operands
    set -l words (__pagescape_words)
    test (count $words) -eq (math $argv[1] + 1)
end

# files with one of these endings, and directories
function __pagescape_files
    for ending in $argv
        __fish_complete_suffix .$ending
    end
end

complete -c pagescape -f

complete -c pagescape -n '__pagescape_is watch' -a '(__pagescape_commands)'
complete -c pagescape -n '__pagescape_is watch' -a '(__fish_complete_command)'
complete -c pagescape -n '__pagescape_is record faults; and __pagescape_operands 0' -a '(__fish_complete_command)'
complete -c pagescape -n '__pagescape_is record faults program; and not __pagescape_operands 0' -a '(__fish_complete_subcommand)'
complete -c pagescape -n '__pagescape_is snapshot replay; and __pagescape_operands 0' -ka '(__pagescape_files pgs)'
complete -c pagescape -n '__pagescape_is why check' -ka '(__pagescape_files pgs)'
complete -c pagescape -n '__pagescape_is why check' -a '(__fish_complete_command)'
complete -c pagescape -n '__pagescape_is diff' -ka '(__pagescape_files pgs json)'
complete -c pagescape -n '__pagescape_is export; and __pagescape_operands 0' -a 'jsonl csv csv-faults csv-left sqlite folded speedscope pprof perfetto pages svg png pdf asciicast html'
complete -c pagescape -n '__pagescape_is export; and __pagescape_operands 1' -ka '(__pagescape_files pgs json)'
complete -c pagescape -n '__pagescape_is lesson; and __pagescape_operands 0' -a '(pagescape lesson 2>/dev/null | string match -r "^[^ ]+")'
complete -c pagescape -n '__pagescape_is lesson; and __pagescape_operands 0' -ka '(__pagescape_files pgs)'
complete -c pagescape -n '__pagescape_is help; and __pagescape_operands 0' -a 'keys commands states causes (__pagescape_commands)'

complete -c pagescape -n 'not __pagescape_is program' -s h -l help -d 'print help'
complete -c pagescape -n 'not __pagescape_is program' -s V -l version -d 'print the version'
complete -c pagescape -n 'not __pagescape_is program' -l no-config -d 'do not read the settings file'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record export check doctor' -s p -l pid -xa '(__fish_complete_pids)' -d 'the process to look at'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record' -l cgroup -xa '(__fish_complete_directories)' -d 'all processes of a cgroup'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record' -l name -x -d 'all processes of that name'
complete -c pagescape -n '__pagescape_is watch record export lesson' -s o -l output -r -d 'record or export to FILE'
complete -c pagescape -n '__pagescape_is watch why faults record check' -s f -l follow-forks -d 'also watch the processes it forks'
complete -c pagescape -n '__pagescape_is watch snapshot record export lesson' -l force -d 'overwrite FILE if it exists'
complete -c pagescape -n '__pagescape_is snapshot why export check' -l at -x -d 'the moment of the session'
complete -c pagescape -n '__pagescape_is why record faults' -l for -x -d 'watch for this long'
complete -c pagescape -n '__pagescape_is export' -l from -x -d 'only what happened at or after this time'
complete -c pagescape -n '__pagescape_is export' -l to -x -d 'only what happened up to this time'
complete -c pagescape -n '__pagescape_is export' -l top -xa 'process region' -d 'what each stack begins with'
complete -c pagescape -n '__pagescape_is watch snapshot replay diff export lesson' -l theme -xa 'dark light contrast mono' -d 'colours'
complete -c pagescape -n '__pagescape_is snapshot export' -l view -xa 'screen map timeline flame growth' -d 'of a picture'
complete -c pagescape -n '__pagescape_is snapshot export' -l size -xa '80x24 120x36 160x48' -d 'of a picture of the screen'
complete -c pagescape -n '__pagescape_is export' -l speed -x -d 'of a film: how many times as fast'
complete -c pagescape -n '__pagescape_is snapshot' -l picture -rka '(__pagescape_files svg png pdf)' -d 'draw the screen to FILE'
complete -c pagescape -n '__pagescape_is watch snapshot replay diff export lesson doctor help' -l ascii -d 'draw with ASCII characters only'
complete -c pagescape -n '__pagescape_is watch why faults record check' -l interval -x -d 'milliseconds between looks'
complete -c pagescape -n '__pagescape_is watch snapshot replay diff export' -l do -xa '(pagescape help commands 2>/dev/null | string match -r "^[^ ]+")' -d 'run screen commands first'
complete -c pagescape -n '__pagescape_is watch' -l paused -d 'hold PROGRAM at its first instruction, ready to step'
complete -c pagescape -n '__pagescape_is watch replay diff' -l no-mouse -d 'leave the mouse to the terminal'
complete -c pagescape -n '__pagescape_is snapshot why faults diff check lesson doctor' -l json -d 'print JSON'
complete -c pagescape -n '__pagescape_is why' -l markdown -d 'print markdown'
complete -c pagescape -n '__pagescape_is why' -l read -d 'read its memory: zeroes, free chunks of malloc'
complete -c pagescape -n '__pagescape_is faults' -l summary -d 'tables instead of lines'
complete -c pagescape -n '__pagescape_is faults' -l filter -xa 'thread: cause: region: func:' -d 'only faults that match'
complete -c pagescape -n '__pagescape_is faults' -l by-own -d 'tables by own code'
complete -c pagescape -n '__pagescape_is watch faults replay export' -l own -xa '(__fish_complete_directories)' -d 'own code lies in these directories'
complete -c pagescape -n '__pagescape_is faults' -l stacks -d 'print the stack of each fault'
complete -c pagescape -n '__pagescape_is watch why faults record' -l sample -x -d 'take the stack of one fault in N'
complete -c pagescape -n '__pagescape_is snapshot diff' -l pages -d 'every page, as runs'
complete -c pagescape -n '__pagescape_is snapshot' -l frames -d 'print frame numbers'
complete -c pagescape -n '__pagescape_is snapshot' -l smaps -d 'print the sums of the kernel'
complete -c pagescape -n '__pagescape_is diff' -l exit-code -d 'exit with 1 if they differ'
complete -c pagescape -n '__pagescape_is diff' -l screen -d 'show both side by side on the screen'
complete -c pagescape -n '__pagescape_is diff' -l touched -d 'compare what two runs touched'
complete -c pagescape -n '__pagescape_is diff lesson' -l all -d 'all lessons, or also what differs by chance'
complete -c pagescape -n '__pagescape_is check' -l expect -r -d 'read expectations from FILE'
complete -c pagescape -n '__pagescape_is check lesson' -l timeout -x -d 'seconds the program may take'
complete -c pagescape -n '__pagescape_is check lesson' -l junit -rka '(__pagescape_files xml)' -d 'write JUnit XML'
complete -c pagescape -n '__pagescape_is lesson' -l check -d 'try all expectations, without a screen'
complete -c pagescape -n '__pagescape_is lesson' -l new -d 'write a small lesson to start from'
complete -c pagescape -n 'not __pagescape_is program' -l lang -xa 'en ru' -d 'the language'
complete -c pagescape -n '__pagescape_is check lesson' -l single-steps -d 'stop at lines without debug registers'
complete -c pagescape -n '__pagescape_is check lesson' -l allow-unknown -d 'do not fail for what cannot be checked here'
complete -c pagescape -n '__pagescape_is lesson' -l notes -d 'the notes, in a second terminal'
complete -c pagescape -n '__pagescape_is lesson' -l resume -d 'go on where it was left'
complete -c pagescape -n '__pagescape_is lesson' -l handout -rka '(__pagescape_files html pdf)' -d 'write it, to be handed out'
complete -c pagescape -n '__pagescape_is lesson' -l worksheet -d 'of a handout: room to write, no answers'
complete -c pagescape -n '__pagescape_is lesson' -l no-questions -d 'ask nothing'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check doctor' -l proc-root -xa '(__fish_complete_directories)' -d 'read DIR instead of /proc'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-pagemap -d 'do not read page states'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-pagemap-scan -d 'do not use PAGEMAP_SCAN'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-page-cache -d 'do not ask what the page cache holds'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-frames -d 'do not read frame numbers'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-kpageflags -d 'do not read kernel flags of frames'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-kpagecount -d 'do not read map counts of frames'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-counters -d 'do not read fault counters'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-smaps -d 'do not read smaps'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-bytes -d 'do not read bytes'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-symbols -d 'do not read sections and symbols'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-faults -d 'do not record page faults'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-stacks -d 'do not take stacks of faults'
complete -c pagescape -n '__pagescape_is watch snapshot why faults record diff check lesson doctor' -l no-access -d 'infer whether faults are reads or writes'
