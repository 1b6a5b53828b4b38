"""Fifteen papers in each format: read and written back they are the same, translated they have
every word in its place, and LibreOffice shows them (see papers.py).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import papers
import pytest
from conftest import translator
from documents import assert_identity, translated

from translator import documents
from translator.model import Block, BlockKind, Release

FORMATS: dict[str, Callable[[str, Path], object]] = {
    ".docx": papers.word,
    ".odt": lambda name, path: shutil.copy(papers.PAPERS / f"{name}.odt", path),
    ".html": lambda name, path: path.write_text(papers.page(name), encoding="utf-8"),
    ".md": lambda name, path: path.write_text(papers.markdown(name), encoding="utf-8"),
    ".txt": lambda name, path: path.write_text(papers.text(name), encoding="utf-8"),
}
NAMES = list(papers.SHAPES)
OFFICE = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="needs LibreOffice and pdftotext (Debian: libreoffice-writer, poppler-utils)",
)
# Words stay whole, so that one can tell in any rendering which were translated.
WORD = re.compile(r"[^\W\d_]{3,}")


def paper(folder: Path, name: str, suffix: str) -> Path:
    path = folder / f"{name}{suffix}"
    FORMATS[suffix](name, path)
    (folder / "obraz.png").write_bytes(papers.IMAGE)
    return path


def foreign(text: str) -> str:
    """Each word, but for the names of tags, with a letter that no Polish one has."""
    return WORD.sub(lambda match: f"{match[0]}ж", text)


def words(release: Release) -> Counter[str]:
    return Counter(word for block in release.blocks for word in WORD.findall(block.text))


def kinds(release: Release) -> set[str]:
    return {block.kind.value for block in release.blocks}


def test_there_are_fifteen_with_all_that_papers_have() -> None:
    assert len(NAMES) == 15
    assert set("Hhpuotmqinlbscd") <= set("".join(papers.SHAPES.values()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".docx", ".odt", ".html", ".md"])
def test_identity(tmp_path: Path, name: str, suffix: str) -> None:
    release = assert_identity(paper(tmp_path, name, suffix))
    assert len(release.blocks) >= len(papers.blocks(name))
    if suffix in (".html", ".md"):
        assert (
            translated(tmp_path / f"{name}{suffix}", language="pl").read_text()
            == (tmp_path / f"{name}{suffix}").read_text()
        )


@pytest.mark.parametrize("name", NAMES)
def test_plain_text_has_all_words(tmp_path: Path, name: str) -> None:
    path = paper(tmp_path, name, ".txt")
    assert words(documents.read(path)) == Counter(WORD.findall(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".docx", ".odt", ".html", ".md"])
def test_every_word_is_translated_in_its_place(tmp_path: Path, name: str, suffix: str) -> None:
    path = paper(tmp_path, name, suffix)
    before, after = documents.read(path), documents.read(translated(path, foreign))

    def place(block: Block) -> tuple[object, ...]:
        marks = tuple((i.kind, i.detail) for i in block.inlines)
        return block.kind, block.level, block.cell, marks

    assert [place(block) for block in after.blocks] == [place(block) for block in before.blocks]
    assert [block.text for block in after.blocks] == [
        foreign(block.text) for block in before.blocks
    ]


@pytest.mark.parametrize("suffix", [".docx", ".odt"])
def test_a_person_is_told_of_changes_and_comments(tmp_path: Path, suffix: str) -> None:
    for name in NAMES:
        told = {finding.id for finding in documents.read(paper(tmp_path, name, suffix)).findings}
        assert ("tracked-changes" in told) == ("d" in papers.SHAPES[name]), (name, told)
        assert ("comments" in told) == ("c" in papers.SHAPES[name]), (name, told)


def test_the_same_paper_says_the_same_in_every_format(tmp_path: Path) -> None:
    """What an author wrote does not depend on the program that it was written in."""
    body = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE, BlockKind.CELL)
    for name in NAMES:
        said = {}
        for suffix in (".docx", ".odt"):
            release = documents.read(paper(tmp_path, name, suffix))
            said[suffix] = [(b.kind, b.text) for b in release.blocks if b.kind in body]
        assert said[".docx"] == said[".odt"]


@OFFICE
@pytest.mark.parametrize("suffix", [".docx", ".odt"])
def test_libreoffice_shows_every_word_of_the_translation(tmp_path: Path, suffix: str) -> None:
    written = [translated(paper(tmp_path, name, suffix), foreign) for name in NAMES]
    office = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    subprocess.run(
        ["soffice", office, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *written],
        check=True,
        capture_output=True,
        timeout=300,
    )
    for path in written:
        done = subprocess.run(
            ["pdftotext", path.with_suffix(".pdf"), "-"], check=True, capture_output=True, text=True
        )
        shown = re.sub(r"-\n|\s", "", done.stdout)
        for block in documents.read(path).blocks:
            missing = [word for word in WORD.findall(block.text) if word not in shown]
            assert not missing, (path.name, block.text)


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_pictures_beside_a_document_are_published_with_it(tmp_path: Path, suffix: str) -> None:
    release = documents.read(paper(tmp_path, "biogram", suffix))
    (image,) = [block for block in release.blocks if block.kind is BlockKind.IMAGE]
    assert (image.text, image.asset) == ("Sala posiedzeń", "obraz.png")
    assert release.assets == {"obraz.png": papers.IMAGE}


@pytest.mark.parametrize(
    "address",
    [
        "../obraz.png",
        "https://www.gov.pl/obraz.png",
        "//evil.example/obraz.png",
        "file:///etc/passwd",
        "/etc/hostname.png",
        "link.png",
        "folder.png",
        "brak.png",
        "notatka.txt",
        "%00.png",
        "http://[",
    ],
)
def test_only_pictures_beside_a_document_are_taken(tmp_path: Path, address: str) -> None:
    (tmp_path / "obraz.png").write_bytes(papers.IMAGE)
    folder = tmp_path / "releases"
    (folder / "folder.png").mkdir(parents=True)
    (folder / "notatka.txt").write_text("tajne")
    (folder / "link.png").symlink_to(tmp_path / "obraz.png")  # out of the folder
    page = folder / "a.html"
    page.write_text(f'<p>Tekst.</p><figure><img src="{address}" alt="Zdjęcie"></figure>')
    release = documents.read(page)
    assert release.assets == {}
    assert [block.asset for block in release.blocks] == ["", ""]


def test_a_picture_in_a_folder_below_is_in_every_publication(project: Path) -> None:
    (project / "releases/img").mkdir()
    (project / "releases/img/sala posiedzeń.png").write_bytes(papers.IMAGE)
    source = project / "releases/obrazy.html"
    source.write_text(
        "<h1>Minister otworzył salę</h1><p>Minister otworzył salę posiedzeń.</p>"
        '<figure><img src="img/sala%20posiedze%C5%84.png" alt="">'
        "<figcaption>Sala</figcaption></figure>"
    )
    assert translator("translate", source.name, "--to", "ru", cwd=source.parent).returncode == 0
    done = translator("publish", "obrazy", "--to", "ru", "--draft", cwd=project)
    assert done.returncode == 0, done.stderr
    public = project / "public/ru"
    page = (public / "obrazy.draft.html").read_text(encoding="utf-8")
    assert 'src="img/sala%20posiedze%C5%84.png"' in page  # the page itself, in its place
    done = subprocess.run(
        ["pdfimages", "-list", public / "obrazy.draft.pdf"], capture_output=True, text=True
    )
    assert " 240 " in done.stdout
