"""``omc-qa try`` as a person types it: real servers, worker, git and pytest."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from omc_qa.local.home import Home
from tests.omc_qa.cli.installations import omc_qa, processes_that_say, ps, start
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

LEDGER = {
    "test_ledger.py": (
        "import pytest\n"
        "def test_adds(): assert 1 + 1 == 2\n"
        "def test_rounds(): assert round(2.5) == 3\n"
        "@pytest.mark.skip(reason='no exchange here')\n"
        "def test_trades(): pass\n"
    )
}
FIXED = {"test_ledger.py": LEDGER["test_ledger.py"].replace("round(2.5) == 3", "round(2.5) == 2")}
WORSE = {"test_ledger.py": LEDGER["test_ledger.py"].replace("1 + 1 == 2", "1 + 1 == 3")}


def attempt(home: Path, repository: Path, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """The exit code, what was printed, and the JSON; pytest is that of this environment."""
    found = home.parent / "found.json"
    done = omc_qa(
        home,
        *("try", str(repository), "--once", "--json", str(found), "--python", sys.executable),
        *("--env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", *arguments),
    )
    return done.returncode, done.stdout + done.stderr, json.loads(found.read_text()) if found.exists() else {}


def test_a_sprint_on_a_local_repository_says_what_each_branch_changes(home, tmp_path):
    repository = create_repository(tmp_path / "ledger", LEDGER)
    commit(repository, FIXED, branch="fix'rounding")
    git(repository, "checkout", "-q", "main")
    git(repository, "update-ref", "refs/heads/--worse", commit(repository, WORSE, branch="worse"))
    code, printed, found = attempt(home, repository, "--track", "A=fix'rounding", "--track", "B=--worse")
    assert code == 1, printed
    assert "Worse than the baseline: track B." in printed
    baseline = found["baseline"]
    assert (baseline["state"], baseline["balanced"], baseline["collected"]) == ("finished", True, 3)
    assert (baseline["passed"], baseline["failed"], baseline["skipped"]) == (1, 1, 1)
    fix, worse = (track["iterations"][0] for track in found["tracks"])
    assert fix["delta"]["fixed"] == ["test_ledger.py::test_rounds"]
    assert fix["delta"]["matrix"] == {
        "passed": {"passed": 1},
        "failed": {"passed": 1},
        "skipped": {"skipped": 1},
    }
    assert fix["delta_previous"] is None
    assert worse["delta"]["newly_failing"] == ["test_ledger.py::test_adds"]
    assert worse["delta"]["still_broken_same"] == ["test_ledger.py::test_rounds"]
    assert [len(cluster["tests"]) for cluster in worse["clusters"]] == [1, 1]


def test_the_same_key_again_is_the_tracks_next_iteration_and_a_sha_will_do(home, tmp_path):
    repository = create_repository(tmp_path / "ledger", LEDGER)
    first = commit(repository, WORSE, branch="fix")
    second = commit(repository, FIXED)
    code, printed, found = attempt(home, repository, "--track", f"A={first[:10]}", "--track", f"A={second}")
    assert code == 0, printed
    initial, retest = found["tracks"][0]["iterations"]
    assert (initial["sha"], retest["sha"]) == (first, second)
    assert sorted(retest["delta_previous"]["fixed"]) == [
        "test_ledger.py::test_adds",
        "test_ledger.py::test_rounds",
    ]
    assert retest["delta"]["fixed"] == ["test_ledger.py::test_rounds"]


BEFORE_ANYTHING_RUNS = [
    ("there is no such folder", "nowhere", [], "There is no folder"),
    ("the folder is no repository", "plain", [], "is not a git repository"),
    ("the repository is empty", "empty", [], "has no branch"),
    ("there is no such branch", "ledger", ["--track", "A=fxi"], "no branch named 'fxi'"),
    ("there is no such baseline", "ledger", ["--baseline", "mian"], "no branch named 'mian'"),
    ("a track's key is none", "ledger", ["--track", "a-b"], "is not KEY=BRANCH"),
]


@pytest.mark.parametrize(("folder", "arguments", "message"), [case[1:] for case in BEFORE_ANYTHING_RUNS])
def test_what_cannot_be_run_is_refused_with_the_reason(home, tmp_path, folder, arguments, message):
    (tmp_path / "plain").mkdir()
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q", "-b", "main")
    create_repository(tmp_path / "ledger", LEDGER)
    if "--track" not in arguments:
        arguments = [*arguments, "--track", "A=main"]
    code, printed, _ = attempt(home, tmp_path / folder, *arguments)
    assert code == 2
    assert message in printed
    assert "Traceback" not in printed


def test_a_baseline_that_cannot_start_exits_2_with_the_cause(home, tmp_path):
    repository = create_repository(tmp_path / "ledger", LEDGER | {"conftest.py": "import nothing_like_it\n"})
    code, printed, found = attempt(home, repository, "--track", "A=main")
    assert code == 2
    assert "The baseline could not be established" in printed
    assert "nothing_like_it" in printed
    assert found["baseline"]["state"] == "broken"


QUICK = "def test_first(): pass\n"
HANGS = "def test_second():\n    import time\n    time.sleep(600)\n"
HASTY = {"OMC_QA_LEASE_SECONDS": "2", "OMC_QA_REAPER_SECONDS": "0.5", "OMC_QA_HEARTBEAT_SECONDS": "0.5"}


def test_a_run_whose_worker_is_killed_three_times_is_lost_not_failed(home, tmp_path):
    """The job of the killed worker dies with it, and the run is started again twice."""
    repository = create_repository(tmp_path / "ledger", {"test_it.py": QUICK})
    commit(repository, {"test_it.py": QUICK + HANGS}, branch="hangs")
    marked = "python -m pytest -o console_output_style=classic #long-run-marker"
    cli = start(
        home,
        *("try", str(repository), "--once", "--jobs", "1"),
        *("--baseline", "hangs", "--track", "A=main", "--test", marked),
        *("--python", sys.executable, "--env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"),
        **HASTY,
    )
    try:
        for number in (1, 2, 3):
            os.kill(wait_for(lambda number=number: worker_of(home, attempt=number)), signal.SIGKILL)
        printed, _ = cli.communicate(timeout=60)
    finally:
        cli.kill()
    assert cli.returncode == 2, printed
    assert "went away 3 times" in printed
    assert "Traceback" not in printed
    wait_for(lambda: not processes_that_say("long-run-marker", but="omc_qa.cli"), seconds=10)


def first_shard(home: Path) -> dict[str, Any]:
    """The row of the first run's shard, or nothing while there is none."""
    try:
        with psycopg.connect(Home(home).database_url("omc_qa"), row_factory=dict_row) as connection:
            return connection.execute("SELECT * FROM tracks_shard ORDER BY run_id LIMIT 1").fetchone() or {}
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return {}


def worker_of(home: Path, *, attempt: int) -> int:
    """The process that tests the first run at that attempt, once a test of it has passed; else 0."""
    shard = first_shard(home)
    busy = shard and shard["state"] == "running" and shard["attempt"] == attempt and shard["passed"] == 1
    return ancestor_that_says("celery", of="long-run-marker") if busy else 0


def ancestor_that_says(word: str, *, of: str) -> int:
    """The nearest process above those that say ``of`` whose command line holds ``word``; else 0."""
    processes = ps()
    for pid in [pid for pid, (_, args) in processes.items() if of in args and "omc_qa.cli" not in args]:
        while pid in processes:
            if word in processes[pid][1]:
                return pid
            pid = processes[pid][0]
    return 0
