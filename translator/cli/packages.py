"""`translator packages list`, `info`, `install` and `remove`. Only `install NAME|URL` uses the
network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from translator.cli import options, output

if TYPE_CHECKING:
    from translator.machine.packages import Package

app = typer.Typer(
    help="Manage Argos translation packages.", no_args_is_help=True, rich_markup_mode=None
)

Code = Annotated[str, typer.Argument(metavar="PACKAGE", help="Its code, or a pair such as pl-kk.")]


@app.command("list")
def list_packages(json: options.Json = False, quiet: options.Quiet = False) -> None:
    """List the installed packages, the preferred ones first.

    Example: translator packages list
    """
    from translator.machine import packages

    found, broken = packages.scan()
    for line in broken:
        output.remark(line, quiet=quiet)
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
            metavar="FILE|NAME|URL",
            help="An .argosmodel file or folder, or a name in the Argos index.",
        ),
    ],
    quiet: options.Quiet = False,
) -> None:
    """Install a package; it is checked whole before anything is written.

    Example: translator packages install translate-en_ru-1_9.argosmodel
    """
    from translator.machine import packages

    package = packages.install(source)
    output.remark(f"installed {package.code} {package.version} in {package.path}", quiet=quiet)


@app.command()
def remove(package: Code, quiet: options.Quiet = False) -> None:
    """Remove a package that you installed.

    Example: translator packages remove translate-en_ru
    """
    from translator.machine import packages

    removed = packages.remove(package)
    output.remark(f"removed {removed.code} {removed.version}", quiet=quiet)


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
