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
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Let others in the network reach the page at this address of the machine. They "
            "need the password that it asks you for (or takes from $TRANSLATOR_PASSWORD).",
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in your browser.")
    ] = True,
    quiet: options.Quiet = False,
) -> None:
    """Open the review page of a release: source and translation side by side in your browser.

    Only this machine can reach it, unless you give --host. Everything you do there is in the PO
    file at once. Ctrl-C ends it.

    Example: translator review konsultacje-polska-kazachstan --to kk
    """
    from translator.review.server import HOST, serve
    from translator.review.session import Session

    session = Session(
        options.project(),
        release,
        options.language(to),
        reviewer or os.environ.get("USER") or "reviewer",
    )

    password = ""
    if host:
        password = os.environ.get("TRANSLATOR_PASSWORD") or typer.prompt(
            "Password for the page", hide_input=True, confirmation_prompt=True, err=True
        )

    def ready(address: str) -> None:
        if host:
            output.remark(
                "Warning: whoever in the network has this address and the password can read and "
                "approve the translation, and the connection is not encrypted."
            )
        output.result(address)
        output.remark("Ctrl-C ends the review.", quiet=quiet)
        if browser:
            import webbrowser

            webbrowser.open(address)

    try:
        serve(session, host=host or HOST, port=port, password=password, ready=ready)
    finally:
        session.close()
