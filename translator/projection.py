"""Putting the tags of a source into its translation.

A pair of tags goes around one stretch of target words: the one that gains most where each word
counts for the tag as far as it comes from words inside it and against it as far as it comes from
others (the maximum-sum segment, Bentley 1984). Unlike the least cover of all aligned words, as in
Müller 2017 ("Treatment of Markup in Statistical Machine Translation"), one wrong link does not
stretch it over half of the sentence; that spans are chosen as a whole by what they hold of both
sides follows Zenkel, Wuebker & DeNero 2021 ("Automatic Bilingual Markup Transfer"). Pairs nest as
in the source and never cross; nothing is lost or doubled.

Which word comes from which is known for certain for `anchors`; the model's attention tells it for
the rest, or, where there is none, the place in the sentence between the nearest anchors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, replace

from translator.anchors import WORD, Anchor, Span
from translator.inline import Tag
from translator.model import SOURCE

CERTAIN = 3.0  # what a word of an anchor counts beside one that attention aligned
RESERVED = 0.5  # of attention to a source word that an anchor translates already
NEUTRAL = 0.02  # what a word without a source costs at the edge of a stretch
FAINT = 0.3  # of attention, which then tells nothing
DOUBTFUL = 0.5  # a lower confidence is worth a person's look

Attention = Sequence[tuple[int, int, int, int, float]]

# The source tells whether a tag holds the one at its edge; what it is like tells little.
_TABLE = """
pl bez dla do ku między na nad o od ode oprócz po pod podczas ponad poza przed przez przy spod
pl sprzed u w we wbrew wśród według wobec wzdłuż z za ze znad zza
en about across against along among as at before behind between beyond by during for from in into
en near of on onto over per since through to toward towards under until via with within without
ru без безо в вдоль во для до за из изо к ко кроме между на над о об обо от ото перед по под при
ru про с согласно со среди у через
"""
_PREPOSITIONS: dict[str, set[str]] = defaultdict(set)
for _language, *_words in map(str.split, _TABLE.strip().splitlines()):
    _PREPOSITIONS[_language].update(_words)
_ARTICLES = {"en": {"a", "an", "the"}}

_CLASSES = {
    **dict.fromkeys("„“”«»\"‘’‚'", "quote"),
    **dict.fromkeys("([{", "open"),
    **dict.fromkeys(")]}", "close"),
    **dict.fromkeys("-–—", "dash"),
    **dict.fromkeys(".!?…", "stop"),
}


@dataclass(frozen=True, slots=True)
class Projection:
    """The tags in the target, an outer one before an inner one, and the numbers of the doubtful."""

    tags: tuple[Tag, ...]
    doubtful: tuple[int, ...] = ()


def project(
    source: str,
    tags: Sequence[Tag],
    target: str,
    anchors: Sequence[Anchor] = (),
    attention: Attention = (),
    *,
    language: str = "",
    breaks: Collection[int] = (),
) -> Projection:
    """Where the tags of `source` stand in `target`, of `language`, both texts without tags.

    A tag without content follows the word it followed, with the punctuation between; the tags
    numbered in `breaks` stand where what was before them in the source ends.
    """
    if not tags:
        return Projection(())
    placer = _Placer(source, target, anchors, attention, language, breaks)
    placer.place(_tree(tags), 0, len(target))
    return Projection(
        tuple(placer.placed[tag.number] for tag in tags),
        tuple(tag.number for tag in tags if placer.confidence[tag.number] < DOUBTFUL),
    )


@dataclass(frozen=True, slots=True)
class _Node:
    tag: Tag
    inner: list[_Node]


def _tree(tags: Sequence[Tag]) -> list[_Node]:
    roots: list[_Node] = []
    path: list[_Node] = []
    for tag in tags:
        while path and not path[-1].tag.start <= tag.start <= tag.end <= path[-1].tag.end:
            path.pop()
        node = _Node(tag, [])
        (path[-1].inner if path else roots).append(node)
        if tag.start < tag.end:
            path.append(node)
    return roots


class _Placer:
    def __init__(
        self,
        source: str,
        target: str,
        anchors: Sequence[Anchor],
        attention: Attention,
        language: str,
        breaks: Collection[int],
    ):
        self.source, self.target = source, target
        self.polish = _PREPOSITIONS[SOURCE]
        self.prepositions = _PREPOSITIONS.get(language, set())
        self.articles = _ARTICLES.get(language, set())
        self.anchors = anchors
        self.breaks = breaks
        self.ours = [match.span() for match in WORD.finditer(source)]
        self.theirs = [match.span() for match in WORD.finditer(target)]
        self.certain = {t for a in anchors for t in _inside(self.theirs, a[2], a[3])}
        self.totals: list[float] = []
        self.weights = self._weights(attention)
        self.placed: dict[int, Tag] = {}
        self.confidence: dict[int, float] = {}
        self.told = bool(attention)

    def _weights(self, attention: Attention) -> list[list[float]]:
        """For each target word how far it comes from each source word; the sum is 1 at most."""
        rows = [[0.0] * len(self.ours) for _ in self.theirs]
        for start, end, there, until, weight in attention:
            sources = _touching(self.ours, start, end)
            for t in _touching(self.theirs, there, until):
                for s in sources:
                    rows[t][s] += weight / len(sources)
        if not attention:
            rows = self._by_position()
        told = [list(row) for row in rows]
        reserved = {s for a in self.anchors for s in _inside(self.ours, a[0], a[1])}
        for t, row in enumerate(rows):
            self.totals.append(sum(row))
            if t not in self.certain:
                rows[t] = [w * RESERVED if s in reserved else w for s, w in enumerate(row)]
        for start, end, there, until in self.anchors:
            sources = _inside(self.ours, start, end)
            targets = _inside(self.theirs, there, until)
            for n, t in enumerate(targets):
                # Attention tells the words of a term from each other; where it does not, words of
                # equal number go one to one.
                within = [w * (s in sources) for s, w in enumerate(told[t])]
                if not attention or sum(within) < FAINT:
                    own = [sources[n]] if len(sources) == len(targets) else sources
                    within = [float(s in own) for s in range(len(self.ours))]
                self.totals[t] = 1.0
                whole = sum(within) or 1.0  # an anchor between words of the source has none
                rows[t] = [w / whole for w in within]
        return rows

    def _by_position(self) -> list[list[float]]:
        """Rows with one source word each: at the same share of the way between two anchors."""
        if not (self.ours and self.theirs):
            return [[] for _ in self.theirs]
        points = {0: 0.0, len(self.target): float(len(self.source))}
        for start, end, there, until in self.anchors:
            points[(there + until) // 2] = (start + end) / 2
        known = sorted(points.items())
        rows = []
        for start, end in self.theirs:
            middle = (start + end) / 2
            left = max(p for p in known if p[0] <= middle)
            right = min((p for p in known if p[0] > middle), default=known[-1])
            share = (middle - left[0]) / max(1, right[0] - left[0])
            at = left[1] + share * (right[1] - left[1])
            nearest = min(range(len(self.ours)), key=lambda s: abs(sum(self.ours[s]) / 2 - at))
            rows.append([float(s == nearest) for s in range(len(self.ours))])
        return rows

    def place(self, nodes: Sequence[_Node], low: int, high: int) -> None:
        """Place sibling tags, and what is in them, between these offsets; the surest go first."""
        pairs = [node for node in nodes if node.tag.start < node.tag.end]
        taken: list[Span] = []
        rated = sorted(pairs, key=lambda node: -self._best(node.tag, low, high, [])[1])
        for node in rated:
            tag = node.tag
            span, gain, confidence = self._best(tag, low, high, taken)
            if span is None:
                span, confidence = self._somewhere(tag, low, high, taken), 0.0
            if gain and not any(anchor[:2] == (tag.start, tag.end) for anchor in self.anchors):
                span = self._with_prepositions(tag, span, low, high, taken)
                span = self._with_punctuation(tag, span, low, high, taken)
            taken.append(span)
            self.placed[tag.number] = replace(tag, start=span[0], end=span[1])
            self.confidence[tag.number] = confidence
            self.place(node.inner, *span)
        for node in nodes:
            if node.tag.start == node.tag.end:
                at, confidence = self._mark(node.tag, low, high, taken)
                self.placed[node.tag.number] = replace(node.tag, start=at, end=at)
                self.confidence[node.tag.number] = confidence

    def _best(
        self, tag: Tag, low: int, high: int, taken: Sequence[Span]
    ) -> tuple[Span | None, float, float]:
        """The stretch of free words that gains most (None where none gains), its gain, and a
        confidence: the harmonic mean of the shares of what belongs to the tag that it holds, and
        of what it holds that belongs to the tag.
        """
        inside = set(_touching(self.ours, tag.start, tag.end))
        best: tuple[float, int, int] = (0.0, 0, 0)
        total, first = 0.0, 0
        belongs = [sum(row[s] for s in inside) for row in self.weights]
        values = []
        for t, (start, end) in enumerate(self.theirs):
            free = low <= start and end <= high
            free = free and not any(start < b and a < end for a, b in taken)
            value = 2 * belongs[t] - self.totals[t] - NEUTRAL
            value *= CERTAIN if t in self.certain else 1.0
            values.append(value)
            if not free:
                total, first = 0.0, t + 1
                continue
            if total <= 0:
                total, first = 0.0, t
            total += value
            if total > best[0]:
                best = total, first, t + 1
        gain, first, last = best
        if not gain:
            return None, 0.0, 0.0
        held = sum(belongs[first:last])
        all_of_it = sum(belongs)
        foreign = sum(sum(self.weights[t]) - belongs[t] for t in range(first, last))
        confidence = 2 * held / (held + all_of_it + foreign)
        return self._snapped(tag, self.theirs[first][0], self.theirs[last - 1][1]), gain, confidence

    def _snapped(self, tag: Tag, start: int, end: int) -> Span:
        """The stretch with the signs that belong to a figure at its ends: 18%, € 5, 2021 r."""
        for a, b, there, until in self.anchors:
            if tag.start <= a and b <= tag.end:
                if there < start < until <= end:
                    start = there
                if start <= there < end < until:
                    end = until
        return start, end

    def _somewhere(self, tag: Tag, low: int, high: int, taken: Sequence[Span]) -> Span:
        """A free word near the tag's relative place; an empty place where none is free."""
        at = low + (tag.start + tag.end) / 2 / max(1, len(self.source)) * (high - low)
        free = [
            (start, end)
            for start, end in self.theirs
            if low <= start and end <= high and not any(start < b and a < end for a, b in taken)
        ]
        if free:
            return min(free, key=lambda span: abs(sum(span) / 2 - at))
        return high, high

    def _with_prepositions(
        self, tag: Tag, span: Span, low: int, high: int, taken: Sequence[Span]
    ) -> Span:
        """The stretch with a preposition at its edge where the tag has one, and else without."""
        ours = [self.source[a:b].lower() for a, b in self._within(tag)]
        words = [w for w in self.theirs if span[0] <= w[0] and w[1] <= span[1]]
        if not (self.prepositions and ours and words):
            return span
        start, end = span
        small = self.prepositions | self.articles
        while len(words) > 1 and ours[-1] not in self.polish and self._says(words[-1], small):
            words.pop()
            end = words[-1][1]
        if ours[0] not in self.polish:
            while len(words) > 1 and self._says(words[0], self.prepositions):
                words.pop(0)
                start = words[0][0]
        elif not self._says(words[0], self.prepositions):
            ahead = self.theirs[: self.theirs.index(words[0])]
            while ahead and self._says(ahead[-1], self.articles):
                ahead.pop()
            if ahead and self._says(ahead[-1], self.prepositions):
                there = ahead[-1][0]
                if there >= low and not any(there < b <= start for _, b in taken):
                    start = there
        return start, end

    def _within(self, tag: Tag) -> list[Span]:
        return [self.ours[s] for s in _touching(self.ours, tag.start, tag.end)]

    def _says(self, word: Span, known: Set[str]) -> bool:
        return self.target[word[0] : word[1]].lower() in known

    def _with_punctuation(
        self, tag: Tag, span: Span, low: int, high: int, taken: Sequence[Span]
    ) -> Span:
        """The stretch with the marks at its ends that the tag has inside of it in the source."""
        words = _touching(self.ours, tag.start, tag.end)
        if not words:
            return span
        start, end = span
        low = max([low, *(b for _, b in taken if b <= start)])
        high = min([high, *(a for a, _ in taken if a >= end)])
        ahead = self.source[tag.start : self.ours[words[0]][0]]
        behind = self.source[self.ours[words[-1]][1] : tag.end]
        start -= _reach(self.target[low:start][::-1], ahead)
        end += _reach(self.target[end:high], behind)
        for opening, closing in ("„”", "“”", "«»", "()"):
            open_marks = self.target[start:end].count(opening)
            lone = open_marks - self.target[start:end].count(closing)
            if lone > 0 and self.target[end:high].startswith(closing):
                end += 1
            elif lone < 0 and self.target[low:start].endswith(opening):
                start -= 1
        return start, end

    def _mark(self, tag: Tag, low: int, high: int, taken: Sequence[Span]) -> tuple[int, float]:
        """The place of a tag without content, outside of the pairs beside it, and a confidence."""
        before = [s for s, (_, end) in enumerate(self.ours) if end <= tag.start]
        free = [t for t, (a, b) in enumerate(self.theirs) if low <= a and b <= high]
        if not self.source[tag.start :].strip():
            return high, 1.0
        if not before or not free:
            return low, 1.0 if not before else 0.0
        if tag.number in self.breaks:
            at, confidence = self._split(len(before), free, tag)
            return _outside(at, taken), confidence
        word = before[-1]
        behind = self.source[self.ours[word][1] : tag.start]
        column = {t: self.weights[t][word] * (CERTAIN if t in self.certain else 1) for t in free}
        best = max(free, key=lambda t: column[t])
        anchor = next(
            (a for a in self.anchors if a[2] < self.theirs[best][1] and self.theirs[best][0] < a[3]
             and a[1] == self.ours[word][1]), None
        )  # fmt: skip
        end = anchor[3] if anchor else self.theirs[best][1]
        if anchor is None:
            # The head of the phrase may have come to stand behind its attribute.
            near = set(before[-3:])
            for t in free[free.index(best) + 1 :]:
                gap = self.target[end : self.theirs[t][0]]
                row = self.weights[t]
                if gap.strip() or t in self.certain or sum(row[s] for s in near) < 0.6:
                    break
                end = self.theirs[t][1]
        confidence = 1.0 if anchor else column[best] / (sum(column.values()) or 1.0)
        if not column[best]:
            confidence = 0.0
        end = _outside(end, taken)
        end += _reach(self.target[end:high], behind)
        return _outside(end, taken), confidence

    def _split(self, before: int, free: Sequence[int], tag: Tag) -> tuple[int, float]:
        """Where the words from before the tag end and those from behind it begin."""
        balance = [sum(row[:before]) - sum(row[before:]) for row in self.weights]
        ahead = {t: sum(balance[free[0] : t]) - sum(balance[t : free[-1] + 1]) for t in free[1:]}
        if not ahead:
            return self.theirs[free[-1]][1], 0.0
        best = max(ahead, key=lambda t: ahead[t])
        start, end = self.theirs[best - 1][1], self.theirs[best][0]
        gap = self.target[start:end]
        close = len(gap) - len(gap.lstrip()) if not gap.strip() else len(gap.split()[0])
        after_space = self.source[tag.start - 1 : tag.start].isspace()
        whole = sum(map(abs, balance[free[0] : free[-1] + 1])) or 1.0
        if gap[:1].isspace():
            close = 0
        return (end if after_space else start + close), ahead[best] / whole


def _outside(at: int, taken: Sequence[Span]) -> int:
    return next((end for start, end in taken if start < at < end), at)


def _reach(text: str, wanted: str) -> int:
    """How far marks like those in `wanted` go from the beginning of `text`, up to a word."""
    classes = {_CLASSES.get(char, char) for char in wanted if not char.isspace()}
    if "dash" in classes:
        classes.add("quote")  # the dash of a Polish dialogue
    reach = 0
    for n, char in enumerate(text):
        if char.isalnum():
            break
        if _CLASSES.get(char, char) in classes:
            reach = n + 1
    return reach


def _inside(words: Sequence[Span], start: int, end: int) -> list[int]:
    return [n for n, (a, b) in enumerate(words) if start <= a and b <= end]


def _touching(words: Sequence[Span], start: int, end: int) -> list[int]:
    return [n for n, (a, b) in enumerate(words) if a < end and start < b]
