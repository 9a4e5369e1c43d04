"""What must not happen to a run, whatever happens to its worker, its broker and its database."""

import os
import signal
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone
from psycopg import sql

from omc_qa.local import servers
from omc_qa.local.home import Home
from omc_qa.local.processes import stop
from tests.durability.conftest import LEASE, REAPER, ended, fresh, jobs
from tests.omc_qa.cli.installations import ps, wait_for
from tracks import actions, doorbell
from tracks.models import AuditEntry, Run, Worker
from tracks.statuses import RunState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

QUICK = "def test_quick(): pass\n"


def slow(tests: int = 10) -> str:
    """So many tests, each of which takes its time."""
    return f"""
import time
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_step(number):
    time.sleep(0.3)
"""


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


def at_half(run: Run) -> Run:
    """The run, once some of its tests have passed and others have not begun."""
    return wait_for(lambda: (found := fresh(run)).passed and found)


def shard_of(run: Run):
    return run.shards.get()


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


class TestWithoutItsBroker:
    @pytest.fixture
    def home(self) -> Iterator[Home]:
        with tempfile.TemporaryDirectory(
            prefix="omc-qa-broker-"
        ) as folder:  # pytest's own is too long for a socket
            home = Home(Path(folder))
            home.prepare()
            yield home

    @pytest.fixture
    def broker(self, home) -> str:
        """One that only the workers know: what this process rings for, they hear of from the reaper."""
        return f"redis+socket://{home.sockets}/valkey.sock"

    def test_runs_that_wait_and_that_run_reach_an_end_when_redis_was_killed_and_emptied(
        self, home, start_worker, start_run
    ):
        redis = servers.start_redis(home, durable=False)
        try:
            start_worker()
            running = start_run(slow())
            at_half(running)
            waiting = start_run(QUICK)
            redis.kill()
            redis.wait()
            started_without = start_run(QUICK)
            assert not fresh(running).ended_at
            redis = servers.start_redis(home, durable=False)
            for run in (running, waiting, started_without):
                assert ended(run).state == RunState.FINISHED
                assert shard_of(run).attempt == 1
        finally:
            stop(redis)


def test_connections_to_the_database_that_are_cut_cost_nothing(start_worker, start_run):
    start_worker()
    run = start_run(slow())
    at_half(run)
    assert cut_connections() >= 1
    found = ended(run)
    assert (found.state, found.passed, shard_of(run).attempt) == (RunState.FINISHED, 10, 1)


def test_a_database_that_is_gone_for_a_whole_lease_ends_the_job_and_the_run_is_started_again(
    start_worker, start_run
):
    start_worker()
    run = start_run(slow(30))
    at_half(run)
    let_connect(False)
    try:
        cut_connections()
        wait_for(lambda: not jobs(), seconds=LEASE + 10)
    finally:
        let_connect(True)
    found = ended(run)
    assert (found.state, found.passed, shard_of(run).attempt) == (RunState.FINISHED, 30, 2)


def let_connect(allowed: bool) -> None:
    """Whether new connections to this database are accepted; said from outside of it, as it has to be."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as outside:
        outside.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(
                sql.Identifier(connection.settings_dict["NAME"]), sql.Literal(allowed)
            )
        )


def cut_connections() -> int:
    """Cut every connection to this database but our own; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [count] = cursor.fetchone()
    return int(count)


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
    run = start_run(slow(60))
    at_half(run)
    first.process.send_signal(signal.SIGTERM)
    first.process.wait(30)
    wait_for(lambda: not jobs(), seconds=5)
    assert fresh(run).state == RunState.QUEUED
    assert Worker.objects.get(name=first.name).left_at
    start_worker()
    found = ended(run)
    assert (found.state, found.passed, shard_of(run).attempt) == (RunState.FINISHED, 60, 1)


def test_a_shard_that_is_lost_is_run_again_alone(start_worker, start_run):
    workers = [start_worker(), start_worker()]
    run = start_run(slow(), shards=2, shard_by="test")
    wait_for(lambda: all(shard.passed for shard in run.shards.all()))
    lost = run.shards.get(worker=workers[0].name)
    workers[0].kill()
    found = ended(run)
    assert (found.state, found.collected, found.passed) == (RunState.FINISHED, 10, 10)
    assert {shard.number: shard.attempt for shard in run.shards.all()} == {lost.number: 2, 1 - lost.number: 1}
