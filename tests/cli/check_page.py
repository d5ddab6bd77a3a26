"""check_page.py FOLDER CHROMIUM SOURCE: the pages made.html, real.html and markup.html of the folder, as data, and, where
there is a browser, as a reader sees and uses them. Prints what is wrong."""
import csv, json, re, sys
from page import Page
from page_words import table

folder, program = sys.argv[1:3]  # and the source, for its words
bad = []

def check(what, got, expected):
    if got != expected:
        bad.append(f'{what}: {got!r}, expected {expected!r}')

def check_data(name):
    page, rows = Page(f'{folder}/{name}.html'), list(csv.DictReader(open(f'{folder}/{name}.csv-faults', newline='')))
    head = page.head
    check(f'{name}: faults', (head['kept']['faults'], head['kept']['every'], sum(page.column('flame_own'))),
        (len(rows), 1, sum(1 + int(row['before']) + int(row['after']) for row in rows)))
    # each fault that fell into a region is there, in its place and with its cause
    kept = {(t['page'], t['cause']) for t in faults(page)}
    for row in rows:
        if row['region_kind'] and (int(row['address'], 16) >> 12, row['cause']) not in kept:
            bad.append(f'{name}: no fault at {row["address"]}, {row["cause"]}')
    # and each page that went, with its time and reason
    left = [(int(row['time'].replace('.', '')) // 1000, int(row['start'], 16) >> 12, int(row['pages']), row['call'] or row['reason'])
        for row in csv.DictReader(open(f'{folder}/{name}.csv-left', newline=''))]
    check(f'{name}: some pages went', bool(left) or name != 'made', True)
    check(f'{name}: pages that went', list(departures(page)), left)
    # at the end each page is what the snapshot says
    snapshot, units = json.load(open(f'{folder}/{name}.json')), page.units_at(1 << 62)
    first = head['processes'][0]['pid']
    check(f'{name}: process', first, snapshot['pid'])
    alive = [r for r in head['regions'] if r[0] == 0 and r[4] is None]
    words = {'relro': 'rodata'}
    for region in snapshot['regions']:
        start, end = int(region['start'], 16) >> 12, int(region['end'], 16) >> 12
        mine = [r for r in alive if r[1] <= start and end <= r[2] and words.get(r[8], r[8]) == region['kind']]
        check(f'{name}: regions at {region["start"]}', len(mine), 1)
        if len(mine) != 1 or mine[0][5]:
            continue
        for run in region['runs']:
            at = int(run['start'], 16) >> 12
            for page_number in range(at, at + run['pages']):
                state = head['states'][units.get(mine[0][6] + page_number - mine[0][1], (0, 0))[0]]['name']
                if state != run['state']:
                    bad.append(f'{name}: page {page_number:#x} is {state}, not {run["state"]}')
                    break

def faults(page):
    unit, regions = 0, sorted(page.head['regions'], key=lambda r: r[6])
    where, at = {}, 0
    for row in zip(page.column('fault_unit', True), page.column('fault_page'), page.column('fault_cause')):
        unit += row[0]
        region = [r for r in regions if r[6] <= unit < r[6] + r[7]][0]
        base = region[1] >> region[5] << region[5]
        yield {'page': base + (unit - region[6] << region[5]) + row[1], 'cause': page.head['causes'][row[2]].split('\n')[0]}

def departures(page):
    time = unit = 0
    for step, jump, count, reason in zip(page.column('left_time'), page.column('left_unit', True), page.column('left_count'),
                                         page.column('left_reason')):
        time, unit = time + step, unit + jump
        region = next(r for r in page.head['regions'] if r[6] <= unit < r[6] + r[7])
        yield time, region[1] + unit - region[6], count, page.head['reasons'][reason].split('\n')[0]

def check_markup():
    text = open(f'{folder}/markup.html', encoding='utf-8').read()
    if 'harmed' in text or 'harm.invalid' in text:
        bad.append('markup.html: text of the session stands in the page as it is')
    check('markup: elements', re.findall(r'<(script|iframe|img|svg)\b', text), ['script', 'script'])
    check('markup: from elsewhere', re.findall(r'(?:src|href|url)\s*[=(]', text), [])
    names = [row[10] for row in Page(f'{folder}/markup.html').head['regions']]
    check('markup: the names are there', any('onerror' in name for name in names), True)

def harmless(page, name):
    check(f'{name}: harmed', page.run('document.documentElement.dataset.harmed || ""'), '')
    check(f'{name}: elements', page.run('document.querySelectorAll("script").length + "/" + document.querySelectorAll("img,svg,iframe,object,embed,link,base").length'), '2/0')
    check(f'{name}: a dialog', page.events('Page.javascriptDialogOpening'), [])
    check(f'{name}: requests', [e['request']['url'] for e in page.events('Network.requestWillBeSent')
        if not e['request']['url'].startswith(('file://' + folder, 'about:'))], [])
    check(f'{name}: errors', [e['entry']['text'] for e in page.events('Log.entryAdded')] +
        [e['exceptionDetails']['text'] for e in page.events('Runtime.exceptionThrown')], [])

def text(page, element):
    return page.run(f'document.getElementById("{element}").textContent')

def place(page, unit):
    """The middle of a unit's cell, in the window."""
    return page.run(f'''(() => {{ const grid = pagescape.grid, cell = grid.cellOfUnit({unit}), box = grid.frame.getBoundingClientRect();
        return [box.left + 4 + (cell.index % cell.band.columns + .5) * CELL,
            box.top + cell.band.top + HEADING + (Math.floor(cell.index / cell.band.columns) + .5) * CELL - grid.frame.scrollTop]; }})()''')

def use_made(page):
    """Clicks and keys in the session with known contents (make_session.c)."""
    page.open(f'{folder}/made.html', '#pid=200&page=0x200000&time=0.8')
    check('story: when it went', '00:00.830 unmap: its region ended' in text(page, 'story'), True)
    page.open(f'{folder}/made.html', '#pid=100&page=0x111000&time=0.36')
    check('title', page.run('document.title'), 'second a,"b"\\n\\x1b[1m \ufffd - pagescape')
    check('link: time', text(page, 'clock'), '00:00.360 of 00:00.850')
    story = text(page, 'story')
    for words in ('0x111000', 'anon: ', 'minor fault, write (inferred), thread 100', 'memset+0x2c', 'zero-fill: ', '15 neighbours', 'fill:hostile\\n', 'main'):
        if words not in story:
            bad.append(f'the story lacks {words!r}: {story}')
    unit = page.run('pagescape.grid.cursor')
    page.click(*place(page, unit - 0x11))
    check('click', text(page, 'story')[:8], '0x100000')
    check('click: link', page.run('new URLSearchParams(location.hash.slice(1)).get("page")'), '0x100000')
    page.key('ArrowRight')
    check('arrow', text(page, 'story')[:8], '0x101000')
    check('arrow: never touched', 'reserved: ' in text(page, 'story') and 'No fault' in text(page, 'story'), True)
    page.move(*place(page, unit))
    check('hover', 'anon' in text(page, 'tip') and 'memset' in text(page, 'tip'), True)
    # time: by keys, slider, play
    page.key('a')
    check('a: the fault before', text(page, 'clock')[:9], '00:00.300')
    page.key('d')
    check('d: the region has shrunk', text(page, 'clock')[:9], '00:00.500')
    page.run('''(() => { const slider = document.getElementById("slider"); slider.value = 1000; slider.dispatchEvent(new Event("input")); })()''')
    page.settle()
    check('slider', text(page, 'clock')[:9], '00:00.085')
    check('slider: state', page.run(f'pagescape.moment.values[{unit}] & 15'), 1)
    page.key('Home')
    check('Home', text(page, 'clock')[:9], '00:00.000')
    page.key(' ')
    page.until('!pagescape.playing && pagescape.time === pagescape.session.head.end')
    # after the exec the addresses have other regions
    check('after exec', page.run('pagescape.grid.bands.length'), 1)
    page.key('+')
    check('zoom', text(page, 'zoom'), '1 page a cell')
    page.key('-')
    check('zoom', text(page, 'zoom'), '2 pages a cell')
    # search, functions, regions, keys, theme
    page.key('/')
    for letter in 'memset':
        page.key(letter)
    page.until('document.querySelectorAll("#found button").length === 1')
    page.run('document.querySelector("#search").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}))')
    page.settle()
    check('search', page.run('document.querySelector("#functions tbody").textContent'), 'memset18183')
    page.run('document.activeElement.blur()')
    page.key('r')
    check('regions', page.run('document.querySelectorAll("#regions tbody tr").length'), 1)
    page.key('h')
    check('flame', text(page, 'flame-at'), 'all: 20 pages (80K), 5 faults')
    page.run('(() => { const box = document.getElementById("flame").getBoundingClientRect(); window.at = [box.left + 10, box.top + 25]; })()')
    page.click(*page.run('window.at'))
    check('flame: click', text(page, 'flame-at'), 'demo-100: 18 pages (72K), 3 faults')
    before = page.run('document.documentElement.dataset.theme')
    page.key('T')
    check('theme', {before, page.run('document.documentElement.dataset.theme')}, {'dark', 'light'})
    page.key('?')
    check('keys', page.run('document.getElementById("keys").open'), True)
    page.run('document.getElementById("keys").close()')
    # the other process
    page.run('(() => { const select = document.getElementById("process"); select.value = 1; select.dispatchEvent(new Event("change")); })()')
    page.settle()
    check('process: link', page.run('new URLSearchParams(location.hash.slice(1)).get("pid")'), '200')
    page.key('w')
    why = text(page, 'view-why')
    check('why', (why[:7], 'In short' in why), ('pid 200', True))
    page.key('g')
    check('print', page.call('Page.printToPDF')['data'][:5], 'JVBER')
    harmless(page, 'made')

def check_verdict(name):
    """The verdict is the one of `why`: of the same look, and in the same words."""
    rows = Page(f'{folder}/{name}.html').head['processes'][0]['verdict']
    figures = json.load(open(f'{folder}/{name}.json'))
    words = ' '.join(open(f'{folder}/{name}.txt', encoding='utf-8').read().split())
    check(f'{name}: sentences', [row[2] for row in rows if row[0] == 'sentence'], [s['says'] for s in figures['sentences']])
    check(f'{name}: the look', (rows[0][0], rows[0][2] in words), ('note', True))
    for kind, _, *texts in rows:
        for each in texts[:2] if kind == 'figure' else texts:
            check(f'{name}: {each!r} is in what why prints', each in words, True)

def check_freed():
    """A program that frees what it had is judged by the look at which it was largest."""
    figures = json.load(open(f'{folder}/freed.json'))
    check('freed: why', (figures['resident_at_end'], figures['ended']), (16 * 4096, True))
    state, *rows = Page(f'{folder}/freed.html').head['processes'][0]['verdict']
    check('freed: the look', state[2], 'pid 100; it has ended, with 64 KiB resident: this is the largest look at it')
    check('freed: resident', '16.0 MiB' in [row[3] for row in rows if row[0] == 'figure'], True)

def check_forks():
    """What children copied is said as `why` says it."""
    page = Page(f'{folder}/forks.html')
    rows = [p['verdict'] for p in page.head['processes']]
    lines = page.head['forks']
    check('forks: lines', lines in open(f'{folder}/forks.txt', encoding='utf-8').read(), True)
    check('forks: a child', [line.split()[1:] for line in lines.splitlines() if ' 200 ' in line],
          [['200', '100', '2048', '1536', '75.0%', '6.00', 'MiB', '1500', '36']])
    check('freed: no forks', Page(f'{folder}/freed.html').head['forks'], '')
    for row, other in zip(rows, ('its child 200 at the fork, 75 %', 'its parent 100 at the fork, 75 %')):
        check(f'forks: {other}', any(other in each[2] for each in row), True)
        check('forks: shares', [each[5] for each in row if each[2] == 'private memory'], ['100 %'])

def read_markup(page):
    page.open(f'{folder}/markup.html')
    for key in 'hrg':
        page.key(key)
    for region in range(10):
        page.run(f'pagescape.goToUnit(pagescape.session.regions[{region}].unit)')
        page.settle()
        page.move(*place(page, page.run('pagescape.grid.cursor')))
    page.key('/')
    for letter in '<script':
        page.key(letter)
    page.settle()
    check('markup: found', page.run('document.querySelectorAll("#found button").length > 3'), True)
    page.run('document.getElementById("search").blur()')
    page.key('?')
    shown = page.run('document.body.textContent')
    for words in ('<script>document', 'onerror=', '<iframe srcdoc', 'turn\\u202egpj', '<svg onload'):
        if words not in shown and words not in page.run('pagescape.session.head.names.join()'):
            bad.append(f'markup: {words} is not shown')
    page.run('new Promise(done => setTimeout(done, 300))')  # what would run does so soon
    harmless(page, 'markup')
    page.open(f'{folder}/markup.html', '#page="><img src=x onerror=document.documentElement.dataset.harmed=1>&time=x&zoom=<script>&pid=1')
    harmless(page, 'markup: the link')

def read_forks(page):
    page.open(f'{folder}/forks.html')
    page.key('w')
    lines = page.run('document.querySelector("#view-why pre").textContent').splitlines()
    check('forks: shown', lines[:1], ['Pages that children shared with their parents at the fork, and copied since:'])
    check('forks: as wide as the window', page.run('document.documentElement.scrollWidth <= window.innerWidth'), True)
    page.open(f'{folder}/freed.html')
    page.key('w')
    check('freed: nothing of forks', page.run('document.querySelector("#view-why pre") === null'), True)
    harmless(page, 'forks')

def read_russian(page):
    """Nothing is left in English, on any tab."""
    page.open(f'{folder}/ru.html', '#pid=100&page=0x111000&time=0.36')
    check('ru: language', page.run('document.documentElement.lang'), 'ru')
    check('ru: clock', text(page, 'clock'), '00:00.360 из 00:00.850')
    check('ru: placeholder', page.run('document.getElementById("search").placeholder'), 'область, адрес, функция')
    for words in ('малый отказ, запись', 'поток 100', '15 соседних', 'состояние в 00:00.360'):
        if words not in text(page, 'story'):
            bad.append(f'ru: the story lacks {words!r}: {text(page, "story")}')
    shown = ''
    for key in 'grhw':
        page.key(key)
        shown += page.run('document.body.innerText')
    page.run('document.getElementById("tab-about").click()')
    page.settle()
    page.key('?')
    shown += page.run('document.body.innerText')
    strings, counted = table(sys.argv[3])
    for word in [each for each in strings if len(each) > 6 and '{' not in each] + ['neighbour', 'fault,', ' pages ']:
        if word in shown:
            bad.append(f'ru: {word!r} is in English')
    page.key('Escape')
    for count, form in ((1, '1 страница'), (3, '3 страницы'), (11, '11 страниц'), (21, '21 страница'), (1122, '1\u2009122 страницы')):
        check(f'ru: {count} pages', page.run(f'sayCount("{{0}} page", "{{0}} pages", {count})'), form)
    harmless(page, 'ru')

check_markup()
check_forks()
check_freed()
for name in ('forks', 'freed'):
    check_verdict(name)
for name in ('made', 'real'):
    check_data(name)
if program:
    from browser import Browser
    for width, height, dark in ((1280, 800, False), (390, 844, True)):
        with Browser(program, width, height, dark) as page:
            use_made(page)
            read_markup(page)
            read_forks(page)
            read_russian(page)
            page.open(f'{folder}/real.html')
            check('theme of the system', page.run('document.documentElement.dataset.theme'), 'dark' if dark else 'light')
            check('as wide as the window', page.run('document.documentElement.scrollWidth <= window.innerWidth'), True)
            harmless(page, 'real')
print('\n'.join(bad))
sys.exit(bool(bad))
