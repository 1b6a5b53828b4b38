"""Catalogs keep every reviewed string through any change of the source, and stay valid gettext
files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator import files
from translator.catalogs import Catalog, State, edit
from translator.errors import Conflict, TranslatorError
from translator.model import Block, BlockKind, Draft, Release, Segment

ROOT = Path(__file__).parent.parent
SOURCE = "releases/sample.txt"
needs_gettext = pytest.mark.skipif(
    shutil.which("msgfmt") is None, reason="gettext is not installed"
)

# Real sentences, with the characters that break formats: quotes, dashes, non-breaking and double
# spaces.
SENTENCES = [
    *(ROOT / "releases/konsultacje-polska-kazachstan.txt").read_text(encoding="utf-8").split(". "),
    'Powiedział: „Tak” i "nie" \\ koniec.',
    "W 2018\u00a0r. eksport wzrósł o 53,9%.",
    "Dwie\nlinie",
]
SENTENCES = [sentence.strip() for sentence in SENTENCES]


def release(texts: list[str], sha: str = "0" * 64) -> Release:
    blocks = tuple(
        Block(number, BlockKind.PARAGRAPH, text, segments=(Segment(text),))
        for number, text in enumerate(texts, 1)
    )
    return Release("sample", Path(SOURCE), sha, blocks)


def drafts(texts: list[str], mark: str = "x") -> dict[str, Draft]:
    return {text: Draft(f"{mark}: {text}", "machine pl→ru 0.2", ("term: a → b",)) for text in texts}


def made(path: Path, texts: list[str]) -> Catalog:
    catalog = Catalog.new(path, release(texts), "ru", SOURCE)
    catalog.update(release(texts), drafts(texts), source_file=SOURCE)
    catalog.save()
    return catalog


def gettext(tool: str, *arguments: str | Path) -> str:
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_new_entries_are_unreviewed_drafts(tmp_path: Path) -> None:
    catalog = made(tmp_path / "ru.po", SENTENCES)
    assert [unit.source for unit in catalog.units] == list(dict.fromkeys(SENTENCES))
    assert {unit.state for unit in catalog.units} == {State.DRAFT}
    assert catalog.units[0].origin == "machine pl→ru 0.2"
    assert "term: a → b" in catalog.units[0].notes
    text = (tmp_path / "ru.po").read_text(encoding="utf-8")
    assert text.count("#, fuzzy\n") == len(catalog.units)


def test_an_entry_knows_its_blocks_and_its_line(tmp_path: Path) -> None:
    catalog = made(tmp_path / "ru.po", ["Tytuł", "Tytuł", "Treść."])
    assert [unit.blocks for unit in catalog.units] == [(1, 2), (3,)]
    lines = (tmp_path / "ru.po").read_text(encoding="utf-8").split("\n")
    for unit in catalog.units:
        entry = "\n".join(lines[unit.line - 1 :]).split("\n\n")[0]
        assert f'msgid "{unit.source}"' in entry


@needs_gettext
def test_the_file_is_what_gettext_writes(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, SENTENCES)
    gettext("msgfmt", "--check", "-o", tmp_path / "out.mo", path)
    assert gettext("msgcat", "--no-wrap", path) == path.read_text(encoding="utf-8")


def test_writing_what_was_read_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, SENTENCES)
    before = path.read_bytes()
    catalog = Catalog.read(path)
    assert not catalog.save()
    catalog.update(release(SENTENCES), {}, source_file=SOURCE)
    assert not catalog.save()
    assert path.read_bytes() == before


@needs_gettext
def test_a_wrapped_file_of_another_editor_is_read_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    units = made(path, SENTENCES).units
    wrapped = gettext("msgcat", "--width=40", path)
    path.write_text(wrapped, encoding="utf-8")
    read = Catalog.read(path)
    assert [(u.source, u.target, u.state) for u in read.units] == [
        (u.source, u.target, u.state) for u in units
    ]


def test_an_edited_draft_is_neither_a_draft_nor_approved(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, ["Jeden.", "Dwa."])
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr "x: Dwa."', 'msgstr "Два."'), encoding="utf-8")
    catalog = Catalog.read(path)
    assert [unit.state for unit in catalog.units] == [State.DRAFT, State.EDITED]
    assert catalog.pending(release(["Jeden.", "Dwa.", "Trzy."]), redo=True) == ["Jeden.", "Trzy."]
    assert catalog.pending(release(["Jeden.", "Dwa.", "Trzy."])) == ["Trzy."]


def test_a_changed_sentence_keeps_its_reviewed_text_as_fuzzy_with_the_old_source(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ru.po"
    old = "Eksport wzrósł w ubiegłym roku o 18,4%."
    new = "Eksport wzrósł w ubiegłym roku o 18,5%."
    catalog = made(path, [old, "Koniec."])
    catalog.approve([old])
    catalog.update(release([new, "Koniec."]), drafts([new], "neu"), source_file=SOURCE)
    catalog.save()
    unit = Catalog.read(path).units[0]
    assert (unit.source, unit.target, unit.previous) == (new, f"x: {old}", old)
    assert unit.state is State.EDITED
    assert unit.draft == f"neu: {new}"
    assert f'#~ msgid "{old}"' in path.read_text(encoding="utf-8")


def test_a_sentence_that_comes_back_is_approved_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    catalog = made(path, ["Pierwsze zdanie.", "Drugie, zupełnie inne."])
    catalog.approve(["Pierwsze zdanie."])
    catalog.save()
    catalog.update(release(["Drugie, zupełnie inne."]), {}, source_file=SOURCE)
    catalog.save()
    assert [unit.source for unit in catalog.units] == ["Drugie, zupełnie inne."]
    catalog = Catalog.read(path)
    catalog.update(release(["Pierwsze zdanie.", "Drugie, zupełnie inne."]), {}, source_file=SOURCE)
    assert catalog.units[0].target == "x: Pierwsze zdanie."
    assert catalog.units[0].state is State.APPROVED


def test_approve_leaves_untranslated_entries_alone(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    catalog = Catalog.new(path, release(["A.", "B."]), "ru", SOURCE)
    catalog.update(release(["A.", "B."]), drafts(["A."]), source_file=SOURCE)
    assert catalog.approve(["A.", "B."], "Anna Nowak") == 1
    catalog.save()
    again = Catalog.read(path)
    assert [unit.state for unit in again.units] == [State.APPROVED, State.UNTRANSLATED]
    assert again.reviewer == "Anna Nowak"


@pytest.mark.parametrize(
    ("break_it", "line"),
    [
        (lambda text: text.replace('msgstr "x: B."', 'msgstr "x: B.'), r"\d+"),
        (lambda text: text.replace('msgid "B."', 'msgid "A."'), r"\d+"),
        (lambda text: text + "nonsense here\n", r"\d+"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, break_it, line: str) -> None:
    path = tmp_path / "ru.po"
    made(path, ["A.", "B."])
    path.write_text(break_it(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(TranslatorError, match=rf"ru\.po:{line}: ") as caught:
        Catalog.read(path)
    assert "\n" not in str(caught.value)


def test_a_catalog_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, ["Zażółć."])
    path.write_bytes(path.read_text(encoding="utf-8").replace("→", "-").encode("cp1250"))
    with pytest.raises(TranslatorError, match="not UTF-8"):
        Catalog.read(path)


def test_a_catalog_for_another_language_is_refused(tmp_path: Path) -> None:
    catalog = made(tmp_path / "ru.po", ["A."])
    catalog.require("ru")
    with pytest.raises(TranslatorError, match="kk"):
        catalog.require("kk")


def test_a_lost_header_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, ["A."])
    entries = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join(entries[1:]), encoding="utf-8")
    catalog = Catalog.read(path)
    catalog.require("ru")
    catalog.update(release(["A."]), {}, source_file=SOURCE)
    catalog.save()
    assert "nplurals=3" in path.read_text(encoding="utf-8")
    assert Catalog.read(path).language == "ru"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#, fuzzy", "#,fuzzy"),
        ("#. paragraph", "#no space before this remark\n#. paragraph"),
        ("Language: ru", "Language: ru_RU"),
        ("#\nmsgid", "\ufeffmsgid"),
        ("\n", "\r\n"),
    ],
)
def test_what_other_editors_write_is_read(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "ru.po"
    units = made(path, ["A.", "B."]).units
    text = path.read_text(encoding="utf-8").replace(old, new)
    path.write_bytes(text.encode())
    catalog = Catalog.read(path)
    assert [(u.source, u.target, u.state) for u in catalog.units] == [
        (u.source, u.target, u.state) for u in units
    ]
    assert catalog.language == "ru"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('msgctxt "x"\nmsgid "C."\nmsgstr "c"\n', "context"),
        ('msgid "C."\nmsgid_plural "Cs."\nmsgstr[0] "c"\nmsgstr[1] "cs"\n', "plural"),
        ('msgid "C."\nmsgstr "a\u2028b"\n', r"U\+2028"),
        ('msgid "C."\nmsgstr "\\101"\n', "no line of a PO file"),
    ],
)
def test_what_could_not_be_kept_is_refused_with_its_line(
    tmp_path: Path, entry: str, message: str
) -> None:
    path = tmp_path / "ru.po"
    made(path, ["A."])
    path.write_text(path.read_text(encoding="utf-8") + "\n" + entry, encoding="utf-8")
    with pytest.raises(TranslatorError, match=rf"ru\.po:\d+: .*{message}"):
        Catalog.read(path)


def test_an_obsolete_twin_of_a_live_entry_stays(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, ["A."])
    old = '\n#~ msgid "A."\n#~ msgstr "reviewed long ago"\n'
    path.write_text(path.read_text(encoding="utf-8") + old, encoding="utf-8")
    catalog = Catalog.read(path)
    catalog.update(release(["A.", "B."]), drafts(["B."]), source_file=SOURCE)
    catalog.save()
    assert old.strip() in path.read_text(encoding="utf-8")


def test_a_reviewer_can_overrule_a_check(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    made(path, ["A.", "B."])
    text = path.read_text(encoding="utf-8")
    remark = "# check: ignore term-missing, quotes\n"
    path.write_text(text.replace("#. paragraph", remark + "#. paragraph", 1), encoding="utf-8")
    units = Catalog.read(path).units
    assert [unit.ignored for unit in units] == [{"term-missing", "quotes"}, frozenset()]


text_edit = (
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[str], dict[int, str], list[str]]:
    """A source, the reviewer's approved texts by entry, and the source as it is later."""
    texts = draw(
        st.lists(st.sampled_from(SENTENCES) | text_edit, min_size=1, max_size=12, unique=True)
    )
    chosen = draw(st.sets(st.integers(0, len(texts) - 1)))
    reviewed = {index: draw(text_edit) for index in chosen}
    later = [t for t in texts if draw(st.integers(0, 3))]  # some removed
    later = [t if draw(st.integers(0, 2)) else t + draw(text_edit) for t in later]  # some changed
    later += draw(st.lists(text_edit, max_size=3))  # some new
    return texts, reviewed, draw(st.permutations(later)) or ["Nowy tekst."]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories())
