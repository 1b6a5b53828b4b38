"""Releases handed to CAT tools and taken back: XLIFF 1.2 and 2.0, OmegaT projects."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, translator
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree
from translate.storage.po import pofile
from translate.storage.xliff import xlifffile
from translate.storage.xliff2 import Xliff2File

from translator import handoff, settings
from translator.catalogs import Catalog, State
from translator.errors import TranslatorError
from translator.exchange import inline, omegat, xliff1, xliff2
from translator.exchange.package import Exported, Fingerprint, Package, Suggestion
from translator.memory import Memory
from translator.memory.exchange import read as read_memory

VERSIONS = {"xliff": xliff1, "xliff2": xliff2}
LANGUAGE = "ru"


@pytest.fixture
def project(tmp_path: Path) -> settings.Settings:
    """A project with the sample release and the repository's drafts of it; one is approved."""
    folder = tmp_path / "project"
    for name in ("releases", "glossaries", f"locales/{LANGUAGE}"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "translator.toml", folder)
    found = settings.load(folder)
    catalog = open_catalog(found)
    first = catalog.units[0]
    catalog.revise(first.source, "Польско-казахстанские политические консультации", approved=True)
    catalog.save()
    return found


def open_catalog(project: settings.Settings) -> Catalog:
    return Catalog.read(project.catalog(SAMPLE, LANGUAGE))


def change(project: settings.Settings, index: int, target: str, *, approved: bool = False) -> str:
    """Change an entry of the catalog as a reviewer beside the CAT tool would; its source."""
    catalog = open_catalog(project)
    source = catalog.units[index].source
    catalog.revise(source, target, approved=approved)
    catalog.save()
    return source


def work(path: Path, changes: dict[int, tuple[str, str]]) -> None:
    """Translate units (index → target and state) as a CAT tool does: through translate-toolkit."""
    kind = xlifffile if b"xliff:document:1.2" in path.read_bytes() else Xliff2File
    store = kind.parsefile(str(path))
    for index, (target, state) in changes.items():
        unit = store.units[index]
        unit.target = target
        node = unit.xmlelement
        if isinstance(store, xlifffile):
            unit.xmlelement.attrib.pop("approved")
            node = unit.xmlelement.find(f"{{{xliff1.NAMESPACE}}}target")
        node.set("state", state)
    store.save()


@pytest.mark.parametrize("format", handoff.FORMATS)
def test_an_import_of_what_nobody_touched_changes_no_byte(
    project: settings.Settings, format: str
) -> None:
    before = open_catalog(project).path.read_bytes()
    path = handoff.export(project, SAMPLE, LANGUAGE, format)
    for approve in (False, True):
        _, outcome = handoff.take_back(project, path, approve=approve)
        assert not outcome.changed
        assert not outcome.conflicts
    assert open_catalog(project).path.read_bytes() == before


@pytest.mark.parametrize("format", VERSIONS)
def test_what_the_cat_tool_finished_is_approved_on_request_only(
    project: settings.Settings, format: str
) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, format)
    unfinished = "needs-translation" if format == "xliff" else "initial"
    work(path, {1: ("Первое.", "translated"), 2: ("Второе.", unfinished)})
    _, outcome = handoff.take_back(project, path)
    assert (outcome.edited, outcome.approved) == (2, 0)
    units = open_catalog(project).units
    assert [(u.target, u.state) for u in units[1:3]] == [
        ("Первое.", State.EDITED),
        ("Второе.", State.EDITED),
    ]


@pytest.mark.parametrize("format", VERSIONS)
def test_approval_comes_with_the_flag_and_is_remembered(
    project: settings.Settings, format: str
) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, format)
    draft = open_catalog(project).units[3]
    unfinished = "needs-translation" if format == "xliff" else "initial"
    work(
        path,
        {
            0: ("Польско-казахстанские политические консультации", unfinished),
            1: ("Первое.", "final"),
            2: ("Второе.", unfinished),
            3: (draft.target, "translated"),
        },
    )
    _, outcome = handoff.take_back(project, path, approve=True, reviewer="Anna")
    assert (outcome.edited, outcome.approved, outcome.reopened) == (1, 2, 1)
    catalog = open_catalog(project)
    states = [unit.state for unit in catalog.units[:4]]
    assert states == [State.EDITED, State.APPROVED, State.EDITED, State.APPROVED]
    assert catalog.reviewer == "Anna"
    with Memory(project.memory) as memory:
        match = memory.exact(catalog.units[1].source, LANGUAGE)
    assert match is not None
    assert (match.target, match.entry.reviewer) == ("Первое.", "Anna")


