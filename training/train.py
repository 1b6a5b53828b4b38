"""Training: stages of a TOML file, resumable at any point, logged to a CSV file."""

from __future__ import annotations

import csv
import glob
import os
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from training import ctranslate, data, vocabulary
from training.annotation import Annotator, GlossarySpots
from training.data import Example, Stream
from training.model import PAD, Shape, Transformer
from training.vocabulary import TARGETS, Vocabulary

EMA = 0.999  # decay of the averaged weights that are exported
EMA_EVERY = 4  # steps between updates of the average


@dataclass(frozen=True)
class Config:
    """What a TOML file of this folder says; paths are relative to the folder that it is run
    from."""

    shape: dict
    seed: int
    threads: int
    tokens: int  # target pieces of a batch, with the padding
    warmup: int  # steps until it is reached
    smoothing: float
    guidance: float  # weight of the alignment loss
    start: str  # folder of a package to go on from, "" for none
    sources: dict[str, list[str]]  # name -> glob patterns of TSV files
    domain: list[str]  # the sources whose rows are joined and annotated
    glossaries: list[str]
    texts: str  # folder of the texts that `extract` writes
    dev: str  # TSV file to measure on during training, "" for none; never trained on
    tests: list[str]  # TSV files that the finished packages are measured on
    log_every: int
    save_minutes: float
    eval_minutes: float
    stages: list[
        dict
    ]  # each: name, minutes or steps, shares (source -> part of the rows), annotated

    @classmethod
    def load(cls, path: Path) -> Config:
        with open(path, "rb") as file:
            return cls(**tomllib.load(file))


