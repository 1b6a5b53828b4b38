"""The only module that uses the network: the Argos index, and downloads with a SHA-256 check.

Argos's index (https://github.com/argosopentech/argospm-index) states no hashes; one that does, as
`sha256` beside `links`, is heeded.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

from translator.errors import TranslatorError
from translator.machine.packages.archive import LARGEST
from translator.machine.packages.local import argos, version

SECONDS = 30  # without a byte, after which a server counts as dead
CHUNK = 1 << 18
LARGEST_INDEX = 32 << 20

Progress = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]


def fetch(
    name: str, file: Path, *, sha256: str = "", progress: Progress | None = None
) -> tuple[str, str]:
    """Download a package by URL or by its name in the index; the link taken, and the SHA-256.

    Raises TranslatorError where it cannot be had, or is not what the SHA-256 says. Without one,
    only https will do: anyone on the way can change what comes over http.
    """
    links, stated = ([name], "") if "://" in name else _look_up(name)
    expected = sha256 or stated
    for link in links:
        if not link.startswith("https://" if not expected else ("https://", "http://")):
            raise TranslatorError("is not fetched: use https, or http with --sha256 HEX", file=link)
    problems = []
    for link in links:
        try:
            found = _download(link, file, secure=not expected, progress=progress)
        except (OSError, http.client.HTTPException, ValueError) as error:
            problems.append(f"{link}: {_reason(error)}")
            continue
        check(link, found, expected)
        return link, found
    raise TranslatorError(
        f"cannot be downloaded: {'; '.join(problems)}; check the network, or copy the .argosmodel "
        "file here and run: translator packages install FILE"
    )


def check(source: str | Path, found: str, expected: str) -> None:
    """Raise TranslatorError unless a file has the SHA-256 that it should, if any is known."""
    if expected and not re.fullmatch("[0-9a-fA-F]{64}", expected):
        raise TranslatorError(f"{expected!r} is no SHA-256: it has 64 hexadecimal digits")
    if expected and found != expected.lower():
        raise TranslatorError(
            f"refused: its SHA-256 is {found}, not {expected.lower()}; do not use it", file=source
        )


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(link: str, file: Path, *, secure: bool, progress: Progress | None) -> str:
    """Write what a link leads to into a file; its SHA-256."""
    digest, done = hashlib.sha256(), 0
    with _open(link) as answer, file.open("wb") as out:
        if secure and not answer.geturl().startswith("https://"):
            raise ValueError(f"leads to {answer.geturl()}, which is not https")
        total = int(answer.headers.get("Content-Length") or 0)
        label = link.rpartition("/")[2] or link
        with progress(total, label) if progress else nullcontext(lambda count: None) as advance:
            while chunk := answer.read(CHUNK):
                done += len(chunk)
                if done > LARGEST:
                    raise ValueError(f"is larger than {LARGEST >> 30} GiB")
                digest.update(chunk)
                out.write(chunk)
                advance(len(chunk))
        if total and done != total:
            raise ValueError(f"ended after {done} of {total} bytes")
    return digest.hexdigest()


def _open(link: str) -> Any:
    request = urllib.request.Request(link, headers={"User-Agent": "translator"})
    return urllib.request.urlopen(request, timeout=SECONDS)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__


def _look_up(name: str) -> tuple[list[str], str]:
    """The links of a package in the index, the newest one for its pair, and its SHA-256 if told."""
    address = str(argos().settings.remote_package_index)
    try:
        with _open(address) as answer:
            entries = _read(answer)
    except (OSError, http.client.HTTPException) as error:
        raise TranslatorError(
            f"the Argos package index cannot be reached ({_reason(error)}); with no network, copy "
            "an .argosmodel file here and run: translator packages install FILE",
        ) from error
    except (ValueError, RecursionError) as error:
        raise TranslatorError("is no Argos index", file=address) from error
    pair = tuple(name.removeprefix("translate-").replace("_", "-").split("-"))
    fitting = [e for e in entries if (e.get("from_code"), e.get("to_code")) == pair]
    if not fitting:
        raise TranslatorError(f"neither a file nor a package of the Argos index: {name}")
    entry = max(fitting, key=lambda e: version(str(e.get("package_version"))))
    links = [link for link in entry["links"] if re.match("https?://", link)]
    if not links:
        raise TranslatorError(f"the Argos index has no https link for {name}")
    return links, str(entry.get("sha256") or "")


def _read(answer: IO[bytes]) -> list[dict[str, Any]]:
    """The translation packages in an index. Raises ValueError where that is none."""
    content = answer.read(LARGEST_INDEX)
    entries = json.loads(content)
    if not isinstance(entries, list):
        raise ValueError("no list")
    return [
        entry
        for entry in entries
        if isinstance(entry, dict)
        and isinstance(entry.get("links"), list)
        and all(isinstance(link, str) for link in entry["links"])
    ]
