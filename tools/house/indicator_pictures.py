"""A picture of an indicator's example as SVG: what it read above, what it answers below, or both on one scale where they share
it; a pattern on its candles. Drawn the same way every time, readable on light and dark pages, small enough to be many.

SPDX-License-Identifier: Apache-2.0
"""

import math

WIDTH, LEFT, RIGHT, TOP = 680, 46, 126, 12
LETTER = 6.4  # Width of one, at most, of the names at the right.
ONE_PANEL, UPPER, LOWER, GAP = 190, 96, 96, 18
# Blue, orange, purple: told apart by everyone, on white and on black; a dash tells them apart in print.
STYLE = """<style>
text{font:11px system-ui,sans-serif;fill:#57606a}
.s{font-size:10px;text-anchor:end}
.p{stroke:#8c959f}.g{stroke:#d0d7de}.a{stroke:#0969da}.b{stroke:#bc4c00}.c{stroke:#8250df}.d{stroke:#1a7f37}
.ta{fill:#0969da}.tb{fill:#bc4c00}.tc{fill:#8250df}.td{fill:#1a7f37}
path{fill:none;stroke-width:1.6;stroke-linejoin:round}.g{stroke-width:1}.b{stroke-dasharray:6 3}.c{stroke-dasharray:2 2.5}
.up{fill:none}.dn{fill:#8c959f}.hit{stroke:#bc4c00}.hit.dn{fill:#bc4c00}
@media(prefers-color-scheme:dark){text{fill:#9198a1}.g{stroke:#3d444d}.a{stroke:#4493f8}.b{stroke:#f0883e}.c{stroke:#ab7df8}
.d{stroke:#3fb950}.ta{fill:#4493f8}.tb{fill:#f0883e}.tc{fill:#ab7df8}.td{fill:#3fb950}.hit{stroke:#f0883e}.hit.dn{fill:#f0883e}}
</style>"""
CLASSES = "abcd"  # More outputs than these begin again.
CLOUD = ("senkou_a", "senkou_b")  # Outputs with what lies between them filled.


def picture(row):
    """The SVG of one answer of `lode indicator list --examples --json`."""
    if row["family"] == "pattern":
        return _pattern(row)
    example = row["example"]
    read = _columns(row["inputs"], example["inputs"])
    read = (_named(read, ("close", "real", "real2")) or _named(read, ("high", "low")) or read[:1] or [("close", example["bars"]["close"])])
    read = [("close" if name == "real" and values == example["bars"]["close"] else name, values) for name, values in read]
    given = [(output["name"] if len(row["outputs"]) > 1 else row["name"], values)
             for output, values in zip(row["outputs"], example["outputs"], strict=True)]
    if not all(output["whole"] for output in row["outputs"]):  # A code beside prices would squeeze them.
        given = [line for line, output in zip(given, row["outputs"], strict=True) if not output["whole"]]
    shapes = []
    if _share_a_scale(read, given):
        height = TOP + ONE_PANEL + TOP
        shapes += _panel(TOP, ONE_PANEL, [(name, values, "p") for name, values in read] + _classed(given))
    else:
        height = TOP + UPPER + GAP + LOWER + TOP
        shapes += _panel(TOP, UPPER, [(name, values, "p") for name, values in read])
        shapes += _panel(TOP + UPPER + GAP, LOWER, _classed(given))
    labels = [f"{name} {_short(value)}" for name, values in read + given for value in values[-1:] if value is not None]
    return _svg(height, f"{row['call']} on synthetic bars", shapes, labels)


def _svg(height, title, shapes, names=()):
    width = WIDTH + max(0, math.ceil(max((len(name) for name in names), default=0) * LETTER) + 5 - RIGHT)
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
                      f"<title>{_text(title)}</title>", STYLE, *shapes, "</svg>"]) + "\n"


