"""How well packages translate: BLEU and chrF with confidence intervals, terms, figures, unusable
output.

Usage: python benchmarks/quality.py FILE.tsv [--packages FOLDER…] [--annotate] [--engine]
                                           [--html PAGE]

FILE.tsv has four columns: Polish, English, Russian, Kazakh. FOLDER holds unpacked packages or
`.argosmodel` files; without any the embedded packages are measured. Files for measuring only, such
as NTREX (CC BY-SA 4.0) or the project's dev.tsv, are no part of the repository: their path is this
argument.
"""

from __future__ import annotations

import argparse
import html
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import sentencepiece
from sacrebleu.metrics import BLEU, CHRF

from translator.machine import consensus
from translator.machine.engine import Engine
from translator.machine.packages import EMBEDDED
from translator.machine.packages.local import open_package
from translator.machine.quality import problem
from translator.machine.text import annotate, normalize
from translator.model import Match
from translator.resources import resource
from translator.terminology import Terminology
from translator.terminology.facts import differences
from translator.terminology.requirements import places, required_terms

COLUMN = {"en": 1, "ru": 2, "kk": 3}
SAMPLES = 1000  # of the bootstrap


@dataclass
class Measured:
    """The output of a package for a file, and what it is worth."""

    name: str
    language: str
    output: list[str]
    seconds: float

    def problems(self, sources: Sequence[str]) -> list[str]:
        pairs = zip(sources, self.output, strict=True)
        return [problem(source, target, self.language) for source, target in pairs]


