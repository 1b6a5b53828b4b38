"""The PDF of a release in its languages, typeset by Typst with the fonts in its wheel.

All text reaches the template as data and is shown as it is. The same publications give the same
bytes; one without a date bears today's, since PDF/A demands one.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from translator.errors import TranslatorError
from translator.publishing import images, sheets
from translator.publishing.publication import Publication

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard, TypstError

TEMPLATE: Final = Path(__file__).parent / "templates" / "pdf"
MAIN: Final = "publication.typ"
LOGOS: Final = ("logo.svg", "logo.png")  # the first that is in the folder of templates
STANDARDS: Final[list[PDFStandard]] = ["a-2a", "ua-1"]
LAYOUTS: Final = ("columns", "interleaved", "facing", "target-only")
PAPERS: Final = ("a4", "a3")


@dataclass(frozen=True, slots=True)
class Design:
    """How the pages look.

    `paper` left empty is what suits the layout and the number of languages; `template` is a folder
    with changed copies of the templates.
    """

    layout: str = "columns"
    paper: str = ""
    cover: bool = False
    template: Path = TEMPLATE

    def check(self, targets: int) -> None:
        """Raise TranslatorError where this cannot be had for so many target languages."""
        if self.layout not in LAYOUTS:
            raise TranslatorError(f"unknown layout “{self.layout}”: use {', '.join(LAYOUTS)}")
        if self.paper not in ("", *PAPERS):
            raise TranslatorError(f"unknown paper “{self.paper}”: use {' or '.join(PAPERS)}")
        if self.layout == "facing" and targets > 1:
            raise TranslatorError(
                "two pages face each other: give one language, or use --layout columns"
            )
        if not (self.template / MAIN).is_file():
            raise TranslatorError(
                f"holds no {MAIN}: copy the templates again with `translator init --templates`",
                file=self.template,
            )


def render(
    publications: Publication | Sequence[Publication], design: Design | None = None
) -> bytes:
    """The PDF: tagged, PDF/A-2a and PDF/UA-1. TranslatorError where it cannot be made.

    The publications are one release in one target language each; Polish stands before them.
    """
    from typst import Compiler, TypstError

    if isinstance(publications, Publication):
        publications = (publications,)
    design = design or Design()
    design.check(len(publications))
    with tempfile.TemporaryDirectory(prefix="translator-") as scratch:
        folder = Path(scratch) / "template"
        shutil.copytree(design.template, folder)
        pictures = _lay_out(publications[0].assets, folder)
        data = _data(publications, design) | {
            "logo": next((name for name in LOGOS if (folder / name).is_file()), "")
        }
        for row in data["rows"]:
            if "asset" in row:
                row["asset"] = pictures.get(row["asset"], "")
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            compiler = Compiler(folder / MAIN, root=folder, font_paths=_fonts())
            pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS)
        except TypstError as error:
            raise _explain(error, design.template, pictures) from error
    assert isinstance(pdf, bytes)  # only images come as a list of pages
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> Fonts:
    from typst import Fonts

    return Fonts(include_system_fonts=False)


def _lay_out(assets: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Write the images that Typst can show into `folder`: the file's name of each asset."""
    names = {}
    for number, (asset, content) in enumerate(sorted(assets.items()), start=1):
        if kind := images.kind(content):
            names[asset] = f"asset-{number}.{kind}"
            (folder / names[asset]).write_bytes(content)
    return names


def _explain(error: TypstError, template: Path, pictures: dict[str, str]) -> TranslatorError:
    """One line for the user: what cannot be shown, or where a template is wrong."""
    missing = re.search(r'the text `"(.+?)"` could not be displayed', error.message)
    if missing:
        return TranslatorError(
            f"the PDF cannot show {missing[1]!r}: its font has no such letter; "
            "take it out of the text, or publish as html, md or txt"
        )
    if "image" in error.message and "decode" in error.message:
        names = ", ".join(sorted(pictures)) or "the logo"
        return TranslatorError(
            f"the PDF cannot show an image, it is damaged ({names}): {error.message}"
        )
    # The template's folder is a copy: what Typst says of it is true of the original.
    place = re.search(r"┌─ .*?template/(\S+?):(\d+):\d+", error.diagnostic)
    if place:
        return TranslatorError(
            f"the template has an error: {error.message}",
            file=template / place[1],
            line=int(place[2]),
        )
    return TranslatorError(f"the PDF cannot be made: {error.message}")


def _data(publications: Sequence[Publication], design: Design) -> dict[str, Any]:
    """What the templates read as `data`; see publication.typ."""
    return sheets.data(publications, layout=design.layout) | _page(len(publications), design)


def _page(targets: int, design: Design) -> dict[str, Any]:
    """Paper: columns of three languages lie on A4 across, of four on A3 across."""
    columns = targets + 1 if design.layout == "columns" else 1
    return {
        "layout": design.layout,
        "paper": design.paper or ("a3" if columns > 3 else "a4"),
        "landscape": columns > 2,
        # The first spread opens behind a right-hand page.
        "cover": design.cover or design.layout == "facing",
    }
