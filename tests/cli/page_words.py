"""The words of the page for a browser: each that data/html says is in src/export/html_words.c, and none there is said
nowhere. page_words.py SOURCE prints what is wrong."""
import html.parser, re, sys

def table(source):
    """The English words that are translated: one form of each."""
    text = open(f'{source}/src/export/html_words.c', encoding='utf-8').read()
    text = text[text.index('texts[]'):text.index('/* The first count')]
    one = r'((?:\s*"(?:[^"\\]|\\.)*")+)'
    join = lambda parts: ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', parts))
    strings = [join(parts) for parts in re.findall(r'\bN_\(' + one + r'\)', text)]
    counted = [(join(first), join(second)) for first, second in re.findall(r'\bNP_\(' + one + ',' + one + r'\)', text)]
    return strings, counted

class Texts(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.inside = [], []

    def handle_starttag(self, tag, attributes):
        self.inside.append(tag)
        self.found += [value for name, value in attributes if name in ('title', 'aria-label', 'placeholder')]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if data.strip() and 'body' in self.inside and not {'script', 'noscript'} & set(self.inside):
            self.found.append(data.strip())

def said(script):
    """The texts within the brackets of say() and sayCount()."""
    for call in re.finditer(r'\b(say|sayCount)\(', script):
        depth, at = 1, call.end()
        while depth:
            depth += {'(': 1, ')': -1}.get(script[at], 0)
            at += 1
        yield from re.findall(r"'((?:[^'\\]|\\.)*)'", script[call.end():at - 1])

def wrong(source):
    strings, counted = table(source)
    known = set(strings) | {form for pair in counted for form in pair}
    folder, scripts = f'{source}/data/html', ''
    for name in ('words', 'data', 'state', 'grid', 'charts', 'story', 'main'):
        scripts += open(f'{folder}/{name}.js', encoding='utf-8').read()
    page = Texts()
    page.feed(open(f'{folder}/page.html', encoding='utf-8').read())
    if len(strings) < 80 or len(counted) < 9 or len(page.found) < 20:
        yield 'too few words were found'
    for text in page.found:
        if text not in known and text not in ('pagescape', '\u2212', '+'):
            yield f'page.html says {text!r}, which is not in html_words.c'
    for text in set(said(scripts)):
        if text not in known and text not in ('%', ', ', ': '):
            yield f'a script says {text!r}, which is not in html_words.c'
    for text in known:
        if f"'{text}'" not in scripts and text not in page.found:
            yield f'nothing says {text!r} of html_words.c'

if __name__ == '__main__':
    bad = list(wrong(sys.argv[1]))
    print('\n'.join(bad))
    sys.exit(bool(bad))
