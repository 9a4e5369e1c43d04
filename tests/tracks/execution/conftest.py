"""A real repository, real runs: with the sandbox where it works here, and always without."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from tests.tracks.execution.recordings import record as record
from tests.tracks.execution.repositories import Repository
from tracks.errors import QAError
from tracks.events import CommandEnded, Event, Log, SessionFinished, TestFinished
from tracks.execution import git, locks, remote, sandbox
from tracks.execution.runner import run
from tracks.execution.spec import Limits, Places, RunSpec
from tracks.statuses import Outcome, Stage

T = TypeVar("T")


@dataclass
class Story:
    """What a run emitted, and what it raised at its end."""

    events: list[Event] = field(default_factory=list)
    error: QAError | None = None

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {event.test: event.outcome for event in self.of(TestFinished)}

    @property
    def log(self) -> str:
        return "".join(event.text for event in self.of(Log))

    @property
    def finished(self) -> SessionFinished | None:
        return next(iter(self.of(SessionFinished)), None)

    def ended(self, stage: Stage) -> CommandEnded:
        return next(event for event in self.of(CommandEnded) if event.stage is stage)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "places")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no sandbox works."""
    monkeypatch.setattr(sandbox, "probe", lambda: "no sandbox in this test")


@pytest.fixture(params=["bare", pytest.param("bubblewrap", marks=pytest.mark.sandbox)])
def tier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "bare":
        monkeypatch.setattr(sandbox, "probe", lambda: "no sandbox in this test")
    elif sandbox.probe():
        # CI installs bubblewrap: there it has to work.
        leave = pytest.fail if os.environ.get("CI") else pytest.skip
        leave(f"the sandbox does not work here: {sandbox.probe()}")
    return str(request.param)


@pytest.fixture
def spec_of(repository: Repository) -> Callable[..., RunSpec]:
    def make(*, sha: str = "", env: dict[str, str] | None = None, **changes: object) -> RunSpec:
        basics: dict[str, object] = {
            "run": "run-1",
            "project": "project",
            "repository": str(repository.path),
            "sha": sha or repository.head(),
            "python": sys.executable,
            "env": {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **(env or {})},
            "allow_local": True,
            "allow_unsandboxed": True,
            "allow_unsandboxed_checks": True,
            "limits": Limits(test_seconds=60),
        }
        return RunSpec(**{**basics, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def play(places: Places, spec_of: Callable[..., RunSpec]) -> Callable[..., Story]:
    """Run the repository's head to its end."""

    def played(**changes: object) -> Story:
        story = Story()
        try:
            for event in run(spec_of(**changes), places):
                story.events.append(event)
        except QAError as error:
            story.error = error
        return story

    return played


@pytest.fixture
def mirror(places: Places, repository: Repository) -> Callable[[], Path]:
    def fetched() -> Path:
        path = git.mirror_path(places, "project", str(repository.path))
        locks.exhaust(remote.fetch_mirror(path, str(repository.path), allow_local=True))
        return path

    return fetched