@pytest.mark.parametrize("format", VERSIONS)
def test_what_changed_on_both_sides_is_a_conflict_and_left_alone(
    project: settings.Settings, format: str
) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, format)
    work(path, {n: (f"Из программы {n}.", "final") for n in (1, 2, 3)})
    change(project, 1, "Из каталога.", approved=True)
    change(project, 2, "Из программы 2.", approved=True)  # the same on both sides is no conflict
    change(project, 4, "Только в каталоге.")
    done = translator("exchange", "import", str(path), "--approve", cwd=project.root)
    assert done.returncode == 1
    units = open_catalog(project).units
    assert f"locales/ru/{SAMPLE}.po:{units[1].line}: changed in the catalog" in done.stdout
    assert "“Из программы 1.”" in done.stdout
    assert done.stdout.count("\n") == 1
    assert "1 approved, 0 edited, 0 reopened, 14 unchanged, 1 left alone" in done.stderr
    assert [unit.target for unit in units[1:5]] == [
        "Из каталога.",
        "Из программы 2.",
        "Из программы 3.",
        "Только в каталоге.",
    ]


def test_an_approval_in_the_catalog_counts_as_a_change(project: settings.Settings) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, "xliff")
    work(path, {1: ("Иначе.", "final")})
    target = open_catalog(project).units[1].target
    change(project, 1, target, approved=True)
    _, outcome = handoff.take_back(project, path, approve=True)
    assert len(outcome.conflicts) == 1
    assert open_catalog(project).units[1].target == target


def test_a_removed_sentence_and_a_changed_source_are_conflicts(project: settings.Settings) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, "xliff")
    content = path.read_text(encoding="utf-8")
    gone = str(Fingerprint.of("Zdanie.", "Предложение.", False))
    ids = [unit.get("id") for unit in etree.fromstring(content.encode()).iter("{*}trans-unit")]
    content = content.replace(ids[1], gone).replace(">Konsultacje polityczne Polski i", ">Polski i")
    path.write_text(content, encoding="utf-8")
    work(path, {1: ("Предложение!", "final")})
    _, outcome = handoff.take_back(project, path, approve=True)
    problems = [problem for _, problem in outcome.conflicts]
    assert len(problems) == 2
    assert problems[0].startswith("the Polish was changed")
    assert problems[1].startswith("the sentence is no longer in the release")


def test_a_character_that_no_catalog_can_hold_is_not_written(project: settings.Settings) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, "xliff2")
    work(path, {1: ("Одна\u2028строка.", "final"), 2: ("Хорошо.", "final")})
    _, outcome = handoff.take_back(project, path, approve=True)
    assert (outcome.approved, len(outcome.conflicts)) == (1, 1)
    assert "U+2028" in outcome.conflicts[0][1]
    assert open_catalog(project).units[2].target == "Хорошо."


def test_an_export_never_overwrites_work(project: settings.Settings) -> None:
    handoff.export(project, SAMPLE, LANGUAGE, "xliff")
    with pytest.raises(TranslatorError, match="is there already"):
        handoff.export(project, SAMPLE, LANGUAGE, "xliff")


def test_xliff_has_terms_drafts_and_matches_of_the_memory(project: settings.Settings) -> None:
    with Memory(project.memory) as memory:
        memory.add(read_memory(ROOT / "corpus/bilateral.tsv"))
        source = next(memory.entries((LANGUAGE,))).source
    catalog = open_catalog(project)
    content = catalog.path.read_text(encoding="utf-8")
    old = catalog.units[1].source
    catalog.path.write_text(content.replace(old, source[:-1] + " dziś."), encoding="utf-8")
    path = handoff.export(project, SAMPLE, LANGUAGE, "xliff")
    units = xlifffile.parsefile(str(path)).units
    assert "term: Kazachstan → Казахстан" in units[2].getnotes()
    draft, match, *_ = units[1].getalttrans()
    assert draft.xmlelement.get("origin").startswith("machine pl→ru")
    assert match.source == source
    assert int(match.xmlelement.get("match-quality").rstrip("%")) >= 70
    states = [u.xmlelement.find("{*}target").get("state") for u in units]
    assert states == ["final"] + ["needs-review-translation"] * 15
    assert [unit.isapproved() for unit in units] == [True] + [False] * 15


@pytest.mark.parametrize(("format", "store"), [("xliff", xlifffile), ("xliff2", Xliff2File)])
def test_translate_toolkit_reads_the_same_texts_and_states(
    project: settings.Settings, format: str, store: type[xlifffile] | type[Xliff2File]
) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, format)
    found = store.parsefile(str(path))
    units = open_catalog(project).units
    assert [(u.source, u.target, u.isapproved()) for u in found.units] == [
        (u.source, u.target, u.state is State.APPROVED) for u in units
    ]
    assert (found.getsourcelanguage(), found.gettargetlanguage()) == ("pl", LANGUAGE)


