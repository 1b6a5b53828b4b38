"""Tags: what markup becomes in a segment, and that none is lost, doubled or crossed unnoticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator import inline, segmentation
from translator.inline import Tag
from translator.model import Block, BlockKind, Inline


def test_markup_becomes_numbered_tags_segment_by_segment() -> None:
    text = "Minister Rau rozmawiał w Astanie. Wizyta potrwa dwa dni."
    inlines = (
        Inline("bold", 0, len(text)),
        Inline("link", 9, 12, "https://example.org"),
        Inline("italic", 25, 40),  # over the boundary of the sentences
        Inline("footnote", 33, 33, "1"),
    )
    block = Block(1, BlockKind.PARAGRAPH, text, inlines=inlines)
    first, second = segmentation._segment_block(block).segments
    assert first.text == "Minister <1>Rau</1> rozmawiał w <2>Astanie.</2><3/>"
    assert second.text == "<1>Wizyta</1> potrwa dwa dni."
    assert [first.tags[n].kind for n in (1, 2, 3)] == ["link", "italic", "footnote"]
    assert [i.kind for i in first.around] == [i.kind for i in second.around] == ["bold"]


def test_tags_are_numbered_after_those_that_the_text_itself_has() -> None:
    segment = inline.tagged("Znacznik <1> w tekście.", [Inline("bold", 13, 22)])
    assert segment.text == "Znacznik <1> <2>w tekście</2>."
    assert set(segment.tags) == {2}


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("<1>Рау</1> в Астане<2/>.", ""),
        ("в Астане<2/> <1>Рау</1>.", ""),
        ("Рау</1> в Астане<2/>.", "<1> is missing"),
        ("<1>Рау</1> в Астане.", "<2/> is missing"),
        ("<1>Рау</1> в Астане<2/><2/>.", "<2/> stands there 2 times"),
        ("<1>Рау</1> <3>в</3> Астане<2/>.", "<3> is not in the source"),
        ("</1>Рау<1> в Астане<2/>.", "Tags cross each other or close before they open"),
    ],
)
def test_what_is_wrong_with_the_tags_of_a_translation(target: str, problem: str) -> None:
    found = inline.problems("<1>Rau</1> w Astanie<2/>.", target)
    assert found[:1] == ([problem] if problem else [])


def test_crossing_tags_are_a_problem() -> None:
    assert inline.problems("<1>a</1> <2>b</2>", "<1>a <2>b</1></2>")


@st.composite
def _nested(draw: st.DrawFn) -> tuple[str, list[Tag]]:
    text = draw(st.text(alphabet="abc żółw.", max_size=30))
    tags: list[Tag] = []

    def fill(start: int, end: int, depth: int) -> None:
        at = start
        while at < end and len(tags) < 8:
            first = draw(st.integers(at, end - 1))
            last = draw(st.integers(first + 1, end))
            tags.append(Tag(len(tags) + 1, first, last))
            if depth < 2:
                fill(first, last, depth + 1)
            at = last

    fill(0, len(text), 0)
    return text, tags


@given(_nested())
def test_what_was_put_in_is_read_back(case: tuple[str, list[Tag]]) -> None:
    text, tags = case
    marked = inline.insert(text, tags)
    assert inline.parse(marked) == (text, tags)
    assert inline.plain(marked) == text
    assert inline.problems(marked, marked) == []
    assert "".join(marked[i] for i in inline.offsets(marked)[:-1]) == text
