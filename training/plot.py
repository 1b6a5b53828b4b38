"""The curves of a training log as an SVG picture: loss, and chrF of the development set."""

from __future__ import annotations

import csv
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 800, 400, 50
COLOURS = {"loss": "#777", "chrF en": "#0072b2", "chrF ru": "#d55e00", "chrF kk": "#009e73"}


def write(log: Path, target: Path) -> None:
    """Draw the log over its steps; each curve has its own scale, given at its ends."""
    with open(log, newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    last = max(int(line["step"]) for line in lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">{last} steps</text>'
    ]
    for row, (name, colour) in enumerate(COLOURS.items()):
        points = [
            (int(line["step"]), float(line[name]))
            for line in lines
            if line[name] not in (None, "", "nan")
        ]
        if not points:
            continue
        low, high = min(y for _, y in points), max(y for _, y in points)
        if name != "loss":
            low, high = 0.0, 100.0
        spots = " ".join(
            f"{MARGIN + (WIDTH - 2 * MARGIN) * x / last:.1f},"
            f"{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (y - low) / (high - low or 1):.1f}"
            for x, y in points
        )
        label = f"{name}: {points[0][1]:.1f} → {points[-1][1]:.1f}"
        parts.append(
            f'<polyline points="{spots}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{MARGIN + 180 * row}" y="20" fill="{colour}">{label}</text>'
        )
    target.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")