def test_xliff2po_and_pofilter_accept_the_export(
    project: settings.Settings, tmp_path: Path
) -> None:
    path = handoff.export(project, SAMPLE, LANGUAGE, "xliff")
    made = tmp_path / "made.po"
    run("xliff2po", str(path), str(made))
    units = {unit.source: unit for unit in open_catalog(project).units}
    converted = [unit for unit in pofile.parsefile(str(made)).units if unit.source]
    assert {unit.source for unit in converted} == set(units)
    for unit in converted:
        assert unit.target == units[unit.source].target
        assert unit.isfuzzy() == (units[unit.source].state is not State.APPROVED)
    run("pofilter", "--test=xmltags", str(path), str(tmp_path / "filtered.xlf"))


def run(tool: str, *arguments: str) -> None:
    command = Path(sys.executable).parent / tool
    done = subprocess.run(
        [command, "--progress=none", *arguments], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


TAGS = st.sampled_from(
    ["<1>", "</1>", "<2/>", "<3>", "</3>", "<10/>", "</1/>", "<a>", "&amp;", "\r\n"]
)
CHARACTERS = st.characters(
    codec="utf-8",
    exclude_characters="".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])),
)
TEXT = st.lists(TAGS | st.text(CHARACTERS, max_size=6), max_size=8).map("".join)


@given(
    st.lists(st.tuples(TEXT, TEXT, st.sampled_from(State)), max_size=5),
    st.sampled_from([*VERSIONS]),
)
@hypothesis_settings(max_examples=150, deadline=None)
def test_any_text_survives(texts: list[tuple[str, str, State]], version: str) -> None:
    format = VERSIONS[version]
    units = tuple(
        Exported(
            str(Fingerprint.of(source, target, state is State.APPROVED)),
            source,
            target,
            state,
            notes=(source, target),
            suggestions=(Suggestion(target, source, source, 80),),
        )
        for source, target, state in texts
    )
    content = format.write(Package("releases/a.txt", "kk", units))
    back = format.read(etree.fromstring(content), Path("a.xlf"))
    assert (back.source_file, back.language) == ("releases/a.txt", "kk")
    assert [(u.id, u.source, u.target) for u in back.units] == [
        (u.id, u.source, u.target) for u in units
    ]
    for returned, unit in zip(back.units, units, strict=True):
        assert returned.done == (unit.state is State.APPROVED)
        assert Fingerprint.read(returned.id) == Fingerprint.of(
            returned.source, returned.target, bool(returned.done)
        )


def package(target: str) -> Package:
    return Package("releases/a.txt", "kk", (Exported("u", "Tak.", target, State.EDITED),))


def test_control_characters_are_carried_by_xliff_2() -> None:
    content = xliff2.write(package("a\x00b\x1f\ufffe<1>c</1>"))
    assert b'<cp hex="0000"/>' in content
    (unit,) = xliff2.read(etree.fromstring(content), Path("a.xlf")).units
    assert unit.target == "a\x00b\x1f\ufffe<1>c</1>"


def test_control_characters_are_refused_by_xliff_1(project: settings.Settings) -> None:
    change(project, 1, "a\x01b")
    line = open_catalog(project).units[1].line
    done = translator("exchange", "export", SAMPLE, "--to", LANGUAGE, cwd=project.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"locales/ru/{SAMPLE}.po:{line}: has the invisible character U+0001" in done.stderr
    path = handoff.export(project, SAMPLE, LANGUAGE, "xliff2")
    _, outcome = handoff.take_back(project, path)
    assert not outcome.conflicts


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("xliff", '<g id="1">Премьер</g> и <x id="2"/>, <bx id="3"/>но &lt;a&gt;<ex id="4"/>'),
        (
            "xliff2",
            '<pc id="1">Премьер</pc> и <ph id="2"/>, <sc id="3" isolated="yes"/>но &lt;a&gt;'
            '<ec id="4" isolated="yes"/>',
        ),
    ],
)
def test_numbered_tags_become_inline_elements(version: str, expected: str) -> None:
    content = VERSIONS[version].write(package("<1>Премьер</1> и <2/>, <3>но <a></4>"))
    assert f">{expected}</target>" in content.decode()


def test_crossing_tags_are_kept_as_they_are() -> None:
    for text in ("<1>a<2>b</1>c</2>", "</1><1>", "<1><1>a</1>", "<2><1/></2>"):
        for version in VERSIONS.values():
            (unit,) = version.read(etree.fromstring(version.write(package(text))), Path("x")).units
            assert unit.target == text


