"""What tests share: a project with the sample release, a way to run commands, a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SAMPLE = "konsultacje-polska-kazachstan"

# Of the packages that ship with translator, as it stands in the catalogs' comments.
(_KAZAKH,) = ROOT.glob("translator/machine/embedded/translate-pl_kk-*")
VERSION = _KAZAKH.name.rpartition("-")[2].replace("_", ".")

Run = Callable[..., subprocess.CompletedProcess[str]]


def translator(
    *arguments: str, cwd: Path, stdin: str | bytes = "", home: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real command in its own process, with a HOME that holds no packages."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    environment = {**os.environ, "HOME": str(home or cwd), "NO_COLOR": "1"}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "ARGOS_PACKAGES_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", "from translator.cli import main; main()", *arguments],
        cwd=cwd,
        input=data,
        capture_output=True,
        env=environment,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def user_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own packages, for tests in this process: an empty one."""
    from translator.machine.packages.local import argos

    folder = tmp_path / "home" / "packages"
    settings = argos().settings
    monkeypatch.setattr(settings, "package_data_dir", folder)
    monkeypatch.setattr(settings, "package_dirs", [folder])
    return folder


def new_project(folder: Path) -> Path:
    folder.mkdir()
    assert translator("init", cwd=folder).returncode == 0
    shutil.copy(ROOT / f"releases/{SAMPLE}.txt", folder / "releases")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as `translator init` makes it, with the sample release, not translated."""
    return new_project(tmp_path / "project")


@pytest.fixture(scope="session")
def _drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_project(tmp_path_factory.mktemp("drafted") / "project")
    done = translator("translate", f"releases/{SAMPLE}.txt", "--date", "2021-12-08", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def drafted(_drafted: Path, tmp_path: Path) -> Path:
    """A copy of a project whose sample release has machine drafts in all three languages."""
    return Path(shutil.copytree(_drafted, tmp_path / "drafted"))


@pytest.fixture
def drafts(project: Path) -> Path:
    """A project with this repository's drafts of the sample release: no machine has to run."""
    for language in ("en", "ru", "kk"):
        (project / "locales" / language).mkdir()
        shutil.copy(ROOT / f"locales/{language}/{SAMPLE}.po", project / "locales" / language)
    return project


# None of these talks to anybody; root needs the first one.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium, without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
