"""Trial merges by git itself, with names and histories that nobody wishes for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.repositories import Repository
from tracks.errors import InvalidInput, SubjectError, ToolError
from tracks.execution import git, locks, merging
from tracks.execution.merging import Author
from tracks.statuses import MergeResult

LINES = "one\ntwo\nthree\nfour\nfive\n"
BLOB = "\0\1\2"

Mirror = Callable[[], Path]


class Fork:
    """Two lines of work, ``main`` and ``other``, that part at the same commit."""

    def __init__(self, repository: Repository, files: dict[str, str]) -> None:
        self._repository = repository
        self.origin = repository.commit(files)
        repository.branch("other")

    def on(self, branch: str, files: dict[str, str] | None = None, *, without: str = "") -> str:
        git_ = self._repository.git
        git_("checkout", "--quiet", branch)
        if without:
            git_("rm", "--quiet", "--", without)
        return self._repository.commit(files)

    def moved(self, branch: str, old: str, new: str) -> str:
        self._repository.git("checkout", "--quiet", branch)
        self._repository.git("mv", "--", old, new)
        return self._repository.commit()


def merged(mirror: Mirror, base: str, head: str) -> merging.Merged:
    return merging.merge(mirror(), base, head)


def test_what_touches_different_files_merges(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES})
    base, head = fork.on("main", {"b": "1"}), fork.on("other", {"c": "1"})
    said = merged(mirror, base, head)
    assert said.result is MergeResult.CLEAN and not said.conflicts
    written = git.decode(git.call("-C", str(mirror()), "ls-tree", "--name-only", said.tree).stdout)
    assert written.split() == ["a", "b", "c"]


def test_a_conflict_tells_the_file_the_line_and_both_sides(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES})
    base = fork.on("main", {"a": LINES.replace("three", "mine")})
    head = fork.on("other", {"a": LINES.replace("three", "yours")})
    said = merged(mirror, base, head)
    assert said.result is MergeResult.CONFLICT
    (conflict,) = said.conflicts
    assert (conflict.path, conflict.kind) == ("a", "content")
    (hunk,) = conflict.hunks
    assert hunk.line == 3
    assert hunk.text.split("\n") == [f"<<<<<<< {base}", "mine", "=======", "yours", f">>>>>>> {head}"]


def test_both_sides_may_add_a_file_of_the_same_name(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": "1"})
    base, head = fork.on("main", {"new": "mine"}), fork.on("other", {"new": "yours"})
    (conflict,) = merged(mirror, base, head).conflicts
    assert conflict.kind == "add/add" and "yours" in conflict.hunks[0].text


def test_one_side_may_delete_what_the_other_changes(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES, "b": "1"})
    base, head = fork.on("main", {"a": LINES + "six\n"}), fork.on("other", without="a")
    (conflict,) = merged(mirror, base, head).conflicts
    assert (conflict.path, conflict.kind, conflict.hunks) == ("a", "modify/delete", ())


def test_a_file_may_be_renamed_twice(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES})
    base, head = fork.moved("main", "a", "mine"), fork.moved("other", "a", "yours")
    (conflict,) = merged(mirror, base, head).conflicts
    assert (conflict.path, conflict.kind) == ("a", "rename/rename")


def test_what_was_renamed_here_and_changed_there_merges(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES})
    base, head = fork.moved("main", "a", "b"), fork.on("other", {"a": LINES + "six\n"})
    said = merged(mirror, base, head)
    assert said.result is MergeResult.CLEAN
    assert git.show(mirror(), said.tree, "b").endswith("six\n")


def test_binary_files_cannot_be_merged(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": BLOB})
    base, head = fork.on("main", {"a": BLOB + "\3"}), fork.on("other", {"a": BLOB + "\4"})
    (conflict,) = merged(mirror, base, head).conflicts
    assert (conflict.kind, conflict.hunks) == ("binary", ())


def test_histories_without_a_common_commit_are_unrelated(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"a": "1"})
    repository.git("checkout", "--quiet", "--orphan", "alone")
    head = repository.commit({"a": "2"})
    assert merged(mirror, base, head) == merging.Merged(MergeResult.UNRELATED)


@pytest.mark.parametrize("name", ["new\nline", "-x", "ünï/cödé", "a\tb", "CONFLICT (binary)", ":(top)x", "1"])
def test_a_file_may_be_called_anything(repository: Repository, mirror: Mirror, name: str) -> None:
    fork = Fork(repository, {name: LINES})
    base = fork.on("main", {name: LINES.replace("three", "mine")})
    head = fork.on("other", {name: LINES.replace("three", "yours")})
    (conflict,) = merged(mirror, base, head).conflicts
    assert (conflict.path, conflict.kind, len(conflict.hunks)) == (name, "content", 1)


def test_lines_that_cross_merge_too(repository: Repository, mirror: Mirror) -> None:
    """Each merged the other's first commit: there are two merge bases, which git merges first."""
    fork = Fork(repository, {"a": LINES})
    first = fork.on("main", {"a": LINES.replace("one", "1")})
    second = fork.on("other", {"a": LINES.replace("five", "5")})
    for branch, sha in (("main", second), ("other", first)):
        repository.git("checkout", "--quiet", branch)
        repository.git("merge", "--quiet", "--no-ff", "--message", "cross", sha)
    base, head = fork.on("main", {"b": "1"}), fork.on("other", {"c": "1"})
    assert merged(mirror, base, head).result is MergeResult.CLEAN


