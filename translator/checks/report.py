"""Findings as a report: text, JSON, GitHub workflow annotations or an HTML page."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from translator.errors import TranslatorError
from translator.model import Finding, Severity


def render(findings: Sequence[Finding], format: str = "text") -> str:
    """The report of `findings` in a format of `FORMATS`; raises TranslatorError for another."""
    if format not in FORMATS:
        raise TranslatorError(f"unknown report format “{format}”; use one of {', '.join(FORMATS)}")
    return FORMATS[format](findings)


def _text(findings: Sequence[Finding]) -> str:
    if not findings:
        return "no findings"
    return "\n".join(f"{_place(f)}{f.severity.value}: {f.id}: {_line(f.message)}" for f in findings)


def _json(findings: Sequence[Finding]) -> str:
    return json.dumps([dataclasses.asdict(f) for f in findings], ensure_ascii=False, indent=2)


def _github(findings: Sequence[Finding]) -> str:
    """https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""
    return "\n".join(
        f"::{f.severity.value} file={_property(f.file)},line={max(1, f.line)},"
        f"title={_property(f.id)}::{_data(f.message)}"
        for f in findings
    )


def _html(findings: Sequence[Finding]) -> str:
    ordered = sorted(findings, key=lambda f: (f.file, f.line))
    sections = "".join(
        f"<section>\n<h2>{escape(file or 'no file')}</h2>\n<ul>\n"
        f"{''.join(map(_item, group))}</ul>\n</section>\n"
        for file, group in groupby(ordered, key=lambda f: f.file)
    )
    errors = sum(f.severity is Severity.ERROR for f in findings)
    count = f"{errors} errors, {len(findings) - errors} warnings" if findings else "no findings"
    return _PAGE.format(count=count, sections=sections)


def _item(finding: Finding) -> str:
    source = f'<p lang="pl">{escape(finding.source)}</p>' if finding.source else ""
    return (
        f'<li class="{finding.severity.value}"><b>{finding.severity.value}</b> '
        f"<code>{escape(finding.id)}</code> line {finding.line}: "
        f"{escape(finding.message)}{source}</li>\n"
    )


def _place(finding: Finding) -> str:
    if not finding.file:
        return ""
    return f"{finding.file}:{finding.line}: " if finding.line else f"{finding.file}: "


def _line(message: str) -> str:
    return " ".join(message.split())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Translation checks: {count}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }}
li {{ margin: 0 0 0.75rem; }}
li p {{ margin: 0; color: #555; }}
.error b {{ color: #a00; }}
.warning b {{ color: #850; }}
</style>
</head>
<body>
<h1>Translation checks</h1>
<p>{count}</p>
{sections}</body>
</html>
"""

FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "html": _html,
}
