"""Drafting on several processes: the same catalogs as from one, whatever becomes of a worker."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, translator

pytest.importorskip("distributed", reason="Dask is not installed: pip install -e .[cluster]")
from distributed import LocalCluster

from translator import pipeline, settings
from translator.cluster import Cluster
from translator.errors import TranslatorError

RELEASES = 16
REVISED = re.compile(rb'"PO-Revision-Date: .*\n')


def project(folder: Path) -> settings.Settings:
    """A project with releases out of the corpus."""
    rows = (ROOT / "corpus/bilateral.tsv").read_text(encoding="utf-8").splitlines()
    texts = [row.split("\t")[0] for row in rows]
    (folder / "releases").mkdir(parents=True)
    glossaries = [str(ROOT / "glossaries" / name) for name in ("diplomacy.csv", "people.csv")]
    (folder / settings.FILE).write_text(f"[project]\nglossaries = {glossaries}\n")
    for number in range(RELEASES):
        paragraphs = texts[8 * number : 8 * number + 8]
        (folder / f"releases/{number:02}.txt").write_text("\n\n".join(paragraphs) + "\n")
    return settings.load(folder)


def catalogs(project: settings.Settings) -> dict[str, bytes]:
    """Their content by release, without the minute of their writing."""
    return {
        path.name: REVISED.sub(b"", path.read_bytes())
        for path in sorted((project.locales / "ru").rglob("*.po"))
    }


@contextmanager
def silent(total: int, label: str) -> Iterator[Any]:
    yield lambda done: None


def translate(project: settings.Settings, workers: pipeline.Workers) -> list[pipeline.Outcome]:
    paths = sorted(project.releases.iterdir())
    return list(pipeline.translate(project, paths, ["ru"], progress=silent, workers=workers))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a single process makes."""
    single = project(tmp_path_factory.mktemp("alone"))
    translate(single, pipeline.HERE)
    return catalogs(single)


def test_workers_make_the_same_catalogs_as_one_process(
    tmp_path: Path, alone: dict[str, bytes]
) -> None:
    several = project(tmp_path)
    run = translator("translate", "releases/", "--to", "ru", "--workers", "2", cwd=several.root)
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == RELEASES
    assert catalogs(several) == alone


def test_a_killed_worker_costs_a_retry_and_nothing_else(
    tmp_path: Path, alone: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cluster, "chunk", 16)
    several = project(tmp_path)
    killed = []

    def kill(dask: LocalCluster) -> None:
        """Kill the first worker that is at work."""
        deadline = time.monotonic() + 60
        while not killed and time.monotonic() < deadline:
            for state in list(dask.scheduler.workers.values()):
                if state.processing and not killed:
                    time.sleep(0.3)
                    killed.append(state.nanny)
                    os.kill(pids[state.address], signal.SIGKILL)
            time.sleep(0.01)

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=50,
        ) as dask,
        Cluster(several, ["ru"], scheduler=dask.scheduler_address) as cluster,
    ):
        pids = cluster._client.run(os.getpid)
        killer = threading.Thread(target=kill, args=(dask,))
        killer.start()
        outcomes = translate(several, cluster)
        killer.join()
    assert killed
    assert [outcome.release for outcome in outcomes] == sorted({o.release for o in outcomes})
    assert catalogs(several) == alone


def test_a_cluster_that_does_not_answer_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translator.cluster.WAIT", 1)
    with pytest.raises(TranslatorError, match="no workers at tcp:") as error:
        Cluster(project(tmp_path), ["ru"], scheduler="tcp://127.0.0.1:9")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "give one"),
        (["--scheduler", "no address"], "no workers at no address"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, options: list[str], message: str) -> None:
    root = project(tmp_path).root
    run = translator("translate", "releases/", "--to", "ru", *options, cwd=root)
    assert run.returncode == 2
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1
