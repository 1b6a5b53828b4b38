"""Makes an Argos package of a Hugging Face checkout: OPUS-MT (Marian), M2M-100, NLLB, mBART-50.

An Argos package knows one token that every translation begins with (`target_prefix`), and none for
the source. What else such a model needs before and after a source text, CTranslate2 itself puts
there: `add_source_eos`, and `add_source_bos` with the language's token as `bos_token`. So Argos
Translate, too, can use what comes out.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from translator.errors import TranslatorError
from translator.machine.packages import archive
from translator.machine.packages.local import TARGET_TOKENIZER
from translator.machine.packages.validation import CODE, validate

MULTILINGUAL = ("m2m_100", "mbart")  # model_type; NLLB is an m2m_100
# __pl__ (M2M-100), pl_PL (mBART-50), pol_Latn (NLLB), >>rus<< and >>kaz_Cyrl<< (OPUS-MT)
LANGUAGE = re.compile(
    r"__([a-z]{2,3})__|([a-z]{2})_[A-Z]{2}|([a-z]{3})_[A-Z][a-z]{3}|>>([a-z]{2,3})(?:_\w+)?<<"
)
CARD = """\
# {names[0]} to {names[1]}, version {version}

Made of the Hugging Face checkout “{name}” ({kind}) by `translator packages import-opus`,
CTranslate2 {quantization}. Its licence is that of the checkout; its own card, if any, follows.
"""


def convert(
    checkout: Path,
    source: str,
    target: str,
    *,
    version: str = "1.0",
    source_token: str = "",
    target_token: str = "",
    quantization: str = "int8",
) -> tuple[str, bytes]:
    """The folder's name and the bytes of the `.argosmodel` that a local checkout makes.

    The tokens of the two languages are found in the model's vocabulary, unless given. Code in the
    checkout is not run. Raises TranslatorError.
    """
    for language in (source, target):
        if not CODE.fullmatch(language):
            raise TranslatorError(f"“{language}” is no language code: use codes such as pl, ru, kk")
    config = _config(checkout)
    kind = config["model_type"]
    for library in ("transformers", "torch"):
        if importlib.util.find_spec(library) is None:
            raise TranslatorError(
                f"this needs {library}, which is not installed: pip install 'translator[opus]'"
            )
    with tempfile.TemporaryDirectory(prefix="translator-") as scratch:
        model = Path(scratch) / "model"
        _run_converter(checkout, model, quantization)
        files = {f"model/{path.name}": path.read_bytes() for path in sorted(model.iterdir())}
    vocabulary = _vocabulary(files)
    settings = json.loads(files["model/config.json"]) | {"add_source_eos": True}
    prefix = ""
    if kind in MULTILINGUAL:
        first = source_token or _token(vocabulary, source, "--from-token")
        prefix = target_token or _token(vocabulary, target, "--to-token")
    else:  # a Marian model for several languages reads in the source which one is wanted
        several = any(token.startswith(">>") and token.endswith("<<") for token in vocabulary)
        first = target_token or (_token(vocabulary, target, "--to-token") if several else "")
    for token in filter(None, (first, prefix)):
        if token not in vocabulary:
            raise TranslatorError(f"its vocabulary has no {token!r}", file=checkout)
    if first:
        settings |= {"add_source_bos": True, "bos_token": first}
    names = _name(source), _name(target)
    metadata = {
        "package_version": version,
        "argos_version": "1.9.0",
        "type": "translate",
        "code": f"translate-{source}_{target}",
        "from_code": source,
        "from_name": names[0],
        "to_code": target,
        "to_name": names[1],
        "target_prefix": prefix,
    }
    card = CARD.format(
        names=names, version=version, name=_title(config, checkout), kind=kind,
        quantization=quantization,
    )  # fmt: skip
    own_card = checkout / "README.md"
    if own_card.is_file():
        card += "\n" + own_card.read_text(encoding="utf-8", errors="replace")
    files |= {
        "model/config.json": _json(settings),
        "metadata.json": _json(metadata),
        "README.md": card.encode(),
        **_tokenizers(checkout, kind),
    }
    try:
        validate(files)
    except ValueError as error:
        raise TranslatorError(f"does not make a package: {error}", file=checkout) from error
    folder = f"translate-{source}_{target}-{version.replace('.', '_')}"
    return folder, archive.pack(folder, files)


def _config(checkout: Path) -> dict[str, Any]:
    """The checkout's own config, of a kind of model that an Argos package can carry."""
    try:
        config = json.loads((checkout / "config.json").read_text(encoding="utf-8"))
        kind = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TranslatorError(
            "is no checkout of a Hugging Face model: it has no config.json with a model_type",
            file=checkout,
        ) from error
    if kind not in ("marian", *MULTILINGUAL):
        raise TranslatorError(
            f"is a model of type {kind!r}; only marian (OPUS-MT), m2m_100 (M2M-100, NLLB) and "
            "mbart (mBART-50) can become packages",
            file=checkout,
        )
    if kind == "mbart" and config.get("tokenizer_class") != "MBart50Tokenizer":
        raise TranslatorError(
            "is an mBART-25, which wants the language after the source text: an Argos package "
            "cannot carry that; mBART-50 works",
            file=checkout,
        )
    return config


