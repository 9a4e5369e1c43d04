"""What watching costs: 5,000 tests by pytest alone, and as the product runs them; imports Django.

    bare           python -m pytest, its output into a file
    recorder       the same with our recorder loaded, writing into a file that nobody reads
    worker         the same as a run: its events are read and recorded in PostgreSQL as they come
    worker, jail   the same in the sandbox; left out where none works

One after the other, over and over, each time in a new checkout. Wall is the time of the test command, CPU
what all processes took until it had ended: pytest, worker, PostgreSQL. What a run does before and after its
test command is left out.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from unittest.mock import patch

from django.utils import timezone

from bench import cpu, suites
from tracks import actions
from tracks.events import CommandEnded, StageStarted
from tracks.execution import recording, runner, sandbox
from tracks.execution.sandbox import Bare
from tracks.execution.spec import Places, RunSpec
from tracks.execution.workspace import Folders
from tracks.models import Project
from tracks.statuses import Stage

FILES, TESTS_A_FILE = 50, 100
ROUNDS = 7
TRIVIAL = "def test_{number}(): pass\n"
SHORT = """def test_{number}():
    end = perf_counter() + 0.0001
    while perf_counter() < end:
        pass
"""
SUITES = (("trivial", TRIVIAL, 3), ("0.1 ms", SHORT, 5))
"""Their names, a test of each, and what watching may cost in percent."""
PYTEST = "python -m pytest"


@dataclass(frozen=True)
class Cost:
    """Seconds of the test command, and of all processors meanwhile."""

    wall: float
    processors: float


def main() -> None:
    print(
        f"{FILES * TESTS_A_FILE:,} tests, medians of {ROUNDS} rounds; beside each figure: more than bare.\n"
    )
    print(f"{'suite':<10}{'':<14}{'wall, s':>10}{'':>9}{'CPU, s':>10}{'':>9}")
    for name, test, aim in SUITES:
        with tempfile.TemporaryDirectory(prefix="omc-qa-bench-") as folder:
            Path(folder).chmod(0o755)
            _measure(name, test, aim, Path(folder))


def _measure(name: str, test: str, aim: int, folder: Path) -> None:
    repository = suites.create_repository(folder / "suite", _files(test))
    project = suites.create_project(repository, name)
    ways: dict[str, Callable[[], Cost]] = {
        "bare": lambda: _pytest(repository, folder, {}),
        "recorder": lambda: _with_recorder(repository, folder),
        "worker": lambda: _without_sandbox(project, folder),
        "worker, jail": lambda: _worker(project, folder),
    }
    if sandbox.probe():
        del ways["worker, jail"]
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for cost in ways.values():
        cost()  # what is read and numbered once
    for _ in range(ROUNDS):
        for way, cost in ways.items():
            costs[way].append(cost())
    for way, found in costs.items():
        told = "" if way == "bare" else f"aim: {aim} %"
        print(f"{name:<10}{way:<14}{_beside(costs['bare'], found)}  {told}", flush=True)


def _beside(bare: list[Cost], found: list[Cost]) -> str:
    """Both figures of ``found``; the percentages are medians over the rounds."""
    text = ""
    for figure in ("wall", "processors"):
        ours, theirs = ([getattr(cost, figure) for cost in costs] for costs in (found, bare))
        more = median(own / plain - 1 for own, plain in zip(ours, theirs, strict=True))
        text += f"{median(ours):>10.2f}{more:>+9.1%}"
    return text


def _files(test: str) -> dict[str, str]:
    tests = "\n".join(test.format(number=number) for number in range(TESTS_A_FILE))
    return {f"test_{number}.py": f"from time import perf_counter\n\n{tests}" for number in range(FILES)}


def _pytest(repository: Path, folder: Path, variables: dict[str, str]) -> Cost:
    workspace = folder / "w"
    shutil.copytree(repository, workspace)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    with tempfile.TemporaryFile() as output:
        processors, began = cpu.seconds(), time.perf_counter()
        subprocess.run(
            ["/bin/sh", "-c", PYTEST],
            cwd=workspace,
            env=environment | suites.ENVIRONMENT | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            check=True,
        )
        cost = Cost(time.perf_counter() - began, cpu.seconds() - processors)
    shutil.rmtree(workspace)
    return cost


def _with_recorder(repository: Path, folder: Path) -> Cost:
    folders = Folders(folder / "run", folder / "w", 0)
    folders.tools.mkdir(parents=True)
    folders.record.touch()
    folders.now.touch()
    spec = RunSpec("bench", "bench", str(repository), sha="")
    cost = _pytest(repository, folder, recording.variables(spec, folders, Bare()))
    shutil.rmtree(folders.root)
    return cost


def _without_sandbox(project: Project, folder: Path) -> Cost:
    with patch.object(sandbox, "probe", lambda: "left out by the bench"):
        return _worker(project, folder)


def _worker(project: Project, folder: Path) -> Cost:
    """What ``tracks.tasks`` does with a run, and its costs while the tests go on."""
    run = suites.start(project)
    claim = actions.claim(run.shards.get().pk, worker="bench", now=timezone.now())
    assert claim is not None
    record = actions.Recording(claim, now=timezone.now())
    wall = processors = 0.0
    with closing(runner.run(RunSpec.from_json(claim.run.spec), Places(folder / "places"))) as events:
        for event in events:
            record.record(event, now=timezone.now())
            if isinstance(event, StageStarted) and event.stage is Stage.TEST:
                processors -= cpu.seconds()
            elif isinstance(event, CommandEnded) and event.stage is Stage.TEST:
                wall, processors = event.seconds, processors + cpu.seconds()
    record.finish(now=timezone.now())
    run.refresh_from_db()
    assert run.passed == FILES * TESTS_A_FILE, (run.state, run.reason)
    return Cost(wall, processors)
