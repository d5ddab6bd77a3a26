# The whole program in a real terminal (tmux).
script_tests += term/attach.sh term/choose.sh term/diff.sh term/elsewhere.sh term/events.sh term/evict.sh \
	term/family.sh term/several.sh term/held.sh term/keys.sh term/launch.sh \
	term/picture.sh term/lecture.sh term/lesson.sh term/lesson_recorded.sh term/quiet.sh term/replay.sh term/resize.sh term/russian.sh term/settings.sh term/signals.sh term/signals_everywhere.sh term/step.sh term/step_ways_out.sh term/suspend.sh \
	term/terminals.sh term/time.sh term/ways_out.sh
EXTRA_DIST += term/term.sh
