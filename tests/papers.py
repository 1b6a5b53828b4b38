"""Fifteen papers of a ministry, each in five formats: what the readers and writers are tried on.

    python tests/papers.py      # writes tests/data/papers/*.odt anew, by LibreOffice

A paper is a list of blocks with words of the corpus. Word files are made by python-docx, with what
it lacks as XML (footnotes, tracked changes); the OpenDocument texts are what LibreOffice saves of
them, and lie in tests/data/papers; HTML, Markdown and plain text are written here.
"""

from __future__ import annotations

import html
import io
import random
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich_release import png

ROOT = Path(__file__).parent.parent
PAPERS = ROOT / "tests/data/papers"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

# The shape of each: H title, h heading, p paragraphs, u and o lists (2: a nested one), t table with
# so many rows, m one with merged cells, q quotation, i image with a caption, n paragraph with a
# footnote, l one with a link, b one with a line break, s signature; in Word c has a comment and
# d tracked changes.
SHAPES = {
    "komunikat": "H p2 l p2 q s",
    "program-wizyty": "H p t6 h p t5 s",
    "sprawozdanie": "H h p3 n2 t4 h p2 n u4 i s",
    "oswiadczenie": "H p4 q p s",
    "notatka": "H p c2 d2 p u3 d s",
    "protokol": "H p o3 o2 p d3 c t3 s",
    "zaproszenie": "H b2 p2 l b s",
    "poradnik": "H h p u2 h o4 h p2 u l2 i p",
    "przemowienie": "H p6 b2 q p3 s",
    "wywiad": "H p q p q p q p q n",
    "biogram": "H i p3 t4 n2 u",
    "kalendarium": "H t8 p m p s",
    "raport": "H h p2 n h p2 m i h o2 p h u2 t4 n p s",
    "list": "b H p3 n d p2 b s",
    "ogloszenie": "H p u2 o m p l c s",
}
IMAGE = png(240, 120)


@dataclass(frozen=True)
class Block:
    """A block of a paper. `texts` are its paragraphs, items (level, text) or rows of cells."""

    kind: str
    texts: list[Any]


def blocks(name: str) -> list[Block]:
    """The blocks of a paper, the same each time."""
    draw = random.Random(name)
    files = sorted((ROOT / "corpus").glob("releases[5-8]-*.tsv"))
    lines = draw.choice(files).read_text(encoding="utf-8").splitlines()
    lines += draw.choice(files).read_text(encoding="utf-8").splitlines()
    sentences = [line.split("\t")[0] for line in lines]
    draw.shuffle(sentences)
    rest: Iterator[str] = iter(sentences)

    def short(words: int) -> str:
        return " ".join(next(rest).rstrip(".!?:").split()[:words])

    found = []
    for kind, count in re.findall(r"([A-Za-z])(\d*)", SHAPES[name]):
        number = int(count or 1)
        if kind in "uo":
            nested = [(1, next(rest)), (2, short(6)), (2, short(5)), (1, next(rest))]
            items = [(1, next(rest)) for _ in range(3)] if number == 1 else nested
            found.append(Block(kind, items if number < 3 else nested + items))
            continue
        if kind == "t":
            rows = [["Godzina", "Miejsce", "Liczba"]]
            rows += [[f"{9 + n}.30", short(4), f"{draw.randrange(10, 999)}"] for n in range(number)]
            found.append(Block(kind, rows))
            continue
        if kind == "m":
            found.append(
                Block(kind, [["Dział", "Zadania", "Termin"], [short(3), short(5), "2026"]])
            )
            continue
        for _ in range(number):
            texts = [next(rest), next(rest)] if kind in "pblnqcd" else [short(8)]
            if kind == "s":
                texts = ["Biuro Rzecznika Prasowego", "Ministerstwo Spraw Zagranicznych"]
            found.append(Block(kind, texts))
    return found


def _marked(text: str, name: str) -> list[tuple[str, str]]:
    """The text in parts (look, text): now and then a word or two bold or italic."""
    draw = random.Random(name + text)
    words = text.split(" ")
    parts: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        plain = draw.randrange(3, 14)
        parts.append(("", " ".join(words[at : at + plain]) + " "))
        at += plain
        if at < len(words):
            size = draw.choice((1, 1, 2))
            look = draw.choice(("bold", "italic", "bold"))
            parts.append((look, " ".join(words[at : at + size])))
            parts.append(("", " "))
            at += size
    joined = [(look, part) for look, part in parts if part]
    return [*joined[:-1], (joined[-1][0], joined[-1][1].rstrip())]


# --- Word


