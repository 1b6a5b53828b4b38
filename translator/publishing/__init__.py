"""Publishing: a release and its translation become text, Markdown, HTML or a bilingual PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from translator.errors import TranslatorError
from translator.publishing import html, markdown, pdf, text
from translator.publishing.publication import Publication
from translator.publishing.script import in_script

__all__ = ["FORMATS", "Publication", "in_script", "render"]

_RENDERERS: Final[dict[str, Callable[[Publication], str | bytes]]] = {
    "txt": text.render,
    "md": markdown.render,
    "html": html.render,
    "pdf": pdf.render,
}
FORMATS: Final = tuple(_RENDERERS)


def render(publication: Publication, format: str) -> bytes:
    """The file to publish, in one of FORMATS, with the typography of its language; text is UTF-8.

    Text, Markdown and HTML hold the target text alone, the PDF both languages side by side.
    Raises TranslatorError on another format, and where the PDF cannot show a character.
    """
    if format not in _RENDERERS:
        raise TranslatorError(f"unknown format {format!r}; use one of {', '.join(FORMATS)}")
    rendered = _RENDERERS[format](publication.typeset())
    return rendered.encode() if isinstance(rendered, str) else rendered
