"""Runs that several workers carry out together, each a part of it under a lease of its own."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import NOON
from tracks import actions, queries
from tracks.errors import LeaseLost, SubjectError, ToolError
from tracks.events import (
    Collected,
    CommandEnded,
    Heartbeat,
    Log,
    Prepared,
    SessionFinished,
    StageStarted,
    TestFinished,
)
from tracks.models import Run, Shard
from tracks.signals import run_ended
from tracks.statuses import Outcome, RunState, Stage, Standing

pytestmark = pytest.mark.django_db


def later(seconds: float):
    return NOON + timedelta(seconds=seconds)


def sharded(*, shards: int = 2, **testing: object) -> Run:
    """A queued run in that many parts."""
    sprint = factories.create_sprint(project=factories.create_project(shards=shards, **testing))
    return factories.start_run(track=factories.create_track(sprint=sprint))


def begin(run: Run, number: int, outcomes: dict[str, Outcome], *, seconds: float = 0) -> actions.Recording:
    """A shard that has recorded these results and goes on."""
    recording = actions.Recording(factories.claim(run, number=number, now=later(seconds)), now=later(seconds))
    recording.record(StageStarted(Stage.TEST), now=later(seconds))
    recording.record(Collected(tuple(outcomes)), now=later(seconds))
    for test, outcome in outcomes.items():
        recording.record(TestFinished(test, outcome, 0.5, message="no", text="E   no"), now=later(seconds))
    recording.record(Heartbeat(), now=later(seconds + 1))
    return recording


def end(recording: actions.Recording, tests: int, *, broken: bool = False, seconds: float = 2) -> None:
    code = int(broken) if tests else 5
    recording.record(SessionFinished(code, collected=tests, reported=tests), now=later(seconds))
    recording.record(CommandEnded(Stage.TEST, code, seconds=1.5), now=later(seconds))
    recording.finish(now=later(seconds))


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


A, B = {"a.py::one": Outcome.PASSED, "a.py::two": Outcome.FAILED}, {"b.py::one": Outcome.SKIPPED}


def test_the_books_of_a_run_are_those_of_all_its_shards():
    run = sharded()
    first, second = begin(run, 0, A), begin(run, 1, B)
    end(first, 2, broken=True)
    assert (fresh(run).state, fresh(run).collected) == (RunState.RUNNING, 3)
    end(second, 1)
    ended = fresh(run)
    assert (ended.state, ended.balanced, ended.collected) == (RunState.FINISHED, True, 3)
    assert (ended.passed, ended.failed, ended.skipped) == (1, 1, 1)
    names = queries.all_node_ids(run.project)
    assert {names[number] for number in queries.outcome_vector(ended).nonzero()[0].tolist()} == {*A, *B}


def test_while_shards_run_the_page_reads_what_all_of_them_have_recorded():
    run = sharded()
    begin(run, 0, A)
    begin(run, 1, B)
    outcomes, durations = queries.vectors_of(run)
    assert (outcomes != 0).sum() == (durations != 0).sum() == 3
    assert (queries.outcomes_of([run])[run.pk] == outcomes).all()


def test_a_shard_that_holds_no_tests_is_no_fault_as_long_as_others_hold_some():
    run = sharded()
    end(begin(run, 0, A), 2, broken=True)
    end(begin(run, 1, {}), 0)
    assert fresh(run).state == RunState.FINISHED


def test_a_run_of_which_no_shard_holds_a_test_is_broken():
    run = sharded()
    for number in range(2):
        end(begin(run, number, {}), 0)
    assert (fresh(run).state, fresh(run).reason) == (RunState.BROKEN, "No tests were collected.")


def test_one_lost_shard_is_run_again_alone_and_keeps_nothing_of_its_first_attempt():
    run = sharded()
    survivor = begin(run, 0, A)
    begin(run, 1, {"b.py::one": Outcome.FAILED, "b.py::two": Outcome.PASSED})
    run.check_results.create(criterion=1, standing=Standing.HOLDS, sentence="It holds.", seconds=1)
    survivor.record(StageStarted(Stage.TEST), now=later(28))
    actions.reap(now=later(35))
    assert [shard.state for shard in run.shards.all()] == [RunState.RUNNING, RunState.QUEUED]
    second = begin(run, 1, B, seconds=36)
    assert (fresh(run).collected, fresh(run).failed) == (3, 1)
    end(second, 1, seconds=38)
    end(survivor, 2, broken=True, seconds=39)
    ended = fresh(run)
    assert (ended.state, ended.collected, ended.failures.count()) == (RunState.FINISHED, 3, 1)
    assert [shard.attempt for shard in run.shards.all()] == [1, 2]
    assert run.check_results.count() == 1, "checks are the first shard's, which was not lost"


def test_a_run_ends_once_however_many_shards_it_has(django_capture_on_commit_callbacks):
    run, heard = sharded(), []

    def hear(run: Run, **_: object) -> None:
        heard.append(run)

    run_ended.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            end(begin(run, 0, A), 2, broken=True)
        assert heard == []
        with django_capture_on_commit_callbacks(execute=True):
            end(begin(run, 1, B), 1)
    finally:
        run_ended.disconnect(hear)
    assert heard == [run]


def test_cancelling_ends_every_shard_and_keeps_what_all_have_recorded():
    run = sharded(shards=3)
    first = begin(run, 0, A)
    end(begin(run, 1, B), 1)
    actions.cancel(run, by=run.requested_by, now=later(5))
    cancelled = fresh(run)
    assert (cancelled.state, cancelled.collected, cancelled.passed) == (RunState.CANCELLED, 3, 1)
    assert queries.outcome_vector(cancelled).any()
    with pytest.raises(LeaseLost):
        end(first, 2, broken=True)
    assert queries.next_in_line([]) is None


@pytest.mark.parametrize(
    ("error", "state"),
    [(SubjectError("The set-up failed."), "incomplete"), (ToolError("The disk is full."), "faulted")],
)
def test_a_shard_that_could_not_run_is_named_and_leaves_the_run_incomplete_or_faulted(error, state):
    run = sharded()
    end(begin(run, 0, A), 2, broken=True)
    actions.Recording(factories.claim(run, number=1), now=NOON).fail(error, now=NOON)
    assert fresh(run).state == state
    assert fresh(run).reason == f"Shard 2 of 2: {error.message}"


def test_what_breaks_every_shard_alike_is_said_once():
    run = sharded()
    for number in range(2):
        recording = actions.Recording(factories.claim(run, number=number), now=NOON)
        recording.fail(SubjectError("pytest could not start.", remedy="Mend it."), now=NOON)
    assert (fresh(run).state, fresh(run).reason) == (RunState.BROKEN, "pytest could not start.")
    assert fresh(run).remedy == "Mend it."


def test_a_test_that_two_shards_have_run_is_no_balanced_book():
    run = sharded()
    end(begin(run, 0, A), 2, broken=True)
    end(begin(run, 1, A), 2, broken=True)
    assert fresh(run).state == RunState.INCOMPLETE
    assert fresh(run).reason == "2 tests were run by more than one shard."


def test_two_pythons_under_one_run_are_both_told():
    run = sharded()
    for number, python in enumerate(("3.11.7", "3.12.1")):
        recording = actions.Recording(factories.claim(run, number=number), now=NOON)
        recording.record(Prepared({"python": python, "tier": "bubblewrap"}), now=NOON)
    assert fresh(run).environment["python"] == "3.11.7 and 3.12.1"


def test_many_shards_that_write_at_once_settle_the_run_once():
    run = sharded(shards=8)
    recordings = [begin(run, number, {f"t{number}.py::one": Outcome.PASSED}) for number in range(8)]
    for recording in recordings:
        recording.record(Log("more"), now=later(20))
    before = fresh(run).revision
    for recording in recordings:
        recording.record(Log("and more"), now=later(20.1))
        recording.record(Heartbeat(), now=later(20.7))
    assert fresh(run).revision == before + 1


def test_a_run_is_divided_by_what_its_tests_took_before():
    project = factories.create_project()
    sprint = factories.create_sprint(project=project)
    tests = {"long.py::one": "passed", "short.py::one": "passed", "short.py::two": "passed"}
    factories.create_baseline(sprint=sprint, results=tests)
    actions.change_project(project, by=project.created_by, shards=2)
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    assert run.shards.count() == 2
    assert run.plan["by"] == "file"
    assert sorted(run.plan["places"].values()) == [0, 1]
    assert run.plan["places"].keys() == {"long.py", "short.py"}


def test_a_run_that_is_not_sharded_has_one_shard_and_no_plan():
    run = factories.start_run()
    assert (run.shards.count(), run.plan) == (1, {})
    assert Shard.objects.get(run=run).state == RunState.QUEUED
