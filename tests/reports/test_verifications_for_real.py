"""Verdicts on fixes with a real repository: mended code proves the fix, an edited test does not."""

import sys

import pytest

from reports import actions
from reports.models import Verification
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository
from tests.reports.recorded import create_finding
from tests.working import work_until_idle
from tracks.actions import start_track_run

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

APP = "def add(one, other): return one - other\ndef double(one): return one\n"
TESTS = """
import app
def test_adds(): assert app.add(1, 2) == 3
def test_doubles(): assert app.double(2) == 4
"""


def test_mended_code_is_told_from_an_edited_test(tmp_path, worker):
    repository = create_repository(tmp_path / "ledger", {"test_app.py": TESTS, "app.py": APP})
    broken = commit(repository, {"README": "one"})
    mended = commit(
        repository,
        {"app.py": APP.replace("-", "+"), "test_app.py": TESTS.replace("double(2) == 4", "double(2)")},
    )
    project = factories.create_project(
        repository=str(repository), env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, python=sys.executable
    )
    project.trusted, project.repetitions = True, 2
    project.save()
    track = factories.create_track(sprint=factories.create_sprint(project=project), branch="main")
    initial = start_track_run(track, sha=broken, by=project.created_by, now=NOON)
    work_until_idle()
    for name in ("adds", "doubles"):
        create_finding(track=track, found_in=initial, tests=[f"test_app.py::test_{name}"])
    start_track_run(track, sha=mended, by=project.created_by, now=NOON)
    work_until_idle()
    adds, doubles = Verification.objects.order_by("finding")
    assert (adds.kind, adds.sentence) == ("verified fixed", "The affected test ran and passed 2 times.")
    assert adds.repeats.get().passed == 1
    assert (doubles.kind, doubles.tests[0]["edited"]) == ("cannot verify", "its own code")
    assert not doubles.repeats.exists()
    actions.verify_due(now=NOON)
    assert Verification.objects.count() == 2
