"""Which run a free worker takes: priority, turns between projects, tags; and what workers tell."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import NOON
from tracks import actions, doorbell, queries
from tracks.errors import InvalidInput
from tracks.models import AuditEntry, Run, Shard, Worker
from tracks.statuses import Priority, Tier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung(monkeypatch) -> list[tuple[list[str], int]]:
    calls: list[tuple[list[str], int]] = []
    monkeypatch.setattr(doorbell, "ring", lambda needs=(), times=1: calls.append((list(needs), times)))
    return calls


def queue(count: int, **testing: object) -> list[Run]:
    """Queued runs of a new project."""
    sprint = factories.create_sprint(project=factories.create_project(**testing))
    return [
        factories.start_run(track=factories.create_track(sprint=sprint, key=f"T{n}")) for n in range(count)
    ]


def take(*tags: str, now=NOON) -> Run | None:
    """The run that a worker with these tags gets."""
    shard = queries.next_in_line(tags)
    if shard is None:
        return None
    claim = actions.claim(shard, worker="w", now=now)
    assert claim is not None
    return claim.run


def test_the_oldest_waits_no_longer_than_the_others():
    first, second = queue(2)
    assert [take(), take(), take()] == [first, second, None]


def test_two_hundred_runs_of_one_project_do_not_starve_the_one_of_another():
    many, [one] = queue(200), queue(1)
    assert take() == many[0]
    assert take() == one


def test_a_single_worker_serves_projects_in_turn():
    first, second = queue(3), queue(3)
    served = []
    for minute in range(6):
        run = take(now=NOON + timedelta(minutes=minute))
        served.append(run.project_id)
        actions.cancel(run, by=run.requested_by, now=NOON)
    assert served == [first[0].project_id, second[0].project_id] * 3


def test_a_retest_that_a_lead_asks_for_goes_first():
    waiting = queue(2)
    project = factories.create_project()
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    initial = factories.start_run(track=track)
    retest = factories.start_run(track=track)
    assert (initial.priority, retest.priority) == (Priority.NORMAL, Priority.FIRST)
    assert take() == retest
    assert take() in waiting


def test_a_run_that_is_moved_to_the_front_goes_before_its_projects_others():
    first, second, third = queue(3)
    actions.put_first(third, by=third.requested_by)
    assert AuditEntry.objects.filter(action="run.put_first", actor=third.requested_by).exists()
    assert [take(), take(), take()] == [third, first, second]
    with pytest.raises(InvalidInput, match="does not wait"):
        actions.put_first(third, by=third.requested_by)


def test_runs_that_go_first_do_not_starve_another_project_either():
    many, [one] = queue(5), queue(1)
    for run in many:
        actions.put_first(run, by=run.requested_by)
    assert take() in many
    assert take() == one


def test_a_run_waits_for_a_worker_with_all_tags_that_it_needs(rung):
    [run] = queue(1, needs=["gpu"], services=[{"kind": "postgres", "variables": {}}])
    assert run.needs == ["gpu", "postgres"]
    assert take() is None
    assert take("gpu") is None
    assert take("gpu", "linux", "postgres") == run


def test_a_run_is_told_to_the_workers_that_listen_for_its_first_tag(django_capture_on_commit_callbacks, rung):
    with django_capture_on_commit_callbacks(execute=True):
        queue(1, needs=["gpu", "arm"], shards=3)
    assert rung == [(["arm", "gpu"], 3)]
    assert doorbell.queue_for("arm") == "runs.arm"


def test_a_worker_is_introduced_once_and_then_seen_until_it_leaves():
    standing = actions.Standing("vm", 4, ["postgres"], Tier.BUBBLEWRAP, "", ["3.11.7"], "0.1.0")
    assert not actions.see("celery@vm", now=NOON)
    actions.introduce("celery@vm", standing, now=NOON)
    later = NOON + timedelta(seconds=20)
    assert actions.see("celery@vm", now=later)
    [worker] = queries.workers(now=later)
    assert (worker.slots, worker.tags, worker.seen_at) == (4, ["postgres"], later)
    assert queries.is_alive(worker, now=later + timedelta(seconds=29))
    assert not queries.is_alive(worker, now=later + timedelta(seconds=31))
    actions.dismiss("celery@vm", now=later)
    worker.refresh_from_db()
    assert not queries.is_alive(worker, now=later)
    assert not actions.see("celery@vm", now=later), "one that comes back introduces itself again"


def test_workers_that_have_been_gone_for_a_week_are_forgotten():
    standing = actions.Standing("vm", 1, [], None, "bwrap is not installed", [], "0.1.0")
    actions.introduce("old", standing, now=NOON)
    actions.introduce("new", standing, now=NOON + timedelta(days=8))
    assert list(Worker.objects.values_list("name", flat=True)) == ["new"]


def test_the_choice_costs_one_query_however_much_waits(django_assert_num_queries):
    queue(30)
    with django_assert_num_queries(1):
        queries.next_in_line([])
    assert Shard.objects.count() == 30


@pytest.mark.parametrize(
    ("queue_used", "needs", "rung_again"),
    [
        ("runs", ["gpu"], True),
        ("runs.gpu", [], True),
        ("runs", [], False),
        ("runs.gpu", ["gpu"], False),
        ("", [], False),
    ],
)
def test_a_message_that_was_used_up_for_another_queues_shard_is_sent_again(
    monkeypatch, queue_used, needs, rung_again
):
    sent: list[str] = []
    monkeypatch.setattr(doorbell, "_send", lambda queue, times: sent.append(queue))
    doorbell.ring_instead(queue_used, needs)
    assert sent == ([queue_used] if rung_again else [])
