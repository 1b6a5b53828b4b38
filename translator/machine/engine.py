"""Translates segments with Argos packages, all of a run in few large CTranslate2 batches.

A batch holds only inputs of equal length. Without padding the result for a segment is, bit for bit,
the same whatever other segments are translated with it (with padding, scores differ in the second
digit, and now and then a word does).
"""

from __future__ import annotations

import filecmp
import logging
import os
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

import ctranslate2

from translator.errors import TranslatorError
from translator.machine import alignment, consensus, packages
from translator.machine.alignment import SoftAlignment
from translator.machine.packages import Package
from translator.machine.quality import is_foreign, problem
from translator.machine.text import Annotation, Plain, annotate, normalize, plain_quotes, split
from translator.model import SOURCE, Hypothesis

_log = logging.getLogger(__name__)

LENGTH_PENALTY = 0.2  # Argos Translate's
LONGEST = 180  # tokens of a part; the models have seen few longer ones
POSITIONS = 1000  # tokens, beyond which CTranslate2 cuts an input off
TERM_ANNOTATIONS = "term_annotations"  # the capability of packages that take terms in the source
WINDOW = 2000  # distinct segments in work at a time, which bounds the memory

# Tried one after another on what came out unusable, without tokens of another script.
RETRIES: tuple[dict[str, Any], ...] = (
    {"no_repeat_ngram_size": 4, "repetition_penalty": 1.1},
    {"no_repeat_ngram_size": 3, "repetition_penalty": 1.3, "length_penalty": 1.0, "beam_size": 8},
)

Alignment = tuple[tuple[int, int, int, int], ...]
Request = tuple[list[str], list[str]]  # source tokens; target tokens, forced or scored
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Translation(Hypothesis):
    """A hypothesis; where nothing usable came out, its text is "" and `problem` tells why."""

    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A hypothesis in tokens without the package's target prefix; a row of attention for each."""

    tokens: list[str]
    score: float
    attention: list[list[float]]