class Trainer:
    """A run in `folder`: `state.pt` to go on from, `best/` (weights) and `log.csv`."""

    def __init__(self, config: Config, folder: Path):
        self.config, self.folder = config, folder
        folder.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        path = folder / "sentencepiece.model"
        if not path.exists():
            self._make_vocabulary(path)
        self.vocabulary = Vocabulary(path)
        self.dev = rows_of(config.dev)
        self.model = self._model()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=0.0, betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )
        self.average = [p.detach().clone() for p in self.model.parameters()]
        self.stage = self.step = self.chunk = self.batch = 0
        self.elapsed = 0.0  # seconds of training in this stage
        self.stage_steps = 0
        self.rows: dict[str, int] = {}  # how many rows were read of each source
        if (folder / "state.pt").exists():
            self._restore()

    def paths(self) -> dict[str, list[Path]]:
        """The files of each source, as they are now."""
        return {name: files(patterns) for name, patterns in self.config.sources.items()}

    def _make_vocabulary(self, path: Path) -> None:
        if self.config.start:
            vocabulary.extend(Path(self.config.start) / "sentencepiece.model", path)
            return
        cells = (
            cell
            for found in self.paths().values()
            for file in found
            for cell in file.read_text(encoding="utf-8").replace("\n", "\t").split("\t")
            if cell
        )
        vocabulary.train(cells, path, self.config.shape["vocabulary"])

    def _model(self) -> Transformer:
        shape = Shape(**{**self.config.shape, "vocabulary": len(self.vocabulary)})
        model = Transformer(shape)
        if self.config.start:
            ctranslate.load(model, Path(self.config.start) / "model" / "model.bin")
        return model

    def run(self) -> None:
        """Train through the stages that are left, then export the averaged weights."""
        while self.stage < len(self.config.stages):
            self._run_stage(self.config.stages[self.stage])
            self.stage += 1
            self.elapsed, self.stage_steps, self.chunk, self.batch = 0.0, 0, 0, 0
            self.save()

    def _stream(self, stage: dict) -> Stream:
        """The batches of a stage; the texts are read afresh, since a corpus may grow meanwhile."""
        barred = {self.vocabulary.normalize(row[0]) for row in self.dev}
        texts = {
            name: data.read(paths, self.vocabulary, barred)
            for name, paths in self.paths().items()
            if name in stage["shares"]
        }
        aligned = data.align_all(list(texts.values()))
        rows = dict(zip(texts, aligned, strict=True))
        inside = [row for name in self.config.domain for row in rows.get(name, [])]
        return Stream(
            rows,
            stage["shares"],
            self.vocabulary,
            Annotator(inside, GlossarySpots(files(self.config.glossaries))),
            seed=self.config.seed + 1000 * self.stage,
            tokens=self.config.tokens,
            domain=self.config.domain,
            annotated=stage.get("annotated", 0.0),
            chunk=stage.get("chunk", data.CHUNK),
        )

    def _run_stage(self, stage: dict) -> None:
        config = self.config
        stream = self._stream(stage)
        self.rows |= {name: len(rows) for name, rows in stream.rows.items()}
        print({name: len(rows) for name, rows in stream.rows.items()}, stream.counts, flush=True)
        saved = evaluated = self.elapsed
        tokens, losses, since = 0, [], time.monotonic()
        before = time.monotonic() - self.elapsed
        while self._progress(stage) < 1:
            batches = stream.chunk(self.chunk)
            while self.batch < len(batches) and self._progress(stage) < 1:
                loss, guided, count = self._update(batches[self.batch], self._rate(stage))
                self.batch += 1
                tokens += count
                losses.append((loss, guided))
                self.elapsed = time.monotonic() - before
                if self.step % config.log_every == 0:
                    speed = tokens / (time.monotonic() - since)
                    means = [sum(column) / len(losses) for column in zip(*losses, strict=True)]
                    names = ("loss", "alignment loss", "tokens/s")
                    self._log(stage, **dict(zip(names, [*means, speed], strict=True)))
                    tokens, losses, since = 0, [], time.monotonic()
                if self.elapsed - saved > 60 * config.save_minutes:
                    self.save()
                    saved = self.elapsed
                if self.elapsed - evaluated > 60 * config.eval_minutes:
                    self._log_scores(stage)
                    evaluated = self.elapsed
            if self.batch >= len(batches):
                self.chunk, self.batch = self.chunk + 1, 0
        self._log_scores(stage)

    def _progress(self, stage: dict) -> float:
        """The part of a stage that is done, by its minutes, its deadline or its steps."""
        if "steps" in stage:
            return self.stage_steps / stage["steps"]
        return self.elapsed / (60 * stage["minutes"])

    def _rate(self, stage: dict) -> float:
        """The learning rate: linear warm-up, then a straight line through each stage's `rates`."""
        first, last = stage["rates"]
        return (first + (last - first) * self._progress(stage)) * min(
            1.0, (self.step + 1) / self.config.warmup
        )

    def _update(self, batch: Sequence[Example], rate: float) -> tuple[float, float, int]:
        """One step; the loss of a target piece, the alignment loss, and the number of target
        pieces."""
        source, target, origin, links, weights = tensors(batch)
        self.model.train()
        labels = target[:, 1:]
        counted = labels != PAD
        counted[:, 0] = False  # the forced tag of the language
        with torch.autocast("cpu", torch.bfloat16):
            states, attention = self.model(source, target[:, :-1], origin)
        loss = self.model.loss(states[counted], labels[counted], self.config.smoothing)
        guided = -(attention[links[0], links[1], links[2]] * weights).sum() / weights.sum().clamp(1)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        (loss + self.config.guidance * guided).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0, foreach=True)
        self.optimizer.step()
        self.step += 1
        self.stage_steps += 1
        if self.step % EMA_EVERY == 0:
            decay = min(EMA, self.step / (self.step + 20)) ** EMA_EVERY
            with torch.no_grad():
                torch._foreach_lerp_(self.average, list(self.model.parameters()), 1 - decay)
        return loss.item(), guided.item(), int(counted.sum())

    def evaluate(self, rows: Sequence[Sequence[str]], beam: int = 2) -> list[float]:
        """The chrF of each target language with the averaged weights on `rows` of four texts."""
        import ctranslate2
        import sacrebleu

        folder = self.folder / "model"
        self.export(folder)
        translator = ctranslate2.Translator(str(folder), intra_threads=self.config.threads)
        source = [self.vocabulary.model.encode(row[0], out_type=str) for row in rows]
        scores = []
        for number, language in enumerate(TARGETS, 1):
            results = translator.translate_batch(
                source,
                target_prefix=[[f"<2{language}>"]] * len(source),
                beam_size=beam,
                max_batch_size=1024,
                batch_type="tokens",
            )
            output = [self.vocabulary.model.decode(result.hypotheses[0][1:]) for result in results]
            scores.append(sacrebleu.corpus_chrf(output, [[row[number] for row in rows]]).score)
        return scores

    def export(self, folder: Path) -> None:
        """Write the averaged weights to `folder` as a CTranslate2 model."""
        model = Transformer(self.model.shape)
        with torch.no_grad():
            for parameter, value in zip(model.parameters(), self.average, strict=True):
                parameter.copy_(value)
        ctranslate.export(model, self.vocabulary.pieces, folder)

    def _log(self, stage: dict, **values: float) -> None:
        """Add a line to the log: `values` by the names of its columns."""
        path = self.folder / "log.csv"
        new = not path.exists()
        with open(path, "a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            if new:
                writer.writeheader()
            writer.writerow(
                {
                    "clock": time.strftime("%H:%M:%S"),
                    "stage": stage["name"],
                    "minutes": f"{self.elapsed / 60:.1f}",
                    "step": self.step,
                    **{name: f"{value:.2f}" for name, value in values.items()},
                }
            )

    def _log_scores(self, stage: dict) -> None:
        if self.dev:
            names = (f"chrF {language}" for language in TARGETS)
            self._log(stage, **dict(zip(names, self.evaluate(self.dev), strict=True)))

    def save(self) -> None:
        """Write the whole state; a crash at any moment leaves the old or the new one."""
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average,
            "random": torch.get_rng_state(),
            "dropout": (self.model.drop.pool, self.model.drop.uses),
            "place": {name: getattr(self, name) for name in PLACE},
        }
        torch.save(state, self.folder / "state.new")
        os.replace(self.folder / "state.new", self.folder / "state.pt")

    def _restore(self) -> None:
        state = torch.load(self.folder / "state.pt")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = state["average"]
        torch.set_rng_state(state["random"])
        self.model.drop.pool, self.model.drop.uses = state["dropout"]
        for name, value in state["place"].items():
            setattr(self, name, value)


