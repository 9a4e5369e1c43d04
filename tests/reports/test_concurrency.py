"""Two workers that come to one conclusion at once, each on a database connection of its own."""

from functools import partial

import pytest

from reports import actions
from reports.models import Comparison, Diagnosis, RedFirst, Verification
from reports.repository import ChangedTests
from reports.statuses import DiagnosisKind, RedFirstKind
from tests import factories
from tests.factories import NOON
from tests.reports.recorded import create_finding
from tests.tracks.test_concurrency import at_once
from tracks.models import Run
from tracks.statuses import RunKind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def runs(monkeypatch) -> tuple[Run, Run]:
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    sprint = factories.create_sprint()
    base = factories.create_baseline(sprint=sprint, passed=3)
    return base, factories.create_run(track=factories.create_track(sprint=sprint), passed=2, failed=1)


def begin(runs: tuple[Run, Run]) -> Diagnosis:
    comparison = actions.kept_comparison(*runs)
    return actions.start_diagnosis(DiagnosisKind.STABILITY, comparison, by=None, now=NOON)


def test_of_two_that_advance_it_one_takes_the_step(runs, monkeypatch):
    diagnosis = begin(runs)
    with monkeypatch.context() as nobody:
        nobody.setattr("reports.actions.advance", lambda *_, **__: None)
        for step in diagnosis.steps.select_related("run"):
            factories.play(step.run, results={"tests/test_it.py::test_3": "failed"})
    at_once(*[partial(actions.advance, diagnosis.pk, now=NOON)] * 4)
    assert diagnosis.steps.count() == 4, "the second round's two, once"


def test_of_two_that_ask_for_it_one_begins_it(runs):
    actions.kept_comparison(*runs)
    at_once(*[partial(begin, runs)] * 4)
    assert Diagnosis.objects.count() == 1
    assert Diagnosis.objects.get().steps.count() == 2


def test_two_pages_that_compare_the_same_runs_keep_one_comparison(runs):

    Comparison.objects.all().delete()
    at_once(*[partial(actions.kept_comparison, *runs)] * 4)
    assert Comparison.objects.count() == 1


def test_of_two_that_verify_a_finding_one_starts_its_repetitions(runs, monkeypatch):
    initial = runs[1]
    finding = create_finding(
        track=initial.track, found_in=initial, tests=["tests/test_it.py::test_3"], flaky=True
    )
    with monkeypatch.context() as nobody:
        nobody.setattr("reports.actions.verify_due", lambda *_, **__: None)
        factories.create_run(track=initial.track, passed=3)
    at_once(*[partial(actions.verify_due, now=NOON)] * 4)
    verification = Verification.objects.get(finding=finding)
    assert verification.repeats.count() == 4, "five runs, the retest among them"


def test_of_two_that_ask_what_the_tests_prove_one_begins_it(runs, monkeypatch):
    monkeypatch.setattr(
        "reports.actions.red_first.read_changed_tests", lambda *_: ChangedTests((), frozenset())
    )
    monkeypatch.setattr("reports.proving.tests_of", lambda *_: [1])
    ask = partial(actions.start_red_first, RedFirstKind.NEW_TESTS, runs[1], by=None, now=NOON)
    at_once(*[ask] * 4)
    assert RedFirst.objects.get().run
    assert Run.objects.filter(kind=RunKind.SELECTION).count() == 1
