"""What must not happen to a run, whatever happens to its worker."""

import os
import signal
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from tests.durability.conftest import LEASE, QUICK, REAPER, at_half, ended, fresh, jobs, shard_of, slow
from tests.omc_qa.cli.installations import ps
from tests.waiting import wait_for
from tracks import actions, doorbell
from tracks.models import AuditEntry, Worker
from tracks.statuses import RunState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DAEMON = """
import os, signal, sys, time

def test_leaves_a_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.execvp("sleep", ["sleep", "600.125"])
        os._exit(0)
    time.sleep(600)
"""


def test_a_worker_that_is_killed_at_half_of_a_run_costs_time_and_nothing_else(start_worker, start_run):
    first = start_worker()
    run = start_run(slow())
    at_half(run)
    first.kill()
    wait_for(lambda: not jobs(), seconds=10)
    start_worker()
    before = timezone.now()
    wait_for(lambda: shard_of(run).attempt == 2, seconds=LEASE + 3 * REAPER + 5)
    assert timezone.now() - before < timedelta(seconds=LEASE + 3 * REAPER + 5)
    found = ended(run)
    assert (found.state, found.collected, found.passed) == (RunState.FINISHED, 10, 10)
    assert jobs() == []


def test_a_worker_that_was_stopped_past_its_lease_writes_nothing_when_it_goes_on(start_worker, start_run):
    first = start_worker()
    run = start_run(slow())
    at_half(run)
    stopped = first.slot()
    os.kill(stopped, signal.SIGSTOP)
    start_worker()
    found = ended(run)
    assert (found.state, found.passed, shard_of(run).attempt) == (RunState.FINISHED, 10, 2)
    os.kill(stopped, signal.SIGCONT)
    wait_for(lambda: not jobs(), seconds=15)
    again = start_run(QUICK)  # the first worker is whole again: one of the two takes it
    assert ended(again).state == RunState.FINISHED
    assert (fresh(run).revision, fresh(run).ended_at) == (found.revision, found.ended_at)


def test_the_same_message_delivered_five_times_is_one_execution(start_worker, start_run):
    run = start_run(QUICK)
    doorbell.ring(times=4)
    for _ in range(2):
        start_worker()
    found = ended(run)
    wait_for(lambda: messages_waiting() == 0)
    assert (found.state, shard_of(run).attempt, shard_of(run).fence) == (RunState.FINISHED, 1, 1)
    assert AuditEntry.objects.filter(action="run.lost").count() == 0


def messages_waiting() -> int:
    with current_app.connection_for_read() as broker:
        return int(broker.default_channel.client.llen(doorbell.QUEUE))


def test_a_cancelled_run_leaves_no_process_not_even_a_daemon(start_worker, start_run):
    start_worker()
    run = start_run(DAEMON)
    wait_for(daemons)
    actions.cancel(run, by=run.requested_by, now=timezone.now())
    wait_for(lambda: not daemons() and not jobs(), seconds=10)
    assert fresh(run).state == RunState.CANCELLED


def daemons() -> list[str]:
    return [args for _, args in ps().values() if args == "sleep 600.125"]


def test_a_deployed_worker_is_gone_soon_and_its_run_goes_on_elsewhere(start_worker, start_run):
    first = start_worker()
    run = start_run(slow(30))
    at_half(run)
    first.process.send_signal(signal.SIGTERM)
    first.process.wait(30)
    wait_for(lambda: not jobs(), seconds=5)
    assert fresh(run).state == RunState.QUEUED
    assert Worker.objects.get(name=first.name).left_at
    start_worker()
    found = ended(run)
    assert (found.state, found.passed, shard_of(run).attempt) == (RunState.FINISHED, 30, 1)


def test_a_shard_that_is_lost_is_run_again_alone(start_worker, start_run):
    workers = [start_worker(), start_worker()]
    run = start_run(slow(), shards=2, shard_by="test")
    wait_for(lambda: all(shard.passed for shard in run.shards.all()))
    lost = run.shards.get(worker=workers[0].name)
    workers[0].kill()
    found = ended(run)
    assert (found.state, found.collected, found.passed) == (RunState.FINISHED, 10, 10)
    assert {shard.number: shard.attempt for shard in run.shards.all()} == {lost.number: 2, 1 - lost.number: 1}
