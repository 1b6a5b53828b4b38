"""`translator.toml` is read strictly: a slip is named, not ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator import settings
from translator.errors import TranslatorError


def load(tmp_path: Path, text: str) -> settings.Settings:
    (tmp_path / settings.FILE).write_text(text, encoding="utf-8")
    return settings.load(tmp_path)


def test_the_template_says_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, settings.TEMPLATE) == settings.Settings(
        root=tmp_path,
        glossaries=(tmp_path / "glossaries/diplomacy.csv", tmp_path / "glossaries/people.csv"),
    )


def test_a_project_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    load(tmp_path, "")
    (tmp_path / "releases/2021").mkdir(parents=True)
    assert settings.load(tmp_path / "releases/2021").root == tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project]\nlanguages = 'ru'", "`languages` must be a list of strings"),
        ("[project]\nlangages = ['ru']", "unknown key `langages`"),
        ("[machin]\nbeam = 4", r"unknown table \[machin\]"),
        ("[machine]\nbeam = 0", "beam"),
        ("[machine]\nbeam = true", "`beam` must be a whole number"),
        ("[project]\nlanguages = ['pl']", "source language"),
        ("[project", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TranslatorError, match=message) as caught:
        load(tmp_path, text)
    assert settings.FILE in str(caught.value)


def test_without_a_project_the_user_is_told_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(TranslatorError, match="translator init"):
        settings.load(tmp_path)
