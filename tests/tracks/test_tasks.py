"""What a worker does with a run, in this process: real git, real pytest, a real database."""

import os
import sys

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests import factories
from tests.omc_qa.cli.repositories import create_repository, git
from tracks import actions, tasks
from tracks.execution import sandbox
from tracks.models import LogChunk, Run
from tracks.statuses import RunState, Tier

SECRET = "sk-do-not-tell-0123456789"
CREATES = (
    'import os, psycopg; here = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True); '
    'here.execute("CREATE TABLE once (id int)")'
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)


def queued(tmp_path, text: str, *, trusted: bool = True, **testing: object) -> Run:
    """A run of a repository with one test file, queued."""
    repository = create_repository(tmp_path / "ledger", {"test_it.py": text})
    project = factories.create_project(
        repository=str(repository),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        **({"python": sys.executable} | testing),
    )
    project.trusted = trusted
    project.save()
    sprint = factories.create_sprint(project=project)
    sha = git(repository, "rev-parse", "HEAD")
    return actions.start_baseline(sprint, sha=sha, by=project.created_by, now=factories.NOON)


def executed(run: Run) -> Run:
    tasks.work()
    return Run.objects.get(pk=run.pk)


def log_of(run: Run) -> str:
    return "".join(LogChunk.objects.filter(run=run).values_list("text", flat=True))


def test_a_run_is_executed_from_the_queue_to_its_end(tmp_path):
    run = executed(queued(tmp_path, "def test_adds(): assert 1 + 1 == 2\n"))
    assert (run.state, run.passed, run.stage) == (RunState.FINISHED, 1, "test")
    assert set(run.environment) == {
        *("python", "pytest", "lock", "tier", "root"),
        *("setup", "before", "test", "after"),
    }
    assert "1 passed" in log_of(run)


def test_output_that_the_database_cannot_hold_is_cleaned_and_loses_no_result(tmp_path):
    text = 'def test_noise():\n    print("a\\0b", "\\udcff", "\\x1b[31m")\n    assert "a\\0b" == "c\\udcff"\n'
    run = executed(queued(tmp_path, text, test="python -m pytest -s"))
    assert (run.state, run.failed) == (RunState.FINISHED, 1)
    assert "a\N{REPLACEMENT CHARACTER}b" in log_of(run)


def test_a_branch_that_cannot_start_ends_broken_with_the_cause(tmp_path):
    run = executed(queued(tmp_path, "def test_adds(): pass\n", before="echo no room >&2; exit 3"))
    assert run.state == RunState.BROKEN
    assert "exit code 3" in run.reason
    assert "no room" in run.detail


def test_a_fault_of_ours_ends_the_run_as_ours_and_shows_no_stack(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("tracks.repositories.history_of", fail)
    run = executed(queued(tmp_path, "def test_adds(): pass\n"))
    assert (run.state, run.reason) == (RunState.FAULTED, "OMC QA itself went wrong: ValueError.")


def test_without_a_database_the_run_is_left_to_the_reaper(tmp_path, monkeypatch):
    def gone(*_: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("tracks.repositories.history_of", gone)
    run = queued(tmp_path, "def test_adds(): pass\n")
    with pytest.raises(OperationalError):
        tasks.work()
    run.refresh_from_db()
    assert run.state == RunState.PREPARING


def test_a_run_that_somebody_else_has_is_left_alone(tmp_path):
    run = queued(tmp_path, "def test_adds(): pass\n")
    factories.claim(run, worker="another")
    executed(run)
    assert factories.shard_of(run).worker == "another"


@pytest.mark.parametrize("stage", ["setup", "before", "test", "after"])
def test_a_run_can_be_cancelled_in_any_stage(tmp_path, stage, settings):
    settings.HEARTBEAT_SECONDS = 0.1
    commands = {stage: "echo here; sleep 600"} | ({"python": ""} if stage == "setup" else {})
    run = queued(tmp_path, "def test_adds(): pass\n", **commands)
    original = actions.Recording.record

    def cancel_when_heard(self, event, *, now):
        original(self, event, now=now)
        if "here" in getattr(event, "text", ""):
            actions.cancel(run, by=run.requested_by, now=now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions.Recording, "record", cancel_when_heard)
        assert executed(run).state == RunState.CANCELLED


def test_the_books_of_a_run_under_xdist_balance_process_by_process(tmp_path):
    text = "import pytest\n@pytest.mark.parametrize('n', range(20))\ndef test_it(n): assert n != 7\n"
    run = executed(queued(tmp_path, text, test="python -m pytest -p xdist -n 2"))
    assert (run.state, run.passed, run.failed) == (RunState.FINISHED, 19, 1)
    brought = factories.shard_of(run).xdist
    assert set(brought) == {"gw0", "gw1"}
    assert sum(brought.values()) == 20


def test_a_secret_is_masked_wherever_the_run_tells_it(tmp_path):
    text = "import os\ndef test_tells(): print(os.environ['TOKEN']); assert os.environ['TOKEN'] == ''\n"
    run = queued(tmp_path, text, test="echo $TOKEN; python -m pytest -s")
    actions.set_secret(
        run.project, name="TOKEN", value=SECRET, every_branch=False, by=run.requested_by, now=factories.NOON
    )
    run = executed(run)
    assert (run.state, run.failed) == (RunState.FINISHED, 1)
    told = log_of(run) + "".join(f"{each.message}{each.text.text}" for each in run.failures.all())
    assert SECRET not in told
    assert told.count("[secret TOKEN]") >= 3


@pytest.mark.sandbox
@pytest.mark.skipif(bool(sandbox.probe()) and "CI" not in os.environ, reason="no sandbox works here")
def test_a_run_has_a_database_of_its_own_that_is_empty_every_time(tmp_path):
    service = {"kind": "postgres", "variables": {"DATABASE_URL": "{url}"}}
    before = f"{sys.executable} -c '{CREATES}'"
    run = queued(tmp_path, "def test_adds(): pass\n", services=[service], before=before)
    track = factories.create_track(sprint=run.sprint)
    again = actions.start_track_run(track, sha=run.sha, by=run.requested_by, now=factories.NOON)
    for each in (run, again):
        tasks.work()
        each.refresh_from_db()
        assert each.state == RunState.FINISHED, each.detail


def test_a_worker_without_a_sandbox_leaves_runs_to_those_who_have_one(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "probe", lambda: "bwrap is not installed")
    run = queued(tmp_path, "def test_adds(): pass\n")
    able = actions.Standing("vm", 1, [], Tier.BUBBLEWRAP, "", [], "0.1.0")
    actions.introduce("able@vm", able, now=timezone.now())
    assert executed(run).state == RunState.QUEUED
    actions.dismiss("able@vm", now=timezone.now())
    assert executed(run).state != RunState.QUEUED


def test_a_worker_alone_without_a_sandbox_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "probe", lambda: "bwrap is not installed")
    run = queued(tmp_path, "def test_adds(): pass\n", trusted=False)
    run = executed(run)
    assert run.state == RunState.FAULTED
    assert "Install bubblewrap" in run.remedy
