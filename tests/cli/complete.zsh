# What a real zsh offers for command lines: zsh -f complete.zsh DIRECTORY-OF-COMPLETIONS <lines
# For each line: the line, a tab, and the words offered, with a blank behind each.
zmodload zsh/zpty
zpty shell zsh -f -i
# The terminal echoes what is typed, so what is waited for is written in two halves. No tabs: they would complete.
zpty -w shell "PS1=; stty -echo; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; setopt no_list_beep"
zpty -w shell 'compadd() { local -a offered; [[ ${@[(I)-[AOD]*]} != 0 ]] || {' \
	'builtin compadd -O offered "$@"; print -rl -- "<${(@)^offered}>"; }; builtin compadd "$@"; }'
zpty -w shell 'finish() { print DO""NE; compstate[insert]=; compstate[list]=; comppostfuncs=(finish); }'
zpty -w shell 'comppostfuncs=(finish); print REA""DY'
zpty -r shell said '*READY*'
while IFS= read -r line; do
	zpty -w -n shell $'\C-u'"$line"$'\t' # ^U: what the line before has left
	said=
	while zpty -r shell x; do
		said+=$x
		[[ $said == *DONE* ]] && break
	done
	print -r -- "$line	$(print -r -- "$said" | tr -d '\r' | grep -oE '<[^<> ]+>' | tr -d '<>' | tr '\n' ' ')"
done
zpty -d shell
