"""Every command, killed or disturbed at every call that changes a file: what is left must be whole.

    python tests/crash.py [--every 1] [--random 500] [--only translate] [--faults killed]

A shared library (faults/shim.c) counts the calls of a command that change files below its project
and kills the process at one of them, with half of the bytes written, or lets the call fail (a full
disk or a read-only one from then on, an I/O error once), or sets the wall clock a day back or
forward; or a file vanishes just before it is read. After each trial every file must be the old or
the new one, `msgfmt --check` must accept the catalogs, the memory must pass its integrity check,
and the command run again (with the vanished file put back) must end in the same state as one that
nothing happened to. `--random` adds kills at random moments of the clock. It prints what was tried;
tests/test_crash.py runs a part of it.

The process that runs the trials has loaded everything and forks for each, so a trial takes a
fraction of the start-up of a command.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

COUNT, KILL, FAIL_ONCE, FAIL_FROM_THEN_ON, VANISH, CLOCK = range(6)
DAY = 24 * 60 * 60
FAULTS = {
    "killed": (KILL, 0),
    "disk full": (FAIL_FROM_THEN_ON, errno.ENOSPC),
    "I/O error": (FAIL_ONCE, errno.EIO),
    "read-only": (FAIL_FROM_THEN_ON, errno.EROFS),
    "file vanished": (VANISH, 0),
    "clock set back": (CLOCK, -DAY),
    "clock set forward": (CLOCK, DAY),
}
TEXT = """\
Minister spotkał się z ambasadorem Kazachstanu

Minister Zbigniew Rau spotkał się 8 grudnia 2021 r. z ambasadorem Kazachstanu w Warszawie.

