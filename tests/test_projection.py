"""Tags stand around the right words of a translation; none is lost, doubled or crossed."""

from __future__ import annotations

from functools import cache

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from translator import anchors, inline
from translator.inline import Tag
from translator.projection import project
from translator.terminology import Terminology


@cache
def terminology() -> Terminology:
    return Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))


def placed(source: str, target: str, language: str, *, breaks: tuple[int, ...] = ()) -> str:
    """The target with the source's tags, from anchors alone."""
    text, tags = inline.parse(source)
    (matches,) = terminology().find([text])
    certain = anchors.find(text, target, language, matches)
    return inline.insert(target, project(text, tags, target, certain, breaks=breaks).tags)


@pytest.mark.parametrize(
    ("source", "language", "expected"),
    [
        # a term that the target inflects and sets elsewhere
        (
            "Polska przejmie przewodnictwo w <1>Radzie Unii Europejskiej</1> <2>1 stycznia</2>.",
            "kk",
            "<2>1 қаңтарда</2> Польша <1>Еуропалық Одақ Кеңесіне</1> төрағалық етеді.",
        ),
        (
            "Rozmowę z <1>Federiką Mogherini</1> zapowiedziano na <2>9 maja 2024 r.</2>",
            "en",
            "A conversation with <1>Federica Mogherini</1> was announced for <2>9 May 2024</2>.",
        ),
        # the figure with its sign, the sign of money before it
        (
            "Eksport wzrósł o <1>18,4%</1>, do <2>1,3 mld euro</2>.",
            "en",
            "Exports rose by <1>18.4%</1>, to <2>EUR 1.3 billion</2>.",
        ),
        (
            "Eksport wzrósł o <1>18,4%</1>, do <2>1,3 mld euro</2>.",
            "kk",
            "Экспорт <1>18,4%-ға</1> өсіп, <2>1,3 млрд еуроға</2> жетті.",
        ),
        # part of a name, and one pair inside another
        (
            "<1>Minister <2>Zbigniew <3>Rau</3></2></1> odwiedził Astanę.",
            "ru",
            "<1>Министр <2>Збигнев <3>Рау</3></2></1> посетил Астану.",
        ),
        # quotation marks inside and outside
        ("Gazeta <1>„Karawan”</1> napisała.", "ru", "Газета <1>«Караван»</1> написала."),
        ("Gazeta „<1>Karawan</1>” napisała.", "ru", "Газета «<1>Караван</1>» написала."),
        # a footnote after the word, before or behind what ends the sentence
        (
            "Rozmowy odbyły się w Astanie<1/>.",
            "kk",
            "Астанада<1/> келіссөздер өтті.",
        ),
        ("Rozmowy odbyły się w Astanie.<1/>", "kk", "Астанада келіссөздер өтті.<1/>"),
        (
            "W Astanie,<1/> dodał minister, trwa wiec.",
            "ru",
            "В Астане,<1/> добавил министр, митинг.",
        ),
        # a footnote behind a term that is in a pair, whose last word is another one there
        (
            "Szef <1>Rady Unii Europejskiej</1>,<2/> dodał, że tak.",
            "kk",
            "<1>Еуропалық Одақ Кеңесінің</1><2/> басшысы иә деді.",
        ),
        # words that only sound alike
        (
            "Wystawa w <1>Karagandzie</1> potrwa do jutra.",
            "ru",
            "В <1>Караганде</1> выставка продлится до завтра.",
        ),
    ],
)
def test_tags_stand_around_the_right_words(source: str, language: str, expected: str) -> None:
    assert placed(source, inline.plain(expected), language) == expected


def test_a_break_stands_where_the_clause_ends() -> None:
    source = "Wizyta w Warszawie:<1/> spotkanie w Astanie"
    target = "Визит в Варшаву: встреча в Астане"
    assert placed(source, target, "ru", breaks=(1,)) == "Визит в Варшаву:<1/> встреча в Астане"


def test_attention_leads_where_no_anchor_does() -> None:
    source, tags = inline.parse("Goście obejrzeli <1>stary most</1> nad rzeką.")
    target = "Қонақтар өзен үстіндегі ескі көпірді көрді."
    pairs = [
        ("Goście", "Қонақтар"),
        ("obejrzeli", "көрді"),
        ("stary", "ескі"),
        ("most", "көпірді"),
        ("nad", "үстіндегі"),
        ("rzeką", "өзен"),
    ]
    attention = [
        (a := source.index(one), a + len(one), b := target.index(other), b + len(other), 0.9)
        for one, other in pairs
    ]
    found = project(source, tags, target, (), attention)
    assert inline.insert(target, found.tags) == (
        "Қонақтар өзен үстіндегі <1>ескі көпірді</1> көрді."
    )
    assert found.doubtful == ()


def test_what_is_not_known_is_doubtful() -> None:
    source, tags = inline.parse("Zabrakło <1>tchu</1>.")
    attention = [(0, 8, 0, 3, 0.5), (9, 13, 0, 3, 0.2), (0, 8, 4, 9, 0.8)]
    found = project(source, tags, "Ему стало трудно дышать.", (), attention)
    assert found.doubtful == (1,)
    assert len(found.tags) == 1


@pytest.mark.parametrize("target", ["", "…", "Да."])
def test_a_translation_shorter_than_its_tags_loses_none(target: str) -> None:
    source = "<1>Minister</1> <2>Rau<3/></2>, <4>Warszawa</4><5/> – <6><7>dziś</7></6>."
    assert inline.problems(source, placed(source, target, "ru")) == []


@st.composite
def _cases(draw: st.DrawFn) -> tuple[str, list[Tag], str, list[tuple[int, int, int, int, float]]]:
    source, target = (draw(st.text(alphabet="ab .,”„-", max_size=25)) for _ in "12")
    tags: list[Tag] = []

    def fill(start: int, end: int, depth: int) -> None:
        at = start
        while at <= end and len(tags) < 6 and draw(st.booleans()):
            first = draw(st.integers(at, end))
            last = draw(st.integers(first, end))
            tags.append(Tag(len(tags) + 1, first, last, empty=first == last))
            if depth < 2 and first < last:
                fill(first, last, depth + 1)
            at = max(last, at + 1)

    fill(0, len(source), 0)
    link = st.tuples(
        st.integers(0, 25), st.integers(0, 25), st.integers(0, 25), st.integers(0, 25),
        st.floats(0, 1),
    )  # fmt: skip
    return source, tags, target, draw(st.lists(link, max_size=8))


@given(_cases())
def test_whatever_the_alignment_no_tag_is_lost_doubled_or_crossed(
    case: tuple[str, list[Tag], str, list[tuple[int, int, int, int, float]]],
) -> None:
    source, tags, target, attention = case
    certain = [(a, b, c, d) for a, b, c, d, weight in attention if weight > 0.9]
    found = project(source, tags, target, certain, attention, breaks=(1, 3))
    marked = inline.insert(target, found.tags)
    assert inline.plain(marked) == target
    assert inline.problems(inline.insert(source, tags), marked) == []