class Engine:
    """Translates from one language into several; a model that packages share is loaded once.

    `threads` is the number of batches decoded at a time (0: one a processor), `batch_tokens` the
    source tokens of a batch, `device` "cpu" or "cuda", `chosen` as `packages.route` takes it,
    `routes` the packages to take for a language in any case.
    Raises TranslatorError where there is no GPU.
    """

    def __init__(
        self,
        source: str = SOURCE,
        *,
        beam: int = 4,
        threads: int = 0,
        batch_tokens: int = 512,
        device: str = "cpu",
        chosen: Mapping[str, str] = MappingProxyType({}),
        routes: Mapping[str, tuple[Package, ...]] = MappingProxyType({}),
    ):
        if device == "cuda" and not ctranslate2.get_cuda_device_count():
            raise TranslatorError("no CUDA GPU is usable on this machine; use --device cpu")
        self.source = source
        self.beam = beam
        self.threads = threads or len(os.sched_getaffinity(0))
        self.batch_tokens = batch_tokens
        self.device = device
        self.chosen = chosen
        self._routes = dict(routes)
        self._models: list[tuple[Package, ctranslate2.Translator]] = []

    def route(self, to: str) -> tuple[Package, ...]:
        """The packages that lead to a language. Raises TranslatorError where none do."""
        if to not in self._routes:
            self._routes[to] = packages.route(self.source, to, self.chosen)
        return self._routes[to]

    def takes_terms(self, to: str) -> bool:
        """Whether `annotations` tell the packages that lead to a language anything."""
        route = self.route(to)
        return len(route) == 1 and TERM_ANNOTATIONS in route[0].capabilities

    def translate(
        self,
        texts: Sequence[str],
        to: str,
        *,
        progress: Callable[[int], None] | None = None,
        annotations: Sequence[Sequence[Annotation]] | None = None,
        align: bool = False,
    ) -> list[Translation]:
        """The translations of `texts` in their order; `progress` is told how many more are done."""
        done: dict[int, Translation] = {}
        for k, translation in self.stream(texts, to, annotations=annotations, align=align):
            done[k] = translation
            if progress:
                progress(1)
        return [done[k] for k in range(len(texts))]

    def stream(
        self,
        texts: Sequence[str],
        to: str,
        *,
        annotations: Sequence[Sequence[Annotation]] | None = None,
        align: bool = False,
    ) -> Iterator[tuple[int, Translation]]:
        """Yield (number in `texts`, translation) as batches finish: an interruption loses little.

        `annotations` are (start, end, target lemma) of required terms, for packages with the
        capability TERM_ANNOTATIONS; others ignore them. `align` fills in `alignment` (not
        through a pivot).
        Texts that are equal are translated once.
        """
        route = self.route(to)
        places: dict[tuple[str, tuple[Annotation, ...]], list[int]] = defaultdict(list)
        for k, text in enumerate(texts):
            places[text, tuple(annotations[k]) if annotations else ()].append(k)
        distinct = list(places)
        for start in range(0, len(distinct), WINDOW):
            window = distinct[start : start + WINDOW]
            for k, translation in self._through(route, window, align):
                for place in places[window[k]]:
                    yield place, translation

    def hypotheses(self, texts: Sequence[str], to: str, n: int) -> list[list[Hypothesis]]:
        """The `n` best hypotheses of each text, best first, unchecked."""
        route = self.route(to)
        package = route[-1]
        requests = [(self._encode(package, s), list[str]()) for s in self._last_sources(texts, to)]
        found = dict(self._decode(package, requests, num_hypotheses=n, beam_size=max(n, self.beam)))
        return [
            [Hypothesis(_text(package, d.tokens), d.score) for d in found[k]]
            for k in range(len(texts))
        ]

    def constrained(
        self, texts: Sequence[str], prefixes: Sequence[str], to: str
    ) -> list[Hypothesis]:
        """The best translation of each text that begins with the prefix of the same number.

        After a prefix with a space at its end a new word begins; otherwise the model may go on with
        the word. `score` is the mean log-probability of all tokens, forced ones too. Unchecked.
        """
        package = self.route(to)[-1]
        sources = [self._encode(package, s) for s in self._last_sources(texts, to)]
        forced = [_tokens(package, prefix.strip()) for prefix in prefixes]
        best: dict[int, list[str]] = {}
        requests = list(zip(sources, forced, strict=True))
        for k, decoded in self._decode(package, requests, num_hypotheses=self.beam):
            fitting = [d for d in decoded if _goes_on(package, d.tokens, prefixes[k])]
            if fitting:
                best[k] = fitting[0].tokens
        # The model wants to lengthen the last word: end it with the piece for a space.
        rest = [k for k in range(len(texts)) if k not in best]
        requests = [(sources[k], [*forced[k], "▁"]) for k in rest]
        for k, decoded in self._decode(package, requests):
            best[rest[k]] = decoded[0].tokens
        scores = self._score(package, [(sources[k], best[k]) for k in range(len(texts))])
        return [Hypothesis(_text(package, best[k]), scores[k]) for k in range(len(texts))]

    def score(self, texts: Sequence[str], targets: Sequence[str], to: str) -> list[float]:
        """The mean log-probability of a token of each target, given the text of the same number."""
        package = self.route(to)[-1]
        sources = [self._encode(package, s) for s in self._last_sources(texts, to)]
        return self._score(
            package,
            [(s, _tokens(package, t)) for s, t in zip(sources, targets, strict=True)],
        )

    def align(self, texts: Sequence[str], targets: Sequence[str], to: str) -> list[SoftAlignment]:
        """Which words of each text the words of its target come from (see `machine.alignment`).

        Empty where the package cannot tell, and through a pivot.
        """
        found: list[SoftAlignment] = [()] * len(texts)
        if len(self.route(to)) > 1:
            return found
        package = self.route(to)[0]
        sources = [normalize(text) for text in texts]
        outputs = [normalize(target) for target in targets]
        encoded = [
            (self._encode(package, source), _tokens(package, output.text))
            for source, output in zip(sources, outputs, strict=True)
        ]
        fitting = [
            k
            for k, (ours, theirs) in enumerate(encoded)
            if max(len(ours), len(theirs)) <= POSITIONS
            and len(sources[k].words()) > 1
            and _tells_words(ours, sources[k].words())
            and _tells_words(theirs, outputs[k].words())
        ]
        answers = self._decode(
            package, [encoded[k] for k in fitting], return_attention=True, beam_size=1
        )
        attention = {fitting[n]: decoded.attention for n, (decoded, *_) in answers}
        requests: list[Request] = []
        starts: list[int] = []
        for k in fitting:
            starts.append(len(requests))
            erased = sources[k].without_each_word()
            requests += [encoded[k], *((self._encode(package, p), encoded[k][1]) for p in erased)]
        log_probs = self._log_probs(package, requests)
        for k, (start, end) in zip(fitting, pairwise([*starts, len(requests)]), strict=True):
            ours, theirs = encoded[k]
            signs = [
                alignment.of_words(attention[k], ours, theirs),
                alignment.losses(log_probs[start], log_probs[start + 1 : end], theirs),
            ]
            found[k] = alignment.combined(signs, sources[k].words(), outputs[k].words())
        return found

    def usable(self, text: str, target: str, to: str) -> bool:
        """Whether a target could be the translation of a text, as `translate` judges its own."""
        return not problem(normalize(text).text, target, to)

    def _last_sources(self, texts: Sequence[str], to: str) -> list[Plain]:
        """What the last package of a route gets: `texts`, or their translations into the pivot."""
        plain = [normalize(text) for text in texts]
        if len(self.route(to)) == 1:
            return plain
        pivot = self.route(to)[0].to_code
        return [normalize(t.text) for t in self.translate([p.text for p in plain], pivot)]

    def _through(
        self,
        route: Sequence[Package],
        items: Sequence[tuple[str, tuple[Annotation, ...]]],
        align: bool,
    ) -> Iterator[tuple[int, Translation]]:
        if len(route) == 1:
            yield from self._hop(route[0], items, align)
            return
        first = dict(self._hop(route[0], items, align=False))
        usable = [k for k in first if not first[k].problem]
        for k, translation in first.items():
            if translation.problem:
                problem_there = f"{translation.problem} (in {route[0].to_code})"
                yield k, replace(translation, problem=problem_there)
        following = [(first[k].text, ()) for k in usable]
        for n, translation in self._hop(route[1], following, align=False):
            k = usable[n]
            yield k, replace(translation, score=first[k].score + translation.score)

    def _hop(
        self,
        package: Package,
        items: Sequence[tuple[str, tuple[Annotation, ...]]],
        align: bool,
    ) -> Iterator[tuple[int, Translation]]:
        """Translate with one package: decode, check, decode what is unusable in other ways."""
        plains = [normalize(text) for text, _ in items]
        parts: dict[int, list[Plain]] = {}
        reasons: dict[int, str] = {}
        for k, plain in enumerate(plains):
            if not any(char.isalpha() for char in plain.text):
                yield k, Translation(plain.text)  # figures and signs stand for themselves
                continue
            parts[k] = self._parts(package, plain, items[k][1])
            if any(len(self._encode(package, part)) > POSITIONS for part in parts[k]):
                yield k, Translation("", problem="too long for the model and without a gap to cut")
                del parts[k]
        for attempt in ({}, *RETRIES):
            if not parts:
                break
            options = (
                {**attempt, "suppress_sequences": _foreign_tokens(package)}
                if attempt
                else {"num_hypotheses": self.beam}
            )
            for k, hypotheses in self._attempt(package, parts, align, options):
                chosen = [_chosen(package, found) for found in hypotheses]
                translation = _join(package, parts[k], chosen)
                reasons[k] = problem(plains[k].text, translation.text, package.to_code)
                if reasons[k] and options.get("num_hypotheses", 1) > 1:
                    usable = map(partial(_usable, package), parts[k], hypotheses)
                    chosen = [_chosen(package, found) for found in usable]
                    translation = _join(package, parts[k], chosen)
                    reasons[k] = problem(plains[k].text, translation.text, package.to_code)
                if not reasons[k]:
                    del parts[k]
                    yield k, translation
        for k in parts:
            yield k, Translation("", problem=reasons[k])

    def _attempt(
        self,
        package: Package,
        parts: dict[int, list[Plain]],
        align: bool,
        options: dict[str, Any],
    ) -> Iterator[tuple[int, list[list[_Decoded]]]]:
        """Decode all parts and yield the hypotheses for each part of a text when all are there."""
        places = [(k, n) for k in parts for n in range(len(parts[k]))]
        requests = [(self._encode(package, parts[k][n]), list[str]()) for k, n in places]
        finished: dict[int, dict[int, list[_Decoded]]] = defaultdict(dict)
        sizes = {k: len(parts[k]) for k in parts}
        for number, decoded in self._decode(package, requests, return_attention=align, **options):
            k, n = places[number]
            finished[k][n] = decoded
            if len(finished[k]) == sizes[k]:
                yield k, [finished[k][n] for n in range(sizes[k])]
                del finished[k]

    def _parts(
        self, package: Package, plain: Plain, annotations: tuple[Annotation, ...]
    ) -> list[Plain]:
        """What the model gets for a text: one input, or several where it is too long for one."""
        if len(self._encode(package, plain)) > LONGEST:
            total, fits = 0, []
            for word in plain.text.split():
                total += len(package.argos.tokenizer.encode(word))
                fits.append(total)
            return split(plain, fits, LONGEST)
        if annotations and TERM_ANNOTATIONS in package.capabilities:
            return [annotate(plain, annotations)]
        return [plain]

    def _encode(self, package: Package, plain: Plain) -> list[str]:
        text = plain if _knows_quotes(package) else plain_quotes(plain)
        return package.argos.tokenizer.encode(text.text)

    def _decode(
        self, package: Package, requests: Sequence[Request], **options: Any
    ) -> Iterator[tuple[int, list[_Decoded]]]:
        """Yield (number of the request, its hypotheses) by batches, the longest inputs first."""
        translator = self._model(package)
        tag = [package.target_prefix] if package.target_prefix else []
        settings = {
            "beam_size": self.beam,
            "length_penalty": LENGTH_PENALTY,
            "replace_unknowns": True,
            "return_scores": True,
            **options,
        }

        def submit(batch: list[int]) -> list[Any]:
            longest = max(len(requests[k][0]) for k in batch)
            prefixes = [[*tag, *requests[k][1]] for k in batch]
            return translator.translate_batch(
                [requests[k][0] for k in batch],
                target_prefix=prefixes if prefixes[0] else None,
                max_decoding_length=3 * longest + 30 + len(prefixes[0]),
                asynchronous=True,
                **settings,
            )

        for k, answer in self._in_batches(requests, submit):
            yield (
                k,
                [
                    _Decoded(
                        tokens[len(tag) :],
                        score
                        * (len(tokens) + 1) ** settings["length_penalty"]
                        / (len(tokens) + 1 - len(tag) - len(requests[k][1])),
                        answer.attention[n][len(tag) :] if answer.attention else [],
                    )
                    for n, (tokens, score) in enumerate(
                        zip(answer.hypotheses, answer.scores, strict=True)
                    )
                ],
            )

    def _score(self, package: Package, requests: Sequence[Request]) -> list[float]:
        return [sum(found) / len(found) for found in self._log_probs(package, requests)]

    def _log_probs(self, package: Package, requests: Sequence[Request]) -> list[list[float]]:
        """The log-probability of each target token, the end's included."""
        translator = self._model(package)
        tag = [package.target_prefix] if package.target_prefix else []

        def submit(batch: list[int]) -> list[Any]:
            return translator.score_batch(
                [requests[k][0] for k in batch],
                [[*tag, *requests[k][1]] for k in batch],
                offset=len(tag),
                asynchronous=True,
            )

        found: list[list[float]] = [[] for _ in requests]
        for k, answer in self._in_batches(requests, submit):
            found[k] = answer.log_probs
        return found

    def _in_batches(
        self, requests: Sequence[Request], submit: Callable[[list[int]], list[Any]]
    ) -> Iterator[tuple[int, Any]]:
        """Hand out batches of equal lengths, a few ahead of the one that is waited for."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for k, (source, target) in enumerate(requests):
            groups[len(source), len(target)].append(k)
        running: deque[tuple[list[int], list[Any]]] = deque()

        def collect() -> Iterator[tuple[int, Any]]:
            batch, answers = running.popleft()
            for k, answer in zip(batch, answers, strict=True):
                yield k, answer.result()

        for lengths in sorted(groups, reverse=True):
            size = max(1, self.batch_tokens // (lengths[0] + 1))
            for start in range(0, len(groups[lengths]), size):
                batch = groups[lengths][start : start + size]
                running.append((batch, submit(batch)))
                if len(running) > 3 * self.threads:
                    yield from collect()
        while running:
            yield from collect()

    def _model(self, package: Package) -> ctranslate2.Translator:
        """The package's model, loaded when first asked for; equal models are loaded once."""
        for other, translator in self._models:
            if other is package or _same_model(other, package):
                return translator
        try:
            translator = ctranslate2.Translator(
                str(package.path / "model"),
                device=self.device,
                # One thread a batch and several batches at a time: small matrices gain nothing from
                # several threads.
                inter_threads=self.threads if self.device == "cpu" else 1,
                intra_threads=1,
            )
        except RuntimeError as error:
            raise TranslatorError(
                f"its model does not load ({error}); reinstall the package", file=package.path
            ) from error
        self._models.append((package, translator))
        _log.debug("loaded %s", package.path)
        return translator