Rozmawiano o współpracy gospodarczej.
"""
LINES = {  # what a reviewer makes of it
    "Minister spotkał się z ambasadorem Kazachstanu": "Министр встретился с послом Казахстана",
    "Minister Zbigniew Rau spotkał się 8 grudnia 2021 r. z ambasadorem Kazachstanu w Warszawie.": (
        "Министр Збигнев Рау встретился 8 декабря 2021 года с послом Казахстана в Варшаве."
    ),
    "Rozmawiano o współpracy gospodarczej.": "Обсуждалось экономическое сотрудничество.",
}
GLOSSARY = (
    "pl,en,ru,kk,domain\npróba generalna,dress rehearsal,генеральная репетиция,бас дайындық,event\n"
)
MEMORY = """\
pl\tru
Dziękuję za uwagę.\tБлагодарю за внимание.
Umowa weszła w życie.\tДоговор вступил в силу.
"""


@dataclass(frozen=True)
class Scenario:
    """A command, and what its folder holds before: what earlier commands left, then a change."""

    name: str
    command: tuple[str, ...]
    after: tuple[tuple[str, ...], ...] = ()
    change: Callable[[Path], None] = lambda _: None
    done_already: int = 0  # its exit code where there is nothing left to do


@dataclass
class Tally:
    """What was tried and what went wrong."""

    calls: Counter[str] = field(default_factory=Counter)
    trials: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def edit_source(folder: Path) -> None:
    path = folder / "releases/spotkanie.txt"
    path.write_text(TEXT.replace("gospodarczej", "naukowej"), encoding="utf-8")


def review(folder: Path) -> None:
    """What a person does in a PO editor."""
    import polib

    path = folder / "locales/ru/spotkanie.po"
    catalog = polib.pofile(str(path), wrapwidth=0)
    for entry in catalog:
        entry.msgstr = LINES[entry.msgid]
        entry.flags = []
    catalog.save()


def hand_back(folder: Path) -> None:
    """What a CAT tool does to the file that was handed to it."""
    (file,) = (folder / "exchange").glob("*.xlf")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("сотрудничеств", "взаимодействи"), encoding="utf-8")


TRANSLATE = ("translate", "releases/spotkanie.txt", "--to", "ru")
DRAFTED = (TRANSLATE,)
EXPORT = ("exchange", "export", "spotkanie", "--to", "ru")
IMPORT = ("exchange", "import", "exchange/spotkanie.ru.xlf")
PACKAGE = ("packages", "export", "pl-ru", "package.argosmodel")


def scenarios() -> list[Scenario]:
    approve = ("approve", "spotkanie", "--to", "ru")
    publish = ("publish", "spotkanie", "--to", "ru", "--format", "txt,md,html,docx,pdf")
    learn = ("memory", "import", "memory.tsv")
    return [
        Scenario("init", ("init", "project")),
        Scenario("translate", TRANSLATE),
        Scenario("translate an edited source", TRANSLATE, DRAFTED, edit_source),
        Scenario("approve", approve, DRAFTED, review),
        Scenario("approve drafts", approve, DRAFTED),
        Scenario("publish", publish, DRAFTED, review),
        Scenario("pdf", ("pdf", "spotkanie", "--to", "ru"), DRAFTED, review),
        Scenario("site", ("site",), DRAFTED, review),
        Scenario("memory import", learn),
        Scenario("memory import again", ("memory", "import", "more.tsv"), (learn,)),
        Scenario("memory export", ("memory", "export", "out.tmx"), (learn,)),
        Scenario("glossary import", ("glossary", "import", "terms.csv", "--into", "more.csv")),
        Scenario("exchange export", EXPORT, DRAFTED, done_already=2),
        Scenario("export to OmegaT", (*EXPORT, "--format", "omegat"), DRAFTED, done_already=2),
        Scenario("exchange import", IMPORT, (*DRAFTED, EXPORT), hand_back),
        Scenario("packages export", PACKAGE),
        Scenario("packages install", ("packages", "install", "package.argosmodel"), (PACKAGE,)),
        Scenario(
            "packages remove",
            ("packages", "remove", "translate-pl_ru"),
            (PACKAGE, ("packages", "install", "package.argosmodel")),
            done_already=2,
        ),
    ]  # fmt: skip


def library(folder: Path) -> Path:
    """The shim, compiled."""
    made = folder / "shim.so"
    source = Path(__file__).parent / "faults/shim.c"
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


def lay_out(folder: Path) -> None:
    """A project before any command."""
    (folder / "releases").mkdir(parents=True)
    (folder / "glossaries").mkdir()
    (folder / "home").mkdir()
    (folder / "releases/spotkanie.txt").write_text(TEXT, encoding="utf-8")
    (folder / "terms.csv").write_text(GLOSSARY, encoding="utf-8")
    (folder / "memory.tsv").write_text(MEMORY, encoding="utf-8")
    (folder / "more.tsv").write_text(MEMORY + "Koniec.\tКонец.\n", encoding="utf-8")
    shutil.copy(ROOT / "glossaries/diplomacy.csv", folder / "glossaries")
    (folder / "translator.toml").write_text(
        '[project]\nlanguages = ["ru"]\nglossaries = ["glossaries/diplomacy.csv"]\n'
    )


class Runner:
    """Runs commands in forks of this process, which the shim is loaded in."""

    def __init__(self, place: Path):
        self.folder = place / "project"
        self.place = place
        self.shim = ctypes.CDLL(None)
        self.shim.fault_calls.restype = self.shim.fault_reads.restype = ctypes.c_long

    def restore(self, template: Path) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)
        shutil.copytree(template, self.folder, symlinks=True)

    def run(
        self, command: tuple[str, ...], fault: tuple[int, int] = (COUNT, 0), at: int = 0,
        kill_after: float = 0.0,
    ) -> tuple[int, tuple[int, int], str]:  # fmt: skip
        """The exit code (negative for a signal), how many calls changed files and how many opened
        one to read it (0 where it was killed), and what it printed.
        """
        told = self.place / "told"
        pid = os.fork()
        if pid == 0:
            self._child(command, fault, at, told)
        if kill_after:
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        counted = self.place / "calls"
        calls, reads = map(int, counted.read_text().split()) if counted.exists() else (0, 0)
        return os.waitstatus_to_exitcode(status), (calls, reads), told.read_text(errors="replace")

    def _child(self, command: tuple[str, ...], fault: tuple[int, int], at: int, told: Path) -> None:
        code = 70
        try:
            (self.place / "calls").unlink(missing_ok=True)
            output = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for stream in (1, 2):
                os.dup2(output, stream)
            os.chdir(self.folder)
            os.environ["HOME"] = str(self.folder / "home")
            sys.argv = ["translator", *command]
            from translator.cli import main

            what, parameter = fault
            self.shim.fault_arm(os.fsencode(self.folder), what, ctypes.c_long(at), parameter)
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            sys.stdout.flush()
            sys.stderr.flush()
            counts = self.shim.fault_calls(), self.shim.fault_reads()
            self.shim.fault_arm(b"/nowhere", COUNT, ctypes.c_long(0), 0)
            (self.place / "calls").write_text("{} {}".format(*counts))
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's content by its path; of a memory what it says, of a catalog all but the time."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (
            not path.is_file()
            or path.name == ".lock"
            or path.name.endswith(("-wal", "-shm", "-journal"))
        ):
            continue
        if path.suffix == ".sqlite":
            found[name] = dump(path)
        elif path.suffix == ".po":
            lines = path.read_bytes().split(b"\n")
            found[name] = b"\n".join(x for x in lines if not x.startswith(b'"PO-Revision-Date'))
        else:
            found[name] = path.read_bytes()
    return found


def dump(path: Path) -> bytes:
    """The memory's rows; raises AssertionError where the file is damaged."""
    with sqlite3.connect(path) as database:
        ((verdict,),) = database.execute("PRAGMA integrity_check")
        assert verdict == "ok", verdict
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = [
            (t, *row) for (t,) in sorted(tables) for row in database.execute(f"SELECT * FROM {t}")
        ]
    database.close()
    said = repr(rows)
    for days in (-1, 0, 1):  # the clock may have been set
        said = said.replace(
            time.strftime("%Y-%m-%d", time.localtime(time.time() + days * DAY)), "today"
        )
    return said.encode()


