#!/usr/bin/env python3
"""Makes a moving picture of a recording: one SVG file that plays in any browser, and in a README.

    make-film.py PAGESCAPE SESSION FILE.svg [--from S] [--to S] [--every S] [--fps N] [--size 80x24] [--do COMMANDS]

Each picture is the screen at a moment, as `pagescape export svg --view screen` draws it. What stays the same from one
picture to the next is in the file once, with the pictures in which it is seen.
"""
import argparse
import html
import re
import subprocess
import xml.etree.ElementTree as ET
from collections import defaultdict

SVG = '{http://www.w3.org/2000/svg}'
CELL = 10, 20  # of the screen in the picture


def short(text):
    """Numbers of a path or a style, to a tenth."""
    return re.sub(r'-?\d+\.\d+', lambda m: f'{float(m[0]):.1f}'.rstrip('0').rstrip('.'), text.strip())


def path_of(text):
    """A path of cairo's, as short as it can be said: a rectangle is M10 10H810V30H10Z."""
    text = re.sub(r' Z M [-\d. ]+$', ' Z', short(text))
    text = re.sub(r'M (\S+) (\S+) L (\S+) \2 L \3 (\S+) L \1 \4 Z', r'M\1 \2H\3V\4H\1Z', text)
    return re.sub(r' ?([A-Z]) ?', r'\1', text)


def colour(style, what):
    r, g, b = (round(float(x) * 2.55)
               for x in re.search(what + r':rgb\(([\d.]+)%,([\d.]+)%,([\d.]+)%\)', style).groups())
    opacity = re.search(what + r'-opacity:([\d.]+)', style)
    return f'#{r:02x}{g:02x}{b:02x}' + (f'{round(float(opacity[1]) * 255):02x}' if float(opacity[1]) < 1 else '')


def paint_of(style):
    """A style of cairo's as attributes."""
    if 'stroke:rgb' in style:
        width = re.search(r'stroke-width:([\d.]+)', style)[1]
        return f'fill="none" stroke="{colour(style, "stroke")}" stroke-width="{short(width)}"'
    return f'fill="{colour(style, "fill")}"'


def box_of(path):
    numbers = [float(x) for x in re.findall(r'-?\d+(?:\.\d+)?', path)]
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def elements(node, symbols, paint=None):
    """All that is drawn, in order: (paint, path, x, y, box)."""
    for child in node:
        style = child.get('style', '')
        own = paint_of(style) if ':rgb' in style else paint
        if child.tag == SVG + 'g':
            yield from elements(child, symbols, own)
        elif child.tag == SVG + 'use':
            path = symbols[child.get('{http://www.w3.org/1999/xlink}href')[1:]]
            x, y = float(child.get('x')), float(child.get('y'))
            if path:
                yield own, path, short(f'{x:.3f}'), short(f'{y:.3f}'), (x, y - 5, x + 1, y)
        elif child.tag == SVG + 'path':
            if child.get('transform'):
                raise SystemExit('make-film.py: what is this? ' + child.get('transform'))
            yield own, path_of(child.get('d')), '', '', box_of(child.get('d'))
        elif child.tag != SVG + 'rect':
            raise SystemExit('make-film.py: what is this? ' + child.tag)


