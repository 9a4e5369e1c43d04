"""Two workers that write at once, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from time import monotonic

import pytest
from django.db import connection, transaction

from tests import factories
from tests.tracks.execution.test_session import wait_for
from tracks import actions, doorbell
from tracks.actions import attachments
from tracks.actions.findings.locks import lock_finding
from tracks.actions.results import keys_of, number_tests, store_failures
from tracks.errors import InvalidInput, LeaseLost, ToolError
from tracks.events import TestFinished
from tracks.finding_statuses import FindingStatus
from tracks.models import Claim, Failure, FailureText, Run, TestCase
from tracks.statuses import NoticeKind, Outcome, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TESTS = [f"tests/test_it.py::test_{number}" for number in range(3000)]


def at_once(*works: Callable[[], object]) -> None:
    """Start all of them at the same moment, each in a thread; raise what one of them raises."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(10)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(60)


def apart(work: Callable[[], object]) -> object:
    """In a thread of a pool: on a connection that is closed at the end."""
    try:
        return work()
    finally:
        connection.close()


def wait_until_somebody_waits() -> None:
    """For a lock in this database."""
    waits = """
        SELECT 1 FROM pg_locks AS wanted JOIN pg_locks AS held USING (pid) JOIN pg_database AS here
        ON held.database = here.oid WHERE NOT wanted.granted AND here.datname = current_database()
    """
    deadline = monotonic() + 10
    with connection.cursor() as cursor:
        while cursor.execute(waits).fetchone() is None:
            assert monotonic() < deadline, "nobody waits"


def broken(test: str) -> TestFinished:
    return TestFinished(test, Outcome.FAILED, 0.1, message=f"E {test}", text=f"E   ValueError: {test}")


def test_two_runs_that_bring_the_same_new_tests_agree_on_their_numbers():
    project = factories.create_project()
    at_once(
        lambda: number_tests(project, TESTS),
        lambda: number_tests(project, TESTS[::-1]),
    )
    rows = TestCase.objects.filter(project=project).values_list("number", "node_id")
    assert sorted(number for number, _ in rows) == list(range(1, len(TESTS) + 1))
    assert {node_id for _, node_id in rows} == set(TESTS)


def test_two_runs_that_break_alike_in_another_order_do_not_wait_for_each_other_for_ever():
    track = factories.create_track()
    project = track.sprint.project
    number_tests(project, TESTS)
    keys = keys_of(project, TESTS)
    runs = [
        Run.objects.select_related("project").get(pk=factories.start_run(track=track).pk) for _ in range(2)
    ]
    results = [broken(test) for test in TESTS]
    at_once(
        lambda: store_failures(runs[0], results, keys),
        lambda: store_failures(runs[1], results[::-1], keys),
    )
    assert [Failure.objects.filter(run=run).count() for run in runs] == [len(TESTS)] * 2
    assert FailureText.objects.count() == len(TESTS)


def test_a_cancel_and_the_ends_of_all_shards_do_not_wait_for_each_other_for_ever():
    for _ in range(10):
        project = factories.create_project(shards=2)
        track = factories.create_track(sprint=factories.create_sprint(project=project))
        run = factories.start_run(track=track)
        recordings = [actions.Recording(factories.claim(run, number=n), now=factories.NOON) for n in (0, 1)]
        at_once(
            *(partial(fail, recording) for recording in recordings),
            partial(cancel, run),
        )
        assert Run.objects.get(pk=run.pk).ended_at


def fail(recording: actions.Recording) -> None:
    with suppress(LeaseLost):
        recording.fail(ToolError("It broke."), now=factories.NOON)


def cancel(run: Run) -> None:
    with suppress(InvalidInput):
        actions.cancel(run, by=run.requested_by, now=factories.NOON)


def test_two_claims_of_one_commit_at_once_start_one_retest(monkeypatch, now):
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    track = factories.create_track()
    by = track.sprint.project.created_by
    sha = factories.sha()
    found = [factories.create_finding(track=track) for _ in range(2)]
    at_once(
        *(partial(actions.findings.claim_fix, [each], sha=sha, note="", by=by, now=now) for each in found)
    )
    assert Claim.objects.count() == 2
    assert Run.objects.count() == 1


def test_of_two_claims_of_one_finding_at_once_one_is_refused(monkeypatch, now):
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    finding = factories.create_finding()
    by = finding.track.sprint.project.created_by
    refused: list[InvalidInput] = []

    def claim() -> None:
        try:
            actions.findings.claim_fix([finding], sha=factories.sha(), note="", by=by, now=now)
        except InvalidInput as refusal:
            refused.append(refusal)

    at_once(claim, claim)
    assert len(refused) == Claim.objects.count() == Run.objects.count() == 1


def test_a_comment_and_a_claim_of_one_finding_do_not_wait_for_each_other_for_ever(monkeypatch, now):
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    finding = factories.create_finding()
    dev = factories.create_member(project=finding.track.sprint.project, role=Role.DEVELOPER, name="Dev")
    commented = Event()

    def comment() -> None:
        with transaction.atomic():
            lock_finding(finding)
            commented.set()
            wait_for(somebody_waits_for_me)
            # It names the track, which the claim has locked by now, as all that is told of a finding does.
            told = {"track": finding.track, "finding": finding, "now": now}
            actions.tell(NoticeKind.COMMENTED, [dev], "It is so.", **told)

    def claim() -> None:
        assert commented.wait(10)
        actions.findings.claim_fix([finding], sha=factories.sha(), note="", by=dev, now=now)

    at_once(comment, claim)
    finding.refresh_from_db()
    assert finding.status == FindingStatus.CLAIMED


def somebody_waits_for_me() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
        return cursor.fetchone() is not None


def test_a_project_that_two_workers_would_look_at_is_ones_alone(now):
    """The second waits for the first one's UPDATE, and then asks again whether it is due."""
    factories.create_track()
    every = timedelta(seconds=120)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = actions.take_looks(every=every, now=now)
            second = pool.submit(apart, partial(actions.take_looks, every=every, now=now))
            wait_until_somebody_waits()
        assert (len(first), second.result(60)) == (1, [])


def test_a_message_is_sent_while_nothing_is_locked_and_by_one_of_two_workers(now, monkeypatch):
    track = factories.create_track()
    tess = factories.create_member(project=track.sprint.project)
    actions.tell(NoticeKind.COMMITS, [tess], "New commits.", track=track, now=now)
    sent: list[bool] = []

    def send_mail(*_: object) -> None:
        sent.append(connection.in_atomic_block)

    monkeypatch.setattr("tracks.actions.notices.send_mail", send_mail)
    send = partial(actions.send_mail_due, after=timedelta(0), root="https://qa.example.org", now=now)
    at_once(send, send)
    assert sent == [False]


def test_two_files_at_once_are_not_one_more_than_may_be(now):
    finding = factories.create_finding()
    by = finding.track.sprint.project.created_by
    attach = partial(
        attachments.attach, finding=finding, name="log.txt", content=b"12 failed", by=by, now=now
    )
    for _ in range(attachments.MOST - 1):
        attach()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            attach()
            second = pool.submit(apart, attach)
            wait_until_somebody_waits()
        assert isinstance(second.exception(60), InvalidInput)
    assert finding.attachments.count() == attachments.MOST