def look(
    folder: Path, before: dict[str, bytes], after: dict[str, bytes], loose: set[str]
) -> Iterator[str]:
    """What is neither as before nor as after the command, or damaged."""
    try:
        now = tree(folder)
    except (AssertionError, sqlite3.Error) as error:
        yield f"the memory is damaged: {error}"
        return
    empty = next((b for n, b in after.items() if n.endswith(".sqlite")), None) is not None
    for name in now.keys() | before.keys() | after.keys():
        if any(part.startswith(".") and part.endswith(".new") for part in name.split("/")):
            continue  # half-written, beside the file or folder that it was to become
        if "/.packages-" in f"/{name}" or name.endswith("/packages.lock") or name in loose:
            continue  # in work, or with both possibilities in it: the next run settles that
        if now.get(name) in (before.get(name), after.get(name)):
            continue
        if empty and name.endswith(".sqlite") and now.get(name) in (b"[]", None):
            continue  # made, nothing in it yet
        yield f"{name} is neither the old nor the new file"
    for path in (folder / "locales").rglob("*.po"):
        run = subprocess.run(
            ["msgfmt", "--check", "-o", "/dev/null", path], capture_output=True, text=True
        )
        if run.returncode:
            yield f"msgfmt: {run.stderr.strip()}"


def try_out(
    runner: Runner,
    scenario: Scenario,
    templates: Path,
    tally: Tally,
    *,
    every: int = 1,
    chance: int = 0,
    faults: tuple[str, ...] = tuple(FAULTS),
) -> None:
    """All trials of one command: each fault at every `every`th call, `chance` random kills."""
    template = templates / scenario.name.replace(" ", "-")
    if template.exists():
        shutil.rmtree(template)
    runner.restore(templates / "empty")
    for command in scenario.after:
        code, _, told = runner.run(command)
        assert code == 0, told
    scenario.change(runner.folder)
    shutil.copytree(runner.folder, template, symlinks=True)
    before = tree(template)
    code, (calls, reads), told = runner.run(scenario.command)
    assert code in (0, 1), told
    after = tree(runner.folder)
    runner.restore(template)
    started = time.monotonic()
    runner.run(scenario.command)
    seconds = time.monotonic() - started
    again = tree(runner.folder)
    loose = {name for name in after if after[name] != again.get(name)}  # bear the time in them
    tally.calls[scenario.name] = calls

    def judge(fault: str, label: str, outcome: int, told: str) -> None:
        tally.trials[fault] += 1
        gone: set[str] = set()
        if fault == "file vanished":
            gone = {name for name in before if not (runner.folder / name).exists()}
        wrong = list(look(runner.folder, before, after, loose | gone))
        expected = (code,) if fault.startswith("clock") else (0, 1, 2)
        survived = fault not in ("killed", "killed at random")
        if survived and ("Traceback" in told or outcome not in expected):
            wrong.append(f"exit {outcome}: {told.strip()[-300:]}")
        for name in gone & after.keys() if outcome == code else gone:
            shutil.copy2(template / name, runner.folder / name)
        outcome, _, told = runner.run(scenario.command)
        if outcome not in (code, scenario.done_already):
            wrong.append(f"run again: exit {outcome}: {told.strip()[-300:]}")
        final = tree(runner.folder)
        if final.keys() != after.keys():
            wrong.append(f"run again: other files: {sorted(final.keys() ^ after.keys())}")
        wrong += [
            f"run again: {name} differs"
            for name in final.keys() & after.keys()
            if final[name] != after[name] and name not in loose
        ]
        tally.faults += [f"{scenario.name}, {label}: {what}" for what in wrong]

    for fault in faults:
        count = reads if fault == "file vanished" else calls
        for at in range(1, count + 1, every):
            runner.restore(template)
            outcome, _, told = runner.run(scenario.command, FAULTS[fault], at)
            judge(fault, f"{fault} at call {at} of {count}", outcome, told)
    draw = random.Random(scenario.name)
    for _ in range(chance):
        runner.restore(template)
        moment = draw.uniform(0.001, seconds)
        outcome, _, told = runner.run(scenario.command, kill_after=moment)
        judge("killed at random", f"killed after {moment:.3f} s", outcome, told)


