"""Packages made of Hugging Face checkouts: tiny random models, translated by both sides."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, translator

from translator.errors import TranslatorError
from translator.machine import packages
from translator.machine.packages import convert

ROWS = [
    line.split("\t") for line in (ROOT / "corpus/news.tsv").read_text("utf-8").splitlines()[:200]
]
TEXTS = [row[0] for row in ROWS[:8]]
LENGTH = 24  # tokens of a translation


@pytest.fixture
def transformers() -> Any:
    pytest.importorskip("torch", reason="the extra “opus” is not installed")
    return pytest.importorskip("transformers", reason="the extra “opus” is not installed")


def train(path: Path, texts: Iterable[str], kind: str = "bpe") -> list[str]:
    """Write a SentencePiece model; its pieces."""
    import sentencepiece

    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=made,
        vocab_size=300,
        model_type=kind,
        minloglevel=2,
        num_threads=1,
    )
    path.write_bytes(made.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())
    return [processor.id_to_piece(k) for k in range(3, processor.get_piece_size())]


SHAPE = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 256,
    "init_std": 0.5,  # a random model of the usual small weights says one token for ever
    "forced_eos_token_id": None,
}


def marian(transformers: Any, folder: Path, *tags: str) -> Any:
    """An OPUS-MT checkout, for several target languages where `tags` are given."""
    import torch

    source = train(folder / "source.spm", (row[0] for row in ROWS))
    target = train(folder / "target.spm", (row[2] for row in ROWS))
    tokens = [*dict.fromkeys(["</s>", "<unk>", *tags, *source, *target]), "<pad>"]
    vocabulary = {token: k for k, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    paths = {"source_spm": folder / "source.spm", "target_spm": folder / "target.spm"}
    transformers.MarianTokenizer(
        **{name: str(path) for name, path in paths.items()}, vocab=str(folder / "vocab.json")
    ).save_pretrained(folder)
    torch.manual_seed(1)
    pad = len(tokens) - 1
    config = transformers.MarianConfig(
        **SHAPE,
        vocab_size=len(tokens),
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        scale_embedding=True,
        activation_function="swish",
    )
    model = transformers.MarianMTModel(config).eval()
    model.save_pretrained(folder)
    return model


def m2m(transformers: Any, folder: Path) -> Any:
    """An M2M-100 checkout."""
    import torch
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

    pieces = train(folder / "sentencepiece.bpe.model", (text for row in ROWS for text in row[:3]))
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces]
    (folder / "vocab.json").write_text(json.dumps({t: k for k, t in enumerate(tokens)}))
    tokenizer = transformers.M2M100Tokenizer(
        str(folder / "vocab.json"),
        str(folder / "sentencepiece.bpe.model"),
        additional_special_tokens=[f"__{code}__" for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]],
        src_lang="pl",
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = transformers.M2M100Config(
        **SHAPE,
        vocab_size=len(tokens) + 108,  # 100 languages, 8 made-up words
        decoder_start_token_id=2,
        scale_embedding=True,
    )
    model = transformers.M2M100ForConditionalGeneration(config).eval()
    model.save_pretrained(folder)
    return model


def nllb(transformers: Any, folder: Path) -> Any:
    """An NLLB checkout: the model of M2M-100 with another tokenizer."""
    import torch

    pieces = train(folder / "sentencepiece.bpe.model", (text for row in ROWS for text in row[:3]))
    languages = ["pol_Latn", "rus_Cyrl", "kaz_Cyrl", "zho_Hans", "zho_Hant"]
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces]
    vocabulary = {token: k for k, token in enumerate(tokens)}
    merges = [
        (piece[:k], piece[k:])
        for piece in pieces
        for k in range(1, len(piece))
        if piece[:k] in vocabulary and piece[k:] in vocabulary
    ]
    tokenizer = transformers.NllbTokenizer(
        vocab=vocabulary, merges=merges, src_lang="pol_Latn", extra_special_tokens=languages
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = transformers.M2M100Config(
        **SHAPE,
        vocab_size=len(tokenizer),
        decoder_start_token_id=2,
        scale_embedding=True,
    )
    model = transformers.M2M100ForConditionalGeneration(config).eval()
    model.save_pretrained(folder)
    return model


def mbart(transformers: Any, folder: Path) -> Any:
    """An mBART-50 checkout."""
    import sentencepiece
    import torch

    path = folder / "sentencepiece.bpe.model"
    pieces = train(path, (text for row in ROWS for text in row[:3]), "unigram")
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    special = [(token, 0.0) for token in ("<unk>", "<s>", "</s>")]
    scores = [(piece, processor.get_score(k)) for k, piece in enumerate(pieces, 3)]
    tokenizer = transformers.MBart50Tokenizer(vocab=special + scores, src_lang="pl_PL")
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = transformers.MBartConfig(
        **SHAPE,
        vocab_size=len(tokenizer),
        decoder_start_token_id=2,
        scale_embedding=True,
        tokenizer_class="MBart50Tokenizer",
        normalize_before=True,
        normalize_embedding=True,
    )
    model = transformers.MBartForConditionalGeneration(config).eval()
    model.save_pretrained(folder)
    return model


def theirs(transformers: Any, model: Any, folder: Path, before: str, first: str) -> list[list[str]]:
    """What transformers itself makes of TEXTS, in tokens: greedy, without special ones."""
    import torch

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    forced = {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(first)} if first else {}
    found = []
    for text in TEXTS:
        inputs = tokenizer(f"{before} {text}" if before else text, return_tensors="pt")
        with torch.no_grad():
            (output,) = model.generate(
                **inputs, **forced, num_beams=1, do_sample=False, max_new_tokens=LENGTH
            )
        tokens = tokenizer.convert_ids_to_tokens(output)[1 + bool(first) :]
        found.append([token for token in tokens if token not in ("</s>", "<pad>")])
    return found


def ours(package: packages.Package) -> list[list[str]]:
    """What CTranslate2 makes of TEXTS, called as Argos Translate calls it."""
    import ctranslate2

    model = ctranslate2.Translator(str(package.path / "model"), intra_threads=1)
    prefix = [package.target_prefix] if package.target_prefix else []
    answers = model.translate_batch(
        [package.argos.tokenizer.encode(text) for text in TEXTS],
        target_prefix=[prefix] * len(TEXTS) if prefix else None,
        beam_size=1,
        max_decoding_length=LENGTH,
    )
    return [answer.hypotheses[0][len(prefix) :] for answer in answers]


CASES: dict[str, tuple[Callable[[Any, Path], Any], str, str]] = {
    "marian": (marian, "", ""),
    "marian for several": (lambda t, f: marian(t, f, ">>rus<<", ">>kaz_Cyrl<<"), ">>rus<<", ""),
    "m2m_100": (m2m, "", "__ru__"),
    "nllb": (nllb, "", "rus_Cyrl"),
    "mbart": (mbart, "", "ru_RU"),
}


@pytest.mark.parametrize("case", CASES)
def test_an_imported_model_says_token_for_token_what_the_checkout_says(
    case: str, transformers: Any, tmp_path: Path, user_packages: Path
) -> None:
    make, before, first = CASES[case]
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    model = make(transformers, checkout)
    (checkout / "README.md").write_text("The card of the checkout.", encoding="utf-8")
    name, content = convert.convert(checkout, "pl", "ru", quantization="float32")
    again = convert.convert(checkout, "pl", "ru", quantization="float32")
    assert again == (name, content)  # the same bytes
    path = tmp_path / f"{name}.argosmodel"
    path.write_bytes(content)
    package = packages.install(path)
    assert package.target_prefix == first
    assert "The card of the checkout." in package.argos.get_readme()
    expected = theirs(transformers, model, checkout, before, first)
    assert len({tuple(tokens) for tokens in expected}) > 1  # the model hears what it is told
    assert ours(package) == expected


def test_an_imported_package_works_in_the_engine(
    transformers: Any, tmp_path: Path, user_packages: Path
) -> None:
    from translator.machine.engine import Engine

    marian(transformers, tmp_path)
    name, content = convert.convert(tmp_path, "pl", "uk")
    path = tmp_path / f"{name}.argosmodel"
    path.write_bytes(content)
    package = packages.install(path)
    assert package.target_tokenizer is not package.argos.tokenizer
    engine = Engine(threads=1)
    assert engine.route("uk") == (package,)
    target = ROWS[3][2]
    (score,) = engine.score([TEXTS[3]], [target], "uk")
    assert score < 0
    (hypothesis,) = engine.constrained([TEXTS[3]], [target[:20]], "uk")
    assert hypothesis.text.startswith(target[:20].strip())


def test_the_token_of_a_language_is_found_or_asked_for(transformers: Any, tmp_path: Path) -> None:
    nllb(transformers, tmp_path)
    with pytest.raises(TranslatorError, match="zho_Hans, zho_Hant; use --to-token"):
        convert.convert(tmp_path, "pl", "zh")
    with pytest.raises(TranslatorError, match="does not know 'fr'"):
        convert.convert(tmp_path, "fr", "ru")
    with pytest.raises(TranslatorError, match="has no 'deu_Latn'"):
        convert.convert(tmp_path, "pl", "de", target_token="deu_Latn")
    name, _ = convert.convert(tmp_path, "pl", "zh", target_token="zho_Hans")
    assert name == "translate-pl_zh-1_0"


LANGUAGE_TOKENS = {
    "__kk__": "kk",
    "kk_KZ": "kk",
    "kaz_Cyrl": "kk",
    ">>kaz<<": "kk",
    ">>kaz_Cyrl<<": "kk",
    "pl_PL": "pl",
    "en_XX": "en",
    "yue_Hant": "yue",
    "pl": "",
    "▁ru": "",
    "<unk>": "",
}


@pytest.mark.parametrize("token", LANGUAGE_TOKENS)
def test_language_tokens_are_told_from_words(token: str) -> None:
    assert convert._language(token) == LANGUAGE_TOKENS[token]


REFUSED = {
    "no checkout": ({}, "no checkout"),
    "another model": ({"model_type": "llama"}, "only marian"),
    "mBART-25": ({"model_type": "mbart", "tokenizer_class": "MBartTokenizer"}, "mBART-50 works"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_package_can_carry_is_refused(case: str, tmp_path: Path) -> None:
    config, expected = REFUSED[case]
    if config:
        (tmp_path / "config.json").write_text(json.dumps(config))
    arguments = ("packages", "import-opus", str(tmp_path), "--from", "pl", "--to", "ru")
    done = translator(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_the_extra_the_user_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "marian"}')
    monkeypatch.setattr(convert.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(TranslatorError, match=r"pip install 'translator\[opus\]'"):
        convert.convert(tmp_path, "pl", "ru")


def test_a_broken_checkout_is_refused_in_one_line(transformers: Any, tmp_path: Path) -> None:
    marian(transformers, tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(TranslatorError, match="cannot be converted") as error:
        convert.convert(tmp_path, "pl", "ru")
    assert "\n" not in str(error.value)
