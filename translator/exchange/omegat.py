"""An OmegaT project: the catalog as its source, the memory, the glossary, what is approved.

OmegaT reads PO as it is: notes, drafts (as fuzzy translations) and numbered tags are all there. The
catalog in `source/` also tells an import what the translation was when it was exported. What the
translator confirms is in `omegat/project_save.tmx`, so that is what is read back. Glossaries are
called `.utf8` because every version of OmegaT reads that ending as UTF-8.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translator import xml
from translator.catalogs import Catalog, State, Unit
from translator.errors import TranslatorError
from translator.exchange.package import Fingerprint, Returned, ReturnedPackage
from translator.memory import Entry
from translator.memory.exchange import writer
from translator.model import SOURCE, Term

PROJECT = "omegat.project"
SAVED = Path("omegat/project_save.tmx")

_FOLDERS = ("target", "dictionary", "tm")  # OmegaT opens no project without them
_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
  <project version="1.0">
    <source_dir>__DEFAULT__</source_dir>
    <target_dir>__DEFAULT__</target_dir>
    <tm_dir>__DEFAULT__</tm_dir>
    <glossary_dir>__DEFAULT__</glossary_dir>
    <glossary_file>__DEFAULT__</glossary_file>
    <dictionary_dir>__DEFAULT__</dictionary_dir>
    <source_lang>{source}</source_lang>
    <target_lang>{target}</target_lang>
    <sentence_seg>false</sentence_seg>
    <support_default_translations>true</support_default_translations>
    <remove_tags>false</remove_tags>
  </project>
</omegat>
"""


def contents(
    catalog: Catalog, memory: Sequence[Entry], terms: Sequence[Term]
) -> dict[Path, bytes | None]:
    """The files of a project by their place in its folder; None is an empty folder.

    The settings come last: a project without them is not yet one.
    """
    language = catalog.language
    approved = [
        Entry(
            unit.source,
            unit.target,
            language,
            date=catalog.revised[:10],
            reviewer=catalog.reviewer,
        )
        for unit in catalog.units
        if unit.state is State.APPROVED
    ]
    glossary = "".join(
        "\t".join((term.source, term.targets[language], _remark(term, language))) + "\n"
        for term in terms
        if language in term.targets
    )
    found: dict[Path, bytes | None] = {
        Path("source") / catalog.path.name: catalog.path.read_bytes(),
        Path("glossary/glossary.utf8"): glossary.encode(),
        SAVED: writer(SAVED)(approved),
    }
    if memory:
        found[Path("tm/memory.tmx")] = writer(SAVED)(memory)
    found |= dict.fromkeys(map(Path, _FOLDERS))
    settings = _SETTINGS.format(source=SOURCE.upper(), target=language.upper())
    return found | {Path(PROJECT): settings.encode()}


def _remark(term: Term, language: str) -> str:
    forbidden = term.forbidden.get(language, ())
    parts = [term.domain, term.note, *(f"not “{variant}”" for variant in forbidden)]
    return "; ".join(part for part in parts if part)


def read(folder: Path) -> ReturnedPackage:
    """What the translator confirmed in a project that we exported."""
    sources = sorted((folder / "source").glob("*.po"))
    if len(sources) != 1:
        raise TranslatorError(
            "has no catalog (or several) in source/: export it again", file=folder
        )
    exported = Catalog.read(sources[0])
    saved = _read_saved(folder / SAVED, exported.language)
    units = tuple(
        Returned(str(Fingerprint.of_unit(unit)), unit.source, target, done=True, line=unit.line)
        for unit in exported.units
        if (target := _confirmed(unit, saved))
    )
    return ReturnedPackage(exported.source_file, exported.language, units)


def _confirmed(unit: Unit, saved: dict[str, str]) -> str:
    """The translation of a unit; one that OmegaT left as it is keeps its exact white space."""
    target = saved.get(_spaced(unit.source), "")
    return unit.target if target and _spaced(unit.target) == _spaced(target) else target


def _read_saved(path: Path, language: str) -> dict[str, str]:
    """The translations in OmegaT's own TMX by their source; one for this very place comes last."""
    saved: dict[str, str] = {}
    for unit in xml.read(path).iter("tu"):
        texts: dict[str, str] = {}
        for variant in unit.iter("tuv"):
            name = variant.get("{http://www.w3.org/XML/1998/namespace}lang") or variant.get("lang")
            segment = variant.find("seg")
            if name and segment is not None:
                texts[name.split("-")[0].lower()] = "".join(segment.itertext())
        if texts.get(SOURCE) and texts.get(language):
            saved[_spaced(texts[SOURCE])] = texts[language]
    return saved


def _spaced(text: str) -> str:
    return " ".join(text.split())