def test_no_approved_text_is_ever_lost(
    tmp_path: Path, history: tuple[list[str], dict[int, str], list[str]]
) -> None:
    texts, reviewed, later = history
    path = tmp_path / "ru.po"
    path.unlink(missing_ok=True)
    made(path, texts)
    approve_in_an_editor(path, {texts[index]: text for index, text in reviewed.items()})

    catalog = Catalog.read(path)
    catalog.update(release(later), drafts(later, "new"), source_file=SOURCE)
    catalog.save()

    content = path.read_text(encoding="utf-8")
    after = {unit.source: unit for unit in Catalog.read(path).units}
    assert list(after) == list(dict.fromkeys(later))
    for index, text in reviewed.items():
        source = texts[index]
        if source in after:
            assert (after[source].target, after[source].state) == (text, State.APPROVED)
        else:
            assert f"#~ msgstr {quoted(text)}".replace('\n"', '\n#~ "') in content
    for unit in after.values():
        approved = unit.source in texts and texts.index(unit.source) in reviewed
        assert (unit.state is State.APPROVED) == approved
        if unit.previous:
            assert unit.target in reviewed.values()
    if shutil.which("msgfmt"):
        gettext("msgfmt", "--check", "-o", tmp_path / "out.mo", path)
        assert gettext("msgcat", "--no-wrap", path) == content


