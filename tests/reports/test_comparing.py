"""Comparisons are made when the later of their runs ends, whichever that is, and made good later."""

import pytest

from reports import actions as actions_of_reports
from reports import explanations, queries
from reports.models import Comparison
from reports.queries import missing_pairs
from reports.tasks import repair
from tests import factories
from tests.factories import NOON
from tracks import actions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _announce_at_once(monkeypatch):
    """The end of a run is announced on commit, which a test's transaction never reaches."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)


@pytest.fixture
def sprint():
    return factories.create_sprint()


@pytest.fixture
def track(sprint):
    return factories.create_track(sprint=sprint)


def pairs():
    return set(Comparison.objects.values_list("base", "head"))


def test_a_run_that_ends_after_its_baseline_is_compared_with_it(sprint, track):
    base = factories.create_baseline(sprint=sprint, passed=2)
    head = factories.create_run(track=track, passed=1, failed=1)
    assert pairs() == {(base.pk, head.pk)}
    assert Comparison.objects.get().figures["newly_failing"] == 1


def test_a_baseline_that_ends_last_is_compared_with_every_run_that_waited(sprint, track):
    base = factories.start_baseline(sprint=sprint)
    initial, retest = (factories.create_run(track=track, passed=2) for _ in range(2))
    assert pairs() == {(initial.pk, retest.pk)}
    factories.play(base, passed=2)
    assert pairs() == {(initial.pk, retest.pk), (base.pk, initial.pk), (base.pk, retest.pk)}


def test_iterations_that_end_in_the_wrong_order_are_compared_in_the_right_one(track):
    initial, retest = (factories.start_run(track=track) for _ in range(2))
    factories.play(retest, passed=2)
    factories.play(initial, passed=1, failed=1)
    assert pairs() == {(initial.pk, retest.pk)}


def test_a_baseline_that_is_tested_again_makes_new_comparisons_and_keeps_the_old(sprint, track):
    first = factories.create_baseline(sprint=sprint, passed=2)
    head = factories.create_run(track=track, passed=2)
    second = factories.create_baseline(sprint=sprint, passed=3)
    assert pairs() == {(first.pk, head.pk), (second.pk, head.pk)}


def test_a_cancelled_run_is_compared_with_a_caveat_and_is_worse(sprint, track):
    factories.create_baseline(sprint=sprint, passed=2)
    run = factories.start_run(track=track)
    actions.cancel(run, by=run.requested_by, now=NOON)
    found = Comparison.objects.get()
    assert found.worse
    assert found.caveats


def test_a_comparison_that_its_worker_died_over_is_made_by_the_next_repair(sprint, track, monkeypatch):
    with monkeypatch.context() as death:
        death.setattr("reports.actions.compare_due", lambda sprint=None: None)
        base = factories.create_baseline(sprint=sprint, passed=2)
        head = factories.create_run(track=track, passed=2)
    assert pairs() == set()
    assert [(one.pk, other.pk) for one, other in missing_pairs()] == [(base.pk, head.pk)]
    monkeypatch.setattr("reports.tasks.close_old_connections", lambda: None)  # it is the test's own
    repair()
    assert pairs() == {(base.pk, head.pk)}
    assert missing_pairs() == []


def test_a_comparison_that_cannot_be_made_keeps_no_other_from_being_made(sprint, track, monkeypatch):
    with monkeypatch.context() as death:
        death.setattr("reports.actions.compare_due", lambda sprint=None: None)
        base = factories.create_baseline(sprint=sprint, passed=2)
        bad, good = (factories.create_run(track=track, passed=2) for _ in range(2))
    facts = queries.run_facts

    def broken(run):
        if run.pk == bad.pk:
            raise ValueError("a bug")
        return facts(run)

    monkeypatch.setattr(queries, "run_facts", broken)
    actions_of_reports.compare_due()
    assert pairs() == {(base.pk, good.pk)}


def test_files_that_nobody_can_make_sense_of_cost_the_reasons_only(sprint, track, monkeypatch):
    def explain(*given):
        if not isinstance(given[-1], str):
            raise AttributeError("no such thing")
        return explanations.explain(*given)

    monkeypatch.setattr("reports.actions.comparisons.explain", explain)
    monkeypatch.setattr("reports.repository.read_sources", lambda *_: object())
    factories.create_baseline(sprint=sprint, results={"a.py::one": "passed", "a.py::two": "passed"})
    factories.create_run(track=track, results={"a.py::one": "passed"})
    found = Comparison.objects.get()
    assert found.unread == queries.UNREADABLE
    assert list(found.vanished.values()) == [f"not known: {queries.UNREADABLE}"]


def test_a_step_of_the_repair_that_fails_keeps_no_other_from_being_taken(monkeypatch):
    taken = []
    monkeypatch.setattr("reports.tasks.close_old_connections", lambda: None)  # it is the test's own
    monkeypatch.setattr("reports.actions.compare_due", lambda: taken.append("compare") or 1 / 0)
    monkeypatch.setattr("reports.actions.diagnose_due", lambda **_: taken.append("diagnose") or 1 / 0)
    monkeypatch.setattr("reports.actions.advance_due", lambda **_: taken.append("advance"))
    repair()
    assert taken == ["compare", "diagnose", "advance"]


def test_runs_of_other_sprints_are_left_alone(sprint, track):
    factories.create_baseline(sprint=sprint, passed=2)
    factories.create_run(passed=2)
    assert pairs() == set()
