"""What lies between two commits is read by real git, whatever a branch is called, holds or has rewritten."""

from pathlib import Path

import pytest

from tests.tracks.execution.repositories import Repository
from tracks.errors import InvalidInput, ToolError
from tracks.execution import changesets
from tracks.execution.changesets import FileChange, changeset

LINES = "".join(f"line {number}\n" for number in range(30))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repository")
    repository.commit({"a.py": "one\ntwo\n", "moved.py": LINES, "gone.py": "1\n2\n"})
    return repository


def read(repository: Repository, base: str, head: str = "", *, with_patches: bool = True):
    return changeset(repository.path / ".git", base, head or repository.head(), with_patches=with_patches)


def test_commits_files_and_patches_are_told_newest_first(repository):
    base = repository.head()
    first = repository.commit({"a.py": "one\n2\n"}, message="Mend two")
    second = repository.commit({"b.py": "new\n"}, message="Add b\n\nBecause.")
    found = read(repository, base)
    assert [(each.sha, each.author, each.subject) for each in found.commits] == [
        (second, "Dev", "Add b"),
        (first, "Dev", "Mend two"),
    ]
    assert found.files == (FileChange("a.py", 1, 1), FileChange("b.py", 1, 0))
    assert (found.total, found.added, found.removed, found.bounds) == (2, 2, 1, ())
    assert [(each.sha, each.path, each.text) for each in found.patches] == [
        (second, "b.py", "@@ -0,0 +1 @@\n+new"),
        (first, "a.py", "@@ -1,2 +1,2 @@\n one\n-two\n+2"),
    ]


def test_patches_are_read_only_where_they_are_asked_for(repository):
    base = repository.head()
    repository.commit({"a.py": "2\n"})
    assert read(repository, base, with_patches=False).patches == ()


def test_a_moved_a_deleted_and_a_binary_file_are_told_as_such(repository):
    base = repository.head()
    repository.git("mv", "moved.py", "there.py")
    repository.git("rm", "--quiet", "gone.py")
    (repository.path / "there.py").write_text(LINES + "more\n")
    (repository.path / "logo.png").write_bytes(b"\x00\x01" * 50)
    repository.commit()
    found = read(repository, base)
    assert found.files == (
        FileChange("gone.py", 0, 2),
        FileChange("logo.png", 0, 0),
        FileChange("there.py", 1, 0),
    )
    texts = {each.path: each.text for each in found.patches}
    assert texts.keys() == {"gone.py", "there.py"}
    assert texts["there.py"].endswith("+more") and texts["gone.py"] == "@@ -1,2 +0,0 @@\n-1\n-2"


def test_of_a_branch_that_was_rewritten_its_own_commits_and_all_that_differs_are_told(repository):
    root = repository.head()
    before = repository.commit({"a.py": "first try\n"})
    repository.git("reset", "--quiet", "--hard", root)
    after = repository.commit({"b.py": "second try\n"})
    found = read(repository, before, after)
    assert [each.sha for each in found.commits] == [after]
    assert found.files == (FileChange("a.py", 2, 1), FileChange("b.py", 1, 0))
    assert [each.path for each in found.patches] == ["b.py"]


def test_hostile_names_and_contents_are_told_as_they_are(repository):
    base = repository.head()
    names = ("--output=x", "a\nb.py", "c\td.py", 'quo"te.py', "\u202egnp.exe", ":(glob)*")
    fake = "diff --git a/x b/x\nindex " + "0" * 40 + ".." + "1" * 40 + "\n@@ -1 +1 @@\n" + "a" * 40 + "\n"
    head = repository.commit(dict.fromkeys(names, fake), message="\x1e--all\x1b[31m")
    found = read(repository, base)
    assert [each.path for each in found.files] == sorted(names)
    assert {each.path for each in found.patches} == set(names)
    assert {each.text for each in found.patches} == {
        "@@ -0,0 +1,4 @@\n" + "\n".join(f"+{line}" for line in fake.splitlines())
    }
    assert {each.sha for each in found.patches} == {head}


def test_no_program_that_a_branch_names_is_run(repository, tmp_path):
    base = repository.head()
    ran = tmp_path / "ran"
    repository.git("config", "diff.evil.command", f"touch {ran}")
    repository.git("config", "diff.evil.textconv", f"touch {ran}")
    repository.commit({".gitattributes": "*.py diff=evil\n", "a.py": "2\n"})
    assert len(read(repository, base).patches) == 2 and not ran.exists()


def test_what_is_too_much_is_cut_and_said(repository, monkeypatch):
    base = repository.head()
    for number in range(3):
        repository.commit({f"{number}/{each}.py": "x" * 90 + "\n" for each in range(3)})
    for name, bound in (("MAX_COMMITS", 2), ("MAX_FILES", 4), ("MAX_PATCHES", 5), ("PATCH_CHARACTERS", 20)):
        monkeypatch.setattr(changesets, name, bound)
    found = read(repository, base)
    assert (len(found.commits), len(found.files), found.total, found.added) == (2, 4, 9, 9)
    assert len(found.patches) == 5 and all(each.is_cut and len(each.text) == 20 for each in found.patches)
    assert found.bounds == (changesets.COMMITS_CUT, changesets.FILES_CUT, changesets.PATCHES_CUT)


def test_a_commit_of_very_large_files_is_told_without_its_changes(repository, monkeypatch):
    base = repository.head()
    repository.commit({"large.txt": LINES * 10})
    small = repository.commit({"a.py": "2\n"})
    monkeypatch.setattr(changesets, "TOTAL_BYTES", 1000)
    found = read(repository, base)
    assert [each.sha for each in found.patches] == [small]
    assert found.bounds == (changesets.TOO_LARGE,) and found.added == 301


def test_patches_end_where_all_of_them_are_long_enough(repository, monkeypatch):
    base = repository.head()
    repository.commit({f"{each}.py": "x" * 90 + "\n" for each in range(3)})
    monkeypatch.setattr(changesets, "ALL_CHARACTERS", 250)
    found = read(repository, base)
    assert len(found.patches) == 2 and found.bounds == (changesets.PATCHES_CUT,)


def test_what_is_no_commit_is_refused(repository):
    with pytest.raises(ToolError):
        read(repository, "f" * 40)
    with pytest.raises(InvalidInput):
        read(repository, "--all")