def test_only_so_much_of_a_conflict_is_kept(repository: Repository, mirror: Mirror) -> None:
    names = [f"f{number:02}" for number in range(merging.MAX_FILES + 3)]
    kept = ["keep"] * 5
    files = dict.fromkeys(names, "x\n")
    gaps = merging.MAX_HUNKS + 2
    fork = Fork(repository, files | {"a": "\n".join(["x", *kept] * gaps)})
    sides = [
        fork.on(branch, dict.fromkeys(names, text) | {"a": "\n".join([text, *kept] * gaps)})
        for branch, text in (("main", "m" * 3000), ("other", "o" * 3000))
    ]
    conflicts = merged(mirror, *sides).conflicts
    assert len(conflicts) == merging.MAX_FILES and conflicts[0].path == "a"
    assert len(conflicts[0].hunks) == merging.MAX_HUNKS
    assert {len(hunk.text) for hunk in conflicts[0].hunks} == {merging.MAX_HUNK}


def test_a_commit_that_is_gone_is_named(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"a": "1"})
    with pytest.raises(SubjectError, match=f"The commit {'f' * 40} is not in the repository"):
        merged(mirror, base, "f" * 40)


@pytest.mark.parametrize("sha", ["main", "--output=x", ""])
def test_only_whole_shas_are_merged(repository: Repository, mirror: Mirror, sha: str) -> None:
    base = repository.commit({"a": "1"})
    with pytest.raises(InvalidInput):
        merging.merge(mirror(), base, sha)


def test_a_merge_has_the_same_sha_wherever_and_whenever_it_is_made(
    repository: Repository, mirror: Mirror, tmp_path: Path
) -> None:
    fork = Fork(repository, {"a": LINES})
    base, head = fork.on("main", {"b": "1"}), fork.on("other", {"c": "1"})
    elsewhere = tmp_path / "elsewhere.git"
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(elsewhere))
    made = set()
    for place in (mirror(), mirror(), elsewhere):
        tree = merging.merge(place, base, head).tree
        made.add(merging.commit(place, tree, (base, head), "Merge B\0\n\non trial"))
    (sha,) = made
    (told, *_) = git.commits(mirror(), "", sha)
    assert (told.parents, told.subject, told.author) == ((base, head), "Merge B", "OMC QA")
    assert git.tree(mirror(), sha) == merging.merge(mirror(), base, head).tree


def test_a_merge_can_be_merged_again_and_is_kept(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES})
    base, head = fork.on("main", {"b": "1"}), fork.on("other", {"c": "1"})
    repository.git("checkout", "--quiet", "-b", "third", fork.origin)
    third = repository.commit({"d": "1"})
    first = merging.commit(mirror(), merging.merge(mirror(), base, head).tree, (base, head), "B")
    merging.keep(mirror(), "7-B", first)
    assert merging.merge(mirror(), first, third).result is MergeResult.CLEAN
    assert (mirror() / git.INTEGRATIONS / "7-B").read_text().strip() == first
    assert set(git.branches(mirror())) == {"main", "other", "third"}


