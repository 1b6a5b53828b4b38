"""The packages on this machine, and which of them serve a pair of languages."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from translator.errors import TranslatorError

EMBEDDED = Path(__file__).parent.parent / "embedded"
PIVOT = "en"
TARGET_TOKENIZER = "target_sentencepiece.model"


@dataclass(frozen=True)
class Package:
    """An Argos package in a folder. `argos` is Argos's own object, with its tokenizer.

    `target_tokenizer` is for the text that the package puts out: the same one, or that of a file
    of our own where an imported model has two. (Argos decodes with the source's, which comes to
    the same, but it cannot encode a target text.)
    """

    code: str
    from_code: str
    to_code: str
    version: str
    path: Path
    embedded: bool
    capabilities: frozenset[str]
    argos: Any = field(compare=False)
    target_tokenizer: Any = field(compare=False)

    @property
    def target_prefix(self) -> str:
        """The token that every translation begins with, such as "<2kk>", or ""."""
        return self.argos.target_prefix

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file())


@dataclass(frozen=True)
class Candidate:
    """A way from one language to another, and why it stands at its place among the others."""

    route: tuple[Package, ...]
    reason: str


@cache
def argos() -> ModuleType:
    """`argostranslate.package`, imported without the folders that its settings make in HOME.

    What only reads must not write, and HOME may be read-only: `install` makes the folders it needs.
    """
    makedirs, os.makedirs = os.makedirs, lambda *_, **__: None
    try:
        return importlib.import_module("argostranslate.package")
    finally:
        os.makedirs = makedirs


def user_folder() -> Path:
    """Where Argos Translate keeps the packages of this user (may not exist)."""
    return Path(argos().settings.package_data_dir)


def folders() -> list[Path]:
    """All folders that hold packages, the embedded one last. Some may not exist."""
    return [*(Path(folder) for folder in argos().settings.package_dirs), EMBEDDED]


def places(folder: Path) -> list[Path]:
    """The folders of packages in one of `folders`."""
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")
    except OSError:  # Argos has never run here, or the folder is not ours to read
        return []


def installed() -> list[Package]:
    """All usable packages, the preferred first: the user's before the embedded, then the newer."""
    return scan()[0]


def scan() -> tuple[list[Package], list[str]]:
    """The packages that `installed` gives, and one line for each folder with a broken one."""
    packages, broken = [], []
    for folder in folders():
        for place in places(folder):
            try:
                package = open_package(place)
            except (OSError, ValueError, TypeError, AttributeError) as error:
                broken.append(f"{place}: broken package, ignored ({error}); remove or reinstall it")
                continue
            if package is not None:
                packages.append(package)
    packages.sort(key=lambda package: version(package.version), reverse=True)
    packages.sort(key=lambda package: package.embedded)
    return packages, broken


def open_package(path: Path) -> Package | None:
    """The package in a folder; None where it is of another type than translation."""
    package = argos().Package(path)
    if package.type != "translate":
        return None
    if not (path / "model" / "model.bin").is_file() or not hasattr(package, "tokenizer"):
        raise ValueError("no model or no tokenizer")
    metadata = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
    of_target = path / TARGET_TOKENIZER
    return Package(
        code=package.code or f"translate-{package.from_code}_{package.to_code}",
        from_code=package.from_code,
        to_code=package.to_code,
        version=package.package_version,
        path=path,
        embedded=path.parent == EMBEDDED,
        capabilities=frozenset(metadata.get("capabilities", ())),
        argos=package,
        target_tokenizer=argos().SentencePieceTokenizer(of_target)
        if of_target.is_file()
        else package.tokenizer,
    )


def version(text: str) -> tuple[int, ...]:
    """A version such as "1.10" for comparison."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def candidates(
    source: str, target: str, chosen: Mapping[str, str] = MappingProxyType({})
) -> list[Candidate]:
    """All ways from one language to another, the one that is taken first.

    `chosen` names a package for a pair ("pl-kk": its code, its folder, or "embedded" for the one
    that ships with translator), which comes before all others. Raises TranslatorError where a
    chosen one is not installed.
    """
    found = installed()
    named: dict[tuple[str, str], Package] = {}
    for pair, name in chosen.items():
        fitting = [p for p in found if pair == f"{p.from_code}-{p.to_code}" and _is_called(p, name)]
        if not fitting:
            raise TranslatorError(
                f"{name!r}, chosen for {pair}, is not installed; `translator packages list` shows "
                "what there is"
            )
        named[fitting[0].from_code, fitting[0].to_code] = fitting[0]

    def serving(one: str, other: str) -> list[Package]:
        serve = [p for p in found if (p.from_code, p.to_code) == (one, other)]
        return sorted(serve, key=lambda package: package is not named.get((one, other)))

    ways = [
        Candidate((package,), _reason(package, named.get((source, target))))
        for package in serving(source, target)
    ]
    hops = serving(source, PIVOT), serving(PIVOT, target)
    if all(hops):
        way = (hops[0][0], hops[1][0])
        ways.append(Candidate(way, f"through {PIVOT}, for want of a package for the pair"))
    return ways


def _reason(package: Package, named: Package | None) -> str:
    if package is named:
        return "chosen in translator.toml"
    return (
        "ships with translator" if package.embedded else "installed; comes before what is shipped"
    )


def route(
    source: str, target: str, chosen: Mapping[str, str] = MappingProxyType({})
) -> tuple[Package, ...]:
    """The packages to go through from one language to another: one, or two by way of English.

    `chosen` as for `candidates`. Raises TranslatorError where no installed package leads there, or
    a chosen one is not installed.
    """
    ways = candidates(source, target, chosen)
    if not ways:
        raise TranslatorError(
            f"no package translates {source} to {target}, neither directly nor through {PIVOT}; "
            f"install one with: translator packages install translate-{source}_{target}"
        )
    return ways[0].route


def info(code: str) -> Package:
    """The preferred package called `code`.

    That is "translate-pl_en", its folder's name, or the pair as "pl-en" or "pl_en".
    Raises TranslatorError where there is none.
    """
    for package in installed():
        pair = f"{package.from_code}-{package.to_code}"
        if code in (package.code, package.path.name, pair, pair.replace("-", "_")):
            return package
    raise TranslatorError(f"no package {code!r}; `translator packages list` shows what there is")


def _is_called(package: Package, name: str) -> bool:
    return name in (package.code, package.path.name) or (name == "embedded" and package.embedded)
