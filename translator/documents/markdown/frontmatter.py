"""The fields before a Markdown text: YAML between `---` or TOML between `+++`, as static site
generators take them. Only texts of one line are read and written, in their places.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from translator.model import Block, BlockKind, Inline

TEXTS = ("title", "description", "summary", "subtitle", "lead", "excerpt")
_LANGUAGES = ("lang", "language", "locale")
_DATES = ("date", "published", "publishdate")
_FENCE = re.compile(r"(---|\+\+\+)[ \t]*")
_FIELD = re.compile(r"(?P<key>[A-Za-z][\w-]*)(?P<sign>[ \t]*[:=][ \t]*)(?P<value>\S.*?)[ \t]*")
_COMMENT = re.compile(r"[ \t]#.*")
_NO_TEXT = ("|", ">", "[", "{", "&", "*", "!", "%", "@", "`", "#", "? ", "- ")


@dataclass(frozen=True, slots=True)
class Field:
    """A text of the front matter in the line `index`."""

    block: Block
    fields: FrontMatter
    index: int
    key: str

    def put(self, text: str, inlines: Sequence[Inline]) -> None:
        self.fields.set(self.key, text)


class FrontMatter:
    """The front matter at the beginning of a text's `lines`; `end` is the line behind it, 0 where
    there is none.
    """

    def __init__(self, lines: Sequence[str]):
        opening = _FENCE.fullmatch(lines[0]) if lines else None
        fence = opening[1] if opening else None
        ends = (k for k, line in enumerate(lines) if k and line.rstrip() == fence)
        self.end = next(ends, -1) + 1
        self.lines = list(lines[: self.end])
        self._sign = " = " if fence == "+++" else ": "
        self._places: dict[str, tuple[int, str]] = {}  # by its key, the line and value of a field
        for index, line in enumerate(self.lines[1:-1], start=1):
            match = _FIELD.fullmatch(line)
            if match and match["key"].lower() not in self._places:
                self._places[match["key"].lower()] = (index, match["value"])

    def text(self, key: str) -> str:
        """The text of a field, "" where it has none of one line."""
        value = self._places.get(key, (0, ""))[1]
        if value.startswith('"'):
            try:
                found = json.JSONDecoder().raw_decode(value)[0]  # a JSON string is a YAML string
            except ValueError:
                return ""
            return str(found)
        if value.startswith("'"):
            match = re.match("'((?:[^']|'')*)'", value)
            return match[1].replace("''", "'") if match else ""
        return "" if value.startswith(_NO_TEXT) else _COMMENT.sub("", value)

    def fields(self, title: str) -> list[Field]:
        """The texts to translate; a title that the body repeats is none of its own."""
        found = []
        for key in TEXTS:
            text = " ".join(self.text(key).split())
            if text and not (key == "title" and text == title):
                kind = BlockKind.METADATA if title or key != "title" else BlockKind.TITLE
                index = self._places[key][0]
                found.append(Field(Block(0, kind, text, index + 1), self, index, key))
        return sorted(found, key=lambda field: field.index)

    @property
    def date(self) -> datetime.date | None:
        """The day of publication."""
        for key in _DATES:
            try:
                return datetime.date.fromisoformat(self.text(key)[:10])
            except ValueError:
                continue
        return None

    def set(self, key: str, text: str) -> None:
        """Let the field have this text; a new field comes last."""
        value = json.dumps(text, ensure_ascii=False)
        if key not in self._places:
            self._places[key] = (len(self.lines) - 1, "")
            self.lines.insert(-1, f"{key}{self._sign}{value}")
            return
        index = self._places[key][0]
        match = _FIELD.fullmatch(self.lines[index])
        assert match is not None
        self.lines[index] = f"{match['key']}{match['sign']}{value}"

    def set_language(self, language: str) -> None:
        """Let the fields that name the language name this one."""
        for key in _LANGUAGES:
            if key in self._places:
                self.set(key, language)

    def set_draft(self) -> None:
        """Say that this is a draft, which generators do not publish."""
        if self.end:
            self.set("draft", "")
            index = self._places["draft"][0]
            self.lines[index] = f"draft{self._sign}true"
