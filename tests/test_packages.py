"""Finding, choosing, installing, removing, exporting and verifying packages."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import http.server
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from argosmodels import FOLDER, archive, embedded, files, unpacked
from conftest import ROOT, translator

from translator.errors import TranslatorError
from translator.machine import packages
from translator.machine.packages import index, local, store


@pytest.fixture(autouse=True)
def user(user_packages: Path) -> Path:
    return user_packages


def user_package(folder: Path, **fields: object) -> Path:
    """Put a package where Argos keeps the user's, as Argos does: without a word to translator."""
    data = json.loads(files(**fields)["metadata.json"])
    name = f"translate-{data['from_code']}_{data['to_code']}-{data['package_version']}"
    return unpacked(folder / name, **fields)


def test_embedded_serve_three_languages() -> None:
    for language in ("en", "ru", "kk"):
        (package,) = packages.route("pl", language)
        assert (package.embedded, package.to_code) == (True, language)
        assert package.target_prefix == f"<2{language}>"
        assert package.size > 1_000_000


def test_the_users_packages_come_first_the_newest_before(user: Path) -> None:
    user_package(user, package_version="0.1", capabilities=["alignment"])
    newer = user_package(user, package_version="0.10", capabilities=["alignment"])
    user_package(user, package_version="0.9")
    (package,) = packages.route("pl", "kk")
    assert (package.path, package.embedded) == (newer, False)
    assert package.capabilities == {"alignment"}


def test_missing_pair_goes_through_english(user: Path) -> None:
    user_package(user, from_code="en", to_code="uk", code="translate-en_uk")
    assert [p.to_code for p in packages.route("pl", "uk")] == ["en", "uk"]


def test_no_way_says_how_to_install() -> None:
    with pytest.raises(TranslatorError, match="translator packages install translate-pl_ja"):
        packages.route("pl", "ja")


def test_candidates_say_which_is_taken_and_why(user: Path) -> None:
    user_package(user, package_version="0.9")
    user_package(user, package_version="0.8")
    user_package(user, from_code="en", to_code="kk", code="translate-en_kk")
    found = packages.candidates("pl", "kk", {"pl-kk": "translate-pl_kk-0.8"})
    assert [[p.path.name for p in way.route] for way in found] == [
        ["translate-pl_kk-0.8"],
        ["translate-pl_kk-0.9"],
        [embedded("kk").name],
        [embedded("en").name, "translate-en_kk-9.0"],
    ]
    assert [way.reason.split()[0] for way in found] == ["chosen", "installed;", "ships", "through"]
    assert found[0].route == packages.route("pl", "kk", {"pl-kk": "translate-pl_kk-0.8"})
    assert packages.route("pl", "kk", {"pl-kk": "embedded"})[0].embedded


def test_list_for_a_pair_reads_the_projects_settings(tmp_path: Path, project: Path) -> None:
    folder = project / ".local/share/argos-translate/packages"
    user_package(folder, package_version="0.9")
    user_package(folder, package_version="0.8")
    (project / "translator.toml").write_text(
        '[machine.packages]\npl-kk = "translate-pl_kk-0.8"\n', encoding="utf-8"
    )
    done = translator("packages", "list", "--for", "pl-kk", cwd=project)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [row[:4] for row in rows[1:3]] == [
        ["*", "translate-pl_kk-0.8", "0.8", "chosen in translator.toml"],
        ["", "translate-pl_kk-0.9", "0.9", "installed; comes before what is shipped"],
    ]
    listed = json.loads(
        translator("packages", "list", "--for", "pl-kk", "--json", cwd=project).stdout
    )
    assert [way["taken"] for way in listed] == [True, False, False]
    assert translator("packages", "list", "--for", "plkk", cwd=project).returncode == 2


def test_broken_package_of_the_user_is_told_and_passed_over(user: Path) -> None:
    (user / "half").mkdir(parents=True)
    bad = user_package(user, package_version="3")
    (bad / "metadata.json").write_text("{")
    found, broken = packages.scan()
    assert all(p.embedded for p in found)
    assert len(broken) == 2
    assert any("half" in line for line in broken)


@pytest.mark.parametrize("writable", [True, False])
def test_reading_needs_no_home_and_writes_nothing(tmp_path: Path, writable: bool) -> None:
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