@cache
def _same_model(one: Package, other: Package) -> bool:
    names = [{f.name for f in (p.path / "model").iterdir()} for p in (one, other)]
    if names[0] != names[1]:
        return False
    folders = one.path / "model", other.path / "model"
    return all(filecmp.cmp(folders[0] / n, folders[1] / n, shallow=False) for n in names[0])


@cache
def _knows_quotes(package: Package) -> bool:
    """Whether the vocabulary has typographic quotes; a BPE tokenizer has its own normalization."""
    if not hasattr(package.argos.tokenizer, "lazy_processor"):
        return True
    processor = package.argos.tokenizer.lazy_processor()
    return not any(
        processor.is_unknown(piece) or processor.is_byte(piece) for piece in processor.encode("„ ”")
    )


@cache
def _foreign_tokens(package: Package) -> list[list[str]]:
    """The tokens that a translation into the package's language does without when decoded again."""
    tokenizer = package.target_tokenizer
    if not hasattr(tokenizer, "lazy_processor"):  # only SentencePiece lists its pieces
        return []
    processor = tokenizer.lazy_processor()
    pieces = (processor.id_to_piece(k) for k in range(processor.get_piece_size()))
    return [[piece] for piece in pieces if is_foreign(piece, package.to_code)]


def _tokens(package: Package, target: str) -> list[str]:
    return package.target_tokenizer.encode(target) if target else []


