#!/bin/bash
# Pictures: each view in each format, of a session with known contents (cli/make_session.c), of a real one,
# of one with hostile names, of a process; the film for asciinema.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
"$PAGESCAPE" record -o "$dir/real" bash -c 'x=$(printf "%0300000d" 1); exec bash -c true' >/dev/null || fail 'record'
record_hostile
"$BUILDDIR/cli/make_markup" "$dir/markup" || fail 'make_markup'
for session in made real hostile markup; do
	for view in screen map timeline flame growth; do
		for format in svg png pdf; do
			"$PAGESCAPE" export $format --view $view "$dir/$session" -o "$dir/$session.$view.$format" >"$dir/out" 2>&1 ||
				fail "$format of $view of $session: $(cat "$dir/out")"
			[ -s "$dir/out" ] && fail "$format of $view says: $(cat "$dir/out")"
			[ -s "$dir/$session.$view.$format" ] || fail "$format of $view of $session: nothing"
		done
	done
	"$PAGESCAPE" export asciicast "$dir/$session" --size 80x24 -o "$dir/$session.cast" || fail "asciicast of $session"
done
"$PAGESCAPE" export svg "$dir/made" | cmp - "$dir/made.screen.svg" || fail 'svg: another to standard output'
for at in 0.12 0.36; do
	"$PAGESCAPE" export png "$dir/made" --view map --size 45x14 --at $at -o "$dir/map$at.png" || fail 'map of a moment'
done
"$PAGESCAPE" export png "$dir/made" --size 40x12 --theme light -o "$dir/small.png" || fail 'another size and theme'

# what a reader of pictures finds in them
if command -v python3 >/dev/null; then
	python3 - "$dir" <<'END' || fail 'the pictures are not as they should be'
import glob, json, re, struct, sys, zlib
import xml.etree.ElementTree as ET
folder = sys.argv[1]
bad = []
def check(what, got, expected):
    if got != expected:
        bad.append(f'{what}: {got!r}, expected {expected!r}')

# SVG: well-formed, draws only, asks for nothing from elsewhere
names = {'svg', 'defs', 'g', 'symbol', 'use', 'path', 'rect', 'clipPath', 'image', 'mask', 'circle'}
for path in glob.glob(f'{folder}/*.svg'):
    for element in ET.parse(path).iter():
        if element.tag.split('}')[1] not in names:
            bad.append(f'{path}: an element {element.tag}')
        for key, value in element.attrib.items():
            if key.split('}')[-1].startswith('on') or (key.endswith('href') and value[0] != '#'):
                bad.append(f'{path}: {key}="{value}"')
check('svg', ET.parse(f'{folder}/made.screen.svg').getroot().get('viewBox'), '0 0 1220 740')