def approve_in_an_editor(path: Path, texts: dict[str, str]) -> None:
    """What a reviewer does in a PO editor, done with a text editor's means: new msgstr, no fuzzy
    flag.
    """
    entries = path.read_text(encoding="utf-8").split("\n\n")
    for source, text in texts.items():
        wanted = f"\nmsgid {quoted(source)}\nmsgstr "
        (at,) = [i for i, entry in enumerate(entries) if wanted in entry + "\n"]
        head = entries[at].split("\nmsgid ")[0].replace("\n#, fuzzy", "")
        entries[at] = f"{head}{wanted}{quoted(text)}"
    path.write_text("\n\n".join(entries).rstrip("\n") + "\n", encoding="utf-8")


def quoted(text: str) -> str:
    """`text` as an unwrapped PO file writes it: one quoted string, or one a line after an empty
    one.
    """
    lines = re.sub(r'(["\\])', r"\\\1", text).split("\n")
    if len(lines) == 1:
        return f'"{lines[0]}"'
    return "\n".join(['""', *(f'"{line}\\n"' for line in lines[:-1]), f'"{lines[-1]}"'])


def test_two_processes_writing_a_thousand_edits_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "sample.po"
    catalog = Catalog.new(path, release(SENTENCES), "ru", SOURCE)
    catalog.update(release(SENTENCES), {}, source_file=SOURCE)
    catalog.save()
    program = """
import sys
from pathlib import Path
from translator.catalogs import Catalog, edit
path, who = Path(sys.argv[1]), sys.argv[2]
for k in range(500):
    def change(catalog):
        unit = catalog.units[k % len(catalog.units)]
        text = f"{unit.target} {who}{k}".strip()
        catalog.revise(unit.source, text, approved=False)
    edit(path, Catalog.read, change)
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(path), who]) for who in ("a", "b")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    written = " ".join(unit.target for unit in Catalog.read(path).units).split()
    assert sorted(written) == sorted(f"{who}{k}" for who in "ab" for k in range(500))


def test_what_an_editor_saves_in_the_middle_of_a_change_is_kept(tmp_path: Path) -> None:
    path = made(tmp_path / "sample.po", SENTENCES).path
    first, second = SENTENCES[:2]
    interrupted: list[bool] = []

    def change(catalog: Catalog) -> None:
        if not interrupted:  # a PO editor, which knows no lock, saves right now
            interrupted.append(True)
            other = Catalog.read(path)
            other.revise(second, "Из редактора.", approved=True)
            other.save()
        catalog.revise(first, "Со страницы.", approved=True, seconds=7)

    edit(path, Catalog.read, change)
    units = {unit.source: unit for unit in Catalog.read(path).units}
    assert (units[first].target, units[first].seconds) == ("Со страницы.", 7)
    assert (units[second].target, units[second].state) == ("Из редактора.", State.APPROVED)


def test_a_stale_catalog_is_not_saved(tmp_path: Path) -> None:
    path = made(tmp_path / "sample.po", SENTENCES).path
    stale = Catalog.read(path)
    path.write_bytes(path.read_bytes() + b"\n# a comment at the end\n")
    stale.approve([unit.source for unit in stale.units])
    with pytest.raises(Conflict, match="changed by another program"):
        stale.save()
    assert path.read_bytes().endswith(b"comment at the end\n")


def test_what_a_kill_leaves_is_gone_after_the_next_edit_even_if_that_changes_nothing(
    tmp_path: Path,
) -> None:
    path = made(tmp_path / "sample.po", SENTENCES).path
    edit(path, Catalog.read, lambda c: c.approve([unit.source for unit in c.units]))
    left = path.with_name(f".{path.name}{files.SCRATCH}")
    left.write_text("what was exchanged for the new version")
    assert edit(path, Catalog.read, lambda c: c.approve([unit.source for unit in c.units])) == 0
    assert not left.exists()
