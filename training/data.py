"""Rows of parallel text, and the endless, seeded stream of training batches made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training import align
from training.annotation import Annotator
from training.vocabulary import BOS, EOS, LANGUAGES, TARGETS, Vocabulary

LONGEST = 200  # pieces of a source or target; longer examples are left out
CHUNK = 3000  # rows that are shuffled, sorted by length and batched together
JOINED = 0.1  # share of domain rows that two segments are joined to, as in an undersegmented text
SAMPLED = 0.25  # share of texts whose pieces are drawn at random instead of the most probable ones
ALPHA = 0.5  # how close to the most probable pieces such draws stay


@dataclass(frozen=True)
class Row:
    """A Polish text and its translations (only the languages there are), with word alignments.

    `spans` has the words of each text; `links` of a target language an int array (links, 2) of
    word numbers.
    """

    texts: Mapping[str, str]
    spans: Mapping[str, list[tuple[int, int]]]
    links: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Example:
    """One source and its targets as piece ids; `links` are (target piece, source piece, weight)
    triples."""

    source: list[int]
    targets: list[list[int]]
    links: list[list[tuple[int, int, float]]]

    @property
    def length(self) -> int:
        return max(len(self.source), *map(len, self.targets))


def read(paths: Sequence[Path], vocabulary: Vocabulary, barred: set[str]) -> list[dict[str, str]]:
    """The texts of TSV files (pl, en, ru, kk; an empty cell where a language is missing),
    normalized.

    Rows whose Polish is in `barred` or came before are left out.
    """
    seen, found = set(barred), []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [vocabulary.normalize(cell) for cell in line.split("\t")]
            if len(cells) == len(LANGUAGES) and cells[0] and cells[0] not in seen:
                seen.add(cells[0])
                found.append(
                    {name: cell for name, cell in zip(LANGUAGES, cells, strict=True) if cell}
                )
    return found


def align_all(sources: Sequence[list[dict[str, str]]]) -> list[list[Row]]:
    """Word-align the rows of all `sources` together, a target language at a time."""
    texts = [row for source in sources for row in source]
    stems = [{name: align.stems(text) for name, text in row.items()} for row in texts]
    links: list[dict[str, np.ndarray]] = [{} for _ in texts]
    for language in TARGETS:
        having = [k for k, row in enumerate(texts) if language in row]
        pairs = [(stems[k]["pl"], stems[k][language]) for k in having]
        for k, found in zip(having, align.align(pairs), strict=True):
            links[k][language] = found
    rows = iter(
        Row(row, {name: align.words(text) for name, text in row.items()}, link)
        for row, link in zip(texts, links, strict=True)
    )
    return [[next(rows) for _ in source] for source in sources]


def join(a: Row, b: Row) -> Row:
    """Two rows as one, in the languages that both have."""
    texts, spans, links = {}, {}, {}
    for language in a.texts.keys() & b.texts.keys():
        texts[language] = f"{a.texts[language]} {b.texts[language]}"
        shift = len(a.texts[language]) + 1
        spans[language] = a.spans[language] + [(s + shift, e + shift) for s, e in b.spans[language]]
    for language in texts.keys() - {"pl"}:
        step = np.array([len(a.spans["pl"]), len(a.spans[language])])
        links[language] = np.concatenate([a.links[language], b.links[language] + step])
    return Row(texts, spans, links)


class Stream:
    """Batches of examples: chunk after chunk, each a pure function of the seed and its number.

    `shares` says what part of a chunk comes from each source; `domain` names those that are joined
    and annotated with required terms (a share `annotated` of their rows).
    """

    def __init__(
        self,
        rows: Mapping[str, list[Row]],
        shares: Mapping[str, float],
        vocabulary: Vocabulary,
        annotator: Annotator,
        *,
        seed: int,
        tokens: int,
        domain: Sequence[str] = (),
        annotated: float = 0.0,
        chunk: int = CHUNK,
    ):
        self.rows = {name: rows[name] for name in shares if rows.get(name)}
        total = sum(shares[name] for name in self.rows)
        self.counts = {name: round(chunk * shares[name] / total) for name in self.rows}
        self.vocabulary, self.annotator = vocabulary, annotator
        self.seed, self.tokens, self.domain, self.annotated = seed, tokens, set(domain), annotated

    def chunk(self, number: int) -> list[list[Example]]:
        """The batches of chunk `number`, each of at most `tokens` target pieces with the
        padding."""
        rng = random.Random(f"{self.seed}/{number}")
        self.vocabulary.seed(rng.randrange(1 << 31))
        examples: list[Example] = []
        for name, count in self.counts.items():
            rows = self._window(name, number * count, count)
            inside = name in self.domain
            for row in rows:
                if inside and rng.random() < JOINED:
                    row = join(row, rng.choice(self.rows[name]))
                examples += self._examples(row, rng, self.annotated if inside else 0.0)
        examples = [e for e in examples if e.targets and e.length <= LONGEST]
        examples.sort(key=lambda e: (e.length, rng.random()))
        batches: list[list[Example]] = []
        count = self.tokens
        for example in examples:
            count += len(example.targets)
            if count * example.length > self.tokens:
                batches.append([])
                count = len(example.targets)
            batches[-1].append(example)
        rng.shuffle(batches)
        return batches

    def _window(self, name: str, start: int, count: int) -> Iterator[Row]:
        """Rows `start` … of the endless sequence of shuffled passes through a source."""
        rows = self.rows[name]
        order: dict[int, list[int]] = {}
        for at in range(start, start + count):
            turn, place = divmod(at, len(rows))
            if turn not in order:
                order[turn] = list(range(len(rows)))
                random.Random(f"{self.seed}/{name}/{turn}").shuffle(order[turn])
            yield rows[order[turn][place]]

    def _examples(self, row: Row, rng: random.Random, annotated: float) -> Iterator[Example]:
        languages = [language for language in TARGETS if language in row.texts]
        plain = []
        for language in languages:
            changed = None
            if rng.random() < annotated:
                changed = self.annotator.annotate(row, language, rng)
            if changed is None:
                plain.append(language)
            else:
                yield self._example(changed, [language], rng)
        if plain:
            yield self._example(row, plain, rng)

    def _example(self, row: Row, languages: Sequence[str], rng: random.Random) -> Example:
        source, source_words = self._encode(row, "pl", rng)
        targets, links = [], []
        for language in languages:
            target, target_words = self._encode(row, language, rng)
            targets.append([BOS, self.vocabulary.tag[language], *target, EOS])
            links.append(piece_links(row, language, source_words, target_words))
        return Example([*source, EOS], targets, links)

    def _encode(self, row: Row, language: str, rng: random.Random) -> tuple[list[int], np.ndarray]:
        text = row.texts[language]
        ids = self.vocabulary.encode(text, ALPHA if rng.random() < SAMPLED else 0.0)
        return ids, self.vocabulary.words_of(ids, text, row.spans[language])


def piece_links(
    row: Row, language: str, source_words: np.ndarray, target_words: np.ndarray
) -> list[tuple[int, int, float]]:
    """Spread the word links of a row over its pieces: (target piece, source piece, weight),
    weights of a target piece summing to 1. Words that look alike (names, figures, required lemmas)
    are linked piece by piece in order, others each piece with all."""
    pieces_at: dict[int, list[int]] = {}
    for piece, word in enumerate(source_words.tolist()):
        if word >= 0:
            pieces_at.setdefault(word, []).append(piece)
    linked: dict[int, list[int]] = {}
    for i, j in row.links[language].tolist():
        linked.setdefault(j, []).append(i)
    words = target_words.tolist()
    found = []
    for piece, word in enumerate(words):
        sources = linked.get(word, ()) if word >= 0 else ()
        spread: list[int] = []
        for i in sources:
            there = pieces_at.get(i, [])
            if there and _alike(row, i, language, word):
                begin, size = words.index(word), words.count(word)
                there = [there[(piece - begin) * len(there) // size]]
            spread += there
        found += [(piece, s, 1 / len(spread)) for s in spread]
    return found


def _alike(row: Row, i: int, language: str, j: int) -> bool:
    source, target = row.spans["pl"][i], row.spans[language][j]
    a = row.texts["pl"][source[0] : source[0] + 3]
    return a.lower() == row.texts[language][target[0] : target[0] + 3].lower()
