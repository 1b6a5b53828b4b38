"""The engine, on the packages that ship with translator and real text."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import ctranslate2
import pytest

from translator.errors import TranslatorError
from translator.machine import engine as engine_module
from translator.machine import text as texts
from translator.machine.engine import Engine
from translator.machine.quality import problem

RELEASE = Path(__file__).parent.parent / "releases" / "konsultacje-polska-kazachstan.txt"
SEGMENTS = [s.strip() for s in RELEASE.read_text(encoding="utf-8").split(". ") if s.strip()][:12]
SOURCE = "Minister spraw zagranicznych spotkał się z Wysokim Komisarzem OBWE."


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="module")
def russian(engine: Engine) -> list[engine_module.Translation]:
    return engine.translate(SEGMENTS, "ru")


def test_same_output_in_any_order_batch_size_and_company(engine, russian):
    order = list(range(len(SEGMENTS)))
    random.Random(1).shuffle(order)
    shuffled = engine.translate([SEGMENTS[k] for k in order], "ru")
    assert shuffled == [russian[k] for k in order]
    small = Engine(batch_tokens=1, threads=1)
    assert small.translate(SEGMENTS[:4], "ru") == russian[:4]


def test_every_segment_is_translated_or_has_a_problem(russian):
    for source, translation in zip(SEGMENTS, russian, strict=True):
        if translation.problem:
            assert translation.text == ""
        else:
            assert problem(source, translation.text, "ru") == ""
            assert "<2ru>" not in translation.text
            assert translation.score < 0


def test_packages_with_one_model_load_it_once(engine):
    for language in ("en", "ru", "kk"):
        assert engine.translate([SOURCE], language)[0].text
    assert len({engine.route(to)[0].path for to in ("en", "ru", "kk")}) == 3
    assert len(engine._models) == 1


def test_equal_texts_are_decoded_once(engine, monkeypatch):
    seen = []
    decode = Engine._decode

    def counting(self, package, requests, **options):
        seen.append(len(requests))
        return decode(self, package, requests, **options)

    monkeypatch.setattr(Engine, "_decode", counting)
    first, second = engine.translate([SOURCE, SOURCE], "en")
    assert first == second
    assert seen[0] == 1


def test_stream_yields_before_all_is_done(engine, monkeypatch):
    submitted = []
    submit = ctranslate2.Translator.translate_batch

    class Counting:
        def translate_batch(self, *args, **options):
            submitted.append(len(args[0]))
            return submit(model, *args, **options)

    model = engine._model(engine.route("en")[0])
    monkeypatch.setattr(Engine, "_model", lambda self, package: Counting())
    sources = [" ".join(SOURCE.split()[:n]) for n in range(1, 10)] + SEGMENTS
    stream = engine.stream(sources, "en")
    number, translation = next(stream)
    assert translation.text
    assert number in range(len(sources))
    assert sum(submitted) < len(set(sources))
    stream.close()


def test_progress_adds_up(engine):
    steps = []
    engine.translate(SEGMENTS[:3] + SEGMENTS[:1], "en", progress=steps.append)
    assert sum(steps) == 4


def test_white_space_and_soft_hyphens_do_not_change_the_translation(engine):
    spoilt = SOURCE.replace(" ", "\u00a0 ").replace("Minister", "Mini\u00adster")
    assert engine.translate([spoilt], "ru")[0].text == engine.translate([SOURCE], "ru")[0].text


def test_figures_alone_are_kept(engine):
    assert engine.translate(["53,9% – 2021", "***"], "kk")[0].text == "53,9% – 2021"


def test_long_segment_is_translated_in_parts(engine, monkeypatch):
    monkeypatch.setattr(engine_module, "LONGEST", 12)
    parts = []
    encode = Engine._encode

    def spy(self, package, plain):
        parts.append(plain.text)
        return encode(self, package, plain)

    monkeypatch.setattr(Engine, "_encode", spy)
    long = (
        "Minister wyjechał do Astany, a potem spotkał się z prezydentem, który podziękował Polsce."
    )
    translation = engine.translate([long], "en", align=True)[0]
    assert "Minister wyjechał do Astany," in parts
    assert translation.text or translation.problem
    assert max(end for _, _, _, end in translation.alignment) == len(translation.text)
    assert max(end for _, end, _, _ in translation.alignment) > long.index("prezydentem")


def test_what_cannot_be_cut_is_not_cut_off_silently(engine):
    translation = engine.translate(["ąż" * 1500], "en")[0]
    assert translation.text == ""
    assert "too long" in translation.problem


def test_unusable_output_is_retried_then_left_untranslated(engine, monkeypatch):
    tried = []

    def never_good(source, target, language):
        tried.append(target)
        return "repeats itself"

    monkeypatch.setattr(engine_module, "problem", never_good)
    translation = engine.translate([SOURCE], "ru")[0]
    assert (translation.text, translation.problem) == ("", "repeats itself")
    # what was chosen before and after every hypothesis of the beam, then one for each new attempt
    assert len(tried) == 1 + engine.beam + 1 + len(engine_module.RETRIES)


def test_retry_is_used_where_it_is_good(engine, monkeypatch):
    judged = []

    def judge(source, target, language):
        judged.append(target)
        return "bad" if len(judged) <= engine.beam + 1 else ""

    monkeypatch.setattr(engine_module, "problem", judge)
    again = engine.translate([SOURCE], "ru")[0]
    assert (again.text, again.problem) == (judged[-1], "")
    assert len(judged) == engine.beam + 2


def test_an_unusable_hypothesis_gives_way_to_a_usable_one(engine, monkeypatch):
    likeliest = engine.translate([SOURCE], "ru")[0].text

    def judge(source, target, language):
        return "bad" if target == likeliest else ""

    monkeypatch.setattr(engine_module, "problem", judge)
    other = engine.translate([SOURCE], "ru")[0]
    assert other.problem == ""
    assert other.text not in ("", likeliest)


def test_alignment_gives_words(engine):
    source = "Polska\u00a0i  Kazach\u00adstan"
    translation = engine.translate([source], "en", align=True)[0]
    assert len(translation.alignment) == len(translation.text.split())
    for start, end, target_start, target_end in translation.alignment:
        assert source[start:end].strip() == source[start:end] != ""
        assert translation.text[target_start:target_end] in translation.text.split()
    pairs = {translation.text[c:d]: source[a:b] for a, b, c, d in translation.alignment}
    assert pairs["Kazakhstan"] == "Kazach\u00adstan"


def test_constrained_keeps_the_prefix_and_its_word_end(engine):
    prefixes = ["Министр", "Министр иностранных дел Поль", "Министр иностр ", "Верховный комиссар "]
    found = engine.constrained([SOURCE] * len(prefixes), prefixes, "ru")
    for prefix, hypothesis in zip(prefixes, found, strict=True):
        assert hypothesis.text.startswith(prefix.strip())
        assert len(hypothesis.text) > len(prefix)
        if prefix.endswith(" "):
            assert not hypothesis.text[len(prefix.strip())].isalnum()


def test_scores_are_comparable(engine):
    best = engine.translate([SOURCE], "ru")[0]
    right, wrong = engine.score(
        [SOURCE] * 2, [best.text, "Кошка спала на тёплой печке и мурлыкала."], "ru"
    )
    assert right == pytest.approx(best.score, abs=1e-3)
    assert right > wrong
    alone = engine.score([SOURCE], [best.text], "ru")
    assert alone == [right]


def test_n_best(engine):
    (found,) = engine.hypotheses([SOURCE], "ru", 3)
    assert len({h.text for h in found}) == 3


def test_pivot_through_english(engine, monkeypatch, embedded_english_to):
    pivoted = Engine()
    pivoted._routes["ru"] = embedded_english_to
    translation = pivoted.translate([SOURCE, "Polska"], "ru")
    assert len(translation) == 2
    english = engine.translate([SOURCE], "en")[0].text
    second = Engine("en")
    second._routes["ru"] = embedded_english_to[1:]
    assert translation[0].text == second.translate([english], "ru")[0].text


@pytest.fixture
def embedded_english_to(engine):
    """A route of two packages; the second is pl→ru, which takes English words as they are."""
    return (engine.route("en")[0], engine.route("ru")[0])


def test_annotations_are_written_into_the_source():
    plain = texts.normalize("Wizyta  Ministra, w Kijowie")
    marked = texts.annotate(plain, [(8, 16, "министр")])
    assert marked.text == "Wizyta <t> Ministra <u> министр </t>, w Kijowie"
    spans = dict(zip(marked.text.split(), marked.words(), strict=True))
    assert spans["министр"] == (8, 16)
    assert spans["Kijowie"] == (20, 27)
    with pytest.raises(TranslatorError, match="overlap"):
        texts.annotate(plain, [(8, 16, "a"), (10, 14, "b")])


def test_annotations_only_reach_packages_that_know_them():
    annotations = [[(0, 8, "министр")]]
    assert "term_annotations" in Engine().route("ru")[0].capabilities
    seen = {}
    for capabilities in (frozenset({"term_annotations"}), frozenset()):
        engine = Engine()
        (package,) = engine.route("ru")
        engine._routes["ru"] = (replace(package, capabilities=capabilities),)
        seen[capabilities] = engine.translate([SOURCE], "ru", annotations=annotations)
        plain = engine.translate([SOURCE], "ru")
    assert seen[frozenset()] == plain
    assert seen[frozenset({"term_annotations"})][0].score != plain[0].score


@pytest.mark.parametrize(
    ("source", "target", "language", "expected"),
    [
        ("Polska", "", "ru", "empty"),
        ("Polska", " … ", "ru", "empty"),
        ("Polska w ONZ", "Польша на на на ООН", "ru", "repeats itself"),
        ("Polska w ONZ i UE", "в рамках ООН в рамках ООН", "ru", "repeats itself"),
        ("Polska", "Польшашашашашаша", "ru", "repeats itself"),
        ("Nie, nie, nie, nie!", "Нет, нет, нет, нет!", "ru", ""),
        ("Pandemia COVID-19", "Пандемия COVID-19", "ru", ""),
        ("napisał na Twitterze", "написал в Twitter", "ru", ""),
        ("adres: biuro@msz.gov.pl", "адрес: biuro@msz.gov.pl", "ru", ""),
        ("XXI wiek", "XXI век", "ru", ""),
        ("wiceminister Przydacz", "wiceminister Пшидач", "ru", "wrong script"),
        ("Polska", "Poland", "kk", "wrong script"),
        ("Polska", "Пolsка", "ru", "wrong script"),
        ("Polska i Kazachstan", "Қазақстан және Польша", "ru", "wrong script"),
        ("Polska", "Польша", "en", "wrong script"),
        ("OBWE", "Организация по безопасности и сотрудничеству", "ru", ""),
        ("Tak.", "Да, " + "и это очень важно для всех нас сегодня, как и вчера", "ru", "longer"),
        (SOURCE, "Да.", "ru", "shorter"),
    ],
)
def test_problem(source, target, language, expected):
    found = problem(source, target, language)
    assert found == "" if not expected else expected in found


def test_cuda_without_gpu_is_refused_clearly():
    if ctranslate2.get_cuda_device_count():
        assert Engine(device="cuda").translate([SOURCE], "en")[0].text
    else:
        with pytest.raises(TranslatorError, match="--device cpu"):
            Engine(device="cuda")


def test_first_segment_is_quick_and_small(tmp_path):
    """From the start of the process to the output, on an empty HOME that stays empty."""
    code = (
        "import re, time; from pathlib import Path; s = time.perf_counter();"
        "from translator.machine.engine import Engine;"
        f"print(Engine().translate([{SOURCE!r}], 'kk')[0].text);"
        # ru_maxrss would tell the peak of this process too, of which it is forked
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1];"
        "print(time.process_time(), int(peak) / 1024)"
    )
    root = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, mebibytes = map(float, run.stdout.splitlines()[-1].split())
    assert seconds < 1.5  # processor time; 0.5 s measured
    assert mebibytes < 250
    assert not any(tmp_path.iterdir())
