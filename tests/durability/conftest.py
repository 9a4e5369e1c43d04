"""Real workers against the session's own PostgreSQL and Redis: started, killed, stopped and continued.

    worker = start_worker()          a Celery worker with one slot, ready for work
    run = start_run(tmp_path, text)  a run of a repository with one test file, queued
    ended(run)                       the run, once it has reached an end

The times are a tenth of the product's own: a lease of 3 s, a heartbeat of 0.5 s, a reaper every second.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from tests import factories
from tests.omc_qa.cli.installations import ps
from tests.omc_qa.cli.repositories import create_repository, git
from tests.waiting import wait_for
from tracks import actions
from tracks.models import Run, Shard, Worker

LEASE, HEARTBEAT, REAPER = 3.0, 0.5, 1.0
MARKER = f"omc-qa-durability-{os.getpid()}-marker"
"""Of this process: other tests run beside these."""


QUICK = "def test_quick(): pass\n"


def slow(tests: int = 10) -> str:
    """So many tests, each of which takes its time."""
    return f"""
import time
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_step(number):
    time.sleep(0.3)
"""


class LiveWorker:
    """A worker's processes: its main one, and the one that carries out runs."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        self.name = f"{name}@test"
        self.process = process

    def slot(self) -> int:
        """The process id of its single slot."""
        return next(pid for pid, (parent, _) in ps().items() if parent == self.process.pid)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def broker() -> Iterator[str]:
    """Where the workers' messages go; empty again afterwards."""
    yield os.environ["REDIS_URL"]
    with current_app.connection_for_write() as connected:
        connected.default_channel.client.flushdb()


@pytest.fixture
def start_worker(
    transactional_db: None, tmp_path: Path, data: Path, broker: str
) -> Iterator[Callable[..., LiveWorker]]:
    started: list[LiveWorker] = []
    database = connection.settings_dict

    def start(**variables: str) -> LiveWorker:
        name = f"w{len(started)}"
        environment = os.environ | {
            "DATABASE_URL": os.environ["DATABASE_URL"].replace("/omc_qa?", f"/{database['NAME']}?"),
            "REDIS_URL": broker,
            "OMC_QA_DATA": str(data),
            "OMC_QA_LEASE_SECONDS": str(LEASE),
            "OMC_QA_HEARTBEAT_SECONDS": str(HEARTBEAT),
            "OMC_QA_REAPER_SECONDS": str(REAPER),
            "REMAP_SIGTERM": "SIGQUIT",
        }
        argv = [sys.executable, "-m", "celery", "-A", "omc_qa", "worker", "--concurrency", "1"]
        with (tmp_path / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*argv, "-n", f"{name}@test", "--without-gossip", "--without-mingle"],
                env=environment | variables,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        worker = LiveWorker(name, process)
        started.append(worker)
        wait_for(lambda: Worker.objects.filter(name=worker.name, left_at=None).exists())
        return worker

    yield start
    for worker in started:
        if worker.process.poll() is None:
            os.killpg(worker.process.pid, signal.SIGCONT)
            worker.kill()
    wait_for(lambda: not jobs(), seconds=15)
    for log in sorted(tmp_path.glob("w*.log")):
        print(f"── {log.name}\n{log.read_text()[-4000:]}")


@pytest.fixture
def start_run(tmp_path: Path, settings: object) -> Callable[..., Run]:
    """A queued run of a repository with this one test file."""

    def start(text: str, **testing: object) -> Run:
        repository = create_repository(tmp_path / f"ledger{Run.objects.count()}", {"test_it.py": text})
        project = factories.create_project(
            repository=str(repository),
            python=sys.executable,
            env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            **({"test": f"python -m pytest #{MARKER}"} | testing),
        )
        project.trusted = True
        project.save()
        sprint = factories.create_sprint(project=project)
        sha = git(repository, "rev-parse", "HEAD")
        return actions.start_baseline(sprint, sha=sha, by=project.created_by, now=timezone.now())

    return start


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def ended(run: Run, *, seconds: float = 60) -> Run:
    return wait_for(lambda: (found := fresh(run)).ended_at and found, seconds=seconds)


def jobs() -> list[str]:
    """The command lines of what the workers' jobs have running."""
    return [args for _, args in ps().values() if MARKER in args]


def at_half(run: Run) -> Run:
    """The run, once some of its tests have passed and others have not begun."""
    return wait_for(lambda: (found := fresh(run)).passed and found)


def shard_of(run: Run) -> Shard:
    return run.shards.get()
