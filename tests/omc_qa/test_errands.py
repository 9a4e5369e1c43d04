"""What a worker does beside its runs: looking for commits, sending messages."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from omc_qa.celery import Beside
from tests import factories
from tests.tracks.web.repository import make_repository
from tracks import actions, tasks
from tracks.models import Project, Track
from tracks.statuses import NoticeKind


def test_an_errand_that_still_goes_on_is_not_begun_again():
    begun, may_end = [], threading.Event()

    def errand() -> None:
        begun.append(threading.current_thread())
        assert may_end.wait(10)

    beside = Beside(errand)
    beside()
    beside()
    may_end.set()
    begun[0].join(10)
    beside()
    begun[1].join(10)
    assert len(begun) == 2


@pytest.mark.django_db
class TestLooking:
    @pytest.fixture
    def tracks(self, tmp_path, settings) -> tuple[Track, Track]:
        """One whose repository is nowhere, then one with a repository."""
        settings.ALLOW_LOCAL_REPOSITORIES = True
        folder = make_repository(tmp_path / "ledger", "main", "branch-a")
        lost, found = (
            factories.create_project(repository=each) for each in (str(tmp_path / "nowhere"), folder)
        )
        return tuple(
            factories.create_track(sprint=factories.create_sprint(project=each)) for each in (lost, found)
        )

    def test_a_repository_that_does_not_answer_keeps_no_other_from_being_asked(self, tracks):
        lost, found = tracks
        tasks.look_for_commits()
        for each in tracks:
            each.refresh_from_db()
        assert (lost.head, len(found.head)) == ("", 40)

    def test_an_error_of_ours_keeps_no_other_either(self, tracks, monkeypatch):
        lost, found = tracks

        def note_heads(project: Project, *_: object, **__: object) -> None:
            noted.append(project)
            raise ValueError

        noted: list[Project] = []
        lost.sprint.project.repository = found.sprint.project.repository
        lost.sprint.project.save(update_fields=["repository"])
        monkeypatch.setattr(actions, "note_heads", note_heads)
        tasks.look_for_commits()
        assert noted == [lost.sprint.project, found.sprint.project]

    def test_a_database_that_does_not_answer_ends_no_timer(self, tracks, monkeypatch):
        def silent(**_: object) -> None:
            raise OperationalError

        monkeypatch.setattr(actions, "take_looks", silent)
        tasks.look_for_commits()


@pytest.mark.django_db
def test_messages_are_sent_with_links_to_where_the_dashboard_is_reached(settings):
    settings.URL = "https://qa.example.org"
    track = factories.create_track()
    tess = factories.create_member(project=track.sprint.project)
    long_ago = timezone.now() - timedelta(seconds=settings.MAIL_SECONDS)
    actions.tell(NoticeKind.COMMITS, [tess], "New commits.", track=track, now=long_ago)
    tasks.send_mail()
    assert "https://qa.example.org/p/" in mail.outbox[0].body