def test_segments_that_a_cat_tool_made_come_back_as_one_text() -> None:
    element = etree.fromstring(
        f'<target xmlns="{xliff1.NAMESPACE}"><mrk mtype="seg" mid="0">Раз.</mrk> '
        '<mrk mtype="seg" mid="1"><g id="1">Два.</g></mrk></target>'
    )
    assert inline.read(element, xliff1.DIALECT) == "Раз. <1>Два.</1>"
    unit = etree.fromstring(
        f'<xliff xmlns="{xliff2.NAMESPACE}" trgLang="ru"><file id="f"><unit id="u">'
        '<segment state="final"><source>Raz.</source><target>Раз.</target></segment>'
        "<ignorable><source> </source></ignorable>"
        '<segment state="initial"><source>Dwa.</source><target>Два.</target></segment>'
        "</unit></file></xliff>"
    )
    (returned,) = xliff2.read(unit, Path("x")).units
    assert (returned.source, returned.target, returned.done) == ("Raz. Dwa.", "Раз. Два.", False)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<xliff", "is no valid XML"),
        ("<tmx/>", "is neither XLIFF 1.2 nor 2.0"),
        (f'<xliff xmlns="{xliff1.NAMESPACE}"/>', "has no <file>"),
        (f'<xliff xmlns="{xliff2.NAMESPACE}"><file id="f"/></xliff>', "which is not there"),
        (
            f'<xliff xmlns="{xliff1.NAMESPACE}"><file><trans-unit id="u"><source/>'
            '<target><it id="1"/></target></trans-unit></file></xliff>',
            "a.xlf:1: has the tag <it>",
        ),
    ],
)
def test_other_files_are_refused_in_one_line(
    project: settings.Settings, content: str, problem: str
) -> None:
    path = project.root / "a.xlf"
    path.write_text(content, encoding="utf-8")
    done = translator("exchange", "import", "a.xlf", cwd=project.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1


def saved_by_omegat(folder: Path, texts: dict[str, str]) -> None:
    """Write project_save.tmx as OmegaT does when the translator confirms segments."""
    units = "".join(
        f'<tu><tuv lang="PL"><seg>{escape(source)}</seg></tuv>'
        f'<tuv lang="RU" changeid="anna"><seg>{escape(target)}</seg></tuv></tu>'
        for source, target in texts.items()
    )
    (folder / omegat.SAVED).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx11.dtd">\n'
        '<tmx version="1.1"><header creationtool="OmegaT" creationtoolversion="3.6.0_10"'
        ' segtype="paragraph" o-tmf="OmegaT TMX" adminlang="EN-US" srclang="PL"'
        f' datatype="plaintext"></header><body>{units}</body></tmx>\n',
        encoding="utf-8",
    )


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def test_an_omegat_project_comes_back(project: settings.Settings) -> None:
    with Memory(project.memory) as memory:
        memory.add(read_memory(ROOT / "corpus/bilateral.tsv"))
    folder = handoff.export(project, SAMPLE, LANGUAGE, "omegat")
    units = open_catalog(project).units
    assert "Kazachstan\tКазахстан\tplace" in (folder / "glossary/glossary.utf8").read_text("utf-8")
    confirmed = list(read_memory(folder / omegat.SAVED))
    assert [(e.source, e.target) for e in confirmed] == [(units[0].source, units[0].target)]
    assert len(list(read_memory(folder / "tm/memory.tmx"))) > 50
    saved_by_omegat(
        folder,
        {units[1].source: "Первое <1>слово</1>.", units[2].source: units[2].target, "Inne": "Иное"},
    )
    change(project, 3, "Каталог.", approved=True)
    done = translator("exchange", "import", str(folder), "--approve", "--json", cwd=project.root)
    report = json.loads(done.stdout)
    assert (done.returncode, report["approved"], report["conflicts"]) == (0, 2, [])
    after = open_catalog(project).units
    assert [(u.target, u.state) for u in after[1:4]] == [
        ("Первое <1>слово</1>.", State.APPROVED),
        (units[2].target, State.APPROVED),
        ("Каталог.", State.APPROVED),
    ]


@pytest.mark.skipif(shutil.which("omegat") is None, reason="OmegaT is not installed")
def test_omegat_itself_translates_with_the_project(
    project: settings.Settings, tmp_path: Path
) -> None:
    folder = handoff.export(project, SAMPLE, LANGUAGE, "omegat")
    units = open_catalog(project).units
    saved_by_omegat(folder, {units[1].source: "Первое <1>слово</1>."})
    done = subprocess.run(
        ["omegat", str(folder), "--mode=console-translate"],
        capture_output=True,
        env={**os.environ, "HOME": str(tmp_path)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = Catalog.read(folder / f"target/{SAMPLE}.po").units
    assert [unit.source for unit in made] == [unit.source for unit in units]
    assert made[0].target == units[0].target  # approved in the catalog
    assert made[1].target == "Первое <1>слово</1>."
    assert {unit.target for unit in made[2:]} == {""}
    _, outcome = handoff.take_back(project, folder)
    assert outcome.edited == 1
