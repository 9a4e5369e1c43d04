"""A suite that takes a processor all of its time, in one part and in two; imports Django.

    run     one shard on one worker, two on two workers: from the first claim to the run's end
    bare    pytest alone: all files one after the other, and in two processes side by side

Two Celery workers with a slot each, on PostgreSQL and Valkey. ``bare`` says what the machine itself
gives when two processors work: what the product loses is the difference.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench import suites
from omc_qa.local.processes import spawn, stop
from omc_qa.local.supervisor import Installation
from tracks.models import Project, Run, Worker

FILES, TESTS_A_FILE = 40, 5
ROUNDS = 7
SUITE = f"""
import hashlib
import pytest

@pytest.mark.parametrize("number", range({TESTS_A_FILE}))
def test_works(number):
    found = b"found"
    for _ in range(250_000):
        found = hashlib.blake2b(found).digest()
"""
AIM = 1.8


def main(installation: Installation) -> None:
    with tempfile.TemporaryDirectory(prefix="omc-qa-bench-") as folder, _second_worker(installation):
        Path(folder).chmod(0o755)
        files = {f"test_{number}.py": SUITE for number in range(FILES)}
        repository = suites.create_repository(Path(folder) / "suite", files)
        names = sorted(files)
        one, two = (suites.create_project(repository, name=f"{n} shards", shards=n) for n in (1, 2))
        ways: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
            "run": (lambda: _run(one), lambda: _run(two)),
            "bare": (
                lambda: _pytest(repository, names),
                lambda: _pytest(repository, names[::2], names[1::2]),
            ),
        }
        _run(one), _run(two)  # the mirror, the environment; how long each file takes
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, (alone, shared) in ways.items():
                seconds[name].append((alone(), shared()))
    print(f"{FILES} files, {ROUNDS} rounds: medians (least to most). Aim: ≥ {AIM} ×.\n")
    for name, pairs in seconds.items():
        ones, twos = zip(*pairs, strict=True)
        ratios = [one / two for one, two in pairs]
        print(f"{name:<6}one {_spread(ones)} s   two {_spread(twos)} s   {_spread(ratios)} ×")


def _spread(figures: Sequence[float]) -> str:
    return f"{median(figures):.2f} ({min(figures):.2f} to {max(figures):.2f})"


@contextmanager
def _second_worker(installation: Installation) -> Iterator[None]:
    argv = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "omc_qa",
        "worker",
        "--concurrency",
        "1",
        "-n",
        "second@bench",
    ]
    log = installation.home.logs / "second.log"
    worker = spawn(argv, log=log, environment=os.environ)
    try:
        while Worker.objects.filter(left_at=None).count() < 2:
            time.sleep(0.1)
        yield
    finally:
        stop(worker)


def _run(project: Project) -> float:
    """Seconds from the first claim to the end of a run."""
    run = suites.start(project)
    while not (found := Run.objects.get(pk=run.pk)).ended_at:
        time.sleep(0.1)
    assert found.passed == FILES * TESTS_A_FILE, (found.state, found.reason)
    assert found.started_at is not None
    return (found.ended_at - found.started_at).total_seconds()


def _pytest(repository: Path, *parts: list[str]) -> float:
    """Seconds until pytest has run each of the parts, all at the same time."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    started = [
        subprocess.Popen(
            [*command, *part],
            cwd=repository,
            env=os.environ | suites.ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
        )
        for part in parts
    ]
    assert not any(process.wait() for process in started)
    return time.perf_counter() - began
