"""Make the embedded packages: `python -m training [CONFIG] [--folder F] [--out O] [--version V]`.

Fetches and generates the texts beside the corpus, trains through the stages of the configuration
and writes the packages. An interrupted run, started again, goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from training import extract, generate, package, plot
from training.train import Config, Trainer, files, rows_of
from training.vocabulary import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__.split(":")[0])
    parser.add_argument("config", type=Path, nargs="?", default=Path("training/config.toml"))
    parser.add_argument("--folder", type=Path, default=Path("build/training"))
    parser.add_argument("--out", type=Path, default=Path("build/packages"))
    parser.add_argument("--version", default="1.3")
    parser.add_argument("--no-extract", action="store_true", help="train on what is there already")
    arguments = parser.parse_args()
    os.nice(10)
    config = Config.load(arguments.config)
    if not arguments.no_extract:
        extract.run(Path(config.texts))
        generate.run(Path(config.texts), files(config.glossaries), config.seed)
    trainer = Trainer(config, arguments.folder)
    trainer.run()
    plot.write(arguments.folder / "log.csv", arguments.folder / "log.svg")
    scores = {}
    for path in config.tests:
        if rows := rows_of(path):
            measured = trainer.evaluate(rows, beam=4)
            scores[Path(path).name] = dict(zip(TARGETS, measured, strict=True))
    package.build(trainer, arguments.out, arguments.version, scores)
    print(f"packages in {arguments.out}: {scores}")


if __name__ == "__main__":
    main()
