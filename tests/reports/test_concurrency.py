"""Two workers that come to one conclusion at once, each on a database connection of its own."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from reports import actions
from reports.models import Comparison, Diagnosis, GatePolicy, RedFirst, Verification, Waiver
from reports.policies import DEFAULT
from reports.repository import ChangedTests
from reports.statuses import DiagnosisKind, GateKind, RedFirstKind
from tests import factories
from tests.factories import NOON
from tests.reports.recorded import create_finding
from tests.tracks.test_concurrency import at_once
from tracks.errors import InvalidInput
from tracks.models import Project, Run
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


def test_of_those_that_waive_a_gate_or_change_what_is_asked_one_does_and_the_others_are_told(runs):
    track, lena = runs[1].track, runs[1].project.created_by
    Project.objects.update(separates_duties=False)  # git was asked nothing here: nobody knows who wrote it
    until = NOON + timedelta(days=7)
    waive = partial(
        actions.waive, track, GateKind.NEWLY_BROKEN, sha=runs[1].sha, reason="It is flaky.", expires_at=until
    )
    change = partial(actions.change_track_policy, track, DEFAULT, version=0)
    refused: list[str] = []

    def told(work: Callable[[], object]) -> None:
        try:
            work()
        except InvalidInput as refusal:
            refused.append(refusal.message)

    both = [partial(waive, by=lena, now=NOON), partial(change, by=lena)]
    at_once(*[partial(told, work) for work in both * 3])
    assert (Waiver.objects.count(), GatePolicy.objects.get().version) == (1, 1)
    assert sorted(refused) == [
        *["Lena has waived it already."] * 2,
        *["Somebody else has changed these gates since you opened them."] * 2,
    ]
