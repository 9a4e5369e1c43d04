"""The pages of a trial integration while it goes on: what is sent again, what it costs, and its end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports import actions, integration_queries
from reports.interactions import InteractionKind
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


def test_the_list_is_divided_into_pages(found, tester, client, monkeypatch):
    monkeypatch.setattr("reports.web.integrating.PAGE", 2)
    for _ in range(3):
        copy_of(found)
    address = reverse("reports:integrations", args=[found.sprint.project.slug, found.sprint.slug])
    first, second = (client.get(address, {"page": page}).content.decode() for page in (1, 2))
    own = reverse("reports:integration", args=[found.sprint.project.slug, found.pk])
    assert own not in first and own in second
    assert "3 to 4 of 4" in second
    assert "One goes on already" in first


@pytest.mark.parametrize("name", ["integrations", "sprint"])
def test_what_there_was_before_costs_nothing(found, tester, client, name):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"reports:{name}", args=[found.sprint.project.slug, found.sprint.slug]))
        whole = [each["sql"] for each in queries if '"interactions", "reports_integration"' in each["sql"]]
        assert all(sql.endswith("LIMIT 1") for sql in whole), "of those before the latest little is read"
        return len(queries)

    before = cost()
    for _ in range(5):
        copy_of(found)
    assert cost() == before


def copy_of(found: Integration) -> Integration:
    """Another one, which has ended."""
    return Integration.objects.create(
        sprint=found.sprint,
        base_sha=found.base_sha,
        baseline=found.baseline,
        tracks=found.tracks,
        merged=found.merged,
        state=IntegrationState.STOPPED,
        started_at=NOON,
    )


def test_of_each_track_the_latest_is_read(found):
    first, second = found.tracks
    found.state = IntegrationState.STOPPED
    found.left_out = [{"key": "A", "why": "It conflicts with B.", "conflicts": [], "files": 1}]
    found.save()
    later = copy_of(found)
    later.tracks = [second]
    later.save()
    with CaptureQueriesContext(connection) as queries:
        known = integration_queries.facts_of(found.sprint)
    assert {track: fact.integration for track, fact in known.items()} == {
        first["track"]: found.pk,
        second["track"]: later.pk,
    }
    assert known[first["track"]].reason == "It conflicts with B."
    assert len(queries) == 2


def test_the_tests_that_were_searched_tell_how_an_integration_stands_without_being_read(found):
    found.run = factories.play(found.run, passed=3)
    found.state = IntegrationState.DONE
    found.figures = {"suspects": 2, "criteria": []}
    found.interactions = [
        {"test": 1, "signature": "", "fixers": [], "kind": InteractionKind.FLAKY, "keys": []},
        {"test": 2, "signature": "", "fixers": [], "kind": InteractionKind.TOGETHER, "keys": ["A", "B"]},
    ]
    found.save()
    read = integration_queries.slim(Integration.objects.all())[0]
    assert integration_queries.has_passed(read) == integration_queries.has_passed(found)


def test_conflicts_that_are_not_kept_are_counted_on_the_page(found, tester, client):
    conflict = {"path": "a.txt", "kind": "content", "with": ["A"], "hunks": []}
    found.left_out = [{"key": "B", "why": "It conflicts.", "conflicts": [conflict], "files": 60}]
    found.save()
    page = client.get(reverse("reports:integration", args=[found.sprint.project.slug, found.pk]))
    assert "and 59 more files with conflicts" in page.content.decode()
