"""PostgreSQL and Redis of a run's own: real servers, real connections."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tests.waiting import wait_for
from tracks.errors import SubjectError, ToolError
from tracks.execution import binaries, sandbox, services
from tracks.execution.runner import run
from tracks.execution.spec import Places, RunSpec, Service
from tracks.statuses import Network, ServiceKind

Play = Callable[..., Story]

POSTGRES = Service(ServiceKind.POSTGRES, {"DATABASE_URL": "{url}", "POSTGRES_SERVER": "{host}:{port}"})
REDIS = Service(ServiceKind.REDIS, {"REDIS_URL": "{url}"})

ASKS_POSTGRES = """
import os, pathlib, time
import psycopg

def test_the_database_is_this_runs_own():
    assert os.environ["POSTGRES_SERVER"].startswith("127.0.0.1:")
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        assert tables == (0,)
        connection.execute("create table left_behind ()")
"""
ASKS_REDIS = """
import os, redis

def test_the_store_is_this_runs_own():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as store:
        assert store.dbsize() == 0
        store.set("left", "behind")
"""
OUTCOME = "test_it.py::test_the_database_is_this_runs_own"

sandboxed = pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here")


@pytest.mark.sandbox
@sandboxed
def test_two_runs_of_one_commit_each_find_an_empty_database(repository: Repository, play: Play) -> None:
    repository.commit({"test_it.py": ASKS_POSTGRES})
    for _ in range(2):
        story = play(services=(POSTGRES,))
        assert story.error is None, story.error.detail
        assert story.outcomes == {OUTCOME: "passed"}, story.log


MEETS = """
import os, time, urllib.parse
import psycopg

def test_the_other_run_is_never_met():
    assert urllib.parse.urlsplit(os.environ["DATABASE_URL"]).port == 5432
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("create table met ()")
        open("/tmp/here", "w").close()
        while not os.path.exists("/tmp/go"):
            time.sleep(0.02)
        assert connection.execute("select count(*) from pg_stat_activity where usename = 'postgres' "
            "and backend_type = 'client backend'").fetchone() == (1,)
"""


@pytest.mark.sandbox
@sandboxed
def test_two_runs_at_once_on_the_usual_port_never_meet(
    repository: Repository, spec_of: Callable[..., RunSpec], places: Places
) -> None:
    repository.commit({"test_it.py": MEETS})
    stories = [Story(), Story()]
    homes = [places.runs / name / "home" for name in ("one", "two")]

    def follow(story: Story, name: str) -> None:
        story.events.extend(run(spec_of(run=name, services=(POSTGRES,)), places))

    threads = [
        threading.Thread(target=follow, args=(story, name))
        for story, name in zip(stories, ("one", "two"), strict=True)
    ]
    for thread in threads:
        thread.start()
    wait_for(lambda: all((home / "here").exists() for home in homes))
    for home in homes:
        (home / "go").touch()
    for thread in threads:
        thread.join()
    for story in stories:
        assert list(story.outcomes.values()) == ["passed"], story.log


def test_a_redis_starts_empty_with_or_without_a_sandbox(
    repository: Repository, play: Play, places: Places, tier: str
) -> None:
    repository.commit({"test_it.py": ASKS_REDIS})
    for _ in range(2):
        story = play(services=(REDIS,))
        assert list(story.outcomes.values()) == ["passed"], story.log


def test_before_and_after_reach_the_services_too(repository: Repository, play: Play, tier: str) -> None:
    repository.commit({"test_it.py": "def test_one(): pass\n"})
    ask = 'python -c \'import os, redis; print(redis.Redis.from_url(os.environ["REDIS_URL"]).incr("n"))\''
    story = play(before=ask, after=ask, services=(REDIS,), network=Network.HOST)
    assert "\n1\n" in story.log and story.log.endswith("2\n")


def test_without_a_sandbox_root_is_told_why_there_is_no_postgres(
    repository: Repository, play: Play, bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 0)
    repository.commit({"test_it.py": ASKS_POSTGRES})
    error = play(services=(POSTGRES,)).error
    assert isinstance(error, ToolError) and error.message.endswith("does not run as root.")


def test_a_variable_that_asks_for_what_there_is_not_is_named(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit({"test_it.py": ASKS_REDIS})
    error = play(services=(Service(ServiceKind.REDIS, {"REDIS": "{url}/{shard}"}),)).error
    assert isinstance(error, SubjectError)
    assert error.message == "The service's variable REDIS asks for {shard}, which there is not."
    assert "{url}" in error.remedy and "{database}" in error.remedy


@pytest.mark.parametrize("kind", sorted(ServiceKind))
def test_a_worker_without_the_server_says_what_to_install(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch, tier: str, kind: ServiceKind
) -> None:
    monkeypatch.setenv("OMC_QA_SERVERS", "neither")
    monkeypatch.setattr("os.getuid", lambda: 1001) if tier == "bare" else None
    repository.commit({"test_it.py": ASKS_REDIS})
    error = play(services=(Service(kind),)).error
    assert isinstance(error, ToolError)
    assert "which this worker does not have" in error.message and "apt-get install" in error.remedy


def test_a_server_that_does_not_start_shows_its_last_lines(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tier: str
) -> None:
    broken = tmp_path / "valkey-server"
    broken.write_text("#!/bin/sh\necho out of order\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(binaries, "redis_servers", lambda: iter([broken]))
    repository.commit({"test_it.py": ASKS_REDIS})
    story = play(services=(REDIS,), after="echo tidy")
    assert isinstance(story.error, ToolError) and story.error.message == "The run's Redis did not start."
    assert story.error.detail.startswith("out of order")
    assert "tidy" not in story.log, "BEFORE was not begun"


@pytest.mark.parametrize("times", [1, services.PORTS_TRIED])
def test_a_port_that_somebody_took_meanwhile_is_given_up_for_another(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch, bare: None, times: int
) -> None:
    repository.commit({"test_it.py": ASKS_REDIS})
    free = services._free_port
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = iter([somebody.getsockname()[1]] * times)
        monkeypatch.setattr(services, "_free_port", lambda: next(taken, None) or free())
        monkeypatch.setattr(services.Services, "_port", lambda self, kind: services._free_port())
        story = play(services=(REDIS,))
    if times == 1:
        assert list(story.outcomes.values()) == ["passed"], story.log
    else:
        assert isinstance(story.error, ToolError) and "ddress already in use" in story.error.detail


def test_a_cancelled_run_leaves_no_server(
    repository: Repository, spec_of: Callable[..., RunSpec], places: Places, tier: str
) -> None:
    repository.commit({"test_it.py": ASKS_REDIS})
    events = run(spec_of(services=(REDIS,), before="echo up; sleep 600"), places)
    for event in events:
        if "up\n" in getattr(event, "text", ""):
            break
    assert _running_in(places)
    events.close()  # type: ignore[attr-defined]
    assert not _running_in(places)


def _running_in(places: Places) -> list[Path]:
    """Servers whose configuration is a run's: in a jail its folder has another name."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (entry / "cmdline").read_bytes()
            if b"127.0.0.1:" in arguments and b"server" in arguments:
                mounts = (entry / "mountinfo").read_bytes()
                environment = (entry / "cwd").readlink()
                if bytes(places.root) in mounts or environment.is_relative_to(places.root):
                    found.append(entry)
        except OSError:
            continue
    return found
