"""The tool's own words: complete in all four languages and valid gettext catalogs."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import shutil
import subprocess

import polib
import pytest

from translator.checks import REGISTRY
from translator.messages import Message, say, translate
from translator.resources import PACKAGE, resource

LANGUAGES = ("pl", "en", "ru", "kk")


def catalog(language: str) -> polib.POFile:
    return polib.pofile(resource(f"locales/{language}/LC_MESSAGES/translator.po"))


def test_all_catalogs_translate_the_same_messages() -> None:
    messages = {entry.msgid for entry in catalog("en")}
    assert "Draft" in messages
    for language in LANGUAGES:
        po = catalog(language)
        assert po.percent_translated() == 100
        assert {entry.msgid for entry in po} == messages
        assert po.metadata["Language"] == language


def test_messages_come_in_their_language() -> None:
    assert translate("Terms", "pl") == "Terminy"
    assert translate("Press release", "ru") == "Пресс-релиз"
    assert translate("Draft", "kk") == "Жоба"


def test_falls_back_to_the_message_itself() -> None:
    assert translate("Nobody translated this", "kk") == "Nobody translated this"
    assert translate("Terms", "xx") == "Terms"


def test_kazakh_and_russian_are_not_in_latin_letters() -> None:
    for language in ("ru", "kk"):
        for entry in catalog(language):
            letters = re.sub(r"\{\w+\}", "", entry.msgstr)
            assert not any("a" <= letter.lower() <= "z" for letter in letters), entry.msgstr


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_accepts_the_catalog(language: str) -> None:
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        pytest.skip("msgfmt is missing: install gettext")
    path = resource(f"locales/{language}/LC_MESSAGES/translator.po")
    run = subprocess.run(
        [msgfmt, "--check", "--output-file=/dev/null", path], capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_review_page_says_nothing_that_is_not_in_the_catalogs() -> None:
    known = {entry.msgid for entry in catalog("en")}
    used = {check.doc for check in REGISTRY.values()}
    for template in (PACKAGE / "review/templates").glob("*.html"):
        used |= set(re.findall(r'\b_\("([^"]+)"\)', template.read_text(encoding="utf-8")))
    assert len(used) > 60
    assert used <= known


def said_by_checks() -> set[str]:
    """The msgids of all `Message(…)` in the program, of both branches where there are two."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                (first,) = node.args
                branches = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found |= {ast.literal_eval(branch) for branch in branches}
    return found


def test_findings_are_said_in_every_language_with_all_that_they_name() -> None:
    used = said_by_checks()
    assert len(used) > 30
    for language in LANGUAGES:
        texts = {entry.msgid: entry.msgstr for entry in catalog(language)}
        for msgid in used:
            names = re.findall(r"\{\w+\}", msgid)
            assert sorted(re.findall(r"\{\w+\}", texts[msgid])) == sorted(names), msgid


def test_a_message_is_its_english_text_and_says_itself_in_others() -> None:
    problem = Message("{tag} is missing", tag="<1>")
    message = Message("{problem}: set the tags as in the source.", problem=problem)
    assert message == "<1> is missing: set the tags as in the source."
    assert say(message, "pl") == "Brakuje <1>: ustaw znaczniki jak w oryginale."
    assert say(message, "xx") == message
    assert say("any {text}", "pl") == "any {text}"
    braces = Message("“{text}” is said twice: delete one.", text="{0} {x}")
    for same in (pickle.loads(pickle.dumps(braces)), copy.deepcopy(braces)):
        assert same == braces
        assert say(same, "ru") == "«{0} {x}» сказано дважды: удалите одно."
