"""The house style of the words (ё, English spelling) and Kazakh in the Latin alphabet."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, translator
from hypothesis import given
from hypothesis import strategies as st

from translator import inline, settings
from translator.errors import TranslatorError
from translator.model import BlockKind, Inline, Row
from translator.pipeline import _styled
from translator.publishing import Publication, in_script, render, script
from translator.style import Style, places
from translator.terminology import Terminology

FILES = ("bilateral", "eu", "kazakhstan", "news")


def column(number: int) -> list[str]:
    rows = [
        line.split("\t")
        for name in FILES
        for line in (ROOT / f"corpus/{name}.tsv").read_text("utf-8").splitlines()
    ]
    return [row[number] for row in rows]


# Kazakh in Latin letters


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        # the preamble of "Kazakh alphabets" in Wikipedia, in both
        (
            "Бұрыңғы өткен заманда, бір данышпан кісі, Бағдат шаһарының бір үлкен қазысының үйіне "
            "келіп қоныпты.",
            "Būryñğy ötken zamanda, bır danyşpan kısı, Bağdat şaharynyñ bır ülken qazysynyñ üiıne "
            "kelıp qonypty.",
        ),
        ("Қазақстан Республикасы", "Qazaqstan Respublikasy"),
        ("Сыртқы істер министрлігі", "Syrtqy ıster ministrlıgı"),
        ("ИРАН, Иран, ІЛЕ, Іле", "İRAN, İran, ILE, Ile"),
        ("Юрий Щучинскіде, ЮНЕСКО, ЮНЕСКО-ның", "İurii Ştşutşinskıde, İUNESKO, İUNESKO-nyñ"),
        ("ЕҚЫҰ-ның, АҚШ, БҰҰ", "EQYŪ-nyñ, AQŞ, BŪŪ"),
        ("Ильич объектісі цирк", "İlitş obektısı tsirk"),
        ("NATO 2021 жылғы", "NATO 2021 jylğy"),
        ("", ""),
    ],
)
def test_the_latin_alphabet(cyrillic: str, latin: str) -> None:
    assert script.latin(cyrillic) == latin


BACK = {
    **{"ştş": "щ", "tş": "ч", "ts": "ц", "iu": "ю", "ia": "я", "io": "ё"},
    **dict(zip("aäbvgğdejzikqlmnñoöprstuūüfhşyı", "аәбвгғдежзикқлмнңоөпрстуұүфхшыі", strict=True)),
}
SAME = str.maketrans({"й": "и", "һ": "х", "э": "е", "ъ": None, "ь": None})


def test_nothing_is_lost_but_what_the_alphabet_does_not_tell_apart() -> None:
    pattern = re.compile("|".join(sorted(BACK, key=len, reverse=True)))
    words = {
        word
        for text in column(3)
        for word in re.findall(r"\w+", text.lower())
        if not re.search(r"[a-z0-9]", word)
    }
    # What letters of two sounds fall together with: "тс" in "Сәтсіз", "иа" in "миллиард".
    words = {w for w in words if not re.search("тс|тш|[ий][аоу]", w)}
    assert len(words) > 3000
    for word in words:
        back = pattern.sub(lambda match: BACK[match[0]], script.latin(word))
        assert back == word.translate(SAME)


def test_a_kazakh_text_has_no_cyrillic_letter_left() -> None:
    for text in column(3):
        assert not re.search("[\u0400-\u04ff]", script.latin(text))


@given(st.text(alphabet="абщЮІ NATO,–ь", max_size=30), st.integers(0, 30))
def test_markup_follows_into_the_script(text: str, at: int) -> None:
    at = min(at, len(text))
    (moved,) = inline.moved([Inline("bold", 0, at)], text, script.latin)
    assert script.latin(text)[: moved.end].lower() == script.latin(text[:at]).lower()


def test_only_kazakh_is_written_in_latin_letters_and_other_scripts_are_refused() -> None:
    assert in_script("kk", "Latn") == "kk-Latn"
    assert in_script("ru", "Latn") == "ru"
    assert in_script("kk", "") == "kk"
    with pytest.raises(TranslatorError, match="unknown script"):
        in_script("kk", "Arab")


def test_publications_in_latin_letters(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert translator("init", cwd=project).returncode == 0
    shutil.copy(ROOT / f"releases/{SAMPLE}.txt", project / "releases")
    (project / "locales/kk").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / f"locales/kk/{SAMPLE}.po", project / "locales/kk")
    done = translator("publish", SAMPLE, "--to", "kk", "--script", "Latn", "--draft", cwd=project)
    assert done.returncode == 0, done.stderr
    folder = project / "public/kk-Latn"
    page = (folder / f"{SAMPLE}.draft.html").read_text("utf-8")
    assert '<html lang="kk-Latn">' in page
    for format in ("txt", "md", "html"):
        text = (folder / f"{SAMPLE}.draft.{format}").read_text("utf-8")
        assert not re.search("[\u0400-\u04ff]", text)
        assert "Qazaqstan" in text
    assert (folder / f"{SAMPLE}.draft.pdf").read_bytes().startswith(b"%PDF")
    refused = translator("publish", SAMPLE, "--to", "kk", "--script", "Arab", cwd=project)
    assert (refused.returncode, "unknown script" in refused.stderr) == (2, True)


# ё


def test_yo_is_never_written() -> None:
    assert Style(yo="never").apply("Ёлка, её и Королёв", "ru") == "Елка, ее и Королев"
    assert Style(yo="never").apply("Ёлка", "kk") == "Ёлка"


def test_yo_is_written_where_it_is_certain() -> None:
    style = Style(yo="always")
    text = "Еще все идет. Причем ее отчет и самолет – осел посол Королев."
    # все and осел have two readings, Королев is a name
    expected = "Ещё все идёт. Причём её отчёт и самолёт – осел посол Королев."
    assert style.apply(text, "ru") == expected
    assert style.apply(expected, "ru") == expected


def test_yo_taken_out_of_the_corpus_comes_back_and_nowhere_else() -> None:
    never, always = Style(yo="never"), Style(yo="always")
    wrong = right = 0
    for text in column(2):
        for word, wanted in zip(
            re.findall(r"\w+", always.apply(never.apply(text, "ru"), "ru")),
            re.findall(r"\w+", text),
            strict=True,
        ):
            right += word == wanted and "ё" in word
            wrong += word != wanted and "ё" in word
    assert wrong == 0
    assert right > 450


# English


def test_american_and_british_spelling() -> None:
    british = "Defence ministers emphasised the centre’s programme; www.centre.org, colour."
    american = "Defense ministers emphasized the center’s program; www.centre.org, color."
    assert Style(english="american").apply(british, "en") == american
    # a program may be one of a computer
    assert Style(english="british").apply(american, "en") == british.replace("programme", "program")
    assert Style().apply(british, "en") == british
    assert Style(english="american").apply(british, "ru") == british


def test_names_and_terms_keep_their_spelling() -> None:
    terms = Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))
    text = "The World Health Organization and the deputy defence minister met at the Labour Party."
    assert Style(english="british").apply(text, "en") == text
    (matches,) = terms.find(["Attaché obrony mówił o obronie i programie Erasmus+."])
    text = "The defence attachés spoke of defence and of the Erasmus+ programme."
    kept = places(text, "en", matches)
    assert Style(english="american").apply(text, "en", kept) == (
        "The defence attachés spoke of defense and of the Erasmus+ programme."
    )


def test_the_corpus_comes_back_from_american_spelling() -> None:
    american, british = Style(english="american"), Style(english="british")
    texts = column(1)
    changed = [text for text in texts if american.apply(text, "en") != text]
    assert len(changed) > 50
    one_way = re.compile(
        r"\b(?:program|license|practice|judgment|theater|meter|tire)s?\b", re.IGNORECASE
    )
    for text in changed:
        there = american.apply(text, "en")
        if not one_way.search(there):
            assert british.apply(there, "en") == text
    for text in texts:  # which is written in British spelling
        assert british.apply(text, "en") == text


def test_markup_follows_the_style() -> None:
    text = "The programme honours it."
    row = Row(BlockKind.PARAGRAPH, "", text, target_inlines=(Inline("bold", 14, 21),))
    styled = _styled(row, "en", Style(english="american"))
    (bold,) = styled.target_inlines
    assert styled.target == "The program honors it."
    assert styled.target[bold.start : bold.end] == "honors"
    publication = Publication("r", "en", (Row(BlockKind.TITLE, "T", "T"), styled))
    assert "<strong>honors</strong>" in render(publication, "html").decode()


def test_the_settings_are_read_and_checked(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('[publishing]\nyo = "never"\nenglish = "american"\n')
    assert settings.load(tmp_path).style == Style("never", "american")
    (tmp_path / settings.FILE).write_text('[publishing]\nyo = "sometimes"\n')
    with pytest.raises(TranslatorError, match="use keep, never, always"):
        settings.load(tmp_path)
