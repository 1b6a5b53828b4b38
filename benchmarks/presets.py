"""Quality for speed: chrF and segments per second of each beam, with int8 and float32 weights.

    .venv/bin/python benchmarks/presets.py FILE.tsv [--first N] [--runs 3] [--beams 1,2,4,8]

FILE has the columns pl, en, ru, kk. `--fast` is beam 1 and `--best` beam 8, the default 4. The
packages hold int8 weights; float32 is what CTranslate2 makes of them on loading, so what it shows
is the cost of rounding while computing. The machine alone, without enforcement.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import ctranslate2
import sacrebleu
from timing import timed

from translator.machine import engine as engine_module
from translator.machine.engine import Engine

LANGUAGES = {"en": 1, "ru": 2, "kk": 3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("--first", type=int)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--beams", default="1,2,4,8")
    options = parser.parse_args()
    lines = options.file.read_text(encoding="utf-8").splitlines()[: options.first]
    rows = [line.split("\t") for line in lines]
    sources = [row[0] for row in rows]
    translator = ctranslate2.Translator
    for weights in ("int8", "float32"):
        # The engine takes what the model has; no user needs a choice that only costs time.
        engine_module.ctranslate2.Translator = partial(  # type: ignore[misc,assignment]
            translator, compute_type=weights
        )
        for beam in map(int, options.beams.split(",")):
            engine = Engine(beam=beam)
            shown = []
            for language, column in LANGUAGES.items():
                engine.translate(sources[:2], language)
                seconds, found = timed(options.runs, partial(engine.translate, sources, language))
                texts = [translation.text for translation in found]
                chrf = sacrebleu.corpus_chrf(texts, [[row[column] for row in rows]]).score
                shown.append(f"{language} {chrf:5.1f} {len(rows) / seconds:5.0f}/s")
            print(f"{weights:8} beam {beam}   " + "   ".join(shown), flush=True)


if __name__ == "__main__":
    main()
