"""The curves of a training log as an SVG picture: loss, and chrF of the development set."""

from __future__ import annotations

import csv
from pathlib import Path

from translator.reporting.plot import Curve, lines, standalone

COLUMNS = ("loss", "chrF en", "chrF ru", "chrF kk")


def write(log: Path, target: Path) -> None:
    """Draw the log over its steps; the loss, which has a scale of its own, as percent of its range,
    given in the legend.
    """
    with open(log, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    curves = []
    for name in COLUMNS:
        read = [(int(r["step"]), float(r[name])) for r in rows if r[name] not in (None, "", "nan")]
        if not read:
            continue
        low, high = 0.0, 100.0
        if name == "loss":
            low, high = min(y for _, y in read), max(y for _, y in read)
        points = [(x, 100 * (y - low) / (high - low or 1), f"{x}: {y:.2f}") for x, y in read]
        curves.append(Curve(f"{name}: {read[0][1]:.1f} → {read[-1][1]:.1f}", points))
    steps = sorted({int(row["step"]) for row in rows})
    picture = lines(
        curves,
        id="log",
        title="The training",
        description="; ".join(curve.name for curve in curves),
        ticks=[(step, f"{step} steps") for step in dict.fromkeys((0, steps[-1] // 2, steps[-1]))],
        high=100,
        marks=False,
    )
    target.write_text(standalone(picture), encoding="utf-8")
