"""`translator packages …`. Only `install NAME|URL` uses the network."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from translator.cli import options, output
from translator.errors import TranslatorError

if TYPE_CHECKING:
    from translator.machine.packages import Package

app = typer.Typer(
    help="Manage Argos translation packages.", no_args_is_help=True, rich_markup_mode=None
)

Code = Annotated[str, typer.Argument(metavar="PACKAGE", help="Its code, or a pair such as pl-kk.")]


@app.command("list")
def list_packages(
    pair: Annotated[
        str | None,
        typer.Option("--for", metavar="PAIR", help="Only what serves a pair, such as pl-kk."),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """List the installed packages, the preferred ones first; for a pair, which is taken and why.

    Example: translator packages list --for pl-kk
    """
    from translator.machine import packages

    found, broken = packages.scan()
    for line in broken:
        output.remark(line, quiet=quiet)
    if pair is not None:
        _list_candidates(pair, json=json)
        return
    if json:
        output.as_json([_described(package) for package in found])
        return
    output.table(
        ["pair", "package", "version", "where"],
        [
            [
                f"{p.from_code}-{p.to_code}",
                p.code,
                p.version,
                "shipped with translator" if p.embedded else str(p.path),
            ]
            for p in found
        ],
    )


def _list_candidates(pair: str, *, json: bool) -> None:
    from translator.machine import packages
    from translator.project import settings_or_defaults

    source, _, target = pair.replace("_", "-").partition("-")
    if not (source and target):
        raise TranslatorError(f"“{pair}” is no pair of languages: write it as pl-kk")
    found = packages.candidates(source, target, settings_or_defaults(Path.cwd()).packages)
    if not found:
        packages.route(source, target)  # says what to install
    if json:
        output.as_json(
            [
                {
                    "taken": k == 0,
                    "packages": [_described(package) for package in candidate.route],
                    "reason": candidate.reason,
                }
                for k, candidate in enumerate(found)
            ]
        )
        return
    output.table(
        ["taken", "packages", "version", "why here", "where"],
        [
            [
                "*" if k == 0 else "",
                " + ".join(p.path.name for p in candidate.route),
                " + ".join(p.version for p in candidate.route),
                candidate.reason,
                ", ".join(str(p.path.parent) for p in candidate.route if not p.embedded),
            ]
            for k, candidate in enumerate(found)
        ],
    )


@app.command()
def info(package: Code, json: options.Json = False) -> None:
    """Show what a package is: languages, version, size, capabilities, model card.

    Example: translator packages info pl-kk
    """
    from translator.machine import packages

    found = packages.info(package)
    described = _described(found)
    if json:
        output.as_json(described)
        return
    for key, value in described.items():
        output.result(f"{key}: {', '.join(value) if isinstance(value, list) else value}")
    if card := found.argos.get_readme():
        output.result("\n" + card.rstrip())


@app.command()
def install(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER|URL|NAME",
            help="An .argosmodel file, a folder, a link, or a name in the Argos index.",
        ),
    ],
    sha256: Annotated[
        str, typer.Option("--sha256", metavar="HEX", help="The SHA-256 that the file must have.")
    ] = "",
    quiet: options.Quiet = False,
) -> None:
    """Install a package; it is checked whole before anything is written.

    Example: translator packages install translate-en_ru-1_9.argosmodel
    """
    from translator.machine import packages

    progress = functools.partial(output.progress, quiet=quiet, unit="MB")
    package = packages.install(source, sha256=sha256, progress=progress)
    output.remark(f"installed {package.code} {package.version} in {package.path}", quiet=quiet)


@app.command()
def remove(package: Code, quiet: options.Quiet = False) -> None:
    """Remove a package that you installed.

    Example: translator packages remove translate-en_ru
    """
    from translator.machine import packages

    removed = packages.remove(package)
    output.remark(f"removed {removed.code} {removed.version}", quiet=quiet)


@app.command()
def export(
    package: Code,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .argosmodel to write.")],
    quiet: options.Quiet = False,
) -> None:
    """Write an installed package to a file for another machine, and print its SHA-256.

    The same package gives the same bytes everywhere.

    Example: translator packages export pl-kk translate-pl_kk-1_0.argosmodel
    """
    from translator.machine import packages

    digest = packages.export(package, file)
    output.result(digest)
    output.remark(
        f"install it with: translator packages install {file} --sha256 {digest}", quiet=quiet
    )


@app.command()
def verify(json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Compare every file of every package with the hashes of its installation.

    Exits with 1 and names what is changed, missing or extra.

    Example: translator packages verify
    """
    from translator.machine import packages

    count, differences = packages.verify()
    if json:
        output.as_json(
            [{"package": d.package, "kind": d.kind, "file": d.file} for d in differences]
        )
    else:
        for difference in differences:
            output.result(str(difference))
    if differences:
        raise typer.Exit(1)
    output.remark(f"{count} packages are as they were installed", quiet=quiet)


@app.command("import-opus")
def import_opus(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A local Hugging Face checkout.")],
    source: Annotated[str, typer.Option("--from", metavar="LANG", help="The source language.")],
    target: Annotated[str, typer.Option("--to", metavar="LANG", help="The target language.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")
    ] = None,
    version: Annotated[str, typer.Option(help="The package's version.")] = "1.0",
    from_token: Annotated[
        str, typer.Option(help="The model's token for the source language, such as pol_Latn.")
    ] = "",
    to_token: Annotated[
        str, typer.Option(help="The model's token for the target language, such as >>rus<<.")
    ] = "",
    quiet: options.Quiet = False,
) -> None:
    """Make an .argosmodel of an OPUS-MT (Marian), M2M-100, NLLB or mBART-50 checkout.

    Needs transformers and torch: pip install 'translator[opus]'.

    Example: translator packages import-opus opus-mt-pl-ru --from pl --to ru
    """
    from translator import files
    from translator.machine.packages import convert

    name, content = convert.convert(
        folder, source, target, version=version, source_token=from_token, target_token=to_token
    )
    path = out or Path(f"{name}.argosmodel")
    files.write(path, content)
    output.result(str(path))
    output.remark(f"install it with: translator packages install {path}", quiet=quiet)


def _described(package: Package) -> dict[str, Any]:
    return {
        "code": package.code,
        "from": package.from_code,
        "to": package.to_code,
        "version": package.version,
        "embedded": package.embedded,
        "bytes": package.size,
        "capabilities": sorted(package.capabilities),
        "path": str(package.path),
    }
