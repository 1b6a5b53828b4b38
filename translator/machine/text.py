"""What a source text goes through before a package sees it; its characters keep their origin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translator.errors import TranslatorError

Annotation = tuple[
    int, int, str
]  # start and end of a term in the source text, the required target lemma

CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
# What makes a text other than its plain one; composed letters apart.
UNUSUAL = re.compile(rf"[{''.join(INVISIBLE)}\u0300-\u036f]|(?! )\s|  |^ | $")
QUOTES = str.maketrans(
    {"„": '"', "”": '"', "“": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "‚": "'"}
)
CLAUSE = re.compile(r"(?<=[;:,])\s+|\s+(?=[–—]\s)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text as a package gets it; character k stands for `origin[k]`, a span of the original."""

    text: str
    origin: tuple[tuple[int, int], ...]

    def cut(self, start: int, end: int) -> Plain:
        return Plain(self.text[start:end], self.origin[start:end])

    def words(self) -> list[tuple[int, int]]:
        """The span in the original text of each word of `text` (split at white space)."""
        spans = []
        for match in re.finditer(r"\S+", self.text):
            part = self.origin[match.start() : match.end()]
            spans.append((min(s for s, _ in part), max(e for _, e in part)))
        return spans

    def without_each_word(self) -> Iterator[Plain]:
        """The text without its first word, then without its second, and so on."""
        words = [match.span() for match in re.finditer(r"\S+ ?", self.text)]
        for start, end in words:
            rest = self.text[:start] + self.text[end:]
            yield Plain(
                rest.rstrip(), (self.origin[:start] + self.origin[end:])[: len(rest.rstrip())]
            )


def normalize(text: str) -> Plain:
    """`text` composed (NFC), with single plain spaces, without soft hyphens and the like."""
    if not UNUSUAL.search(text) and unicodedata.is_normalized("NFC", text):
        return Plain(text, tuple(zip(range(len(text)), range(1, len(text) + 1), strict=True)))
    characters: list[str] = []
    origin: list[tuple[int, int]] = []
    for match in CLUSTER.finditer(text):
        for char in unicodedata.normalize("NFC", match.group()):
            if char in INVISIBLE:
                continue
            if char.isspace():
                if not characters or characters[-1] == " ":
                    continue
                char = " "
            characters.append(char)
            origin.append(match.span())
    if characters and characters[-1] == " ":
        characters.pop()
        origin.pop()
    return Plain("".join(characters), tuple(origin))


def plain_quotes(plain: Plain) -> Plain:
    """`plain` with straight quotes, for a package whose vocabulary lacks the typographic ones."""
    return Plain(plain.text.translate(QUOTES), plain.origin)


def annotate(plain: Plain, annotations: Sequence[Annotation]) -> Plain:
    """Write the required lemmas into the source: "<t> Ministra <u> министр </t>".

    Target lemma annotations, Bergmanis & Pinnis 2021, as the training wrote them. Offsets
    are into the original text; annotations must not overlap. The lemma stands for its term.
    """
    text, origin, last = "", list[tuple[int, int]](), 0
    for start, end, lemma in sorted(annotations):
        inside = [k for k, (s, e) in enumerate(plain.origin) if s < end and e > start]
        if not inside:
            continue
        first, stop = inside[0], inside[-1] + 1
        if first < last:
            raise TranslatorError(f"annotations overlap at {plain.text[first:stop]!r}")
        for piece, spans in (
            (plain.text[last:first], plain.origin[last:first]),
            ("<t> ", ((start, end),) * 4),
            (plain.text[first:stop], plain.origin[first:stop]),
            (f" <u> {lemma} </t>", ((start, end),) * (len(lemma) + 10)),
        ):
            text += piece
            origin += spans
        last = stop
    return Plain(text + plain.text[last:], (*origin, *plain.origin[last:]))


def split(plain: Plain, fits: Sequence[int], limit: int) -> list[Plain]:
    """Cut a text that is too long for a model, at clause boundaries where there are any.

    `fits[k]` is the number of tokens up to the end of word k; a part has at most `limit`.
    """
    words = list(re.finditer(r"\S+", plain.text))
    clause_ends = {m.start() for m in CLAUSE.finditer(plain.text)}
    parts, first, best = [], 0, 0
    for k in range(len(words)):
        used = fits[first - 1] if first else 0
        if fits[k] - used > limit and k > first:
            stop = best or k
            parts.append(plain.cut(words[first].start(), words[stop - 1].end()))
            first, best = stop, 0
        if words[k].end() in clause_ends and k + 1 > first:
            best = k + 1
    parts.append(plain.cut(words[first].start(), words[-1].end()))
    return parts
