"""Parallel rows for pretraining out of translations that Debian packages carry.

They are read at training time from the packages, which `apt-get download` fetches, and never enter
the repository. Each source is a generator of rows (pl, en, ru, kk; "" where a language is missing).
Needs polib, lxml and fluent.syntax.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

Row = tuple[str, str, str, str]
Rows = Iterator[Row]

LIBREOFFICE = [
    *(f"libreoffice-l10n-{language}" for language in ("pl", "ru", "kk")),
    *(f"libreoffice-help-{language}" for language in ("pl", "ru", "en-us")),
]
MOZILLA = [
    f"{program}-l10n-{language}"
    for program in ("firefox-esr", "thunderbird")
    for language in ("en-gb", "pl", "ru", "kk")
]
DICTIONARIES = ["dict-freedict-pol-eng", "dict-freedict-pol-rus"]
# Programs whose gettext catalogues have Polish, Russian and Kazakh, and give 60 rows or more.
GETTEXT = (Path(__file__).parent / "packages.txt").read_text(encoding="utf-8").split()

MARKUP = re.compile(r"[%$<>{}\\|#@=\[]|\w\.\w|/|--")
RUSSIAN, KAZAKH = re.compile("[а-яё]"), re.compile("[а-яәіңғүұқөһ]")


def run(folder: Path) -> None:
    """Fetch the packages into `folder`, write a TSV file a source and `licences.tsv`; what exists
    is kept."""
    for name, (packages, rows) in SOURCES.items():
        target = folder / f"{name}.tsv"
        if target.exists():
            continue
        for package in packages:
            fetch(package, folder / "packages")
        lines = ["\t".join(row) + "\n" for row in rows(folder / "packages")]
        target.write_text("".join(lines), encoding="utf-8")
        print(f"{name}: {len(lines)} rows", flush=True)
    every = sorted({package for packages, _ in SOURCES.values() for package in packages})
    (folder / "licences.tsv").write_text(
        "".join(f"{p}\t{', '.join(licences(p, folder / 'packages'))}\n" for p in every),
        encoding="utf-8",
    )


def fetch(package: str, folder: Path) -> None:
    """Download and unpack a Debian package to `folder`/`package`, where it is not there yet."""
    if (folder / package).is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        ["apt-get", "-q", "download", package], cwd=folder, capture_output=True, text=True
    )
    found = list(folder.glob(f"{package}_*.deb"))
    if result.returncode or not found:
        print(f"{package} cannot be fetched and is left out: {result.stderr.strip()[-200:]}")
        return
    scratch = folder / f"{package}.new"
    subprocess.run(["dpkg", "-x", found[0].name, scratch.name], cwd=folder, check=True)
    scratch.rename(folder / package)
    found[0].unlink()


def licences(package: str, folder: Path) -> list[str]:
    """The short names of the licences in a package's machine-readable copyright file."""
    path = folder / package / "usr/share/doc" / package / "copyright"
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    return sorted(set(re.findall(r"^License: *(\S[^\n]*)$", text, re.M)))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def usable(row: Row) -> bool:
    """Whether a row is text in four languages, without markup, of like lengths."""
    pl, en, ru, kk = row
    return bool(
        pl != en
        and ru != kk
        and (" " in en or (len(en) > 3 and en.isalpha()))
        and RUSSIAN.search(ru)
        and KAZAKH.search(kk)
        and not any(MARKUP.search(cell) for cell in row)
        and max(map(len, row)) <= min(400, 4 * min(map(len, row)) + 30)
    )


def unique(rows: Rows) -> Rows:
    """The usable rows, one for each Polish text."""
    seen = set()
    for row in rows:
        if row[0] not in seen and usable(row):
            seen.add(row[0])
            yield row


def gettext(folder: Path) -> Rows:
    """Compiled gettext catalogues, joined on file, context and English message."""
    import polib

    def catalogues() -> Rows:
        for first in sorted(folder.glob("*/usr/**/kk/LC_MESSAGES/*.mo")):
            found: dict[tuple, dict[str, str]] = {}
            for language in ("pl", "ru", "kk"):
                path = first.parents[2] / language / "LC_MESSAGES" / first.name
                for entry in polib.mofile(str(path)) if path.exists() else ():
                    if entry.msgstr and not entry.msgid_plural:
                        key = (entry.msgctxt, entry.msgid)
                        found.setdefault(key, {})[language] = entry.msgstr
            for (_, english), texts in found.items():
                if len(texts) == 3:
                    cells = (texts["pl"], english, texts["ru"], texts["kk"])
                    pl, en, ru, kk = (
                        squeeze(re.sub(r"<[^>]{1,40}>|[_&~](?=\w)", "", cell)) for cell in cells
                    )
                    yield pl, en, ru, kk

    return unique(catalogues())


