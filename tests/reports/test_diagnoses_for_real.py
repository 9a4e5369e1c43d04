"""Diagnoses with a real repository, real commits and real pytest: what each finds is what was built in."""

import sys

import pytest

from reports import actions
from reports.models import Diagnosis
from reports.statuses import DiagnosisKind, DiagnosisState
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.working import work_until_idle
from tracks.actions import start_baseline, start_track_run
from tracks.models import TestCase

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TESTS = """
import os, pathlib, app

def test_adds(): assert app.add(1, 1) == 2
def test_needs_a_clean_state(): assert app.seen == []
def test_by_chance():
    counter = pathlib.Path(os.environ["COUNTER"])
    calls = int(counter.read_text()) if counter.exists() else 0
    counter.write_text(str(calls + 1))
    assert calls not in (1, 2)   # the first passes in the baseline; the head fails once more by itself
"""
APP = "seen = []\ndef add(one, other): return one + other\n"


@pytest.fixture
def runs(tmp_path, worker):
    """A baseline, and a track of five commits of which the second and the fourth break something."""
    repository = create_repository(tmp_path / "ledger", {"test_it.py": TESTS, "app.py": APP})
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "branch-a")
    polluting = (
        "import app\ndef test_first(): pass\ndef test_pollutes(): app.seen.append(1)\ndef test_last(): pass\n"
    )
    for change in (
        {"README": "one"},
        {"app.py": APP.replace("one + other", "one - other")},
        {"README": "two"},
        {"test_before.py": polluting},
        {"README": "three"},
    ):
        head = commit(repository, change)
    project = factories.create_project(
        repository=str(repository),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COUNTER": str(tmp_path / "counter")},
        python=sys.executable,
    )
    project.trusted = True
    project.save()
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    baseline = start_baseline(track.sprint, sha=base, by=project.created_by, now=NOON)
    work_until_idle()
    run = start_track_run(track, sha=head, by=project.created_by, now=NOON)
    work_until_idle()
    for each in (baseline, run):
        each.refresh_from_db()
    assert (baseline.failed, run.failed) == (0, 3)
    return baseline, run


def diagnosed(kind: DiagnosisKind, runs) -> tuple[Diagnosis, dict[str, dict]]:
    diagnosis = actions.start_diagnosis(
        kind, actions.kept_comparison(*runs), by=runs[1].requested_by, now=NOON
    )
    work_until_idle()
    diagnosis.refresh_from_db()
    names = dict(TestCase.objects.values_list("number", "node_id"))
    return diagnosis, {
        names[verdict["test"]].rpartition("::test_")[2]: verdict for verdict in diagnosis.verdicts
    }


def test_each_newly_broken_test_is_told_real_flaky_or_dependent_on_the_order(runs):
    diagnosis, verdicts = diagnosed(DiagnosisKind.STABILITY, runs)
    assert diagnosis.state == DiagnosisState.DONE
    assert {name: verdict["kind"] for name, verdict in verdicts.items()} == {
        "adds": "real",
        "by_chance": "flaky",
        "needs_a_clean_state": "order_dependent",
    }
    assert verdicts["adds"]["sentence"] == "Fails 3 of 3 at the head, 0 of 3 at the base."
    polluter = TestCase.objects.get(node_id="test_before.py::test_pollutes")
    assert verdicts["needs_a_clean_state"]["after"] == [polluter.number]


def test_the_commit_that_broke_a_test_is_found_and_the_cost_is_told(runs):
    diagnosis, verdicts = diagnosed(DiagnosisKind.CULPRIT, runs)
    assert diagnosis.state == DiagnosisState.DONE
    commits = {each["sha"]: each["subject"] for each in runs[1].commits}
    assert [commits[sha] for sha in verdicts["adds"]["commits"]] == ["Change app.py"]
    assert verdicts["needs_a_clean_state"]["kind"] == "not_at_head", "by itself it does not break"
    assert diagnosis.cost["exhaustive"] == 6 * 3
    assert diagnosis.cost["checkouts"] == diagnosis.steps.count()
    assert diagnosis.cost["results"] < diagnosis.cost["exhaustive"]


def test_a_project_can_want_it_without_being_asked(runs):
    run = runs[1]
    project = run.project
    project.runs_again = project.finds_commits = True
    project.save()
    start_track_run(run.track, sha=run.sha, by=run.requested_by, now=NOON)
    work_until_idle()
    found = Diagnosis.objects.filter(head__iteration=1).values_list("kind", "state", "started_by")
    assert set(found) == {("stability", "done", None), ("culprit", "done", None)}
