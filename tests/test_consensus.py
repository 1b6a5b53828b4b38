"""The consensus of hypotheses: sacreBLEU's chrF, and a likely text that is like the others."""

from __future__ import annotations

import pytest
import sacrebleu
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from translator.machine import consensus
from translator.machine.engine import Engine

ROWS = [
    line.split("\t")
    for line in (ROOT / "corpus/bilateral.tsv").read_text(encoding="utf-8").splitlines()
]


def sacrebleu_says(texts: list[str]) -> list[list[float]]:
    chrf = sacrebleu.CHRF()
    return [[chrf.sentence_score(a, [b]).score / 100 for b in texts] for a in texts]


@pytest.mark.parametrize("column", [1, 2, 3])
def test_similarity_is_sacrebleus_chrf(column: int) -> None:
    texts = [row[column] for row in ROWS[:12]]
    found = consensus.similarities(texts)
    for row, expected in zip(found.tolist(), sacrebleu_says(texts), strict=True):
        assert row == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.text("абв, .", max_size=12), min_size=1, max_size=5))
def test_similarity_of_short_and_empty_texts(texts: list[str]) -> None:
    found = consensus.similarities(texts)
    for a, row in zip(texts, found.tolist(), strict=True):
        for b, value in zip(texts, row, strict=True):
            assert value == pytest.approx(sacrebleu_says([a, b])[0][1], abs=1e-9)


def test_of_equally_likely_texts_the_one_like_the_others_is_taken() -> None:
    texts = [
        "Встреча министров.",
        "Министры встретились в Варшаве в понедельник.",
        "Министры встретились в понедельник в Варшаве.",
        "Министры встретились в Варшаве.",
    ]
    assert consensus.best(texts, [-0.5, -0.5, -0.5, -0.5]) in (1, 2)
    assert consensus.best(texts, [0.0, -9.0, -9.0, -9.0]) == 0
    assert consensus.best(["одна и та же", "одна и та же"], [-1.0, -1.0]) == 0


@pytest.mark.parametrize(("language", "column"), [("en", 1), ("ru", 2), ("kk", 3)])
def test_consensus_of_the_machine_leaves_less_out(language: str, column: int) -> None:
    rows = ROWS[:60]
    texts = [row[0] for row in rows]
    engine = Engine()
    taken = [translation.text for translation in engine.translate(texts, language)]
    likeliest = [found[0].text for found in engine.hypotheses(texts, language, 1)]
    length = sum(len(row[column]) for row in rows)
    short = length - sum(map(len, likeliest))
    assert abs(length - sum(map(len, taken))) < abs(short)
