"""Glossaries from and for other tools: TBX, tables of IATE and others, what an import changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, translator
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from translator.errors import TranslatorError
from translator.model import Term
from translator.terminology import exchange, merging, termbase

LANGUAGES = ("en", "ru", "kk")

IATE = """\
E_ID|E_DOMAINS|L_CODE|T_TERM|T_TYPE|T_RELIABILITY|T_EVALUATION|E_PRIMARITY|E_LIFECYCLE
100|INTERNATIONAL RELATIONS|pl|zgoda państwa przyjmującego|Term|Very reliable|||
100|INTERNATIONAL RELATIONS|en|agrement|Term|Reliable|||
100|INTERNATIONAL RELATIONS|en|agrément|Term|Very reliable|Preferred||
100|INTERNATIONAL RELATIONS|en|letter of approval|Term|Very reliable|Deprecated||
200|LAW;EUROPEAN UNION|pl|Wspólna Polityka Handlowa|Term|Very reliable|||
300|LAW|fr|sans polonais|Term|Very reliable|||
200|LAW;EUROPEAN UNION|pl|WPH|Abbrev|Very reliable|||
200|LAW;EUROPEAN UNION|en|common commercial policy|Term|Very reliable|||
200|LAW;EUROPEAN UNION|en|CCP|Abbrev|Very reliable|||
400|LAW|pl|zasada "pomocniczości|Term|Very reliable|||
400|LAW|en|principle of "subsidiarity|Term|Very reliable|||
"""

TBX_2019 = """\
<?xml version="1.0"?>
<tbx type="TBX-Basic" style="dct" xml:lang="pl" xmlns="urn:iso:std:iso:30042:ed-2"
     xmlns:basic="http://www.tbxinfo.net/ns/basic" xmlns:min="http://www.tbxinfo.net/ns/min">
 <tbxHeader><fileDesc><sourceDesc><p>test</p></sourceDesc></fileDesc></tbxHeader>
 <text><body>
  <conceptEntry id="c1"><min:subjectField>treaty</min:subjectField>
   <langSec xml:lang="pl-PL"><termSec><term>konwencja wiedeńska</term></termSec></langSec>
   <langSec xml:lang="ru"><termSec><term>Венская конвенция</term></termSec>
    <termSec><term>Венский договор</term>
     <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec>
   </langSec>
  </conceptEntry>
 </body></text>