def unpacked(folder: Path, stack: ExitStack) -> Iterator[Path]:
    """The package folders in `folder`; archives are unpacked to where `stack` cleans up."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".argosmodel":
            target = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            with zipfile.ZipFile(path) as archive:
                archive.extractall(target)
            yield from (p for p in target.iterdir() if p.is_dir())
        elif (path / "metadata.json").exists():
            yield path


def translate(
    package: Path,
    texts: Sequence[str],
    required: Sequence[Sequence[Match]],
    beam: int,
    likeliest: bool = False,
) -> Measured:
    """Translate with a package; the `required` terms of each text are written into it where it can
    use them. Of the beam's hypotheses the one is taken that the engine takes, or the `likeliest`.
    """
    metadata = json.loads((package / "metadata.json").read_text(encoding="utf-8"))
    language = metadata["to_code"]
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(package / "sentencepiece.model"))
    started = time.perf_counter()
    plain = [normalize(text) for text in texts]
    if "term_annotations" in metadata.get("capabilities", ()):
        plain = [
            annotate(text, [(r.start, r.end, r.lemma) for r in required_terms(t, found, language)])
            for text, t, found in zip(plain, texts, required, strict=True)
        ]
    prefix = [metadata["target_prefix"]] if metadata.get("target_prefix") else []
    results = ctranslate2.Translator(str(package / "model"), intra_threads=2).translate_batch(
        [pieces.encode(text.text, out_type=str) for text in plain],
        target_prefix=[prefix] * len(texts) if prefix else None,
        beam_size=beam,
        num_hypotheses=1 if likeliest else beam,
        return_scores=True,
        max_batch_size=1024,
        batch_type="tokens",
    )
    output = []
    for source, result in zip(texts, results, strict=True):
        found = [pieces.decode(tokens[len(prefix) :]) for tokens in result.hypotheses]
        usable = [k for k, text in enumerate(found) if not problem(source, text, language)]
        among = usable or list(range(len(found)))
        best = consensus.best([found[k] for k in among], [result.scores[k] for k in among])
        output.append(found[among[best]])
    name = f"{metadata['code']} {metadata['package_version']}"
    return Measured(name, language, output, time.perf_counter() - started)


def by_engine(folder: Path, texts: Sequence[str], beam: int) -> Measured:
    """Translate as translator does, which decodes unusable output again and leaves none of it."""
    package = open_package(folder)
    assert package is not None
    started = time.perf_counter()
    engine = Engine(beam=beam, routes={package.to_code: (package,)})
    output = [translation.text for translation in engine.translate(texts, package.to_code)]
    name = f"{package.code} {package.version} in translator"
    return Measured(name, package.to_code, output, time.perf_counter() - started)


def accuracy(
    measured: Measured, sources: Sequence[str], matches: Sequence[Sequence[Match]]
) -> tuple[float, float]:
    """The share of required terms and names that stand in the output in some correct form, and the
    share of segments whose figures and dates are all there and no others."""
    wanted = kept = 0
    exact = 0
    for source, target, found in zip(sources, measured.output, matches, strict=True):
        for requirement in required_terms(source, found, measured.language):
            wanted += 1
            kept += bool(places(requirement, target, measured.language))
        exact += not any(differences(source, target, measured.language))
    return kept / max(wanted, 1), exact / len(sources)


def page(rows: Sequence[Sequence[str]], every: Sequence[Measured], worst: int) -> str:
    """An HTML page with the `worst` segments of each package by chrF, the other packages' output
    beside."""
    chrf = CHRF()
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Worst segments</title>"
        "<style>body{font:16px/1.4 sans-serif;margin:2em}td,th{vertical-align:top;text-align:left;"
        "padding:.3em .6em;border-top:1px solid #bbb}</style>"
    ]
    for measured in every:
        column = COLUMN[measured.language]
        beside = [m for m in every if m.language == measured.language and m is not measured]
        scores = [
            chrf.sentence_score(output, [row[column]]).score
            for output, row in zip(measured.output, rows, strict=True)
        ]
        heads = ["chrF", "Polish", "reference", measured.name, *(m.name for m in beside)]
        parts.append(f"<h2>{html.escape(measured.name)}</h2><table><tr>")
        parts += [f"<th>{html.escape(head)}" for head in heads]
        for k in sorted(range(len(rows)), key=scores.__getitem__)[:worst]:
            cells = [
                rows[k][0],
                rows[k][column],
                measured.output[k],
                *(m.output[k] for m in beside),
            ]
            parts.append(f"<tr><td>{scores[k]:.0f}")
            parts += [f"<td>{html.escape(cell)}" for cell in cells]
        parts.append("</table>")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path, help="Polish, English, Russian, Kazakh in columns")
    parser.add_argument("--packages", type=Path, nargs="+", default=[EMBEDDED])
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument(
        "--likeliest", action="store_true", help="the likeliest hypothesis, not the consensus"
    )
    parser.add_argument("--annotate", action="store_true", help="also with terms in the source")
    parser.add_argument(
        "--engine", action="store_true", help="also as translator uses them, with its retries"
    )
    parser.add_argument("--html", type=Path, help="write the worst segments side by side")
    parser.add_argument("--worst", type=int, default=20)
    arguments = parser.parse_args()
    lines = arguments.file.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    sources = [row[0] for row in rows]
    terminology = Terminology.load(sorted(resource("glossaries").glob("*.csv")))
    matches = terminology.find(sources)
    every: list[Measured] = []
    print(
        f"{'package':34} {'BLEU':>12} {'chrF':>12} {'terms':>6} {'figures':>7} {'bad':>6} {'s':>5}"
    )
    with ExitStack() as stack:
        packages = [p for folder in arguments.packages for p in unpacked(folder, stack)]
        for language, column in COLUMN.items():
            references = [[row[column] for row in rows]]
            bleu, chrf = BLEU(references=references), CHRF(references=references)
            for package in packages:
                metadata = json.loads((package / "metadata.json").read_text(encoding="utf-8"))
                if metadata["to_code"] != language:
                    continue
                able = "term_annotations" in metadata.get("capabilities", ())
                beam, likeliest = arguments.beam, arguments.likeliest
                runs = [translate(package, sources, [()] * len(rows), beam, likeliest)]
                if arguments.annotate and able:
                    runs.append(translate(package, sources, matches, beam, likeliest))
                    runs[-1].name += " + terms"
                if arguments.engine:
                    runs.append(by_engine(package, sources, beam))
                every += runs
                for measured in runs:
                    scores = [
                        metric.corpus_score(measured.output, None, n_bootstrap=SAMPLES)
                        for metric in (bleu, chrf)
                    ]
                    kept, exact = accuracy(measured, sources, matches)
                    bad = sum(map(bool, measured.problems(sources))) / len(rows)
                    intervals = [f"{s._mean:.1f} ± {s._ci:.1f}" for s in scores]
                    print(
                        f"{measured.name:34} {intervals[0]:>12} {intervals[1]:>12} {kept:6.1%} "
                        f"{exact:7.1%} {bad:6.1%} {measured.seconds:5.1f}",
                        flush=True,
                    )
    print(f"{len(rows)} segments; BLEU {bleu.get_signature()}; chrF {chrf.get_signature()}")
    if arguments.html:
        arguments.html.write_text(page(rows, every, arguments.worst), encoding="utf-8")
        print(f"worst segments: {arguments.html}", file=sys.stderr)


if __name__ == "__main__":
    main()