def word(name: str, path: Path) -> Path:
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    document = docx.Document()
    notes: list[str] = []
    section = document.sections[0]
    section.header.paragraphs[0].text = "Ministerstwo Spraw Zagranicznych RP"
    section.footer.paragraphs[0].text = "al. J. Ch. Szucha 23, Warszawa"

    def write(paragraph: Any, text: str) -> Any:
        for look, part in _marked(text, name):
            added = paragraph.add_run(part)
            added.bold, added.italic = look == "bold" or None, look == "italic" or None
        return paragraph

    for block in blocks(name):
        match block.kind:
            case "H":
                document.add_heading(block.texts[0], 0)
            case "h":
                document.add_heading(block.texts[0], 1)
            case "u" | "o":
                style = "List Bullet" if block.kind == "u" else "List Number"
                for level, text in block.texts:
                    named = style if level == 1 else f"{style} {level}"
                    write(document.add_paragraph(style=named), text)
            case "t" | "m":
                rows = block.texts
                table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
                for row, cells in enumerate(rows):
                    for column, text in enumerate(cells):
                        table.cell(row, column).text = text
                if block.kind == "m":
                    merged = table.cell(1, 0).merge(table.cell(1, 1))
                    merged.text = rows[1][0]
            case "i":
                document.add_picture(io.BytesIO(IMAGE))
                document.add_paragraph(block.texts[0], style="Caption")
            case "q":
                write(document.add_paragraph(style="Quote"), " ".join(block.texts))
            case "s":
                for text in block.texts:
                    document.add_paragraph(text)
            case kind:
                first, second = block.texts
                paragraph = write(document.add_paragraph(), first)
                if kind == "b":
                    paragraph.add_run().add_break()
                else:
                    paragraph.add_run(" ")
                if kind == "l":
                    address = document.part.relate_to(
                        "https://www.gov.pl/dyplomacja",
                        RELATIONSHIP_TYPE.HYPERLINK,
                        is_external=True,
                    )
                    paragraph._p.append(parse_xml(
                        f'<w:hyperlink xmlns:w="{WORD}" xmlns:r="http://schemas.openxmlformats.org/'
                        f'officeDocument/2006/relationships" r:id="{address}"><w:r><w:t>gov.pl/'
                        "dyplomacja</w:t></w:r></w:hyperlink>"
                    ))  # fmt: skip
                    paragraph.add_run(" ")
                if kind == "d":
                    for tag, text in (("del", "dawniej "), ("ins", "obecnie ")):
                        held = "delText" if tag == "del" else "t"
                        paragraph._p.append(parse_xml(
                            f'<w:{tag} xmlns:w="{WORD}" w:id="{len(paragraph._p)}" w:author="Jan" '
                            f'w:date="2026-11-25T08:00:00Z"><w:r><w:{held} xml:space="preserve">'
                            f"{text}</w:{held}></w:r></w:{tag}>"
                        ))  # fmt: skip
                written = write(paragraph, second)
                if kind == "c":
                    document.add_comment(written.runs[0], "Czy to na pewno prawda?", author="Ewa")
                if kind == "n":
                    notes.append(f"Przypis numer {len(notes) + 1} do tekstu dokumentu.")
                    written._p.append(parse_xml(
                        f'<w:r xmlns:w="{WORD}"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                        f'<w:footnoteReference w:id="{len(notes)}"/></w:r>'
                    ))  # fmt: skip
    if notes:
        content = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r>'
            f'<w:t xml:space="preserve"> {note}</w:t></w:r></w:p></w:footnote>'
            for number, note in enumerate(notes, 1)
        )
        part = Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            f'<w:footnotes xmlns:w="{WORD}">{content}</w:footnotes>'.encode(),
            document.part.package,
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(str(path))
    return path


# --- text, Markdown, HTML


def _looked(text: str, name: str, wrap: Callable[[str, str], str], escape: Callable) -> str:
    return "".join(
        wrap(look, escape(part)) if look else escape(part) for look, part in _marked(text, name)
    )


def markdown(name: str) -> str:
    """With front matter, footnotes, tables, nested lists."""
    lines, notes = [], []

    def looked(text: str) -> str:
        return _looked(
            text,
            name,
            lambda look, part: f"**{part}**" if look == "bold" else f"*{part}*",
            lambda part: re.sub(r"([*_`\[\]<>#|])", r"\\\1", part),
        )

    for block in blocks(name):
        match block.kind:
            case "H" | "h":
                lines.append(f"{'#' if block.kind == 'H' else '##'} {block.texts[0]}")
            case "u" | "o":
                mark = "-" if block.kind == "u" else "1."
                lines.append("\n".join(
                    f"{'   ' * (level - 1)}{mark} {looked(text)}" for level, text in block.texts
                ))  # fmt: skip
            case "t" | "m":
                head, *rows = [f"| {' | '.join(cells)} |" for cells in block.texts]
                lines.append("\n".join([head, "| --- | --- | ---: |", *rows]))
            case "i":
                lines += ["![Sala posiedzeń](obraz.png)", f"*{block.texts[0]}*"]
            case "q":
                lines.append("> " + looked(" ".join(block.texts)))
            case "s":
                lines.append("\\\n".join(block.texts))
            case kind:
                first, second = map(looked, block.texts)
                between = {"b": "\\\n", "l": " [gov.pl](https://www.gov.pl/dyplomacja) "}
                end = ""
                if kind == "n":
                    notes.append(f"Przypis numer {len(notes) + 1} do tekstu dokumentu.")
                    end = f"[^{len(notes)}]"
                lines.append(f"{first}{between.get(kind, ' ')}{second}{end}")
    lines += [f"[^{number}]: {note}" for number, note in enumerate(notes, 1)]
    front = f'---\ntitle: "{name}"\ndate: 2026-11-25\n---\n\n'
    return front + "\n\n".join(lines) + "\n"