def libreoffice(folder: Path) -> Rows:
    """LibreOffice's messages, which lie in one folder a language, joined on context and English
    message."""
    import polib

    found: dict[tuple, dict[str, str]] = {}
    for language in ("pl", "ru", "kk"):
        base = folder / f"libreoffice-l10n-{language}/usr/lib/libreoffice/program/resource"
        for path in sorted(base.glob("*/LC_MESSAGES/*.mo")):
            for entry in polib.mofile(str(path)):
                if entry.msgstr and not entry.msgid_plural:
                    key = (entry.msgctxt, entry.msgid)
                    found.setdefault(key, {})[language] = entry.msgstr
    for (_, english), texts in found.items():
        if len(texts) == 3:
            cells = (texts["pl"], english, texts["ru"], texts["kk"])
            pl, en, ru, kk = (squeeze(re.sub(r"[~_]", "", cell)) for cell in cells)
            yield pl, en, ru, kk


def office_help(folder: Path) -> Rows:
    """LibreOffice's help pages (no Kazakh), aligned by page and element id."""
    from lxml import html

    def load(language: str, package: str) -> dict[tuple[str, str], str]:
        texts = {}
        base = folder / f"libreoffice-help-{package}/usr/share/libreoffice/help/{language}/text"
        for path in sorted(base.rglob("*.html")):
            for element in html.parse(str(path)).iter("p", "h1", "h2", "h3", "li", "td"):
                text = squeeze("".join(element.itertext()))
                if element.get("id") and text:
                    texts[str(path.relative_to(base)), element.get("id")] = text
        return texts

    polish, russian, english = load("pl", "pl"), load("ru", "ru"), load("en-US", "en-us")
    seen = set()
    for key in sorted(english.keys() & polish.keys() & russian.keys()):
        pl, en, ru = polish[key], english[key], russian[key]
        if pl == en or pl in seen or not 12 < len(pl) < 260 or not RUSSIAN.search(ru):
            continue
        if not re.search(r"[<>{}\\=\[\]_|]|\(\)|;", en + pl):
            seen.add(pl)
            yield pl, en, ru, ""


def mozilla(folder: Path) -> Rows:
    """Firefox's and Thunderbird's messages, joined on file, message and attribute."""
    from fluent.syntax import FluentParser, ast

    def strings(text: str, name: str) -> Iterator[tuple[str, str]]:
        if name.endswith(".properties"):
            for line in text.split("\n"):
                key, equals, value = line.partition("=")
                if equals and not line.startswith("#"):
                    yield key.strip(), value
            return
        for entry in FluentParser(with_spans=False).parse(text).body:
            if isinstance(entry, ast.Message):
                values = [("", entry.value)] + [(a.id.name, a.value) for a in entry.attributes]
                for key, pattern in values:
                    if pattern and all(isinstance(e, ast.TextElement) for e in pattern.elements):
                        yield f"{entry.id.name}.{key}", "".join(e.value for e in pattern.elements)

    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for program in ("firefox-esr", "thunderbird"):
        for language in ("en-gb", "pl", "ru", "kk"):
            for path in sorted((folder / f"{program}-l10n-{language}").rglob("*.xpi")):
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        if name.endswith((".ftl", ".properties")):
                            text = archive.read(name).decode("utf-8", "replace")
                            where = re.sub(r"(^|/)(en-GB|pl|ru|kk)(?=/)", "", name)
                            for key, value in strings(text, name):
                                texts = found.setdefault((program, where, key), {})
                                texts[language] = squeeze(re.sub(r"<[^>]+>", "", value))
    return unique(
        (texts["pl"], texts["en-gb"], texts["ru"], texts["kk"])
        for texts in found.values()
        if len(texts) == 4
    )


def dictionary(folder: Path) -> Rows:
    """The first equivalent of each headword of FreeDict's Polish dictionaries (no Kazakh)."""

    def read(package: str, script: str) -> dict[str, str]:
        equivalents: dict[str, str] = {}
        (path,) = (folder / package).rglob("*.dict.dz")
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = file.read().split("\n")
        for head, body in pairwise(lines):
            match = re.match(r"^([^/<]+?)(?: /[^/]*/)? <([a-z, ]+)>", head)
            if match:
                text = re.split(r"\s+2\.|\s+\d\.$", re.sub(r"^1\. ", "", body.strip()))[0]
                text = re.split("[,;]", text)[0].strip()
                if text and len(text) < 60 and text[0] not in "…(" and re.fullmatch(script, text):
                    equivalents.setdefault(match[1].strip(), text)
        return equivalents

    english = read("dict-freedict-pol-eng", r"[ -~’]+")
    russian = read("dict-freedict-pol-rus", r"[ -@а-яёА-ЯЁ]+")
    for head in sorted(english.keys() | russian.keys()):
        if head[0] != "-" and len(head) > 2:
            yield head, english.get(head, ""), russian.get(head, ""), ""


SOURCES: dict[str, tuple[list[str], Callable[[Path], Rows]]] = {
    "libreoffice": (LIBREOFFICE[:3], lambda folder: unique(libreoffice(folder))),
    "help": (LIBREOFFICE[3:], office_help),
    "mozilla": (MOZILLA, mozilla),
    "dictionary": (DICTIONARIES, dictionary),
    "gettext": (GETTEXT, gettext),
}
