"""The loopback server of the review page."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

import uvicorn

from translator.errors import TranslatorError
from translator.review.app import make_app
from translator.review.session import Session

HOST = "127.0.0.1"


def serve(session: Session, *, port: int = 0, ready: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C; `ready` is told its address, token included.

    `port` 0 takes a free one. TranslatorError where the port is taken.
    """
    with socket.socket() as listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise TranslatorError(f"port {port} cannot be used: {error}") from error
        port = listening.getsockname()[1]
        token = secrets.token_urlsafe(24)
        app = make_app(session, token, frozenset({f"{HOST}:{port}", f"localhost:{port}"}))
        listening.listen()  # before the browser is told, so that it never comes too early
        ready(f"http://{HOST}:{port}/{token}/")
        config = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])
