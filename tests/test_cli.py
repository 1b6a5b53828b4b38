"""The commands as a user runs them: each in a process of its own, on the sample release."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, VERSION, translator

from translator.catalogs import Catalog, State

LANGUAGES = ("en", "ru", "kk")
SOURCE = f"releases/{SAMPLE}.txt"
COMMANDS = [
    ["init"],
    ["translate"],
    ["segment"],
    ["status"],
    ["check"],
    ["approve"],
    ["publish"],
    ["pdf"],
    ["report"],
    ["doctor"],
    ["packages", "list"],
    ["packages", "info"],
    ["packages", "install"],
    ["packages", "remove"],
    ["packages", "export"],
    ["packages", "verify"],
    ["packages", "import-opus"],
    ["glossary", "check"],
    ["glossary", "find"],
    ["glossary", "explain"],
    ["glossary", "import"],
    ["glossary", "export"],
    ["glossary", "suggest"],
    ["memory", "import"],
    ["memory", "export"],
    ["memory", "search"],
    ["memory", "stats"],
    ["exchange", "export"],
    ["exchange", "import"],
]
needs_gettext = pytest.mark.skipif(
    shutil.which("msgfmt") is None, reason="gettext is not installed"
)


def catalog(project: Path, language: str) -> Path:
    return project / "locales" / language / f"{SAMPLE}.po"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def review(project: Path, language: str) -> None:
    """Put the human translation of the sample into its catalog and clear the fuzzy flags."""
    lines = (ROOT / f"tests/data/review/{language}.tsv").read_text(encoding="utf-8").splitlines()
    human = dict(line.split("\t") for line in lines)
    path = catalog(project, language)
    entries = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    for at, entry in enumerate(entries[1:], 1):
        source = re.search('^msgid "(.*)"$', entry, re.M)[1].replace('\\"', '"')
        target = human[source].replace('"', '\\"')
        entry = re.sub('^msgstr ".*"$', lambda _, t=target: f'msgstr "{t}"', entry, flags=re.M)
        entries[at] = entry.replace("\n#, fuzzy", "")
    path.write_text("\n\n".join(entries) + "\n", encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str], tmp_path: Path) -> None:
    done = translator(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert re.search(r"Examples?:", done.stdout)
    assert "translator " + " ".join(command) in done.stdout


def test_init_leaves_what_is_there(project: Path) -> None:
    glossary = project / "glossaries/people.csv"
    glossary.write_text("pl,en\nAnna Nowak,Anna Nowak\n", encoding="utf-8")
    before = files_of(project)
    assert translator("init", cwd=project).returncode == 0
    assert files_of(project) == before


@needs_gettext
def test_translate_writes_catalogs_that_gettext_accepts(drafted: Path) -> None:
    for language in LANGUAGES:
        units = Catalog.read(catalog(drafted, language)).units
        assert len(units) == 16
        assert {unit.state for unit in units} <= {State.DRAFT, State.UNTRANSLATED}
        done = subprocess.run(
            ["msgfmt", "--check", "-o", os.devnull, catalog(drafted, language)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_translating_again_changes_no_byte(drafted: Path) -> None:
    before = files_of(drafted)
    done = translator("translate", SOURCE, "--date", "2021-12-08", cwd=drafted)
    assert done.returncode == 0
    unfinished = any(
        unit.state is State.UNTRANSLATED
        for language in LANGUAGES
        for unit in Catalog.read(catalog(drafted, language)).units
    )
    if not unfinished:
        assert files_of(drafted) == before


def test_a_changed_source_keeps_what_was_reviewed(drafted: Path) -> None:
    review(drafted, "ru")
    before = {unit.source: unit.target for unit in Catalog.read(catalog(drafted, "ru")).units}
    source = drafted / SOURCE
    text = source.read_text(encoding="utf-8")
    text = text.replace("o 53,9%", "o 54,1%").replace("Biuro Rzecznika Prasowego\n", "")
    source.write_text(text, encoding="utf-8")
    assert translator("translate", SOURCE, "--to", "ru", cwd=drafted).returncode == 0
    after = {unit.source: unit for unit in Catalog.read(catalog(drafted, "ru")).units}
    (changed,) = [unit for text, unit in after.items() if text not in before]
    assert changed.state is State.EDITED
    assert "53,9%" in changed.previous
    assert changed.target == before[changed.previous]
    for text, unit in after.items():
        if text in before:
            assert (unit.target, unit.state) == (before[text], State.APPROVED)
    assert '#~ msgid "Biuro Rzecznika Prasowego"' in catalog(drafted, "ru").read_text("utf-8")


def test_the_filter_gives_a_line_for_a_line_and_writes_nothing(tmp_path: Path) -> None:
    lines = "Konsultacje polityczne Polski i Kazachstanu\n\nUmowa weszła w życie 1 maja 2021 r.\n"
    done = translator("translate", "-", "--to", "ru", cwd=tmp_path, stdin=lines)
    assert done.returncode == 0, done.stderr
    out = done.stdout.split("\n")
    assert len(out) == 4
    assert out[1] == out[3] == ""
    assert "Казахстан" in out[0]
    assert not files_of(tmp_path)


def test_segment_prints_one_a_line(project: Path) -> None:
    done = translator("segment", SOURCE, cwd=project)
    lines = done.stdout.splitlines()
    assert len(lines) == 17
    assert lines[-2:] == ["Biuro Rzecznika Prasowego", "Ministerstwo Spraw Zagranicznych"]
    as_json = json.loads(translator("segment", SOURCE, "--json", cwd=project).stdout)
    assert [row["text"] for row in as_json] == lines
    stdin = (project / SOURCE).read_bytes()
    assert (
        translator("segment", "-", cwd=project, stdin=stdin).stdout.splitlines()[2:4] == lines[2:4]
    )


def test_status_counts(drafts: Path) -> None:
    review(drafts, "kk")
    path = catalog(drafts, "ru")
    text = path.read_text(encoding="utf-8")
    text = text.replace(f"origin: machine pl→ru {VERSION}", "origin: memory 93%, adapted", 3)
    text = re.sub('(msgid "Biuro.*\nmsgstr ").*"', r'\1Бюро"', text)  # edited, still fuzzy
    path.write_text(re.sub('(msgid "Ministerstwo.*\nmsgstr ").*"', r'\1"', text), encoding="utf-8")
    rows = json.loads(translator("status", "--json", "--findings", cwd=drafts).stdout)
    by_language = {row["language"]: row for row in rows}
    kazakh, russian = by_language["kk"], by_language["ru"]
    assert (kazakh["approved"], kazakh["words_left"], kazakh["errors"]) == (16, 0, 0)
    states = ["untranslated", "machine", "memory", "edited", "approved"]
    assert [russian[state] for state in states] == [1, 11, 3, 1, 0]
    assert russian["words_left"] == russian["words"] > 250
    found = json.loads(translator("check", "--to", "ru", "--json", cwd=drafts).stdout)
    for severity in ("error", "warning"):
        assert russian[f"{severity}s"] == sum(f["severity"] == severity for f in found) > 0
    table = translator("status", "--to", "ru", cwd=drafts).stdout.splitlines()
    assert table[0].split("\t") == [
        "release", "language", "entries", *states, "words left", "reviewer", "revised"
    ]  # fmt: skip
    assert table[1].split("\t")[2:8] == ["16", "1", "11", "3", "1", "0"]


def test_drafts_are_not_published_by_accident(drafted: Path) -> None:
    done = translator("publish", SAMPLE, cwd=drafted)
    assert done.returncode == 1
    assert "not published" in done.stderr
    assert f"locales/en/{SAMPLE}.po:" in done.stderr
    assert not (drafted / "public/en").exists()


def test_a_draft_publication_says_so_in_its_name_and_text(drafted: Path) -> None:
    done = translator("publish", SAMPLE, "--draft", "--format", "txt,html", cwd=drafted)
    assert done.returncode == 0, done.stderr
    paths = [drafted / line for line in done.stdout.split()]
    assert len(paths) == 6
    for path in paths:
        assert path.name.startswith(f"{SAMPLE}.draft.")
    assert "DRAFT" in (drafted / f"public/en/{SAMPLE}.draft.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_reviewed_release_passes_all_checks_and_is_published(
    drafted: Path, language: str
) -> None:
    review(drafted, language)
    done = translator("check", SAMPLE, "--to", language, "--json", cwd=drafted)
    errors = [finding for finding in json.loads(done.stdout) if finding["severity"] == "error"]
    assert (done.returncode, errors) == (0, [])
    done = translator("publish", SAMPLE, "--to", language, cwd=drafted)
    assert done.returncode == 0, done.stderr
    formats = {Path(line).suffix for line in done.stdout.split()}
    assert formats == {".txt", ".md", ".html", ".pdf"}


def test_what_was_published_drafts_the_next_release(drafted: Path) -> None:
    review(drafted, "kk")
    assert translator("publish", SAMPLE, "--to", "kk", "-f", "txt", cwd=drafted).returncode == 0
    text = (drafted / SOURCE).read_text(encoding="utf-8").replace("53,9%", "54,1%")
    (drafted / "releases/next.txt").write_text(text, encoding="utf-8")
    done = translator(
        "translate", "releases/next.txt", "--to", "kk", "--date", "2021-12-09", cwd=drafted
    )
    assert done.returncode == 0, done.stderr
    units = Catalog.read(drafted / "locales/kk/next.po").units
    before = {unit.source: unit.target for unit in Catalog.read(catalog(drafted, "kk")).units}
    assert {unit.state for unit in units} == {State.DRAFT}  # a person still has to look
    assert all(unit.origin.startswith("memory 1") for unit in units if unit.source in before)
    assert all(unit.target == before[unit.source] for unit in units if unit.source in before)
    (changed,) = [unit for unit in units if unit.source not in before]
    assert re.match(r"memory \d\d%", changed.origin)
    assert "54,1%" in changed.target


def test_approve_one_entry_and_then_all(drafted: Path) -> None:
    units = Catalog.read(catalog(drafted, "ru")).units
    line = str(units[1].line + 3)  # any line of the entry, as an editor shows it
    arguments = ("approve", SAMPLE, "--to", "ru", "--reviewer", "Anna Nowak")
    assert translator(*arguments, "--entry", line, cwd=drafted).returncode == 0
    states = [unit.state for unit in Catalog.read(catalog(drafted, "ru")).units]
    assert states.count(State.APPROVED) == 1
    assert states[1] is State.APPROVED
    assert translator(*arguments, cwd=drafted).returncode == 0
    after = Catalog.read(catalog(drafted, "ru"))
    assert {unit.state for unit in after.units} <= {State.APPROVED, State.UNTRANSLATED}
    assert after.reviewer == "Anna Nowak"


def test_check_finds_a_wrong_figure_and_a_wrong_title(drafted: Path) -> None:
    review(drafted, "ru")
    path = catalog(drafted, "ru")
    text = path.read_text(encoding="utf-8")
    wrong = re.sub("(msgstr .*)53,9", r"\g<1>59,3", text)
    wrong = re.sub("(msgstr .*)Верховного комиссара", r"\g<1>Высокого комиссара", wrong)
    path.write_text(wrong, encoding="utf-8")
    done = translator("check", "--to", "ru", cwd=drafted)
    assert done.returncode == 1
    errors = re.findall(r"^locales/ru/\S+\.po:(\d+): error: ([\w-]+)", done.stdout, re.M)
    lines = wrong.split("\n")
    found = {id: "\n".join(lines[int(line) :]).split("\n\n")[0] for line, id in errors}
    assert set(found) == {"number-differs", "term-missing"}
    assert "59,3" in found["number-differs"]
    assert "Высокого" in found["term-missing"]
    github = translator("check", "--to", "ru", "--format", "github", cwd=drafted)
    assert "::error file=locales/ru/" in github.stdout


def test_glossary_find_shows_what_an_inflected_term_requires(project: Path) -> None:
    text = "z Wysokim Komisarzem OBWE ds. Mniejszości Narodowych i z Marcinem Przydaczem"
    found = json.loads(translator("glossary", "find", text, "--json", cwd=project).stdout)
    assert found[0]["ru"] == "Верховный комиссар ОБСЕ по делам национальных меньшинств"
    assert found[0]["case"] == "ins"
    assert found[-1]["term"] == "Marcin Przydacz"


BAD_INPUT = {
    "missing file": (["translate", "releases/none.txt"], "none.txt", 2),
    "unknown language": (["translate", SOURCE, "--to", "xx1"], "xx1", 2),
    "the source language": (["translate", SOURCE, "--to", "pl"], "Polish", 2),
    "no package": (["translate", SOURCE, "--to", "de"], "translator packages install", 2),
    "empty file": (["translate", "releases/empty.txt"], "empty.txt", 2),
    "binary file": (["translate", "releases/binary.txt"], "binary.txt", 2),
    "a folder without documents": (["translate", "glossaries"], "has no document that can be", 2),
    "wrong date": (["translate", SOURCE, "--date", "8 grudnia"], "8 grudnia", 2),
    "filter with files": (["translate", "-", SOURCE, "--to", "ru"], "goes alone", 2),
    "filter without a language": (["translate", "-"], "--to", 2),
    "unknown release": (["publish", "none"], "translate it first", 2),
    "unknown format": (["publish", SAMPLE, "--format", "docx9"], "docx9", 2),
    "unknown check format": (["check", "--format", "yaml"], "yaml", 2),
    "unknown option": (["translate", SOURCE, "--nonsense"], "--nonsense", 2),
    "unknown package": (["packages", "info", "pl-xx"], "pl-xx", 2),
    "not a package": (["packages", "install", "releases/binary.txt"], "binary.txt", 2),
    "removing an embedded package": (["packages", "remove", "pl-kk"], "cannot be removed", 2),
}


@pytest.mark.parametrize("case", BAD_INPUT, ids=str)
def test_bad_input_ends_in_one_clear_line(drafted: Path, case: str) -> None:
    arguments, expected, code = BAD_INPUT[case]
    (drafted / "releases/empty.txt").write_bytes(b"")
    (drafted / "releases/binary.txt").write_bytes(bytes(range(256)) * 20)
    before = files_of(drafted)
    done = translator(*arguments, cwd=drafted)
    assert done.returncode == code
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert files_of(drafted) == before
    if not done.stderr.startswith("Usage:"):  # usage errors show the usage too
        assert len(done.stderr.strip().split("\n")) == 1


def break_po(project: Path) -> None:
    path = catalog(project, "ru")
    path.write_text(path.read_text("utf-8").replace('msgid "Biuro', "msgid Biuro"), "utf-8")


def exchange_po(project: Path) -> None:
    other = project / "releases/inny.txt"
    other.write_text("Inny tekst.\n", encoding="utf-8")
    shutil.copy(catalog(project, "ru"), project / "locales/ru/inny.po")


def break_glossary(project: Path) -> None:
    with (project / "glossaries/people.csv").open("a", encoding="utf-8") as file:
        file.write("Anna Nowak,Anna Nowak\n")


def double_glossary_row(project: Path) -> None:
    path = project / "glossaries/people.csv"
    path.write_text(
        path.read_text("utf-8") + path.read_text("utf-8").split("\n")[1] + "\n", "utf-8"
    )


def choose_missing_package(project: Path) -> None:
    text = '[machine.packages]\npl-ru = "translate-pl_ru-9_9"\n'
    (project / "translator.toml").write_text(text, encoding="utf-8")


def break_settings(project: Path) -> None:
    (project / "translator.toml").write_text("[project]\nlanguages = 5\n", encoding="utf-8")


BROKEN = {
    "broken PO": (break_po, SOURCE, rf"locales/ru/{SAMPLE}\.po:\d+: "),
    "the PO of another release": (
        exchange_po,
        "releases/inny.txt",
        r"inny\.po: .*of another|inny\.po",
    ),
    "a short glossary row": (break_glossary, SOURCE, r"people\.csv:\d+: "),
    "a glossary row twice": (double_glossary_row, SOURCE, r"people\.csv:\d+: .*already"),
    "a chosen package that is not there": (choose_missing_package, SOURCE, "translate-pl_ru-9_9"),
    "wrong settings": (break_settings, SOURCE, r"translator\.toml: .*languages"),
}


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_broken_project_file_is_named_and_nothing_written(drafted: Path, case: str) -> None:
    break_it, source, expected = BROKEN[case]
    break_it(drafted)
    before = files_of(drafted)
    done = translator("translate", source, "--to", "ru", cwd=drafted)
    assert done.returncode == 2
    assert re.search(expected, done.stderr)
    assert len(done.stderr.strip().split("\n")) == 1
    assert files_of(drafted) == before


def test_outside_of_a_project_the_user_is_told_what_to_do(tmp_path: Path) -> None:
    done = translator("status", cwd=tmp_path)
    assert done.returncode == 2
    assert "translator init" in done.stderr


def test_a_full_disk_leaves_everything_as_it_was(drafted: Path, tmp_path: Path) -> None:
    """On a real file system that is full: a tmpfs of 64 kB, which root can mount."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no right to mount a tmpfs")
    try:
        target = disk / "ru"
        target.mkdir()
        (target / f"{SAMPLE}.po").write_bytes(catalog(drafted, "ru").read_bytes())
        shutil.rmtree(drafted / "locales/ru")
        (drafted / "locales/ru").symlink_to(target)
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(1024))
        assert os.statvfs(disk).f_bavail == 0
        before = (target / f"{SAMPLE}.po").read_bytes()
        done = translator("approve", SAMPLE, "--to", "ru", cwd=drafted)
        assert done.returncode == 2
        assert "No space left" in done.stderr
        assert len(done.stderr.strip().split("\n")) == 1
        assert (target / f"{SAMPLE}.po").read_bytes() == before
        assert {p.name for p in target.iterdir()} == {".lock", f"{SAMPLE}.po"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_interrupted_translation_keeps_what_was_finished(project: Path) -> None:
    corpus = (ROOT / "corpus/news.tsv").read_text(encoding="utf-8").splitlines()
    text = "\n\n".join(line.split("\t")[0] for line in corpus[:400])
    (project / "releases/long.txt").write_text(text, encoding="utf-8")
    arguments = ["translate", "releases/long.txt", "--to", "en", "--beam", "1", "--no-enforce"]
    process = subprocess.Popen(
        [sys.executable, "-c", "from translator.cli import main; main()", *arguments],
        cwd=project,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "HOME": str(project)},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "segments/s" in line:
            process.send_signal(signal.SIGINT)
            break
    rest = process.stderr.read()
    assert process.wait(timeout=60) == 130
    assert "stopped" in rest
    assert "Traceback" not in rest
    path = project / "locales/en/long.po"
    first = {u.source: u.target for u in Catalog.read(path).units if u.target}
    count = len(Catalog.read(path).units)
    assert 0 < len(first) < count
    time.sleep(0.01)
    assert translator(*arguments, cwd=project).returncode == 0
    second = {u.source: u.target for u in Catalog.read(path).units}
    assert len(second) == count
    assert {source: second[source] for source in first} == first


def test_an_edit_saved_while_translate_runs_is_kept(project: Path) -> None:
    corpus = (ROOT / "corpus/news.tsv").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[0] for line in corpus[:120]]
    source = project / "releases/long.txt"
    source.write_text("\n\n".join(texts[:2]), encoding="utf-8")
    arguments = ["translate", "releases/long.txt", "--to", "en", "--beam", "1", "--no-enforce"]
    assert translator(*arguments, cwd=project).returncode == 0
    source.write_text("\n\n".join(texts), encoding="utf-8")
    path = project / "locales/en/long.po"
    process = subprocess.Popen(
        [sys.executable, "-c", "from translator.cli import main; main()", *arguments],
        cwd=project,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(project)},
    )
    time.sleep(0.8)
    assert process.poll() is None  # it is still at work
    text = path.read_text(encoding="utf-8")
    edited = re.sub(
        '#, fuzzy\n(msgid .*\n)msgstr ".*"', r'\1msgstr "A person wrote this."', text, count=1
    )
    assert edited != text
    path.write_text(edited, encoding="utf-8")
    assert process.wait(timeout=60) == 0
    units = Catalog.read(path).units
    assert units[0].target == "A person wrote this."
    assert units[0].state is State.APPROVED
    assert len(units) == len(set(texts))


