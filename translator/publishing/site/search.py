"""The search index of one language, as a script that hands it to search.js.

A script, since a page that is opened from a disk may load one but may not read a JSON file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from translator.publishing.publication import Publication

if TYPE_CHECKING:
    from translator.publishing.site.pages import Entry


def index(entries: Sequence[Entry]) -> str:
    """All words of all releases in order, each with the numbers of the releases that have it; the
    number is negative (-1 is release 0) where the word stands in the title.
    """
    places: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        titles = set(words(entry.publication.title))
        for word in sorted(titles | set(words(_text(entry.publication)))):
            places.setdefault(word, []).append(-number - 1 if word in titles else number)
    ordered = sorted(places)
    data = {
        "names": [entry.name for entry in entries],
        "words": " ".join(ordered),
        "places": [places[word] for word in ordered],
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"window.searchIndex = {written};\n"


def _text(publication: Publication) -> str:
    return " ".join(row.target for row in publication.body)


def words(text: str) -> list[str]:
    """The words and figures of a text as they are looked up: in small letters, ё as е. search.js
    does the same with what is asked for.
    """
    return re.findall(r"[^\W_]+", text.replace("\u00ad", "").lower().replace("ё", "е"))
