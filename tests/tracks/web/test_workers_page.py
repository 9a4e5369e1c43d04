"""The workers' page, and what a queued or sharded run says of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.tracks.web.pages import htmx, queries_of, words
from tracks import actions
from tracks.models import Run
from tracks.statuses import Priority, Role, Tier

pytestmark = pytest.mark.django_db

PATH = "/workers/"


@pytest.fixture
def project():
    return factories.create_project(name="Ledger")


@pytest.fixture
def tess(project) -> Client:
    client = Client()
    client.force_login(factories.create_member(project=project, name="Tess"))
    return client


def a_worker(name: str = "celery@vm", *, seconds_ago: float = 0, **standing: object) -> None:
    known = {
        "host": "vm",
        "slots": 2,
        "tags": ["gpu"],
        "tier": Tier.BUBBLEWRAP,
        "problem": "",
        "pythons": ["3.11"],
    }
    told = actions.Standing(**{**known, "version": "0.1.0", **standing})  # type: ignore[arg-type]
    actions.introduce(name, told, now=timezone.now() - timedelta(seconds=seconds_ago))


def start(project, **fields: object) -> Run:
    sprint = factories.create_sprint(project=project, name=f"Sprint {Run.objects.count()}")
    run = factories.start_run(track=factories.create_track(sprint=sprint), now=timezone.now())
    Run.objects.filter(pk=run.pk).update(**fields)
    return run


def run_page(client: Client, run: Run) -> str:
    return words(client.get(reverse("tracks:run", args=[run.project.slug, run.pk])))


def test_without_a_worker_the_page_says_what_to_do(tess):
    assert "No worker has been heard of for a day" in words(tess.get(PATH))


def test_a_worker_is_shown_with_what_it_has_and_runs(tess, project):
    a_worker()
    run = start(project)
    factories.claim(run, worker="celery@vm", now=timezone.now())
    page = words(tess.get(PATH))
    for said in ("celery@vm", "alive", f"run {run.pk} Ledger", "gpu", "Python 3.11", "1 of 2 taken"):
        assert said in page


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({"seconds_ago": 300}, "not heard of"),
        ({"tier": Tier.NONE, "problem": "no bwrap"}, "⚠ none"),
        ({"tier": None, "problem": "bwrap is not installed"}, "does not work bwrap is not installed"),
    ],
)
def test_what_is_wrong_with_a_worker_is_said(tess, standing, said):
    a_worker(**standing)
    assert said in words(tess.get(PATH))


def test_runs_of_projects_that_one_may_not_see_are_counted_and_not_named(tess, project):
    a_worker()
    hidden = start(factories.create_project(name="Olgas"))
    held = start(factories.create_project(name="Olgas too"))
    factories.claim(held, worker="celery@vm", now=timezone.now())
    mine = start(project)
    page = words(tess.get(PATH))
    assert "Olgas" not in page
    assert f"run {hidden.pk}" not in page
    assert "1 of other projects" in page
    assert "and 1 runs of other projects" in page
    assert str(mine.pk) in page


def test_the_page_costs_the_same_however_much_waits_and_runs(tess, project):
    a_worker(slots=50)
    first = start(project)
    factories.claim(first, worker="celery@vm", now=timezone.now())
    start(project)
    few = queries_of(tess, PATH)
    for _ in range(5):
        factories.claim(start(project), worker="celery@vm", now=timezone.now())
        start(project)
    assert queries_of(tess, PATH) == few


@pytest.mark.parametrize(
    ("prepare", "needs", "said"),
    [
        (lambda: None, [], "Waiting for a worker: no worker is alive"),
        (lambda: a_worker(), ["arm"], "Waiting for a worker: no worker has the tags arm"),
        (lambda: a_worker(slots=0), [], "Waiting for a worker: all 0 slots are taken"),
    ],
)
def test_a_queued_run_says_what_it_waits_for(tess, project, prepare, needs, said):
    prepare()
    assert said in run_page(tess, start(project, needs=needs))


def test_a_tester_moves_a_queued_run_to_the_front_and_a_developer_reads_why_not(tess, project):
    run = start(project)
    path = reverse("tracks:put_first", args=[project.slug, run.pk])
    assert htmx(tess, path).status_code == 200
    run.refresh_from_db()
    assert run.priority == Priority.FIRST
    dev = Client()
    dev.force_login(factories.create_member(project=project, role=Role.DEVELOPER, name="Dev"))
    assert htmx(dev, path).status_code == 403


def test_a_sharded_run_shows_its_parts_and_who_carries_them_out(tess):
    project = factories.create_project(shards=3)
    client = Client()
    client.force_login(factories.create_member(project=project, name="Tess"))
    run = start(project)
    factories.claim(run, number=1, worker="celery@one", now=timezone.now())
    page = run_page(client, run)
    assert "2 of 3 preparing" in page
    assert "celery@one" in page


@pytest.mark.parametrize(
    ("testing", "said"),
    [
        ({}, "Network none"),
        ({"network": "loopback"}, "Network its own 127.0.0.1"),
        ({"network": "host"}, "⚠ host network"),
        (
            {"services": [{"kind": "postgres", "variables": {}}]},
            "its own 127.0.0.1, with PostgreSQL of its own",
        ),
    ],
)
def test_a_run_says_what_its_tests_reach(testing, said):
    project = factories.create_project(**testing)
    client = Client()
    client.force_login(factories.create_member(project=project, name="Tess"))
    assert said in run_page(client, start(project))