COLUMNS = ["clock", "stage", "minutes", "step", "loss", "alignment loss", "tokens/s"]
COLUMNS += [f"chrF {language}" for language in TARGETS]
PLACE = ("rows", "stage", "step", "stage_steps", "chunk", "batch", "elapsed")


def tensors(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Source ids (S, n), target ids (T, m), the source of each target (T,), and the alignment:
    positions (3, links) of target, label and source piece, with their weights (links,)."""
    source = _pad([example.source for example in batch])
    target = _pad([target for example in batch for target in example.targets])
    origin = [k for k, example in enumerate(batch) for _ in example.targets]
    links = [
        (row, piece + 1, place, weight)  # a label comes one after its piece: the tag is the first
        for row, found in enumerate(found for example in batch for found in example.links)
        for piece, place, weight in found
    ]
    columns = torch.tensor(links, dtype=torch.float64).reshape(-1, 4).T
    return source, target, torch.tensor(origin), columns[:3].long(), columns[3].float()


def _pad(rows: Sequence[Sequence[int]]) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[PAD] * (longest - len(row))] for row in rows])


def rows_of(path: str) -> list[list[str]]:
    """The rows of a TSV file to measure on; none, with a note, where there is no such file."""
    if not path or not Path(path).is_file():
        print(f"{path or 'no file'}: nothing to measure on", flush=True)
        return []
    return [line.split("\t") for line in Path(path).read_text(encoding="utf-8").splitlines()]


def files(patterns: Sequence[str]) -> list[Path]:
    """The files that glob patterns match, in order."""
    return [Path(path) for pattern in patterns for path in sorted(glob.glob(pattern))]
