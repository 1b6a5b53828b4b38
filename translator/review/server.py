"""The server of the review page: for this machine, or for others with a password."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

import uvicorn

from translator.errors import TranslatorError
from translator.review.app import make_app
from translator.review.session import Session

HOST = "127.0.0.1"
SHORTEST = 12  # characters of a password


def serve(
    session: Session,
    *,
    host: str = HOST,
    port: int = 0,
    password: str = "",
    ready: Callable[[str], None],
) -> None:
    """Serve the page until Ctrl-C; `ready` is told its address, token included.

    `port` 0 takes a free one. A `host` other than the loopback address, one of this machine's, can
    be reached from elsewhere and needs a `password`, for which browsers ask. TranslatorError where
    it has none, where it is not this machine's, or where the port is taken.
    """
    names = {host.lower()} if password else {HOST, "localhost"}
    if host != HOST:
        _refuse(host, password)
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, OverflowError, UnicodeError) as error:
        raise TranslatorError(f"{host} is no address: name one of this machine's") from error
    with socket.socket(family, kind) as listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
        except (OSError, OverflowError) as error:
            raise TranslatorError(f"port {port} of {host} cannot be used: {error}") from error
        port = listening.getsockname()[1]
        token = secrets.token_urlsafe(24)
        places = [f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name in sorted(names)]
        app = make_app(session, token, frozenset(places), password)
        listening.listen()  # before the browser is told, so that it never comes too early
        ready(f"http://{places[0]}/{token}/")
        config = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])


def _refuse(host: str, password: str) -> None:
    if len(password) < SHORTEST:
        raise TranslatorError(
            f"others can reach the page on {host}: a password of {SHORTEST} characters is needed"
        )
    if host in ("0.0.0.0", "::", ""):
        raise TranslatorError("name one address of this machine: the page answers to no other")