def _text(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _columns(names, columns):
    return list(zip(names, columns, strict=True))


def _named(lines, names):
    return [line for line in lines if line[0] in names]


def _classed(lines):
    return [(name, values, CLASSES[at % len(CLASSES)]) for at, (name, values) in enumerate(lines)]


def _known(lines):
    return [value for _, values, *_ in lines for value in values if value is not None and math.isfinite(value)]


def _share_a_scale(read, given):
    """Answers within, or near, the range of what was read, and not squeezed into a sliver of it, are drawn on it."""
    ours, theirs = _known(read), _known(given)
    if not theirs or not ours:
        return False
    span = max(ours) - min(ours) or 1.0
    near = min(ours) - 0.8 * span <= min(theirs) and max(theirs) <= max(ours) + 0.8 * span
    return near and max(theirs) - min(theirs) > 0.1 * span


def _panel(top, height, lines):
    known = _known(lines)
    if not known:
        return [f'<text x="{LEFT}" y="{top + height / 2:.0f}">no value</text>']
    low, high = min(known), max(known)
    pad = (high - low) * 0.04 or 1.0
    low, high = low - pad, high + pad

    def y(value):
        return top + height - (value - low) / (high - low) * height

    shapes = _scale(low, high, y)
    count = len(lines[0][1])
    edges = dict((name, values) for name, values, *_ in lines if name in CLOUD)
    if len(edges) == len(CLOUD):
        shapes.append(_cloud(*edges.values(), y))
    for name, values, kind in lines:
        shapes.append(f'<path class="{kind}" d="{_line(values, count, y)}"/>')
    return shapes + _labels(lines, y, top, height)


def _scale(low, high, y):
    """Lines at round numbers, two to five of them, with the numbers at the left."""
    step = 10.0 ** math.floor(math.log10(high - low))
    step = next(size * step for size in (2.0, 1.0, 0.5, 0.25) if (high - low) / (size * step) >= 2.5)
    digits = max(0, -math.floor(math.log10(step)) + (step * 10 ** -math.floor(math.log10(step)) % 1 > 0.01))
    shapes = []
    for at in range(math.ceil(low / step), math.floor(high / step) + 1):
        height = y(at * step)
        number = _short(at * step) if abs(high) >= 1e4 or abs(low) >= 1e4 else f"{at * step:.{digits}f}"
        shapes.append(f'<path class="g" d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}"/>')
        shapes.append(f'<text class="s" x="{LEFT - 5}" y="{height + 3.5:.1f}">{number}</text>')
    return shapes


def _x(at, count):
    return LEFT + at * (WIDTH - LEFT - RIGHT) / max(1, count - 1)


def _line(values, count, y):
    """A polyline that breaks where a value is missing; a value alone is a short dash."""
    out, is_open = [], False
    for at, value in enumerate(values):
        if value is None or not math.isfinite(value):
            is_open = False
            continue
        out.append(f"{'L' if is_open else 'M'}{_x(at, count):.1f} {y(value):.1f}")
        if not is_open and (at + 1 == len(values) or values[at + 1] is None):
            out.append("h2")
        is_open = True
    return "".join(out)


def _cloud(one, other, y):
    """What lies between two lines, from the first bar that has both."""
    count = len(one)
    known = [at for at in range(count) if one[at] is not None and other[at] is not None]
    places = [f"{_x(at, count):.1f} {y(values[at]):.1f}" for values, order in ((one, known), (other, known[::-1])) for at in order]
    return f'<path style="fill:#8c959f;fill-opacity:.3;stroke:none" d="M{"L".join(places)}Z"/>'


def _labels(lines, y, top, height):
    """Names at the ends of their lines, pushed apart, inside the panel."""
    places = []
    for name, values, kind in lines:
        last = next((value for value in reversed(values) if value is not None and math.isfinite(value)), None)
        if last is not None:
            places.append([y(last) + 4, f"{name} {_short(last)}", kind])
    places.sort(key=lambda place: place[0])
    for above, below in zip(places, places[1:]):
        below[0] = max(below[0], above[0] + 12)
    over = (places[-1][0] - (top + height + 4)) if places else 0
    if over > 0:
        for at, place in enumerate(reversed(places)):
            place[0] = min(place[0], top + height + 4 - 12 * at)
    return [f'<text x="{WIDTH - RIGHT + 5}" y="{at:.0f}"{"" if kind == "p" else f""" class="t{kind}" """.rstrip()}>{_text(name)}</text>'
            for at, name, kind in places]


def _short(value):
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:.3g}M"
    if size >= 1e4:
        return f"{value / 1e3:.3g}k"
    return f"{value:.4g}"


def _pattern(row):
    """Candles, those of the pattern's end marked."""
    bars, signal = row["example"]["bars"], row["example"]["outputs"][0]
    hits = [at for at, value in enumerate(signal) if value]
    last = hits[-1] if hits else len(signal) - 1
    begin, end = max(0, last - 17), min(len(signal), last + 4)
    window = range(begin, end)
    low, high = min(bars["low"][at] for at in window), max(bars["high"][at] for at in window)
    height = TOP + ONE_PANEL + 2 * TOP
    step = (WIDTH - LEFT - RIGHT) / len(window)

    def y(price):
        return TOP + ONE_PANEL - (price - low) / ((high - low) or 1.0) * ONE_PANEL

    shapes = _scale(low, high, y) if high > low else []
    for place, at in enumerate(window):
        x, is_hit = LEFT + (place + 0.5) * step, bool(signal[at])
        top, bottom = y(max(bars["open"][at], bars["close"][at])), y(min(bars["open"][at], bars["close"][at]))
        kind = ("dn" if bars["close"][at] < bars["open"][at] else "up") + (" hit" if is_hit else " p")
        shapes.append(f'<path class="{"hit" if is_hit else "p"}" d="M{x:.1f} {y(bars["high"][at]):.1f}V{top:.1f}M{x:.1f} {bottom:.1f}'
                      f'V{y(bars["low"][at]):.1f}"/>')
        shapes.append(f'<rect class="{kind}" x="{x - step * 0.3:.1f}" y="{top:.1f}" width="{step * 0.6:.1f}" height="{max(1.0, bottom - top):.1f}"/>')
        if is_hit:
            shapes.append(f'<text class="tb" x="{x:.1f}" y="{TOP + ONE_PANEL + 17}" text-anchor="middle">{signal[at]:+.0f}</text>')
    return _svg(height, f"{row['call']} on synthetic bars", shapes)
