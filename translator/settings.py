"""A project folder and its settings: `translator.toml` and the folders beside it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from translator.errors import TranslatorError
from translator.style import AS_WRITTEN, Style

FILE = "translator.toml"
TEMPLATES = "templates"
LANGUAGES = ("en", "ru", "kk")
LOCALES = "locales"

TEMPLATE = """\
# A translator project. Every value has this default; delete what you do not change.

[project]
languages = ["en", "ru", "kk"]           # what releases are translated into
glossaries = ["glossaries/diplomacy.csv", "glossaries/people.csv"]   # later files win

[machine]
beam = 4              # hypotheses kept while decoding: 1 is fastest
threads = 0           # processor threads, 0 is all of them
batch_tokens = 512    # tokens decoded together
device = "cpu"        # or "cuda"

[publishing]
yo = "keep"           # ё in Russian drafts and publications: keep, never, always (where sure)
english = "keep"      # spelling of English ones: keep, british, american
# template = "templates"   # changed copies of the PDF's templates: `translator init --templates`

[site]
# name = "Ministry of Foreign Affairs"   # or a table: name = { en = "…", ru = "…", kk = "…" }
# url = "https://www.example.org/news"   # where `translator site` will be served

[machine.packages]    # a package of your choice for a pair, by its code, folder, or "embedded"
# pl-kk = "translate-pl_kk"
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `translator.toml` says about the project in folder `root`.

    `template` is the folder of the project's own templates, if it has one; `site_name` is the
    publisher's name by language, under "" for every other language.
    """

    root: Path
    languages: tuple[str, ...] = LANGUAGES
    glossaries: tuple[Path, ...] = ()
    beam: int = 4
    threads: int = 0
    batch_tokens: int = 512
    device: str = "cpu"
    packages: Mapping[str, str] = field(default_factory=dict)
    style: Style = AS_WRITTEN
    template: Path | None = None
    site_url: str = ""
    site_name: Mapping[str, str] = field(default_factory=dict)

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def locales(self) -> Path:
        return self.root / LOCALES

    @property
    def memory(self) -> Path:
        return self.root / "memory.sqlite"

    @property
    def public(self) -> Path:
        return self.root / "public"

    def catalog(self, release: str, language: str) -> Path:
        """Where the catalog of a release lies."""
        return self.locales / language / f"{release}.po"

    def named(self, catalog: Path) -> tuple[str, str]:
        """The release and the language of a catalog, the inverse of `catalog`."""
        language, *folders, name = _below(self.locales, catalog.with_suffix("")).parts
        return "/".join((*folders, name)), language

    def release_of(self, source: Path) -> str:
        """The name of the release in `source`: its path below `releases/` without the suffix, so
        that catalogs and publications lie in the same folders; elsewhere that of the file.
        """
        path = _below(self.releases, source.with_suffix(""))
        return path.name if path.is_absolute() else path.as_posix()

    def relative(self, path: Path) -> str:
        """`path` as the project names it: relative to the project folder, with forward slashes."""
        return _below(self.root, path).as_posix()


def _below(folder: Path, path: Path) -> Path:
    """`path` relative to `folder`, absolute where it is not in it; a link is named by the link."""
    given = Path(os.path.abspath(path))
    path = given if given.is_relative_to(folder) else path.resolve()
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def find_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds `translator.toml`."""
    start = start.resolve()
    return next((f for f in (start, *start.parents) if (f / FILE).is_file()), None)


def load(start: Path) -> Settings:
    """The settings of the project around `start`; TranslatorError where there is none or the file
    is wrong.
    """
    root = find_root(start)
    if root is None:
        raise TranslatorError(
            f"no {FILE} here or in a folder above: make a project with `translator init`",
            file=start,
        )
    return parse(root)


