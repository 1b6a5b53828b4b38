"""The translation memory: what is found again and what is put into it; its file and formats."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, SAMPLE
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from translator import pipeline
from translator.catalogs import Catalog
from translator.cli.memory import app
from translator.errors import TranslatorError
from translator.memory import Entry, Match, Memory, exchange, grams, learn, reuse
from translator.memory.adaptation import adapt
from translator.memory.entry import normalize
from translator.memory.reuse import neighbours
from translator.memory.similarity import rank, score
from translator.model import Draft, Release
from translator.terminology import Terminology

CORPUS = ROOT / "corpus/bilateral.tsv"
SOURCE = ROOT / f"releases/{SAMPLE}.txt"
GLOSSARIES = (ROOT / "glossaries/diplomacy.csv", ROOT / "glossaries/people.csv")

# Two processes at once: each adds its own hundred entries, one transaction for each.
WRITER = """
import sys
from pathlib import Path
from translator.memory import Entry, Memory
with Memory(Path(sys.argv[1])) as memory:
    for number in range(100):
        memory.add([Entry(f"Zdanie {sys.argv[2]} numer {number}", "text", "ru")])
"""


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory(tmp_path / "memory.sqlite") as memory:
        yield memory


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    """A memory with a file of the corpus in it; not to be changed."""
    with Memory(tmp_path_factory.mktemp("corpus") / "memory.sqlite") as memory:
        memory.add(exchange.read(CORPUS))
        yield memory


@pytest.fixture(scope="module")
def release() -> Release:
    return pipeline.open_release(SOURCE, date=date(2021, 12, 8))


@pytest.fixture(scope="module")
def terminology() -> Terminology:
    return Terminology.load(GLOSSARIES)


def reviewed(folder: Path, release: Release, language: str) -> Catalog:
    """The sample's catalog with its human translation, approved."""
    lines = (ROOT / f"tests/data/review/{language}.tsv").read_text(encoding="utf-8").splitlines()
    human = dict(line.split("\t") for line in lines)
    catalog = Catalog.new(folder / f"{SAMPLE}.po", release, language, f"releases/{SAMPLE}.txt")
    drafts = {segment.text: Draft(human[segment.text], "machine") for segment in release.segments}
    catalog.update(release, drafts, source_file=f"releases/{SAMPLE}.txt")
    catalog.approve(drafts, "Anna Nowak")
    catalog.save()
    return catalog


# --- what is found


def test_exact_match_knows_its_neighbours(memory: Memory) -> None:
    memory.add(
        [
            Entry("Dziękuję.", "Благодарю.", "ru", "a", "Spotkanie.", "Koniec.", "2024-01-01"),
            Entry("Dziękuję.", "Спасибо.", "ru", "b", "Rozmowa.", "", "2025-01-01"),
        ]
    )
    context = memory.exact("Dziękuję.", "ru", "Spotkanie.", "Koniec.")
    assert context
    assert (context.score, context.target) == (101, "Благодарю.")
    newest = memory.exact("Dziękuję.", "ru", "Spotkanie.", "Inny koniec.")
    assert newest
    assert (newest.score, newest.target) == (100, "Спасибо.")
    assert memory.exact("Dziękuję.", "kk") is None
    assert memory.exact("Dziękuję!", "ru") is None


def test_unknown_neighbours_are_no_context(memory: Memory) -> None:
    memory.add([Entry("Dziękuję.", "Спасибо.", "ru")])
    match = memory.exact("Dziękuję.", "ru")
    assert match
    assert match.score == 100


def test_spelling_that_nobody_sees_does_not_count(memory: Memory) -> None:
    memory.add([Entry("8\u00a0grudnia w\u00a0Łodzi odbyło się spot\u00adkanie.", "…", "ru")])
    match = memory.exact("8 grudnia  w Łodzi odbyło sie\u0328 spotkanie.", "ru")
    assert match
    assert match.score == 100