def test_a_text_in_the_wrong_language_is_not_published(drafted: Path) -> None:
    review(drafted, "ru")
    shutil.copy(catalog(drafted, "ru"), catalog(drafted, "kk"))
    done = translator("publish", SAMPLE, "--to", "kk", cwd=drafted)
    assert done.returncode == 2
    assert "is a catalog for “ru”" in done.stderr
    path = catalog(drafted, "kk")
    path.write_text(path.read_text("utf-8").replace("Language: ru", "Language: kk"), "utf-8")
    done = translator("publish", SAMPLE, "--to", "kk", cwd=drafted)
    assert done.returncode == 1
    assert "wrong-language" in done.stderr
    assert not (drafted / "public/kk").exists()


def test_a_source_that_moved_keeps_its_review(drafted: Path) -> None:
    review(drafted, "ru")
    (drafted / "releases/2021").mkdir()
    (drafted / SOURCE).rename(drafted / f"releases/2021/{SAMPLE}.txt")
    moved = f"releases/2021/{SAMPLE}.txt"
    done = translator("translate", moved, "--to", "ru", cwd=drafted)
    assert done.returncode == 0, done.stderr
    assert {unit.state for unit in Catalog.read(catalog(drafted, "ru")).units} == {State.APPROVED}


def test_nothing_needs_the_network(drafted: Path) -> None:
    """In a network namespace without any interface but a loopback that is down."""
    unshare = ["unshare", "-r", "-n"]
    if shutil.which("unshare") is None or subprocess.run([*unshare, "true"]).returncode:
        pytest.skip("no right to make a network namespace")
    code = "from translator.cli import main; main()"
    command = [*unshare, sys.executable, "-c", code, "translate", "-", "--to", "kk"]
    done = subprocess.run(
        command,
        input="Minister złożył wizytę w Kazachstanie.\n",
        cwd=drafted,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(drafted)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Қазақстан" in done.stdout
