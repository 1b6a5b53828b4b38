"""Training: alignment, annotation, batches, resuming, export. Skipped without torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch, which is an extra")

import ctranslate2
import numpy as np
import torch

from training import align, ctranslate, data, package, plot
from training.annotation import Annotator, GlossarySpots, mark
from training.model import Shape, Transformer
from training.train import Config, Trainer
from training.vocabulary import BOS, EOS, Vocabulary

ROOT = Path(__file__).parent.parent
DICTIONARY = {
    "minister": "министр",
    "wizyta": "визит",
    "rząd": "правительство",
    "umowa": "договор",
    "pokój": "мир",
    "granica": "граница",
    "wojna": "война",
    "szkoła": "школа",
}


def config(**changes: object) -> Config:
    settings = Config(
        shape={"vocabulary": 600, "width": 32, "heads": 2, "inner": 64, "encoder": 2, "decoder": 2},
        seed=3,
        threads=1,
        tokens=600,
        warmup=2,
        smoothing=0.1,
        guidance=0.2,
        start="",
        sources={"domain": [str(ROOT / "corpus" / "bilateral.tsv")]},
        domain=["domain"],
        glossaries=[str(ROOT / "glossaries" / "*.csv")],
        texts="",
        dev="",
        tests=[],
        log_every=2,
        save_minutes=0,
        eval_minutes=60,
        stages=[
            {
                "name": name,
                "steps": 4,
                "rates": [1e-3, 1e-4],
                "annotated": 0.5,
                "shares": {"domain": 1.0},
                "chunk": 20,
            }
            for name in ("first", "second")
        ],
    )
    return replace(settings, **changes)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    trainer = Trainer(config(), tmp_path_factory.mktemp("run"))
    trainer.run()
    return trainer


def test_alignment_learns_a_dictionary_from_reordered_sentences() -> None:
    rng = np.random.default_rng(1)
    pairs = []
    for _ in range(200):
        source = rng.permutation(list(DICTIONARY))[:4].tolist()
        target = [DICTIONARY[word] for word in source]
        target[0], target[1] = target[1], target[0]
        pairs.append((source, target))
    for links in align.align(pairs):
        assert sorted(links.tolist()) == [[0, 1], [1, 0], [2, 2], [3, 3]]


def test_alignment_of_empty_texts_has_no_links() -> None:
    found = align.align([([], ["а"]), (["a"], [])])
    assert [links.shape for links in found] == [(0, 2), (0, 2)]


def test_alignment_of_the_corpus_links_figures_to_themselves() -> None:
    lines = (ROOT / "corpus" / "bilateral.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    pairs = [(align.stems(row[0]), align.stems(row[2])) for row in rows]
    right = wrong = 0
    for (source, target), links in zip(pairs, align.align(pairs), strict=True):
        for i, j in links.tolist():
            if source[i].isdigit():
                right += source[i] == target[j]
                wrong += source[i] != target[j] and target[j].isdigit()
    assert right > 50
    assert wrong < right / 20


def row_of(pl: str, ru: str) -> data.Row:
    texts = {"pl": pl, "ru": ru}
    spans = {language: align.words(text) for language, text in texts.items()}
    return data.Row(texts, spans, {"ru": np.array([[0, 0], [1, 1]], np.int16)})


def test_a_mark_puts_the_lemma_behind_the_term_and_takes_over_its_links() -> None:
    row = mark(row_of("Wizyta ministra.", "Визит министра."), "ru", [(1, 2, 1, 2, "министр")])
    assert row.texts["pl"] == "Wizyta <t> ministra <u> министр </t>."
    words = [row.texts["pl"][slice(*span)] for span in row.spans["pl"]]
    assert words == ["Wizyta", "ministra", "министр", "."]
    assert sorted(row.links["ru"].tolist()) == [[0, 0], [2, 1]]


def test_glossary_spots_are_terms_whose_required_form_stands_in_the_target() -> None:
    find = GlossarySpots(sorted((ROOT / "glossaries").glob("*.csv")))
    good = row_of("Spotkanie w Unii Europejskiej", "Встреча в Европейском союзе")
    assert find(good, "ru") == [(2, 4, 2, 4, "Европейский союз")]
    assert find(row_of("Spotkanie w Unii Europejskiej", "Встреча в Брюсселе"), "ru") == []


def test_pieces_know_their_words_also_around_symbols_and_unknown_letters(trained: Trainer) -> None:
    vocabulary: Vocabulary = trained.vocabulary
    text = vocabulary.normalize("Wizyta <t> ministra <u> министр </t>, ☃ 8 grudnia")
    spans = [span for span in align.words(text) if text[slice(*span)] not in "<tu/>"]
    for alpha in (0.0, 0.3):
        ids = vocabulary.encode(text, alpha)
        words = vocabulary.words_of(ids, text, spans)
        spelt = [""] * len(spans)
        for piece, word in zip(ids, words.tolist(), strict=True):
            if word >= 0:
                spelt[word] += vocabulary.pieces[piece].lstrip("▁")
        expected = [text[slice(*span)] for span in spans]
        assert [s for s in spelt if not s.startswith("<0x")] == [e for e in expected if e != "☃"]


def test_the_fused_loss_is_label_smoothed_cross_entropy_and_so_is_its_gradient() -> None:
    torch.manual_seed(1)
    model = Transformer(Shape(vocabulary=50, width=16, heads=2, inner=16, encoder=1, decoder=2))
    states = torch.randn(300, 16, requires_grad=True)
    labels = torch.randint(0, 50, (300,))
    model.loss(states, labels, 0.1).backward()
    got = states.grad.clone(), model.embedding.weight.grad.clone()
    states.grad = model.embedding.weight.grad = None
    scores = states @ model.embedding.weight.T + model.bias
    torch.nn.functional.cross_entropy(scores, labels, label_smoothing=0.1).backward()
    for ours, theirs in zip(got, (states.grad, model.embedding.weight.grad), strict=True):
        assert torch.allclose(ours, theirs, atol=0.02 * theirs.abs().max())


def test_batches_fit_are_seeded_and_leave_out_what_is_barred(trained: Trainer) -> None:
    stream = trained._stream(trained.config.stages[0])
    batches = stream.chunk(5)
    assert batches == stream.chunk(5) != stream.chunk(6)
    for batch in batches:
        longest = max(example.length for example in batch)
        assert sum(len(example.targets) for example in batch) * longest <= 600 or len(batch) == 1
        for example in batch:
            for links in example.links:
                sums: dict[int, float] = {}
                for piece, _, weight in links:
                    sums[piece] = sums.get(piece, 0.0) + weight
                assert all(abs(total - 1) < 1e-9 for total in sums.values())
    path = ROOT / "corpus" / "bilateral.tsv"
    everything = data.read([path, path], trained.vocabulary, set())
    assert len(data.read([path], trained.vocabulary, {everything[0]["pl"]})) == len(everything) - 1


def test_an_interrupted_run_ends_with_the_weights_of_an_uninterrupted_one(
    trained: Trainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, left = Trainer._update, 6

    def interrupted(self: Trainer, *arguments):
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return update(self, *arguments)

    monkeypatch.setattr(Trainer, "_update", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Trainer(config(), tmp_path).run()
    monkeypatch.setattr(Trainer, "_update", update)
    resumed = Trainer(config(), tmp_path)
    assert 0 < resumed.step < trained.step
    resumed.run()
    assert resumed.step == trained.step == 8
    for ours, theirs in zip(resumed.average, trained.average, strict=True):
        assert torch.equal(ours, theirs)


def test_packages_translate_align_and_can_be_trained_on(trained: Trainer, tmp_path: Path) -> None:
    package.build(trained, tmp_path, "0.9", {"toy": {"en": 1.0, "ru": 2.0, "kk": 3.0}})
    folder = tmp_path / "translate-pl_kk-0_9"
    assert "3.0 on toy" in (folder / "README.md").read_text(encoding="utf-8")
    source = trained.vocabulary.model.encode("Wizyta ministra", out_type=str)
    (result,) = ctranslate2.Translator(str(folder / "model")).translate_batch(
        [source],
        target_prefix=[["<2kk>"]],
        beam_size=1,
        max_decoding_length=5,
        return_attention=True,
    )
    assert result.hypotheses[0][0] == "<2kk>"
    again = Trainer(config(start=str(folder)), tmp_path / "again")
    assert again.vocabulary.pieces == trained.vocabulary.pieces
    for ours, theirs in zip(again.model.parameters(), trained.average, strict=True):
        assert torch.allclose(ours, theirs, atol=float(theirs.abs().max()) / 100 + 1e-6)
    pieces = trained.vocabulary.model.piece_to_id
    probe = (
        torch.tensor([[*map(pieces, source), EOS]]),
        torch.tensor([[BOS, *map(pieces, result.hypotheses[0])]]),
        torch.tensor([0]),
    )
    with torch.no_grad():
        states, links = again.model.eval()(*probe)
    seen = np.array(result.attention[0])
    assert np.allclose(seen, links[0, : len(seen), : len(source)].exp().numpy(), atol=0.03)

    deeper = Transformer(replace(trained.model.shape, encoder=3))
    ctranslate.load(deeper, folder / "model" / "model.bin")
    with torch.no_grad():
        assert torch.allclose(deeper.eval()(*probe)[0], states, atol=1e-5)


def test_the_log_is_drawn(trained: Trainer, tmp_path: Path) -> None:
    plot.write(trained.folder / "log.csv", tmp_path / "log.svg")
    assert "8 steps" in (tmp_path / "log.svg").read_text(encoding="utf-8")


def test_single_words_are_annotated_with_their_lemma() -> None:
    import random

    row = row_of("Wizyta ministra", "Визит министра")
    annotator = Annotator([row])
    marked = annotator.annotate(row, "ru", random.Random(1))
    assert marked is not None
    assert "министра" not in marked.texts["pl"]
    assert "<u> " in marked.texts["pl"]
