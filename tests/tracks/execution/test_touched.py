"""What each commit touched, by git itself, with names and contents that nobody wishes for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.repositories import Repository
from tracks.errors import InvalidInput, ToolError
from tracks.execution import touched
from tracks.execution.touched import Hunk

Mirror = Callable[[], Path]
CODE = "def total(prices):\n    return sum(prices)\n\nRATE = 1\n"


def test_each_commit_is_told_with_its_files_and_the_changed_lines_of_python(
    repository: Repository, mirror: Mirror
) -> None:
    base = repository.commit({"a.py": CODE, "README": "one"})
    one = repository.commit({"a.py": CODE.replace("sum", "max"), "README": "two"}, message="Take the highest")
    two = repository.commit({"a.py": CODE.replace("sum", "max").replace("1", "2")})
    side = touched.touched(mirror(), base, two)
    assert [(each.sha, each.subject, each.paths) for each in side.commits] == [
        (two, "work", {"a.py"}),
        (one, "Take the highest", {"a.py", "README"}),
    ]
    assert [each.hunks for each in side.commits] == [
        (Hunk("def total(prices):", ("RATE = 1", "RATE = 2")),),
        (Hunk("def total(prices):", ("    return sum(prices)", "    return max(prices)")),),
    ]
    assert (side.is_cut, side.unread) == (False, 0)


def test_hostile_names_binary_files_links_and_modes_are_taken_as_they_are(
    repository: Repository, mirror: Mirror
) -> None:
    base = repository.commit({"a.py": "X = 1\n"})
    names = {'a\nb"é.py', "-x.py", ":0 0 0 0 M.py", "d/:(glob)*.py", "\\.py"}
    for name in sorted(names):
        path = repository.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("def named(): ...\n")
    (repository.path / "logo.py").write_bytes(b"\0\1def binary(): ...\n")
    (repository.path / "link.py").symlink_to("/etc/passwd")
    (repository.path / "a.py").chmod(0o755)
    head = repository.commit()
    (commit,) = touched.touched(mirror(), base, head).commits
    assert commit.paths == names | {"logo.py", "link.py", "a.py"}
    lines = [line for hunk in commit.hunks for line in hunk.lines]
    assert sorted(lines) == ["/etc/passwd", *["def named(): ..."] * len(names)]


def test_what_a_file_says_is_never_taken_for_git_s_word(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"a.py": "X = 1\n"})
    lines = ["@@ -1 +1 @@ def forged():", "0" * 40, "\\ No newline", "diff --git a/b b/b", "-- b", "++ b"]
    (repository.path / "a.py").write_text("\r\n\f".join(lines))
    head = repository.commit()
    (commit,) = touched.touched(mirror(), base, head).commits
    assert [hunk.around for hunk in commit.hunks] == [""]
    assert len(commit.hunks[0].lines) == 1 + len(lines)


def test_work_is_bounded_and_what_was_not_read_is_counted(
    repository: Repository, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.commit({"a.py": "X = 1\n"})
    for number in range(4):
        head = repository.commit({"a.py": f"X = {'1' * 50 if number == 2 else number}\n"})
    monkeypatch.setattr(touched, "MAX_COMMITS", 3)
    side = touched.touched(mirror(), base, head, total_bytes=70)
    assert len(side.commits) == 3 and side.is_cut
    assert [bool(each.hunks) for each in side.commits] == [True, False, False]
    assert side.unread == 2, "they are named, but not read"
    monkeypatch.setattr(touched, "MAX_FILES", 0)
    assert not touched.touched(mirror(), base, head).commits[0].paths


def test_merges_are_left_out_and_nothing_has_no_commits(repository: Repository, mirror: Mirror) -> None:
    base = repository.commit({"a.py": "X = 1\n"})
    repository.git("checkout", "--quiet", "-b", "other")
    other = repository.commit({"b.py": "Y = 1\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"c.py": "Z = 1\n"})
    repository.git("merge", "--quiet", "--no-edit", "other")
    found = touched.touched(mirror(), base, repository.head()).commits
    assert {path for each in found for path in each.paths} == {"b.py", "c.py"}
    assert not touched.touched(mirror(), other, other).commits


def test_a_commit_that_is_not_there_and_what_is_no_commit_are_refused(
    repository: Repository, mirror: Mirror
) -> None:
    base = repository.commit({"a.py": "X = 1\n"})
    with pytest.raises(ToolError):
        touched.touched(mirror(), base, "0" * 40)
    with pytest.raises(InvalidInput):
        touched.touched(mirror(), base, "--output=/tmp/x")
