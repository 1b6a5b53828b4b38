"""Finding, installing and refusing packages."""

import json
import os
import pickle
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from translator.errors import TranslatorError
from translator.machine import packages
from translator.machine.packages import EMBEDDED

ROOT = Path(__file__).parent.parent


def embedded(language: str = "kk") -> Path:
    """The folder of a package that ships with translator, found by its metadata."""
    (folder,) = EMBEDDED.glob(f"translate-pl_{language}-*")
    return folder


@pytest.fixture(autouse=True)
def user(tmp_path, monkeypatch) -> Path:
    """The folder of the user's own packages: an empty one."""
    folder = tmp_path / "home" / "packages"
    settings = packages._argos().settings
    monkeypatch.setattr(settings, "package_data_dir", folder)
    monkeypatch.setattr(settings, "package_dirs", [folder])
    monkeypatch.setattr(settings, "data_dir", tmp_path / "home")
    monkeypatch.setattr(settings, "local_package_index", tmp_path / "home" / "index.json")
    return folder


def files(**changes: bytes | None) -> dict[str, bytes]:
    """The files of a real package; `changes` replaces or (None) drops some, "/" written as "__"."""
    source = embedded()
    content = {
        f.relative_to(source).as_posix(): f.read_bytes() for f in source.rglob("*") if f.is_file()
    }
    for name, data in changes.items():
        name = name.replace("__", "/").replace("_json", ".json").replace("_bin", ".bin")
        if data is None:
            del content[name]
        else:
            content[name] = data
    return content


def archive(path: Path, content: dict[str, bytes], folder: str = "translate-pl_kk-9_0") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, data in content.items():
            made.writestr(f"{folder}/{name}", data)
    return path


def metadata(**changes: object) -> bytes:
    real = json.loads((embedded() / "metadata.json").read_text())
    return json.dumps({**real, **changes}).encode()


def user_package(folder: Path, **changes: object) -> Path:
    """Put a package where Argos keeps the user's: the embedded files with other metadata."""
    data = json.loads(metadata(**changes))
    place = folder / f"translate-{data['from_code']}_{data['to_code']}-{data['package_version']}"
    shutil.copytree(embedded(), place)
    (place / "metadata.json").write_text(json.dumps(data))
    return place


def test_embedded_serve_three_languages():
    for language in ("en", "ru", "kk"):
        (package,) = packages.route("pl", language)
        assert (package.embedded, package.to_code) == (True, language)
        assert package.target_prefix == f"<2{language}>"
        assert package.size > 1_000_000


def test_the_users_packages_come_first_the_newest_before(user):
    user_package(user, package_version="0.1", capabilities=["alignment"])
    newer = user_package(user, package_version="0.10", capabilities=["alignment"])
    user_package(user, package_version="0.9")
    (package,) = packages.route("pl", "kk")
    assert (package.path, package.embedded) == (newer, False)
    assert package.capabilities == {"alignment"}


def test_missing_pair_goes_through_english(user):
    user_package(user, from_code="en", to_code="uk", code="translate-en_uk")
    assert [p.to_code for p in packages.route("pl", "uk")] == ["en", "uk"]


def test_no_way_says_how_to_install():
    with pytest.raises(TranslatorError, match="translator packages install translate-pl_ja"):
        packages.route("pl", "ja")


def test_broken_package_of_the_user_is_told_and_passed_over(user):
    (user / "half").mkdir(parents=True)
    bad = user_package(user, package_version="3")
    (bad / "metadata.json").write_text("{")
    found, broken = packages.scan()
    assert all(p.embedded for p in found)
    assert len(broken) == 2
    assert any("half" in line for line in broken)


