"""Tests on other code than their own, with a real repository and real pytest: both directions."""

import sys

import pytest

from reports import actions
from reports.models import RedFirst
from reports.statuses import Progress, RedFirstKind
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.working import work_until_idle
from tracks.actions import start_baseline, start_track_run
from tracks.execution.spec import RunSpec
from tracks.models import Run, TestCase
from tracks.statuses import RunState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

APP = "def add(one, other): return one + other\ndef double(one): return one + one\n"
OLD = """
import app
def test_adds(): assert app.add(1, 2) == 3
def test_doubles(): assert app.double(2) == 4
def test_trivial(): pass
"""
EDITED = OLD.replace("app.add(1, 2) == 3", "app.add(1, 2)").replace(
    "def test_doubles(): assert app.double(2) == 4\n", ""
)
NEW = """
import app
def test_halves(): assert app.half(4) == 2
def test_is_green_anyway(): assert True
"""
BROKEN = "def add(one, other): return one\ndef double(one): return one\ndef half(one): return one // 2\n"


@pytest.fixture
def head(tmp_path, worker) -> Run:
    """A branch that breaks what two tests check, weakens one of them, removes the other and adds two."""
    repository = create_repository(tmp_path / "ledger", {"tests/test_old.py": OLD, "app.py": APP})
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "branch-a")
    commit(repository, {"app.py": BROKEN, "tests/test_old.py": EDITED})
    sha = commit(repository, {"tests/test_new.py": NEW})
    project = factories.create_project(
        repository=str(repository),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": "."},
        python=sys.executable,
    )
    project.trusted = project.proves_tests = True
    project.save()
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    start_baseline(track.sprint, sha=base, by=project.created_by, now=NOON)
    work_until_idle()
    run = start_track_run(track, sha=sha, by=project.created_by, now=NOON)
    work_until_idle()
    run.refresh_from_db()
    return run


def proofs(found: RedFirst) -> dict[str, list[str]]:
    names = dict(TestCase.objects.values_list("number", "node_id"))
    return {
        proof: [names[test].rpartition("::test_")[2] for test in tests]
        for proof, tests in found.verdicts.items()
    }


def test_a_project_can_want_its_tests_proved_without_being_asked(head):
    assert head.state == RunState.FINISHED
    assert (head.passed, head.failed, head.errors) == (4, 0, 0), "the branch looks good"
    new, old = (RedFirst.objects.get(head=head, kind=kind) for kind in RedFirstKind)
    assert {new.state, old.state} == {Progress.DONE}
    assert proofs(new) == {
        "green without the branch's code: it proves nothing": ["is_green_anyway"],
        "red without the branch's code, as it should be": ["halves"],
    }
    assert proofs(old) == {
        "passes only because its test was changed": ["adds"],
        "fails as the baseline has it, and the branch has removed it": ["doubles"],
        "passes as the baseline has it": ["trivial"],
    }
    for found in (new, old):
        assert not RunSpec.from_json(found.run.spec).protected, "it runs code of the branch"


def test_it_waits_for_a_worker_that_has_the_repository(head, settings, tmp_path):
    RedFirst.objects.all().delete()
    here, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "elsewhere"
    found = actions.start_red_first(RedFirstKind.NEW_TESTS, head, by=head.requested_by, now=NOON)
    assert (found.state, found.run) == (Progress.GOING, None)
    settings.DATA_DIR = here
    actions.advance_red_first_due(now=NOON)
    work_until_idle()
    found.refresh_from_db()
    assert found.state == Progress.DONE
    assert len(found.verdicts) == 2
