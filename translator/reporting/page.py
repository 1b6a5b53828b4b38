"""The report as an HTML page that stands alone: no script, nothing loaded, all texts escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from translator.reporting import plot
from translator.reporting.figures import MEASURES, Figures, Group, Report

TERMS = 50  # terms listed; --json has all
PLACES = 5  # places listed of each
# Nothing may be loaded, whatever stands in a text.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

Value = Callable[[Figures], float | None]


@dataclass(frozen=True, slots=True)
class _Chart:
    id: str
    title: str
    better: str
    value: Value
    high: float = 100
    unit: str = "%"


CHARTS = (
    _Chart("ter", "Edits per 100 words (TER)", "lower is better", lambda f: f.ter),
    _Chart("chrf", "Likeness of draft and approved text (chrF)", "higher is better",
           lambda f: f.chrf, unit=""),
    _Chart("unchanged", "Drafts approved unchanged", "higher is better",
           lambda f: _percent(f.unchanged, f.drafts)),
    _Chart("terms", "Required terms and names in the draft", "higher is better",
           lambda f: _percent(f.terms_in_draft, f.terms)),
    _Chart("time", "Seconds of work per Polish word", "lower is better",
           lambda f: f.seconds_per_word, high=0, unit=" s"),
)  # fmt: skip


def render(report: Report) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "language": _language,
        "rounded": lambda value: "–" if value is None else f"{value:.1f}",
        "share": lambda part, whole: f"{100 * part / whole:.0f}%" if whole else "–",
    }
    charts = [(chart, Markup(_drawn(chart, report.releases))) for chart in CHARTS]
    return environment.get_template("report.html").render(
        report=report,
        charts=[(chart, picture) for chart, picture in charts if picture],
        style=Markup(plot.STYLE),
        policy=POLICY,
        measures=MEASURES,
        most_terms=TERMS,
        most_places=PLACES,
    )


def _drawn(chart: _Chart, releases: Sequence[Group]) -> str:
    """The chart over the releases with a curve for each language; "" where nothing was measured."""
    names = list(dict.fromkeys(group.release for group in releases))
    days = {group.release: str(group.date or "no date") for group in releases}
    curves, told = [], []
    for language in sorted({group.language for group in releases}):
        points = []
        for group in releases:
            value = chart.value(group.figures)
            if group.language == language and value is not None:
                shown = f"{group.release}, {days[group.release]}: {value:.1f}{chart.unit}"
                points.append((float(names.index(group.release)), value, shown))
        if points:
            curves.append(plot.Curve(_language(language), points))
            told.append(f"{_language(language)}: {_course([point[2] for point in points])}")
    if not curves:
        return ""
    return plot.lines(
        curves,
        id=chart.id,
        title=f"{chart.title}, by release; {chart.better}",
        description="; ".join(told),
        ticks=[(float(index), days[name]) for index, name in enumerate(names)],
        high=chart.high,
        unit=chart.unit,
    )


def _course(shown: Sequence[str]) -> str:
    return shown[0] if len(shown) == 1 else f"from {shown[0]} to {shown[-1]}"


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _language(code: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(code, code))
