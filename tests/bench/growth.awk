# Of lines "row tool size ms" makes a table with slopes, and a picture with a panel a row: both scales are logarithmic,
# so that a straight line that rises by one for one is linear growth.

function log10(x) { return log(x) / log(10) }

{
	if (!(($1) in seen)) { seen[$1] = 1; row[++rows] = $1 }
	key = $1 " " $2
	if (!(key in count)) { tool[$1] = tool[$1] " " $2 }
	n = ++count[key]
	x[key, n] = $3
	y[key, n] = $4 < 1 ? 1 : $4 # what is below a millisecond is not measured
	if (!(($1, $3) in known)) { known[$1, $3] = 1; sizes[$1] = sizes[$1] " " $3 }
	at[key, $3] = $4
}

# The slope of the last three points, by least squares: before them a fixed cost hides it.
function slope(key,    i, from, n, sx, sy, sxx, sxy, lx, ly) {
	n = count[key]
	from = n > 3 ? n - 2 : 1
	if (n < 2) return ""
	for (i = from; i <= n; i++) {
		lx = log10(x[key, i]); ly = log10(y[key, i])
		sx += lx; sy += ly; sxx += lx * lx; sxy += lx * ly
	}
	n = n - from + 1
	return sprintf("%.2f", (n * sxy - sx * sy) / (n * sxx - sx * sx))
}

function panel(r, left, top,    w, h, lx0, lx1, ly0, ly1, t, k, list, size, i, m, px, py, path) {
	w = 300; h = 200; lx0 = ly0 = 99; lx1 = ly1 = -99
	m = split(tool[r], list, " ")
	for (t = 1; t <= m; t++) for (i = 1; i <= count[r " " list[t]]; i++) {
		px = log10(x[r " " list[t], i]); py = log10(y[r " " list[t], i])
		if (px < lx0) lx0 = px; if (px > lx1) lx1 = px; if (py < ly0) ly0 = py; if (py > ly1) ly1 = py
	}
	ly0 = int(ly0); ly1 = int(ly1 + 0.999); if (ly1 <= ly0) ly1 = ly0 + 1; if (lx1 <= lx0) lx1 = lx0 + 1
	printf "<g transform=\"translate(%d,%d)\"><text x=\"0\" y=\"-10\" font-weight=\"bold\">%s (%s)</text>", left, top, r, unit[r] >svg
	printf "<rect width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>\n", w, h >svg
	for (i = ly0; i <= ly1; i++)
		printf "<path d=\"M0 %.1fh%d\" stroke=\"#ddd\"/><text x=\"-4\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", h - (i - ly0) / (ly1 - ly0) * h, w, h - (i - ly0) / (ly1 - ly0) * h + 4, 10 ^ i >svg
	k = split(sizes[r], size, " ")
	for (i = 1; i <= k; i++)
		printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", (log10(size[i]) - lx0) / (lx1 - lx0) * w, h + 15, size[i] >svg
	for (t = 1; t <= m; t++) {
		path = ""
		for (i = 1; i <= count[r " " list[t]]; i++) {
			px = (log10(x[r " " list[t], i]) - lx0) / (lx1 - lx0) * w
			py = h - (log10(y[r " " list[t], i]) - ly0) / (ly1 - ly0) * h
			path = path sprintf("%s%.1f %.1f", i == 1 ? "M" : "L", px, py)
		}
		printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>", path, colour[t], t == 1 ? 2 : 1.3 >svg
		printf "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s, slope %s</text>\n", w + 8, 12 + 15 * t, colour[t], list[t], slope(r " " list[t]) >svg
	}
	print "</g>" >svg
}

END {
	split("#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #555555", colour, " ")
	unit["resident"] = "MiB"; unit["regions"] = "regions"; unit["threads"] = "threads, to attach and detach"
	unit["faults"] = "faults, as fast as can be"; unit["rate"] = "faults a second, for 2 s"
	unit["processes"] = "short processes"; unit["sessions"] = "minutes"
	if (!rows) { print "growth: nothing could be measured"; exit 1 }
	for (r = 1; r <= rows; r++) {
		k = split(sizes[row[r]], size, " ")
		printf "%-28s", row[r] " (" unit[row[r]] ")"
		for (i = 1; i <= k; i++) printf " %9s", size[i]
		printf " %7s\n", "slope"
		m = split(tool[row[r]], list, " ")
		for (t = 1; t <= m; t++) {
			key = row[r] " " list[t]
			printf "  %-26s", list[t] ", ms"
			for (i = 1; i <= k; i++) printf " %9s", (key, size[i]) in at ? sprintf("%.0f", at[key, size[i]]) : "-"
			printf " %7s\n", slope(key)
		}
	}
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1080\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\"><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", int((rows + 1) / 2) * 270 + 50 >svg
	print "<text x=\"20\" y=\"20\">processor time in milliseconds, both scales logarithmic</text>" >svg
	for (r = 1; r <= rows; r++) panel(row[r], 60 + (r - 1) % 2 * 530, 60 + int((r - 1) / 2) * 270)
	print "</svg>" >svg
}
