"""The review page in a real browser: a whole review, two reviewers, crashes and attacks."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, SAMPLE, translator

from translator.catalogs import Catalog, State, edit
from translator.errors import TranslatorError
from translator.memory import Entry, Memory
from translator.review.difference import difference
from translator.review.session import Session, Stale, id_of, version_of
from translator.settings import load

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect


def reviewed(language: str) -> dict[str, str]:
    lines = (ROOT / f"tests/data/review/{language}.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@dataclass
class Server:
    project: Path
    process: subprocess.Popen[str]
    address: str

    @property
    def catalog(self) -> Catalog:
        return Catalog.read(self.project / f"locales/kk/{SAMPLE}.po")

    def target(self, source: str) -> str:
        return next(unit.target for unit in self.catalog.units if unit.source == source)

    def ask(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """The answer to a request made without a browser."""
        place = urlsplit(self.address)
        assert place.hostname is not None
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        connection.request(
            method,
            path,
            body.encode() or None,
            {name.replace("_", "-"): value for name, value in headers.items()},
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())


@contextmanager
def serving(project: Path, *options: str, **environment: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from translator.cli import main; main()"),
            *("review", SAMPLE, "--to", "kk", "--no-browser", "--reviewer", "Aigerim", *options),
        ],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if options else None,
        text=True,
        env={**os.environ, "HOME": str(project), **environment},
    )
    assert process.stdout is not None
    yield Server(project, process, process.stdout.readline().strip())
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def server(drafted: Path) -> Iterator[Server]:
    with serving(drafted) as server:
        yield server


@pytest.fixture
def page(browser: playwright.Browser, server: Server) -> Iterator[playwright.Page]:
    context = browser.new_context(locale="kk-KZ", viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda r: r.url.startswith(server.address) or problems.append(r.url))
    page.goto(server.address)
    yield page
    context.close()
    assert problems == []  # no error, and no request to anywhere else


def area(page: playwright.Page, source: str) -> playwright.Locator:
    return page.locator(
        f"article:has([data-text={json.dumps(source, ensure_ascii=False)}]) textarea"
    )


def says(page: playwright.Page, words: str) -> None:
    expect(page.locator("#message")).to_contain_text(words, timeout=15_000)


def saved(server: Server, page: playwright.Page, source: str) -> str:
    """The translation in the file, once that is what the page shows."""
    shown = area(page, source).input_value()
    end = time.monotonic() + 15
    while (there := server.target(source)) != shown and time.monotonic() < end:
        time.sleep(0.05)
    assert there == shown
    says(page, "Сақталды")
    return there


def test_a_whole_review_from_the_draft_to_the_publication(
    server: Server, page: playwright.Page
) -> None:
    assert page.locator("html").get_attribute("lang") == "kk"
    assert "16 ішінен 0 бекітілді" in page.inner_text("#progress")
    page.click("#publish")
    page.wait_for_selector("#message.alarm")
    assert not (server.project / f"public/kk/{SAMPLE}.html").exists()
    translations = reviewed("kk")
    for _ in translations:
        current = page.locator("article.current")
        source = current.locator(".source").get_attribute("data-text")
        before = current.get_attribute("id")
        current.locator("textarea").fill(translations[str(source)])
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"#{before}")).to_have_attribute("data-state", "approved")
        if shutil.which("msgfmt"):
            subprocess.run(["msgfmt", "--check", "-o", os.devnull, server.catalog.path], check=True)
    says(page, "Бәрі бекітілді")
    assert {u.state for u in server.catalog.units} == {State.APPROVED}
    assert server.catalog.reviewer == "Aigerim"
    page.click("#publish")
    says(page, f"{SAMPLE}.pdf")
    html = (server.project / f"public/kk/{SAMPLE}.html").read_text(encoding="utf-8")
    assert "ЕҚЫҰ-ның Ұлттық азшылықтар істері жөніндегі Жоғарғы комиссары" in html
    assert "ЖОБА" not in html


def test_terms_drafts_undo_and_the_keys(server: Server, page: playwright.Page) -> None:
    source = next(s for s in reviewed("kk") if s.startswith("Minister Przydacz pogratulował"))
    text = area(page, source)
    draft = text.input_value()
    text.click()
    article = page.locator("article.current")
    assert article.locator(".source mark.term", has_text="Wysokiego Komisarza OBWE").count() == 1
    text.fill("")
    text.type("Құттықтады: ")
    saved(server, page, source)
    missing = article.locator(".terms li.missing")
    assert missing.count() >= 3
    assert article.locator(".findings li.error").count() >= 1
    details = article.locator(".findings small").all_text_contents()
    assert details
    assert all(re.search("[әғқңөұүһі]", detail) for detail in details), details
    assert not any(re.search("translation|source|write", detail) for detail in details), details
    number = 1 + [
        "Wysokiego Komisarza" in item for item in article.locator(".terms li").all_inner_texts()
    ].index(True)
    page.keyboard.press(f"Alt+{number}")
    assert "Жоғарғы комиссары" in saved(server, page, source)
    expect(article.locator(".marked mark.term").first).to_be_attached()
    assert article.locator(".changes ins").count() >= 1  # against the machine's draft
    page.keyboard.press("Alt+c")
    expect(text).to_have_value(source)
    for _ in range(3):  # the copy, the term, the typing
        page.keyboard.press("Alt+z")
    expect(text).to_have_value(draft)
    assert saved(server, page, source) == draft
    page.keyboard.press("Alt+k")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+a")
    page.wait_for_selector(".current .alternatives .use", timeout=60_000)
    page.keyboard.press("Alt+ArrowUp")
    assert page.locator("article.current .source").get_attribute("data-text") != source


def test_a_new_term_is_added_with_a_key_and_heeded_at_once(
    server: Server, page: playwright.Page
) -> None:
    source = next(s for s in reviewed("kk") if "polscy zesłańcy" in s)
    area(page, source).click()
    terms = page.locator("article.current .terms li")
    assert terms.filter(has_text="zesłańcy").count() == 0
    page.keyboard.press("Alt+g")
    dialog = page.locator("dialog#term")
    dialog.locator('[name="source"]').fill("zesłaniec")
    dialog.locator('[name="target"]').fill("жер аударылған адам")
    page.keyboard.press("Enter")
    expect(dialog.locator(".answer")).to_contain_text("glossaries/suggested.csv")
    page.keyboard.press("Escape")
    expect(terms.filter(has_text="zesłańcy")).to_have_count(1)
    glossary = (server.project / "glossaries/suggested.csv").read_text(encoding="utf-8")
    assert "zesłaniec,,,жер аударылған адам,term" in glossary
    page.keyboard.press("Alt+g")
    dialog.locator('[name="source"]').fill("Kazachstan")
    dialog.locator('[name="target"]').fill("Астана")
    page.keyboard.press("Enter")
    expect(dialog.locator(".answer")).to_contain_text("Kazachstan")
    assert "Астана" not in (server.project / "glossaries/suggested.csv").read_text("utf-8")


def test_search_filters_and_previews(server: Server, page: playwright.Page) -> None:
    everything = page.locator("article:visible").count()
    page.keyboard.press("Alt+s")
    page.keyboard.type("Komisarza")
    assert 0 < page.locator("article:visible").count() < everything
    page.locator("#search").fill("")
    page.check('[name="filter"][value="findings"]')
    assert 0 < page.locator("article:visible").count() < everything
    page.check('[name="filter"][value="all"]')
    status, html, headers = server.ask("GET", urlsplit(server.address).path + "preview.html")
    assert status == 200
    assert "ЖОБА" in html
    assert "sandbox" in headers["content-security-policy"]
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=30)
    connection.request("GET", place.path + "preview.pdf")
    assert connection.getresponse().read(5) == b"%PDF-"


def test_what_the_memory_knows_is_one_key_away(server: Server, page: playwright.Page) -> None:
    source = next(s for s in reviewed("kk") if s.startswith("Minister Przydacz pogratulował"))
    known = source.replace("Minister Przydacz", "Minister Rau")
    with Memory(server.project / "memory.sqlite") as memory:
        memory.add([Entry(known, "Министр Рау құттықтады.", "kk", "2021-visit")])
    page.reload()
    area(page, source).click()
    match = page.locator("article.current .memory li")
    assert match.locator("del").inner_text() == "Rau"
    assert match.locator("ins").inner_text() == "Przydacz"
    page.keyboard.press("Alt+m")
    assert saved(server, page, source) == "Министр Рау құттықтады."


def test_an_edit_from_elsewhere_is_shown_and_never_overwritten(
    server: Server, page: playwright.Page
) -> None:
    first, second = list(reviewed("kk"))[:2]
    edit(
        server.catalog.path,
        Catalog.read,
        lambda catalog: catalog.revise(second, "Редактордан.", approved=True),
    )
    expect(area(page, second)).to_have_value("Редактордан.")
    text = area(page, first)
    text.click()
    page.route("**/versions", lambda route: route.abort())  # the page has not looked yet
    edit(
        server.catalog.path,
        Catalog.read,
        lambda catalog: catalog.revise(first, "Олардікі", approved=False),
    )
    text.fill("Менікі")
    box = page.locator("article.current .conflict")
    box.wait_for()
    assert box.locator(".theirs").inner_text() == "Олардікі"
    assert server.target(first) == "Олардікі"
    box.locator('[data-action="mine"]').click()
    assert saved(server, page, first) == "Менікі"
    assert server.target(second) == "Редактордан."


@pytest.mark.parametrize("killed", ["server", "browser"])
def test_a_crash_costs_at_most_the_last_second(
    server: Server, browser: playwright.Browser, killed: str
) -> None:
    page = browser.new_context().new_page()
    page.goto(server.address)
    source = list(reviewed("kk"))[1]
    area(page, source).fill("")
    typed = []
    for number in range(60):
        page.keyboard.type(f"{number} ")
        typed.append((time.monotonic(), f"{number} "))
        time.sleep(0.03 if number % 15 else 0.6)
    end = time.monotonic()
    if killed == "server":
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
    else:
        page.close(run_before_unload=False)
        page.context.close()
    time.sleep(0.2)
    certain = "".join(text for when, text in typed if when < end - 1).strip()
    assert len(certain.split()) > 30
    assert server.target(source).startswith(certain)
    assert not list(server.catalog.path.parent.glob(".*.po.*"))  # nothing half-written


def test_reading_at_four_hundred_percent_and_in_the_dark(
    server: Server, browser: playwright.Browser
) -> None:
    # WCAG 1.4.10: 1280 pixels at 400 % are 320 wide; nothing may need scrolling sideways.
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark", locale="pl-PL"
    )
    page = context.new_page()
    page.goto(server.address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 26, 28)"
    assert page.locator("button:visible", has_text="Zatwierdź").count() == 1
    unnamed = page.evaluate(
        """[...document.querySelectorAll('button, a, input, textarea')].filter(e =>
        !(e.innerText || e.getAttribute('aria-label') || e.closest('label')?.innerText)).length"""
    )
    assert unnamed == 0
    context.close()


ATTACKS = {
    "without the token": ("GET", "/", "", {}),
    "a wrong token": ("GET", "/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/", "", {}),
    "another host, as after DNS rebinding": ("GET", "{path}", "", {"Host": "evil.example:80"}),
    "a change from another page": (
        "PUT",
        "{path}entries/{id}",
        "{wish}",
        {"Origin": "http://evil.example"},
    ),
    "a change from nowhere": ("PUT", "{path}entries/{id}", "{wish}", {}),
    "a form post": (
        "POST",
        "{path}publish",
        "a=b",
        {"Origin": "null", "Content-Type": "application/x-www-form-urlencoded"},
    ),
    "a path out of the folder": ("GET", "{path}../../../../etc/passwd", "", {}),
    "an encoded path out of the folder": ("GET", "{path}%2e%2e%2fsession.py", "", {}),
    "another file of the program": ("GET", "{path}session.py", "", {}),
    "an unknown preview": ("GET", "{path}preview.exe", "", {}),
    "a request of two megabytes": ("PUT", "{path}entries/{id}", "x" * (1 << 21), {"Origin": "ok"}),
    "no JSON": ("PUT", "{path}entries/{id}", "{{", {"Origin": "ok"}),
    "a field too many": ("PUT", "{path}entries/{id}", '{{"a": 1}}', {"Origin": "ok"}),
    "an entry that is none": ("PUT", "{path}entries/0123456789abcdef", "{wish}", {"Origin": "ok"}),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nobody_else_is_let_in(server: Server, attack: str) -> None:
    method, path, body, headers = ATTACKS[attack]
    place = urlsplit(server.address)
    unit = server.catalog.units[0]
    wish = {"target": "чужое", "base": version_of(unit), "approved": True, "seconds": 0}
    if headers.get("Origin") == "ok":
        headers = {**headers, "Origin": f"http://{place.netloc}"}
    before = server.catalog.path.read_bytes()
    if len(body) < 100:
        body = body.format(wish=json.dumps(wish))
    status, answer, _ = server.ask(
        method, path.format(path=place.path, id=id_of(unit)), body, **headers
    )
    assert 400 <= status < 500, answer
    assert "import" not in answer
    assert server.catalog.path.read_bytes() == before


def test_the_same_change_from_the_page_itself_is_taken(server: Server) -> None:
    unit = server.catalog.units[0]
    wish = {"target": "Өз бетінен", "base": version_of(unit), "approved": True, "seconds": 7}
    place = urlsplit(server.address)
    status, answer, headers = server.ask(
        "PUT",
        f"{place.path}entries/{id_of(unit)}",
        json.dumps(wish),
        Origin=f"http://{place.netloc}",
    )
    assert status == 200, answer
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert (server.catalog.units[0].target, server.catalog.units[0].seconds) == ("Өз бетінен", 7)


def test_the_server_listens_on_this_machine_only(server: Server) -> None:
    assert urlsplit(server.address).hostname == "127.0.0.1"
    port = urlsplit(server.address).port
    listening = Path("/proc/net/tcp")
    if not listening.exists():
        pytest.skip("no /proc/net/tcp here")
    rows = [line.split() for line in listening.read_text().splitlines()[1:]]
    bound = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")]
    assert bound == [f"0100007F:{port:04X}"]


PASSWORD = "süß-und-қиын 12"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second loopback address")
def test_elsewhere_it_is_reached_with_the_password_only(
    drafted: Path, browser: playwright.Browser
) -> None:
    def basic(password: str) -> str:
        return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()

    with serving(drafted, "--host", "127.0.0.2", TRANSLATOR_PASSWORD=PASSWORD) as server:
        place = urlsplit(server.address)
        assert place.hostname == "127.0.0.2"
        status, answer, headers = server.ask("GET", place.path)
        assert status == 401
        assert "Kazachstan" not in answer
        assert headers["www-authenticate"].startswith("Basic ")
        for credentials in (basic("wrong"), basic(""), "Basic !", f"Bearer {PASSWORD.encode()!r}"):
            assert server.ask("GET", place.path, Authorization=credentials)[0] == 401
        assert server.ask("GET", place.path, Authorization=basic(PASSWORD))[0] == 200
        assert server.ask("GET", "/x/", Authorization=basic(PASSWORD))[0] == 404
        named = f"127.0.0.1:{place.port}"
        assert server.ask("GET", place.path, Authorization=basic(PASSWORD), Host=named)[0] == 421
        context = browser.new_context(
            http_credentials={"username": "aigerim", "password": PASSWORD}, locale="kk-KZ"
        )
        page = context.new_page()
        page.goto(server.address)
        expect(page.locator("article").first).to_be_visible()
        context.close()
        server.process.kill()
        assert server.process.stderr is not None
        assert "not encrypted" in server.process.stderr.read()


@pytest.mark.parametrize(
    ("host", "password", "message"),
    [
        ("127.0.0.2", "short", "a password of 12 characters is needed"),
        ("0.0.0.0", PASSWORD, "name one address of this machine"),
        ("203.0.113.9", PASSWORD, "cannot be used"),
    ],
)
def test_it_does_not_listen_elsewhere_by_accident(
    drafted: Path, host: str, password: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSLATOR_PASSWORD", password)
    done = translator("review", SAMPLE, "--to", "kk", "--host", host, "--no-browser", cwd=drafted)
    assert done.returncode
    assert not done.stdout
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_session_refuses_what_the_person_did_not_see(drafted: Path) -> None:
    session = Session(load(drafted), SAMPLE, "kk", "Aigerim")
    unit = session.units[0]
    session.revise(id_of(unit), "Бірінші", base=version_of(unit), approved=False)
    with pytest.raises(Stale):
        session.revise(id_of(unit), "Екінші", base=version_of(unit), approved=True)
    # The answer to a save got lost and the page sends it again: that is no conflict.
    session.revise(id_of(unit), "Бірінші", base=version_of(unit), approved=False)
    assert session.unit(id_of(unit)).target == "Бірінші"
    session.close()


def test_a_finding_can_be_overruled_in_the_page(drafted: Path) -> None:
    session = Session(load(drafted), SAMPLE, "kk", "Aigerim")
    unit = session.units[0]
    session.revise(id_of(unit), "Құжат", base=version_of(unit), approved=True)
    unit = session.units[0]
    (found, *_) = {finding.id for finding in session.findings(unit)}
    session.overrule(id_of(unit), found)
    assert found not in {finding.id for finding in session.findings(session.units[0])}
    assert f"# check: ignore {found}" in session.path.read_text(encoding="utf-8")
    session.close()


def test_characters_that_would_break_the_file_are_tamed(drafted: Path) -> None:
    session = Session(load(drafted), SAMPLE, "kk", "Aigerim")
    unit = session.units[0]
    text = 'а\u2028б\x0bв\x85г\r\nд \\ "е" \ttab\x00'
    session.revise(id_of(unit), text, base=version_of(unit), approved=False)
    written = Catalog.read(session.path).units[0].target
    assert written == 'а\nб\nв\nг\nд \\ "е" \ttab'
    session.close()


def test_differences_give_back_both_texts() -> None:
    old, new = "W 2020 r. eksport wzrósł o 5%.", "W 2021 r. import wzrósł aż o 5,5%."
    pieces = difference(old, new)
    assert "".join(text for kind, text in pieces if kind != "inserted") == old
    assert "".join(text for kind, text in pieces if kind != "deleted") == new
    assert ("deleted", "2020") in pieces


def test_a_port_in_use_is_one_clear_line(server: Server) -> None:
    port = str(urlsplit(server.address).port)
    done = translator(
        *("review", SAMPLE, "--to", "kk", "--no-browser", "--port", port), cwd=server.project
    )
    assert done.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert TranslatorError.exit_code == 2