def test_install_from_archive_info_and_remove(tmp_path: Path, user: Path) -> None:
    path = archive(tmp_path / "a.argosmodel")
    package = packages.install(path)
    assert packages.route("pl", "kk") == (package,)
    assert packages.info("pl-kk") == packages.info("translate-pl_kk") == package
    assert sorted(p.name for p in user.iterdir()) == ["packages.lock", FOLDER]
    assert [p.name for p in user.parent.iterdir()] == ["packages"]
    packages.install(path)  # again, over itself
    assert packages.remove("translate-pl_kk").path == package.path
    assert packages.route("pl", "kk")[0].embedded
    assert [p.name for p in user.parent.iterdir()] == ["packages"]
    assert store.read_lock(user) == {}
    with pytest.raises(TranslatorError, match="ships with translator"):
        packages.remove("translate-pl_kk")


def test_argos_itself_loads_what_was_installed(user: Path) -> None:
    packages.install(embedded())
    (package,) = local.argos().get_installed_packages([user])
    assert package.to_code == "kk"


def test_install_from_folder_leaves_sentence_splitters_out(tmp_path: Path, user: Path) -> None:
    folder = unpacked(tmp_path / "translate-pl_kk-1")
    (folder / "stanza").mkdir()
    (folder / "stanza" / "resources.pt").write_bytes(pickle.dumps({}))
    package = packages.install(folder)
    assert not (package.path / "stanza").exists()


def test_export_gives_the_same_bytes_and_can_be_installed(tmp_path: Path, user: Path) -> None:
    one, two = tmp_path / "one.argosmodel", tmp_path / "two.argosmodel"
    digest = packages.export("pl-kk", one)
    os.utime(embedded() / "metadata.json")  # time and order in the folder do not matter
    assert packages.export(embedded().name, two) == digest
    assert one.read_bytes() == two.read_bytes()
    assert hashlib.sha256(one.read_bytes()).hexdigest() == digest
    package = packages.install(one, sha256=digest.upper())
    assert store.hashes(package.path) == store.hashes(embedded())


@pytest.mark.parametrize("sha256", ["0" * 64, "12ab", "z" * 64])
def test_another_or_no_sha256_is_refused(tmp_path: Path, user: Path, sha256: str) -> None:
    path = archive(tmp_path / "a.argosmodel")
    with pytest.raises(TranslatorError, match="SHA-256"):
        packages.install(path, sha256=sha256)
    assert not user.exists()


