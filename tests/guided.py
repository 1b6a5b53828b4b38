"""Hostile text found by coverage: libFuzzer damages files and keeps what reaches new code.

    python tests/guided.py [--inputs 100000] [--only TBX] [--seed 1] [--keep FOLDER]

The formats, their real files and half of the damage are those of tests/fuzz.py. In addition
atheris (https://github.com/google/atheris) counts the branches that an input takes in our own
modules and in those that parse PO, TBX and Markdown for us, and an input that took a new one is
damaged further. Each format is read in a process of its own, which ends with the first failure:
anything but a result or a TranslatorError of one line, more than 5 seconds of the processor, more
than 500 MB more memory.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

COVERED = ("translator", "translate", "polib", "markdown_it")
DONE = re.compile(r"DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


def fuzz(name: str, count: int, seed: int, folder: Path) -> None:
    """Read `count` inputs of one format in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=list(COVERED)):
        import fuzz as plain

        format = next(format for format in plain.FORMATS if format.name == name)
        seeds = format.seeds()
        path = format.file(folder)
        path.write_bytes(seeds[0])
        format.read(path)  # what it imports only now is to be counted as well

    def read(data: bytes) -> None:
        path.write_bytes(data)
        start = time.process_time()
        try:
            format.read(path)
        except plain.TranslatorError as error:
            if "\n" in str(error):
                raise AssertionError(f"not one line: {error}") from error
        taken = time.process_time() - start
        if taken > plain.SECONDS:
            raise AssertionError(f"{taken:.1f} s of the processor")

    def mutate(data: bytes, longest: int, number: int) -> bytes:
        draw = random.Random(number)
        if draw.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        return format.damage(bytes(data), draw)[:longest]

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, content in enumerate(seeds):
        (corpus / str(number)).write_bytes(content)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    options = (
        f"-runs={count}",
        f"-seed={seed}",
        f"-max_len={4 * max(map(len, seeds))}",
        f"-timeout={12 * plain.SECONDS}",  # of the clock, where it does not end at all
        f"-rss_limit_mb={memory + plain.MEGABYTES}",
        f"-artifact_prefix={folder}/failed-",
    )
    atheris.Setup([sys.argv[0], *options, str(corpus)], read, custom_mutator=mutate)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=100_000, help="of all formats together")
    parser.add_argument("--only", default="", help="formats with this in their name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that failed")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        fuzz(options.only, options.inputs, options.seed, options.folder)
        return
    import fuzz as plain

    chosen = [format.name for format in plain.FORMATS if options.only in format.name]
    count = options.inputs // len(chosen)
    failed = 0
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            command = (sys.executable, __file__, "--in", folder, "--only", name)
            numbers = ("--inputs", str(count), "--seed", str(options.seed))
            run = subprocess.run([*command, *numbers], capture_output=True, text=True, check=False)
            if found := DONE.search(run.stderr):
                branches, _, kept = found.groups()
                print(f"{name:17} {count:8} inputs, {branches} branches, {kept} kept", flush=True)
                continue
            failed += 1
            print(f"{name:17} failed: {' | '.join(run.stderr.strip().splitlines()[-8:])[-1000:]}")
            for artifact in Path(folder).glob("failed-*"):
                if options.keep:
                    options.keep.mkdir(exist_ok=True)
                    (options.keep / f"{name}-{artifact.name}").write_bytes(artifact.read_bytes())
    print(f"{count * len(chosen)} inputs, {failed} formats failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