def _run_converter(checkout: Path, model: Path, quantization: str) -> None:
    # Before the import: nothing is fetched, whatever the checkout refers to.
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    os.environ |= {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"}
    import ctranslate2

    converter = ctranslate2.converters.TransformersConverter(str(checkout))
    try:
        converter.convert(str(model), quantization=quantization)
    except Exception as error:  # whatever transformers, torch and the files in it come up with
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise TranslatorError(f"cannot be converted: {reason}", file=checkout) from error


def _tokenizers(checkout: Path, kind: str) -> dict[str, bytes]:
    """The SentencePiece models, under the names that they have in a package."""
    wanted = {"sentencepiece.model": "sentencepiece.bpe.model"}
    if kind == "marian":
        wanted = {"sentencepiece.model": "source.spm", TARGET_TOKENIZER: "target.spm"}
    try:
        files = {name: (checkout / file).read_bytes() for name, file in wanted.items()}
    except OSError as error:
        raise TranslatorError(
            f"has no {error.filename and Path(error.filename).name}: an Argos package needs the "
            "model's SentencePiece file",
            file=checkout,
        ) from error
    if files.get(TARGET_TOKENIZER) == files["sentencepiece.model"]:
        del files[TARGET_TOKENIZER]
    return files


def _vocabulary(files: archive.Files) -> list[str]:
    for name in ("model/shared_vocabulary.json", "model/source_vocabulary.json"):
        if name in files:
            return json.loads(files[name])
    return []


def _token(vocabulary: list[str], language: str, option: str) -> str:
    """The one token of a vocabulary that stands for a language."""
    tokens = [token for token in vocabulary if _language(token) == language]
    if len(tokens) == 1:
        return tokens[0]
    if tokens:
        raise TranslatorError(f"several tokens mean {language}: {', '.join(tokens)}; use {option}")
    raise TranslatorError(
        f"the model does not know {language!r}: no token of its vocabulary names it; if one does, "
        f"say which with {option}"
    )


def _language(token: str) -> str:
    """The ISO 639-1 code (639-3 where there is none) that a language token names, or ""."""
    from babel.core import get_global

    if not (match := LANGUAGE.fullmatch(token)):
        return ""
    code = next(filter(None, match.groups()))
    return get_global("language_aliases").get(code, code)


def _name(code: str) -> str:
    from babel import Locale

    return Locale("en").languages.get(code, code)


def _title(config: dict[str, Any], checkout: Path) -> str:
    return str(config.get("_name_or_path") or checkout.resolve().name)


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
