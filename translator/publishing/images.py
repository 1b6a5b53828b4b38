"""Images that documents carry: which kind they are, told by their first bytes."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

_MAGIC: Final = {
    "png": rb"\x89PNG\r\n",
    "jpg": rb"\xff\xd8\xff",
    "gif": rb"GIF8",
    "webp": rb"RIFF....WEBP",
    "svg": rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]",
}


def kind(content: bytes) -> str:
    """The suffix of an image that both browsers and Typst show; "" for anything else."""
    start = content[:4096]
    return next((k for k, magic in _MAGIC.items() if re.match(magic, start, re.DOTALL)), "")


def data_address(content: bytes) -> str:
    """An image as an address that holds all of it, "" where no browser shows it."""
    suffix = kind(content)
    mime = {"jpg": "jpeg", "svg": "svg+xml"}.get(suffix, suffix)
    return f"data:image/{mime};base64,{b64encode(content).decode()}" if suffix else ""
