#!/bin/bash
# Completions: each is valid for its shell, and has the options that --help has.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
failed=0
data=$SRCDIR/../data/completions

options=$({ "$PAGESCAPE" --help; "$PAGESCAPE" snapshot --help; "$PAGESCAPE" why --help; "$PAGESCAPE" record --help; "$PAGESCAPE" replay --help; "$PAGESCAPE" diff --help; "$PAGESCAPE" export --help; "$PAGESCAPE" lesson --help; "$PAGESCAPE" check --help; } | grep -oE -e '--[a-z-]+' | grep -v -- --no- | sort -u)
sources=$("$PAGESCAPE" --help | sed -n '/--no-SOURCE/,$p' | tail -n +2)
for source in $sources; do
	options+=" --no-$source"
done
[ "$(wc -w <<<"$options")" -gt 15 ] || { echo "--help lists too few options: $options"; failed=1; }

for option in $options --no-mouse; do
	grep -q -e "$option\>" "$data/bash/pagescape" || { echo "bash does not know $option"; failed=1; }
	grep -q -e "$option\>" "$data/zsh/_pagescape" || { echo "zsh does not know $option"; failed=1; }
	grep -q -e "-l ${option#--}\>" "$data/fish/pagescape.fish" || { echo "fish does not know $option"; failed=1; }
done

bash -n "$data/bash/pagescape" || failed=1
command -v zsh >/dev/null && { zsh -n "$data/zsh/_pagescape" || failed=1; }
command -v fish >/dev/null && { fish -n "$data/fish/pagescape.fish" || failed=1; }

# complete EXPECTED WORD...: what bash offers for the last word has EXPECTED in it
. "$data/bash/pagescape"
complete_has()
{
	local expected=$1
	shift
	COMP_WORDS=(pagescape "$@")
	COMP_CWORD=$#
	_pagescape
	case " ${COMPREPLY[*]} " in
	*" $expected "*) ;;
	*)
		echo "pagescape $*: bash offers no $expected"
		failed=1
		;;
	esac
}
complete_has snapshot snap
complete_has --theme --th
complete_has contrast --theme co
complete_has "$$" -p "$$"
complete_has --frames snapshot --fr
complete_has --json doctor --j
complete_has --at snapshot --a
complete_has --force record --fo
complete_has --exit-code diff --ex
complete_has folded export fo
complete_has --output export csv --o
complete_has export ex
complete_has --allow-unknown lesson --al
complete_has lesson les
complete_has --junit check --ju
complete_has check che
complete_has --theme replay --th
complete_has replay rep
complete_has bash record -o x bas
complete_has bash bas
complete_has bash --ascii --theme dark -- bas
exit $failed
