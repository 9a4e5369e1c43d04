"""New commits on the tracks' branches are noticed once, told, and tested where the project wants so."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import NOON
from tracks import actions, queries
from tracks.actions import heads
from tracks.models import Notice, Run, Track
from tracks.statuses import NoticeKind, Role, RunState

pytestmark = pytest.mark.django_db

OLD, NEW = "a" * 40, "b" * 40
EVERY = timedelta(seconds=120)


@pytest.fixture
def track() -> Track:
    """One that was tested at OLD."""
    track = factories.create_track()
    run = factories.create_run(track=track, passed=1)
    Run.objects.filter(pk=run.pk).update(sha=OLD)
    return track


def project_of(track: Track):
    return track.sprint.project


def note(track: Track, sha: str) -> None:
    actions.note_heads(project_of(track), {track.branch: sha, "main": OLD}, now=NOON)


def retest_by_itself(track: Track) -> None:
    project = project_of(track)
    project.retests = True
    project.save(update_fields=["retests"])


def test_a_head_that_was_not_tested_is_a_new_commit(track):
    note(track, OLD)
    assert not queries.with_new_commits([track])
    note(track, NEW)
    assert queries.with_new_commits([track]) == {track.pk}


def test_a_track_that_was_never_tested_has_none(track):
    other = factories.create_track(sprint=track.sprint, key="B")
    note(other, NEW)
    assert not queries.with_new_commits([other])


def test_a_run_there_that_was_cancelled_does_not_count(track):
    note(track, NEW)
    run = actions.start_track_run(track, sha=NEW, by=None, now=NOON)
    assert not queries.with_new_commits([track])
    actions.cancel(run, by=factories.create_user(), now=NOON)
    assert queries.with_new_commits([track]) == {track.pk}


def test_going_back_to_a_commit_that_was_tested_is_nothing_new(track):
    note(track, NEW)
    note(track, OLD)
    assert not queries.with_new_commits([track])


def test_testers_and_leads_are_told_once(track):
    tess = factories.create_member(project=project_of(track), role=Role.TESTER)
    factories.create_member(project=project_of(track), role=Role.DEVELOPER, name="Dev")
    note(track, NEW)
    note(track, NEW)
    (told,) = Notice.objects.filter(user=tess)
    assert told.kind == NoticeKind.COMMITS
    assert NEW[:7] in told.text
    assert not Notice.objects.filter(user__first_name="Dev").exists()


def test_a_project_that_retests_by_itself_starts_the_next_iteration_once(track):
    retest_by_itself(track)
    note(track, NEW)
    note(track, NEW)
    started = Run.objects.get(track=track, sha=NEW)
    assert (started.iteration, started.requested_by, started.state) == (1, None, RunState.QUEUED)
    assert not Notice.objects.exists()


def test_a_track_that_cannot_be_tested_keeps_no_other_and_is_tried_again(track, monkeypatch):
    retest_by_itself(track)
    other = factories.create_track(sprint=track.sprint, key="B")
    factories.create_run(track=other, passed=1)
    heads_of_both = {track.branch: NEW, other.branch: NEW}

    def start(of: Track, **how: object) -> Run:
        if of == track:
            raise ValueError
        return actions.start_track_run(of, **how)

    with monkeypatch.context() as patch:
        patch.setattr(heads, "start_track_run", start)
        actions.note_heads(project_of(track), heads_of_both, now=NOON)
    assert [run.track for run in Run.objects.filter(sha=NEW)] == [other]
    actions.note_heads(project_of(track), heads_of_both, now=NOON)
    assert Run.objects.filter(track=track, sha=NEW).exists()


def test_only_the_newest_sprint_is_acted_upon(track):
    retest_by_itself(track)
    factories.create_sprint(project=project_of(track), name="Later")
    note(track, NEW)
    assert not Run.objects.filter(sha=NEW).exists()


def test_a_branch_that_is_gone_has_no_head(track):
    note(track, NEW)
    actions.note_gone(project_of(track), {"main": OLD}, now=NOON)
    assert Track.objects.get(pk=track.pk).head == ""
    assert not queries.with_new_commits([track])


class TestWhoseTurnItIs:
    def test_is_nobodys_before_the_time_is_over(self, track):
        assert actions.take_looks(every=EVERY, now=NOON) == [project_of(track)]
        assert actions.take_looks(every=EVERY, now=NOON + EVERY / 2) == []
        assert actions.take_looks(every=EVERY, now=NOON + EVERY) == [project_of(track)]

    def test_is_not_that_of_a_project_without_tracks(self):
        factories.create_project()
        assert actions.take_looks(every=EVERY, now=NOON) == []
