"""The SentencePiece vocabulary: four languages, tags for the target language, symbols for required
terms."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import sentencepiece as spm

from training.model import PAD

LANGUAGES = ("pl", "en", "ru", "kk")
TARGETS = LANGUAGES[1:]
TAGS = tuple(f"<2{language}>" for language in LANGUAGES)
# "… <t> Komisarza <u> комиссар </t> …": translate the first by a form of the second.
OPEN, MIDDLE, CLOSE = "<t>", "<u>", "</t>"
BOS, EOS = 2, 3


class Vocabulary:
    """Encodes text to piece ids, and knows which word each piece belongs to."""

    def __init__(self, path: Path):
        self.model = spm.SentencePieceProcessor(model_file=str(path))
        self.pieces = [self.model.id_to_piece(k) for k in range(self.model.get_piece_size())]
        self.tag = {
            language: self.model.piece_to_id(tag)
            for language, tag in zip(LANGUAGES, TAGS, strict=True)
        }

    def __len__(self) -> int:
        return len(self.pieces)

    @staticmethod
    def seed(number: int) -> None:
        """Seed the random segmentations of `encode`."""
        spm.set_random_generator_seed(number)

    def normalize(self, text: str) -> str:
        """`text` as the pieces spell it (NFKC, single spaces)."""
        return self.model.normalize(text).replace("▁", " ").strip()

    def encode(self, text: str, alpha: float = 0.0) -> list[int]:
        """Piece ids; with `alpha` > 0 a segmentation drawn at random (Kudo 2018, "subword
        regularization")."""
        if not alpha:
            return self.model.encode(text)
        return self.model.encode(text, enable_sampling=True, alpha=alpha, nbest_size=-1)

    def words_of(self, ids: Iterable[int], text: str, spans: list[tuple[int, int]]) -> np.ndarray:
        """The number of the word (of `spans` in the normalized `text`) of each piece, -1 where it
        has none."""
        word_at = np.full(len(text) + 2, -1, np.int16)
        for number, (start, end) in enumerate(spans):
            word_at[start + 1 : end + 1] = number  # the pieces begin with an additional "▁"
        found, at = [], 0
        for k in ids:
            piece = self.pieces[k]
            byte = self.model.is_byte(k)
            inner = at + (len(piece) > 1 and piece[0] == "▁")
            found.append(word_at[min(inner, len(text) + 1)])
            at += (int(piece[1:-1], 16) & 0xC0 != 0x80) if byte else len(piece)
        return np.array(found, np.int16)


def train(texts: Iterable[str], path: Path, size: int) -> None:
    """Train a unigram vocabulary of `size` pieces on `texts` and write it to `path`."""
    with open(path, "wb") as file:
        spm.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=file,
            vocab_size=size,
            model_type="unigram",
            character_coverage=1.0,
            normalization_rule_name="nmt_nfkc",
            unk_id=0,
            pad_id=PAD,
            bos_id=BOS,
            eos_id=EOS,
            pad_piece="<pad>",
            user_defined_symbols=[*TAGS, OPEN, MIDDLE, CLOSE],
            byte_fallback=True,
            minloglevel=2,
        )


def extend(old: Path, new: Path) -> None:
    """Copy the vocabulary `old` to `new` with the term symbols appended, where it lacks them."""
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto.FromString(old.read_bytes())
    known = {piece.piece for piece in model.pieces}
    for symbol in (OPEN, MIDDLE, CLOSE):
        if symbol not in known:
            model.pieces.add(piece=symbol, score=0.0, type=model.SentencePiece.USER_DEFINED)
    model.trainer_spec.vocab_size = len(model.pieces)
    new.write_bytes(model.SerializeToString())
