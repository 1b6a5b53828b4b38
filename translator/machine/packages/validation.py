"""What a package may hold: the files that make a translation model, and nothing that is code."""

from __future__ import annotations

import contextlib
import json
import pickle
import re
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from translator.machine.packages.local import TARGET_TOKENIZER

TRIAL = Path(__file__).parent / "trial.py"
TRIAL_SECONDS = 120

CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
ALLOWED = re.compile(
    rf"metadata\.json|sentencepiece\.model|{re.escape(TARGET_TOKENIZER)}|bpe\.model"
    r"|(README|LICENSE|NOTICE|CHANGELOG|MODEL_CARD)(\.(md|txt|rst))?"
    r"|model/(model\.bin|[\w.-]+\.(json|txt))",
    re.ASCII,
)
CODE_OR_PICKLE = re.compile(
    rb"\x7fELF|MZ|#!|PK\x03\x04|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\x80[\x02-\x05]"
)
BINARY = frozenset({"sentencepiece.model", TARGET_TOKENIZER, "model/model.bin"})
TEXTS = ("package_version", "argos_version", "target_prefix", "code", "from_name", "to_name")


def validate(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The metadata of a package whose files are in order. Raises ValueError with the reason.

    Its model is loaded and translates a word, in a process of its own.
    """
    for name, content in files.items():
        if not ALLOWED.fullmatch(name):
            raise ValueError(f"unexpected file {name!r}")
        if CODE_OR_PICKLE.match(content):
            raise ValueError(f"{name!r} holds code or a pickle")
        if name not in BINARY:
            _check_text(name, content)
    if "metadata.json" not in files:
        raise ValueError("no metadata.json")
    metadata = json.loads(files["metadata.json"])
    _check_metadata(metadata)
    binary = files.get("model/model.bin", b"")
    if len(binary) < 8 or not 0 < struct.unpack_from("<I", binary)[0] < 100:
        raise ValueError("model/model.bin is missing or no CTranslate2 model")
    if "sentencepiece.model" not in files and "bpe.model" not in files:
        raise ValueError("no sentencepiece.model or bpe.model")
    _try(files)
    return metadata


def _check_text(name: str, content: bytes) -> None:
    try:
        text = content.decode()
        if name.endswith(".json"):
            json.loads(text)
    except UnicodeDecodeError:
        raise ValueError(f"{name!r} is no UTF-8 text") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{name!r} is no JSON") from None
    if "\0" in text:
        raise ValueError(f"{name!r} is no text")


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict) or metadata.get("type", "translate") != "translate":
        raise ValueError("metadata.json describes no translation package")
    for key in ("from_code", "to_code"):
        if not isinstance(value := metadata.get(key), str) or not CODE.fullmatch(value):
            raise ValueError(f"metadata.json has no valid {key}")
    for key in TEXTS:
        value = metadata.get(key, "")
        if not isinstance(value, str) or len(value) > 200 or not (value.isprintable()):
            raise ValueError(f"{key} in metadata.json is no line of text")
    capabilities = metadata.get("capabilities", [])
    if not isinstance(capabilities, list) or not all(isinstance(c, str) for c in capabilities):
        raise ValueError("capabilities in metadata.json are no list of texts")
    for key in ("languages", "source_languages", "target_languages"):  # Argos copies them
        if not isinstance(metadata.get(key, []), list):
            raise ValueError(f"{key} in metadata.json is no list")


def _try(files: Mapping[str, bytes]) -> None:
    """Load model and tokenizers and translate a word, in a process whose crash harms nobody.

    The C++ code of CTranslate2 and SentencePiece is not made to read what an enemy has written.
    """
    with subprocess.Popen(
        [sys.executable, "-P", str(TRIAL)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as trial:
        assert trial.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has died; its exit code tells
            pickle.dump(dict(files), trial.stdin)  # our own bytes; never a pickle of the package
        try:
            said, _ = trial.communicate(timeout=TRIAL_SECONDS)
        except subprocess.TimeoutExpired:
            trial.kill()
            raise ValueError(f"its model did not load in {TRIAL_SECONDS} seconds") from None
    if trial.returncode:
        reason = said.decode(errors="replace").strip() or "it crashes the translation engine"
        reason = "".join(char if char.isprintable() else "?" for char in reason)
        raise ValueError(f"its model does not load: {reason}")
