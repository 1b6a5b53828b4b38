"""Hostile text: damaged files of every format, read as a user's.

    python tests/fuzz.py [--inputs 1000000] [--only docx] [--seed 1] [--keep FOLDER]

Each input is a real file (of this repository, or written by translator itself) with some damage:
bytes lost, changed, doubled, moved, cut; tokens of the format put in where they do not belong; the
same inside of the parts of a Word or OpenDocument file. A reader must return or raise
TranslatorError with one line, within 5 seconds, and without 500 MB more memory. It prints the
inputs of each format, how many were read and how many refused, the slowest, and what failed, which
`--keep` writes to files. tests/test_fuzz.py runs a part of it.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from translator import documents, handoff, segmentation, settings  # noqa: E402
from translator.catalogs import Catalog  # noqa: E402
from translator.errors import TranslatorError  # noqa: E402
from translator.machine.packages import validation  # noqa: E402
from translator.memory import exchange as memory_exchange  # noqa: E402
from translator.model import Release  # noqa: E402
from translator.terminology import exchange as glossary_exchange  # noqa: E402
from translator.terminology.termbase import TermBase  # noqa: E402

SECONDS = 5
MEGABYTES = 500
SAMPLE = "konsultacje-polska-kazachstan"


@dataclass(frozen=True)
class Format:
    """A kind of file: how it is read, real ones, and tokens that mean something in it."""

    name: str
    read: Callable[[Path], object]
    seeds: Callable[[], list[bytes]]
    tokens: tuple[bytes, ...]
    suffix: str

    def file(self, folder: Path) -> Path:
        """Where its reader looks for a file in `folder`."""
        return folder / (self.suffix if self.suffix == settings.FILE else f"file{self.suffix}")

    def damage(self, seed: bytes, draw: random.Random) -> bytes:
        """A file with something wrong, or with something wrong in the files that it consists of."""
        if self.suffix in (".docx", ".odt") and draw.random() < 0.9 and zipped(seed):
            return repacked(seed, self.tokens, draw)
        return damaged(seed, self.tokens, draw)


@dataclass
class Result:
    """What came of the inputs of one format."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    failures: list[tuple[str, bytes]] = field(default_factory=list)


class TooSlow(Exception):
    pass


def _document(path: Path) -> Release:
    return segmentation.segment(documents.read(path))


def _metadata(path: Path) -> object:
    """A package whose metadata are these; the model is not loaded for that."""
    try:
        validation._check_text("metadata.json", path.read_bytes())
        return validation._check_metadata(json.loads(path.read_bytes()))
    except ValueError as error:  # which the installer shows
        raise TranslatorError(str(error)) from error


