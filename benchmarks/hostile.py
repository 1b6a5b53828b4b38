"""Files made to harm: what translator says of each, how long it takes and how much memory.

    .venv/bin/python benchmarks/hostile.py [--only docx]

Each is given, in a project of its own, to the command that reads its format. Of a trap (a bomb, an
entity, a macro, a path) one line must be left: the error. What is merely excessive is refused as
well or read to its end. None may take more than 500 MB or 30 s, print a traceback, show what
another file holds, or leave something outside of the project; exit code 1 where one does.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import archive
from timing import execute

TRANSLATOR = Path(sys.executable).with_name("translator")
DOCUMENTS = archive.ROOT / "tests/data/documents"
MEGABYTES, SECONDS = 500, 30
SECRET = "the-secret-of-somebody-else"
TEXT = "Minister spotkał się z ambasadorem Kazachstanu. "
BODIES = {"docx": "word/document.xml", "odt": "content.xml"}
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)  # fmt: skip


@dataclass(frozen=True)
class Trap:
    """A file by its format and trick, how it is made (the secret's place given), and its reader."""

    format: str
    trick: str
    make: Callable[[Path], bytes]
    refused: bool = True  # else it may be read as well
    command: tuple[str, ...] = ("segment",)


def text_of(megabytes: float) -> str:
    return TEXT * int(megabytes * 1_000_000 / len(TEXT.encode()))


def package(format: str, change: Callable[[str], str] | None = None, **parts: bytes) -> bytes:
    """A real document with its body changed and other parts put in."""
    body = BODIES[format]
    target = io.BytesIO()
    with (
        zipfile.ZipFile(DOCUMENTS / f"konsultacje.{format}") as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == body and change:
                content = change(content.decode()).encode()
            new.writestr(name, content)
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def with_text(text: str) -> Callable[[str], str]:
    """Puts `text` into the first paragraph of a body."""
    return lambda xml: re.sub(r"(<w:t[^>]*>|<text:p[^>]*>)", lambda m: m[0] + text, xml, count=1)


def with_doctype(entities: str, use: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        declared = re.sub(r"\A(<\?xml[^>]*>)?", lambda m: f"{m[0]}<!DOCTYPE a [{entities}]>", xml)
        return with_text(use)(declared)

    return change


def lying(format: str) -> bytes:
    """A body of 200 MB that says it has 100 bytes."""
    data = package(format, with_text(text_of(200)))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        size = file.getinfo(BODIES[format]).file_size
    return data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def overlapping(format: str) -> bytes:
    """Ten thousand names of one compressed megabyte."""
    data = package(format, **{"big.xml": bytes(10_000_000)})
    end = data.rindex(b"PK\x05\x06")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    directory = data[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"big.xml", b"%07d" % n) for n in range(5_000))
    count = int.from_bytes(data[end + 8 : end + 10], "little") + 5_000
    size = len(directory) + len(copies)
    tail = bytearray(data[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = size.to_bytes(4, "little")
    return data[:end] + copies + bytes(tail)


def packages(format: str) -> Iterator[Trap]:
    external = '<!ENTITY x SYSTEM "file://{}">'

    def trap(trick: str, make: Callable[[Path], bytes], refused: bool = True) -> Trap:
        return Trap(format, trick, make, refused)

    macro = "word/vbaProject.bin" if format == "docx" else "Basic/Standard/Module1.xml"
    yield trap("zip bomb, one part", lambda _: package(format, **{"big.xml": bytes(200_000_000)}))
    yield trap(
        "zip bomb, many parts",
        lambda _: package(format, **{f"{n}.xml": bytes(20_000_000) for n in range(12)}),
    )
    yield trap("zip bomb that lies", lambda _: lying(format))
    yield trap("parts that overlap", lambda _: overlapping(format))
    yield trap(
        "20,000 parts", lambda _: package(format, **{f"{n}.xml": b"" for n in range(20_000)})
    )
    yield trap("XXE", lambda secret: package(format, with_doctype(external.format(secret), "&x;")))
    yield trap("billion laughs", lambda _: package(format, with_doctype(LAUGHS, "&l9;")))
    yield trap("macro", lambda _: package(format, **{macro: b"x"}))
    for name in ("../../stolen.xml", "/tmp/stolen.xml", "..\\stolen.xml"):
        yield trap(f"path {name}", lambda _, name=name: package(format, **{name: b"<a/>"}))
    yield trap("200 MB paragraph", lambda _: package(format, with_text(text_of(200))))
    yield trap("18 MB paragraph", lambda _: package(format, with_text(text_of(18))), False)
    nested = "<w:p>" if format == "docx" else "<text:span>"
    yield trap(
        "100,000 levels",
        lambda _: package(
            format, with_text(nested * 100_000 + nested.replace("<", "</") * 100_000)
        ),
        False,
    )


def texts() -> Iterator[Trap]:
    page = "<!DOCTYPE html [{}]><html><body><p>{}</p></body></html>"
    for size, refused in ((200, True), (95, True), (18, True), (4, False)):
        yield Trap("txt", f"{size} MB paragraph", lambda _, m=size: text_of(m).encode(), refused)
        yield Trap("md", f"{size} MB paragraph", lambda _, m=size: text_of(m).encode(), refused)
        yield Trap(
            "html",
            f"{size} MB paragraph",
            lambda _, m=size: page.format("", text_of(m)).encode(),
            refused,
        )
    yield Trap("txt", "no word ends", lambda _: b"a" * 95_000_000)
    yield Trap("txt", "binary", lambda _: bytes(range(256)) * 1000)
    yield Trap(
        "html",
        "XXE",
        lambda secret: page.format(f'<!ENTITY x SYSTEM "file://{secret}">', "&x;").encode(),
        False,
    )
    yield Trap("html", "billion laughs", lambda _: page.format(LAUGHS, "&l9;").encode(), False)
    yield Trap(
        "html",
        "100,000 levels",
        lambda _: page.format("", "<div>" * 100_000 + TEXT).encode(),
        False,
    )
    picture = TEXT + '<img src="../{0}"><img src="file://{0}">'
    yield Trap("html", "path", lambda s: page.format("", picture.format(s)).encode(), False)
    yield Trap(
        "md", "path", lambda s: f"{TEXT}\n\n![a](../{s})\n![b](file://{s})\n".encode(), False
    )
    yaml = "---\na: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
    )
    yield Trap("md", "billion laughs", lambda _: f"{yaml}---\n\n{TEXT}\n".encode(), False)
    yield Trap("md", "100,000 levels", lambda _: (">" * 100_000 + TEXT).encode(), False)


def exchanged() -> Iterator[Trap]:
    bodies = {
        "tmx": ("<tmx version='1.4'><header/><body><tu><tuv xml:lang='pl'><seg>{}</seg></tuv>"
                "<tuv xml:lang='ru'><seg>б</seg></tuv></tu></body></tmx>", ("memory", "import")),
        "tbx": ("<martif type='TBX'><text><body><termEntry><langSet xml:lang='pl'><tig><term>{}"
                "</term></tig></langSet></termEntry></body></text></martif>",
                ("glossary", "import")),
        "xlf": ("<xliff version='1.2'><file original='a' source-language='pl' target-language='ru'>"
                "<body><trans-unit id='1'><source>{}</source></trans-unit></body></file></xliff>",
                ("exchange", "import")),
    }  # fmt: skip
    for format, (body, reader) in bodies.items():
        for trick, entities, use in (
            ("XXE", '<!ENTITY x SYSTEM "file://{}">', "&x;"),
            ("billion laughs", LAUGHS, "&l9;"),
        ):
            yield Trap(
                format,
                trick,
                lambda secret, e=entities, u=use, b=body: (
                    f"<!DOCTYPE a [{e.replace('{}', str(secret))}]>{b.format(u)}".encode()
                ),
                command=reader,
            )


def write(path: Path, trap: Trap, secret: Path) -> None:
    """Make the file in a process of its own: a child counts its parent's memory as its own."""
    child = os.fork()
    if not child:
        path.write_bytes(trap.make(secret))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="traps with this in format or trick")
    options = parser.parse_args()
    traps = [*packages("docx"), *packages("odt"), *texts(), *exchanged()]
    bad = tried = 0
    for trap in traps:
        if options.only not in f"{trap.format} {trap.trick}":
            continue
        tried += 1
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            secret = folder / "secret.png"
            secret.write_text(SECRET)
            project = archive.project(folder / "project", 1)
            write(project.root / f"trap.{trap.format}", trap, secret)
            before = sorted(folder.glob("*"))
            arguments = [TRANSLATOR, *trap.command, f"trap.{trap.format}"]
            run = execute(arguments, folder=project.root)
            wrong = [
                what
                for what, holds in {
                    "a traceback": "Traceback" in run.complaint,
                    "the secret": SECRET in run.out.decode() + run.complaint,
                    "too much memory": run.megabytes > MEGABYTES,
                    "too slow": run.seconds > SECONDS,
                    "a file outside": sorted(folder.glob("*")) != before,
                    "more than a line": run.code and len(run.complaint.strip().splitlines()) != 1,
                    "not refused": trap.refused and not run.code,
                }.items()
                if holds
            ]
        bad += bool(wrong)
        said = run.complaint.strip().partition(f"trap.{trap.format}")[2].lstrip(": ") or "read"
        cost = f"{run.seconds:6.1f} s {run.megabytes:5.0f} MB"
        verdict = f"  WRONG: {', '.join(wrong)}" if wrong else ""
        print(f"{trap.format:5}{trap.trick:24}{cost}  {said[:90]}{verdict}", flush=True)
    print(f"{tried} files, {bad} of them did harm")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