def warm_up() -> None:
    """Load what commands load, so that a fork has it."""
    from translator import documents, exchange, pipeline  # noqa: F401
    from translator.terminology import Terminology
    from translator.terminology.morphology import forms
    from translator.terminology.polish import analyse

    Terminology.load([ROOT / "glossaries/diplomacy.csv"])
    forms("министр", "ru")
    analyse("ministrem")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--every", type=int, default=1, help="try every Nth call only")
    parser.add_argument("--random", type=int, default=0, help="kills at random moments in all")
    parser.add_argument("--only", default="", help="scenarios with this in their name")
    parser.add_argument("--exactly", action="store_true", help="the scenario of just this name")
    parser.add_argument("--faults", default=",".join(FAULTS))
    options = parser.parse_args()
    chosen = [
        s
        for s in scenarios()
        if options.only == s.name or (options.only in s.name and not options.exactly)
    ]
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="crash-") as name:
        place = Path(name)
        if "shim.so" not in os.environ.get("LD_PRELOAD", ""):
            made = library(place)
            environment = {**os.environ, "LD_PRELOAD": str(made), "NO_COLOR": "1"}
            sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment).returncode)
        warm_up()
        lay_out(place / "templates/empty")
        runner = Runner(place)
        for scenario in chosen:
            start = time.monotonic()
            try_out(
                runner,
                scenario,
                place / "templates",
                tally,
                every=options.every,
                chance=options.random // len(chosen),
                faults=tuple(options.faults.split(",")),
            )
            calls, took = tally.calls[scenario.name], time.monotonic() - start
            print(
                f"{scenario.name:28} {calls:4} calls that change files  {took:6.1f} s", flush=True
            )
            for fault in tally.faults:
                print("  " + fault)
            failed, tally.faults = len(tally.faults), []
            tally.trials["failed"] += failed
    print(", ".join(f"{name}: {count}" for name, count in tally.trials.items()))
    sys.exit(bool(tally.trials["failed"]))


if __name__ == "__main__":
    main()
