"""Curves as an SVG picture that needs nothing beside it: it can stand in a page or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 600, 280
LEFT, RIGHT, BOTTOM = 48, 16, 28
ROW = 18  # of the legend above
LINES = 5  # of the grid, at most
TOLERANCE = 1e-9  # of a highest value that arithmetic has moved
TICKS = 5  # labels below it at most: the first two need 90 units between them

# A curve is told by its dashes and its marks as well as by its colour (Okabe and Ito's palette,
# which the colour-blind can tell apart; lighter where the reader has a dark screen). Marks are
# hollow, so that those of equal values all show.
STYLE = """\
.plot { --ink: #1c1c1c; --grid: #d0d0d0; --c0: #0072b2; --c1: #b34700; --c2: #00785a; --c3: #a3477a;
  font: 12px sans-serif; fill: var(--ink); }
@media (prefers-color-scheme: dark) {
  .plot { --ink: #ececec; --grid: #4a4a4a; --c0: #6cc1f5; --c1: #ff9d5c; --c2: #3fd6a4;
    --c3: #eba5cd; }
}
.plot .grid { stroke: var(--grid); stroke-width: 1; }
.plot .curve { fill: none; stroke: var(--c); stroke-width: 2; }
.plot .c0 { --c: var(--c0); }
.plot .c1 { --c: var(--c1); stroke-dasharray: 7 4; }
.plot .c2 { --c: var(--c2); stroke-dasharray: 2 3; }
.plot .c3 { --c: var(--c3); stroke-dasharray: 9 3 2 3; }
.plot .mark { fill: none; stroke: var(--c); stroke-width: 2; stroke-dasharray: none;
  pointer-events: all; }
"""
MARKS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "M-4 -4h8v8h-8z",
    "M0 -5l5 9h-10z",
    "M0 -5l5 5l-5 5l-5 -5z",
)


@dataclass(frozen=True, slots=True)
class Curve:
    """A named curve: points (x, y, what the pointer shows there), from left to right."""

    name: str
    points: Sequence[tuple[float, float, str]]


def lines(
    curves: Sequence[Curve],
    *,
    id: str,
    title: str,
    description: str,
    ticks: Sequence[tuple[float, str]],
    high: float,
    unit: str = "",
    marks: bool = True,
) -> str:
    """An SVG element with these curves over one scale, from 0 to `high`, the highest point, or a
    round number above it.

    `ticks` are the places on the x axis that have a name, at least one, from left to right; as many
    are named as there is room for. `id` is unique in the page. All texts are escaped.
    """
    high = max([high, *(y for curve in curves for _, y, _ in curve.points)]) or 1
    step = _step(high / LINES)
    high = step * ceil(high / step - TOLERANCE)
    first, last = ticks[0][0], ticks[-1][0]
    legend = _legend([curve.name for curve in curves])
    top = legend[-1][1] + ROW if legend else ROW

    def across(x: float) -> float:
        part = (x - first) / (last - first) if last > first else 0.5
        return round(LEFT + (WIDTH - LEFT - RIGHT) * part, 1)

    def down(y: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - top - BOTTOM) * y / high, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-labelledby="{id}-title {id}-description">',
        f'<title id="{id}-title">{escape(title)}</title>',
        f'<desc id="{id}-description">{escape(description)}</desc>',
    ]
    for number in range(round(high / step) + 1):
        value = step * number
        parts.append(
            f'<path class="grid" d="M{LEFT} {down(value)}H{WIDTH - RIGHT}"/>'
            f'<text x="{LEFT - 6}" y="{down(value) + 4}" text-anchor="end">'
            f"{value:.3g}{escape(unit)}</text>"
        )
    for x, name in ticks[:: ceil(len(ticks) / TICKS)]:
        parts.append(
            f'<text x="{across(x)}" y="{HEIGHT - 8}" text-anchor="{_anchor(across(x))}">'
            f"{escape(name)}</text>"
        )
    for index, curve in enumerate(curves):
        spots = [(across(x), down(y), shown) for x, y, shown in curve.points]
        parts += _drawn(curve.name, spots, index, legend[index], marks=marks)
    return "\n".join([*parts, "</svg>"])


def standalone(svg: str) -> str:
    """The picture as a file of its own, with its style."""
    head, rest = svg.split(">", 1)
    return f"{head}>\n<style>\n{STYLE}</style>{rest}\n"


def _legend(names: Sequence[str]) -> list[tuple[int, int]]:
    """Where the entry of each name begins, in as many rows as they need."""
    places, x, y = [], LEFT, ROW - 6
    for name in names:
        width = 54 + 7 * len(name)  # no letter is much wider
        if x > LEFT and x + width > WIDTH:
            x, y = LEFT, y + ROW
        places.append((x, y))
        x += width
    return places


def _drawn(
    name: str,
    spots: Sequence[tuple[float, float, str]],
    index: int,
    legend: tuple[int, int],
    *,
    marks: bool,
) -> Iterator[str]:
    """A curve, its marks, and its entry in the legend. No two of 16 curves look the same."""
    count = len(MARKS)
    kind, mark = f"c{index % count}", MARKS[(index + index // count) % count]
    if len(spots) > 1:
        points = " ".join(f"{x},{y}" for x, y, _ in spots)
        yield f'<polyline class="curve {kind}" points="{points}"/>'
    for x, y, shown in spots if marks else ():
        yield (
            f'<path class="mark {kind}" d="{mark}" transform="translate({x} {y})">'
            f"<title>{escape(shown)}</title></path>"
        )
    at, row = legend
    yield f'<path class="curve {kind}" d="M{at} {row}h28"/>'
    if marks:
        yield f'<path class="mark {kind}" d="{mark}" transform="translate({at + 14} {row})"/>'
    yield f'<text x="{at + 34}" y="{row + 4}">{escape(name)}</text>'


def _step(least: float) -> float:
    """The smallest round number from `least` on: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(least))
    return power * next(
        times for times in (1, 2, 5, 10) if power * times * (1 + TOLERANCE) >= least
    )


def _anchor(x: float) -> str:
    """Labels at the edges stay inside of the picture."""
    return "start" if x < LEFT + 40 else "end" if x > WIDTH - RIGHT - 40 else "middle"
