"""What lies between the commits of a report is asked once, by real git, and kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reports import actions
from reports.actions import changesets, read_changesets_due
from reports.changeset_queries import AGAIN
from reports.listeners import ask_git_of_new_heads, ask_git_when_ended
from reports.models import Changeset
from reports.summary_queries import facts_of
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tracks import repositories
from tracks.errors import SubjectError, ToolError
from tracks.execution.changesets import BROUGHT
from tracks.models import Run, Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.ALLOW_LOCAL_REPOSITORIES = True
    settings.DATA_DIR = tmp_path / "data"
    folder = create_repository(tmp_path / "ledger", {"a": "1\n2\n3\n"})
    commit(folder, {"a": "1\n2\nthree\n"}, branch="branch-a")
    commit(folder, {"b": "new\n"})
    return folder


@pytest.fixture
def track(folder: Path) -> Track:
    """Tested at both commits of its branch."""
    project = factories.create_project(repository=str(folder))
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    factories.create_baseline(sprint=track.sprint, at=git(folder, "rev-parse", "main"))
    for at in ("branch-a~1", "branch-a"):
        factories.create_run(track=track, at=git(folder, "rev-parse", at), passed=1)
    return Track.objects.get(pk=track.pk)


def read(track: Track, *, fetches: bool = True) -> None:
    read_changesets_due(track.sprint.project, now=NOON, fetches=fetches)


def between(folder: Path, base: str, head: str) -> Changeset:
    return Changeset.objects.get(base=git(folder, "rev-parse", base), head=git(folder, "rev-parse", head))


def test_what_the_branch_changes_and_what_the_retest_tried_are_kept(track, folder):
    read(track)
    branch = between(folder, "main", "branch-a")
    assert (branch.file_count, branch.added, branch.removed, branch.patches) == (2, 2, 1, [])
    assert [each["author"] for each in branch.commits] == ["Dev", "Dev"]
    attempt = between(folder, "branch-a~1", "branch-a")
    assert attempt.files == [{"path": "b", "added": 1, "removed": 0}]
    assert [(each["path"], each["text"]) for each in attempt.patches] == [("b", "@@ -0,0 +1 @@\n+new")]
    assert Changeset.objects.count() == 2


def test_where_the_branch_left_the_base_is_taken_where_that_is_known(track, folder):
    fork = git(folder, "rev-parse", "main")
    git(folder, "checkout", "-q", "main")
    moved = commit(folder, {"c": "1"})
    Run.objects.filter(track=None).update(sha=moved)
    Run.objects.filter(track=track).update(merge_base=fork)
    read(track)
    assert between(folder, fork, "branch-a").file_count == 2


def test_the_report_tells_of_them(track):
    read(track)
    found = facts_of(track.sprint, now=NOON).tracks[0]
    assert found.changes and found.changes.files == 2
    attempt = found.iterations[1].attempt
    assert attempt and [each.path for each in attempt.patches] == ["b"]


def test_a_branch_that_was_rewritten_is_told_with_what_it_was_before(track, folder):
    git(folder, "checkout", "-q", "-B", "branch-a", "main")
    rewritten = commit(folder, {"a": "1\n2\nIII\n"})
    before = Run.objects.get(track=track, iteration=1).sha
    factories.create_run(track=track, at=rewritten, passed=1)
    git(folder, "branch", "kept", before)
    read(track)
    found = Changeset.objects.get(base=before, head=rewritten)
    assert [each["sha"] for each in found.commits] == [rewritten]
    assert [each["path"] for each in found.files] == ["a", "b"] and found.is_rewritten


def test_what_others_did_on_the_base_branch_is_nobodys_attempt(track, folder):
    before = git(folder, "rev-parse", "branch-a")
    git(folder, "checkout", "-q", "main")
    others = commit(folder, {"c": "theirs\n"})
    git(folder, "checkout", "-q", "branch-a")
    git(folder, "merge", "-q", "--no-edit", "main")
    own = commit(folder, {"d": "own\n"})
    factories.create_run(track=track, at=own, passed=1)
    read(track)
    attempt = Changeset.objects.get(base=before, head=own)
    assert others not in [each["sha"] for each in attempt.commits] and not attempt.is_rewritten
    assert [each["path"] for each in attempt.patches] == ["d"]
    assert attempt.bounds == [BROUGHT]


def test_what_is_stored_is_not_asked_again(track, monkeypatch):
    read(track)
    monkeypatch.setattr(repositories, "fetch_missing", lambda *_, **__: pytest.fail("git was asked again"))
    read(track)


def test_a_commit_that_is_gone_is_noted_and_asked_for_again_a_day_later(track, folder, monkeypatch):
    late = commit(folder, {"c": "1\n"}, branch="late")
    Run.objects.filter(track=track, iteration=1).update(sha=late)
    with monkeypatch.context() as patch:
        patch.setattr(repositories, "fetch_missing", lambda *_: None)
        read(track)
    gone = Changeset.objects.filter(head=late)
    assert {bool(each.unread) for each in gone} == {True}
    assert facts_of(track.sprint, now=NOON).tracks[0].changes is None
    read(track)
    assert all(each.unread for each in gone.all())
    read_changesets_due(track.sprint.project, now=NOON + AGAIN, fetches=True)
    assert {(each.unread, each.file_count > 0) for each in gone.all()} == {("", True)}


def test_a_machine_without_a_copy_says_nothing_unless_it_may_fetch(track):
    read(track, fetches=False)
    assert not Changeset.objects.exists()
    repositories.fetch(track.sprint.project)
    read(track, fetches=False)
    assert Changeset.objects.count() == 2


def test_a_repository_that_does_not_answer_is_asked_again(track, folder):
    project = track.sprint.project
    project.repository = str(folder / "nowhere")
    project.save(update_fields=["repository"])
    with pytest.raises(SubjectError, match="cannot be reached"):
        read(track)
    assert not Changeset.objects.exists()


def test_one_that_git_cannot_tell_keeps_no_other(track, folder, monkeypatch):
    usual, head = repositories.Mirror.changeset, git(folder, "rev-parse", "main")

    def ill(self: repositories.Mirror, base: str, head_: str, **how: Any):
        if base == head:
            raise ToolError("git is ill")
        return usual(self, base, head_, **how)

    monkeypatch.setattr(repositories.Mirror, "changeset", ill)
    read(track)
    assert Changeset.objects.get().base == git(folder, "rev-parse", "branch-a~1")


def test_only_so_many_are_read_at_a_time(track, monkeypatch):
    monkeypatch.setattr(changesets, "READ_AT_ONCE", 1)
    for expected in (1, 2, 2):
        read(track)
        assert Changeset.objects.count() == expected


def test_a_sprint_in_which_nothing_ran_lately_is_left_alone(track):
    read_changesets_due(track.sprint.project, now=NOON + timedelta(days=31), fetches=True)
    assert not Changeset.objects.exists()


def test_the_end_of_a_run_and_new_heads_have_it_read(track, monkeypatch):
    asked = []
    monkeypatch.setattr(actions, "read_merges_due", lambda *_, **__: None)
    monkeypatch.setattr(actions, "read_changesets_due", lambda *_, **how: asked.append(how.get("fetches")))
    ask_git_when_ended(Run, run=Run.objects.filter(track=track).first())
    ask_git_of_new_heads(type(track.sprint.project), project=track.sprint.project)
    assert asked == [None, True]
