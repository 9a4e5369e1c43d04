"""What a report tells of runs and of what they changed, held against what was planted."""

import json

import pytest

from reports import actions
from reports.actions import kept_comparison
from reports.models import AcceptedLoss, Changeset, Comparison, Diagnosis
from reports.statuses import DiagnosisKind, DiagnosisState, LossKind
from reports.summary.facts import LISTED, ErrorTold, SummaryFacts, TestTold
from reports.summary_queries import facts_of
from reports.summary_queries.runs import STEPS
from reports.transitions import DeltaClass
from tests import factories
from tests.factories import NOON
from tracks.models import FailureSignature, Run, Sprint, TestCase, Track
from tracks.statuses import CriterionKind, Outcome, RunState

pytestmark = pytest.mark.django_db

BASE = {"t.py::a": "passed", "t.py::b": "failed", "t.py::c": "passed", "t.py::d": "passed"}
FIRST = {"t.py::a": "failed", "t.py::b": "passed", "t.py::c": "skipped"}
SECOND = FIRST | {"t.py::a": "passed"}


@pytest.fixture
def sprint() -> Sprint:
    """Track A, tested twice."""
    sprint = factories.create_sprint(min_passed=3)
    factories.create_baseline(sprint=sprint, results=BASE)
    track = factories.create_track(sprint=sprint)
    for results in (FIRST, SECOND):
        factories.create_run(track=track, results=results)
    actions.compare_due(sprint)
    return Sprint.objects.get(pk=sprint.pk)


def told(sprint: Sprint) -> SummaryFacts:
    return facts_of(Sprint.objects.get(pk=sprint.pk), now=NOON)


def number_of(node_id: str) -> int:
    return TestCase.objects.get(node_id=node_id).number


def test_the_baseline_and_every_iteration_are_told_with_their_figures(sprint):
    facts = told(sprint)
    assert facts.baseline and facts.baseline.counts[Outcome.PASSED] == 3 and facts.baseline.errors == 1
    (track,) = facts.tracks
    assert [each.number for each in track.iterations] == [0, 1]
    assert [each.run.counts[Outcome.FAILED] for each in track.iterations] == [1, 0]
    assert track.latest and track.latest.number == 1 and track.latest.run.is_measured


def test_a_run_says_how_it_was_made_and_how_to_make_it_again(sprint):
    run = told(sprint).tracks[0].iterations[0].run
    assert run.command == "python -m pytest"
    assert f"git switch --detach {run.sha}" in run.reproduce and run.reproduce.endswith("python -m pytest")
    assert dict(run.environment) == {
        "Python": "3.12.1",
        "pytest": "9.2.0",
        "Sandbox": "bubblewrap",
        "Lock file": "0" * 16,
    }


def test_shell_lines_that_are_too_long_are_not_cut_but_left_out(sprint):
    run = Run.objects.get(iteration=0)
    run.spec = json.dumps(json.loads(run.spec) | {"setup": "echo '" + "x" * STEPS + "'"})
    run.save()
    assert told(sprint).tracks[0].iterations[0].run.reproduce == ""


def test_a_comparison_names_the_tests_that_changed_and_what_they_said(sprint):
    initial = told(sprint).tracks[0].iterations[0].base
    assert initial and initial.figures[DeltaClass.FIXED] == initial.figures[DeltaClass.MUTED] == 1
    (broken,) = initial.tests[DeltaClass.NEWLY_FAILING]
    assert (broken.node_id, broken.message) == ("t.py::a", "ValueError: no price for BTC")
    error = FailureSignature.objects.get(failures__run__iteration=0)
    assert broken.error == ErrorTold(error.digest, error.title)
    assert [each.node_id for each in initial.tests[DeltaClass.FIXED]] == ["t.py::b"]
    assert sum(initial.figures.values()) == len(BASE)


def test_a_retest_is_compared_with_the_iteration_before_it(sprint):
    initial, retest = told(sprint).tracks[0].iterations
    assert initial.previous is None
    assert retest.previous and retest.previous.base == initial.run.run
    assert [each.node_id for each in retest.previous.tests[DeltaClass.FIXED]] == ["t.py::a"]


def test_a_lost_test_says_why_it_is_gone_and_why_that_is_wanted(sprint):
    track, gone = Track.objects.get(), number_of("t.py::d")
    AcceptedLoss.objects.create(
        track=track, test=gone, kind=LossKind.VANISHED, reason="It tested nothing.", at=NOON
    )
    stored = Comparison.objects.get(base=sprint.baseline, head__iteration=1)
    Comparison.objects.filter(pk=stored.pk).update(vanished={str(gone): "deleted from its file"})
    compared = told(sprint).tracks[0].iterations[1].base
    assert compared and compared.tests[DeltaClass.VANISHED] == (
        TestTold(gone, "t.py::d", note="deleted from its file", accepted="It tested nothing."),
    )


