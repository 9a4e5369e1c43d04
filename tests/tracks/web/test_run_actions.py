"""Starting and cancelling runs from the pages."""

import pytest

from tests import factories
from tests.tracks.web.pages import htmx, member, words
from tracks import repositories
from tracks.errors import SubjectError
from tracks.models import Run, Track
from tracks.statuses import Role, RunKind, RunState

pytestmark = pytest.mark.django_db

HEAD = "5bd668a" + "0" * 33


@pytest.fixture
def track() -> Track:
    return factories.create_track()


@pytest.fixture(autouse=True)
def _head(monkeypatch):
    monkeypatch.setattr(repositories, "resolve_branch", lambda project, branch: HEAD)


def path(track: Track, rest: str) -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/{rest}"


def test_starting_a_track_tests_the_head_of_its_branch_and_leads_to_the_run(track):
    response = member(track.sprint.project).post(path(track, "t/A/start"))
    run = Run.objects.get()
    assert (run.sha, run.track, run.iteration, run.requested_by.first_name) == (HEAD, track, 0, "Tess")
    assert response.url == f"/p/{run.project.slug}/runs/{run.pk}/"


def test_starting_the_baseline_makes_it_the_sprints(track):
    member(track.sprint.project).post(path(track, "baseline/start"))
    track.sprint.refresh_from_db()
    assert track.sprint.baseline.kind == RunKind.BASELINE


def test_htmx_is_led_there_by_a_header(track):
    response = htmx(member(track.sprint.project), path(track, "t/A/start"))
    assert response["HX-Redirect"].endswith(f"/runs/{Run.objects.get().pk}/")


def test_the_second_person_is_led_to_the_first_ones_run(track):
    member(track.sprint.project).post(path(track, "t/A/start"))
    response = member(track.sprint.project, Role.LEAD, "Lena").post(path(track, "t/A/start"), follow=True)
    assert Run.objects.count() == 1
    assert "is being tested already" in words(response)
    assert "This is that run." in words(response)


def test_a_branch_that_is_gone_is_said_with_what_to_do(track, monkeypatch):
    def gone(project, branch):
        raise SubjectError(f"There is no branch '{branch}'.", remedy="Did you mean branch-b?")

    monkeypatch.setattr(repositories, "resolve_branch", gone)
    response = htmx(member(track.sprint.project), path(track, "t/A/start"))
    assert response.status_code == 502
    assert "There is no branch &#x27;branch-a&#x27;. Did you mean branch-b?" in words(response)
    assert not Run.objects.exists()


def test_cancelling_ends_the_run_and_says_by_whom(track):
    run = factories.start_run(track=track)
    response = member(run.project).post(f"/p/{run.project.slug}/runs/{run.pk}/cancel", follow=True)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert "Cancelled by Tess." in words(response)


def test_an_ended_run_cannot_be_cancelled(track):
    run = factories.create_run(track=track, passed=1)
    response = member(run.project).post(f"/p/{run.project.slug}/runs/{run.pk}/cancel")
    assert response.status_code == 400
    assert "This run has ended already" in words(response)


@pytest.mark.parametrize("rest", ["baseline/start", "t/A/start"])
def test_a_reader_may_not_start_and_is_told_who_may(track, rest):
    response = member(track.sprint.project, Role.READER, "Dev").post(path(track, rest))
    assert response.status_code == 403
    assert "Only a developer, tester or lead may start and cancel runs." in words(response)
    assert not Run.objects.exists()


@pytest.mark.parametrize("rest", ["baseline/start", "t/A/start"])
def test_nothing_is_started_by_following_a_link(track, rest):
    assert member(track.sprint.project).get(path(track, rest)).status_code == 405


def test_an_unknown_track_is_not_found(track):
    assert member(track.sprint.project).post(path(track, "t/Z/start")).status_code == 404