def read_picture(text):
    root = ET.fromstring(text)
    symbols = {}
    for symbol in root.iter(SVG + 'symbol'):
        path = symbol.find(SVG + 'path')
        symbols[symbol.get('id')] = path_of(path.get('d', '')) if path is not None else ''
    width, height = (float(x) for x in root.get('viewBox').split()[2:])
    back = paint_of(root.find(f'.//{SVG}rect').get('style'))
    # what lies on what: an element is one level above all that it covers
    levels = defaultdict(int)
    picture = []
    for paint, path, x, y, box in elements(root.find(f'{SVG}g'), symbols):
        cells = [(c, r) for c in range(int(box[0] // CELL[0]), int((box[2] - .1) // CELL[0]) + 1)
                 for r in range(int(box[1] // CELL[1]), int((box[3] - .1) // CELL[1]) + 1)]
        level = 1 + max((levels[cell] for cell in cells), default=0)
        for cell in cells:
            levels[cell] = level
        picture.append((level, paint, path, x, y))
    return width, height, back, picture


def stretches(seen):
    """[2, 3, 4, 7] is (2, 5), (7, 8)."""
    first = seen[0]
    for before, here in zip(seen, seen[1:] + [None]):
        if here != before + 1 if here is not None else True:
            yield first, before + 1
            first = here


def write(out, pictures, fps, label):
    count = len(pictures)
    width, height, back, _ = pictures[0]
    seen = defaultdict(list)
    for number, (_, _, _, picture) in enumerate(pictures):
        for element in dict.fromkeys(picture):
            seen[element].append(number)
    groups = defaultdict(list)  # by level, stretch, paint
    for (level, paint, path, x, y), numbers in seen.items():
        for stretch in stretches(numbers):
            groups[level, stretch, paint].append((path, x, y))
    glyphs = {}
    for path, x, y in (e for group in groups.values() for e in group if e[1]):
        glyphs.setdefault(path, f'g{len(glyphs)}')
    seconds = count / fps
    out.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
              f'height="{height:g}" role="img"><title>{html.escape(label)}</title>\n<style>\n')
    for first, last in sorted({stretch for _, stretch, _ in groups}):
        if (first, last) == (0, count):
            continue
        steps = {0: 'hidden', first: 'visible'}
        if last < count:
            steps[last] = 'hidden'
        pictures_text = ''.join(f'{100 * at / count:.3g}%{{visibility:{what}}}' for at, what in steps.items())
        pictures_text += f'to{{visibility:{"hidden" if last < count else "visible"}}}'
        # where nothing moves (print, reduced motion), the last picture is what is seen
        out.write(f'@keyframes k{first}-{last}{{{pictures_text}}}\n'
                  f'.k{first}-{last}{{visibility:{"visible" if last == count else "hidden"};'
                  f'animation:k{first}-{last} {seconds:g}s step-end infinite}}\n')
    out.write('@media print,(prefers-reduced-motion){*{animation:none!important}}\n</style>\n<defs>\n')
    for path, name in glyphs.items():
        out.write(f'<path id="{name}" d="{path}"/>\n')
    out.write(f'</defs>\n<rect width="{width:g}" height="{height:g}" {back}/>\n')
    for (level, stretch, paint), group in sorted(groups.items()):
        shown = '' if stretch == (0, count) else f' class="k{stretch[0]}-{stretch[1]}"'
        out.write(f'<g {paint}{shown}>\n')
        shapes = ''.join(path for path, x, _ in group if not x)
        if shapes:
            out.write(f'<path d="{shapes}"/>\n')
        for path, x, y in group:
            if x:
                out.write(f'<use href="#{glyphs[path]}" x="{x}" y="{y}"/>\n')
        out.write('</g>\n')
    out.write('</svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('pagescape')
    parser.add_argument('session')
    parser.add_argument('out')
    parser.add_argument('--from', dest='first', type=float, default=0)
    parser.add_argument('--to', dest='last', type=float, default=10)
    parser.add_argument('--every', type=float, default=.5)
    parser.add_argument('--fps', type=float, default=3)
    parser.add_argument('--size', default='80x24')
    parser.add_argument('--do', dest='commands', default='')
    parser.add_argument('--title', default='pagescape')
    args = parser.parse_args()
    pictures = []
    at = args.first
    while at <= args.last + 1e-9:
        command = [args.pagescape, '--no-config', 'export', 'svg', args.session, '--view', 'screen', '--at', f'{at:.3f}',
                   '--size', args.size, '-o', '-']
        if args.commands:
            command += ['--do', args.commands]
        drawn = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60)
        pictures.append(read_picture(drawn.stdout))
        at += args.every
    with open(args.out, 'w', encoding='utf-8') as out:
        write(out, pictures, args.fps, args.title)
    print(f'{args.out}: {len(pictures)} pictures')


if __name__ == '__main__':
    main()
