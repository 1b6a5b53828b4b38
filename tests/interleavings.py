"""Several writers of one catalog at once, in every order: nobody's accepted edit is lost.

    python tests/interleavings.py [--runs 10000] [--seed 1]

A run plays two review pages, `translate` after changes of the source, `approve`, and a PO editor,
which knows no lock and may save at any moment, also between another writer's reading and writing.
Each says what it did, and at every step the catalog on disk must hold just what was accepted last,
for each sentence: the text and whether it is approved; what a page was told to be stale must not be
there. A sentence that left the source and came back must be as it was approved. The order is drawn
at random; a failure prints the seed that plays it again. tests/test_interleavings.py plays a few
hundred, and has processes of their own do the same.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from translator import files, pipeline, settings  # noqa: E402
from translator.catalogs import Catalog, State  # noqa: E402
from translator.model import Draft  # noqa: E402
from translator.review.session import Session, Stale, id_of, version_of  # noqa: E402

STEPS = 14
ROWS = [
    line.split("\t")
    for line in (ROOT / "corpus/un.tsv").read_text(encoding="utf-8").splitlines()[:10]
]
SENTENCES = [row[0] for row in ROWS]


class Play:
    """One run: a project with one release, and what its catalog must say."""

    def __init__(self, root: Path, seed: int):
        self.draw = random.Random(seed)
        self.seed, self.log = seed, Counter[str]()
        (root / "releases").mkdir(parents=True)
        (root / settings.FILE).write_text('[project]\nlanguages = ["ru"]\nglossaries = []\n')
        self.project = settings.load(root)
        self.source = root / "releases/a.txt"
        self.path = self.project.catalog("a", "ru")
        self.present = SENTENCES[:5]
        self.accepted: dict[str, tuple[str, State]] = {}
        self.approved: dict[str, str] = {}  # what was approved when a sentence was last there
        self.count = 0
        self.inside = False  # of another's saving
        self.looking = False  # saving has not exchanged the files yet
        self._save, self._exchange = Catalog.save, files.renameat2
        self.translate()
        self.pages = [Session(self.project, "a", "ru", name) for name in ("Anna", "Jan")]

    def text(self) -> str:
        self.count += 1
        return f"Правка {self.count}: {self.draw.choice(ROWS)[2]}"

    def accept(self, source: str, target: str, state: State) -> None:
        self.accepted[source] = target, state

    def translate(self) -> None:
        """The source as it is now is drafted; sentences come, go and come back."""
        if self.path.exists():
            rest = [s for s in SENTENCES if s not in self.present]
            gone = [s for s in self.present if self.draw.random() < 0.2]
            come = self.draw.sample(rest, k=min(len(rest), self.draw.randrange(3)))
            kept = [s for s in self.present if s not in gone]
            self.present = [*kept, *come] or SENTENCES[:1]
            self.draw.shuffle(self.present)
        self.source.write_text("\n\n".join(self.present) + "\n", encoding="utf-8")
        release = pipeline.open_release(self.source)
        drafts = {text: Draft(f"Черновик: {text[:20]}", "machine") for text in self.present}
        pipeline._update(self.project, self.path, release, drafts)
        for source in list(self.accepted):
            if source not in self.present:
                text, state = self.accepted.pop(source)
                if state is State.APPROVED:
                    self.approved[source] = text
                else:
                    self.approved.pop(source, None)
        units = {unit.source: unit for unit in Catalog.read(self.path).units}
        for source in self.present:
            if source in self.accepted:
                continue
            unit = units[source]
            if source in self.approved:
                assert (unit.target, unit.state) == (self.approved[source], State.APPROVED)
            else:
                assert unit.state is not State.APPROVED, "nobody has approved it"
            self.accept(source, unit.target, unit.state)

    def page(self) -> None:
        """A person writes into an entry as the page last showed it."""
        page = self.draw.choice(self.pages)
        if self.draw.random() < 0.6:
            page.refresh()
        unit = self.draw.choice(page.units)
        text, approved = self.text(), self.draw.random() < 0.5
        try:
            page.revise(id_of(unit), text, base=version_of(unit), approved=approved)
        except Stale:
            self.log["told to be stale"] += 1
            return
        self.accept(unit.source, text, State.APPROVED if approved else State.EDITED)

    def editor(self) -> None:
        """A PO editor that has just read the file saves it with a change."""
        catalog = Catalog.read(self.path)
        unit = self.draw.choice(catalog.units)
        text, approved = self.text(), self.draw.random() < 0.5
        catalog.revise(unit.source, text, approved=approved)
        mine = self.path.with_name("a.po~")
        mine.write_text(catalog._render(), encoding="utf-8")
        mine.rename(self.path)
        self.accept(unit.source, text, State.APPROVED if approved else State.EDITED)

    def approve(self) -> None:
        if not pipeline.approve(self.project, "a", "ru", [], reviewer="Ewa"):
            return  # all was approved when it looked: what the editor saved then came later
        for source, (text, _) in list(self.accepted.items()):
            self.accept(source, text, State.APPROVED)

    def saving(self, catalog: Catalog) -> bool:
        """In place of Catalog.save: the editor may have saved a moment before."""
        if not self.inside and self.draw.random() < 0.3:
            self.inside = True
            self.log["editor saved in between"] += 1
            self.editor()
            self.inside = False
        self.looking = True
        return self._save(catalog)

    def exchanging(self, one: Path, other: Path, how: int) -> bool:
        """In place of files.renameat2: the editor may save between the look and the exchange.

        Not between that and the exchange back, some microseconds in which no person reads a file
        and saves it again.
        """
        if self.looking and not self.inside and self.draw.random() < 0.2:
            self.inside = True
            self.log["editor saved at the last moment"] += 1
            self.editor()
            self.inside = False
        self.looking = False
        return self._exchange(one, other, how)

    def verify(self) -> None:
        units = {unit.source: unit for unit in Catalog.read(self.path).units}
        assert set(units) == set(self.present)
        for source, (text, state) in self.accepted.items():
            unit = units[source]
            same = unit.target == text and (unit.state is State.APPROVED) == (
                state is State.APPROVED
            )
            assert same, f"{source!r}: {unit.state} {unit.target!r}, not {state} {text!r}"

    def run(self) -> None:
        actions: list[Callable[[], None]] = [
            *(self.page, self.page, self.page),
            *(self.editor, self.translate, self.approve),
        ]
        Catalog.save = lambda catalog: self.saving(catalog)  # type: ignore[method-assign]
        files.renameat2 = self.exchanging
        try:
            for _ in range(STEPS):
                action = self.draw.choice(actions)
                self.log[action.__name__] += 1
                action()
                self.verify()
        finally:
            Catalog.save = self._save  # type: ignore[method-assign]
            files.renameat2 = self._exchange
            for page in self.pages:
                page.close()
        check = subprocess.run(
            ["msgfmt", "--check", "-o", "/dev/null", self.path], capture_output=True, text=True
        )
        assert check.returncode == 0, check.stderr


def play(runs: int, seed: int) -> Counter[str]:
    """Play so many runs; what happened in them, and how often."""
    log: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(seed, seed + runs):
            one = Play(Path(folder) / str(number), number)
            try:
                one.run()
            except AssertionError as error:
                raise AssertionError(f"--runs 1 --seed {number}: {error}") from error
            log += one.log
    return log


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.monotonic()
    log = play(options.runs, options.seed)
    print(f"{options.runs} interleavings in {time.monotonic() - start:.0f} s, no edit lost")
    print(", ".join(f"{name}: {count}" for name, count in log.most_common()))


if __name__ == "__main__":
    main()
