"""What a release consists of: locked dependencies, builds that come out the same, an SBOM."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKED = re.compile(
    r"^([\w.-]+)==([\w.!+]+)(?: ; (.+?))? \\$(?=\n    --hash=sha256:[0-9a-f]{64})", re.M
)
STALE = "pyproject.toml has changed: run `make lock`"


@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / "tools/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def locked(name: str) -> dict[str, set[str]]:
    """The versions (several: of several Pythons) that a lock file has of each dependency."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version, _ in LOCKED.findall(text):
        found.setdefault(package, set()).add(version)
    assert sum(map(len, found.values())) == len(re.findall("^[a-z].*==", text, re.M))  # all hashed
    return found


def check(requirements: list[str], versions: dict[str, set[str]]) -> None:
    for requirement in map(Requirement, requirements):
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name}: {STALE}"
        assert all(version in requirement.specifier for version in versions[name]), STALE


def test_the_lock_files_fit_the_project() -> None:
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    check([*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]], runtime)
    check(PROJECT["project"]["optional-dependencies"]["dev"], development)
    assert runtime.items() <= development.items()


def test_every_dependency_of_a_user_has_bounds() -> None:
    for requirement in map(Requirement, PROJECT["project"]["dependencies"]):
        operators = {specifier.operator for specifier in requirement.specifier}
        assert operators == {">=", "<"}, requirement


def test_another_place_time_and_mode_build_the_same_files(
    release: ModuleType, tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "public", "build", "dist", ".*_cache", "__pycache__"
    )
    source = tmp_path / "elsewhere"
    shutil.copytree(ROOT, source, ignore=ignored, copy_function=shutil.copy)  # with new times
    for path in source.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    theirs = release.build(tmp_path / "theirs", source)
    ours = release.build(tmp_path / "ours")
    assert [path.name for path in ours] == [path.name for path in theirs]
    assert {path.suffix for path in ours} == {".whl", ".gz"}
    for one, two in zip(ours, theirs, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    with zipfile.ZipFile(next(path for path in ours if path.suffix == ".whl")) as wheel:
        names = wheel.namelist()
    lock = json.loads((ROOT / "translator/machine/embedded/packages.lock").read_text())
    for package, entry in lock["packages"].items():
        for file in entry["files"]:
            assert f"translator/machine/embedded/{package}/{file}" in names
    assert "translator/machine/embedded/packages.lock" in names


def test_the_sbom_lists_what_the_lock_file_has(release: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("cyclonedx_py", reason="the extra “dev” is not installed")
    release.sbom(tmp_path / "sbom.json")
    bom = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert bom["bomFormat"] == "CycloneDX"
    assert bom["metadata"]["component"]["name"] == "translator"
    listed: dict[str, set[str]] = {}
    for component in bom["components"]:
        listed.setdefault(component["name"], set()).add(component["version"])
        assert component["externalReferences"][0]["hashes"][0]["alg"] == "SHA-256"
    assert listed == locked("requirements.lock")


def test_an_audit_without_the_network_says_so(
    release: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pip_audit", reason="the extra “dev” is not installed")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    found, unknown = release.audit()
    assert found == []
    assert unknown
    assert "\n" not in unknown
    print(unknown, file=sys.stderr)