def _files(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _written(name: str) -> list[bytes]:
    """Files that translator itself writes: a memory, a glossary, a package for a CAT tool."""
    from translator.memory import Entry

    path = Path(f"file{name}")
    if name == ".tbx":
        terms = TermBase.load([ROOT / "glossaries/diplomacy.csv"]).terms[:12]
        return [glossary_exchange.writer(path)(terms, ["en", "ru", "kk"])]
    rows = [line.split("\t") for line in _files("corpus/un.tsv")[0].decode().splitlines()[:12]]
    entries = [Entry(r[0], r[2], "ru", "release", date="2026-11-25", reviewer="A") for r in rows]
    return [memory_exchange.writer(path)(entries)]


def _xliff() -> list[bytes]:
    from translator.exchange import xliff1, xliff2
    from translator.exchange.package import Exported, Fingerprint, Package

    catalog = Catalog.read(ROOT / f"locales/ru/{SAMPLE}.po")
    units = tuple(
        Exported(str(Fingerprint.of_unit(unit)), unit.source, unit.target, unit.state)
        for unit in catalog.units[:8]
    )
    package = Package(f"releases/{SAMPLE}.txt", "ru", units)
    return [xliff1.write(package), xliff2.write(package)]


XML = (
    *(b"<", b">", b"</", b"/>", b"&", b"&lt;", b"&#0;", b"&#x110000;", b"<!--", b"-->", b"]]>"),
    *(b"<![CDATA[", b"<?xml", b"?>", b' xmlns=""', b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;"),
    b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
)
MARKUP = (*XML, b"<script>", b"<style>", b"<table>", b"<td colspan=99999>", b"<p>", b"<div>" * 50)
TEXT = (
    *(b"\0", b"\r", b"\n\n\n", b"\t", "\u202e".encode(), "\ufeff".encode(), "\u00a0".encode()),
    *(b"\xff\xfe", b"\xc3", "\ud83d".encode("utf-8", "surrogatepass"), "🇵🇱".encode(), b"a" * 5000),
)
CELLS = (*TEXT, b",", b'"', b'""', b"\t", b"pl,", b"forbidden_ru", b"=1+1", b"'")

FORMATS = (
    Format("PO", Catalog.read, lambda: _files("locales/*/*.po"), (
        *TEXT, b"msgid", b'msgstr ""', b"#~ ", b"#, fuzzy", b"#| ", b'"', b"\\", b"msgctxt", b"<1>",
        b"</1>", b"[0]", b"charset=UTF-16",
    ), ".po"),
    Format("TMX", lambda p: list(memory_exchange.read(p)), lambda: _written(".tmx"), XML, ".tmx"),
    Format("CSV memory", lambda p: list(memory_exchange.read(p)), lambda: _written(".csv"), CELLS,
           ".csv"),
    Format("TSV memory", lambda p: list(memory_exchange.read(p)),
           lambda: _files("corpus/un.tsv", "corpus/terms3-1.tsv"), CELLS, ".tsv"),
    Format("TBX", lambda p: list(glossary_exchange.read(p, ["en", "ru", "kk"])),
           lambda: _written(".tbx"), XML, ".tbx"),
    Format("glossary", lambda p: TermBase.load([p]), lambda: _files("glossaries/*.csv"), CELLS,
           ".csv"),
    Format("XLIFF", handoff._read, _xliff, XML, ".xlf"),
    Format("HTML", _document, lambda: _files("tests/data/documents/*.html"), MARKUP, ".html"),
    Format("Markdown", _document, lambda: _files("tests/data/documents/*.md"), (
        *TEXT, b"---", b"# ", b"> " * 40, b"- ", b"    ", b"|", b"[", b"](", b"![", b"`", b"```",
        b"**", b"_", b"[^1]", b"[^1]: ", b"\\", b"<div>", b"title: &a [*a, *a]",
    ), ".md"),
    Format("text", _document, lambda: _files("releases/*.txt"), TEXT, ".txt"),
    Format("DOCX", _document, lambda: _files("tests/data/documents/*.docx"), XML, ".docx"),
    Format("ODT", _document, lambda: _files("tests/data/documents/*.odt"), XML, ".odt"),
    Format("settings", lambda p: settings.parse(p.parent), lambda: [settings.TEMPLATE.encode()], (
        *TEXT, b"[", b"]", b"=", b'"', b"[machine]", b"beam = -1", b"1e999", b"{", b"}", b"#",
    ), settings.FILE),
    Format("package metadata", _metadata,
           lambda: _files("translator/machine/embedded/*/metadata.json"),
           (*TEXT, b"[" * 2000, b"{", b"}", b"null", b"1e999", b'"type"', b"-1", b"true"), ".json"),
)  # fmt: skip


def damaged(seed: bytes, tokens: tuple[bytes, ...], draw: random.Random) -> bytes:
    """The file with one to six things wrong."""
    data = bytearray(seed)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(data) + 1)
        size = min(len(data) - at, draw.choice((1, 2, 8, 64, 512, 4096)))
        match draw.randrange(8):
            case 0:
                del data[at : at + size]
            case 1:
                data[at:at] = draw.choice(tokens) * draw.choice((1, 1, 1, 3, 100))
            case 2:
                data[at : at + size] = draw.randbytes(size)
            case 3:
                data[at:at] = data[at : at + size] * draw.choice((1, 1, 2, 20))
            case 4:
                part = bytes(data[at : at + size])
                del data[at : at + size]
                to = draw.randrange(len(data) + 1)
                data[to:to] = part
            case 5:
                del data[at:]
            case 6 if at < len(data):
                data[at] ^= 1 << draw.randrange(8)
            case _:
                data[at : at + size] = draw.choice(tokens)
    return bytes(data)


def zipped(data: bytes) -> bool:
    """Whether there are files in it that can all be taken out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return bool(file.namelist()) and file.testzip() is None
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError),
        *(OSError, ValueError, NotImplementedError, RuntimeError),
    ):
        return False


def repacked(seed: bytes, tokens: tuple[bytes, ...], draw: random.Random) -> bytes:
    """A Word or OpenDocument file with damage in one or two of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as old, zipfile.ZipFile(target, "w") as new:
        names = old.namelist()
        chosen = draw.choices(names, k=2)
        for name in names:
            content = old.read(name)
            if name in chosen:
                content = damaged(content, tokens, draw)
            new.writestr(name, content)
    return target.getvalue()


def inputs(format: Format, seed: int) -> Iterator[bytes]:
    """Damaged files without end, the same for the same seed."""
    draw = random.Random(f"{format.name} {seed}")
    seeds = format.seeds()
    while True:
        yield format.damage(draw.choice(seeds), draw)


def _alarm(signum: int, frame: object) -> None:
    raise TooSlow


def run(format: Format, count: int, *, seed: int = 1) -> Result:
    """Read `count` inputs."""
    result = Result()
    signal.signal(signal.SIGALRM, _alarm)
    with tempfile.TemporaryDirectory() as folder:
        path = format.file(Path(folder))
        made = inputs(format, seed)
        for _ in range(count):
            data = next(made)
            path.write_bytes(data)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start = time.perf_counter()
            signal.alarm(SECONDS)
            try:
                format.read(path)
                result.read += 1
            except TranslatorError as error:
                result.refused += 1
                if "\n" in str(error):
                    result.failures.append((f"not one line: {error}", data))
            except TooSlow:
                result.failures.append((f"more than {SECONDS} s", data))
            except Exception:
                where = traceback.format_exc().strip().splitlines()
                result.failures.append((" | ".join(where[-4:]), data))
            finally:
                signal.alarm(0)
            result.slowest = max(result.slowest, time.perf_counter() - start)
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            if after - before > MEGABYTES * 1024:
                result.failures.append((f"{(after - before) // 1024} MB", data))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=100_000, help="of all formats together")
    parser.add_argument("--only", default="", help="formats with this in their name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that failed")
    options = parser.parse_args()
    chosen = [format for format in FORMATS if options.only in format.name]
    failed = total = 0
    for format in chosen:
        start = time.perf_counter()
        result = run(format, options.inputs // len(chosen), seed=options.seed)
        took = time.perf_counter() - start
        count = options.inputs // len(chosen)
        total, failed = total + count, failed + len(result.failures)
        print(
            f"{format.name:17} {count:8} inputs, {count / took:6.0f}/s: {result.read} read, "
            f"{result.refused} refused, slowest {result.slowest:.2f} s, "
            f"{len(result.failures)} failed",
            flush=True,
        )
        for number, (why, data) in enumerate(result.failures[:10]):
            print(f"    {why[:400]}")
            if options.keep:
                options.keep.mkdir(exist_ok=True)
                (options.keep / f"{format.name}-{number}{format.suffix}").write_bytes(data)
    print(f"{total} inputs, {failed} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