# Downloads: from a real server on this machine.


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a web server, whose `index.json` is the Argos index."""
    folder = tmp_path / "www"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *arguments: object) -> None:
            pass

        def send_header(self, keyword: str, value: str) -> None:
            if keyword == "Content-Length" and "cut" in self.path:
                value = str(int(value) + 1000)
            super().send_header(keyword, value)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{made.server_port}"
        settings = local.argos().settings
        monkeypatch.setattr(settings, "remote_package_index", f"{address}/index.json")
        yield address, folder
        made.shutdown()


def entry(link: str, **more: object) -> dict[str, object]:
    """An entry of the Argos index with the fields that the real one has."""
    return {
        "package_version": "1.9",
        "argos_version": "1.9.0",
        "from_code": "pl",
        "from_name": "Polish",
        "to_code": "kk",
        "to_name": "Kazakh",
        "links": [link, "ipfs://QmV5bmf8iqKpoGoyuTzEppaSWdceuW6zgiePaUr5ThPCpW"],
        "code": "translate-pl_kk",
        **more,
    }


def test_the_newest_of_the_index_is_fetched_and_its_hash_checked(
    server: tuple[str, Path], user: Path
) -> None:
    address, www = server
    digest = index.hash_of(archive(www / "new.argosmodel"))
    old = entry(f"{address}/old.argosmodel", package_version="1.8", sha256="0" * 64)
    new = entry(f"{address}/new.argosmodel", package_version="1.10", sha256=digest)
    (www / "index.json").write_text(json.dumps([old, new, {"from_code": "en"}, 7]))
    seen: list[int] = []

    @contextlib.contextmanager
    def progress(total: int, label: str) -> Iterator[object]:
        assert label == "new.argosmodel"
        yield lambda done: seen.append(100 * done // total)

    package = packages.install("translate-pl_kk", progress=progress)  # type: ignore[arg-type]
    assert package.version == "9.0"
    assert len(seen) > 10
    recorded = store.read_lock(user)[FOLDER]
    assert (recorded["from"], recorded["sha256"]) == (new["links"][0], digest)  # type: ignore[index]
    (www / "index.json").write_text(json.dumps([{**new, "sha256": "1" * 64}]))
    with pytest.raises(TranslatorError, match="SHA-256"):
        packages.install("pl_kk")


def test_what_comes_over_http_needs_a_hash(server: tuple[str, Path], user: Path) -> None:
    address, www = server
    link = f"{address}/a.argosmodel"
    digest = index.hash_of(archive(www / "a.argosmodel"))
    with pytest.raises(TranslatorError, match="use https, or http with --sha256"):
        packages.install(link)
    (www / "index.json").write_text(json.dumps([entry(link)]))
    with pytest.raises(TranslatorError, match="use https, or http with --sha256"):
        packages.install("pl-kk")
    for other in ("file:///etc/passwd", "ftp://127.0.0.1/x.argosmodel"):
        with pytest.raises(TranslatorError, match="is not fetched"):
            packages.install(other, sha256=digest)
    assert packages.install(link, sha256=digest).code == "translate-pl_kk"


def test_a_download_that_fails_names_the_link(server: tuple[str, Path], user: Path) -> None:
    address, www = server
    digest = index.hash_of(archive(www / "cut.argosmodel"))
    for name, expected in (("cut", "bytes|IncompleteRead"), ("none", "HTTP 404")):
        link = f"{address}/{name}.argosmodel"
        with pytest.raises(TranslatorError, match=expected) as error:
            packages.install(link, sha256=digest)
        assert link in str(error.value)
        assert "\n" not in str(error.value)
    (www / "bad.argosmodel").write_bytes(b"no zip")
    link = f"{address}/bad.argosmodel"
    with pytest.raises(TranslatorError, match=f"^{link}: is no readable"):
        packages.install(link, sha256=index.hash_of(www / "bad.argosmodel"))
    assert not user.exists()


@pytest.mark.parametrize("content", ["{", "{}", "[" * 100_000])
def test_a_broken_index_is_told(server: tuple[str, Path], content: str) -> None:
    (server[1] / "index.json").write_text(content)
    with pytest.raises(TranslatorError, match="is no Argos index"):
        packages.install("pl-kk")


def test_missing_file_and_offline_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TranslatorError, match="no such file"):
        packages.install(tmp_path / "none.argosmodel")
    settings = local.argos().settings
    monkeypatch.setattr(settings, "remote_package_index", "http://127.0.0.1:9/index.json")
    with pytest.raises(TranslatorError, match="cannot be reached"):
        packages.install("translate-pl_de")


# The lock file.


def test_the_shipped_packages_are_as_their_lock_file_says() -> None:
    """After making packages anew: `make lock-packages`."""
    assert packages.verify() == (3, [])
    assert store.read_lock(packages.EMBEDDED).keys() == {
        place.name for place in local.places(packages.EMBEDDED)
    }


def test_verify_names_what_is_changed_missing_and_extra(tmp_path: Path, user: Path) -> None:
    place = packages.install(archive(tmp_path / "a.argosmodel")).path
    stranger = user_package(user, package_version="0.7")
    (place / "model/config.json").write_text("{}")
    (place / "README.md").unlink()
    (place / "run.py").write_text("import os")
    (place / "NOTICE").symlink_to("/etc/passwd")
    count, differences = packages.verify()
    assert count == 5
    assert {(Path(d.package).name, d.kind, d.file) for d in differences} == {
        (FOLDER, "changed", "model/config.json"),
        (FOLDER, "missing", "README.md"),
        (FOLDER, "extra", "run.py"),
        (FOLDER, "extra", "NOTICE"),
        (stranger.name, "unlisted", ""),
    }
    packages.install(stranger)  # the advice for it
    packages.install(tmp_path / "a.argosmodel")
    assert packages.verify() == (5, [])
    shutil.rmtree(place)
    assert {d.kind for d in packages.verify()[1]} == {"missing"}


def test_verify_on_the_command_line_exits_with_1(project: Path) -> None:
    assert translator("packages", "verify", cwd=project).returncode == 0
    folder = project / ".local/share/argos-translate/packages"
    done = translator("packages", "install", str(embedded()), cwd=project)
    assert done.returncode == 0, done.stderr
    with (folder / embedded().name / "model/model.bin").open("ab") as file:
        file.write(b"x")
    done = translator("packages", "verify", cwd=project)
    assert done.returncode == 1
    assert done.stdout == f"{folder / embedded().name}: changed: model/model.bin\n"
    found = json.loads(translator("packages", "verify", "--json", cwd=project).stdout)
    assert [d["kind"] for d in found] == ["changed"]


@pytest.mark.parametrize("content", ["{", "[]", '{"packages": {"a": {"files": 3}}}'])
def test_a_damaged_lock_file_is_told(tmp_path: Path, user: Path, content: str) -> None:
    user.mkdir(parents=True)
    (user / "packages.lock").write_text(content)
    assert [d.kind for d in packages.verify()[1]] == ["unreadable"]
    with pytest.raises(TranslatorError, match="damaged"):
        packages.install(archive(tmp_path / "a.argosmodel"))
    assert [p.name for p in user.iterdir()] == ["packages.lock"]


# Interruptions.


def test_failed_write_leaves_the_old_package(
    tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = packages.install(embedded())

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TranslatorError, match="No space left"):
        packages.install(embedded())
    assert packages.route("pl", "kk") == (old,)
    assert [p.name for p in user.parent.iterdir()] == ["packages"]


def kill_at(moment: int, action: str, argument: str | Path) -> bool:
    """Install or remove in a process that dies at its `moment`-th step on the disk; whether it
    lived to the end.

    Steps are told by Python's audit events: opening, making, renaming and removing files.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests: not used
        child = os.fork()
    if child == 0:
        left = moment

        def hook(event: str, details: object) -> None:
            nonlocal left
            steps = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "ctypes.call")
            if event.startswith(steps) or event == "ctypes.dlsym":
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        code = 1
        try:
            getattr(packages, action)(argument)
            code = 0
        finally:
            os._exit(code)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL)
    return ended == 0


