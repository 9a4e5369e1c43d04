"""/health: what a load balancer and a monitor read."""

from datetime import timedelta
from functools import partial

import pytest
from celery import current_app
from django.db import OperationalError
from django.utils import timezone

from tests import factories
from tracks import actions, health
from tracks.models import Run
from tracks.statuses import Tier

pytestmark = pytest.mark.django_db


def a_worker(*, seconds_ago: float = 0, reaped: bool = True, tags: tuple[str, ...] = ()) -> None:
    now = timezone.now() - timedelta(seconds=seconds_ago)
    actions.introduce("w", actions.Standing("vm", 2, tags, Tier.BUBBLEWRAP, "", [], "0.1.0"), now=now)
    if reaped:
        actions.note_reaping("w", now=now)


def look(client) -> tuple[int, dict]:
    response = client.get("/health")
    return response.status_code, response.json()


def test_where_all_works_it_is_ok_and_needs_no_account(client):
    a_worker()
    status, found = look(client)
    assert (status, found["status"], found["problems"]) == (200, "ok", [])
    assert found["database"]["ok"] and found["broker"]["ok"]
    assert found["workers"] == {"alive": 1, "slots": 2, "busy": 0}
    assert found["reaper"]["age_seconds"] < 5
    assert found["queue"] == {"waiting": 0, "oldest_seconds": None}


def test_it_tells_how_much_waits_and_for_how_long(client):
    a_worker()
    factories.start_run(now=timezone.now() - timedelta(seconds=30))
    _, found = look(client)
    assert found["queue"]["waiting"] == 1
    assert 29 < found["queue"]["oldest_seconds"] < 60


@pytest.mark.parametrize(
    ("prepare", "problem"),
    [
        (lambda: None, "No worker is alive"),
        (lambda: a_worker(seconds_ago=300), "No worker is alive"),
        (lambda: a_worker(reaped=False), "The reaper has not finished for too long"),
    ],
)
def test_what_is_wrong_is_said_while_pages_go_on(client, prepare, problem):
    prepare()
    status, found = look(client)
    assert (status, found["status"]) == (200, "degraded")
    assert problem in found["problems"][0]


def test_a_run_that_no_worker_may_take_is_told(client):
    a_worker()
    run = factories.start_run(now=timezone.now() - timedelta(minutes=5))
    Run.objects.filter(pk=run.pk).update(needs=["gpu"])
    assert "no worker has the tags that it needs: gpu." in look(client)[1]["problems"][0]


def test_a_run_that_waits_for_busy_workers_is_no_problem(client):
    a_worker(tags=("gpu",))
    run = factories.start_run(now=timezone.now() - timedelta(minutes=5))
    Run.objects.filter(pk=run.pk).update(needs=["gpu"])
    assert look(client)[1]["problems"] == []


def test_without_its_broker_it_is_degraded(client, monkeypatch):
    a_worker()
    nowhere = partial(current_app.connection_for_write, "redis+socket:///nowhere.sock")
    monkeypatch.setattr(current_app._get_current_object(), "connection_for_read", nowhere)
    status, found = look(client)
    assert (status, found["broker"]) == (200, {"ok": False})


def test_without_its_database_it_is_down(client, monkeypatch):
    def gone(**_: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(health.queries, "load", gone)
    status, found = look(client)
    assert (status, found["status"]) == (503, "down")
