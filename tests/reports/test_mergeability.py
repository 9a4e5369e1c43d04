"""What git says of merging a track into its base is asked once, by real git, and kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from reports import merge_queries
from reports.actions import mergeability, read_merges_due
from reports.models import Decision, Mergeability
from reports.statuses import DecisionKind, MergeResult
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tracks import actions, repositories, tasks
from tracks.errors import SubjectError, ToolError
from tracks.models import Run, Sprint, Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.ALLOW_LOCAL_REPOSITORIES = True
    settings.DATA_DIR = tmp_path / "data"
    folder = create_repository(tmp_path / "ledger", {"a": "1\n2\n3\n"})
    commit(folder, {"a": "1\n2\nthree\n"}, branch="branch-a")
    git(folder, "checkout", "-q", "main")
    return folder


@pytest.fixture
def track(folder: Path) -> Track:
    """One whose branch was tested at its head; nobody has looked at the repository since."""
    project = factories.create_project(repository=str(folder))
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    factories.create_baseline(sprint=track.sprint, at=git(folder, "rev-parse", "main"))
    factories.create_run(track=track, at=git(folder, "rev-parse", "branch-a"), passed=1)
    return track


def read(track: Track, *, fetches: bool = True) -> None:
    read_merges_due(track.sprint.project, now=NOON, fetches=fetches)


def look(track: Track) -> None:
    repositories.look(track.sprint.project, now=NOON)


def told(base: str, head: str) -> Mergeability:
    return Mergeability.objects.get(base=base, head=head)


def approve(track: Track, run: Run) -> Decision:
    return Decision.objects.create(
        track=track,
        run=run,
        kind=DecisionKind.APPROVED,
        sha=run.sha,
        base_sha=run.sha,
        rationale="Good",
        frozen={},
        digest="",
        at=NOON,
    )


def test_a_merge_is_read_with_its_patch_and_its_authors(track, folder):
    read(track)
    found = told(git(folder, "rev-parse", "main"), git(folder, "rev-parse", "branch-a"))
    assert (found.result, found.conflicts, found.commits) == (MergeResult.CLEAN, [], 1)
    assert len(found.patch_id) == 40
    assert found.authors == [{"name": "Dev", "email": "dev@example.org"}]


def test_what_is_stored_is_not_asked_again(track, monkeypatch):
    read(track)
    monkeypatch.setattr(repositories, "fetch", lambda *_, **__: pytest.fail("it was fetched again"))
    read(track)
    assert Mergeability.objects.count() == 1


def test_when_the_base_moves_the_merge_into_its_new_head_is_read(track, folder):
    read(track)
    base = commit(folder, {"a": "1\n2\nIII\n"})
    look(track)
    read(track)
    found = told(base, git(folder, "rev-parse", "branch-a"))
    assert (found.result, found.patch_id) == (MergeResult.CONFLICT, "")
    (conflict,) = found.conflicts
    assert (conflict["path"], conflict["kind"], conflict["hunks"][0]["line"]) == ("a", "content", 3)
    assert "three" in conflict["hunks"][0]["text"]


def test_the_head_the_tested_commit_and_the_approved_one_are_read(track, folder):
    approved = Run.objects.get(track=track)
    approve(track, approved)
    git(folder, "checkout", "-q", "branch-a")
    tested, head = commit(folder, {"b": "1"}), commit(folder, {"c": "1"})
    factories.create_run(track=track, at=tested, passed=1)
    look(track)
    read(track)
    assert set(Mergeability.objects.values_list("head", flat=True)) == {approved.sha, tested, head}


def test_a_commit_that_is_gone_is_unknown_and_says_so(track, folder):
    lost = "f" * 40
    Track.objects.filter(pk=track.pk).update(head=lost)
    read(track)
    found = Mergeability.objects.get(head=lost)
    assert found.result == MergeResult.UNKNOWN and "fffffff is not in" in found.note


def test_a_commit_that_comes_later_is_known_then_and_asked_for_every_few_minutes_only(
    track, folder, monkeypatch
):
    late = commit(folder, {"c": "1"}, branch="late")
    Track.objects.filter(pk=track.pk).update(head=late)
    with monkeypatch.context() as patch:
        patch.setattr(repositories, "is_mirrored", lambda *_: True)
        patch.setattr(repositories, "fetch", lambda *_, **__: pytest.fail("it was fetched"))
        read(track)
    assert Mergeability.objects.get(head=late).result == MergeResult.UNKNOWN
    read(track)
    assert Mergeability.objects.get(head=late).result == MergeResult.UNKNOWN
    read_merges_due(track.sprint.project, now=NOON + merge_queries.AGAIN, fetches=True)
    found = Mergeability.objects.get(head=late)
    assert (found.result, found.note, found.read_at) == (MergeResult.CLEAN, "", NOON + merge_queries.AGAIN)


def test_a_commit_that_is_gone_and_no_tracks_head_is_not_asked_for_again(track, monkeypatch):
    lost = "f" * 40
    Track.objects.filter(pk=track.pk).update(head=lost)
    read(track)
    Track.objects.filter(pk=track.pk).update(head="")
    Run.objects.filter(track=track).update(sha=lost)
    monkeypatch.setattr(repositories, "fetch", lambda *_, **__: pytest.fail("it was fetched"))
    read_merges_due(track.sprint.project, now=NOON + timedelta(hours=1), fetches=True)


def test_histories_that_share_nothing_are_unrelated(track, folder):
    git(folder, "checkout", "-q", "--orphan", "alone")
    head = commit(folder, {"z": "1"})
    Track.objects.filter(pk=track.pk).update(head=head)
    read(track)
    assert Mergeability.objects.get(head=head).result == MergeResult.UNRELATED


def test_a_machine_without_a_copy_says_nothing_unless_it_may_fetch(track):
    read(track, fetches=False)
    assert not Mergeability.objects.exists()
    repositories.fetch(track.sprint.project)
    read(track, fetches=False)
    assert Mergeability.objects.get().result == MergeResult.CLEAN


def test_a_repository_that_does_not_answer_is_asked_again(track, folder):
    project = track.sprint.project
    project.repository = str(folder / "nowhere")
    project.save(update_fields=["repository"])
    with pytest.raises(SubjectError, match="cannot be reached"):
        read(track)
    assert not Mergeability.objects.exists()


def test_one_that_git_cannot_tell_keeps_no_other_and_is_asked_again(track, folder, monkeypatch):
    broken = commit(folder, {"c": "1"}, branch="branch-b")
    other = factories.create_track(sprint=track.sprint, key="B")
    factories.create_run(track=other, at=broken, passed=1)
    usual = repositories.Mirror.merge

    def merge(self: repositories.Mirror, base: str, head: str):
        if head == broken:
            raise ToolError("git is ill")
        return usual(self, base, head)

    with monkeypatch.context() as patch:
        patch.setattr(repositories.Mirror, "merge", merge)
        read(track)
    assert Mergeability.objects.get().head == git(folder, "rev-parse", "branch-a")
    read(track)
    assert Mergeability.objects.filter(head=broken).exists()


def test_only_so_many_are_read_at_a_time(track, monkeypatch, folder):
    monkeypatch.setattr(mergeability, "READ_AT_ONCE", 1)
    git(folder, "checkout", "-q", "branch-a")
    commit(folder, {"b": "1"})
    look(track)
    for expected in (1, 2, 2):
        read(track)
        assert Mergeability.objects.count() == expected


def test_a_sprint_in_which_nothing_ran_lately_is_left_alone(track):
    late = NOON + timedelta(days=31)
    read_merges_due(track.sprint.project, now=late, fetches=True)
    assert not Mergeability.objects.exists()


def test_a_worker_that_looks_for_commits_reads_what_merging_them_gives(track, folder, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    tasks.look_for_commits()
    assert Sprint.objects.get().base_head == git(folder, "rev-parse", "main")
    assert Mergeability.objects.get().result == MergeResult.CLEAN


def test_a_base_branch_that_is_gone_has_no_head(track, folder):
    look(track)
    actions.note_bases(track.sprint.project, {"branch-a": "a" * 40}, now=NOON)
    assert Sprint.objects.get().base_head == ""
    assert Sprint.objects.get().base_is_gone


def test_that_it_is_gone_is_known_where_nobody_ever_saw_it(track):
    assert not Sprint.objects.get().base_is_gone
    actions.note_bases(track.sprint.project, {}, now=NOON)
    assert Sprint.objects.get().base_is_gone


def test_a_history_that_is_cut_off_is_unknown_and_so_are_its_authors(track, folder, tmp_path):
    head = git(folder, "rev-parse", "branch-a")
    base = commit(folder, {"b": "1"})
    shallow = tmp_path / "shallow"
    options = ("--bare", "--depth=1", "--no-single-branch")
    git(tmp_path, "clone", "-q", *options, f"file://{folder}", str(shallow))
    project = track.sprint.project
    project.repository = str(shallow)
    project.save(update_fields=["repository"])
    look(track)
    read(track)
    found = told(base, head)
    assert found.result == MergeResult.UNKNOWN and "git fetch --unshallow" in found.note
    assert (found.authors, found.commits) == ([], 0)