def test_every_sentence_of_the_corpus_is_found_again(corpus: Memory) -> None:
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[:40]:
        source, _, russian, _ = line.split("\t")
        match = corpus.exact(source, "ru")
        assert match
        assert (match.score, match.target) == (100, russian)
        assert corpus.fuzzy(source, "ru")[0].score == 100


def test_fuzzy_finds_what_a_full_search_finds(corpus: Memory) -> None:
    sources = list(dict.fromkeys(normalize(entry.source) for entry in corpus.entries(["ru"])))
    for number, source in enumerate(sources[:60]):
        words = source.split()
        words[number % len(words)] = "ponownie"
        changed = " ".join(words)
        expected = [score for score, _ in rank(changed, sources, limit=5, threshold=70)]
        found = corpus.fuzzy(changed, "ru")
        assert [match.score for match in found][:1] == expected[:1]
        assert all(70 <= match.score < 100 for match in found)


def test_index_grows_in_parts(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translator.memory.store.CHUNK", 20)
    monkeypatch.setattr("translator.memory.index._FLUSH", 1000)
    memory.add(exchange.read(CORPUS))
    memory.add(exchange.read(ROOT / "corpus/un.tsv"))
    for entry in memory.entries(["kk"]):
        assert memory.fuzzy(entry.source, "kk", limit=1)[0].score == 100


def test_fuzzy_sees_only_its_language_and_threshold(memory: Memory) -> None:
    memory.add([Entry("Konsultacje polityczne w Astanie", "Политические консультации", "ru")])
    similar = "Konsultacje polityczne w Londynie"
    assert memory.fuzzy(similar, "kk") == []
    assert memory.fuzzy(similar, "ru", threshold=95) == []
    assert memory.fuzzy("Zupełnie co innego", "ru") == []
    (match,) = memory.fuzzy(similar, "ru")
    assert match.origin == f"memory {match.score}%"


def test_score_counts_characters_and_words() -> None:
    base = "Ministrowie omówili stan stosunków dwustronnych."
    inflected = score(base, "Ministrom omówiono stan stosunków dwustronnych.")
    other_word = score(base, "Ministrowie omówili plan zakupów dwustronnych.")
    assert score(base, base) == 100
    assert other_word < 100
    assert 60 < inflected < 100
    assert score("Tak.", "Tak!") == 62  # half of the tokens, three quarters of the characters
    assert score(base, "Zupełnie inne zdanie o czymś") < 50


@given(st.text(max_size=40), st.text(max_size=40))
def test_score_is_symmetric_and_bounded(a: str, b: str) -> None:
    a, b = normalize(a), normalize(b)
    assert 0 <= score(a, b) <= 100
    assert score(a, b) == score(b, a)
    assert (score(a, b) == 100) == (a == b)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    ("phrase", "form"),
    [
        ("konsultacje polityczne", "konsultacji politycznych"),
        ("szczebel wiceministra", "szczeblu wiceministrów"),
        ("stosunek dwustronny", "stosunków dwustronnych"),
        ("Ospanow", "Ospanowem"),
        ("polsko-kazachstański", "polsko-kazachstańskie"),
    ],
)
def test_concordance_knows_inflection(memory: Memory, phrase: str, form: str) -> None:
    memory.add([Entry(f"Mowa tu: {form}.", "…", "ru"), Entry("Mowa o czymś innym.", "…", "ru")])
    (hit,) = memory.concordance(phrase)
    assert [hit.entry.source[start:end] for start, end in hit.spans] == [form]


def test_concordance_keeps_to_language_and_limit(corpus: Memory) -> None:
    hits = corpus.concordance("konsultacja", ["kk"], limit=3)
    assert len(hits) == 3
    assert {hit.entry.language for hit in hits} == {"kk"}
    assert corpus.concordance("słoń") == corpus.concordance("…") == []


# --- what is put in


