"""The page's addresses, all below a secret token, and what keeps others out.

Only the browser that was given the token gets an answer: the Host must be the page's own, which is
the loopback address unless the user named another (no DNS rebinding), a changing request must come
from the page itself (Origin), where there is a password it must be right, and the page may load
nothing from anywhere else (Content-Security-Policy).
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from translator.catalogs import State, Unit
from translator.errors import TranslatorError
from translator.messages import say, translate
from translator.review import views
from translator.review.session import Session, Stale, id_of, version_of

HERE = Path(__file__).parent
LANGUAGES = ("en", "pl", "ru", "kk")  # of the page itself
LARGEST = 1 << 20  # bytes of a request
DELAY = 1.0  # seconds that a wrong password costs
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A publication has its style inside and no script.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def make_app(session: Session, token: str, hosts: frozenset[str], password: str = "") -> ASGIApp:
    """The application for one session; `hosts` are the Host headers that it answers to.

    With a `password`, browsers have to ask for it (HTTP Basic, whatever the user's name).
    """
    page = _Page(session)
    routes = [
        Route("/", page.show),
        Route("/versions", page.versions),
        Route("/entries/{id}", page.entry),
        Route("/entries/{id}", page.revise, methods=["PUT"]),
        Route("/entries/{id}/ignore/{check}", page.overrule, methods=["PUT"]),
        Route("/entries/{id}/alternatives", page.alternatives),
        Route("/proposals", page.proposals),
        Route("/terms", page.add_term, methods=["POST"]),
        Route("/preview.{format}", page.preview),
        Route("/publish", page.publish, methods=["POST"]),
        *(Route(f"/{name}", partial(_static, name)) for name in ("review.js", "review.css")),
    ]
    app = Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        exception_handlers={TranslatorError: _failed, KeyError: _gone},
    )
    return _Guard(app, hosts, password)


class _Page:
    """The handlers; all but `alternatives` run one after another in the server's only thread."""

    def __init__(self, session: Session):
        self._session = session
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def show(self, request: Request) -> Response:
        session = self._session
        session.refresh()
        return HTMLResponse(
            self._render(
                "page.html",
                request,
                session=session,
                blocks=views.blocks(session),
                view=partial(views.entry, session),
                progress=views.progress(session.units),
                interface=_language(request),
            )
        )

    async def versions(self, request: Request) -> Response:
        self._session.refresh()
        return JSONResponse({id_of(unit): version_of(unit) for unit in self._session.units})

    async def entry(self, request: Request) -> Response:
        self._session.refresh()
        return self._answer(request, self._session.unit(request.path_params["id"]))

    async def revise(self, request: Request) -> Response:
        id = request.path_params["id"]
        wish = _fields(await request.body(), target=str, base=str, approved=bool, seconds=int)
        if wish["approved"] and not wish["target"].strip():
            raise TranslatorError("an empty translation cannot be approved")
        try:
            self._session.revise(id, **wish)
        except Stale:
            self._session.refresh()
            return self._answer(request, self._session.unit(id), status=409)
        return self._answer(request, self._session.unit(id))

    async def overrule(self, request: Request) -> Response:
        id = request.path_params["id"]
        self._session.overrule(id, request.path_params["check"])
        return self._answer(request, self._session.unit(id))

    async def alternatives(self, request: Request) -> Response:
        unit = self._session.unit(request.path_params["id"])
        texts = await run_in_threadpool(self._session.alternatives, unit)
        return HTMLResponse(self._render("alternatives.html", request, texts=texts))

    async def proposals(self, request: Request) -> Response:
        found = await run_in_threadpool(self._session.proposals)
        return HTMLResponse(self._render("proposals.html", request, proposals=found))

    async def add_term(self, request: Request) -> Response:
        wish = _fields(await request.body(), source=str, target=str)
        return JSONResponse({"file": self._session.add_term(**wish)})

    async def preview(self, request: Request) -> Response:
        format = request.path_params["format"]
        if format not in TYPES:
            return Response(status_code=404)
        content = await run_in_threadpool(self._session.preview, format)
        headers = {"Content-Security-Policy": PREVIEW_POLICY} if format == "html" else {}
        return Response(content, media_type=TYPES[format], headers=headers)

    async def publish(self, request: Request) -> Response:
        paths = await run_in_threadpool(self._session.publish)
        return JSONResponse({"files": [self._session.project.relative(p) for p in paths]})

    def _answer(self, request: Request, unit: Unit, *, status: int = 200) -> Response:
        """An entry as it is now: its text, and the parts of the page that show it."""
        entry = views.entry(self._session, unit)
        progress = views.progress(self._session.units)
        values: dict[str, Any] = {
            "version": entry.version,
            "state": entry.state.value,
            "approved": entry.state is State.APPROVED,
            "target": entry.target,
            "findings": len(entry.findings),
            "marked": self._render("marked.html", request, marks=entry.marked),
            "details": self._render("details.html", request, entry=entry),
            "progress": self._render("progress.html", request, progress=progress),
        }
        return JSONResponse(values, status_code=status)

    def _render(self, template: str, request: Request, **values: Any) -> str:
        words = {
            name: partial(function, language=_language(request))
            for name, function in (("_", translate), ("say", say))
        }
        return self._templates.get_template(template).render(State=State, **words, **values)


class _Guard:
    """Refuses every request that is not the page's own, and sets the headers of each answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], password: str):
        self._app = app
        self._hosts = hosts
        self._password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if request.headers.get("host") not in self._hosts:
            await Response("unknown host", 421)(scope, receive, send)
            return
        origin = request.headers.get("origin", "").removeprefix("http://")
        if request.method not in ("GET", "HEAD") and origin not in self._hosts:
            await Response("the request comes from another page", 403)(scope, receive, send)
            return
        if self._password and not _knows(request, self._password):
            await asyncio.sleep(DELAY)
            challenge = {"WWW-Authenticate": 'Basic realm="translator", charset="UTF-8"'}
            await Response("a password is needed", 401, challenge)(scope, receive, send)
            return

        size = 0

        async def bounded() -> Any:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > LARGEST:
                raise TranslatorError("the request is too large")
            return message

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] += [(k, v) for k, v in _HEADERS if k not in present]
            await send(message)

        await self._app(scope, bounded, guarded)


_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


def _knows(request: Request, password: str) -> bool:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(credentials, validate=True).partition(b":")[2]
    except ValueError:
        return False
    return scheme.lower() == "basic" and secrets.compare_digest(given, password.encode())


async def _static(name: str, request: Request) -> Response:
    return FileResponse(HERE / "static" / name)


async def _failed(request: Request, error: Exception) -> Response:
    details = list(error.details) if isinstance(error, TranslatorError) else []
    return JSONResponse({"error": str(error), "details": details}, status_code=422)


async def _gone(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "there is no such entry any more"}, status_code=404)


def _fields(body: bytes, **types: type) -> dict[str, Any]:
    """The fields of a JSON object, each of its type and no others. TranslatorError otherwise."""
    try:
        value = json.loads(body)
    except ValueError as error:
        raise TranslatorError("the request is no JSON") from error
    right = isinstance(value, dict) and value.keys() == types.keys()
    if not right or any(type(value[name]) is not kind for name, kind in types.items()):
        raise TranslatorError(f"the request must have the fields {', '.join(types)}")
    return dict(value)


def _language(request: Request) -> str:
    """The first of the browser's languages that the page has."""
    wanted: list[tuple[float, str]] = []
    for item in request.headers.get("accept-language", "").split(","):
        code, _, weight = item.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), code.split("-")[0].lower()))
        except ValueError:
            continue
    ordered = (code for _, code in sorted(wanted, key=lambda pair: pair[0]))
    return next((code for code in ordered if code in LANGUAGES), LANGUAGES[0])