</tbx>
"""


def facts(term: Term) -> Term:
    """The term without the place it was read from."""
    forbidden = {code: variants for code, variants in term.forbidden.items() if variants}
    return replace(term, file="", line=0, forbidden=forbidden)


def through_tbx(terms: list[Term], folder: Path) -> list[Term]:
    path = folder / "terms.tbx"
    path.write_bytes(exchange.writer(path)(terms, LANGUAGES))
    return [termbase.parse(r, LANGUAGES, path, n) for n, r in exchange.read(path, LANGUAGES)]


def read(path: Path, content: str) -> list[Term]:
    path.write_text(content, encoding="utf-8")
    return [termbase.parse(r, LANGUAGES, path, n) for n, r in exchange.read(path, LANGUAGES)]


@pytest.mark.parametrize("name", ["diplomacy", "people"])
def test_the_glossaries_survive_tbx_and_csv(name: str, tmp_path: Path) -> None:
    original = termbase.read(ROOT / f"glossaries/{name}.csv")
    back = through_tbx(original, tmp_path)
    csv = tmp_path / f"{name}.csv"
    csv.write_text(termbase.render(back, csv, LANGUAGES), encoding="utf-8")
    again = through_tbx(termbase.read(csv), tmp_path)
    assert [facts(t) for t in again] == [facts(t) for t in original]


def test_an_unchanged_glossary_is_written_byte_for_byte(tmp_path: Path) -> None:
    for name in ("diplomacy.csv", "people.csv"):
        path = ROOT / "glossaries" / name
        content = termbase.render(termbase.read(path), path, LANGUAGES)
        assert content.encode() == path.read_bytes()


WORD = st.text(
    st.characters(codec="utf-8", exclude_characters="|\x00"), min_size=1, max_size=12
).map(lambda text: termbase._normal("".join(c for c in text if c.isprintable() or c == " ")))
LETTERS = WORD.filter(
    lambda t: t and not set(t.casefold()) & set("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі")
)
TERMS = st.builds(
    Term,
    source=LETTERS,
    targets=st.dictionaries(st.sampled_from(["en", "ru"]), LETTERS, min_size=1),
    domain=WORD,
    note=WORD,
    forbidden=st.dictionaries(st.just("ru"), st.tuples(LETTERS.map(lambda t: f"z {t}"))),
    case_sensitive=st.booleans(),
)


@given(st.lists(TERMS, max_size=4, unique_by=lambda term: term.source))
@settings(max_examples=60, deadline=None)
def test_any_terms_survive_csv_and_tbx(
    tmp_path_factory: pytest.TempPathFactory, terms: list[Term]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    terms = [
        t if "ru" in t.targets else replace(t, forbidden={})
        for t in terms
        if t.targets.get("ru") not in t.forbidden.get("ru", ())
    ]
    csv = folder / "any.csv"
    csv.write_text(termbase.render(terms, csv, LANGUAGES), encoding="utf-8", newline="")
    assert [facts(t) for t in termbase.read(csv)] == terms
    assert [facts(t) for t in through_tbx(terms, folder)] == terms


def test_tbx_says_what_is_forbidden_in_standard_categories(tmp_path: Path) -> None:
    term = Term("traktat", {"ru": "договор"}, "treaty", "nie „umowa”", {"ru": ("трактат",)}, True)
    root = etree.fromstring(exchange.writer(Path("x.tbx"))([term], LANGUAGES))
    assert root.get("type") == "TBX-Basic"
    assert root.findtext(".//descrip[@type='subjectField']") == "treaty"
    assert root.findtext(".//termEntry/note") == "nie „umowa”"
    deprecated = root.xpath("//tig[termNote='deprecatedTerm-admn-sts']/term/text()")
    assert deprecated == ["трактат"]
    assert facts(through_tbx([term], tmp_path)[0]) == term


def test_iate_takes_the_preferred_term_and_pairs_abbreviations(tmp_path: Path) -> None:
    terms = {term.source: term for term in read(tmp_path / "IATE_export.csv", IATE)}
    assert terms["zgoda państwa przyjmującego"].targets == {"en": "agrément"}
    assert terms["zgoda państwa przyjmującego"].forbidden == {"en": ("letter of approval",)}
    assert terms["zgoda państwa przyjmującego"].note == "also en: agrement"
    assert terms["zgoda państwa przyjmującego"].domain == "INTERNATIONAL RELATIONS"
    assert terms["Wspólna Polityka Handlowa"].targets == {"en": "common commercial policy"}
    assert terms["WPH"].targets == {"en": "CCP"}
    assert terms['zasada "pomocniczości'].targets == {"en": 'principle of "subsidiarity'}
    assert len(terms) == 4


def test_a_tbx_with_foreign_letters_in_its_markup_is_read(tmp_path: Path) -> None:
    (term,) = read(tmp_path / "new.tbx", TBX_2019.replace("<tbx ", '<tbx вид="тест" ', 1))
    assert term.source


def test_tbx_of_2019_is_read(tmp_path: Path) -> None:
    (term,) = read(tmp_path / "new.tbx", TBX_2019)
    assert (term.source, term.targets) == ("konwencja wiedeńska", {"ru": "Венская конвенция"})
    assert (term.domain, term.forbidden) == ("treaty", {"ru": ("Венский договор",)})


def test_a_table_without_polish_completes_known_terms(tmp_path: Path) -> None:
    table = tmp_path / "unterm.txt"
    rows = (
        "English\tFrench\tRussian\tSubject\n"
        "safe haven\tzone sûre\tбезопасное убежище\tUN\n"
        "peace enforcement\timposition de la paix\tпринуждение к миру\tUN\n"
    )
    table.write_bytes(rows.encode("utf-16"))
    into = tmp_path / "un.csv"
    into.write_text("pl,en,note\nbezpieczna przystań,Safe haven,\n", encoding="utf-8")
    merged = merging.merge(exchange.read(table, LANGUAGES), table, into, [], LANGUAGES)
    (term,) = merged.completed
    assert term.targets == {"en": "Safe haven", "ru": "безопасное убежище"}
    assert merged.unnamed == 1


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.tbx", "<tbx>", "a.tbx:1: is no valid XML"),
        ("a.tbx", "<html/>", "is no TBX file"),
        ("a.csv", "Nazwa;Opis\na;b\n", "names no two languages"),
        ("a.xlsx", "", "unknown kind of file"),
        ("a.csv", "pl,en\na\n", "a.csv:2: has 1 cells"),
    ],
)
def test_what_is_no_glossary_is_refused(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    with pytest.raises(TranslatorError, match=problem):
        read(tmp_path / name, content)


def test_import_adds_completes_and_never_overwrites(project: Path) -> None:
    (project / "IATE_export.csv").write_text(
        IATE + "500|LAW|pl|Rada Bezpieczeństwa|Term|Reliable|||\n"
        "500|LAW|en|Council of Safety|Term|Reliable|||\n",
        encoding="utf-8",
    )
    diplomacy = (project / "glossaries/diplomacy.csv").read_bytes()
    done = translator("glossary", "import", "IATE_export.csv", cwd=project)
    assert done.returncode == 1
    assert (
        "conflict: IATE_export.csv:13: “Rada Bezpieczeństwa”: en “Council of Safety”" in done.stdout
    )
    assert "added: WPH → en: CCP" in done.stdout
    assert "add “glossaries/IATE_export.csv” to `glossaries`" in done.stderr
    assert (project / "glossaries/diplomacy.csv").read_bytes() == diplomacy
    glossary = project / "glossaries/IATE_export.csv"
    assert {term.source for term in termbase.read(glossary)} >= {
        "zgoda państwa przyjmującego",
        "WPH",
    }
    before = glossary.read_bytes()
    again = translator("glossary", "import", "IATE_export.csv", "--json", cwd=project)
    assert json.loads(again.stdout)["added"] == []
    assert len(json.loads(again.stdout)["present"]) == 4
    assert glossary.read_bytes() == before


def test_export_and_import_of_the_project_changes_nothing(project: Path) -> None:
    assert translator("glossary", "export", "all.tbx", cwd=project).returncode == 0
    done = translator("glossary", "import", "all.tbx", "--json", cwd=project)
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert (report["added"], report["completed"], report["conflicts"]) == ([], [], [])
    assert len(report["present"]) == 972
    assert not (project / "glossaries/all.csv").exists()