@pytest.mark.parametrize("writable", [True, False])
def test_reading_needs_no_home_and_writes_nothing(tmp_path, writable):
    home = tmp_path / "empty"
    home.mkdir(mode=0o700 if writable else 0o500)
    code = (
        "import sys; from translator.machine import packages;"
        "print(len(packages.installed()));"
        "print([m for m in ('ctranslate2', 'onnxruntime', 'minisbd') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    count, heavy = run.stdout.splitlines()
    assert int(count) >= 3
    assert heavy == "[]"
    assert not any(home.iterdir())


def test_install_from_archive_info_and_remove(tmp_path, user):
    path = archive(tmp_path / "a.argosmodel", files(metadata_json=metadata(package_version="9.0")))
    package = packages.install(path)
    assert packages.route("pl", "kk") == (package,)
    assert packages.info("pl-kk") == packages.info("translate-pl_kk") == package
    assert [p.name for p in user.iterdir()] == ["translate-pl_kk-9_0"]
    assert [p.name for p in user.parent.iterdir()] == ["packages"]
    packages.install(path)  # again, over itself
    assert packages.remove("translate-pl_kk").path == package.path
    assert packages.route("pl", "kk")[0].embedded
    assert [p.name for p in user.parent.iterdir()] == ["packages"]
    with pytest.raises(TranslatorError, match="ships with translator"):
        packages.remove("translate-pl_kk")


def test_argos_itself_loads_what_was_installed(user):
    packages.install(embedded())
    (package,) = packages._argos().get_installed_packages([user])
    assert package.to_code == "kk"


def test_install_from_folder_leaves_sentence_splitters_out(tmp_path, user):
    folder = tmp_path / "translate-pl_kk-1"
    shutil.copytree(embedded(), folder)
    (folder / "stanza").mkdir()
    (folder / "stanza" / "resources.pt").write_bytes(pickle.dumps({}))
    package = packages.install(folder)
    assert not (package.path / "stanza").exists()


def raw(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(name, data)
    return path


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("p/model/model.bin")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


HOSTILE = {
    "parent": lambda p: raw(p, ("p/../../evil", b"x")),
    "absolute": lambda p: raw(p, ("/etc/evil", b"x")),
    "backslash": lambda p: raw(p, ("p\\..\\evil", b"x")),
    "drive": lambda p: raw(p, ("C:/evil", b"x")),
    "link": lambda p: raw(p, (link(), b"/etc/passwd")),
    "two folders": lambda p: raw(p, ("p/metadata.json", b"{}"), ("q/metadata.json", b"{}")),
    "no folder": lambda p: raw(p, ("metadata.json", b"{}")),
    "bomb": lambda p: raw(p, ("p/model/model.bin", bytes(200 << 20))),
    "no zip": lambda p: p.write_bytes(b"hello") and p,
    "empty": lambda p: raw(p),
    "no metadata": lambda p: archive(p, files(metadata_json=None)),
    "broken metadata": lambda p: archive(p, files(metadata_json=b"{")),
    "deep metadata": lambda p: archive(p, files(metadata_json=b"[" * 100_000)),
    "metadata is a list": lambda p: archive(p, files(metadata_json=b"[]")),
    "wrong language": lambda p: archive(p, files(metadata_json=metadata(to_code="../x"))),
    "wrong version": lambda p: archive(p, files(metadata_json=metadata(package_version=3))),
    "wrong capabilities": lambda p: archive(p, files(metadata_json=metadata(capabilities=7))),
    "no model": lambda p: archive(p, files(model__model_bin=None)),
    "cut model": lambda p: archive(p, files(model__model_bin=files()["model/model.bin"][:90000])),
    "text as model": lambda p: archive(p, files(model__model_bin=b"hello world")),
    "broken tokenizer": lambda p: archive(p, {**files(), "sentencepiece.model": b"nothing"}),
    "pickle": lambda p: archive(p, {**files(), "model/extra.json": pickle.dumps([1])}),
    "pickle suffix": lambda p: archive(p, {**files(), "model.pt": b"x"}),
    "python": lambda p: archive(p, {**files(), "setup.py": b"import os"}),
    "library": lambda p: archive(p, {**files(), "model/x.json": b"\x7fELF"}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_package_is_refused_and_nothing_written(kind, tmp_path, user):
    path = HOSTILE[kind](tmp_path / "evil.argosmodel")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TranslatorError) as refused:
        packages.install(path)
    assert "\n" not in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_folder_with_a_link_is_refused(tmp_path, user):
    folder = tmp_path / "p"
    shutil.copytree(embedded(), folder)
    (folder / "NOTICE").symlink_to("/etc/passwd")
    with pytest.raises(TranslatorError, match="link"):
        packages.install(folder)
    assert not user.exists()


def test_failed_write_leaves_the_old_package(tmp_path, user, monkeypatch):
    old = packages.install(embedded())

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TranslatorError, match="No space left"):
        packages.install(embedded())
    assert packages.route("pl", "kk") == (old,)
    assert [p.name for p in user.parent.iterdir()] == ["packages"]


def test_missing_file_and_offline_index(tmp_path, monkeypatch):
    with pytest.raises(TranslatorError, match="no such file"):
        packages.install(tmp_path / "none.argosmodel")
    monkeypatch.setattr(
        packages._argos().settings, "remote_package_index", "http://127.0.0.1:9/index.json"
    )
    with pytest.raises(TranslatorError, match="cannot be reached"):
        packages.install("translate-pl_de")
