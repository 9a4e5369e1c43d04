"""Which tracks can be merged on trial, on real repositories; each that cannot is told why."""

import shutil

import pytest

from reports import trial_merges
from reports.trial_merges import Wanted, merge_tracks
from tests import factories
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tracks.errors import SubjectError
from tracks.execution.git import mirror_path
from tracks.execution.merging import MAX_PATH
from tracks.execution.spec import Places

pytestmark = pytest.mark.django_db
FILES = {"a.txt": "one\n", "b.txt": "one\n"}


@pytest.fixture
def repository(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.ALLOW_LOCAL_REPOSITORIES = True
    return create_repository(tmp_path / "ledger", FILES)


@pytest.fixture
def project(repository):
    return factories.create_project(repository=str(repository))


def branch(repository, key: str, files: dict[str, str], **fields) -> Wanted:
    git(repository, "checkout", "-q", "main")
    return Wanted(key, key.lower(), commit(repository, files, branch=key.lower()), **fields)


def merged(project, repository, *wanted: Wanted):
    return merge_tracks(project, "1", git(repository, "rev-parse", "main"), wanted)


def test_clean_tracks_are_merged_in_order_into_the_same_commits_on_every_machine(
    project, repository, settings, tmp_path
):
    refs = git(repository, "for-each-ref")
    wanted = [branch(repository, key, {f"{key}.txt": key}) for key in "AB"]
    before = git(repository, "for-each-ref")
    one = merged(project, repository, *wanted)
    settings.DATA_DIR = tmp_path / "other"
    assert merged(project, repository, *wanted) == one
    assert [key for key, _ in one.merged] == ["A", "B"]
    mirror = mirror_path(Places(tmp_path / "data"), str(project.pk), project.repository)
    assert git(mirror, "rev-parse", "refs/omc/integration/1") == one.tip
    assert git(mirror, "ls-tree", "--name-only", one.tip).split() == ["A.txt", "B.txt", "a.txt", "b.txt"]
    assert git(repository, "for-each-ref") == before != refs, "nothing is pushed"


def test_a_conflict_names_the_file_the_lines_and_who_else_changes_it(project, repository):
    trial = merged(
        project,
        repository,
        branch(repository, "A", {"a.txt": "two\n"}),
        branch(repository, "B", {"b.txt": "two\n"}),
        branch(repository, "C", {"a.txt": "three\n"}),
        branch(repository, "D", {"d.txt": "new\n"}, waits_for=("C",)),
    )
    assert [key for key, _ in trial.merged] == ["A", "B"]
    conflict, others = trial.left_out[0].conflicts[0]
    assert (conflict.path, conflict.kind, others) == ("a.txt", "content", ("A",))
    assert "two" in conflict.hunks[0].text
    assert trial.left_out[0].why.startswith("It conflicts with A in 1 file.")
    assert trial.left_out[1].why.startswith("It depends on C, left out")


def test_a_binary_conflict_has_no_lines(project, repository):
    wanted = []
    for key in "AB":
        git(repository, "checkout", "-q", "-b", key.lower(), "main")
        (repository / "logo").write_bytes(b"\0\1" + key.encode() * 50)
        wanted.append(Wanted(key, key.lower(), commit(repository, {})))
    conflict, others = merged(project, repository, *wanted).left_out[0].conflicts[0]
    assert (conflict.path, conflict.kind, conflict.hunks) == ("logo", "binary", ())
    assert others == ("A",)


@pytest.mark.parametrize(("first", "second"), [("x", "x/y"), ("x/y", "x")])
def test_a_file_in_the_way_of_a_directory_is_told_with_the_track_that_made_it(
    project, repository, first, second
):
    trial = merged(
        project,
        repository,
        branch(repository, "A", {first: "one\n"}),
        branch(repository, "B", {second: "two\n"}),
    )
    assert trial.left_out[0].why.startswith("It conflicts with A in 1 file.")
    assert [others for _, others in trial.left_out[0].conflicts] == [("A",)]


def test_a_path_that_is_too_long_to_be_kept_is_told_with_its_track(project, repository):
    long = "/".join(["d" * 100] * 6)
    wanted = [branch(repository, key, {long: key}) for key in "AB"]
    ((conflict, others),) = merged(project, repository, *wanted).left_out[0].conflicts
    assert (len(conflict.path), others) == (MAX_PATH, ("A",))


def test_what_changed_too_much_to_be_read_is_not_taken_for_the_base(project, repository, monkeypatch):
    monkeypatch.setattr(trial_merges, "_touched", lambda *_: frozenset())
    wanted = [branch(repository, key, {"a.txt": key}) for key in "AB"]
    why = merged(project, repository, *wanted).left_out[0].why
    assert why.startswith("It conflicts with what is merged before it in 1 file.")


def test_a_conflict_with_the_base_names_the_base(project, repository):
    wanted = branch(repository, "A", {"a.txt": "two\n"})
    git(repository, "checkout", "-q", "main")
    commit(repository, {"a.txt": "three\n"})
    assert merged(project, repository, wanted).left_out[0].why.startswith("It conflicts with the base in")


def test_histories_without_a_common_commit_are_left_out(project, repository):
    git(repository, "checkout", "-q", "--orphan", "a")
    sha = commit(repository, {"other.txt": "x"})
    (left,) = merged(project, repository, Wanted("A", "a", sha)).left_out
    assert left.why == "It shares no history with the base. Rebase it on the base branch."


def test_a_shallow_repository_is_told_from_unrelated_histories(tmp_path, repository):
    wanted = branch(repository, "A", {"x.txt": "x"})
    git(repository, "checkout", "-q", "main")
    base = commit(repository, {"b.txt": "two\n"})
    shallow = tmp_path / "shallow"
    git(
        tmp_path,
        "clone",
        "-q",
        "--bare",
        "--depth=1",
        "--no-single-branch",
        f"file://{repository}",
        str(shallow),
    )
    project = factories.create_project(repository=str(shallow))
    (left,) = merge_tracks(project, "1", base, [wanted]).left_out
    assert "cut off (shallow)" in left.why


def test_branches_that_are_gone_rewritten_or_empty_are_left_out(project, repository):
    gone, rewritten = (branch(repository, key, {f"{key}.txt": "x"}) for key in "AB")
    git(repository, "checkout", "-q", "main")
    git(repository, "branch", "-q", "-D", "a")
    git(repository, "branch", "-q", "-f", "b", "main")
    git(repository, "branch", "-q", "c", "main")
    empty = Wanted("C", "c", git(repository, "rev-parse", "main"))
    trial = merged(project, repository, gone, rewritten, empty)
    assert [left.why.split(".")[0] for left in trial.left_out] == [
        "Its branch a is not in the repository any more",
        f"Its commit {rewritten.sha[:7]} is not on the branch b any more",
        "It has no commits of its own: all of it is in the base already",
    ]
    assert not trial.merged


def test_twenty_tracks_are_merged(project, repository):
    wanted = [branch(repository, f"T{number}", {f"{number}.txt": "x"}) for number in range(20)]
    assert len(merged(project, repository, *wanted).merged) == 20


def test_a_base_that_is_gone_and_a_repository_that_is_gone_are_told(project, repository):
    wanted = branch(repository, "A", {"x.txt": "x"})
    with pytest.raises(SubjectError, match="The base's commit 0000000 is not in the repository"):
        merge_tracks(project, "1", "0" * 40, [wanted])
    shutil.rmtree(repository)
    with pytest.raises(SubjectError, match="cannot be reached"):
        merge_tracks(project, "1", wanted.sha, [wanted])


def test_conflicts_of_all_tracks_share_their_room_and_are_counted_all(project, repository, monkeypatch):
    monkeypatch.setattr(trial_merges, "MAX_TEXT", 600)
    files = {f"{number:02}.txt": "{0}\n" for number in range(60)}
    git(repository, "checkout", "-q", "main")
    wanted = [
        branch(repository, key, {path: text.format(key) for path, text in files.items()}) for key in "ABCDE"
    ]
    trial = merged(project, repository, *wanted)
    assert [left.key for left in trial.left_out] == list("BCDE")
    assert {left.files for left in trial.left_out} == {60}
    assert all(left.why.startswith("It conflicts with A in 60 files.") for left in trial.left_out)
    kept = [conflict for left in trial.left_out for conflict, _ in left.conflicts]
    text = sum(len(each.path) + sum(len(hunk.text) for hunk in each.hunks) for each in kept)
    assert 500 < text <= 600
    assert kept[0].hunks and not kept[-1].hunks