@pytest.mark.parametrize("name", ["../heads/main", "-d", "a b", "", "x.lock"])
def test_what_keeps_a_merge_cannot_be_a_ref_of_others(
    repository: Repository, mirror: Mirror, name: str
) -> None:
    sha = repository.commit({"a": "1"})
    with pytest.raises(InvalidInput):
        merging.keep(mirror(), name, sha)


def test_a_merge_waits_for_a_fetch_only_where_it_writes_a_ref(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES})
    base, head = fork.on("main", {"b": "1"}), fork.on("other", {"c": "1"})
    place = mirror()
    with locks.holding(place.with_suffix(".lock")):
        tree = merging.merge(place, base, head).tree
        assert merging.commit(place, tree, (base, head), "B")


def test_a_patch_keeps_its_id_when_the_base_moves_around_it(repository: Repository, mirror: Mirror) -> None:
    fork = Fork(repository, {"a": LINES, "pic": BLOB})
    head = fork.on("other", {"a": LINES.replace("five", "5"), "pic": BLOB + "\3"})
    before = merging.patch_id(mirror(), fork.origin, head)
    base = fork.on("main", {"a": "zero\nzero and a half\n" + LINES, "b": "1"})
    tree = merging.merge(mirror(), base, head).tree
    assert merging.patch_id(mirror(), base, tree) == before != ""
    assert len(before) == 40


@pytest.mark.parametrize(
    "files",
    [
        {"a": LINES.replace("five", "6")},
        {"a": LINES.replace("five", " 5")},
        {"a": LINES.replace("five", "5"), "b": "1"},
        {"a": LINES.replace("five", "5"), "pic": BLOB + "\3"},
    ],
    ids=["another line", "a blank", "one file more", "a binary file"],
)
def test_another_change_has_another_id(repository: Repository, mirror: Mirror, files: dict[str, str]) -> None:
    fork = Fork(repository, {"a": LINES, "pic": BLOB})
    head = fork.on("other", {"a": LINES.replace("five", "5")})
    other = fork.on("main", files)
    place = mirror()
    assert merging.patch_id(place, fork.origin, head) != merging.patch_id(place, fork.origin, other)


def test_no_change_has_no_id(repository: Repository, mirror: Mirror) -> None:
    sha = repository.commit({"a": "1"})
    assert merging.patch_id(mirror(), sha, git.tree(mirror(), sha)) == ""


def test_a_patch_of_what_is_not_there_is_an_error(repository: Repository, mirror: Mirror) -> None:
    sha = repository.commit({"a": "1"})
    with pytest.raises(ToolError, match="diff-tree"):
        merging.patch_id(mirror(), sha, "f" * 40)


def test_authors_are_those_of_the_branch_and_their_co_authors(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"a": "1"}, message="Not of the branch")
    message = "Work\n\nCo-authored-by: Ada <ada@example.test>\nCo-authored-by: no address\n"
    repository.commit({"a": "2"}, message=message)
    repository.git("commit", "--quiet", "--allow-empty", "--message=x", "--author=X <DEV@example.test>")
    repository.git("commit", "--quiet", "--allow-empty", "--message=x", "--author=Bob, --all <bob@x.test>")
    told = merging.authors(mirror(), base, repository.head())
    assert told.commits == 3
    assert {each.email.lower(): each.name for each in told.people} == {
        "bob@x.test": "Bob, --all",
        "dev@example.test": "X",
        "ada@example.test": "Ada",
    }


def test_a_branch_without_commits_of_its_own_has_no_authors(repository: Repository, mirror: Mirror) -> None:
    sha = repository.commit({"a": "1"})
    assert merging.authors(mirror(), sha, sha) == merging.Authors(0, ())


def test_only_so_many_authors_are_told(
    repository: Repository, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.commit({"a": "1"})
    trailers = "\n".join(f"Co-authored-by: P{number} <p{number}@x.test>" for number in range(9))
    head = repository.commit({"a": "2"}, message=f"Work\n\n{trailers}")
    monkeypatch.setattr(merging, "MAX_PEOPLE", 4)
    people = merging.authors(mirror(), base, head).people
    assert people[:2] == (Author("Dev", "dev@example.test"), Author("P0", "p0@x.test")) and len(people) == 4