@pytest.mark.parametrize(
    ("old", "target", "language", "new", "expected"),
    [
        (
            "Spotkanie odbyło się 8 grudnia 2021 r.",
            "Встреча состоялась 8 декабря 2021 года.",
            "ru",
            "Spotkanie odbyło się 15 maja 2024 r.",
            "Встреча состоялась 15 мая 2024 года.",
        ),
        (
            "Wzięło w nim udział 25 państw.",
            "It was attended by 25 states.",
            "en",
            "Wzięło w nim udział 30 państw.",
            "It was attended by 30 states.",
        ),
        (
            "Spotkanie z Andrzejem Dudą odbyło się w Astanie.",
            "Встреча с Анджеем Дудой состоялась в Астане.",
            "ru",
            "Spotkanie z Karolem Nawrockim odbyło się w Astanie.",
            "Встреча с Каролем Навроцким состоялась в Астане.",
        ),
    ],
)
def test_figures_and_names_are_put_in(
    terminology: Terminology, old: str, target: str, language: str, new: str, expected: str
) -> None:
    match = Match(Entry(old, target, language), score(old, new), target)
    adapted = adapt(match, new, terminology)
    assert (adapted.target, adapted.adapted, adapted.score) == (expected, True, 99)
    assert adapted.origin == "memory 99%, adapted"


@pytest.mark.parametrize(
    ("old", "target", "language", "new"),
    [
        # another plural form would have to follow: 5 стран, 2 страны
        ("Udział wzięło 5 państw.", "Участвовало 5 стран.", "ru", "Udział wzięło 2 państw."),
        # which of the two fives?
        ("5 osób z 5 państw.", "5 человек из 5 стран.", "ru", "7 osób z 5 państw."),
        # in words: the new one would be in digits
        ("Odbyły się trzy spotkania.", "Three meetings took place.", "en", "Odbyły się 3 rozmowy."),
        # not in the translation at all
        (
            "Udział wzięło 25 państw.",
            "Участвовали многие страны.",
            "ru",
            "Udział wzięło 30 państw.",
        ),
        # a suffix that is chosen by how the number is read
        ("25 maja 2021 r.", "2021 жылғы 25-мамырда", "kk", "26 maja 2021 r."),
        ("Ponad 25 państw.", "25-тен астам мемлекет.", "kk", "Ponad 30 państw."),
        # an ordinal there, a count here
        ("Dzieci do 3. roku życia.", "Дети до 3 лет.", "ru", "Dzieci do 1. roku życia."),
        # a woman in a man's place: the verb would have to change
        ("Powiedział Andrzej Duda.", "Сказал Анджей Дуда.", "ru", "Powiedziała Angela Merkel."),
    ],
)
def test_what_is_not_certain_is_left_alone(
    terminology: Terminology, old: str, target: str, language: str, new: str
) -> None:
    match = Match(Entry(old, target, language), score(old, new), target)
    assert adapt(match, new, terminology) == match


# --- what the pipeline calls


def test_approved_release_comes_back_with_context(
    memory: Memory, release: Release, tmp_path: Path
) -> None:
    catalog = reviewed(tmp_path, release, "kk")
    assert learn(memory, catalog, release) == len(release.segments)
    drafts = reuse(memory, neighbours(release), "kk")
    assert {text: draft.text for text, draft in drafts.items()} == {
        unit.source: unit.target for unit in catalog.units
    }
    assert {draft.origin for draft in drafts.values()} == {"memory 101%"}
    for draft in drafts.values():
        assert re.fullmatch(rf"memory: {SAMPLE}, \d{{4}}-\d\d-\d\d, Anna Nowak", draft.notes[0])


def test_correction_replaces_what_was_learnt(
    memory: Memory, release: Release, tmp_path: Path
) -> None:
    catalog = reviewed(tmp_path, release, "ru")
    learn(memory, catalog, release)
    old = catalog.units[2].target
    content = catalog.path.read_text(encoding="utf-8")
    catalog.path.write_text(content.replace(f'msgstr "{old}"', 'msgstr "Лучше."'), "utf-8")
    learn(memory, Catalog.read(catalog.path), release)
    targets = [entry.target for entry in memory.entries(["ru"])]
    assert "Лучше." in targets
    assert old not in targets


