"""Looking for new commits by hand, in a real repository, and what the board says of them."""

import subprocess

import pytest
from django.utils import timezone

from tests import factories
from tests.tracks.web.pages import htmx, member, words
from tests.tracks.web.repository import make_repository
from tracks import actions, doorbell, repositories, tasks
from tracks.errors import SubjectError
from tracks.models import Run, Track
from tracks.signals import heads_noted
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings) -> str:
    settings.ALLOW_LOCAL_REPOSITORIES = True
    return make_repository(tmp_path / "ledger", "main", "branch-a")


@pytest.fixture
def track(folder) -> Track:
    project = factories.create_project(repository=folder)
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    run = factories.create_run(track=track, passed=1)
    Run.objects.filter(pk=run.pk).update(sha=repositories.resolve_branch(project, "branch-a"))
    return track


def board(track: Track) -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/"


def commit(folder: str, branch: str) -> None:
    who = ("-c", "user.name=Dev", "-c", "user.email=dev@example.org")
    subprocess.run(["git", "-C", folder, "checkout", "-q", branch], check=True)
    subprocess.run(["git", "-C", folder, *who, "commit", "-q", "--allow-empty", "-m", "more"], check=True)


def test_the_board_says_which_tracks_have_new_commits(track, folder):
    tess = member(track.sprint.project)
    answer = tess.post(f"{board(track)}look", follow=True)
    assert "No new commits on the tracks of this sprint." in words(answer)
    commit(folder, "branch-a")
    answer = tess.post(f"{board(track)}look", follow=True)
    assert "New commits on A." in words(answer)
    assert "new commits since the last test" in words(answer)
    assert "new commits since the last test up to" in words(tess.get(f"{board(track)}t/A/"))
    assert htmx(tess, f"{board(track)}look").headers["HX-Refresh"] == "true"


def test_starting_a_test_sees_the_head_and_leaves_nothing_new(track, folder):
    commit(folder, "branch-a")
    member(track.sprint.project).post(f"{board(track)}t/A/start")
    track.refresh_from_db()
    assert track.head == Run.objects.latest("pk").sha
    assert "new commits since" not in words(member(track.sprint.project, name="Lena").get(board(track)))


def test_a_repository_that_does_not_answer_says_so_and_keeps_what_was_known(track, tmp_path):
    actions.note_heads(track.sprint.project, {"branch-a": "c" * 40}, now=timezone.now())
    track.sprint.project.repository = str(tmp_path / "nowhere")
    track.sprint.project.save(update_fields=["repository"])
    answer = htmx(member(track.sprint.project), f"{board(track)}look")
    assert answer.status_code == 502
    assert "cannot be reached" in words(answer)
    assert Track.objects.get().head == "c" * 40


def test_a_reader_may_not(track):
    assert member(track.sprint.project, Role.READER).post(f"{board(track)}look").status_code == 403


def test_a_worker_is_told_and_announces_the_heads_that_a_page_has_seen(track, folder, monkeypatch):
    told: list[int] = []
    monkeypatch.setattr(doorbell, "tell_of_heads", told.append)
    member(track.sprint.project).post(f"{board(track)}look")
    assert told == [track.sprint.project_id]
    announced: list[object] = []

    def listen(sender: type, project: object, **_: object) -> None:
        announced.append(project)
        raise SubjectError("The repository cannot be reached.")

    heads_noted.connect(listen)
    try:
        tasks.noted(told[0])
        tasks.noted(0)  # one that is gone meanwhile
    finally:
        heads_noted.disconnect(listen)
    assert announced == [track.sprint.project]
