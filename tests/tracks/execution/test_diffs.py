"""What lies between commits, from real repositories, however odd what they hold."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.repositories import Repository
from tracks.errors import InvalidInput, ToolError
from tracks.execution.diffs import ChangedFile, changed_files, read_files

NONE = "0" * 40
LONG = "".join(f"line {number}\n" for number in range(20))
ODD = [
    "--output=x",
    "has space.py",
    "quo\"te'.py",
    "tab\t.py",
    "ümläut.py",
    "new\nline.py",
    "a blob 5",
    ":(top)x",
]

Mirror = Callable[[], Path]


def test_each_kind_of_change_is_told_by_path(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"gone": "gone", "changed": "1", "old.py": LONG, "kind": "target", "same": "1"})
    repository.git("rm", "-q", "gone")
    repository.git("mv", "old.py", "new.py")
    (repository.path / "kind").unlink()
    (repository.path / "kind").symlink_to("same")
    head = repository.commit({"changed": "2", "new.py": LONG + "more\n", "added": "1"})
    changed = changed_files(mirror(), base, head)
    assert changed.total == 5
    assert changed.files == (
        ChangedFile("A", "added", "added"),
        ChangedFile("M", "changed", "changed"),
        ChangedFile("D", "gone", "gone"),
        ChangedFile("T", "kind", "kind"),
        ChangedFile("R", "new.py", "old.py"),
    )


@pytest.mark.parametrize("name", ODD)
def test_any_name_that_git_can_hold_is_only_a_name(repository: Repository, mirror: Mirror, name: str) -> None:
    base = repository.commit({"first": "1"})
    head = repository.commit({name: "text"})
    assert changed_files(mirror(), base, head).files == (ChangedFile("A", name, name),)
    texts = read_files(mirror(), [base, head], [name, "first"]).texts
    assert texts[base] == {"first": "1"}
    asked = (
        {} if "\n" in name else {name: "text"}
    )  # git reads one name a line: of such a file nothing is known
    assert texts[head] == {"first": "1"} | asked


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "./first", "", "first/", "folder", "no such"])
def test_what_is_no_file_of_the_commit_is_not_there(
    repository: Repository, mirror: Mirror, path: str
) -> None:
    head = repository.commit({"first": "1", "folder/second": "2"})
    read = read_files(mirror(), [head], [path, "first"])
    assert read.texts == {head: {"first": "1"}}
    assert read.left_out == {head: frozenset()}


def test_a_name_that_is_no_text_breaks_nothing(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"first": "1"})
    Path(os.fsdecode(os.fsencode(repository.path) + b"/test_\xff.py")).write_text("")
    head = repository.commit()
    (changed,) = changed_files(mirror(), base, head).files
    assert changed.path == "test_\ufffd.py"
    assert read_files(mirror(), [head], [changed.path]).texts == {head: {}}


def test_a_link_is_what_it_leads_to_in_the_commit_and_nothing_outside(
    repository: Repository, mirror: Mirror
) -> None:
    targets = {
        "inside": "sub/real",
        "outside": "/etc/passwd",
        "above": "../../secret",
        "nowhere": "none\nblob 5",
        "loop": "loop",
        "through": "sub/real/x",
    }
    repository.commit({"sub/real": "text", "last": "end"})
    for name, target in targets.items():
        (repository.path / name).symlink_to(target)
    head = repository.commit()
    read = read_files(mirror(), [head], [*targets, "last"])
    assert read.texts == {head: {"inside": "text", "last": "end"}}


def test_a_submodule_is_a_change_and_no_file(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"first": "1"})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{base},module")
    repository.git("commit", "--quiet", "--message", "module")
    head = repository.head()
    assert changed_files(mirror(), base, head).files == (ChangedFile("A", "module", "module"),)
    assert read_files(mirror(), [head], ["module", "first"]).texts == {head: {"first": "1"}}


def test_a_file_that_is_no_text_is_read_as_far_as_it_is_one(repository: Repository, mirror: Mirror) -> None:
    repository.commit()
    (repository.path / "binary.py").write_bytes(b"a\0\xff\nb")
    head = repository.commit()
    assert read_files(mirror(), [head], ["binary.py"]).texts == {head: {"binary.py": "a\0\ufffd\nb"}}


def test_of_too_many_changes_the_first_are_told_and_how_many_there_are(
    repository: Repository, mirror: Mirror
) -> None:
    base = repository.commit({"first": "1"})
    head = repository.commit({f"file{number}": str(number) for number in range(5)})
    changed = changed_files(mirror(), base, head, limit=2)
    assert ([each.path for each in changed.files], changed.total) == (["file0", "file1"], 5)


def test_a_file_that_is_too_large_is_left_out_and_told(repository: Repository, mirror: Mirror) -> None:
    head = repository.commit({"large": "x" * 101, "small": "x" * 100})
    read = read_files(mirror(), [head], ["large", "small", "absent"], file_bytes=100)
    assert list(read.texts[head]) == ["small"]
    assert read.left_out == {head: {"large"}}


def test_all_together_are_bounded_and_what_commits_share_counts_once(
    repository: Repository, mirror: Mirror
) -> None:
    base = repository.commit({"a": "x" * 60, "b": "y" * 60, "c": "z" * 30})
    head = repository.commit({"d": "1"})
    read = read_files(mirror(), [base, head], ["a", "b", "c"], total_bytes=100)
    assert {sha: list(texts) for sha, texts in read.texts.items()} == {base: ["a", "c"], head: ["a", "c"]}
    assert read.left_out == {base: {"b"}, head: {"b"}}


@pytest.mark.parametrize("sha", ["HEAD", "--output=x", "abc", ""])
def test_only_a_whole_sha_reaches_git(repository: Repository, mirror: Mirror, sha: str) -> None:
    head = repository.commit({"first": "1"})
    with pytest.raises(InvalidInput):
        changed_files(mirror(), head, sha)
    with pytest.raises(InvalidInput):
        read_files(mirror(), [sha], ["first"])


def test_a_commit_that_the_mirror_lacks_is_an_error_of_ours(repository: Repository, mirror: Mirror) -> None:
    head = repository.commit({"first": "1"})
    with pytest.raises(ToolError):
        changed_files(mirror(), head, NONE)