# PNG: sizes, and how much there is of which colour
def png(path):
    data = open(path, 'rb').read()
    check(path, data[:8], b'\x89PNG\r\n\x1a\n')
    at, bits, size = 8, b'', None
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        check(f'{path}: {kind}', zlib.crc32(kind + body), struct.unpack('>I', data[at + 8 + length:at + 12 + length])[0])
        size = struct.unpack('>II', body[:8]) if kind == b'IHDR' else size
        channels = {2: 3, 6: 4}[body[9]] if kind == b'IHDR' else channels if size else 0
        bits += body if kind == b'IDAT' else b''
        at += length + 12
    raw, stride, rows, last = zlib.decompress(bits), size[0] * channels, [], bytearray(size[0] * channels)
    for y in range(size[1]):
        filter, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride):
            a = line[x - channels] if x >= channels else 0
            b, c = last[x], last[x - channels] if x >= channels else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[x] = (line[x] + (0, a, b, (a + b) // 2, paeth)[filter]) & 255
        rows.append(line)
        last = line
    return size, [bytes(line[i:i + 3]) for line in rows for i in range(0, stride, channels)]
size, pixels = png(f'{folder}/small.png')
check('size of the screen', (size, pixels[0]), ((840, 520), b'\xff\xff\xff'))
early, late = (png(f'{folder}/map{at}.png')[1] for at in ('0.12', '0.36'))
check('the dark theme', max(early[0]) < 64, True)
# 1 anonymous page then, 18 later; a dot is 6.4 pixels wide, and some of them are mixed with what is behind
more = (late.count(b'\xff\xaf\x00') - early.count(b'\xff\xaf\x00')) / 17
if not 25 <= more <= 41:
    bad.append(f'a dot of an anonymous page has {more} pixels')

# PDF: one sheet, no script
for path in glob.glob(f'{folder}/*.pdf'):
    data = open(path, 'rb').read()
    check(path, (data[:5], len(re.findall(rb'/Type /Page\b', data)), b'JavaScript' in data, b'/URI' in data), (b'%PDF-', 1, False, False))

# asciicast: the format's facts; time goes on; nothing but cursor, colours and text; the mark is there
for name in ('made', 'real', 'hostile', 'markup'):
    lines = [json.loads(line) for line in open(f'{folder}/{name}.cast', encoding='utf-8')]
    check(f'{name}: head', (lines[0]['version'], lines[0]['width'], lines[0]['height']), (2, 80, 24))
    times = [line[0] for line in lines[1:]]
    check(f'{name}: times', times, sorted(times))
    for at, code, text in lines[1:]:
        rest = re.sub(r'\x1b\[(?:\d+;\d+H|0(?:;[0-9;]+)?m|\?25l|2J)', '', text)
        if code not in 'om' or re.search(r'[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]', rest):
            bad.append(f'{name}: {at} {code} {rest!r}')
    text = ''.join(line[2] for line in lines[1:] if line[1] == 'o')
    if 'REGIONS' not in text or 'RSS' not in text:
        bad.append(f'{name}: the film shows no screen')
made = [json.loads(line) for line in open(f'{folder}/made.cast', encoding='utf-8')]
check('mark', [line for line in made[1:] if line[1] == 'm'], [[0.43, 'm', 'here \\x1b']])
print('\n'.join(bad))
sys.exit(bool(bad))
END
else
	echo 'python3 is missing: pictures are not read back'
fi

if command -v pdftotext >/dev/null; then
	pdftotext -layout "$dir/made.screen.pdf" "$dir/text" || fail 'pdftotext'
	"$PAGESCAPE" export pdf "$dir/made" --at 0.36 --do 'events' -o "$dir/events.pdf" || fail 'pdf of a moment'
	for word in pagescape REGIONS second 'pid 100'; do
		grep -q -- "$word" "$dir/text" || fail "the sheet does not say: $word"
	done
	pdftotext -layout "$dir/events.pdf" - | grep -q 'memset' || fail 'the events are not on the sheet'
	pdftotext "$dir/made.flame.pdf" - | grep -q '^memset' || fail 'no function in the flame graph'
	# the layers of a growth chart by size, the largest at the bottom, where the eye finds its line
	pdftotext -layout "$dir/real.growth.pdf" - | awk '/by region/ { on = 1 } /by state/ { exit }
		on && /at most [0-9.]+[KMG]/ && !/other regions/ {
			size = $NF
			bytes = size * (size ~ /K$/ ? 1024 : size ~ /M$/ ? 1048576 : 1073741824)
			if (bytes < last) { print "growth: " $0 " below " last; bad = 1 }
			last = bytes
			n++
		}
		END { exit bad || n < 4 }' || fail 'growth: the layers are not in order of size'
	pdftotext "$dir/made.timeline.pdf" - | grep -q 'here \\x1b' || fail 'no note in the timeline'
	pdftotext "$dir/hostile.map.pdf" - | LC_ALL=C grep -n -P '[\x01-\x08\x0e-\x1f\x7f]|\xe2\x80[\xaa-\xae]' && fail 'map: control characters'
else
	echo 'pdftotext is missing: the text of PDFs is not read'
fi
if command -v asciinema >/dev/null; then
	# it wants a terminal
	XDG_CONFIG_HOME=$dir/asciinema script -qec "asciinema cat $dir/made.cast" /dev/null >"$dir/text" </dev/null || fail "asciinema cat: $(cat "$dir/text")"
	grep -q REGIONS "$dir/text" || fail 'asciinema shows no screen'
else
	echo 'asciinema is missing: the film is not played'
fi
# twice as fast takes half as long
"$PAGESCAPE" export asciicast "$dir/real" --speed 2 --size 80x24 -o "$dir/fast.cast" || fail 'asciicast --speed'
awk -F'[[,]' -v a="$(tail -n 1 "$dir/real.cast" | cut -c2-9)" -v b="$(tail -n 1 "$dir/fast.cast" | cut -c2-9)" 'BEGIN { exit !(b > a * .4 && b < a * .6) }' ||
	fail 'the speed of the film'

# the README's moving picture: what stays is there once, what changes is shown in its own pictures
if command -v python3 >/dev/null; then
	python3 "$SRCDIR/../doc/make-film.py" "$PAGESCAPE" "$dir/made" "$dir/film.svg" --to 0.4 --every 0.1 --title '<a&b>' \
		>"$dir/out" || fail 'make-film.py'
	python3 - "$dir/film.svg" <<'END' || fail 'the film is not as it should be'
import sys, xml.etree.ElementTree as ET
root = ET.parse(sys.argv[1]).getroot()
groups = [g.get('class') for g in root.iter('{http://www.w3.org/2000/svg}g')]
style = root.find('{http://www.w3.org/2000/svg}style').text
assert root.find('{http://www.w3.org/2000/svg}title').text == '<a&b>'
assert None in groups and 'k0-1' in groups, groups
assert all(f'@keyframes {name}{{' in style for name in groups if name), groups
END
fi

# a process, which is not disturbed
sleep 1000 &
pids+=($!)
"$PAGESCAPE" snapshot -p $! --picture "$dir/process.svg" --size 100x30 --do 'sort size' >"$dir/out" 2>&1 || fail "snapshot --picture: $(cat "$dir/out")"
"$PAGESCAPE" snapshot -p $! --picture "$dir/process.map.svg" --view map >"$dir/out" 2>&1 || fail "snapshot --view map: $(cat "$dir/out")"
[ "$(grep -c dasharray "$dir/process.map.svg")" -gt 20 ] || fail 'snapshot --view map: there are no dots'
grep -q 'viewBox="0 0 1020 620"' "$dir/process.svg" || fail 'snapshot --picture: not of that size'

# wrong STATUS PATTERN ARG...: one line, and no file
wrong()
{
	local status=$1 pattern=$2 got
	shift 2
	"$PAGESCAPE" "$@" 2>"$dir/err" >"$dir/out"
	got=$?
	[ $got -eq "$status" ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && grep -q -- "^pagescape: .*$pattern" "$dir/err" ||
		fail "$*: status $got, $(cat -v "$dir/err")"
	compgen -G "$dir/new*" >/dev/null && fail "$*: left $(echo "$dir"/new*)"
}
wrong 1 'already exists' export svg "$dir/made" -o "$dir/made.screen.svg"
wrong 1 'already exists' snapshot -p $! --picture "$dir/process.svg"
wrong 2 'ends with .svg, .png or .pdf' snapshot -p $! --picture "$dir/new.gif"
wrong 2 '--view flame needs a session' snapshot -p $! --picture "$dir/new.png" --view flame
wrong 2 '--size needs --picture' snapshot -p $! --size 80x24
wrong 2 'are mutually exclusive' snapshot -p $! --json --picture "$dir/new.png"
wrong 2 'export png SESSION' snapshot "$dir/made" --picture "$dir/new.png"
wrong 2 'no such view: moon (there are screen, map' export svg "$dir/made" --view moon
wrong 2 '--size takes COLUMNSxROWS' export svg "$dir/made" --size 80
wrong 2 '--size takes COLUMNSxROWS' export svg "$dir/made" --size 10x5
wrong 2 'csv does not take --view' export csv "$dir/made" --view map
wrong 2 'svg does not take --speed' export svg "$dir/made" --speed 2
wrong 2 '--at is a moment' export svg "$dir/made" --view flame --at 1
wrong 2 '--view map shows one moment' export svg "$dir/made" --view map --from 1
wrong 2 '--speed takes a factor' export asciicast "$dir/made" --speed 0
wrong 2 'no such command: dance' export svg "$dir/made" --do dance -o "$dir/new"
wrong 1 'no process 77 at that time' export svg "$dir/made" -p 77 -o "$dir/new"
wrong 1 'too large' export png "$dir/made" --size 1000x1000 -o "$dir/new.png"
if [ -c /dev/full ]; then
	for format in svg png pdf asciicast; do
		"$PAGESCAPE" export $format "$dir/made" >/dev/full 2>"$dir/err"
		[ $? -eq 1 ] && [ "$(wc -l <"$dir/err")" -eq 1 ] || fail "$format to a full disk: $(cat "$dir/err")"
	done
fi
exit "$failed"