def test_only_approved_units_are_learnt(memory: Memory, release: Release, tmp_path: Path) -> None:
    catalog = Catalog.new(tmp_path / "x.po", release, "ru", SOURCE.name)
    drafts = {segment.text: Draft("Черновик", "machine") for segment in release.segments}
    catalog.update(release, drafts, source_file=SOURCE.name)
    assert learn(memory, catalog, release) == 0
    assert not memory.path.exists()


def test_similar_segment_is_reused_only_with_its_figures_and_terms(
    memory: Memory, terminology: Terminology
) -> None:
    memory.add(
        [
            Entry(
                "8 grudnia 2021 r. w Warszawie odbyły się konsultacje polityczne.",
                "8 декабря 2021 года в Варшаве состоялись политические консультации.",
                "ru",
            )
        ]
    )
    texts = [
        "9 marca 2023 r. w Warszawie odbyły się konsultacje polityczne.",
        "8 grudnia 2021 r. w Wiedniu odbyły się konsultacje polityczne.",
    ]
    drafts = reuse(
        memory, [(text, "", "") for text in texts], "ru", threshold=75, terminology=terminology
    )
    assert list(drafts) == texts[:1]
    draft = drafts[texts[0]]
    assert draft.text == "9 марта 2023 года в Варшаве состоялись политические консультации."
    assert draft.origin == "memory 99%, adapted"
    assert draft.notes[1] == "memory source: " + next(memory.entries()).source


def test_the_year_of_then_is_not_reused(memory: Memory) -> None:
    text = "Spotkanie odbyło się 8 grudnia br."
    memory.add([Entry(text, "Встреча состоялась 8 декабря 2021 года.", "ru")])
    assert list(reuse(memory, [(text, "", "")], "ru", year=2021)) == [text]
    assert reuse(memory, [(text, "", "")], "ru", year=2024) == {}


# --- its file


def test_reading_makes_no_file(memory: Memory) -> None:
    assert memory.exact("Tak.", "ru") is None
    assert memory.fuzzy("Tak.", "ru") == memory.concordance("tak") == list(memory.entries()) == []
    assert memory.stats()["segments"] == 0
    assert not memory.path.exists()


def test_two_processes_write_at_once(memory: Memory) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(memory.path), name], stderr=subprocess.PIPE, cwd=ROOT
        )
        for name in ("pierwsze", "drugie")
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors.decode()
    assert memory.stats()["translations"] == {"ru": 200}
    assert memory.fuzzy("Zdanie drugie numer 99", "ru")[0].score == 100


def test_failure_in_the_middle_leaves_nothing(memory: Memory) -> None:
    memory.add([Entry("Było.", "Был.", "ru")])

    def broken() -> Iterator[Entry]:
        for number in range(25_000):
            yield Entry(f"Zdanie {number}", "…", "ru")
        raise TranslatorError("broken")

    with pytest.raises(TranslatorError, match="broken"):
        memory.add(broken())
    assert memory.stats()["translations"] == {"ru": 1}
    assert memory.fuzzy("Zdanie 7", "ru") == []


def test_grams_are_the_same_from_another_process(corpus: Memory) -> None:
    segments = list(enumerate(entry.source for entry in corpus.entries(["kk"])))
    parts = [segments[start : start + 50] for start in range(0, len(segments), 50)]
    hasher = grams.Hasher()
    found = [hasher.postings(part) for part in parts]
    found.append(hasher.rest())
    hasher.close()
    assert len(found[1]) == 0  # the other process was at work on these
    alone = grams.Hashes().postings(segments)
    assert sorted(np.concatenate(found).tolist()) == sorted(alone.tolist())


