"""What must not happen to a run, whatever happens to its broker and its database."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from omc_qa.local import servers
from omc_qa.local.home import Home
from omc_qa.local.processes import stop
from tests.durability.conftest import LEASE, QUICK, at_half, ended, fresh, jobs, shard_of, slow
from tests.waiting import wait_for
from tracks.statuses import RunState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
