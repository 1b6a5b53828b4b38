"""What is made of several editions at once: a PDF of several languages, and the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date as Date
from pathlib import Path, PurePosixPath
from typing import Final

from translator import files, pipeline, publishing
from translator.errors import Refusal, TranslatorError
from translator.project import find_catalogs
from translator.publishing.site import Entry, Site, build
from translator.settings import Settings

MANIFEST: Final = ".translator-site.json"


def publish_pdf(
    project: Settings,
    release: str,
    languages: Sequence[str],
    design: publishing.Design,
    *,
    draft: bool = False,
    show_terms: bool = False,
    script: str = "",
) -> Path:
    """Write one PDF with a release in all these languages; the file written. Refuses as
    `pipeline.publish` does.

    A layout other than columns, or several languages, are part of the file's name.
    """
    design.check(len(languages))
    editions = [
        pipeline.open_edition(
            project, release, language, draft=draft, show_terms=show_terms, script=script
        )
        for language in languages
    ]
    languages = [edition.publication.language for edition in editions]
    content = publishing.pdf.render([e.publication.typeset() for e in editions], design)
    name = editions[0].source.name
    name += f".{'-'.join(languages)}" if len(languages) > 1 else ""
    name += f".{design.layout}" if design.layout != publishing.LAYOUTS[0] else ""
    folder = project.public / languages[0] if len(languages) == 1 else project.public
    target = folder / f"{name}{'.draft' if draft else ''}.pdf"
    files.write(target, content)
    if not draft:
        for edition in editions:
            pipeline.learn_from(project, edition)
    return target


def publish_site(project: Settings, folder: Path, left_out: Callable[[str], None]) -> list[Path]:
    """Write the site of all releases that may be published, into `folder`; the pages' paths.

    What has to be reviewed first, or has errors, is not on the site: `left_out` is told why, one
    line for each. Raises Refusal where nothing may be published, and TranslatorError where a file
    of someone else is in the way; then nothing is changed.
    """
    entries = []
    for catalog in find_catalogs(project, None, project.languages):
        release, language = project.named(catalog)
        try:
            edition = pipeline.open_edition(project, release, language)
        except TranslatorError as error:
            left_out(str(error))
            continue
        entries.append(Entry(edition.publication.typeset(), _day(edition.catalog.revised)))
    if not entries:
        raise Refusal("no release may be published yet: review one first", file=project.locales)
    site = Site(project.site_url, project.site_name, _logo(project.template))
    return _write(folder, build(site, entries))


def _day(revised: str) -> Date | None:
    try:
        return Date.fromisoformat(revised[:10])
    except ValueError:
        return None


def _logo(template: Path | None) -> bytes:
    names = [template / name for name in publishing.pdf.LOGOS] if template else []
    return next((path.read_bytes() for path in names if path.is_file()), b"")


def _write(folder: Path, content: dict[str, bytes]) -> list[Path]:
    """Write the site's files where they differ, and remove those that only an earlier run made.

    The list of what the site has made is written before the first file, so that a run that was
    interrupted leaves nothing of unknown origin.
    """
    manifest = folder / MANIFEST
    made = _made(manifest)
    for name in content:
        if (folder / name).exists() and name not in made:
            raise TranslatorError(
                "is not the site's own and in its way: remove it, or give another folder with -o",
                file=folder / name,
            )
    _list(manifest, made | set(content))
    written = []
    for name, data in sorted(content.items()):
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            files.write(path, data)
        if name.endswith(".html"):
            written.append(path)
    for name in sorted(made - set(content), reverse=True):
        (folder / name).unlink(missing_ok=True)
        for parent in PurePosixPath(name).parents[:-1]:
            if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
                (folder / parent).rmdir()
    _list(manifest, content)
    return written


def _made(manifest: Path) -> set[str]:
    """The files that earlier runs made; names that lead out of the folder are not believed."""
    if not manifest.exists():
        return set()
    try:
        names = json.loads(manifest.read_text("utf-8"))["files"]
        paths = [PurePosixPath(name) for name in names]
    except (ValueError, KeyError, TypeError) as error:
        raise TranslatorError(
            "is not a list of the site's files: remove it and the pages beside it", file=manifest
        ) from error
    return {str(path) for path in paths if not path.is_absolute() and ".." not in path.parts}


def _list(manifest: Path, names: Iterable[str]) -> None:
    content = json.dumps({"files": sorted(names)}, ensure_ascii=False, indent=1) + "\n"
    if not manifest.exists() or manifest.read_text("utf-8") != content:
        files.write(manifest, content)
