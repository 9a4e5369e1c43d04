"""What the gates are given: read of all tracks at once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from reports import actions
from reports.gate_queries import comparison_of, facts_of, policies_of
from reports.gates import LossFact
from reports.models import Comparison, Mergeability
from reports.policies import DEFAULT, Policy
from reports.statuses import GateKind, MergeResult
from tests import factories
from tests.factories import NOON
from tracks import doorbell
from tracks.actions import change_criterion
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import Finding, Project, Run, Sprint, Track
from tracks.statuses import RunState, Standing, Weight

pytestmark = pytest.mark.django_db
BASE = {"a.py::one": "passed", "a.py::two": "passed", "a.py::three": "failed"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)


@pytest.fixture
def sprint() -> Sprint:
    sprint = factories.create_sprint(min_passed=2)
    factories.create_baseline(sprint=sprint, results=BASE)
    Project.objects.update(separates_duties=False)  # git was asked nothing here: nobody knows who wrote it
    return Sprint.objects.get(pk=sprint.pk)


@pytest.fixture
def track(sprint) -> Track:
    return factories.create_track(sprint=sprint)


def facts(track: Track, *, now=NOON):
    return facts_of(Sprint.objects.get(pk=track.sprint_id), now=now)[track.pk]


def accept(track: Track, *tests: int, reason: str = "It tested nothing.") -> None:
    seen, lena = comparison_of(track).pk, track.sprint.project.created_by
    actions.accept_losses(track, tests, comparison=seen, reason=reason, by=lena, now=NOON)


def fill(sprint: Sprint, keys: str) -> None:
    for key in keys:
        track = factories.create_track(sprint=sprint, key=key)
        factories.create_criterion(track=track)
        factories.create_finding(track=track, severity=Severity.HIGH)
        run = factories.create_run(track=track, results={"a.py::one": "failed"})
        Mergeability.objects.create(
            project=sprint.project, base=sprint.baseline.sha, head=run.sha, result="clean", read_at=NOON
        )
        until = NOON + timedelta(days=7)
        given = {"sha": run.sha, "reason": "Nobody needs it.", "by": sprint.project.created_by, "now": NOON}
        actions.waive(track, GateKind.FINDINGS, expires_at=until, **given)
        actions.change_track_policy(track, POLICY, version=0, by=sprint.project.created_by)
        factories.start_run(track=track)


POLICY = Policy(DEFAULT.gates, max_failed=3)


def test_the_number_of_queries_does_not_grow_with_tracks(sprint):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(facts_of(sprint, now=NOON)) == len(policies_of(sprint))
        assert "outcomes" not in " ".join(each["sql"] for each in captured.captured_queries)
        return len(captured)

    fill(sprint, "AB")
    few = cost()
    fill(sprint, "CDEF")
    assert cost() == few


def test_a_track_without_runs_is_known_as_such(track):
    found = facts(track)
    assert (found.run, found.changes, found.merge, found.criteria, found.active) == (
        None,
        None,
        None,
        (),
        None,
    )
    assert found.baseline is not None and found.baseline.total == 3


def test_the_latest_run_that_has_ended_counts_and_the_one_that_goes_on_is_known(track):
    run = factories.create_run(track=track, results=BASE)
    going = factories.start_run(track=track)
    found = facts(track)
    assert (found.run.run, found.run.sha, found.run.state) == (run.pk, run.sha, RunState.FINISHED)
    assert found.active == going.pk


def test_what_the_run_changed_is_read_of_its_comparison(track):
    factories.create_run(
        track=track, results={"a.py::one": "error", "a.py::two": "skipped", "b.py::x": "failed"}
    )
    changes = facts(track).changes
    assert (changes.newly_broken, changes.lost, changes.accepted) == (2, (2, 3), 0)
    accept(track, 3)
    changes = facts(track).changes
    assert (changes.lost, changes.accepted, changes.excused) == ((2,), 1, 1)


def test_what_is_accepted_of_the_lost_tests_is_known_by_name_and_by_a_digest_over_all(track):
    factories.create_run(track=track, results={"b.py::x": "passed"})
    assert facts(track).changes.acceptance == ""
    accept(track, 2)
    one = facts(track).changes
    assert one.first_accepted == (LossFact("a.py::two", "vanished", "It tested nothing.", "Lena"),)
    actions.withdraw_acceptance(track, [2], by=track.sprint.project.created_by)
    accept(track, 2, reason="It tested something else.")
    assert facts(track).changes.acceptance not in ("", one.acceptance)


def test_a_loss_that_is_accepted_as_muted_is_not_accepted_as_vanished(track):
    factories.create_run(track=track, results=BASE | {"a.py::two": "skipped"})
    accept(track, 2)
    assert facts(track).changes.lost == ()
    gone = {name: outcome for name, outcome in BASE.items() if name != "a.py::two"}
    factories.create_run(track=track, results=gone)
    assert facts(track).changes.lost == (2,)


def test_that_a_branch_left_elsewhere_is_no_difference_of_environments(track):
    run = factories.start_run(track=track)
    Run.objects.filter(pk=run.pk).update(merge_base="c" * 40)
    factories.play(run, results=BASE)
    stored = Comparison.objects.get(head=run)
    assert "left the base branch" in stored.conditions[0]
    assert facts(track).changes.differences == ()
    Comparison.objects.update(conditions=["Python differs.", *stored.conditions])
    assert facts(track).changes.differences == ("Python differs.",)


def test_a_criterion_that_is_asked_since_is_for_a_retest_to_show(track):
    factories.create_criterion(track=track, text="Old", weight=Weight.ADVISORY)
    factories.create_run(track=track, results=BASE)
    assert [(each.standing, each.is_blocking) for each in facts(track).criteria] == [
        (Standing.UNKNOWN, False)
    ]
    lena = track.sprint.project.created_by
    change_criterion(
        track.criteria.get(), version=1, text="New", weight=Weight.BLOCKING, definition={}, by=lena
    )
    [found] = facts(track).criteria
    assert (found.text, found.standing, found.figure) == ("New", Standing.UNKNOWN, "asked since the run")
    assert found.is_blocking


def test_faults_that_are_to_be_mended_are_known_worst_first(track):
    for severity in (Severity.LOW, Severity.CRITICAL):
        factories.create_finding(track=track, severity=severity)
    factories.create_finding(track=track, kind=FindingKind.PRAISE, severity=Severity.CRITICAL)
    settled = factories.create_finding(track=track, severity=Severity.CRITICAL)
    Finding.objects.filter(pk=settled.pk).update(status=FindingStatus.ACCEPTED_RISK)
    assert [(each.name, each.severity) for each in facts(track).findings] == [
        ("A-2", Severity.CRITICAL),
        ("A-1", Severity.LOW),
    ]


def test_of_a_base_branch_that_is_gone_git_says_nothing(track):
    run = factories.create_run(track=track, results=BASE)
    Mergeability.objects.create(
        project=track.sprint.project,
        base=track.sprint.baseline.sha,
        head=run.sha,
        result="clean",
        read_at=NOON,
    )
    assert facts(track).merge == MergeResult.CLEAN
    Sprint.objects.update(base_seen_at=NOON)
    assert (facts(track).merge, facts(track).base, facts(track).base_is_gone) == (None, "", True)


@pytest.mark.parametrize("base_head", ["", "d" * 40])
def test_what_git_says_is_that_of_the_base_branchs_head(track, base_head):
    run = factories.create_run(track=track, results=BASE)
    base = base_head or track.sprint.baseline.sha
    Sprint.objects.update(base_head=base_head)
    rows = [(base, "conflict", [{"path": "a.py"}]), ("e" * 40, "clean", [])]
    for commit, result, conflicts in rows:
        Mergeability.objects.create(
            project=run.project, base=commit, head=run.sha, result=result, conflicts=conflicts, read_at=NOON
        )
    assert (facts(track).merge, facts(track).conflicts) == (MergeResult.CONFLICT, ("a.py",))


def test_a_waiver_counts_for_its_commit_until_it_ends_or_is_withdrawn(track):
    run = factories.create_run(track=track, passed=1)
    lena, until = track.sprint.project.created_by, NOON + timedelta(days=7)
    given = {"reason": "It is too strict.", "expires_at": until, "by": lena, "now": NOON}
    kept = actions.waive(track, GateKind.PASSED, sha=run.sha, **given)
    [found] = facts(track).waivers
    assert (found.waiver, found.by, found.expires_at) == (kept.pk, "Lena", until)
    assert facts(track, now=until).waivers == ()
    actions.withdraw_waiver(kept, by=lena, now=NOON)
    assert facts(track).waivers == ()
    actions.waive(track, GateKind.PASSED, sha=run.sha, **given)
    factories.create_run(track=track, passed=1)
    assert facts(track).waivers == ()


def test_targets_of_the_sprint_and_rules_of_the_track_make_its_policy(track):
    lena = track.sprint.project.created_by
    assert policies_of(track.sprint)[track.pk] == Policy(DEFAULT.gates, min_passed=2)
    fewer = Policy(DEFAULT.gates - {GateKind.HEAD}, severity=Severity.LOW)
    actions.change_sprint_policy(track.sprint, fewer, version=0, by=lena)
    mine = Policy(frozenset(GateKind), min_passed=3, severity=None)
    actions.change_track_policy(track, mine, version=0, by=lena)
    assert policies_of(track.sprint)[track.pk] == Policy(DEFAULT.gates, min_passed=3, severity=Severity.LOW)


def test_a_gate_that_the_sprint_gives_up_is_given_up_by_tracks_that_did_not_add_it(track):
    lena = track.sprint.project.created_by
    actions.change_track_policy(track, Policy(DEFAULT.gates, max_errors=0), version=0, by=lena)
    fewer = Policy(DEFAULT.gates - {GateKind.HEAD})
    actions.change_sprint_policy(track.sprint, fewer, version=0, by=lena)
    assert policies_of(track.sprint)[track.pk] == Policy(fewer.gates, min_passed=2, max_errors=0)
