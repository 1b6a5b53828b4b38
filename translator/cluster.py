"""Drafting on many processes or machines, through Dask: workers decode, this process does the rest.

It alone reads releases and the memory, finds the terms and writes the catalogs, so that locks and
files need not be shared. What a worker gets is a chunk of jobs, with the terms in it, what it gives
back are drafts. It computes each with the very batches that a single process would make; a chunk
whose worker is lost goes to another one.

The packages go to every worker once, when it joins, so that all draft with the same ones whatever
is installed there.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, as_completed

from translator.drafting import Drafter, Job
from translator.errors import TranslatorError
from translator.machine import packages
from translator.machine.engine import Engine
from translator.machine.packages import archive, local
from translator.model import Draft
from translator.settings import Settings
from translator.style import Style
from translator.terminology import Terminology

AHEAD = 2  # chunks sent to a worker beyond the one that it is at
LOSSES = 5  # workers that a chunk may lose before it is given up: it may be what kills them
WAIT = 15  # seconds for the scheduler to answer, and for a first worker


@dataclass(frozen=True)
class Shipment:
    """Packages to send: each file's content once, by its hash, and where each package has it.

    `routes` names the folders of the packages that lead to each language.
    """

    contents: Mapping[str, bytes]
    folders: Mapping[str, Mapping[str, str]]
    routes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, routes: Mapping[str, Sequence[packages.Package]]) -> Shipment:
        contents: dict[str, bytes] = {}
        folders: dict[str, dict[str, str]] = {}
        for package in {package for route in routes.values() for package in route}:
            _, files = archive.read(package.path)
            listed = folders.setdefault(str(package.path), {})
            for name, content in files.items():
                listed[name] = hashlib.sha256(content).hexdigest()
                contents[listed[name]] = content
        paths = {to: tuple(str(p.path) for p in route) for to, route in routes.items()}
        return cls(contents, folders, paths)

    def unpack(self, place: Path) -> dict[str, tuple[packages.Package, ...]]:
        """Write the packages below `place`; the routes that they make."""
        opened = {}
        for number, (folder, files) in enumerate(sorted(self.folders.items())):
            for name, content in files.items():
                path = place / str(number) / Path(folder).name / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.contents[content])
            opened[folder] = local.open_package(place / str(number) / Path(folder).name)
        return {
            to: tuple(package for folder in route if (package := opened[folder]) is not None)
            for to, route in self.routes.items()
        }


@dataclass(frozen=True)
class Task:
    """How to draft, but for the jobs."""

    language: str
    enforce: bool
    style: Style
    beam: int
    threads: int
    batch_tokens: int
    device: str


class Setup(WorkerPlugin):
    """Unpacks the packages when a worker starts. Raises TranslatorError where the worker has
    another version of translator.
    """

    name = "translator"
    idempotent = False  # another run may have other packages

    def __init__(self, shipment: Shipment):
        self._shipment = shipment
        self._version = version("translator")

    def setup(self, worker: Any) -> None:
        if self._version != (here := version("translator")):
            raise TranslatorError(
                f"worker {worker.address} has translator {here}, not {self._version}: "
                "install the same version everywhere"
            )
        place = Path(worker.local_directory) / "packages"
        shutil.rmtree(place, ignore_errors=True)
        _here.routes = self._shipment.unpack(place)
        _here.engine.cache_clear()
        _here.drafter.cache_clear()


class _Worker:
    """What a worker's process keeps: models are loaded once, one chunk is decoded at a time."""

    def __init__(self) -> None:
        self.routes: dict[str, tuple[packages.Package, ...]] = {}
        self.lock = Lock()
        self.engine = cache(self._engine)
        self.drafter = cache(self._drafter)

    def _engine(self, beam: int, threads: int, batch_tokens: int, device: str) -> Engine:
        return Engine(
            beam=beam,
            threads=threads,
            batch_tokens=batch_tokens,
            device=device,
            routes=self.routes,
        )

    def _drafter(self, task: Task) -> Drafter:
        engine = self.engine(task.beam, task.threads, task.batch_tokens, task.device)
        # The jobs bring their terms along.
        return Drafter(
            engine, Terminology(()), task.language, enforce=task.enforce, style=task.style
        )


_here = _Worker()


def _draft(task: Task, jobs: Sequence[Job]) -> list[Draft]:
    with _here.lock:
        return _here.drafter(task).draft(jobs)


class Cluster:
    """A cluster to draft on: `workers` processes of this machine, or those of the Dask scheduler at
    an address such as "tcp://10.0.0.1:8786".

    Raises TranslatorError where the scheduler or its workers do not answer.
    """

    chunk = 64  # few enough that at the end of a group no worker waits long for the others

    def __init__(
        self, project: Settings, languages: Sequence[str], *, workers: int = 0, scheduler: str = ""
    ):
        self._project = project
        self._threads = project.threads
        self._own: Any = None
        engine = Engine(chosen=project.packages)
        shipment = Shipment.of({to: engine.route(to) for to in languages})
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": LOSSES,
                # With Dask's 64 KiB the decoder gives memory back and takes it again all the time,
                # which costs it a third of its speed.
                "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 256 << 20,
                "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 32 << 20,
            }
        )
        try:
            if not scheduler:
                processors = len(os.sched_getaffinity(0))
                self._threads = project.threads or max(1, processors // workers)
                self._own = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address=None,
                    memory_limit=0,
                    silence_logs=logging.CRITICAL,
                )
            self._client = Client(self._own or scheduler, timeout=WAIT)
            self._client.wait_for_workers(1, timeout=WAIT)
            self._client.register_plugin(Setup(shipment))
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            self.close()
            raise TranslatorError(
                f"no workers at {scheduler or 'this machine'} ({error}): start `dask scheduler` "
                "there, and `dask worker` with translator installed on each machine"
            ) from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; end the workers that were started here."""
        for part in (getattr(self, "_client", None), self._own):
            if part is not None:
                part.close()

    @property
    def workers(self) -> int:
        """How many processes there are now."""
        return max(1, len(self._client.nthreads()))

    def draft(
        self, drafter: Drafter, chunks: Iterable[Sequence[Job]]
    ) -> Iterator[tuple[int, list[Draft]]]:
        """The number of each chunk and its drafts, as they are finished."""
        task = Task(
            drafter.language,
            drafter.enforce,
            drafter.style,
            self._project.beam,
            self._threads,
            self._project.batch_tokens,
            self._project.device,
        )
        waiting = enumerate(chunks)
        numbers: dict[Any, int] = {}
        running = as_completed()

        def send(count: int) -> None:
            for number, jobs in islice(waiting, count):
                future = self._client.submit(_draft, task, jobs, pure=False)
                numbers[future] = number
                running.add(future)

        send((1 + AHEAD) * self.workers)
        try:
            for future in running:
                yield numbers.pop(future), future.result()
                send(1)
        except KilledWorker as error:
            raise TranslatorError(
                f"{LOSSES} workers died of the same segments; what was finished is not lost: "
                "look at the workers' memory, then run the command again"
            ) from error
        finally:
            self._client.cancel(list(numbers))
