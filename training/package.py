"""Argos packages out of a training run: one model for all languages, a package for each, with its
card."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import date
from pathlib import Path

from training.model import ALIGNMENT_LAYER
from training.train import Trainer
from training.vocabulary import TARGETS

NAMES = {"pl": "Polish", "en": "English", "ru": "Russian", "kk": "Kazakh"}
CAPABILITIES = ["alignment", "term_annotations"]
CARD = """\
# Polish to {name}, version {version}

A small machine translation model of the `translator` project, for drafts that a person reviews. It
is meant for the press releases of a foreign ministry; outside of that it is weak.

- **Model**: Transformer, {shape[encoder]}+{shape[decoder]} layers, width {shape[width]}, {size:.1f}
  million parameters, CTranslate2 int8, {bytes:.1f} MB. The packages for English, Russian and Kazakh
  share the same model; the first target token (`{prefix}`) chooses the language.
- **Training**: {steps} steps, {hours:.1f} hours on two shared CPU cores, {date}, by
  `python -m training` (seed {seed}){start}.
- **Scores** (chrF, beam 4): {scores}.
- **Alignment**: the first cross-attention head of decoder layer {layer} was trained on word
  alignments (Garg et al. 2019); CTranslate2 returns it with `return_attention`.
- **Required terms**: `Wizyta <t> ministra <u> министр </t>` asks for a form of "министр" (target
  lemma annotations, Bergmanis & Pinnis 2021). The symbols are single pieces of the vocabulary.
- **Known limits**: invents text for words it saw rarely, may repeat itself, loses figures and names
  now and then. It knows nothing beyond the segment that it translates.

## Data

{data}

The rows of the development set are left out of the training. `training/packages.txt` names the
Debian packages of `gettext`; the copyright files of all packages name these licences (of code and
translations): {licences}.
"""


def build(trainer: Trainer, out: Path, version: str, scores: dict[str, dict[str, float]]) -> None:
    """Write a folder `translate-pl_LANGUAGE-VERSION` for each target language into `out`.

    `scores` has the chrF of each language by the name of the test set.
    """
    model = trainer.folder / "model"
    trainer.export(model)
    data, licences = _data(trainer)
    for language in TARGETS:
        folder = out / f"translate-pl_{language}-{version.replace('.', '_')}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(model, folder / "model")
        shutil.copy(trainer.folder / "sentencepiece.model", folder)
        measured = {name: round(of[language], 1) for name, of in scores.items()}
        metadata = {
            "package_version": version,
            "argos_version": "1.9.0",
            "type": "translate",
            "code": f"translate-pl_{language}",
            "from_code": "pl",
            "from_name": NAMES["pl"],
            "to_code": language,
            "to_name": NAMES[language],
            "target_prefix": f"<2{language}>",
            "capabilities": CAPABILITIES,
            "alignment": {"layer": ALIGNMENT_LAYER, "head": 0},
            "date": date.today().isoformat(),
            "license": "MIT (code and own corpus); see README.md for the pretraining texts",
            "scores": {"chrF": measured},
        }
        text = json.dumps(metadata, indent=1, ensure_ascii=False)
        (folder / "metadata.json").write_text(text + "\n", encoding="utf-8")
        card = CARD.format(
            name=NAMES[language],
            version=version,
            shape=trainer.model.shape.as_dict(),
            size=sum(p.numel() for p in trainer.model.parameters()) / 1e6,
            bytes=(model / "model.bin").stat().st_size / 1e6,
            prefix=metadata["target_prefix"],
            steps=trainer.step,
            hours=_minutes(trainer.folder / "log.csv") / 60,
            date=metadata["date"],
            seed=trainer.config.seed,
            start=f", going on from {Path(trainer.config.start).name}"
            if trainer.config.start
            else "",
            scores=", ".join(f"{value} on {name}" for name, value in measured.items()),
            layer=ALIGNMENT_LAYER,
            data=data,
            licences=licences,
        )
        (folder / "README.md").write_text(card, encoding="utf-8")


def _data(trainer: Trainer) -> tuple[str, str]:
    """A list of the sources with their rows, and the licences that `extract` found for them."""
    lines, licences = [], set()
    for name, paths in trainer.paths().items():
        origin = "the project's own corpus" if name in trainer.config.domain else ABOUT[name]
        lines.append(f"- `{name}`: {trainer.rows.get(name, 0)} rows, {origin}")
        for path in paths:
            listed = path.parent / "licences.tsv"
            if listed.exists():
                licences.update(FAMILY.findall(listed.read_text(encoding="utf-8")))
    return "\n".join(lines), ", ".join(sorted(licences)) or "none"


FAMILY = re.compile(
    r"(?<![\w-])(A?GPL|LGPL|MPL|GFDL|Apache|BSD|Expat|MIT|CC0|CC-BY-SA|CC-BY|Unicode)(?=[-+ ,\n]|$)"
)
ABOUT = {
    "glossary": "the terms of the project's own glossaries",
    "generated": "sentences made by rule, and names of countries and languages of Unicode CLDR",
    "libreoffice": "messages of LibreOffice, MPL-2.0",
    "help": "help pages of LibreOffice, MPL-2.0",
    "mozilla": "messages of Firefox and Thunderbird, MPL-2.0",
    "dictionary": "FreeDict pol-eng and pol-rus, made from Wiktionary, CC BY-SA 3.0",
    "gettext": "messages of the free programs in `training/packages.txt`, as packaged by Debian",
}


def _minutes(log: Path) -> float:
    """The minutes of training in a log: the longest time of each stage."""
    longest: dict[str, float] = {}
    with open(log, newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            longest[line["stage"]] = max(longest.get(line["stage"], 0.0), float(line["minutes"]))
    return sum(longest.values())
