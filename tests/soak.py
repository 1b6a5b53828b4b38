"""Hours of random work on 200 releases, with an oracle that knows every approved string.

    python tests/soak.py [--minutes 60] [--releases 200] [--seed 1]

Sources change, come and are translated by the machine and from the memory; a person edits and
approves on review pages and in a PO editor; releases are approved whole, published, searched for,
exported to a CAT tool and back. After each step the catalog that it touched must have every string
that was approved for its present sentences, and at the end all catalogs must, msgfmt must accept
them and the memory must know what was learnt. Every minute it prints the steps, the resident memory
and the open files, which must not grow; it fails where they do.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import archive  # noqa: E402

from translator import handoff, pipeline  # noqa: E402
from translator.catalogs import Catalog, State  # noqa: E402
from translator.errors import Refusal, TranslatorError  # noqa: E402
from translator.memory import Memory  # noqa: E402
from translator.review.session import Session, id_of, version_of  # noqa: E402

WARM = 0.4  # part of the time after which memory and files must have stopped growing
GROWTH = 60  # MB that the memory may still grow by then: caches of words fill up slowly
LANGUAGES = ("ru", "kk", "en")


@contextmanager
def silent(total: int, label: str) -> Any:
    yield lambda done: None


class Soak:
    """A project at work, and what its catalogs must say."""

    def __init__(self, root: Path, releases: int, seed: int):
        self.draw = random.Random(seed)
        self.project = archive.project(root, releases, seed=seed)
        self.sentences = [row[0] for row in archive.rows()]
        self.words = [row[2] for row in archive.rows()]
        self.sources = sorted(self.project.releases.iterdir())
        self.approved: dict[tuple[str, str], dict[str, str]] = {}
        self.steps: Counter[str] = Counter()
        self.count = 0

    def _some(self) -> tuple[Path, str, Path]:
        """A release that has been translated, and a language that it has been translated to."""
        drafted = sorted(self.project.locales.rglob("*.po"))
        if not drafted:
            self.translate()
            drafted = sorted(self.project.locales.rglob("*.po"))
        path = self.draw.choice(drafted)
        name, language = self.project.named(path)
        return self.project.releases / f"{name}.txt", language, path

    def _text(self) -> str:
        self.count += 1
        return f"{self.draw.choice(self.words)} ({self.count})"

    def translate(self) -> None:
        source, language = self.draw.choice(self.sources), self.draw.choice(LANGUAGES)
        for _ in pipeline.translate(self.project, [source], [language], progress=silent):
            pass
        self.verify(self.project.catalog(source.stem, language))

    def change(self) -> None:
        """An author mends, adds or takes out a sentence; the release is translated again."""
        source, language, path = self._some()
        paragraphs = source.read_text(encoding="utf-8").strip().split("\n\n")
        at = self.draw.randrange(len(paragraphs))
        match self.draw.randrange(3):
            case 0 if len(paragraphs) > 3:
                del paragraphs[at]
            case 1:
                paragraphs[at] += " " + self.draw.choice(self.sentences)
            case _:
                words = paragraphs[at].split()
                words[self.draw.randrange(len(words))] = "zmiana"
                paragraphs[at] = " ".join(words)
        source.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
        for _ in pipeline.translate(self.project, [source], [language], progress=silent):
            pass
        self.verify(path)

    def review(self) -> None:
        """A person works on the review page for a while."""
        source, language, path = self._some()
        page = Session(self.project, source.stem, language, "Anna")
        try:
            for _ in range(self.draw.randrange(1, 6)):
                unit = self.draw.choice(page.units)
                page.findings(unit)
                page.remembered(unit)
                text, approved = self._text(), self.draw.random() < 0.7
                page.revise(id_of(unit), text, base=version_of(unit), approved=approved)
                self._note(path, unit.source, text, approved)
        finally:
            page.close()
        self.verify(path)

    def edit(self) -> None:
        """A person works in a PO editor."""
        _, _, path = self._some()
        catalog = Catalog.read(path)
        for unit in self.draw.sample(catalog.units, k=min(3, len(catalog.units))):
            text = self._text()
            catalog.revise(unit.source, text, approved=True)
            self._note(path, unit.source, text, True)
        catalog.save()
        self.verify(path)

    def approve(self) -> None:
        source, language, path = self._some()
        pipeline.approve(self.project, source.stem, language, [], reviewer="Ewa")
        for unit in Catalog.read(path).units:
            if unit.target:
                self._note(path, unit.source, unit.target, True)
        self.verify(path)

    def publish(self) -> None:
        source, language, path = self._some()
        formats = self.draw.sample(["txt", "md", "html", "docx"], k=2)
        try:
            pipeline.publish(self.project, source.stem, language, formats)
            assert all(unit.state is State.APPROVED for unit in Catalog.read(path).units)
            self.steps["published"] += 1
        except Refusal:
            pipeline.publish(self.project, source.stem, language, formats, draft=True)

    def search(self) -> None:
        with Memory(self.project.memory) as memory:
            memory.concordance(self.draw.choice(self.sentences).split()[0])
            memory.fuzzy(self.draw.choice(self.sentences), self.draw.choice(LANGUAGES))

    def hand_over(self) -> None:
        """To a CAT tool and back, untouched."""
        source, language, path = self._some()
        target = self.project.root / "package.xlf"
        target.unlink(missing_ok=True)
        handoff.export(self.project, source.stem, language, "xliff", target)
        handoff.take_back(self.project, target)
        self.verify(path)

    def _note(self, path: Path, source: str, text: str, approved: bool) -> None:
        known = self.approved.setdefault(self.project.named(path), {})
        if approved:
            known[source] = text
        else:
            known.pop(source, None)

    def verify(self, path: Path) -> None:
        """Every approved string of a present sentence is in the catalog, approved."""
        known = self.approved.get(self.project.named(path), {})
        units = {unit.source: unit for unit in Catalog.read(path).units}
        for source, text in known.items():
            if source in units:
                unit = units[source]
                assert (unit.target, unit.state) == (text, State.APPROVED), (path, source, text)
        gone = [text for source, text in known.items() if source not in units]
        content = path.read_text(encoding="utf-8").replace('"\n#~ "', "")
        for text in gone:  # kept as an obsolete entry, or as what a changed sentence begins with
            assert text.replace('"', '\\"') in content, (path, text)

    def step(self) -> None:
        actions: list[Callable[[], None]] = [
            *(self.translate, self.change, self.review, self.review, self.edit),
            *(self.approve, self.publish, self.search, self.hand_over),
        ]
        action = self.draw.choice(actions)
        try:
            action()
        except TranslatorError as error:
            raise AssertionError(f"{action.__name__}: {error}") from error
        self.steps[action.__name__] += 1

    def final(self) -> int:
        """All catalogs once more; how many approved strings there are."""
        for path in sorted(self.project.locales.rglob("*.po")):
            self.verify(path)
            check = subprocess.run(
                ["msgfmt", "--check", "-o", "/dev/null", path], capture_output=True, text=True
            )
            assert check.returncode == 0, check.stderr
        with sqlite3.connect(self.project.memory) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.close()
        return sum(map(len, self.approved.values()))


def resident() -> float:
    """Megabytes in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def run(seconds: float, releases: int, seed: int, *, told: Callable[[str], None]) -> Counter[str]:
    """Work for so long. Raises AssertionError where something is lost or grows."""
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder) / "project", releases, seed)
        start = time.monotonic()
        warm: tuple[float, int] | None = None
        next_word = 60.0
        while (elapsed := time.monotonic() - start) < seconds:
            soak.step()
            if warm is None and elapsed > WARM * seconds:
                warm = resident(), open_files()
            if elapsed > next_word:
                next_word += 60
                total = sum(soak.steps.values())
                told(f"{total} steps, {resident():.0f} MB, {open_files()} open files")
        strings = soak.final()
        assert warm is not None
        told(
            f"{sum(soak.steps.values())} steps, {strings} approved strings, none lost; "
            f"{warm[0]:.0f} → {resident():.0f} MB, {warm[1]} → {open_files()} open files"
        )
        assert resident() - warm[0] < GROWTH, "memory grows"
        assert open_files() <= warm[1], "files stay open"
        return soak.steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--releases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    steps = run(
        60 * options.minutes,
        options.releases,
        options.seed,
        told=lambda line: print(line, flush=True),
    )
    print(", ".join(f"{name}: {count}" for name, count in steps.most_common()))


if __name__ == "__main__":
    main()
