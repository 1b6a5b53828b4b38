"""The pictures that lie beside a document and that its text shows."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg")
LARGEST = 20 << 20  # bytes of a picture that is taken along


class Pictures:
    """Those in the folder of the document at `path` and below; `assets` are the ones found."""

    def __init__(self, path: Path):
        self._folder = path.parent.resolve()
        self.assets: dict[str, bytes] = {}

    def find(self, address: str) -> str:
        """The name of the asset that an address in the text means; "" where that is elsewhere, not
        there, no picture, or too large.
        """
        try:
            parts = urlsplit(address.strip())
            if parts.scheme or parts.netloc or not parts.path:
                return ""
            place = (self._folder / unquote(parts.path)).resolve()
            if (
                place.suffix.lower() not in PICTURES
                or not place.is_relative_to(self._folder)
                or not place.is_file()
                or place.stat().st_size > LARGEST
            ):
                return ""
            name = place.relative_to(self._folder).as_posix()
            if name not in self.assets:
                self.assets[name] = place.read_bytes()
        except (OSError, ValueError):  # ValueError: not a path or address at all
            return ""
        return name