def _chosen(package: Package, decoded: Sequence[_Decoded]) -> _Decoded:
    """The consensus of the hypotheses."""
    if len(decoded) == 1:
        return decoded[0]
    texts = [_text(package, hypothesis.tokens) for hypothesis in decoded]
    return decoded[consensus.best(texts, [hypothesis.score for hypothesis in decoded])]


def _usable(package: Package, source: Plain, decoded: Sequence[_Decoded]) -> Sequence[_Decoded]:
    """The hypotheses that could be the translation of a text, all where none could."""
    return [
        hypothesis
        for hypothesis in decoded
        if not problem(source.text, _text(package, hypothesis.tokens), package.to_code)
    ] or decoded


def _text(package: Package, tokens: list[str]) -> str:
    return package.target_tokenizer.decode(tokens).strip()


def _goes_on(package: Package, tokens: list[str], prefix: str) -> bool:
    """Whether a hypothesis keeps the last word of its prefix as it is, if a space ends it."""
    if not prefix.endswith(" "):
        return True
    rest = _text(package, tokens)[len(prefix.rstrip()) :]
    return not rest[:1].isalnum()


def _join(package: Package, parts: Sequence[Plain], decoded: Sequence[_Decoded]) -> Translation:
    """Put the translated parts of a text together."""
    text, links = "", Alignment()
    for part, found in zip(parts, decoded, strict=True):
        text += " " if text else ""
        piece = _text(package, found.tokens)
        if found.attention:
            links += _alignment(package, part, piece, found, len(text))
        text += piece
    tokens = sum(len(d.tokens) for d in decoded)
    score = sum(d.score * len(d.tokens) for d in decoded) / max(1, tokens)
    return Translation(text, score, links)


def _alignment(
    package: Package, source: Plain, target: str, decoded: _Decoded, shift: int
) -> Alignment:
    """For each target word the source word it attends to most; () where words cannot be told."""
    there = [m.span() for m in re.finditer(r"\S+", target)]
    tokens = package.argos.tokenizer.encode(source.text)
    if not _tells_words(tokens, source.words()) or not _tells_words(decoded.tokens, there):
        return ()
    rows = alignment.of_words(decoded.attention, tokens, decoded.tokens)
    found = alignment.hard(rows, source.words(), there)
    return tuple((a, b, c + shift, d + shift) for a, b, c, d in found)


def _tells_words(tokens: Sequence[str], words: Sequence[tuple[int, int]]) -> bool:
    """Whether the tokens show where each word begins, which not every tokenizer's do."""
    return bool(tokens) and alignment.word_numbers(tokens)[-1] + 1 == len(words)