def test_a_renamed_test_says_what_it_is_called_now(sprint):
    gone, now = number_of("t.py::d"), number_of("t.py::a")
    Comparison.objects.filter(head__iteration=1).update(
        vanished={str(gone): "renamed or moved"},
        moves={str(gone): {"now": now, "base": "passed", "head": "passed"}},
    )
    compared = told(sprint).tracks[0].iterations[1].base
    assert compared and compared.tests[DeltaClass.VANISHED][0].note == "renamed or moved: t.py::a"


def test_only_the_first_tests_of_a_class_are_named_and_all_are_counted():
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, passed=LISTED + 5)
    factories.create_run(track=factories.create_track(sprint=sprint), failed=LISTED + 5)
    actions.compare_due(sprint)
    compared = told(sprint).tracks[0].iterations[0].base
    assert compared and compared.figures[DeltaClass.NEWLY_FAILING] == LISTED + 5
    assert len(compared.tests[DeltaClass.NEWLY_FAILING]) == LISTED


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.FAULTED, RunState.LOST])
def test_a_run_that_says_nothing_of_the_branch_replaces_no_result(sprint, state):
    Run.objects.filter(iteration=1).update(state=state)
    (track,) = told(sprint).tracks
    assert track.latest and track.latest.number == 0 and track.latest.base
    assert track.fault and track.fault.number == 1
    Run.objects.filter(iteration=0).update(state=state)
    (track,) = told(sprint).tracks
    assert track.latest is None and track.fault and track.clusters == ()


def test_a_retest_goes_on_from_the_last_one_that_said_something(sprint):
    track = Track.objects.get()
    first, lost = Run.objects.filter(track=track).order_by("iteration")
    Run.objects.filter(pk=lost.pk).update(state=RunState.LOST)
    third = factories.create_run(track=track, results=SECOND)
    kept_comparison(first, third)
    pairs = [(first, lost), (lost, third), (first, third)]
    changed = {
        (base, head): Changeset.objects.create(
            project=first.project, base=base.sha, head=head.sha, read_at=NOON
        ).pk
        for base, head in pairs
    }
    retest = told(sprint).tracks[0].iterations[2]
    assert retest.previous and retest.previous.base == first.pk and retest.since == 0
    assert retest.attempt and retest.attempt.changeset == changed[first, third]


def test_a_test_that_was_run_again_says_what_that_has_shown(sprint):
    Run.objects.filter(iteration=1).update(state=RunState.LOST)
    test, head = number_of("t.py::a"), Run.objects.get(iteration=0)
    common = {"base": sprint.baseline, "head": head, "tests": [test], "started_at": NOON}
    for kind, verdict in (
        (DiagnosisKind.CULPRIT, {"kind": "commit", "sentence": "It breaks since abc1234."}),
        (DiagnosisKind.STABILITY, {"kind": "real", "sentence": "Fails 3 of 3."}),
    ):
        verdicts = [{"test": test, **verdict}]
        Diagnosis.objects.create(kind=kind, state=DiagnosisState.DONE, verdicts=verdicts, **common)
    compared = told(sprint).tracks[0].iterations[0].base
    assert compared and compared.tests[DeltaClass.NEWLY_FAILING][0].diagnosed == (
        "Real: Fails 3 of 3.",
        "It breaks since abc1234.",
    )


def test_a_run_of_checks_alone_has_no_command_and_is_not_measured():
    track = factories.create_track()
    factories.create_criterion(track=track, kind=CriterionKind.CHECK)
    Track.objects.filter(pk=track.pk).update(checks_only=True)
    run = factories.start_run(track=Track.objects.get(pk=track.pk))
    (iteration,) = told(track.sprint).tracks[0].iterations
    assert iteration.run.run == run.pk and iteration.run.command == "" and not iteration.run.is_measured
    assert iteration.run.reproduce.endswith(f"git switch --detach {run.sha}")


def test_a_sprint_without_runs_has_its_names_and_targets():
    sprint = factories.create_sprint(min_passed=7)
    factories.create_track(sprint=sprint)
    facts = told(sprint)
    assert (facts.baseline, facts.tracks[0].iterations, facts.targets.min_passed) == (None, (), 7)
    assert facts.leads == ("Lena",) and facts.testers == () and facts.updated_at is None
