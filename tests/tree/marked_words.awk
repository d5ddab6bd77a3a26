# What a manual page in mdoc has that no translation changes, a line each, after the number of its section:
#
#   18 section Sh       sections and subsections, in order
#   2 item Fl -paused   items of lists, in order
#   2 word Ev TERM      marked words anywhere
#   2 number 262144     numbers, but for small ones, which a language may spell out
#   7 literal key G = end
#
# awk -v what=section|item|word|number|literal -f marked_words.awk PAGE
# Of literal lines with letters that are not ASCII it says only that there is one: "7 literal ?".

function is_macro(w) { return w ~ /^(Fl|Cm|Ic|Ev|Pa|Va|Dv|Xr|Fn|Lk|Li|Ar|Em|Sy|Sx|Ql|Sq|Dq|Qq|Pq|Po|Pc|Op|Oo|Oc|Ns|No|Pf|Ta|Dl|It|Bl|El|Nm|Nd|Sh|Ss)$/ }
function is_kept(m) { return m ~ /^(Fl|Cm|Ic|Ev|Pa|Va|Dv|Xr|Fn|Lk|Li)$/ }
function say(kind, text) { if (kind == what) print section, kind, text }

# prints the marked words of a line of macros as `kind`
function marked(kind,    i, macro, w) {
	macro = ""
	for (i = 1; i <= NF; i++) {
		w = $i
		if (i == 1)
			sub(/^\./, "", w)
		if (is_macro(w)) {
			macro = w
			if (w == "Fl" && (i == NF || is_macro($(i + 1))))
				say(kind, "Fl -")
			continue
		}
		gsub(/^\\&/, "", w)
		if (!is_kept(macro) || w ~ /^[][,.:;()|?!"]+$/ || w ~ /[^ -~]/ || (macro == "Li" && w ~ /^[A-Z]+$/))
			continue
		say(kind, macro " " (macro == "Fl" ? "-" : "") w)
	}
}

# prints numbers of 13 and more, with a separator of thousands or without
function numbers(line,    n, i, part) {
	gsub(/\\~/, " ", line)
	while (match(line, /[0-9][, ][0-9][0-9][0-9]([^0-9.]|$)/))
		line = substr(line, 1, RSTART) substr(line, RSTART + 2)
	n = split(line, part, /[^A-Za-z0-9_.\/:%@+-]+/)
	for (i = 1; i <= n; i++) {
		sub(/\.$/, "", part[i])
		if (part[i] ~ /^[0-9]+(\.[0-9]+)?$/ && part[i] + 0 >= 13)
			say("number", part[i])
	}
}

BEGIN { section = 0 }
/^\.\\"/ { next }
/^\.Bd -literal/ { literal = 1; next }
/^\.Ed/ { literal = 0; next }
literal { say("literal", /[^ -~]/ ? "?" : $0); next }
/^\.S[hs] / { section++; say("section", substr($1, 2)); next }
/^\.(Dd|Dt|Os|Bl) / { next }
/^\.Dl / { say("literal", $0); next }
/^\.It / {
	# of a table or a list of numbers
	if ($2 ~ /^[0-9]/)
		say("item", $2 ($3 == "," ? " " $4 : ""))
	marked("item")
}
/^\.[A-Z]/ { marked("word") }
{ numbers($0) }