def parse(root: Path) -> Settings:
    """Read `translator.toml` in `root`; an unknown key or wrong type is an error that names it."""
    path = root / FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TranslatorError(f"is not valid TOML: {error}", file=path) from error
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error
    project = _table(data, "project", path)
    machine = _table(data, "machine", path)
    packages = _table(machine, "packages", path)
    publishing = _table(data, "publishing", path)
    site = _table(data, "site", path)
    if data:
        raise TranslatorError(f"unknown table [{next(iter(data))}]", file=path)
    settings = Settings(
        root=root,
        languages=tuple(_take(project, "languages", list(LANGUAGES), path)),
        glossaries=tuple(root / name for name in _take(project, "glossaries", _found(root), path)),
        beam=_take(machine, "beam", 4, path),
        threads=_take(machine, "threads", 0, path),
        batch_tokens=_take(machine, "batch_tokens", 512, path),
        device=_take(machine, "device", "cpu", path),
        packages={pair: str(code) for pair, code in packages.items()},
        style=Style(
            yo=_take(publishing, "yo", "keep", path),
            english=_take(publishing, "english", "keep", path),
        ),
        template=_template(root, _take(publishing, "template", "", path), path),
        site_url=_url(_take(site, "url", "", path), path),
        site_name=_names(site, path),
    )
    tables = {"project": project, "machine": machine, "publishing": publishing, "site": site}
    for table, rest in tables.items():
        if rest:
            raise TranslatorError(f"unknown key `{next(iter(rest))}` in [{table}]", file=path)
    for language in settings.languages:
        check_language(language, file=path)
    check_device(settings.device, file=path)
    settings.style.check(file=path)
    if settings.beam < 1 or settings.threads < 0 or settings.batch_tokens < 1:
        raise TranslatorError(
            "beam and batch_tokens must be at least 1, threads at least 0", file=path
        )
    return settings


def _template(root: Path, name: str, path: Path) -> Path | None:
    """The folder with the project's own templates: `templates` where there is one."""
    folder = root / (name or TEMPLATES)
    if name and not folder.is_dir():
        raise TranslatorError(
            f"the folder of templates “{name}” is not there: `translator init --templates` makes "
            f"{TEMPLATES}",
            file=path,
        )
    return folder if folder.is_dir() else None


def _url(url: str, path: Path) -> str:
    """The site's address without a slash at its end."""
    if url and not re.fullmatch(r"https?://[^\s\"'<>?#]+", url):
        raise TranslatorError(
            f"`url` must be a web address such as https://…, not “{url}”", file=path
        )
    return url.rstrip("/")


def _names(site: dict[str, Any], path: Path) -> dict[str, str]:
    """The publisher's name by language; under "" the one for all others."""
    name = site.pop("name", "")
    names = {"": name} if isinstance(name, str) else name
    if not isinstance(names, dict) or not all(isinstance(value, str) for value in names.values()):
        raise TranslatorError(
            "`name` must be a string, or a table of strings by language", file=path
        )
    return {language: value for language, value in names.items() if value}


def check_device(device: str, *, file: Path | None = None) -> None:
    """Raise TranslatorError unless `device` is one that the engine knows."""
    if device not in ("cpu", "cuda"):
        raise TranslatorError(f"“{device}” is no device: use cpu or cuda", file=file)


def check_language(language: str, *, file: Path | None = None) -> None:
    """Raise TranslatorError unless `language` can be a target: a two- or three-letter ISO 639 code,
    not Polish.
    """
    if not (
        language.isascii() and language.isalpha() and language.islower() and len(language) in (2, 3)
    ):
        raise TranslatorError(
            f"“{language}” is not a language code: use ISO 639 codes such as en, ru, kk", file=file
        )
    if language == "pl":
        raise TranslatorError("Polish is the source language, not a target", file=file)


def _table(data: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    value = data.pop(name, {})
    if not isinstance(value, dict):
        raise TranslatorError(f"`{name}` must be a table", file=path)
    return value


def _take(table: dict[str, Any], key: str, default: Any, path: Path) -> Any:
    value = table.pop(key, default)
    right = type(value) is type(default) and (
        not isinstance(value, list) or all(isinstance(item, str) for item in value)
    )
    if not right:
        kind = {list: "a list of strings", str: "a string", int: "a whole number"}[type(default)]
        raise TranslatorError(f"`{key}` must be {kind}", file=path)
    return value


def _found(root: Path) -> list[str]:
    return [p.relative_to(root).as_posix() for p in sorted((root / "glossaries").glob("*.csv"))]
