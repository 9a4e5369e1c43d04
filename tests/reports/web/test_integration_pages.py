"""The pages of a trial integration while it goes on: what is sent again, what it costs, and its end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports import actions
from reports.models import Integration, IntegrationStep
from reports.statuses import IntegrationState
from tests import factories
from tests.factories import NOON
from tracks.models import Run
from tracks.statuses import Role, RunState

pytestmark = pytest.mark.django_db
VECTORS = ('"outcomes",', '"durations"', '"spec"')


@pytest.fixture
def found() -> Integration:
    """One whose search goes on: a combination waits to be merged."""
    return create_searching("AB")


@pytest.fixture
def tester(found, client):
    user = factories.create_member(project=found.sprint.project, role=Role.TESTER)
    client.force_login(user)
    return user


def create_searching(keys: str) -> Integration:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, passed=3)
    for key in keys:
        factories.create_run(track=factories.create_track(sprint=sprint, key=key), passed=3)
    sprint.refresh_from_db()
    found = actions.start_integration(sprint, sprint.tracks.all(), by=sprint.project.created_by, now=NOON)
    found.run = factories.start_baseline(sprint=sprint)
    found.state = IntegrationState.SEARCHING
    found.merged = [{"key": key, "commit": factories.sha()} for key in keys]
    found.save()
    for key in keys:
        IntegrationStep.objects.create(integration=found, keys=[key], tests=[1], asked_at=NOON)
    return found


def live(found: Integration) -> str:
    return reverse("reports:integration_live", args=[found.sprint.project.slug, found.pk])


def seen_on(page: str) -> str:
    return page.partition("?seen=")[2].partition('"')[0]


def begin(step: IntegrationStep) -> None:
    step.run = factories.start_run(track=step.integration.sprint.tracks.earliest("pk"))
    step.save()


def note(step: IntegrationStep) -> None:
    step.note = "B cannot be merged: conflict in x."
    step.save()


def end(step: IntegrationStep) -> None:
    step.integration.state = IntegrationState.DONE
    step.integration.save()


def stumble(step: IntegrationStep) -> None:
    step.integration.note = "git is ill."
    step.integration.save()


@pytest.mark.parametrize("change", [begin, note, end, stumble])
def test_the_page_is_sent_again_when_something_changes_and_only_then(found, tester, client, change):
    seen = seen_on(client.get(live(found)).content.decode())
    assert seen and client.get(live(found), {"seen": seen}).status_code == 204
    change(found.steps.earliest("pk"))
    assert client.get(live(found), {"seen": seen}).status_code == 200


def test_a_poll_that_finds_nothing_new_reads_little(found, tester, client, django_assert_max_num_queries):
    seen = seen_on(client.get(live(found)).content.decode())
    with django_assert_max_num_queries(7) as asked:
        client.get(live(found), {"seen": seen})
    read = " ".join(query["sql"] for query in asked.captured_queries)
    assert not [name for name in (*VECTORS, '"interactions"', '"left_out"') if name in read]


@pytest.mark.parametrize("name", ["integration", "integration_live"])
def test_a_page_costs_the_same_however_many_tracks_and_steps_there_are(client, name):
    costs = {len(asked(client, create_searching(keys), name)) for keys in ("AB", "ABCDEF")}
    assert len(costs) == 1


@pytest.mark.parametrize("name", ["integration", "integration_live", "integrations"])
def test_no_page_reads_what_runs_have_recorded(client, name):
    read = " ".join(query["sql"] for query in asked(client, create_searching("AB"), name))
    assert not [vector for vector in VECTORS if vector in read]


def asked(client, found: Integration, name: str) -> list[dict[str, str]]:
    project = found.sprint.project
    client.force_login(project.created_by)
    last = found.sprint.slug if name == "integrations" else found.pk
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(reverse(f"reports:{name}", args=[project.slug, last])).status_code == 200
    return queries.captured_queries


def test_a_tester_stops_it_from_the_page_and_its_runs_are_cancelled(found, tester, client):
    begin(found.steps.earliest("pk"))
    stop = reverse("reports:stop_integration", args=[found.sprint.project.slug, found.pk])
    page = client.get(reverse("reports:integration", args=[found.sprint.project.slug, found.pk]))
    assert stop in page.content.decode()
    answer = client.post(stop, follow=True).content.decode()
    assert "The trial integration was stopped. Stopped by Tess." in answer
    assert stop not in answer and "hx-trigger" not in answer.partition('id="integration-live"')[2][:200]
    begun = Run.objects.exclude(integration=None) | Run.objects.exclude(integration_step=None)
    assert {run.state for run in begun} == {RunState.CANCELLED}


def test_a_reader_and_an_outsider_cannot_stop_it(found, client):
    stop = reverse("reports:stop_integration", args=[found.sprint.project.slug, found.pk])
    client.force_login(factories.create_member(project=found.sprint.project, role=Role.READER))
    assert client.post(stop).status_code == 403
    client.force_login(factories.create_member(project=factories.create_project(), name="Olga"))
    assert client.get(live(found)).status_code == client.post(stop).status_code == 404
    found.refresh_from_db()
    assert found.state == IntegrationState.SEARCHING