def test_import_whose_helper_is_killed_leaves_nothing(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translator.memory.store.CHUNK", 20)

    def entries() -> Iterator[Entry]:
        for number, entry in enumerate(exchange.read(CORPUS)):
            if number == 100:
                children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
                (helper,) = (
                    c for c in children if b"grams" in Path(f"/proc/{c}/cmdline").read_bytes()
                )
                os.kill(int(helper), signal.SIGKILL)
            yield entry

    with pytest.raises(TranslatorError, match="nothing was added"):
        memory.add(entries())
    assert memory.stats()["segments"] == 0


@pytest.mark.parametrize("cut", [0, 40, 5000])
def test_damaged_file_is_one_clear_error(memory: Memory, cut: int) -> None:
    memory.add(exchange.read(CORPUS))
    memory.close()
    content = memory.path.read_bytes()
    memory.path.write_bytes(content[:cut] + b"x" * 3000 + content[cut + 3000 : -4096])
    with pytest.raises(TranslatorError, match=r"^\S+memory\.sqlite: is damaged or no memory"):
        memory.add(exchange.read(CORPUS))


def test_foreign_database_is_left_alone(memory: Memory) -> None:
    other = sqlite3.connect(memory.path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.commit()
    other.close()
    before = memory.path.read_bytes()
    for call in (memory.stats, lambda: memory.add([Entry("Tak.", "Да.", "ru")])):
        with pytest.raises(TranslatorError, match="a database of another program"):
            call()
    assert memory.path.read_bytes() == before


def test_newer_schema_is_refused(memory: Memory) -> None:
    memory.add([Entry("Tak.", "Да.", "ru")])
    memory.close()
    newer = sqlite3.connect(memory.path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(TranslatorError, match="newer version of translator"):
        memory.exact("Tak.", "ru")


# --- formats


FULL = [
    Entry("„Tak” & <nie>", "«Да» & <нет>", "ru", "spotkanie", "Przed.", "Po.", "2024-05-06", "A B"),
    Entry("„Tak” & <nie>", "“Yes”", "en", "spotkanie", "Przed.", "Po.", "2024-05-06", "A B"),
    Entry("„Tak” & <nie>", "Да же", "ru"),
    Entry("„Tak” & <nie>", "Да уж", "ru"),
    Entry('Mówi: "słowo", i, koniec', "Қазақша мәтін", "kk", date="2020-01-02"),
]


@pytest.mark.parametrize("name", ["out.tmx", "out.tsv", "out.csv"])
def test_formats_lose_nothing(memory: Memory, tmp_path: Path, name: str) -> None:
    memory.add(FULL)
    path = tmp_path / name
    path.write_bytes(exchange.writer(path)(memory.entries()))
    assert set(exchange.read(path)) == set(FULL)


def test_languages_of_a_row_stay_together(tmp_path: Path, corpus: Memory) -> None:
    content = exchange.writer(Path("x.tsv"))(corpus.entries(["ru", "kk"])).decode()
    rows = [line.split("\t") for line in content.splitlines()]
    assert rows[0][:3] == ["pl", "kk", "ru"]
    expected = {
        (pl, kk, ru)
        for pl, _, ru, kk in (line.split("\t") for line in CORPUS.read_text("utf-8").splitlines())
    }
    assert {tuple(row[:3]) for row in rows[1:]} == {tuple(map(normalize, row)) for row in expected}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.tsv", "Tak.\tYes.\nNie.\tNo.\tНет.\n", r"a\.tsv:2: has 3 columns, not 2"),
        ("a.tsv", "Tak.\tYes.\n\tNo.\n", r"a\.tsv:2: has no Polish text"),
        ("a.tsv", "Tak.\n", r"a\.tsv:1: has 1 columns, not 2"),
        ("a.tsv", b"Tak.\tYes.\n\xff\t.\n", r"a\.tsv:2: is not UTF-8"),
        ("a.csv", "pl,Russian\nTak.,Да.\n", r"a\.csv:1: unknown column “Russian”"),
        ("a.csv", 'pl,ru\nTak.,Да.\n"Nie', r"a\.csv:3: is no valid CSV"),
        ("a.tmx", "<tmx>\n<body>", r"a\.tmx:2: is no valid XML"),
        ("a.tmx", "<html/>", r"a\.tmx: is no TMX file"),
        ("a.tmx", '<tmx><header/><body>\n<tu><tuv xml:lang="en"/></tu></body></tmx>', r"a\.tmx:2:"),
        ("a.po", 'msgid "x\n', r"a\.po:1: "),
        ("a.doc", "Tak.", r"a\.doc: unknown kind of file"),
    ],
)
def test_bad_file_is_named_with_its_line(
    memory: Memory, tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(TranslatorError, match=message):
        memory.add(entry for p in (CORPUS, path) for entry in exchange.read(p))
    assert memory.stats()["segments"] == 0


def test_tmx_of_another_tool(tmp_path: Path) -> None:
    path = tmp_path / "other.tmx"
    path.write_text(
        """<?xml version="1.0"?><tmx version="1.4"><header srclang="en"/><body>
        <tu changedate="20200102T030405Z" creationid="x">
          <tuv xml:lang="en-GB"><seg>A <bpt i="1">[b]</bpt>bold<ph/> step</seg></tuv>
          <tuv xml:lang="PL" changeid="Jan"><seg>Śmiały krok</seg></tuv>
          <tuv xml:lang="kk"><seg></seg></tuv>
        </tu></body></tmx>""",
        encoding="utf-8",
    )
    (entry,) = exchange.read(path)
    assert (entry.source, entry.language, entry.date, entry.reviewer) == (
        "Śmiały krok",
        "en",
        "2020-01-02",
        "x",
    )
    assert entry.target == "A bold step"


def test_catalog_gives_its_approved_entries(tmp_path: Path, release: Release) -> None:
    catalog = reviewed(tmp_path, release, "ru")
    assert len(list(exchange.read(catalog.path))) == len(catalog.units)
    path = ROOT / f"locales/kk/{SAMPLE}.po"
    drafts = shutil.copy(path, tmp_path / "drafts.po")
    assert list(exchange.read(drafts)) == []


# --- commands


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "translator.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    """What the command prints; an error that a user can mend is raised."""
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("folder")
def test_commands_import_search_and_export() -> None:
    assert "translations imported" in run("import", str(CORPUS))
    found = json.loads(run("search", "konsultacja polityczna", "--to", "kk", "--json"))
    assert {hit["language"] for hit in found} == {"kk"}
    start, end = found[0]["spans"][0]
    assert found[0]["source"][start:end].lower().startswith("konsultac")
    stats = json.loads(run("stats", "--json"))
    lines = len(CORPUS.read_text(encoding="utf-8").splitlines())
    assert set(stats["translations"].values()) <= set(range(1, lines + 1))
    assert run("export", "out.tmx", "--to", "ru", "--quiet") == ""
    assert len(list(exchange.read(Path("out.tmx")))) == stats["translations"]["ru"]


def test_reading_commands_make_no_file(folder: Path) -> None:
    assert run("search", "konsultacja", "--quiet") == ""
    assert json.loads(run("stats", "--json"))["segments"] == 0
    assert [path.name for path in folder.iterdir()] == ["translator.toml"]


def test_bad_import_leaves_the_memory_as_it_was(folder: Path) -> None:
    run("import", str(CORPUS))
    before = run("stats")
    (folder / "bad.tsv").write_text("Nowe zdanie.\tNew.\nDrugie.\n", encoding="utf-8")
    with pytest.raises(TranslatorError, match=r"^bad\.tsv:2: "):
        run("import", "bad.tsv")
    assert run("stats") == before


@pytest.mark.parametrize("command", ["import", "export", "search", "stats"])
def test_help_has_an_example(command: str) -> None:
    assert f"Example: translator memory {command}" in run(command, "--help")
