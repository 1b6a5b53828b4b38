"""Folders of releases: mirrored catalogs, unchanged documents skipped, folders watched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest
from conftest import SAMPLE, translator
from lxml import html
from rich_release import rich

from translator import batch, settings
from translator.catalogs import Catalog, is_complete
from translator.errors import TranslatorError
from translator.project import release_name
from translator.publishing.site import Entry, Site, build

FIRST = "Wizyta ministra w Astanie\n\nMinister przybył do Astany.\n"
SECOND = "Rozmowy w Warszawie\n\nOmówiono handel i kulturę.\n"


@pytest.fixture
def years(project: Path) -> Path:
    """A project with releases in folders, two of the same name, and what lies about in folders."""
    releases = project / "releases"
    (releases / f"{SAMPLE}.txt").unlink()
    for name, text in {
        "2025/wizyta.txt": SECOND,
        "2026/11/wizyta.txt": FIRST,
        "uwagi.xyz": "Nic.",
        ".kosz/stare.txt": "Nic.",
        "2026/~$wizyta.txt": "Nic.",
        "2026/zdjęcie.jpg": "Nic.",
    }.items():
        path = releases / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return project


def test_a_folder_is_its_readable_documents_in_order(years: Path) -> None:
    found = batch.documents_in(years / "releases")
    names = [path.relative_to(years / "releases").as_posix() for path in found]
    assert names == ["2025/wizyta.txt", "2026/11/wizyta.txt"]
    again = batch.expand([years / "releases", years / "releases/2025", years / "releases/brak.txt"])
    assert again == [*found, years / "releases/brak.txt"]


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TranslatorError, match=r"has no document that can be read \(.*\.txt"):
        batch.expand([tmp_path])


def test_names_mirror_folders(years: Path, tmp_path: Path) -> None:
    project = settings.load(years)
    source = years / "releases/2026/11/wizyta.txt"
    name = project.release_of(source)
    assert name == "2026/11/wizyta"
    catalog = project.catalog(name, "ru")
    assert catalog == years / "locales/ru/2026/11/wizyta.po"
    assert project.named(catalog) == (name, "ru")
    assert project.release_of(tmp_path / "inne/wizyta.txt") == "wizyta"
    catalog.parent.mkdir(parents=True)
    catalog.touch()
    for given in (name, str(source), f"{years}/releases/{name}", str(catalog)):
        assert release_name(project, given) == name
    linked = tmp_path / "link"
    linked.symlink_to(years)
    assert project.release_of(linked / "releases/2025/wizyta.txt") == "2025/wizyta"


def test_a_folder_from_draft_to_publication(years: Path) -> None:
    run = ("translate", "releases", "--to", "en")
    done = translator(*run, cwd=years)
    catalogs = ["locales/en/2025/wizyta.po", "locales/en/2026/11/wizyta.po"]
    assert (done.returncode, done.stdout.split()) == (0, catalogs), done.stderr

    before = {name: (years / name).read_bytes() for name in catalogs}
    again = translator(*run, cwd=years)
    assert (again.returncode, again.stdout) == (0, "")
    assert "unchanged: 2 of 2 documents" in again.stderr

    changed = years / "releases/2025/wizyta.txt"
    changed.write_text(SECOND + "\nPodpisano umowę.\n", encoding="utf-8")
    (years / "releases/2026/zła.docx").write_bytes(b"PK\x03\x04 to nie jest dokument")
    (years / "releases/2025/wizyta.docx").write_bytes(b"")
    third = translator(*run, cwd=years)
    assert third.returncode == 2
    assert third.stdout.split() == [catalogs[0]]
    assert "unchanged: 1 of 4 documents" in third.stderr
    assert "left out: releases/2026/zła.docx: is damaged" in third.stderr
    assert third.stderr.endswith("translator: documents left out: 2, see above\n")
    assert "Traceback" not in third.stderr
    assert (years / catalogs[0]).read_bytes() != before[catalogs[0]]
    assert (years / catalogs[1]).read_bytes() == before[catalogs[1]]

    approved = translator("approve", catalogs[1], "--to", "en", cwd=years)
    assert approved.returncode == 0, approved.stderr
    published = translator("publish", "2026/11/wizyta", "--to", "en", "-f", "html", cwd=years)
    assert published.stdout.split() == ["public/en/2026/11/wizyta.html"], published.stderr
    status = translator("status", "--to", "en", cwd=years)
    assert [line.split("\t")[:2] for line in status.stdout.splitlines()[1:]] == [
        ["2025/wizyta", "en"],
        ["2026/11/wizyta", "en"],
    ]
    exported = translator("exchange", "export", "2026/11/wizyta", "--to", "en", cwd=years)
    assert exported.returncode == 0, exported.stderr
    brought = translator("exchange", "import", exported.stdout.strip(), cwd=years)
    assert brought.returncode == 0, brought.stderr
    site = translator("site", cwd=years)
    assert "public/site/en/2026/11/wizyta.html" in site.stdout, site.stderr


def test_namesakes_in_one_folder_are_told(years: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Inny dokument tej samej nazwy.")
    document.save(str(years / "releases/2025/wizyta.docx"))
    done = translator("translate", "releases", "--to", "en", cwd=years)
    assert done.returncode == 2
    assert "has the same name as releases/2025/wizyta.docx, so they share catalogs" in done.stderr
    assert len(done.stdout.split()) == 2


def test_what_is_named_itself_is_read_again(drafted: Path) -> None:
    done = translator("translate", f"releases/{SAMPLE}.txt", "--to", "ru", cwd=drafted)
    assert done.stdout.split() == [f"locales/ru/{SAMPLE}.po"]


def test_when_a_catalog_is_complete(drafted: Path) -> None:
    path = drafted / f"locales/ru/{SAMPLE}.po"
    catalog = Catalog.read(path)
    this = {"source_file": catalog.source_file, "sha256": catalog.source_sha256}
    assert is_complete(path, **this)
    assert is_complete(path, **this, date=date(2021, 12, 8))
    assert not is_complete(path, **this, date=date(2021, 12, 9))
    assert not is_complete(path, source_file=this["source_file"], sha256="0" * 64)
    assert not is_complete(path, source_file="releases/inny.txt", sha256=this["sha256"])
    assert not is_complete(path.with_name("brak.po"), **this)
    content = path.read_text(encoding="utf-8")
    target = catalog.units[2].target
    path.write_text(content.replace(f'msgstr "{target}"', f'msgstr ""\n"{target}"'), "utf-8")
    assert [u.target for u in Catalog.read(path).units] == [u.target for u in catalog.units]
    assert is_complete(path, **this), "a translation on a line of its own is one"
    path.write_text(content.replace(f'msgstr "{target}"', 'msgstr ""'), "utf-8")
    assert Catalog.read(path).units[2].target == ""
    assert not is_complete(path, **this)


def test_a_watched_folder_gives_what_is_added_once_it_is_whole(tmp_path: Path) -> None:
    there = tmp_path / "stary.txt"
    there.write_text("Stary.", encoding="utf-8")
    watched = batch.watch([tmp_path], interval=0.1)
    assert next(watched) == [there]
    new = tmp_path / "2026" / "nowy.txt"

    def write_slowly() -> None:
        new.parent.mkdir()
        with new.open("w", encoding="utf-8") as file:
            for _ in range(12):
                file.write("Zdanie. ")
                file.flush()
                time.sleep(0.03)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert next(watched) == [new]
    assert new.read_text(encoding="utf-8") == "Zdanie. " * 12
    writer.join()
    there.write_text("Zmieniony.", encoding="utf-8")
    assert next(watched) == [there]


def test_watching_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TranslatorError, match="does not exist"):
        next(batch.watch([tmp_path / "brak"]))


def test_watch_ends_cleanly(years: Path) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from translator.cli import main; main()"),
            *("translate", "releases", "--to", "en", "--watch"),
        ],
        cwd=years,
        env={**os.environ, "HOME": str(years)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        seen = [process.stdout.readline().strip() for _ in range(2)]
        assert sorted(seen) == ["locales/en/2025/wizyta.po", "locales/en/2026/11/wizyta.po"]
        (years / "releases/nowa.txt").write_text(FIRST, encoding="utf-8")
        assert process.stdout.readline() == "locales/en/nowa.po\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    assert errors.endswith("stopped watching\n")
    assert "Traceback" not in errors


def test_standard_input_cannot_be_watched(years: Path) -> None:
    done = translator("translate", "-", "--watch", cwd=years)
    assert done.returncode == 2
    assert "goes alone, without files" in done.stderr


def test_the_site_finds_its_way_out_of_folders() -> None:
    entries = [
        Entry(replace(rich(language), release_name="2026/11/wizyta")) for language in ("en", "ru")
    ]
    files = build(Site(names={"": "MSZ"}), entries)
    assert "en/2026/11/wizyta.html" in files
    links = 0
    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        for _, _, link, _ in html.document_fromstring(content.decode()).iterlinks():
            if "://" in link or link.startswith(("#", "mailto:", "data:")):
                continue
            target = os.path.normpath(PurePosixPath(name).parent / unquote(link.partition("#")[0]))
            assert target in files, f"{name}: {link}"
            links += 1
    assert links > 20
