"""Starting, claiming, recording, cancelling and losing runs."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, transaction

from tests import factories
from tests.factories import NOON
from tracks import actions, queries, vectors
from tracks.errors import InvalidInput, LeaseLost, SubjectError, ToolError
from tracks.events import (
    Collected,
    CommandEnded,
    Deselected,
    Heartbeat,
    Marked,
    SessionFinished,
    StageStarted,
    TestFinished,
)
from tracks.execution.spec import RunSpec
from tracks.models import AuditEntry, Failure, FailureText, Run, TestCase
from tracks.statuses import RUN_TRANSITIONS, Outcome, Phase, RunKind, RunState, Stage, Standing

pytestmark = pytest.mark.django_db


def later(seconds: float):
    return NOON + timedelta(seconds=seconds)


def test_a_run_that_is_played_ends_finished_with_balanced_books():
    run = factories.create_run(passed=5, failed=2, errors=1, skipped=1)
    assert (run.state, run.balanced, run.collected) == (RunState.FINISHED, True, 9)
    assert (run.passed, run.failed, run.errors, run.skipped) == (5, 2, 1, 1)
    assert run.failures.count() == 3
    assert run.skips.count() == 1


def test_the_vector_holds_each_outcome_at_the_number_of_its_test():
    run = factories.create_run(
        results={"a.py::one": "passed", "a.py::two": "failed", "a.py::three": "skipped"}
    )
    outcomes = queries.outcome_vector(run)
    numbers = dict(TestCase.objects.filter(project=run.project).values_list("node_id", "number"))
    assert [vectors.OUTCOMES[outcomes[numbers[f"a.py::{name}"]]] for name in ("one", "two", "three")] == [
        Outcome.PASSED,
        Outcome.FAILED,
        Outcome.SKIPPED,
    ]


def test_a_test_keeps_its_number_in_every_run_of_its_project():
    track = factories.create_track()
    factories.create_run(track=track, results={"a.py::one": "passed", "a.py::two": "passed"})
    factories.create_run(track=track, results={"a.py::new": "passed", "a.py::two": "failed"})
    rows = TestCase.objects.filter(project=track.sprint.project).values_list("node_id", "number")
    assert dict(rows) == {"a.py::one": 1, "a.py::two": 2, "a.py::new": 3}


def test_the_same_traceback_is_stored_once_however_many_tests_end_with_it():
    factories.create_run(failed=40)
    assert (Failure.objects.count(), FailureText.objects.count()) == (40, 1)


def test_iterations_of_a_track_count_from_zero():
    track = factories.create_track()
    assert [factories.start_run(track=track).iteration for _ in range(3)] == [0, 1, 2]


def test_starting_leaves_an_audit_entry_with_the_commit_and_who_asked():
    run = factories.start_run()
    entry = AuditEntry.objects.get(action="run.started")
    assert (entry.subject, entry.after["sha"], entry.actor) == (f"run:{run.pk}", run.sha, run.requested_by)


def test_a_later_change_of_the_project_never_changes_a_run_that_was_started():
    run = factories.start_run()
    actions.change_project(run.project, by=run.requested_by, test="make check")
    assert '"test": "python -m pytest"' in Run.objects.get(pk=run.pk).spec


def test_a_run_is_bound_to_its_branch_and_what_is_run_again_where_the_branch_is_trusted():
    run = factories.create_run(passed=1)
    assert RunSpec.from_json(run.spec).branch == run.branch

    def again() -> RunSpec:
        like = Run.objects.select_related("project").get(pk=run.pk)
        tests = ["tests/test_it.py::test_1"]
        found = actions.start_again(
            like, kind=RunKind.SELECTION, sha="b" * 40, tests=tests, fresh=False, by=None, now=NOON
        )
        return RunSpec.from_json(found.spec)

    assert (again().branch, again().protected) == ("", False)
    actions.change_project(run.project, by=run.requested_by, protected_branches=[run.branch])
    assert (again().branch, again().protected) == (run.branch, True)


def test_two_people_starting_the_same_commit_get_one_run_and_the_second_is_told_which():
    track = factories.create_track()
    first = factories.start_run(track=track, at="a" * 40)
    with pytest.raises(actions.AlreadyRunning, match="being tested already") as refusal:
        factories.start_run(track=track, at="a" * 40)
    assert refusal.value.run == first
    assert Run.objects.filter(track=track).count() == 1


def test_the_same_commit_may_be_tested_again_once_its_run_has_ended():
    track = factories.create_track()
    factories.create_run(track=track, at="a" * 40, passed=1)
    assert factories.start_run(track=track, at="a" * 40).iteration == 1


def baseline_of(sprint):
    sprint.refresh_from_db()
    return sprint.baseline


def test_a_sprints_first_baseline_is_one_at_once():
    sprint = factories.create_sprint()
    first = factories.start_baseline(sprint=sprint)
    assert (baseline_of(sprint), first.kind) == (first, RunKind.BASELINE)


def test_a_sound_baseline_is_replaced_only_by_one_that_ended_in_order():
    sprint = factories.create_sprint()
    sound = factories.create_baseline(sprint=sprint, passed=3)
    cancelled = factories.start_baseline(sprint=sprint)
    assert baseline_of(sprint) == sound
    actions.cancel(cancelled, by=cancelled.requested_by, now=NOON)
    assert baseline_of(sprint) == sound
    factories.create_baseline(sprint=sprint)  # without a test: broken
    assert baseline_of(sprint) == sound
    better = factories.create_baseline(sprint=sprint, passed=4)
    assert baseline_of(sprint) == better


def test_a_baseline_that_did_not_end_in_order_gives_way_at_once():
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint)
    assert factories.start_baseline(sprint=sprint) == baseline_of(sprint)


def test_only_one_worker_gets_a_run_however_often_its_message_is_delivered():
    run = factories.start_run()
    shard = factories.shard_of(run)
    claims = [actions.claim(shard.pk, worker=f"w{number}", now=NOON) for number in range(5)]
    assert [claim is not None for claim in claims] == [True, False, False, False, False]


def test_cancelling_keeps_what_was_recorded_and_refuses_what_comes_later():
    run = factories.start_run()
    claim = factories.claim(run)
    recording = actions.Recording(claim, now=NOON)
    for event in (StageStarted(Stage.TEST), Collected(("a.py::one", "a.py::two"))):
        recording.record(event, now=NOON)
    recording.record(TestFinished("a.py::one", Outcome.PASSED, 0.1), now=later(1))
    actions.cancel(run, by=run.requested_by, now=later(2))
    with pytest.raises(LeaseLost):
        recording.record(TestFinished("a.py::two", Outcome.FAILED, 0.1), now=later(3))
    run.refresh_from_db()
    assert (run.state, run.passed, run.failed, run.failures.count()) == (RunState.CANCELLED, 1, 0, 0)
    assert "Cancelled by" in run.reason


@pytest.mark.parametrize("stage", [None, Stage.CHECKOUT, Stage.SETUP, Stage.BEFORE, Stage.TEST, Stage.AFTER])
def test_a_run_can_be_cancelled_at_each_stage(stage):
    run = factories.start_run()
    if stage:
        recording = actions.Recording(factories.claim(run), now=NOON)
        recording.record(StageStarted(stage), now=NOON)
    actions.cancel(run, by=run.requested_by, now=NOON)
    run.refresh_from_db()
    assert (run.state, run.ended_at) == (RunState.CANCELLED, NOON)


def test_a_run_that_has_ended_cannot_be_cancelled():
    run = factories.create_run(passed=1)
    with pytest.raises(InvalidInput, match="has ended already"):
        actions.cancel(run, by=run.requested_by, now=NOON)


def test_a_worker_that_goes_on_renews_its_lease_and_is_not_reaped():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(Heartbeat(), now=later(25))
    actions.reap(now=later(40))
    run.refresh_from_db()
    assert run.state == RunState.PREPARING


def test_a_run_whose_worker_went_away_is_started_again_twice_and_then_lost(
    django_capture_on_commit_callbacks,
):
    run = factories.start_run()
    for attempt, seconds in ((1, 0), (2, 40)):
        factories.claim(run, worker=f"w{attempt}", now=later(seconds))
        actions.reap(now=later(seconds + 31))
        run.refresh_from_db()
        assert (run.state, factories.shard_of(run).attempt) == (RunState.QUEUED, attempt)
    factories.claim(run, worker="w3", now=later(80))
    actions.reap(now=later(111))
    run.refresh_from_db()
    assert (run.state, factories.shard_of(run).attempt) == (RunState.LOST, 3)
    assert "Infrastructure error: the worker went away 3 times" in run.reason
    assert run.remedy


def test_a_worker_that_was_stopped_past_its_lease_can_write_nothing_when_it_wakes():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run, worker="slow", now=NOON), now=NOON)
    actions.reap(now=later(31))
    factories.claim(run, worker="next", now=later(32))
    with pytest.raises(LeaseLost):
        recording.record(StageStarted(Stage.TEST), now=later(33))
    with pytest.raises(LeaseLost):
        recording.finish(now=later(33))


@pytest.mark.parametrize(
    ("trusted", "operator", "tests", "checks"),
    [(False, False, False, False), (False, True, True, False), (True, False, True, True)],
)
def test_without_a_sandbox_a_testers_commands_need_the_person_at_the_terminal(
    settings, trusted: bool, operator: bool, tests: bool, checks: bool
):
    settings.ALLOW_UNSANDBOXED = operator
    project = factories.create_project(trusted=trusted)
    run = factories.start_run(track=factories.create_track(sprint=factories.create_sprint(project=project)))
    spec = RunSpec.from_json(run.spec)
    assert (spec.allow_unsandboxed, spec.allow_unsandboxed_checks) == (tests, checks)


def test_a_second_attempt_starts_with_nothing_of_the_first():
    run = factories.start_run()
    factories.play(run, passed=2, failed=3, ended=False)
    run.check_results.create(criterion=1, standing=Standing.HOLDS, sentence="It holds.", seconds=1)
    actions.reap(now=later(60))
    factories.claim(run, worker="next", now=later(61))
    run.refresh_from_db()
    assert (run.collected, run.failed, run.failures.count(), run.check_results.count()) == (0, 0, 0, 0)
    assert not queries.vectors_of(run)[0].any()


def test_a_queued_run_that_nobody_took_is_told_to_the_workers_again(monkeypatch):
    run = factories.start_run()
    rung: list[list[str]] = []
    monkeypatch.setattr("tracks.doorbell.ring", rung.append)
    actions.reap(now=later(5))
    assert rung == []
    actions.reap(now=later(11))
    actions.reap(now=later(12))
    assert rung == [[]]
    assert factories.shard_of(run).rung_at == later(11)


def test_while_messages_wait_in_the_broker_no_more_are_sent(monkeypatch):
    for _ in range(3):
        factories.start_run()
    rung: list[list[str]] = []
    monkeypatch.setattr("tracks.doorbell.ring", rung.append)
    monkeypatch.setattr("tracks.doorbell.waiting", lambda queue: 2)
    actions.reap(now=later(11))
    assert len(rung) == 1


def test_a_run_given_back_by_a_worker_that_is_stopped_is_not_an_attempt(monkeypatch):
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    run = factories.start_run()
    claim = factories.claim(run)
    actions.give_back(claim, now=later(1))
    run.refresh_from_db()
    assert (run.state, factories.shard_of(run).attempt) == (RunState.QUEUED, 0)


@pytest.mark.parametrize(
    ("error", "state"),
    [(SubjectError("The branch is gone."), "broken"), (ToolError("The disk is full."), "faulted")],
)
def test_an_error_ends_the_run_with_its_words_and_says_whose_fault_it_is(error, state):
    error.remedy, error.detail = "Do this.", "line 1\nline 2"
    run = factories.start_run()
    actions.Recording(factories.claim(run), now=NOON).fail(error, now=NOON)
    run.refresh_from_db()
    assert (run.state, run.reason, run.remedy, run.detail) == (
        state,
        error.message,
        "Do this.",
        "line 1\nline 2",
    )


def test_a_test_that_is_reported_twice_counts_once():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(StageStarted(Stage.TEST), now=NOON)
    recording.record(Collected(("a.py::one",)), now=NOON)
    for outcome in (Outcome.FAILED, Outcome.PASSED, Outcome.FAILED):
        recording.record(TestFinished("a.py::one", outcome, 0.1, message="no", text="E   no"), now=NOON)
    recording.record(Heartbeat(), now=later(1))
    run.refresh_from_db()
    assert (run.collected, run.passed, run.failed, run.failures.count()) == (1, 0, 1, 1)


@pytest.mark.parametrize("earlier", [Outcome.FAILED, Outcome.SKIPPED])
def test_what_a_test_is_said_to_be_last_leaves_nothing_of_what_was_said_before(earlier):
    """A command may start pytest twice, and the second time all is well."""
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(StageStarted(Stage.TEST), now=NOON)
    for seconds, outcome in ((1, earlier), (2, Outcome.PASSED)):
        recording.record(
            TestFinished("a.py::one", outcome, 0.1, message="no", text="E   no"), now=later(seconds)
        )
    run.refresh_from_db()
    assert (run.passed, run.failed, run.skipped) == (1, 0, 0)
    assert (run.failures.count(), run.skips.count()) == (0, 0)


def test_the_database_itself_refuses_a_finished_run_whose_books_do_not_balance():
    run = factories.create_run(passed=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(passed=2)


def test_every_state_is_in_the_table_of_transitions_and_only_a_lost_run_comes_back():
    assert set(RUN_TRANSITIONS) == set(RunState)
    assert all(following <= set(RunState) for following in RUN_TRANSITIONS.values())
    ended = {state for state, following in RUN_TRANSITIONS.items() if not following}
    assert ended == {
        RunState.FINISHED,
        RunState.INCOMPLETE,
        RunState.BROKEN,
        RunState.FAULTED,
        RunState.CANCELLED,
    }


def test_what_cannot_be_stored_does_not_keep_a_run_from_ending():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(SessionFinished(0, collected=1, reported=1, deselected=10**12), now=NOON)
    with pytest.raises(DataError), transaction.atomic():
        recording.finish(now=later(1))
    recording.fail(ToolError("OMC QA itself went wrong."), now=later(2))
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.FAULTED, "OMC QA itself went wrong.")


def test_what_a_run_tells_of_its_tests_beside_their_results_is_kept_by_number():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    names = ("b.py::slow", "a.py::quick", "a.py::left_out")
    for event in (
        StageStarted(Stage.TEST),
        Deselected(names[2:]),
        Collected(names[:2]),
        Marked("slow", names[:1]),
        TestFinished(names[0], Outcome.PASSED, 0.1),
        TestFinished(names[1], Outcome.FAILED, 0.1, message="m", text="E  m"),
        SessionFinished(exit_code=1, collected=2, reported=2, deselected=1),
        CommandEnded(Stage.TEST, 1, 0.2),
    ):
        recording.record(event, now=NOON)
    recording.finish(now=NOON)
    slow, quick, left_out = (TestCase.objects.get(node_id=name).number for name in names)
    assert [order.tolist() for order in queries.orders_of(run)] == [[slow, quick]]
    assert queries.deselected_of(run).tolist() == [left_out]
    assert queries.marked_in(run, "slow").tolist() == [slow]
    assert queries.markers_in([run]) == ["slow"]
    assert Run.objects.get(pk=run.pk).collected == 2, "what was left out is no test of the run"


def test_the_fixture_that_failed_is_kept_with_the_failure():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(StageStarted(Stage.TEST), now=NOON)
    broken = TestFinished("a.py::t", Outcome.ERROR, 0, Phase.SETUP, "m", "E  m", "database", "session")
    recording.record(broken, now=NOON)
    recording.finish(now=NOON)
    assert Failure.objects.values_list("fixture", "fixture_scope").get() == ("database", "session")


def test_a_test_that_is_reported_twice_has_one_place_in_the_order():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(StageStarted(Stage.TEST), now=NOON)
    for test in ("a.py::one", "a.py::two", "a.py::one"):
        recording.record(TestFinished(test, Outcome.PASSED, 0.1), now=NOON)
    recording.finish(now=NOON)
    assert [len(order) for order in queries.orders_of(run)] == [2]