def page(name: str) -> str:
    """An article as a ministry's content management writes it, with navigation around."""
    parts = []

    def looked(text: str) -> str:
        return _looked(
            text,
            name,
            lambda look, part: f"<strong>{part}</strong>" if look == "bold" else f"<em>{part}</em>",
            lambda part: html.escape(part, quote=False),
        )

    for block in blocks(name):
        match block.kind:
            case "H" | "h":
                tag = "h1" if block.kind == "H" else "h2"
                parts.append(f"<{tag}>{html.escape(block.texts[0], quote=False)}</{tag}>")
            case "u" | "o":
                tag = "ul" if block.kind == "u" else "ol"
                items, above = "", 1
                for level, text in block.texts:
                    between = {(1, 2): f"<{tag}>", (2, 1): f"</li></{tag}></li>"}
                    items += between.get((above, level), "</li>" if items else "")
                    items += f"<li>{looked(text)}"
                    above = level
                items += "</li>"
                parts.append(f"<{tag}>\n{items}\n</{tag}>")
            case "t" | "m":
                head, *rows = block.texts
                cells = "".join(f"<th>{text}</th>" for text in head)
                body = "".join(
                    "<tr>"
                    + "".join(f"<td>{html.escape(t, quote=False)}</td>" for t in row)
                    + "</tr>"
                    for row in rows
                )
                parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
            case "i":
                caption = html.escape(block.texts[0], quote=False)
                parts.append(
                    '<figure><img src="obraz.png" alt="Sala posiedzeń">'
                    f"<figcaption>{caption}</figcaption></figure>"
                )
            case "q":
                parts.append(f"<blockquote><p>{looked(' '.join(block.texts))}</p></blockquote>")
            case "s":
                parts.append(f"<p>{'<br>'.join(block.texts)}</p>")
            case kind:
                first, second = map(looked, block.texts)
                between = {
                    "b": "<br>",
                    "l": ' <a href="https://www.gov.pl/dyplomacja">gov.pl</a> ',
                }
                parts.append(f"<p>{first}{between.get(kind, ' ')}{second}</p>")
    title = html.escape(blocks(name)[0].texts[0], quote=False)
    return f"""<!DOCTYPE html>
<html lang="pl">
<head>
<meta charset="utf-8">
<title>{title} - Gov.pl</title>
<style>p {{ margin: 0 }}</style>
</head>
<body>
<nav><ul><li><a href="/">Strona główna</a></li></ul></nav>
<main>
<article>
{chr(10).join(parts)}
</article>
</main>
<footer><p>© MSZ</p></footer>
</body>
</html>
"""


def text(name: str) -> str:
    """Plain text, as one writes it in a mail."""
    lines = []
    for block in blocks(name):
        match block.kind:
            case "u" | "o":
                lines.append("\n".join(
                    f"{'  ' * (level - 1)}- {item}" for level, item in block.texts
                ))  # fmt: skip
            case "t" | "m":
                lines += [" – ".join(cells) for cells in block.texts]
            case "s" | "b":
                lines.append("\n".join(block.texts))
            case _:
                lines.append(" ".join(block.texts))
    return "\n\n".join(lines) + "\n"


def opendocument(folder: Path) -> list[Path]:
    """The papers as LibreOffice saves them, in `folder`."""
    with tempfile.TemporaryDirectory() as place:
        sources = [word(name, Path(place) / f"{name}.docx") for name in SHAPES]
        office = f"-env:UserInstallation={(Path(place) / 'office').as_uri()}"
        subprocess.run(
            ["soffice", office, "--headless", "--convert-to", "odt", "--outdir", folder, *sources],
            check=True,
            capture_output=True,
            timeout=300,
        )
    written = [folder / f"{name}.odt" for name in SHAPES]
    for path in written:
        _without_picture_of_itself(path)
    return written


def _without_picture_of_itself(path: Path) -> None:
    """LibreOffice puts one in that is larger than all the rest."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.startswith("Thumbnails/"):
                continue
            if entry.filename == "META-INF/manifest.xml":
                content = re.sub(rb"<manifest:file-entry[^>]*Thumbnails[^>]*/>", b"", content)
            new.writestr(entry, content, entry.compress_type)


if __name__ == "__main__":
    PAPERS.mkdir(exist_ok=True)
    print(*opendocument(PAPERS), sep="\n")