@pytest.mark.parametrize("case", ["fresh", "replace", "remove"])
def test_killed_at_any_moment_the_package_is_the_old_or_the_new_one(
    case: str, tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"model/model.bin": bytes(1000), "sentencepiece.model": bytes(1000)}
    old = archive(tmp_path / "old.argosmodel", files({**small, "NOTICE": b"old"}))
    new = archive(tmp_path / "new.argosmodel", files(small, package_version="9.1"))
    # To have many rounds in little time: no real model, and nothing forced out to the disk, which
    # matters to a machine that loses its power only, not to a process that is killed.
    monkeypatch.setattr(store, "validate", lambda files: {})
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(local, "EMBEDDED", tmp_path / "none")
    states = {}
    for name, path in (("old", old), ("new", new)):
        packages.install(path)
        states[name] = store.hashes(user / FOLDER)
    seen, moment, done = set(), 0, False
    while not done:
        shutil.rmtree(user, ignore_errors=True)
        if case != "fresh":
            packages.install(old)
        if case == "remove":
            done = kill_at(moment, "remove", FOLDER)
        else:
            done = kill_at(moment, "install", new)
        there = store.hashes(user / FOLDER)
        expected = {"fresh": [{}, states["new"]], "remove": [states["old"], {}]}
        assert there in expected.get(case, [states["old"], states["new"]]), moment
        assert packages.verify()[1] == [], moment
        assert [p.path.parent == user for p in packages.installed()].count(True) == bool(there)
        seen.add(len(there))
        packages.install(new)  # the next run clears everything away
        assert store.hashes(user / FOLDER) == states["new"]
        assert [p.name for p in user.parent.iterdir()] == ["packages"]
        assert sorted(p.name for p in user.iterdir()) == ["packages.lock", FOLDER]
        moment += 1
    assert moment > (8 if case == "remove" else 20)
    assert len(seen) == 2


@pytest.mark.parametrize("reason", [errno.EINVAL, errno.ENOSYS])
def test_a_file_system_that_cannot_exchange_folders_will_do(
    reason: int, tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As NFS, whose renameat2 knows no RENAME_EXCHANGE."""

    class Library:
        def renameat2(self, *arguments: object) -> int:
            ctypes.set_errno(reason)
            return -1

    small = {"model/model.bin": bytes(1000), "sentencepiece.model": bytes(1000)}
    monkeypatch.setattr(store, "validate", lambda files: {})
    packages.install(archive(tmp_path / "a.argosmodel", files({**small, "NOTICE": b"old"})))
    monkeypatch.setattr(ctypes, "CDLL", lambda *arguments, **options: Library())
    packages.install(archive(tmp_path / "b.argosmodel", files({**small, "NOTICE": b"new"})))
    assert (user / FOLDER / "NOTICE").read_bytes() == b"new"
    assert packages.verify()[1] == []
    # Killed between its two steps, the next run brings the old package back.
    stale = user.parent / f"{store.SCRATCH}x"
    stale.mkdir()
    (user / FOLDER).rename(stale / (FOLDER + store.OLD))
    packages.install(embedded())
    assert (user / FOLDER / "NOTICE").read_bytes() == b"new"
    assert packages.verify()[1] == []
    assert not stale.exists()


def test_two_installs_at_once_lose_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code = "from translator.cli import main; main()"
    runs = []
    for language in ("en", "kk"):
        command = [sys.executable, "-c", code, "packages", "install", str(embedded(language))]
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        runs.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
    assert [run.wait(60) for run in runs] == [0, 0]
    folder = home / ".local/share/argos-translate/packages"
    names = {embedded("en").name, embedded("kk").name}
    assert store.read_lock(folder).keys() == names
    assert {place.name for place in local.places(folder)} == names
