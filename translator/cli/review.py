"""`translator review`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from translator.cli import options, output


def register(app: typer.Typer) -> None:
    app.command()(review)


def review(
    release: options.ReleaseName,
    to: Annotated[str, typer.Option("--to", "-t", metavar="LANG", help="The language to review.")],
    reviewer: Annotated[
        str | None, typer.Option(help="Your name, for the PO header; $USER if left out.")
    ] = None,
    port: Annotated[int, typer.Option(help="The port to serve on; 0 takes a free one.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in your browser.")
    ] = True,
    quiet: options.Quiet = False,
) -> None:
    """Open the review page of a release: source and translation side by side in your browser.

    Only this machine can reach it. Everything you do there is in the PO file at once. Ctrl-C ends
    it.

    Example: translator review konsultacje-polska-kazachstan --to kk
    """
    from translator.review.server import serve
    from translator.review.session import Session

    session = Session(
        options.project(),
        release,
        options.language(to),
        reviewer or os.environ.get("USER") or "reviewer",
    )

    def ready(address: str) -> None:
        output.result(address)
        output.remark("Ctrl-C ends the review.", quiet=quiet)
        if browser:
            import webbrowser

            webbrowser.open(address)

    try:
        serve(session, port=port, ready=ready)
    finally:
        session.close()
