"""Publishing: a release and its translation become text, Markdown, HTML, Word or a
bilingual PDF.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from translator.errors import TranslatorError
from translator.publishing import docx, html, markdown, pdf, text
from translator.publishing.furniture import draft_mark
from translator.publishing.pdf import LAYOUTS, TEMPLATE, Design
from translator.publishing.publication import Publication, whole_notes
from translator.publishing.script import in_script

__all__ = [
    "FORMATS",
    "LAYOUTS",
    "TEMPLATE",
    "Design",
    "Publication",
    "draft_mark",
    "in_script",
    "pdf",
    "render",
    "whole_notes",
]

_RENDERERS: Final[dict[str, Callable[[Publication], str]]] = {
    "txt": text.render,
    "md": markdown.render,
    "html": html.render,
}
FORMATS: Final = (*_RENDERERS, "docx", "pdf")


def render(publication: Publication, format: str, *, design: Design | None = None) -> bytes:
    """The file to publish, in one of FORMATS, with the typography of its language; text is UTF-8.

    The PDF holds both languages, as `design` says, the others the target text alone.
    Raises TranslatorError on another format, and where the PDF cannot show a character.
    """
    if format not in FORMATS:
        raise TranslatorError(f"unknown format {format!r}; use one of {', '.join(FORMATS)}")
    publication = publication.typeset()
    if format == "docx":
        return docx.render(publication)
    if format == "pdf":
        return pdf.render(publication, design)
    return _RENDERERS[format](publication).encode()
